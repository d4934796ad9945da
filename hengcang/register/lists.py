"""The list and the card of any kind of document, for pages and programs alike."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum, Value
from django.db.models.functions import Least, Reverse

from hengcang.assembly import queries as assembly
from hengcang.documents.flow import ON_THE_WAY, Status
from hengcang.documents.line_serials import REJECTED, serials_of
from hengcang.kernel.actor import Actor
from hengcang.kernel.errors import Refused
from hengcang.kernel.search import words_of
from hengcang.ledger.entries import PRODUCT
from hengcang.partners.queries import partner_ids
from hengcang.purchasing import arrivals, inquiries
from hengcang.purchasing import queries as purchasing
from hengcang.register.kinds import Kind
from hengcang.sales import queries as sales
from hengcang.sales.exchange_queries import exchanges
from hengcang.stock import asking
from hengcang.stock import queries as stock

ROWS: dict[str, Callable[[Actor], QuerySet[Any]]] = {
    "sales_quote": sales.quotes,
    "sales_order": sales.orders,
    "sales_delivery": sales.deliveries,
    "sales_return": sales.returns,
    "sales_exchange": exchanges,
    "purchase_requisition": purchasing.requisitions,
    "rfq": inquiries.rfqs,
    "supplier_quote": inquiries.supplier_quotes,
    "purchase_order": purchasing.orders,
    "arrival_notice": arrivals.notices,
    "purchase_receipt": purchasing.receipts,
    "quality_inspection": purchasing.inspections,
    "purchase_return": purchasing.returns,
    "other_receipt": stock.other_receipts,
    "other_issue": stock.other_issues,
    "scrap": stock.scraps,
    "overage": stock.overages,
    "status_change": stock.status_changes,
    "bin_move": stock.bin_moves,
    "shop_request": asking.shop_requests,
    "stock_transfer": stock.transfers,
    "transfer_receipt": stock.transfer_receipts,
    "assembly": assembly.assemblies,
    "disassembly": assembly.disassemblies,
    "stock_count": stock.stock_counts,
}


COUNTED = 20_000
FEW_PARTNERS = 500


@dataclass(frozen=True, slots=True)
class DocumentFilter:
    """Which documents to list; "" and None mean all. `after`: (dated, id) of the last row seen."""

    status: str = ""
    partner_id: int | None = None
    warehouse_id: int | None = None
    dated_from: date | None = None
    dated_to: date | None = None
    words: str = ""
    channel_id: int | None = None
    salesperson_id: int | None = None
    after: tuple[date, int] | None = None
    limit: int = 50


def listed(actor: Actor, kind: Kind, wanted: DocumentFilter) -> list[Any]:
    """One page, newest first, with partner and warehouse loaded. Raises Refused("forbidden")."""
    rows = _filtered(actor, kind, wanted)
    if wanted.after is not None:
        dated, document_id = wanted.after
        # The first condition is what the index can start from.
        rows = rows.filter(dated__lte=dated).filter(Q(dated__lt=dated) | Q(id__lt=document_id))
    return list(rows[: wanted.limit])


def one(actor: Actor, kind: Kind, document_id: int) -> Any:
    """One document. Raises Refused: forbidden, not_found."""
    found = ROWS[kind.code](actor).filter(id=document_id).first()
    if found is None:
        raise Refused("not_found", what=kind.label)
    return found


def lines_of(actor: Actor, kind: Kind, document: Any) -> list[Any]:
    """The lines of a document the actor was shown, with item and unit, in order; those of items
    with serial numbers have them as `serials`, those of rejected pieces as `rejected_serials`. A
    product that is made or taken apart has them on the document, as `product_serials`.
    """
    assert actor is not None
    assert document.kind == kind.code
    named = ["item__base_uom", "item_uom__uom", "batch", "bin"]
    named += [own for own in ("to_bin", "warehouse") if hasattr(document.lines.model, own)]
    lines = list(document.lines.select_related(*named).order_by("position"))
    product = getattr(document, "product", None)
    if any(item.tracks_serials for item in [*(line.item for line in lines), product] if item):
        pieces = serials_of(kind.code, document.pk)
        document.product_serials = pieces.all_of(PRODUCT)
        for line in lines:
            line.serials = pieces.all_of(line.position)
            line.rejected_serials = pieces.parts.get((line.position, REJECTED), [])
    return lines


def _filtered(actor: Actor, kind: Kind, wanted: DocumentFilter) -> QuerySet[Any]:
    """Newest first. Every condition on words has an index of its own: see 0002_found_quickly."""
    rows = ROWS[kind.code](actor).filter(_matches(kind, wanted))
    words = words_of(wanted.words)
    if words:
        rows = rows.alias(number_end=Reverse("number"))
    for word in words:
        rows = rows.filter(_named(actor, kind, word))
    return rows


def _matches(kind: Kind, wanted: DocumentFilter) -> Q:
    matches = Q()
    if wanted.status:
        matches &= Q(status=wanted.status)
    if wanted.partner_id is not None and kind.role:
        matches &= Q(partner_id=wanted.partner_id)
    if wanted.warehouse_id is not None:
        matches &= Q(warehouse_id=wanted.warehouse_id)
    if kind.role == "customer":
        matches &= _credited(wanted)
    if wanted.dated_from is not None:
        matches &= Q(dated__gte=wanted.dated_from)
    if wanted.dated_to is not None:
        matches &= Q(dated__lte=wanted.dated_to)
    return matches


def _credited(wanted: DocumentFilter) -> Q:
    chosen = {"channel_id": wanted.channel_id, "salesperson_id": wanted.salesperson_id}
    return Q(**{name: found for name, found in chosen.items() if found is not None})


def _named(actor: Actor, kind: Kind, word: str) -> Q:
    """The number begins or ends so, theirs begins so, or the partner is called so."""
    found = Q(number__startswith=word.upper()) | Q(external_no__istartswith=word)
    if word.isascii() and word[-1].isdigit():
        found |= Q(number_end__startswith=word.upper()[::-1])
    if not kind.role:
        return found
    partners = partner_ids(actor, word, FEW_PARTNERS + 1)
    if len(partners) > FEW_PARTNERS:  # so common that the newest papers have it
        return found | Q(partner__search_text__contains=word)
    return found | Q(partner_id__in=partners)


@dataclass(frozen=True, slots=True)
class Totals:
    """Over all rows of a filter: count, and amount incl. tax (None where there is none).

    Beyond COUNTED rows only "more than that" is known, so that a list of a million stays quick.
    """

    count: int
    amount: Decimal | None
    is_more: bool = False


def listed_totals(actor: Actor, kind: Kind, wanted: DocumentFilter) -> Totals:
    """Count and sum of the filter, voided papers aside in the sum. Raises Refused("forbidden")."""
    columns = ("status", "amount_incl_tax") if kind.role else ("status",)
    rows = _filtered(actor, kind, wanted).order_by().values(*columns)[: COUNTED + 1]
    live = Q(status__in=[s for s in Status if s != Status.VOIDED])
    sums = {"amount": Sum("amount_incl_tax", filter=live)} if kind.role else {}
    found = rows.aggregate(n=Count("*"), **sums)
    if found["n"] > COUNTED:
        return Totals(COUNTED, None, is_more=True)
    return Totals(found["n"], (found["amount"] or Decimal(0)) if kind.role else None)


def progress(actor: Actor, kind: Kind, documents: list[Any]) -> dict[int, int]:
    """How much of each order the actor was shown is done, whole percent by quantity."""
    assert actor is not None
    lines = kind.model.lines.rel.related_model  # type: ignore[attr-defined]
    ids = [document.pk for document in documents]
    rows = lines.objects.filter(document_id__in=ids).order_by().values("document_id")
    sums = rows.annotate(done=Sum(Least("qty_fulfilled", "quantity")), whole=Sum("quantity"))
    return {row["document_id"]: int(row["done"] * 100 / row["whole"]) for row in sums}


@dataclass(frozen=True, slots=True)
class OpenLine:
    """What is left of a line that others fulfil, and what is held for it; base units."""

    open: Decimal
    reserved: Decimal


def open_of(actor: Actor, kind: Kind, line_ids: list[int]) -> dict[int, OpenLine]:
    """What is open of the source lines of a document of this kind, within the actor's scope."""
    if not line_ids:
        return {}
    done = DONE.get(kind.code, "qty_fulfilled")
    held = F("qty_reserved") if kind.code == "sales_delivery" else Value(Decimal(0))
    rows = SOURCES[kind.code](actor).filter(id__in=line_ids).order_by()
    columns = rows.values_list("id", F("quantity") - F(done), held)
    return {row[0]: OpenLine(row[1], row[2]) for row in columns}


