"""The real books as the machine sees them: figures to compare, a digest, and actions by name."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import uuid4

from django.db import connection

from hengcang.documents.drafts import Draft, LineDraft
from hengcang.documents.reversal import Undo
from hengcang.kernel.actor import SYSTEM
from hengcang.purchasing.actions import receipts as purchase_receipts
from hengcang.purchasing.actions import returns as purchase_returns
from hengcang.sales.actions import deliveries, exchanges, returns
from hengcang.stock.actions import other_issues, other_receipts
from tests.worlds import TODAY, World, target

REVERSE: dict[str, Any] = {
    "receipt": purchase_receipts.reverse_receipt,
    "purchase_return": purchase_returns.reverse_return,
    "delivery": deliveries.reverse_delivery,
    "return": returns.reverse_return,
    "exchange": exchanges.reverse_exchange,
    "other_receipt": other_receipts.reverse_other_receipt,
    "other_issue": other_issues.reverse_other_issue,
}
TABLES = (
    "ledger_postingrecord", "ledger_stockentry", "ledger_entrycost", "ledger_stockbalance",
    "ledger_costbalance", "ledger_availability", "ledger_promiseentry", "ledger_moneyentry",
    "ledger_partnerbalance", "ledger_balanceatclose", "ledger_costatclose", "ledger_period",
    "documents_numberseries", "documents_intent", "compliance_auditline",
    "purchasing_purchaseorder", "purchasing_purchaseorderline",
    "purchasing_purchasereceipt", "purchasing_purchasereceiptline",
    "purchasing_purchasereturn", "purchasing_purchasereturnline",
    "sales_salesorder", "sales_salesorderline", "sales_salesdelivery", "sales_salesdeliveryline",
    "sales_salesreturn", "sales_salesreturnline", "stock_otherreceipt", "stock_otherreceiptline",
    "sales_salesexchange", "sales_salesexchangeline",
    "stock_scrap", "stock_scrapline", "stock_overage", "stock_overageline", "stock_statuschange",
    "stock_statuschangeline", "purchasing_qualityinspection", "purchasing_qualityinspectionline",
    "stock_otherissue", "stock_otherissueline", "stock_stocktransfer", "stock_stocktransferline",
    "stock_transferreceipt", "stock_transferreceiptline",
)  # fmt: skip
DIGEST = (
    "SELECT concat_ws('|', "
    + ", ".join(
        f"(SELECT count(*) || coalesce(md5(string_agg(t::text, ',' ORDER BY t::text)), '')"
        f" FROM {t} t)"
        for t in TABLES
    )
    + ")"
)


def digest() -> str:
    """Changes when any row of the books or of a document changes."""
    with connection.cursor() as cursor:
        cursor.execute(DIGEST)
        return str(cursor.fetchone()[0])


def rows(sql: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())


def entries() -> list[tuple[date, Fraction, int, int]]:
    """(dated, quantity, value in cents, variance) of every entry, in the order written."""
    found = rows(
        "SELECT e.dated, e.quantity, (coalesce(e.value_in, c.value) * 100)::bigint,"
        " (coalesce(c.variance, 0) * 100)::bigint FROM ledger_stockentry e"
        " LEFT JOIN ledger_entrycost c ON c.entry_id = e.position ORDER BY e.position"
    )
    return [(row[0], Fraction(row[1]), row[2], row[3]) for row in found]


def stock_by_entries(day: date) -> list[tuple[int, Decimal, Decimal]]:
    """Item, quantity and value that the entries up to that day add up to, where anything is."""
    return rows(
        "SELECT e.item_id, sum(e.quantity),"
        " sum(CASE WHEN e.is_move THEN 0 ELSE coalesce(e.value_in, c.value) END)"
        " FROM ledger_stockentry e LEFT JOIN ledger_entrycost c ON c.entry_id = e.position"
        f" WHERE e.dated <= '{day}' GROUP BY 1 HAVING sum(e.quantity) <> 0"
        " ORDER BY (SELECT code FROM catalog_item WHERE id = e.item_id)"
    )


def places() -> dict[tuple[int, int], tuple[Fraction, Fraction, Fraction]]:
    """On hand, reserved and on order by item and warehouse, where anything is not nought."""
    found = rows(
        "SELECT item_id, warehouse_id, on_hand, reserved, on_order FROM ledger_availability"
    )
    figures = {(r[0], r[1]): (Fraction(r[2]), Fraction(r[3]), Fraction(r[4])) for r in found}
    return {place: three for place, three in figures.items() if any(three)}


def shelves() -> dict[tuple[int, int], Fraction]:
    found = rows("SELECT item_id, warehouse_id, quantity FROM ledger_stockbalance")
    return {(r[0], r[1]): Fraction(r[2]) for r in found if r[2]}


def worths() -> dict[tuple[int, int | None], tuple[Fraction, int]]:
    """Quantity and cents by cost key, where there is anything."""
    found = rows(
        "SELECT item_id, scope_warehouse_id, quantity, (value * 100)::bigint"
        " FROM ledger_costbalance"
    )
    return {(r[0], r[1]): (Fraction(r[2]), r[3]) for r in found if r[2] or r[3]}


def owed() -> dict[str, int]:
    """Cents by account."""
    return dict(
        rows("SELECT account, (sum(amount) * 100)::bigint FROM ledger_partnerbalance GROUP BY 1")
    )


def order_lines(table: str) -> list[tuple[Fraction, Fraction]]:
    """(fulfilled, reserved) of every order line, in the order they were written."""
    reserved = "qty_reserved" if table.startswith("sales") else "0"
    return [
        (Fraction(r[0]), Fraction(r[1]))
        for r in rows(f"SELECT qty_fulfilled, {reserved} FROM {table} ORDER BY id")
    ]


def line(item: int, quantity: str, price: str | None, **more: Any) -> LineDraft:
    return LineDraft(
        item_id=item,
        quantity=Decimal(quantity),
        price=None if price is None else Decimal(price),
        **more,
    )


def draft(world: World, warehouse: int, lines: list[LineDraft], dated: date, role: str) -> Draft:
    """A document as filled in; `role` names whose it is, "" for nobody's."""
    partner = {"customer": world.customer, "supplier": world.supplier}.get(role)
    return Draft(uuid4(), dated, warehouse, tuple(lines), partner.pk if partner else None,
                 reason="盘点后补记")  # fmt: skip


def without_tax(filled: Draft) -> Draft:
    return replace(filled, prices_include_tax=False)


def reverse(kind: str, document: Any) -> Any:
    document.refresh_from_db()
    return REVERSE[kind](target(document), Undo(uuid4(), "录错", TODAY), actor=SYSTEM)
