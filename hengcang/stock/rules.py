"""Decisions about counts. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
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


def abc_classes(values: Mapping[int, Decimal], a_percent: int, b_percent: int) -> dict[int, str]:
    """A, B or C of each item by its share of the whole value, the largest first.

    An item is in A while the items before it make less than `a_percent` of the whole, in B while
    they make less than `b_percent`; what has no value is C. Ties go by item id.
    """
    whole = sum((v for v in values.values() if v > 0), Decimal(0))
    classes, before = {}, Decimal(0)
    for item in sorted(values, key=lambda i: (-values[i], i)):
        if values[item] <= 0:
            classes[item] = "C"
            continue
        share = before * 100
        classes[item] = (
            "A" if share < whole * a_percent else "B" if share < whole * b_percent else "C"
        )
        before += values[item]
    return classes


@dataclass(frozen=True, slots=True)
class Counting:
    """An item of a plan: its class and when it was last counted (None: never)."""

    item_id: int
    abc: str
    last: date | None

    def due(self, days: Mapping[str, int]) -> date | None:
        """The day it is to be counted; None when its class never is. Never counted: the first."""
        every = days[self.abc]
        if not every:
            return None
        return date.min if self.last is None else self.last + timedelta(days=every)


def due_items(items: list[Counting], days: Mapping[str, int], on: date, most: int) -> list[int]:
    """What is to be counted on that day, at most so many: by class, the longest overdue first."""
    due = [(one.abc, when, one.item_id) for one in items if (when := one.due(days)) and when <= on]
    return [item_id for _, _, item_id in sorted(due)[:most]]
