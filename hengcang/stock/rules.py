"""Decisions about counts. Pure."""

from decimal import Decimal

ZERO = Decimal(0)


def needs_cause(
    difference: Decimal,
    value: Decimal | None,
    above_quantity: Decimal | None,
    above_value: Decimal | None,
) -> bool:
    """Whether somebody must say why: the difference reaches one of the book's thresholds.

    Base units and money in absolute terms; None: no such threshold, or no value known.
    """
    if not difference:
        return False
    if above_quantity is not None and abs(difference) >= above_quantity:
        return True
    return above_value is not None and value is not None and abs(value) >= above_value
