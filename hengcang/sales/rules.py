"""Decisions of sales. Pure."""

from decimal import Decimal

from hengcang.kernel.rounding import ZERO


def consumed(delivered: Decimal, reserved: Decimal) -> Decimal:
    """How much of its own reservation a delivery of the line uses up, base units."""
    return max(ZERO, min(delivered, reserved))
