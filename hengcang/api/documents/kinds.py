"""Which action does what, for each kind of document: the explicit table, and nothing else."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from hengcang.assembly.actions import assemblies, disassemblies
from hengcang.documents.drafts import Target
from hengcang.kernel.actor import Actor
from hengcang.ledger.impact import Impact
from hengcang.purchasing.actions import (
    arrivals,
    inspections,
    requisitions,
    rfqs,
    supplier_quotes,
)
from hengcang.purchasing.actions import orders as purchase_orders
from hengcang.purchasing.actions import receipts as purchase_receipts
from hengcang.purchasing.actions import returns as purchase_returns
from hengcang.sales.actions import deliveries, exchanges, orders, quotes, returns
from hengcang.stock.actions import (
    bin_moves,
    other_issues,
    other_receipts,
    overages,
    scraps,
    shop_requests,
    status_changes,
    transfer_receipts,
    transfers,
)

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
    "sales_exchange": Acts(
        save=exchanges.save_exchange,
        change=exchanges.change_exchange,
        then="post",
        steps={"post": exchanges.post_exchange, "void": exchanges.void_exchange},
        undo=exchanges.reverse_exchange,
        looks={
            "post": exchanges.preview_exchange,
            "reverse": exchanges.preview_exchange_reversal,
        },
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
    "arrival_notice": Acts(
        save=arrivals.save_notice,
        change=arrivals.change_notice,
        then="approve",
        steps=_order_verbs(arrivals.step_notice),
        follow=Follow("receipts", "purchase_receipt", arrivals.receive_notice),
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
    "quality_inspection": Acts(
        save=inspections.save_inspection,
        change=inspections.change_inspection,
        then="post",
        steps={"post": inspections.post_inspection, "void": inspections.void_inspection},
        undo=inspections.reverse_inspection,
        looks={
            "post": inspections.preview_inspection,
            "reverse": inspections.preview_inspection_reversal,
        },
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
    "scrap": Acts(
        save=scraps.save_scrap,
        change=scraps.change_scrap,
        then="post",
        steps={"post": scraps.post_scrap, "void": scraps.void_scrap},
        undo=scraps.reverse_scrap,
        looks={"post": scraps.preview_scrap, "reverse": scraps.preview_scrap_reversal},
    ),
    "overage": Acts(
        save=overages.save_overage,
        change=overages.change_overage,
        then="post",
        steps={"post": overages.post_overage, "void": overages.void_overage},
        undo=overages.reverse_overage,
        looks={"post": overages.preview_overage, "reverse": overages.preview_overage_reversal},
        came_in=-1,
    ),
    "status_change": Acts(
        save=status_changes.save_status_change,
        change=status_changes.change_status_change,
        then="post",
        steps={
            "post": status_changes.post_status_change,
            "void": status_changes.void_status_change,
        },
        undo=status_changes.reverse_status_change,
        looks={
            "post": status_changes.preview_status_change,
            "reverse": status_changes.preview_status_change_reversal,
        },
    ),
    "bin_move": Acts(
        save=bin_moves.save_bin_move,
        change=bin_moves.change_bin_move,
        then="post",
        steps={"post": bin_moves.post_bin_move, "void": bin_moves.void_bin_move},
        undo=bin_moves.reverse_bin_move,
        looks={
            "post": bin_moves.preview_bin_move,
            "reverse": bin_moves.preview_bin_move_reversal,
        },
    ),
    "assembly": Acts(
        save=assemblies.save_assembly,
        change=assemblies.change_assembly,
        then="post",
        steps={"post": assemblies.post_assembly, "void": assemblies.void_assembly},
        undo=assemblies.reverse_assembly,
        looks={
            "post": assemblies.preview_assembly,
            "reverse": assemblies.preview_assembly_reversal,
        },
    ),
    "disassembly": Acts(
        save=disassemblies.save_disassembly,
        change=disassemblies.change_disassembly,
        then="post",
        steps={"post": disassemblies.post_disassembly, "void": disassemblies.void_disassembly},
        undo=disassemblies.reverse_disassembly,
        looks={
            "post": disassemblies.preview_disassembly,
            "reverse": disassemblies.preview_disassembly_reversal,
        },
        came_in=-1,
    ),
    "shop_request": Acts(
        save=shop_requests.save_shop_request,
        change=shop_requests.change_shop_request,
        then="approve",
        steps=_order_verbs(shop_requests.step_shop_request),
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
