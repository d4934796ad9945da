"""What lies on the demo company's desks today, done by the same actions as the pages."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

from hengcang.documents.drafts import Draft, LineDraft, Target
from hengcang.documents.flow import Status
from hengcang.documents.reversal import Undo
from hengcang.kernel.actor import SYSTEM, Actor
from hengcang.purchasing import queries as purchases
from hengcang.purchasing.actions import orders as purchase_orders
from hengcang.sales import queries as sales
from hengcang.sales.actions import deliveries, orders
from hengcang.stock.actions import other_issues

NAMESPACE = UUID("0f3c9c1e-8a55-5d0b-9a3a-6b8c1f6f7a42")


def clear_up(today: date, staff: dict[str, Actor]) -> None:
    """Deliveries wait as drafts, one was undone, some goods were written off, orders were ended."""
    _draft_deliveries(today, staff["cangguan"])
    _undo_a_delivery(today, staff["caiwu"])
    _write_off(today, staff["cangguan"], staff["caiwu"])
    _end_orders(staff["caigou"], staff["xiaoshou"])


def intent(name: str) -> UUID:
    """The same intent for the same name: a demo is made the same way every time."""
    return uuid5(NAMESPACE, name)


def target_of(document: Any) -> Target:
    """The document as it stands."""
    return Target(document.pk, document.version)


def _draft_deliveries(today: date, keeper: Actor) -> None:
    held = sales.order_lines(SYSTEM).filter(qty_reserved__gt=0, document__dated__lte=today)
    ids = sorted(set(held.values_list("document_id", flat=True)))[-3:]
    for order_id in ids:
        order = sales.order(keeper, order_id)
        wanted = {line.pk: line.qty_reserved for line in held.filter(document_id=order_id)}
        draft = sales.delivery_draft(
            keeper, order, wanted, on=today, client_uuid=intent(f"draft:{order_id}")
        )
        deliveries.save_delivery(draft, actor=keeper)


def _undo_a_delivery(today: date, accountant: Actor) -> None:
    posted = sales.deliveries(accountant).filter(
        status=Status.POSTED, reversal_of=None, lines__qty_returned=0
    )
    delivery = posted.exclude(lines__qty_returned__gt=0).first()
    if delivery is not None:
        undo = Undo(intent("undo"), "客户拒收，改日重送", today)
        deliveries.reverse_delivery(target_of(delivery), undo, actor=accountant)


def _write_off(today: date, keeper: Actor, accountant: Actor) -> None:
    shelf = sales.delivery_lines(SYSTEM).filter(document__warehouse__code="HZ").order_by("-id")[:40]
    places = {line.item_id: line.document.warehouse_id for line in shelf}
    for at, (item_id, warehouse_id) in enumerate(list(places.items())[:2]):
        draft = Draft(
            client_uuid=intent(f"scrap:{at}"),
            dated=today,
            warehouse_id=warehouse_id,
            lines=(LineDraft(item_id, Decimal(1)),),
            reason="雨水浸湿报废" if at else "样品领用",
        )
        issue = other_issues.save_other_issue(draft, actor=keeper)
        if at == 0:
            other_issues.post_other_issue(target_of(issue), actor=accountant)


def _end_orders(buyer: Actor, seller: Actor) -> None:
    bought = purchases.orders(buyer).filter(status=Status.APPROVED).last()
    if bought is not None:
        purchase_orders.step_order(
            target_of(bought), "close", actor=buyer, reason="供应商停产，余量不再交"
        )
    sold = sales.orders(seller).filter(status=Status.APPROVED).last()
    if sold is not None:
        orders.step_order(target_of(sold), "close", actor=seller, reason="客户取消余量")
