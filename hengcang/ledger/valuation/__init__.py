"""What goods cost. Pure: plain integers in, plain integers out.

Quantities are micro-units (6 dp), values are cents: exact, and fast enough to replay a hundred
thousand movements inside one transaction.
"""
