"""Tests of customers and suppliers."""
