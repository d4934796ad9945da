"""Prices above the last ones, goods that do not come, spans of reports. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from math import floor

CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Deal:
    """What a line costs: a price as typed for `in_unit` units, which are `quantity` base units."""

    price: Decimal
    discount_rate: Decimal
    tax_rate: Decimal
    includes_tax: bool
    in_unit: Decimal
    quantity: Decimal

    @property
    def net(self) -> Fraction:
        """Per base unit, after discount, without tax; exact."""
        net = Fraction(self.price) * Fraction(self.in_unit) / Fraction(self.quantity)
        net *= Fraction(self.discount_rate) / 100
        return net / (1 + Fraction(self.tax_rate) / 100) if self.includes_tax else net


def percent_above(net: Fraction, last: Fraction, limit: Decimal) -> Decimal | None:
    """By how many percent the price is above the last one, 2 dp, when that is more than `limit`.

    Compared exactly: what shows as 10.00 % may be a little more than 10 %.
    """
    if last <= 0 or net * 100 <= last * (100 + Fraction(limit)):
        return None
    return rounded(net * 100 / last - 100, CENT)


def rounded(exact: Fraction, grain: Decimal) -> Decimal:
    """HALF_UP to the grain."""
    steps = floor(abs(exact) / Fraction(grain) + Fraction(1, 2))
    return steps * grain if exact >= 0 else -steps * grain


class Stage(StrEnum):
    """How pressing an order line is that has not come."""

    SOON = "soon"
    LATE = "late"
    ESCALATED = "escalated"


STAGE_LABELS = {Stage.SOON: "将到期", Stage.LATE: "逾期", Stage.ESCALATED: "已升级"}


@dataclass(frozen=True, slots=True)
class Patience:
    """From how many days before its due date a line is spoken of, and how many days after it the
    lead is told; None: never.
    """

    before: int | None
    after: int | None

    def stage(self, due: date, on: date) -> Stage | None:
        """Where a line that is due then stands on a day; None: nothing is to be said yet."""
        late = (on - due).days
        if self.before is None and self.after is None:
            return None
        if late > 0 and self.after is not None and late >= self.after:
            return Stage.ESCALATED
        if late > 0:
            return Stage.LATE
        return Stage.SOON if self.before is not None and -late <= self.before else None


EVERY = {"": "不自动生成", "week": "每周", "month": "每月"}
"""How often the purchase report is made."""


def last_span(every: str, on: date) -> tuple[date, date] | None:
    """The last whole week (Monday to Sunday) or month before a day; None for never."""
    if every == "week":
        monday = on - timedelta(days=on.weekday())
        return monday - timedelta(days=7), monday - timedelta(days=1)
    if every == "month":
        last = on.replace(day=1) - timedelta(days=1)
        return last.replace(day=1), last
    return None
