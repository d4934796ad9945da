"""Loads of real data."""
