"""Reads of what suppliers are asked and what they answer."""

from datetime import date
from typing import cast
from uuid import UUID

from django.db.models import QuerySet

from hengcang.books.rows import one
from hengcang.documents.drafts import Draft, LineDraft
from hengcang.documents.flow import Status
from hengcang.identity.access import demand
from hengcang.kernel.actor import Actor
from hengcang.kernel.errors import Refused
from hengcang.purchasing.inquiry_models import (
    Rfq,
    RfqLine,
    RfqSupplier,
    SupplierQuote,
    SupplierQuoteLine,
)


def rfqs(actor: Actor) -> QuerySet[Rfq]:
    """Requests for quotation the actor may see, newest first. Raises Refused("forbidden")."""
    demand(actor, "rfq.view")
    rows = Rfq.objects.visible_to(actor).select_related("warehouse")
    return cast("QuerySet[Rfq]", rows.order_by("-dated", "-id"))


def rfq(actor: Actor, rfq_id: int) -> Rfq:
    """One of them. Raises Refused: forbidden, not_found."""
    found = one(rfqs(actor).filter(id=rfq_id))
    if found is None:
        raise Refused("not_found", what="询价单")
    return found


def rfq_lines(actor: Actor) -> QuerySet[RfqLine]:
    """Lines of those the actor may see, with item and unit, by document and position."""
    visible = Rfq.objects.visible_to(actor)
    rows = RfqLine.objects.filter(document__in=visible.order_by())
    rows = rows.select_related("document", "item__base_uom", "item_uom__uom")
    return rows.order_by("document_id", "position")


def asked_suppliers(actor: Actor, rfq_id: int) -> QuerySet[RfqSupplier]:
    """Who is asked, in the order they were written down. Raises Refused: forbidden, not_found."""
    found = rfq(actor, rfq_id)
    return RfqSupplier.objects.filter(rfq=found).select_related("partner").order_by("id")


def supplier_quotes(actor: Actor) -> QuerySet[SupplierQuote]:
    """Suppliers' quotes the actor may see, newest first. Raises Refused("forbidden")."""
    demand(actor, "supplier_quote.view")
    rows = SupplierQuote.objects.visible_to(actor).select_related("partner", "warehouse")
    return cast("QuerySet[SupplierQuote]", rows.order_by("-dated", "-id"))


def offers(actor: Actor, rfq_id: int) -> QuerySet[SupplierQuoteLine]:
    """Lines of approved quotes that answer the lines of a request, in the actor's scope."""
    visible = SupplierQuote.objects.visible_to(actor).filter(status=Status.APPROVED)
    rows = SupplierQuoteLine.objects.filter(
        document__in=visible.order_by(), source_line__document_id=rfq_id
    )
    rows = rows.select_related(
        "document__partner",
        "document__warehouse",
        "source_line",
        "item__base_uom",
        "item_uom__uom",
        "batch",
        "bin",
    )
    return rows.order_by("document_id", "position")


def quote_draft(actor: Actor, asked: Rfq, *, on: date, client_uuid: UUID) -> Draft:
    """A supplier's quote of all that is asked for, to be filled in with supplier and prices."""
    lines = rfq_lines(actor).filter(document=asked)
    return Draft(
        client_uuid=client_uuid,
        dated=on,
        warehouse_id=asked.warehouse_id,
        lines=tuple(
            LineDraft(
                item_id=line.item_id,
                quantity=line.quantity_in_unit,
                item_uom_id=line.item_uom_id,
                source_line_id=line.pk,
            )
            for line in lines
        ),
    )
