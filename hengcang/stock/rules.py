"""Decisions about counts. Pure."""

from decimal import Decimal
from typing import Protocol

from hengcang.kernel.rounding import to_cent


class Valued(Protocol):
    """A shelf that knows what its goods are worth."""

    def worth(self, quantity: Decimal) -> Decimal | None: ...


def worth(difference: Decimal, shelf: Valued | None, unit_cost: Decimal | None) -> Decimal | None:
    """What the difference is worth, 2 dp: at the average, else at the stated cost, else unknown."""
    value = shelf.worth(difference) if shelf is not None else None
    if value is None and unit_cost is not None:
        return to_cent(difference * unit_cost)
    return value


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
