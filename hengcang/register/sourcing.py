"""What an import must know of documents that are there already."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet
from django.db.models.expressions import Combinable

from hengcang.documents.flow import Status
from hengcang.kernel.actor import Actor
from hengcang.purchasing.inquiries import rfq_lines
from hengcang.register.kinds import BY_CODE, Kind
from hengcang.register.lists import DONE, ROWS, SOURCES


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A line that another document may follow; `is_open` while something of it is left."""

    id: int
    item_id: int
    is_open: bool


def source_lines(actor: Actor, kind: Kind, numbers: Collection[str]) -> dict[str, list[SourceLine]]:
    """The lines of the source documents with these numbers, in order, within the actor's scope."""
    if not numbers:
        return {}
    rows = _lines(actor, kind).filter(document__number__in=set(numbers))
    left: Combinable = F("quantity")
    if kind.code in SOURCES:  # what is asked of suppliers stays open for others
        left = left - F(DONE.get(kind.code, "qty_fulfilled"))
    found: dict[str, list[SourceLine]] = {}
    columns = rows.order_by("document_id", "position").values_list(
        "document__number", "id", "item_id", left
    )
    for number, pk, item_id, open_ in columns:
        found.setdefault(number, []).append(SourceLine(pk, item_id, open_ > 0))
    return found


def _lines(actor: Actor, kind: Kind) -> QuerySet[Any]:
    if kind.code == "supplier_quote":
        return rfq_lines(actor)
    return SOURCES[kind.code](actor)


def made_of(actor: Actor, kind: Kind, intents: Collection[UUID]) -> dict[UUID, Any]:
    """The documents these intents made before, as far as the actor may see them."""
    rows = ROWS[kind.code](actor).filter(client_uuid__in=list(intents))
    return {document.client_uuid: document for document in rows}


def with_outside_number(
    actor: Actor, kind: Kind, numbers: Collection[str]
) -> dict[tuple[str, int | None], Any]:
    """Live documents of the kind by (their number, partner), as far as the actor may see them."""
    rows = ROWS[kind.code](actor).filter(external_no__in=set(numbers))
    live = rows.exclude(status__in=[Status.VOIDED, Status.REVERSED])
    return {(each.external_no, getattr(each, "partner_id", None)): each for each in live}


def source_label(kind: Kind) -> str:
    """What the source of such a document is called, "" for kinds without one."""
    return BY_CODE[kind.source].label if kind.source else ""
