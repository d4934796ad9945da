"""Exchanges in one call, for tests: some of a delivery comes back, something else goes out."""

from datetime import date
from typing import Any

from hengcang.documents.drafts import Draft, LineDraft
from hengcang.kernel.actor import SYSTEM, Actor
from hengcang.sales.actions import exchanges
from hengcang.sales.models import SalesDelivery, SalesExchange
from tests.worlds import TODAY, World, draft, line, target


def back(
    delivery: SalesDelivery, quantity: str, price: str | None = None, **more: Any
) -> LineDraft:
    """Of the delivery's only line."""
    origin = delivery.lines.get()
    more = {"source_line_id": origin.pk, "direction": "back", "stock_status": ""} | more
    return line(origin.item, quantity, price, **more)


def out(made: World, quantity: str, price: str | None = None, *, item: int = 1, **more: Any) -> Any:
    more = {"direction": "out", "stock_status": ""} | more
    return line(made.items[item], quantity, price, **more)


def filled(
    made: World, *lines: LineDraft, dated: date = TODAY, reason: str = "", place: int = 0
) -> Draft:
    return draft(made.warehouses[place], list(lines), dated, made.customer, reason=reason)


def saved(made: World, *lines: LineDraft, actor: Actor = SYSTEM, **more: Any) -> SalesExchange:
    return exchanges.save_exchange(filled(made, *lines, **more), actor=actor)


def exchanged(made: World, *lines: LineDraft, actor: Actor = SYSTEM, **more: Any) -> SalesExchange:
    made_draft = saved(made, *lines, actor=actor, **more)
    return exchanges.post_exchange(target(made_draft), actor=actor)
