"""The warehouse that a line of an order names: by name or code, and what is there."""

from collections.abc import Sequence

from hengcang.kernel.actor import Actor
from hengcang.ledger.queries import Stocked, stocked
from hengcang.places.queries import active_warehouses
from hengcang.web.documents.rows import Row
from hengcang.web.reading import id_of


def named(actor: Actor, rows: Sequence[Row]) -> dict[str, int]:
    """Ids of the warehouses in use and in scope, by name and by code; nothing where no row asks."""
    if not any(row.get("place") for row in rows):
        return {}
    found: dict[str, int] = {}
    for place in active_warehouses(actor):
        found |= {place.code: place.pk, place.code.lower(): place.pk}
    found |= {place.name: place.pk for place in active_warehouses(actor)}
    return found


def stock_there(actor: Actor, rows: Sequence[Row]) -> dict[str, dict[int, Stocked]]:
    """What the warehouses that rows name have of the items of those rows, by what was typed."""
    ids = named(actor, rows)
    items: dict[str, set[int]] = {}
    for row in rows:
        typed, item = row.get("place", ""), id_of(row["item"])
        if typed in ids and item:
            items.setdefault(typed, set()).add(item)
    return {typed: stocked(actor, ids[typed], sorted(of)) for typed, of in items.items()}
