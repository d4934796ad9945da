"""Which requisition lines an order line covers, and how much of each. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

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
