"""The one list of all documents, and how they are linked."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import F, QuerySet, Value

from hengcang.books.plans import planned_for_its_values
from hengcang.kernel.actor import Actor
from hengcang.purchasing.inquiry_models import SupplierQuoteLine
from hengcang.purchasing.models import (
    ArrivalNoticeLine,
    PurchaseOrderLine,
    PurchaseReceipt,
    PurchaseReceiptLine,
    PurchaseRequisitionLine,
    PurchaseReturnLine,
    QualityInspectionLine,
    RequisitionCover,
)
from hengcang.register.kinds import BY_CODE, KINDS, Kind
from hengcang.register.models import DocumentRow
from hengcang.sales.models import (
    SalesDeliveryLine,
    SalesExchangeLine,
    SalesOrderLine,
    SalesReturnLine,
)
from hengcang.stock.models import StockTransferLine, TransferReceiptLine

SOURCE_LINES: dict[str, Any] = {
    "sales_order": SalesOrderLine,
    "sales_delivery": SalesDeliveryLine,
    "sales_return": SalesReturnLine,
    "sales_exchange": SalesExchangeLine,
    "supplier_quote": SupplierQuoteLine,
    "arrival_notice": ArrivalNoticeLine,
    "purchase_receipt": PurchaseReceiptLine,
    "quality_inspection": QualityInspectionLine,
    "purchase_return": PurchaseReturnLine,
    "stock_transfer": StockTransferLine,
    "transfer_receipt": TransferReceiptLine,
}
TWO_ENDED = ("shop_request", "stock_transfer")
"""Kinds that two warehouses have to do with; either may see them."""


def documents(actor: Actor) -> QuerySet[DocumentRow]:
    """Documents of every kind the actor may see, newest first."""
    kinds = [kind.code for kind in KINDS if actor.may(f"{kind.code}.view")]
    return (
        DocumentRow.objects.visible_to(actor)
        .filter(kind__in=kinds)
        .select_related("partner", "warehouse")
        .order_by("-dated", "-document_id")
    )


def by_number(actor: Actor, text: str, *, limit: int = 8) -> list[DocumentRow]:
    """Documents whose own or outside number starts with the text, newest first."""
    wanted = text.strip()
    if not wanted:
        return []
    # Each condition alone has an index on every kind's table, together they had none: 0.6 s among
    # a million documents. Numbers are read from the last backwards, so that XSCK2026 stops early.
    rows = documents(actor)
    with planned_for_its_values():
        own = rows.filter(number__startswith=wanted.upper()).order_by("-number")[:limit]
        outside = rows.filter(external_no__istartswith=wanted)[:limit]
        found = {row.key: row for row in (*own, *outside)}
    newest = sorted(found.values(), key=lambda row: (row.dated, row.document_id), reverse=True)
    return newest[:limit]


def named(actor: Actor, keys: Iterable[tuple[str, int]]) -> dict[tuple[str, int], DocumentRow]:
    """The documents of these (kind, id), as far as the actor may see them: for links in ledgers."""
    wanted = set(keys)
    rows = [f"{kind}-{document_id}" for kind, document_id in wanted]
    found = {(d.kind, d.document_id): d for d in documents(actor).filter(key__in=rows)}
    return found | _seen_from_other_end(actor, wanted - found.keys())


def _seen_from_other_end(
    actor: Actor, keys: Iterable[tuple[str, int]]
) -> dict[tuple[str, int], DocumentRow]:
    """Those of these papers that stand in another warehouse and come to one of the actor's."""
    if actor.warehouse_ids is None or actor.partner_id is not None:
        return {}
    seen = []
    for code in TWO_ENDED:
        ids = [document_id for kind, document_id in keys if kind == code]
        if ids and actor.may(f"{code}.view"):
            visible = BY_CODE[code].model._default_manager.visible_to(actor)
            seen += [
                f"{code}-{pk}" for pk in visible.filter(pk__in=ids).values_list("pk", flat=True)
            ]
    rows = DocumentRow.objects.filter(key__in=seen).select_related("partner", "warehouse")
    return {(d.kind, d.document_id): d for d in rows} if seen else {}


