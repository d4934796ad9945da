"""The actions of every kind of document, under the names the pages use for all of them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from hengcang.documents.drafts import Draft, Target
from hengcang.documents.flow import STATUS_LABELS, Status
from hengcang.documents.reversal import Undo
from hengcang.kernel.actor import Actor
from hengcang.kernel.errors import Refused
from hengcang.ledger.impact import Impact
from hengcang.purchasing import queries as purchases
from hengcang.purchasing.actions import orders as purchase_orders
from hengcang.purchasing.actions import receipts as purchase_receipts
from hengcang.register.counting import post_stock_count
from hengcang.register.kinds import Kind
from hengcang.sales import queries as sales
from hengcang.sales.actions import deliveries, orders, returns
from hengcang.stock.actions import counts, other_issues, other_receipts
from hengcang.stock.actions.count_posting import reverse_stock_count


@dataclass(frozen=True, slots=True)
class Press:
    """A verb pressed on a document as it was seen, with the reason given."""

    verb: str
    target: Target
    undo: Undo


Pressed = Callable[[Press, Actor], Any]
Preview = Callable[[int, date, Actor], Impact]
Follow = Callable[[Actor, int, date, UUID], Draft]


@dataclass(frozen=True, slots=True)
class Desk:
    """What can be done with documents of one kind.

    `press` does a verb of the flow and returns the document to show next; `follow` fills in a
    document from its source; `previews` tells what a verb would change of booked costs.
    """

    save: Callable[..., Any]
    change: Callable[..., Any]
    press: Pressed
    previews: dict[str, Preview]
    follow: Follow | None = None


def _steps(step_order: Callable[..., Any]) -> Pressed:
    return lambda press, actor: step_order(
        press.target, press.verb, actor=actor, reason=press.undo.reason
    )


def _posting(
    post: Callable[..., Any], reverse: Callable[..., Any], void: Callable[..., Any]
) -> Pressed:
    verbs: dict[str, Pressed] = {
        "post": lambda press, actor: post(press.target, actor=actor),
        "reverse": lambda press, actor: reverse(press.target, press.undo, actor=actor),
        "void": lambda press, actor: void(press.target, actor=actor, reason=press.undo.reason),
    }
    return lambda press, actor: verbs[press.verb](press, actor)


def _counting(press: Press, actor: Actor) -> Any:
    """A verb of a count that needs no more than the count. Raises Refused("not_found")."""
    if press.verb in COUNT_STEPS:
        return COUNT_STEPS[press.verb](press.target, actor=actor)
    if press.verb == "reverse":
        return reverse_stock_count(press.target, press.undo, actor=actor)
    if press.verb == "void":
        return counts.void_stock_count(press.target, actor=actor, reason=press.undo.reason)
    raise Refused("not_found", what="操作")


COUNT_STEPS: dict[str, Callable[..., Any]] = {
    "start": counts.start_stock_count,
    "submit": counts.submit_stock_count,
    "post": post_stock_count,
}


def _previews(post: Callable[..., Impact], reverse: Callable[..., Impact]) -> dict[str, Preview]:
    return {
        "post": lambda document_id, _, actor: post(document_id, actor=actor),
        "reverse": lambda document_id, on, actor: reverse(document_id, on=on, actor=actor),
    }


def _deliver(actor: Actor, order_id: int, on: date, intent: UUID) -> Draft:
    order = sales.order(actor, order_id)
    _refuse_unless(Status.APPROVED, order)
    return sales.delivery_draft(actor, order, {}, on=on, client_uuid=intent)


def _take_back(actor: Actor, delivery_id: int, on: date, intent: UUID) -> Draft:
    delivery = sales.delivery(actor, delivery_id)
    _refuse_unless(Status.POSTED, delivery)
    return sales.return_draft(actor, delivery, {}, on=on, client_uuid=intent)


def _receive(actor: Actor, order_id: int, on: date, intent: UUID) -> Draft:
    order = purchases.order(actor, order_id)
    _refuse_unless(Status.APPROVED, order)
    return purchases.receipt_draft(actor, order, {}, on=on, client_uuid=intent)


def _refuse_unless(status: Status, source: Any) -> None:
    if source.status != status:
        number, label = source.number or "草稿", STATUS_LABELS[Status(source.status)]
        raise Refused("source_not_open", number=number, status_label=label)


DESKS: dict[str, Desk] = {
    "sales_order": Desk(orders.save_order, orders.change_order, _steps(orders.step_order), {}),
    "sales_delivery": Desk(
        deliveries.save_delivery,
        deliveries.change_delivery,
        _posting(deliveries.post_delivery, deliveries.reverse_delivery, deliveries.void_delivery),
        _previews(deliveries.preview_delivery, deliveries.preview_delivery_reversal),
        _deliver,
    ),
    "sales_return": Desk(
        returns.save_return,
        returns.change_return,
        _posting(returns.post_return, returns.reverse_return, returns.void_return),
        _previews(returns.preview_return, returns.preview_return_reversal),
        _take_back,
    ),
    "purchase_order": Desk(
        purchase_orders.save_order,
        purchase_orders.change_order,
        _steps(purchase_orders.step_order),
        {},
    ),
    "purchase_receipt": Desk(
        purchase_receipts.save_receipt,
        purchase_receipts.change_receipt,
        _posting(
            purchase_receipts.post_receipt,
            purchase_receipts.reverse_receipt,
            purchase_receipts.void_receipt,
        ),
        _previews(purchase_receipts.preview_receipt, purchase_receipts.preview_receipt_reversal),
        _receive,
    ),
    "other_receipt": Desk(
        other_receipts.save_other_receipt,
        other_receipts.change_other_receipt,
        _posting(
            other_receipts.post_other_receipt,
            other_receipts.reverse_other_receipt,
            other_receipts.void_other_receipt,
        ),
        _previews(
            other_receipts.preview_other_receipt, other_receipts.preview_other_receipt_reversal
        ),
    ),
    "other_issue": Desk(
        other_issues.save_other_issue,
        other_issues.change_other_issue,
        _posting(
            other_issues.post_other_issue,
            other_issues.reverse_other_issue,
            other_issues.void_other_issue,
        ),
        _previews(other_issues.preview_other_issue, other_issues.preview_other_issue_reversal),
    ),
}

DESKS["stock_count"] = Desk(  # its own pages save it: a count is no sheet of lines to fill in
    counts.save_stock_count,
    counts.save_stock_count,
    _counting,
    {},
)


def desk_of(kind: Kind) -> Desk:
    return DESKS[kind.code]
