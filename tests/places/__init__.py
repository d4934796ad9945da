"""Tests of warehouses."""
