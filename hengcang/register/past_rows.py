"""Rows of past documents: the tables' own columns, filled from plain data."""

from collections.abc import Sequence
from decimal import Decimal
from operator import attrgetter
from typing import Any

from django.db.models import Model

from hengcang.books.copying import copy_rows
from hengcang.documents.models import TradeDocument
from hengcang.documents.rules import Amounts, Pricing, line_amounts, total
from hengcang.register.kinds import BY_CODE
from hengcang.register.past import PastDocument, PastLine

FULL = Decimal(100)


def document_row(document: PastDocument, lines: Sequence[Any]) -> Any:
    """The header, with the sums of its lines where it has any."""
    model: Any = BY_CODE[document.kind].model
    row: Any = model(
        id=document.id,
        number=document.number,
        status=document.status,
        dated=document.dated,
        warehouse_id=document.warehouse_id,
        reason=document.reason,
        note=document.note,
        client_uuid=document.client_uuid,
        version=document.version,
        created_by_id=document.by.id,
        created_by_name=document.by.name,
    )
    if isinstance(row, TradeDocument):
        sums = total(line.amounts for line in lines)
        trade: Any = row
        trade.partner_id = document.partner_id
        trade.net_amount, trade.tax_amount, trade.amount_incl_tax = sums.net, sums.tax, sums.gross
    if hasattr(row, "due_date"):
        row.due_date = document.due_date
    return row


def line_row(kind: str, line: PastLine) -> Any:
    """One line; what execution adds to it later is set by `settle_line`."""
    model: Any = BY_CODE[kind].model.lines.rel.related_model  # type: ignore[attr-defined]
    columns: dict[str, Any] = {
        "id": line.id,
        "document_id": line.document_id,
        "position": line.position,
        "item_id": line.item_id,
        "item_uom_id": line.item_uom_id,
        "quantity_in_unit": line.quantity_in_unit,
        "quantity": line.quantity,
    }
    if BY_CODE[kind].role:
        amounts = _amounts(line)
        columns |= {
            "price": line.price,
            "tax_rate": line.tax_rate,
            "net_amount": amounts.net,
            "tax_amount": amounts.tax,
            "amount_incl_tax": amounts.gross,
        }
    if BY_CODE[kind].source:
        columns["source_line_id"] = line.source.id if line.source else None
    if kind in {"sales_return", "other_receipt"}:
        columns["cost_amount"] = line.cost_amount
    return model(**columns)


def settle_line(kind: str, row: Any, line: PastLine) -> None:
    """The row carries what later documents made of the line."""
    if kind in {"sales_order", "purchase_order", "purchase_requisition"}:
        row.qty_fulfilled = line.done
    if kind == "sales_order":
        row.qty_reserved = line.reserved
    if kind == "purchase_receipt":
        row.qty_returned = line.done
    if kind == "sales_delivery":
        row.qty_returned, row.qty_unreserved = line.done, line.unreserved


def copy_models(rows: Sequence[Model]) -> None:
    """The rows, all of one model, stand in its table; columns with a database default take it."""
    if not rows:
        return
    fields = [f for f in rows[0]._meta.concrete_fields if not f.has_db_default()]
    values = attrgetter(*(f.attname for f in fields))
    copy_rows(rows[0]._meta.db_table, [str(f.column) for f in fields], map(values, rows))


def _amounts(line: PastLine) -> Amounts:
    pricing = Pricing(line.price, FULL, line.tax_rate, includes_tax=True)
    return line_amounts(line.quantity_in_unit, pricing)
