"""Decisions of purchasing. Pure."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from hengcang.kernel.rounding import ZERO


class ReceiveStatus(StrEnum):
    """How far a line of an order has come in."""

    NONE = "none"
    PARTIAL = "partial"
    DONE = "done"
    OVER = "over"


RECEIVE_LABELS = {
    ReceiveStatus.NONE: "未到",
    ReceiveStatus.PARTIAL: "部分",
    ReceiveStatus.DONE: "完成",
    ReceiveStatus.OVER: "超收",
}


def receive_status(ordered: Decimal, received: Decimal) -> ReceiveStatus:
    """Both in base units."""
    if received > ordered:
        return ReceiveStatus.OVER
    if received == ordered:
        return ReceiveStatus.DONE
    return ReceiveStatus.PARTIAL if received > ZERO else ReceiveStatus.NONE


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a supplier's score: 0 to 100, its weight in percent, and why."""

    name: str
    points: Decimal
    weight: int
    reason: str


@dataclass(frozen=True, slots=True)
class Score:
    """A supplier's score. Parts without anything to judge are left out."""

    parts: tuple[Part, ...]

    @property
    def points(self) -> Decimal | None:
        """0 to 100, 1 dp; None while there is nothing to judge."""
        weight = sum(part.weight for part in self.parts)
        if not weight:
            return None
        exact = sum((part.points * part.weight for part in self.parts), ZERO) / weight
        return exact.quantize(TENTH, ROUND_HALF_UP)

    @property
    def grade(self) -> str:
        """The credit grade these figures speak for."""
        if self.points is None:
            return ""
        return next((grade for grade, least in GRADES if self.points >= least), "D")


TENTH = Decimal("0.1")
FULL = Decimal(100)
GRADES = (("A", 90), ("B", 75), ("C", 60))


def score_of(judged: int, on_time: int, returned: Decimal | None, dearer: Decimal | None) -> Score:
    """From counts of lines, percent of the amount that went back, percent above the average.

    Punctuality weighs 40, quality 30 (each percent returned costs five points), price 30 (each
    percent above the average costs two).
    """
    parts = []
    if judged:
        share = Decimal(on_time) * 100 / judged
        why = f"应到 {judged} 行，准时到齐 {on_time} 行（{_shown(share)}%）"
        parts.append(Part("准时", share, 40, why))
    if returned is not None:
        why = f"退货占入库金额 {_shown(returned)}%"
        parts.append(Part("质量", max(ZERO, FULL - 5 * returned), 30, why))
    if dearer is not None:
        where = "高" if dearer >= 0 else "低"
        why = f"最近进价比全部供应商均价{where} {_shown(abs(dearer))}%"
        parts.append(Part("价格", max(ZERO, min(FULL, FULL - 2 * dearer)), 30, why))
    return Score(tuple(parts))


def _shown(percent: Decimal) -> str:
    return f"{percent.quantize(TENTH, ROUND_HALF_UP):f}"
