"""Adjustments in one call, for tests that need many: as the system."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from hengcang.kernel.actor import SYSTEM
from hengcang.ledger.models import Availability, StockBalance
from hengcang.stock.actions import overages, scraps, status_changes
from hengcang.stock.models import Overage, Scrap, StatusChange
from tests.worlds import TODAY, World, draft, line, target


def scrapped(made: World, quantity: str, dated: date = TODAY, **which: Any) -> Scrap:
    filled = draft(made.warehouses[0], [line(made.items[0], quantity, **which)], dated)
    saved = scraps.save_scrap(replace(filled, reason="破损"), actor=SYSTEM)
    return scraps.post_scrap(target(saved), actor=SYSTEM)


def found_more(
    made: World, quantity: str, unit_cost: str | None = None, dated: date = TODAY, **which: Any
) -> Overage:
    cost = None if unit_cost is None else Decimal(unit_cost)
    typed = line(made.items[0], quantity, unit_cost=cost, **which)
    filled = draft(made.warehouses[0], [typed], dated, reason="多发")
    saved = overages.save_overage(filled, actor=SYSTEM)
    return overages.post_overage(target(saved), actor=SYSTEM)


def changed(
    made: World,
    quantity: str,
    to_status: str,
    from_status: str = "good",
    dated: date = TODAY,
    **which: Any,
) -> StatusChange:
    typed = line(made.items[0], quantity, stock_status=from_status, to_status=to_status, **which)
    filled = draft(made.warehouses[0], [typed], dated, reason="客户投诉待查")
    saved = status_changes.save_status_change(filled, actor=SYSTEM)
    return status_changes.post_status_change(target(saved), actor=SYSTEM)


def by_status(made: World, place: int = 0) -> dict[str, Decimal]:
    """What of the first item lies in a place, by status; nothing where there is nothing."""
    found: dict[str, Decimal] = {}
    rows = StockBalance.objects.filter(warehouse=made.warehouses[place], item=made.items[0])
    for status, quantity in rows.exclude(quantity=0).values_list("status", "quantity"):
        found[status] = found.get(status, Decimal(0)) + quantity
    return found


def available(made: World, place: int = 0) -> tuple[Decimal, Decimal]:
    """On hand to be sold, and reserved."""
    row = Availability.objects.get(warehouse=made.warehouses[place], item=made.items[0])
    return row.on_hand, row.reserved
