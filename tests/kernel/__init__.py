"""Tests of the plain core."""
