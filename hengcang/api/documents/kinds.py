"""Which action does what, for each kind of document: the explicit table, and nothing else."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from hengcang.documents.drafts import Target
from hengcang.kernel.actor import Actor
from hengcang.ledger.impact import Impact
from hengcang.purchasing.actions import orders as purchase_orders
from hengcang.purchasing.actions import receipts as purchase_receipts
from hengcang.purchasing.actions import requisitions, rfqs, supplier_quotes
from hengcang.purchasing.actions import returns as purchase_returns
from hengcang.sales.actions import deliveries, orders, quotes, returns
from hengcang.stock.actions import other_issues, other_receipts, transfer_receipts, transfers

Act = Callable[..., Any]
Look = Callable[..., Impact]
ORDER_VERBS = ("submit", "approve", "send_back", "take_back", "close", "void")
INQUIRY_VERBS = ("submit", "approve", "send_back", "take_back", "finish", "void")
QUOTE_VERBS = ("submit", "approve", "send_back", "take_back", "lapse", "void")


def _verb(step: Act, verb: str) -> Act:
    """One verb of an order as an action of its own."""

    def act(target: Target, *, actor: Actor, reason: str = "") -> Any:
        return step(target, verb, actor=actor, reason=reason)

    return act


def _order_verbs(step: Act, verbs: tuple[str, ...] = ORDER_VERBS) -> dict[str, Act]:
    return {verb: _verb(step, verb) for verb in verbs}


@dataclass(frozen=True, slots=True)
class Follow:
    """A document made and posted from another in one act: where, of which kind, by which action."""

    resource: str
    kind: str
    act: Act


@dataclass(frozen=True, slots=True)
class Acts:
    """What one kind of document can have done to it.

    `steps`: action(target, *, actor); those in WITH_REASON take reason= too. `undo`:
    action(target, undo, *, actor). `then`: the step that may follow a save at once. `came_in`:
    whether goods come in, so that its booked cost is told as a positive figure.
    """

    save: Act
    change: Act
    then: str
    steps: Mapping[str, Act]
    undo: Act | None = None
    looks: Mapping[str, Look] = field(default_factory=dict)
    follow: Follow | None = None
    came_in: int = 1


WITH_REASON = frozenset(ORDER_VERBS + INQUIRY_VERBS + QUOTE_VERBS)

ACTS: dict[str, Acts] = {
    "sales_quote": Acts(
        save=quotes.save_quote,
        change=quotes.change_quote,
        then="approve",
        steps=_order_verbs(quotes.step_quote, QUOTE_VERBS),
        follow=Follow("orders", "sales_order", orders.order_quote),
    ),
    "sales_order": Acts(
        save=orders.save_order,
        change=orders.change_order,
        then="approve",
        steps={**_order_verbs(orders.step_order), "reserve": orders.reserve_order},
        follow=Follow("deliveries", "sales_delivery", deliveries.deliver_order),
    ),
    "sales_delivery": Acts(
        save=deliveries.save_delivery,
        change=deliveries.change_delivery,
        then="post",
        steps={"post": deliveries.post_delivery, "void": deliveries.void_delivery},
        undo=deliveries.reverse_delivery,
        looks={
            "post": deliveries.preview_delivery,
            "reverse": deliveries.preview_delivery_reversal,
        },
        follow=Follow("returns", "sales_return", returns.return_delivery),
    ),
    "sales_return": Acts(
        save=returns.save_return,
        change=returns.change_return,
        then="post",
        steps={"post": returns.post_return, "void": returns.void_return},
        undo=returns.reverse_return,
        looks={"post": returns.preview_return, "reverse": returns.preview_return_reversal},
        came_in=-1,
    ),
    "purchase_requisition": Acts(
        save=requisitions.save_requisition,
        change=requisitions.change_requisition,
        then="approve",
        steps=_order_verbs(requisitions.step_requisition),
    ),
    "rfq": Acts(
        save=rfqs.save_rfq,
        change=rfqs.change_rfq,
        then="approve",
        steps=_order_verbs(rfqs.step_rfq, INQUIRY_VERBS),
    ),
    "supplier_quote": Acts(
        save=supplier_quotes.save_supplier_quote,
        change=supplier_quotes.change_supplier_quote,
        then="approve",
        steps=_order_verbs(supplier_quotes.step_supplier_quote, INQUIRY_VERBS),
    ),
    "purchase_order": Acts(
        save=purchase_orders.save_order,
        change=purchase_orders.change_order,
        then="approve",
        steps=_order_verbs(purchase_orders.step_order),
        follow=Follow("receipts", "purchase_receipt", purchase_receipts.receive_order),
    ),
    "purchase_receipt": Acts(
        save=purchase_receipts.save_receipt,
        change=purchase_receipts.change_receipt,
        then="post",
        steps={"post": purchase_receipts.post_receipt, "void": purchase_receipts.void_receipt},
        undo=purchase_receipts.reverse_receipt,
        looks={
            "post": purchase_receipts.preview_receipt,
            "reverse": purchase_receipts.preview_receipt_reversal,
        },
        follow=Follow("returns", "purchase_return", purchase_returns.return_receipt),
        came_in=-1,
    ),
    "purchase_return": Acts(
        save=purchase_returns.save_return,
        change=purchase_returns.change_return,
        then="post",
        steps={"post": purchase_returns.post_return, "void": purchase_returns.void_return},
        undo=purchase_returns.reverse_return,
        looks={
            "post": purchase_returns.preview_return,
            "reverse": purchase_returns.preview_return_reversal,
        },
    ),
    "other_receipt": Acts(
        save=other_receipts.save_other_receipt,
        change=other_receipts.change_other_receipt,
        then="post",
        steps={
            "post": other_receipts.post_other_receipt,
            "void": other_receipts.void_other_receipt,
        },
        undo=other_receipts.reverse_other_receipt,
        looks={
            "post": other_receipts.preview_other_receipt,
            "reverse": other_receipts.preview_other_receipt_reversal,
        },
        came_in=-1,
    ),
    "other_issue": Acts(
        save=other_issues.save_other_issue,
        change=other_issues.change_other_issue,
        then="post",
        steps={"post": other_issues.post_other_issue, "void": other_issues.void_other_issue},
        undo=other_issues.reverse_other_issue,
        looks={
            "post": other_issues.preview_other_issue,
            "reverse": other_issues.preview_other_issue_reversal,
        },
    ),
    "stock_transfer": Acts(
        save=transfers.save_transfer,
        change=transfers.change_transfer,
        then="ship",
        steps={
            "ship": transfers.ship_transfer,
            "move": transfers.move_transfer,
            "void": transfers.void_transfer,
        },
        undo=transfers.reverse_transfer,
        looks={
            "post": transfers.preview_transfer,
            "reverse": transfers.preview_transfer_reversal,
        },
        follow=Follow("receipts", "transfer_receipt", transfer_receipts.receive_transfer),
    ),
    "transfer_receipt": Acts(
        save=transfer_receipts.save_transfer_receipt,
        change=transfer_receipts.change_transfer_receipt,
        then="post",
        steps={
            "post": transfer_receipts.post_transfer_receipt,
            "void": transfer_receipts.void_transfer_receipt,
        },
        undo=transfer_receipts.reverse_transfer_receipt,
        looks={
            "post": transfer_receipts.preview_transfer_receipt,
            "reverse": transfer_receipts.preview_transfer_receipt_reversal,
        },
    ),
}
