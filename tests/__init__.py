"""Tests, in the same tree as hengcang/."""