@dataclass(frozen=True, slots=True)
class Link:
    """One document in the chain of another."""

    relation: str  # "source", "follower", "reversal", "original"
    document: DocumentRow


def chain(actor: Actor, kind: Kind, document: Any) -> list[Link]:
    """What the document came from and what came of it, as far as the actor may see.

    Two statements, whatever there is.
    """
    first, *others = [*_sources(kind, document), *_covers(kind, document), *_twins(kind, document)]
    keys = list(first.union(*others))
    found = named(actor, [(code, key) for _, code, key in keys])
    links = [Link(relation, found[(code, i)]) for relation, code, i in keys if (code, i) in found]
    return sorted(links, key=lambda link: (link.document.dated, link.document.document_id))


def _arm(relation: str, code: str, rows: Any, key: str) -> Any:
    """Rows (relation, kind, id of the document) of a chain; `key` names the id in `rows`."""
    return rows.order_by().values_list(Value(relation), Value(code), F(key))


def _sources(kind: Kind, document: Any) -> list[Any]:
    """The documents its lines follow, and those whose lines follow its own."""
    arms = []
    if kind.source:
        rows = SOURCE_LINES[kind.code].objects.filter(document=document, source_line__isnull=False)
        arms.append(_arm("source", kind.source, rows, "source_line__document_id"))
    for follower in KINDS:
        if follower.source == kind.code:
            rows = SOURCE_LINES[follower.code].objects.filter(source_line__document=document)
            arms.append(_arm("follower", follower.code, rows, "document_id"))
    return arms


def _twins(kind: Kind, document: Any) -> list[Any]:
    """The reversal of it, and what it is the reversal of."""
    model: Any = kind.model
    own = model.objects.filter(pk=document.pk)
    if not kind.flow.steps.get("reverse"):
        return [_arm("", "", own.none(), "pk")]
    twin = model.objects.filter(reversal_of=document.pk)
    reversed_one = own.filter(reversal_of__isnull=False)
    return [
        _arm("reversal", kind.code, twin, "pk"),
        _arm("original", kind.code, reversed_one, "reversal_of_id"),
    ]


def _covers(kind: Kind, document: Any) -> list[Any]:
    """The sales orders a requisition is for, the orders that cover it, and the way back."""
    covers = RequisitionCover.objects.all()
    if kind.code == "arrival_notice":
        came = PurchaseReceipt.objects.filter(notice=document)
        return [_arm("follower", "purchase_receipt", came, "pk")]
    if kind.code == "purchase_receipt":
        own = PurchaseReceipt.objects.filter(pk=document.pk, notice__isnull=False)
        return [_arm("source", "arrival_notice", own, "notice_id")]
    if kind.code == "purchase_requisition":
        lines = document.lines.filter(source_line_id__isnull=False).values("source_line_id")
        sold = SalesOrderLine.objects.filter(id__in=lines)
        covering = covers.filter(requisition_line__document=document)
        return [
            _arm("source", "sales_order", sold, "document_id"),
            _arm("follower", "purchase_order", covering, "order_line__document_id"),
        ]
    if kind.code == "sales_order":
        wanted = PurchaseRequisitionLine.objects.filter(
            source_line_id__in=document.lines.values("id")
        )
        return [_arm("follower", "purchase_requisition", wanted, "document_id")]
    if kind.code == "purchase_order":
        covered = covers.filter(order_line__document=document)
        asked = _arm("source", "purchase_requisition", covered, "requisition_line__document_id")
        return [asked, *_chosen_from(document)]
    if kind.code == "supplier_quote":
        bought = PurchaseOrderLine.objects.filter(quote_line__document=document)
        return [_arm("follower", "purchase_order", bought, "document_id")]
    return []


def _chosen_from(order: Any) -> list[Any]:
    """The suppliers' quotes an order was made from, and what they answered."""
    lines = order.lines.filter(quote_line__isnull=False)
    answered = lines.filter(quote_line__source_line__isnull=False)
    return [
        _arm("source", "supplier_quote", lines, "quote_line__document_id"),
        _arm("source", "rfq", answered, "quote_line__source_line__document_id"),
    ]
