"""Decisions of purchasing: covers of requisitions, suppliers' prices, what has come in. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from enum import StrEnum

from hengcang.kernel.rounding import ZERO


@dataclass(frozen=True, slots=True)
class Cover:
    """`quantity` base units of a requisition line, ordered by an order line."""

    order_line_id: int
    requisition_line_id: int
    quantity: Decimal


def fitted(covers: Iterable[Cover], capacity: Mapping[int, Decimal]) -> list[Cover]:
    """The covers that still fit into what their order lines hold, the first served first.

    What a cover loses is given back. `capacity` is in base units by order line.
    """
    left = dict(capacity)
    kept = []
    for cover in covers:
        taken = min(cover.quantity, left.get(cover.order_line_id, ZERO))
        if taken > 0:
            left[cover.order_line_id] -= taken
            kept.append(replace(cover, quantity=taken))
    return kept


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a rewritten order: what it can cover."""

    line_id: int
    item_id: int
    quantity: Decimal


def moved(
    covers: Iterable[Cover], items: Mapping[int, int], places: Iterable[Place]
) -> list[Cover]:
    """The covers of a rewritten order, each on a new line of its item while that has room.

    `items` tells the item of each requisition line.
    """
    by_item: dict[int, list[Place]] = defaultdict(list)
    for place in places:
        by_item[place.item_id].append(place)
    left = {place.line_id: place.quantity for found in by_item.values() for place in found}
    found: dict[tuple[int, int], Decimal] = defaultdict(lambda: ZERO)
    for cover in covers:
        wanted = cover.quantity
        for place in by_item[items[cover.requisition_line_id]]:
            taken = min(wanted, left[place.line_id])
            if taken > 0:
                found[place.line_id, cover.requisition_line_id] += taken
                left[place.line_id] -= taken
                wanted -= taken
    return [Cover(*pair, quantity) for pair, quantity in found.items()]


def covered(covers: Iterable[Cover]) -> dict[int, Decimal]:
    """Base units covered by requisition line."""
    sums: dict[int, Decimal] = defaultdict(lambda: ZERO)
    for cover in covers:
        sums[cover.requisition_line_id] += cover.quantity
    return dict(sums)


PRICE = Decimal("0.0001")
HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Terms:
    """One row of a supplier's price list; quantities in its own unit, of num/den base units."""

    item_uom_id: int
    num: int
    den: int
    min_quantity: Decimal
    price: Decimal
    includes_tax: bool
    moq: Decimal | None
    order_multiple: Decimal | None
    lead_time_days: int | None
    valid_from: date


def best_terms(rows: Iterable[Terms], quantity: Decimal, item_uom_id: int) -> Terms | None:
    """The row for `quantity` base units: of the unit asked for where there is one, the highest
    step reached, the newest of those. The rows are valid on the day.
    """
    reached = [row for row in rows if row.min_quantity * row.num <= quantity * row.den]
    return max(
        reached,
        key=lambda row: (
            row.item_uom_id == item_uom_id,
            row.min_quantity * row.num / row.den,
            row.valid_from,
        ),
        default=None,
    )


def fitting(quantity: Decimal, moq: Decimal | None, multiple: Decimal | None) -> Decimal:
    """The least quantity not below this one that the supplier takes; all in one unit."""
    wanted = max(quantity, moq or ZERO)
    if not multiple:
        return wanted
    return (wanted / multiple).to_integral_value(ROUND_CEILING) * multiple


@dataclass(frozen=True, slots=True)
class Priced:
    """A price per unit of num/den base units, with or without tax."""

    price: Decimal
    num: int
    den: int
    includes_tax: bool


def converted(known: Priced, num: int, den: int, rate: Decimal, *, includes_tax: bool) -> Decimal:
    """The price per unit of num/den base units, with or without tax of `rate` percent; 4 dp."""
    exact = known.price * known.den * num / (known.num * den)
    if includes_tax != known.includes_tax:
        gross = 1 + rate / HUNDRED
        exact = exact * gross if includes_tax else exact / gross
    return exact.quantize(PRICE, ROUND_HALF_UP)


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