SOURCES: dict[str, Callable[[Actor], QuerySet[Any]]] = {
    "sales_order": sales.quote_lines,
    "sales_delivery": sales.order_lines,
    "sales_return": sales.delivery_lines,
    "sales_exchange": sales.delivery_lines,
    "arrival_notice": purchasing.order_lines,
    "purchase_receipt": purchasing.order_lines,
    "quality_inspection": purchasing.receipt_lines,
    "purchase_return": purchasing.receipt_lines,
    "stock_transfer": asking.request_lines,
    "transfer_receipt": stock.transfer_lines,
}
DONE = {
    "sales_return": "qty_returned",
    "sales_exchange": "qty_returned",
    "quality_inspection": "qty_inspected",
    "purchase_return": "qty_returned",
    "stock_transfer": "qty_allocated",
}
"""The column that counts what was done of a source line, where it is not the usual one."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many documents of a kind are in a status; `mine`: those the actor made; `late`: approved
    orders whose due date is past.
    """

    kind: str
    status: str
    count: int
    mine: int
    late: int


DUE = frozenset({"sales_order", "purchase_order"})
UNFINISHED = {"stock_transfer": (Status.DRAFT, *ON_THE_WAY)}
"""Kinds that wait in other statuses than most; as the indexes of their tables say."""


def waiting(actor: Actor, on: date) -> list[Waiting]:
    """Drafts, papers to be approved and orders under way, of the kinds the actor may see, as of a
    day; one statement.
    """
    unfinished = (Status.DRAFT, Status.PENDING, Status.APPROVED)
    mine = Count("pk", filter=Q(created_by_id=actor.id))
    arms = [
        rows(actor)
        .order_by()
        .filter(status__in=UNFINISHED.get(code, unfinished))
        .annotate(of=Value(code))
        .values_list("of", "status")
        .annotate(count=Count("pk"), mine=mine, late=Count("pk", filter=_late(code, on)))
        for code, rows in ROWS.items()
        if actor.may(f"{code}.view")
    ]
    if not arms:
        return []
    return [Waiting(*row) for row in arms[0].union(*arms[1:], all=True)]


def _late(code: str, on: date) -> Q:
    return Q(status=Status.APPROVED, due_date__lt=on) if code in DUE else Q(pk=None)
