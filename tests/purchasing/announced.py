"""Arrival notices in one call each: as the system."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

from hengcang.documents.drafts import Draft
from hengcang.kernel.actor import SYSTEM
from hengcang.purchasing.actions import arrivals
from hengcang.purchasing.models import ArrivalNotice, PurchaseOrder, PurchaseReceipt
from tests.worlds import TODAY, World, draft, line, target


def notice_draft(
    made: World,
    *parts: tuple[PurchaseOrder, str],
    due: date = TODAY,
    place: int = 0,
    **which: Any,
) -> Draft:
    """What is announced of the first line of each order."""
    lines = []
    for order, quantity in parts:
        first = order.lines.order_by("position").first()
        assert first is not None
        lines.append(line(first.item, quantity, source_line_id=first.pk, **which))
    filled = draft(made.warehouses[place], lines, partner=made.supplier)
    return replace(filled, due_date=due, carrier="顺丰", tracking_no="SF1001")


def announced(
    made: World, *parts: tuple[PurchaseOrder, str], due: date = TODAY, **which: Any
) -> ArrivalNotice:
    """An approved notice."""
    saved = arrivals.save_notice(notice_draft(made, *parts, due=due, **which), actor=SYSTEM)
    return arrivals.step_notice(target(saved), "approve", actor=SYSTEM)


def came(notice: ArrivalNotice, quantity: str = "", on: date = TODAY) -> PurchaseReceipt:
    """So much of its first line is received by it; all that has not come unless told."""
    parts = {notice.lines.order_by("position")[0].pk: Decimal(quantity)} if quantity else {}
    return arrivals.receive_notice(notice.pk, parts, on=on, client_uuid=uuid4(), actor=SYSTEM)
