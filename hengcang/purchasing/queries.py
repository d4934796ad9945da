"""Reads of purchase documents."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, cast
from uuid import UUID

from django.db.models import F, QuerySet

from hengcang.books.rows import one
from hengcang.documents.drafts import Draft
from hengcang.documents.flow import Status
from hengcang.documents.following import following_draft, priced_like, wanted_of
from hengcang.identity.access import demand
from hengcang.kernel.actor import Actor, FieldClass
from hengcang.kernel.errors import Refused
from hengcang.purchasing.awaiting import as_inspected
from hengcang.purchasing.models import (
    PurchaseOrder,
    PurchaseOrderLine,
    PurchaseReceipt,
    PurchaseReceiptLine,
    PurchaseRequisition,
    PurchaseRequisitionLine,
    PurchaseReturn,
    QualityInspection,
)
from hengcang.purchasing.tolerance import tolerated_left


def requisitions(actor: Actor) -> QuerySet[PurchaseRequisition]:
    """Requisitions the actor may see, newest first. Raises Refused("forbidden")."""
    demand(actor, "purchase_requisition.view")
    rows = PurchaseRequisition.objects.visible_to(actor).select_related("partner", "warehouse")
    return cast("QuerySet[PurchaseRequisition]", rows.order_by("-dated", "-id"))


def requisition(actor: Actor, requisition_id: int) -> PurchaseRequisition:
    """One requisition. Raises Refused: forbidden, not_found."""
    found = one(requisitions(actor).filter(id=requisition_id))
    if found is None:
        raise Refused("not_found", what="请购单")
    return found


def requisition_lines(actor: Actor) -> QuerySet[PurchaseRequisitionLine]:
    """Lines of requisitions the actor may see, with item and unit, by requisition and position."""
    visible = PurchaseRequisition.objects.visible_to(actor)
    return (
        PurchaseRequisitionLine.objects.filter(document__in=visible)
        .select_related("document", "item__base_uom", "item_uom__uom", "batch", "bin")
        .order_by("document_id", "position")
    )


def orders(actor: Actor) -> QuerySet[PurchaseOrder]:
    """Orders the actor may see, newest first. Raises Refused("forbidden")."""
    demand(actor, "purchase_order.view")
    rows = PurchaseOrder.objects.visible_to(actor).select_related("partner", "warehouse")
    return cast("QuerySet[PurchaseOrder]", rows.order_by("-dated", "-id"))


def order(actor: Actor, order_id: int) -> PurchaseOrder:
    """One order. Raises Refused: forbidden, not_found."""
    found = one(orders(actor).filter(id=order_id))
    if found is None:
        raise Refused("not_found", what="采购订单")
    return found


def order_lines(actor: Actor) -> QuerySet[PurchaseOrderLine]:
    """Lines of orders the actor may see, with item and unit, by order and position."""
    visible = PurchaseOrder.objects.visible_to(actor)
    return (
        PurchaseOrderLine.objects.filter(document__in=visible)
        .select_related("document", "item__base_uom", "item_uom__uom", "batch", "bin")
        .order_by("document_id", "position")
    )


def has_followers(order: PurchaseOrder) -> bool:
    """Whether any receipt, posted or not, names a line of the order."""
    return PurchaseReceiptLine.objects.filter(source_line__document=order).exists()


def open_order_lines(actor: Actor, order_id: int) -> QuerySet[PurchaseOrderLine]:
    """Lines of an order with something left to receive: quantity − qty_fulfilled, base units."""
    return order_lines(actor).filter(document_id=order_id, qty_fulfilled__lt=F("quantity"))


def receipts(actor: Actor) -> QuerySet[PurchaseReceipt]:
    """Receipts the actor may see, newest first. Raises Refused("forbidden")."""
    demand(actor, "purchase_receipt.view")
    rows = PurchaseReceipt.objects.visible_to(actor).select_related(
        "partner__supplier", "warehouse"
    )
    return cast("QuerySet[PurchaseReceipt]", rows.order_by("-dated", "-id"))


def receipt(actor: Actor, receipt_id: int) -> PurchaseReceipt:
    """One receipt. Raises Refused: forbidden, not_found."""
    found = one(receipts(actor).filter(id=receipt_id))
    if found is None:
        raise Refused("not_found", what="采购入库单")
    return found


def receipt_lines(actor: Actor) -> QuerySet[PurchaseReceiptLine]:
    """Lines of posted receipts the actor may see, with item and units, in document order."""
    visible = PurchaseReceipt.objects.visible_to(actor).filter(status=Status.POSTED)
    return (
        PurchaseReceiptLine.objects.filter(document__in=visible)
        .select_related("document", "item__base_uom", "item_uom__uom", "batch", "bin")
        .order_by("document_id", "position")
    )


def inspections(actor: Actor) -> QuerySet[QualityInspection]:
    """Inspections the actor may see, newest first. Raises Refused("forbidden")."""
    demand(actor, "quality_inspection.view")
    rows = QualityInspection.objects.visible_to(actor).select_related("warehouse")
    return cast("QuerySet[QualityInspection]", rows.order_by("-dated", "-id"))


def returnable_lines(actor: Actor, receipt_id: int) -> QuerySet[PurchaseReceiptLine]:
    """Lines of a posted receipt with something not yet returned, base units."""
    return receipt_lines(actor).filter(
        document_id=receipt_id, quantity__gt=0, qty_returned__lt=F("quantity")
    )


def returns(actor: Actor) -> QuerySet[PurchaseReturn]:
    """Returns to suppliers the actor may see, newest first. Raises Refused("forbidden")."""
    demand(actor, "purchase_return.view")
    rows = PurchaseReturn.objects.visible_to(actor).select_related("partner__supplier", "warehouse")
    return cast("QuerySet[PurchaseReturn]", rows.order_by("-dated", "-id"))


def purchase_return(actor: Actor, return_id: int) -> PurchaseReturn:
    """One return. Raises Refused: forbidden, not_found."""
    found = one(returns(actor).filter(id=return_id))
    if found is None:
        raise Refused("not_found", what="采购退货单")
    return found


def return_draft(
    actor: Actor,
    receipt: PurchaseReceipt,
    quantities: dict[int, Decimal],
    *,
    on: date,
    client_uuid: UUID,
) -> Draft:
    """A return of these receipt lines (base units; empty: all not yet returned), filled in.

    Of goods that were to be inspected the rejected ones go first: see awaiting.as_inspected.
    Raises Refused("source_line_unknown") for a line of another receipt or with nothing left.
    """
    lines = {line.pk: line for line in returnable_lines(actor, receipt.pk)}
    wanted = wanted_of(lines, quantities, "qty_returned")
    filled = following_draft(receipt, lines, wanted, on=on, client_uuid=client_uuid)
    return as_inspected(actor, filled, lines, chosen=bool(quantities))


def receipt_draft(
    actor: Actor,
    order: PurchaseOrder,
    quantities: dict[int, Decimal],
    *,
    on: date,
    client_uuid: UUID,
) -> Draft:
    """A receipt of these order lines (base units; empty: all that is open, of a complete order all
    that is tolerated beyond it), filled in.

    Raises Refused: source_line_unknown for a line of another order or with nothing open,
    order_complete where nothing more is tolerated.
    """
    if order.status == Status.CLOSED and not quantities:
        return _beyond_order(actor, order, on=on, client_uuid=client_uuid)
    # The goods themselves are read when the lines are built: here only the units matter.
    rows = open_order_lines(actor, order.pk).select_related(None)
    lines = {line.pk: line for line in rows.select_related("item_uom", "document")}
    wanted = wanted_of(lines, quantities, "qty_fulfilled")
    return following_draft(order, lines, wanted, on=on, client_uuid=client_uuid)


def _beyond_order(actor: Actor, order: PurchaseOrder, *, on: date, client_uuid: UUID) -> Draft:
    lines = {line.pk: line for line in order_lines(actor).filter(document_id=order.pk)}
    wanted = tolerated_left(lines.values())
    if not wanted:
        raise Refused("order_complete", number=order.number or "", partner=order.partner.name)
    return following_draft(order, lines, wanted, on=on, client_uuid=client_uuid)


def with_order_prices(actor: Actor, draft: Draft) -> Draft:
    """The draft with prices of its order lines where the actor may not see or left them out.

    Who may not see prices does not say either whether they include tax: that is as on the order.
    Raises Refused("price_hidden") when an actor without COST fills in goods without an order.
    """
    return _with_prices(actor, draft, order_lines(actor), "price_hidden")


def with_receipt_prices(actor: Actor, draft: Draft) -> Draft:
    """The draft with prices of its receipt lines where the actor may not see or left them out.

    Raises Refused("return_price_hidden") when an actor without COST fills in goods without one.
    """
    return _with_prices(actor, draft, receipt_lines(actor), "return_price_hidden")


def _with_prices(actor: Actor, draft: Draft, sources: QuerySet[Any], hidden: str) -> Draft:
    sees = actor.sees(FieldClass.COST)
    ids = {ln.source_line_id for ln in draft.lines if ln.source_line_id is not None}
    known = {line.pk: line for line in sources.filter(id__in=ids)}
    if known and not sees:
        stated = next(iter(known.values())).document.prices_include_tax
        draft = replace(draft, prices_include_tax=stated)
    lines = []
    for position, line in enumerate(draft.lines, start=1):
        source = known.get(line.source_line_id or 0)
        if source is None and not sees:
            raise Refused(hidden, f"lines.{position}.price")
        if source is not None and (not sees or line.price is None):
            line = priced_like(line, source, includes_tax=draft.prices_include_tax)
        if source is not None and source.batch is not None and not line.batch_no:
            line = replace(line, batch_no=source.batch.batch_no)
        lines.append(line)
    return replace(draft, lines=tuple(lines))


@dataclass(frozen=True, slots=True)
class LastPrice:
    """What we last paid a supplier for an item, per unit as typed."""

    dated: date
    price: Decimal
    item_uom_id: int
    number: str


def last_prices(actor: Actor, partner_id: int, item_ids: list[int]) -> dict[int, LastPrice]:
    """The newest posted price per item of this supplier; nothing without COST."""
    if not actor.sees(FieldClass.COST):
        return {}
    visible = PurchaseReceipt.objects.visible_to(actor).filter(
        partner_id=partner_id, status=Status.POSTED
    )
    rows = (
        PurchaseReceiptLine.objects.filter(
            document__in=visible, item_id__in=item_ids, quantity__gt=0
        )
        .order_by("item_id", "-document__dated", "-id")
        .distinct("item_id")
        .values_list("item_id", "document__dated", "price", "item_uom_id", "document__number")
    )
    return {row[0]: LastPrice(row[1], row[2], row[3], row[4] or "") for row in rows}


@dataclass(frozen=True, slots=True)
class PastPrice:
    """One posted receipt of an item: when, from whom, how much, per unit as typed."""

    receipt_id: int
    number: str | None
    dated: date
    partner_name: str
    quantity: Decimal
    uom: str
    price: Decimal
    discount_rate: Decimal


def past_prices(actor: Actor, item_id: int, partner_id: int | None) -> list[PastPrice]:
    """The newest ten receipts of an item, from one supplier or all in scope.

    Raises Refused("forbidden"); nothing for those who may not see costs.
    """
    demand(actor, "purchase_receipt.view")
    if not actor.sees(FieldClass.COST):
        return []
    visible = PurchaseReceipt.objects.visible_to(actor).filter(status=Status.POSTED)
    if partner_id is not None:
        visible = visible.filter(partner_id=partner_id)
    rows = PurchaseReceiptLine.objects.filter(
        document__in=visible, item_id=item_id, quantity__gt=0
    ).order_by("-document__dated", "-id")
    columns = rows.values_list(
        "document_id",
        "document__number",
        "document__dated",
        "document__partner__name",
        "quantity_in_unit",
        "item_uom__uom__name",
        "price",
        "discount_rate",
    )
    return [PastPrice(*row) for row in columns[:10]]
