"""Short words for tests about counts."""

from decimal import Decimal
from typing import Any
from uuid import uuid4

from hengcang.kernel.actor import SYSTEM
from hengcang.register.counting import post_stock_count
from hengcang.sales.actions import deliveries
from hengcang.stock.actions import counts, other_receipts, tallies
from hengcang.stock.count_drafts import CountDraft, CountEntry, Explanation, Mode
from hengcang.stock.models import StockCount
from tests.worlds import TODAY, World, draft, line, target


def received(made: World, quantity: str, n: int = 0, dated: Any = TODAY, cost: str = "10") -> Any:
    found = draft(
        made.warehouses[0],
        [line(made.items[n], quantity, unit_cost=Decimal(cost))],
        dated,
        reason="期初",
    )
    receipt = other_receipts.save_other_receipt(found, actor=SYSTEM)
    return other_receipts.post_other_receipt(target(receipt), actor=SYSTEM)


def delivered(made: World, quantity: str, n: int = 0, dated: Any = TODAY) -> Any:
    sold = draft(
        made.warehouses[0], [line(made.items[n], quantity, "20")], dated, partner=made.customer
    )
    delivery = deliveries.save_delivery(sold, actor=SYSTEM)
    return deliveries.post_delivery(target(delivery), actor=SYSTEM)


def started(made: World, **more: Any) -> StockCount:
    planned = CountDraft(uuid4(), TODAY, made.warehouses[0].pk, **more)
    count = counts.save_stock_count(planned, actor=SYSTEM)
    return counts.start_stock_count(target(count), actor=SYSTEM)


def record(
    count: StockCount,
    made: World,
    quantity: str,
    n: int = 0,
    zone: str = "",
    mode: Mode = Mode.SET,
    actor: Any = SYSTEM,
) -> None:
    entry = CountEntry(made.items[n].pk, Decimal(quantity), zone=zone)
    tallies.record_counts(count.pk, [entry], mode, uuid4(), actor=actor)


def said(count: StockCount, item: Any, **more: Any) -> StockCount:
    count.refresh_from_db()
    why = Explanation(item.pk, cause="丢失", responsible="李仓管", **more)
    return counts.explain_stock_count(target(count), [why], actor=SYSTEM)


def submitted(count: StockCount) -> StockCount:
    count.refresh_from_db()
    return counts.submit_stock_count(target(count), actor=SYSTEM)


def posted(count: StockCount) -> StockCount:
    count.refresh_from_db()
    if count.status == "counting":
        submitted(count)
    count.refresh_from_db()
    return post_stock_count(target(count), actor=SYSTEM)
