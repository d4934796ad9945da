"""What is requested and not ordered yet, and from whom it would be ordered."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce

from hengcang.documents.flow import Status
from hengcang.identity.access import demand
from hengcang.kernel import search
from hengcang.kernel.actor import Actor
from hengcang.partners.models import Partner
from hengcang.purchasing import queries
from hengcang.purchasing.models import (
    PurchaseReceipt,
    PurchaseReceiptLine,
    PurchaseRequisitionLine,
)

MOST = 200


@dataclass(frozen=True, slots=True)
class WantedFilter:
    """Which open lines: of a warehouse, of items so named or a requisition so numbered."""

    words: str = ""
    warehouse_id: int | None = None
    limit: int = MOST


@dataclass(frozen=True, slots=True)
class Proposed:
    """A supplier, and why that one."""

    partner_id: int
    name: str
    why: str


def open_requisition_lines(actor: Actor, wanted: WantedFilter) -> list[PurchaseRequisitionLine]:
    """Lines of approved requisitions with something left to order, the most urgent first.

    With requisition, item and unit loaded. Raises Refused("forbidden").
    """
    demand(actor, "purchase_requisition.view")
    rows = queries.requisition_lines(actor).filter(
        document__status=Status.APPROVED, qty_fulfilled__lt=F("quantity")
    )
    if wanted.warehouse_id is not None:
        rows = rows.filter(document__warehouse_id=wanted.warehouse_id)
    for word in search.words_of(wanted.words):
        rows = rows.filter(_named(word))
    needed = Coalesce("due_date", "document__due_date")
    rows = rows.select_related("document__partner", "document__warehouse", "supplier")
    return list(rows.order_by(needed.asc(nulls_last=True), "id")[: wanted.limit])


def _named(word: str) -> Q:
    item = Q(item__search_tokens__contains=search.grams_of(word), item__search_text__contains=word)
    return item | Q(document__number__startswith=word.upper())


@dataclass
class _Sources:
    """Where proposals come from, each read once."""

    last: dict[int, tuple[int, str, date]] = field(default_factory=dict)
    usable: dict[int, str] = field(default_factory=dict)


def proposed_suppliers(actor: Actor, lines: list[PurchaseRequisitionLine]) -> dict[int, Proposed]:
    """By line: the supplier it names, else its requisition's, else who delivered the item last.

    Only suppliers the actor may order from now; a line nobody is known for is missing.
    """
    known = _Sources(last=_last_suppliers(actor, {line.item_id for line in lines}))
    named = {line.supplier_id for line in lines} | {line.document.partner_id for line in lines}
    ids = {i for i in named if i} | {found[0] for found in known.last.values()}
    rows = Partner.objects.visible_to(actor).filter(id__in=ids, is_active=True)
    known.usable = dict(rows.filter(supplier__isnull=False).values_list("id", "name"))
    found = {line.pk: _proposed(line, known) for line in lines}
    return {line_id: proposal for line_id, proposal in found.items() if proposal}


def _proposed(line: PurchaseRequisitionLine, known: _Sources) -> Proposed | None:
    candidates: list[tuple[int | None, str]] = [
        (line.supplier_id, "请购行指定"),
        (line.document.partner_id, "请购单建议"),
    ]
    if line.item_id in known.last:
        last_id, number, dated = known.last[line.item_id]
        candidates.append((last_id, f"最近一次进货：{dated} {number}"))
    for partner_id, why in candidates:
        if partner_id is not None and partner_id in known.usable:
            return Proposed(partner_id, known.usable[partner_id], why)
    return None


def _last_suppliers(actor: Actor, item_ids: set[int]) -> dict[int, tuple[int, str, date]]:
    """Who delivered each item last: partner, number of the receipt, day."""
    visible: QuerySet[Any] = PurchaseReceipt.objects.visible_to(actor)
    rows = (
        PurchaseReceiptLine.objects.filter(
            document__in=visible.filter(status=Status.POSTED),
            item_id__in=item_ids,
            quantity__gt=0,
        )
        .order_by("item_id", "-document__dated", "-id")
        .distinct("item_id")
        .values_list("item_id", "document__partner_id", "document__number", "document__dated")
    )
    return {row[0]: (row[1], row[2] or "", row[3]) for row in rows}
