"""The actions of every kind of document, under the names the pages use for all of them."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from hengcang.assembly.actions import assemblies, disassemblies
from hengcang.documents.drafts import Draft, Target
from hengcang.documents.flow import ON_THE_WAY, STATUS_LABELS, Status
from hengcang.documents.reversal import Undo
from hengcang.kernel.actor import Actor
from hengcang.kernel.errors import Refused
from hengcang.ledger.impact import Impact
from hengcang.purchasing import arrivals as arrived
from hengcang.purchasing import awaiting, inquiries
from hengcang.purchasing import queries as purchases
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
from hengcang.register.counting import post_stock_count
from hengcang.register.kinds import Kind
from hengcang.sales import queries as sales
from hengcang.sales.actions import deliveries, exchanges, orders, quotes, returns
from hengcang.sales.exchange_queries import exchange_draft
from hengcang.stock import asking
from hengcang.stock import queries as stock
from hengcang.stock.actions import (
    bin_moves,
    counts,
    other_issues,
    other_receipts,
    overages,
    scraps,
    shop_requests,
    status_changes,
    transfer_receipts,
    transfers,
)
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
    """What can be done with documents of one kind. `follow_all`: as follow, from several sources.

    `press` does a verb of the flow and returns the document to show next; `follow` fills in a
    document from its source; `previews` tells what a verb would change of booked costs.
    """

    save: Callable[..., Any]
    change: Callable[..., Any]
    press: Pressed
    previews: dict[str, Preview]
    follow: Follow | None = None
    follow_all: Callable[[Actor, list[int], date, UUID], Draft] | None = None


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


def _order(actor: Actor, quote_id: int, on: date, intent: UUID) -> Draft:
    quote = sales.quote(actor, quote_id)
    _refuse_unless({Status.APPROVED}, quote)
    return sales.order_draft(actor, quote, {}, on=on, client_uuid=intent)


def _deliver(actor: Actor, order_id: int, on: date, intent: UUID) -> Draft:
    order = sales.order(actor, order_id)
    _refuse_unless({Status.APPROVED}, order)
    return sales.delivery_draft(actor, order, {}, on=on, client_uuid=intent)


def _take_back(actor: Actor, delivery_id: int, on: date, intent: UUID) -> Draft:
    delivery = sales.delivery(actor, delivery_id)
    _refuse_unless({Status.POSTED}, delivery)
    return sales.return_draft(actor, delivery, {}, on=on, client_uuid=intent)


def _exchange(actor: Actor, delivery_id: int, on: date, intent: UUID) -> Draft:
    delivery = sales.delivery(actor, delivery_id)
    _refuse_unless({Status.POSTED}, delivery)
    return exchange_draft(actor, delivery, {}, on=on, client_uuid=intent)


def _answer(actor: Actor, rfq_id: int, on: date, intent: UUID) -> Draft:
    asked = inquiries.rfq(actor, rfq_id)
    _refuse_unless({Status.APPROVED}, asked)
    return inquiries.quote_draft(actor, asked, on=on, client_uuid=intent)


def _receive(actor: Actor, order_id: int, on: date, intent: UUID) -> Draft:
    order = purchases.order(actor, order_id)
    _refuse_unless({Status.APPROVED, Status.CLOSED}, order)
    return purchases.receipt_draft(actor, order, {}, on=on, client_uuid=intent)


def _announce(actor: Actor, order_ids: list[int], on: date, intent: UUID) -> Draft:
    return arrived.notice_draft(actor, order_ids, on=on, client_uuid=intent)


def _send_back(actor: Actor, receipt_id: int, on: date, intent: UUID) -> Draft:
    receipt = purchases.receipt(actor, receipt_id)
    _refuse_unless({Status.POSTED}, receipt)
    return purchases.return_draft(actor, receipt, {}, on=on, client_uuid=intent)


def _inspect(actor: Actor, receipt_id: int, on: date, intent: UUID) -> Draft:
    receipt = purchases.receipt(actor, receipt_id)
    _refuse_unless({Status.POSTED}, receipt)
    return awaiting.inspection_draft(actor, receipt, on=on, client_uuid=intent)


def _supply(actor: Actor, request_id: int, on: date, intent: UUID) -> Draft:
    asked = asking.shop_request(actor, request_id)
    _refuse_unless({Status.APPROVED}, asked)
    return asking.transfer_draft(actor, asked, {}, on=on, client_uuid=intent)


def _unload(actor: Actor, transfer_id: int, on: date, intent: UUID) -> Draft:
    transfer = stock.transfer(actor, transfer_id)
    _refuse_unless(ON_THE_WAY, transfer)
    return stock.receipt_draft(actor, transfer, {}, on=on, client_uuid=intent)


def _transfer(press: Press, actor: Actor) -> Any:
    if press.verb == "move":
        return transfers.move_transfer(press.target, actor=actor)
    step = _posting(transfers.ship_transfer, transfers.reverse_transfer, transfers.void_transfer)
    return step(replace(press, verb=press.verb.replace("ship", "post")), actor)


def _refuse_unless(statuses: Collection[Status], source: Any) -> None:
    if source.status not in statuses:
        number, label = source.number or "草稿", STATUS_LABELS[Status(source.status)]
        raise Refused("source_not_open", number=number, status_label=label)


DESKS: dict[str, Desk] = {
    "sales_quote": Desk(quotes.save_quote, quotes.change_quote, _steps(quotes.step_quote), {}),
    "sales_order": Desk(
        orders.save_order, orders.change_order, _steps(orders.step_order), {}, _order
    ),
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
    "sales_exchange": Desk(
        exchanges.save_exchange,
        exchanges.change_exchange,
        _posting(exchanges.post_exchange, exchanges.reverse_exchange, exchanges.void_exchange),
        _previews(exchanges.preview_exchange, exchanges.preview_exchange_reversal),
        _exchange,
    ),
    "purchase_requisition": Desk(
        requisitions.save_requisition,
        requisitions.change_requisition,
        _steps(requisitions.step_requisition),
        {},
    ),
    "rfq": Desk(rfqs.save_rfq, rfqs.change_rfq, _steps(rfqs.step_rfq), {}),
    "supplier_quote": Desk(
        supplier_quotes.save_supplier_quote,
        supplier_quotes.change_supplier_quote,
        _steps(supplier_quotes.step_supplier_quote),
        {},
        _answer,
    ),
    "purchase_order": Desk(
        purchase_orders.save_order,
        purchase_orders.change_order,
        _steps(purchase_orders.step_order),
        {},
    ),
    "arrival_notice": Desk(
        arrivals.save_notice,
        arrivals.change_notice,
        _steps(arrivals.step_notice),
        {},
        lambda actor, order_id, on, intent: _announce(actor, [order_id], on, intent),
        _announce,
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
    "quality_inspection": Desk(
        inspections.save_inspection,
        inspections.change_inspection,
        _posting(
            inspections.post_inspection,
            inspections.reverse_inspection,
            inspections.void_inspection,
        ),
        _previews(inspections.preview_inspection, inspections.preview_inspection_reversal),
        _inspect,
    ),
    "purchase_return": Desk(
        purchase_returns.save_return,
        purchase_returns.change_return,
        _posting(
            purchase_returns.post_return,
            purchase_returns.reverse_return,
            purchase_returns.void_return,
        ),
        _previews(purchase_returns.preview_return, purchase_returns.preview_return_reversal),
        _send_back,
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
    "scrap": Desk(
        scraps.save_scrap,
        scraps.change_scrap,
        _posting(scraps.post_scrap, scraps.reverse_scrap, scraps.void_scrap),
        _previews(scraps.preview_scrap, scraps.preview_scrap_reversal),
    ),
    "overage": Desk(
        overages.save_overage,
        overages.change_overage,
        _posting(overages.post_overage, overages.reverse_overage, overages.void_overage),
        _previews(overages.preview_overage, overages.preview_overage_reversal),
    ),
    "status_change": Desk(
        status_changes.save_status_change,
        status_changes.change_status_change,
        _posting(
            status_changes.post_status_change,
            status_changes.reverse_status_change,
            status_changes.void_status_change,
        ),
        _previews(
            status_changes.preview_status_change, status_changes.preview_status_change_reversal
        ),
    ),
    "bin_move": Desk(
        bin_moves.save_bin_move,
        bin_moves.change_bin_move,
        _posting(bin_moves.post_bin_move, bin_moves.reverse_bin_move, bin_moves.void_bin_move),
        _previews(bin_moves.preview_bin_move, bin_moves.preview_bin_move_reversal),
    ),
    "assembly": Desk(
        assemblies.save_assembly,
        assemblies.change_assembly,
        _posting(assemblies.post_assembly, assemblies.reverse_assembly, assemblies.void_assembly),
        _previews(assemblies.preview_assembly, assemblies.preview_assembly_reversal),
    ),
    "disassembly": Desk(
        disassemblies.save_disassembly,
        disassemblies.change_disassembly,
        _posting(
            disassemblies.post_disassembly,
            disassemblies.reverse_disassembly,
            disassemblies.void_disassembly,
        ),
        _previews(disassemblies.preview_disassembly, disassemblies.preview_disassembly_reversal),
    ),
    "shop_request": Desk(
        shop_requests.save_shop_request,
        shop_requests.change_shop_request,
        _steps(shop_requests.step_shop_request),
        {},
    ),
    "stock_transfer": Desk(
        transfers.save_transfer,
        transfers.change_transfer,
        _transfer,
        _previews(transfers.preview_transfer, transfers.preview_transfer_reversal),
        _supply,
    ),
    "transfer_receipt": Desk(
        transfer_receipts.save_transfer_receipt,
        transfer_receipts.change_transfer_receipt,
        _posting(
            transfer_receipts.post_transfer_receipt,
            transfer_receipts.reverse_transfer_receipt,
            transfer_receipts.void_transfer_receipt,
        ),
        _previews(
            transfer_receipts.preview_transfer_receipt,
            transfer_receipts.preview_transfer_receipt_reversal,
        ),
        _unload,
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
