"""The list and the card of any kind of document, for pages and programs alike."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from hengcang.kernel.actor import Actor
from hengcang.kernel.errors import Refused
from hengcang.kernel.search import words_of
from hengcang.purchasing import queries as purchasing
from hengcang.register.kinds import Kind
from hengcang.sales import queries as sales
from hengcang.stock import queries as stock

ROWS: dict[str, Callable[[Actor], QuerySet[Any]]] = {
    "sales_order": sales.orders,
    "sales_delivery": sales.deliveries,
    "sales_return": sales.returns,
    "purchase_order": purchasing.orders,
    "purchase_receipt": purchasing.receipts,
    "other_receipt": stock.other_receipts,
    "other_issue": stock.other_issues,
}


@dataclass(frozen=True, slots=True)
class DocumentFilter:
    """Which documents to list. `after` is the (dated, id) of the last row seen; "" and None mean all."""

    status: str = ""
    partner_id: int | None = None
    warehouse_id: int | None = None
    dated_from: date | None = None
    dated_to: date | None = None
    words: str = ""
    after: tuple[date, int] | None = None
    limit: int = 50


def listed(actor: Actor, kind: Kind, wanted: DocumentFilter) -> list[Any]:
    """One page, newest first, with partner and warehouse loaded. Raises Refused("forbidden")."""
    rows = ROWS[kind.code](actor).filter(_matches(kind, wanted))
    if wanted.after is not None:
        dated, document_id = wanted.after
        rows = rows.filter(Q(dated__lt=dated) | Q(dated=dated, id__lt=document_id))
    return list(rows[: wanted.limit])


def listed_count(actor: Actor, kind: Kind, wanted: DocumentFilter) -> int:
    """How many documents the filter holds, over all its pages. Raises Refused("forbidden")."""
    return ROWS[kind.code](actor).filter(_matches(kind, wanted)).count()


def one(actor: Actor, kind: Kind, document_id: int) -> Any:
    """One document. Raises Refused: forbidden, not_found."""
    found = ROWS[kind.code](actor).filter(id=document_id).first()
    if found is None:
        raise Refused("not_found", what=kind.label)
    return found


def lines_of(actor: Actor, kind: Kind, document: Any) -> list[Any]:
    """The lines of a document the actor was shown, with item and unit, in order."""
    assert actor is not None
    assert document.kind == kind.code
    return list(
        document.lines.select_related("item__base_uom", "item_uom__uom").order_by("position")
    )


def _matches(kind: Kind, wanted: DocumentFilter) -> Q:
    matches = Q()
    if wanted.status:
        matches &= Q(status=wanted.status)
    if wanted.partner_id is not None and kind.role:
        matches &= Q(partner_id=wanted.partner_id)
    if wanted.warehouse_id is not None:
        matches &= Q(warehouse_id=wanted.warehouse_id)
    if wanted.dated_from is not None:
        matches &= Q(dated__gte=wanted.dated_from)
    if wanted.dated_to is not None:
        matches &= Q(dated__lte=wanted.dated_to)
    for word in words_of(wanted.words):
        found = Q(number__icontains=word) | Q(external_no__icontains=word)
        matches &= found | Q(partner__search_text__contains=word) if kind.role else found
    return matches
