"""Tests of items."""
