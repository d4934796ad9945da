"""The one list of documents of every kind, for pages and programs alike."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Reverse

from hengcang.books.plans import planned_for_its_values
from hengcang.kernel.actor import Actor
from hengcang.partners.queries import partner_ids
from hengcang.register.lists import FEW_PARTNERS
from hengcang.register.models import DocumentRow
from hengcang.register.queries import documents


@dataclass(frozen=True, slots=True)
class AnyDocumentFilter:
    """Which documents of all kinds. `after` is (dated, id, kind).

    `number`: how a number, ours or theirs, begins. `words`: that, or how ours ends, or what the
    partner is called.
    """

    number: str = ""
    words: str = ""
    kind: str = ""
    status: str = ""
    partner_id: int | None = None
    warehouse_id: int | None = None
    dated_from: date | None = None
    dated_to: date | None = None
    after: tuple[date, int, str] | None = None
    limit: int = 50


def any_listed(actor: Actor, wanted: AnyDocumentFilter) -> list[DocumentRow]:
    """One page over all kinds the actor may see, newest first, ties by kind.

    At most four statements: every way in which a text can match has an index of its own in every
    kind's table, and all ways in one statement have none.
    """
    rows = documents(actor).filter(_matches(wanted)).order_by("-dated", "-document_id", "-kind")
    found: dict[str, DocumentRow] = {}
    with planned_for_its_values():
        for matching in _named(actor, rows, wanted):
            found |= {row.key: row for row in matching[: wanted.limit]}
    newest = sorted(found.values(), key=_position, reverse=True)
    return newest[: wanted.limit]


def _position(row: DocumentRow) -> tuple[date, int, str]:
    return row.dated, row.document_id, row.kind


def _matches(wanted: AnyDocumentFilter) -> Q:
    chosen: dict[str, Any] = {
        "kind": wanted.kind or None,
        "status": wanted.status or None,
        "partner_id": wanted.partner_id,
        "warehouse_id": wanted.warehouse_id,
        "dated__gte": wanted.dated_from,
        "dated__lte": wanted.dated_to,
    }
    matches = Q(**{column: value for column, value in chosen.items() if value is not None})
    if wanted.after is not None:
        dated, document_id, kind = wanted.after
        later = Q(document_id__lt=document_id) | Q(document_id=document_id, kind__lt=kind)
        # The first condition is what an index can start from.
        matches &= Q(dated__lte=dated) & (Q(dated__lt=dated) | later)
    return matches


def _named(
    actor: Actor, rows: QuerySet[DocumentRow], wanted: AnyDocumentFilter
) -> Iterator[QuerySet[DocumentRow]]:
    """The rows that the texts mean, way by way; without a text all of them."""
    words = wanted.words.strip()
    text = wanted.number.strip() or words
    if not text:
        yield rows
        return
    yield rows.filter(number__startswith=text.upper())
    yield rows.filter(external_no__istartswith=text)
    if words and text.isascii() and text[-1].isdigit():
        ending = text.upper()[::-1]
        yield rows.alias(number_end=Reverse("number")).filter(number_end__startswith=ending)
    if words:
        yield rows.filter(partner_id__in=partner_ids(actor, words, FEW_PARTNERS))
