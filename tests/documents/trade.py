"""Whole documents in one call, for tests that need many: posted, as the system."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

from hengcang.assembly.actions import assemblies, disassemblies
from hengcang.documents.reversal import Undo
from hengcang.kernel.actor import SYSTEM
from hengcang.ledger.queries import LineCost, line_costs
from hengcang.purchasing.actions import inspections
from hengcang.purchasing.actions import orders as purchase_orders
from hengcang.purchasing.actions import receipts as purchase_receipts
from hengcang.purchasing.actions import returns as purchase_returns
from hengcang.purchasing.models import PurchaseOrder, PurchaseReceipt, PurchaseReturn
from hengcang.sales.actions import deliveries, exchanges, orders, quotes, returns
from hengcang.sales.models import SalesDelivery, SalesOrder, SalesQuote, SalesReturn
from hengcang.stock.actions import (
    bin_moves,
    count_posting,
    other_issues,
    other_receipts,
    overages,
    scraps,
    status_changes,
    transfer_receipts,
    transfers,
)
from hengcang.stock.models import OtherIssue
from tests.worlds import TODAY, World, draft, line, target

REVERSE: dict[str, Any] = {
    "purchase_receipt": purchase_receipts.reverse_receipt,
    "purchase_return": purchase_returns.reverse_return,
    "quality_inspection": inspections.reverse_inspection,
    "sales_delivery": deliveries.reverse_delivery,
    "sales_return": returns.reverse_return,
    "sales_exchange": exchanges.reverse_exchange,
    "other_receipt": other_receipts.reverse_other_receipt,
    "other_issue": other_issues.reverse_other_issue,
    "scrap": scraps.reverse_scrap,
    "overage": overages.reverse_overage,
    "status_change": status_changes.reverse_status_change,
    "bin_move": bin_moves.reverse_bin_move,
    "assembly": assemblies.reverse_assembly,
    "disassembly": disassemblies.reverse_disassembly,
    "stock_count": count_posting.reverse_stock_count,
    "stock_transfer": transfers.reverse_transfer,
    "transfer_receipt": transfer_receipts.reverse_transfer_receipt,
}


def received(
    made: World, quantity: str, price: str, dated: date = TODAY, *, item: int = 0, place: int = 0
) -> PurchaseReceipt:
    saved = purchase_receipts.save_receipt(
        draft(
            made.warehouses[place],
            [line(made.items[item], quantity, price)],
            dated,
            made.supplier,
        ),
        actor=SYSTEM,
    )
    return purchase_receipts.post_receipt(target(saved), actor=SYSTEM)


def delivered(
    made: World, quantity: str, dated: date = TODAY, *, item: int = 0, place: int = 0
) -> SalesDelivery:
    saved = deliveries.save_delivery(
        draft(
            made.warehouses[place], [line(made.items[item], quantity, "20")], dated, made.customer
        ),
        actor=SYSTEM,
    )
    return deliveries.post_delivery(target(saved), actor=SYSTEM)


def given_back(
    made: World, delivery: SalesDelivery, quantity: str, dated: date = TODAY, *, place: int = 0
) -> SalesReturn:
    origin = delivery.lines.get()
    typed = line(origin.item, quantity, "20", source_line_id=origin.pk)
    saved = returns.save_return(
        draft(made.warehouses[place], [typed], dated, made.customer), actor=SYSTEM
    )
    return returns.post_return(target(saved), actor=SYSTEM)


def sent_back(
    made: World,
    receipt: PurchaseReceipt,
    quantity: str,
    dated: date = TODAY,
    *,
    place: int = 0,
) -> PurchaseReturn:
    origin = receipt.lines.get()
    typed = line(origin.item, quantity, source_line_id=origin.pk)
    saved = purchase_returns.save_return(
        draft(made.warehouses[place], [typed], dated, made.supplier), actor=SYSTEM
    )
    return purchase_returns.post_return(target(saved), actor=SYSTEM)


def issued(
    made: World, quantity: str, dated: date = TODAY, *, item: int = 0, place: int = 0
) -> OtherIssue:
    saved = other_issues.save_other_issue(
        draft(made.warehouses[place], [line(made.items[item], quantity)], dated, reason="报损"),
        actor=SYSTEM,
    )
    return other_issues.post_other_issue(target(saved), actor=SYSTEM)


def sold(made: World, quantity: str, *, item: int = 0, place: int = 0) -> SalesOrder:
    """An approved order."""
    saved = orders.save_order(
        draft(
            made.warehouses[place], [line(made.items[item], quantity, "20")], partner=made.customer
        ),
        actor=SYSTEM,
    )
    return orders.step_order(target(saved), "approve", actor=SYSTEM)


def quoted(made: World, *quantities: str, until: date = TODAY) -> SalesQuote:
    """An approved quotation of the first items, at 18 each."""
    lines = [line(made.items[n], quantity, "18") for n, quantity in enumerate(quantities)]
    filled = replace(draft(made.warehouses[0], lines, partner=made.customer), valid_until=until)
    saved = quotes.save_quote(filled, actor=SYSTEM)
    return quotes.step_quote(target(saved), "approve", actor=SYSTEM)


def bought(made: World, quantity: str, *, item: int = 0, place: int = 0) -> PurchaseOrder:
    """An approved order."""
    saved = purchase_orders.save_order(
        draft(
            made.warehouses[place], [line(made.items[item], quantity, "10")], partner=made.supplier
        ),
        actor=SYSTEM,
    )
    return purchase_orders.step_order(target(saved), "approve", actor=SYSTEM)


def reversed_(document: Any, today: date = TODAY) -> Any:
    document.refresh_from_db()
    undo = Undo(uuid4(), "录错", today)
    return REVERSE[document.kind](target(document), undo, actor=SYSTEM)


def cost(document: Any) -> Decimal:
    """What the document's only line cost; negative for goods that came in."""
    (only,) = line_costs(SYSTEM, document.kind, document.pk)
    assert isinstance(only, LineCost)
    return only.cost
