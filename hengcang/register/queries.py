"""The one list of all documents, and how they are linked."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

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
from hengcang.register.kinds import KINDS, Kind
from hengcang.register.models import DocumentRow
from hengcang.sales.models import SalesDeliveryLine, SalesOrderLine, SalesReturnLine
from hengcang.stock.models import TransferReceiptLine

SOURCE_LINES = {
    "sales_order": SalesOrderLine,
    "sales_delivery": SalesDeliveryLine,
    "sales_return": SalesReturnLine,
    "supplier_quote": SupplierQuoteLine,
    "arrival_notice": ArrivalNoticeLine,
    "purchase_receipt": PurchaseReceiptLine,
    "quality_inspection": QualityInspectionLine,
    "purchase_return": PurchaseReturnLine,
    "transfer_receipt": TransferReceiptLine,
}


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
    wanted = [f"{kind}-{document_id}" for kind, document_id in keys]
    return {(d.kind, d.document_id): d for d in documents(actor).filter(key__in=wanted)}


@dataclass(frozen=True, slots=True)
class Link:
    """One document in the chain of another."""

    relation: str  # "source", "follower", "reversal", "original"
    document: DocumentRow


def chain(actor: Actor, kind: Kind, document: Any) -> list[Link]:
    """What the document came from and what came of it, as far as the actor may see."""
    keys: list[tuple[str, str, int]] = []
    if kind.source:
        model = SOURCE_LINES[kind.code]
        ids = model.objects.filter(document=document, source_line__isnull=False)  # type: ignore[attr-defined]
        keys += [
            ("source", kind.source, i)
            for i in set(ids.values_list("source_line__document_id", flat=True))
        ]
    for follower in KINDS:
        if follower.source == kind.code:
            rows = SOURCE_LINES[follower.code].objects.filter(source_line__document=document)  # type: ignore[attr-defined]
            ids = set(rows.values_list("document_id", flat=True))
            keys += [("follower", follower.code, i) for i in ids]
    keys += _covers(kind, document)
    if getattr(document, "reversal_of_id", None):
        keys.append(("original", kind.code, document.reversal_of_id))
    twin = getattr(document, "reversed_by", None) if kind.flow.steps.get("reverse") else None
    if twin is not None:
        keys.append(("reversal", kind.code, twin.pk))
    found = named(actor, [(k, i) for _, k, i in keys])
    links = [Link(relation, found[(k, i)]) for relation, k, i in keys if (k, i) in found]
    return sorted(links, key=lambda link: (link.document.dated, link.document.document_id))


def _covers(kind: Kind, document: Any) -> list[tuple[str, str, int]]:
    """The sales orders a requisition is for, the orders that cover it, and the way back."""
    covers = RequisitionCover.objects.order_by()
    if kind.code == "arrival_notice":
        came = PurchaseReceipt.objects.filter(notice=document).values_list("id", flat=True)
        return [("follower", "purchase_receipt", i) for i in came]
    if kind.code == "purchase_receipt":
        return [("source", "arrival_notice", document.notice_id)] if document.notice_id else []
    if kind.code == "purchase_requisition":
        ids = covers.filter(requisition_line__document=document)
        found = set(ids.values_list("order_line__document_id", flat=True))
        lines = document.lines.filter(source_line_id__isnull=False).values("source_line_id")
        sold = SalesOrderLine.objects.filter(id__in=lines).values_list("document_id", flat=True)
        orders = [("source", "sales_order", i) for i in set(sold)]
        return orders + [("follower", "purchase_order", i) for i in found]
    if kind.code == "sales_order":
        lines = PurchaseRequisitionLine.objects.filter(
            source_line_id__in=document.lines.values("id")
        )
        found = set(lines.values_list("document_id", flat=True))
        return [("follower", "purchase_requisition", i) for i in found]
    if kind.code == "purchase_order":
        ids = covers.filter(order_line__document=document)
        found = set(ids.values_list("requisition_line__document_id", flat=True))
        return [("source", "purchase_requisition", i) for i in found] + _chosen_from(document)
    if kind.code == "supplier_quote":
        lines = PurchaseOrderLine.objects.filter(quote_line__document=document)
        found = set(lines.values_list("document_id", flat=True))
        return [("follower", "purchase_order", i) for i in found]
    return []


def _chosen_from(order: Any) -> list[tuple[str, str, int]]:
    """The suppliers' quotes an order was made from, and what they answered."""
    lines = order.lines.filter(quote_line__isnull=False).order_by()
    pairs = lines.values_list("quote_line__document_id", "quote_line__source_line__document_id")
    found = set(pairs)
    quotes = [("source", "supplier_quote", quote) for quote in {pair[0] for pair in found}]
    return quotes + [("source", "rfq", asked) for asked in {pair[1] for pair in found if pair[1]}]
