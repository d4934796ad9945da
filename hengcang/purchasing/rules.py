"""Which requisition lines an order line covers; which price a supplier asks. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal

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
