"""Reads of purchase documents."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import cast
from uuid import UUID

from django.db.models import F, QuerySet

from hengcang.documents.drafts import Draft, LineDraft
from hengcang.documents.flow import Status
from hengcang.documents.sources import in_unit_of, price_in
from hengcang.identity.access import demand
from hengcang.kernel.actor import Actor, FieldClass
from hengcang.kernel.errors import Refused
from hengcang.purchasing.models import (
    PurchaseOrder,
    PurchaseOrderLine,
    PurchaseReceipt,
    PurchaseReceiptLine,
)


def orders(actor: Actor) -> QuerySet[PurchaseOrder]:
    """Orders the actor may see, newest first. Raises Refused("forbidden")."""
    demand(actor, "purchase_order.view")
    rows = PurchaseOrder.objects.visible_to(actor).select_related("partner", "warehouse")
    return cast("QuerySet[PurchaseOrder]", rows.order_by("-dated", "-id"))


def order(actor: Actor, order_id: int) -> PurchaseOrder:
    """One order. Raises Refused: forbidden, not_found."""
    found = orders(actor).filter(id=order_id).first()
    if found is None:
        raise Refused("not_found", what="采购订单")
    return found


def order_lines(actor: Actor) -> QuerySet[PurchaseOrderLine]:
    """Lines of orders the actor may see, with item and unit, by order and position."""
    visible = PurchaseOrder.objects.visible_to(actor)
    return (
        PurchaseOrderLine.objects.filter(document__in=visible)
        .select_related("document", "item__base_uom", "item_uom__uom")
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
    found = receipts(actor).filter(id=receipt_id).first()
    if found is None:
        raise Refused("not_found", what="采购入库单")
    return found


def receipt_draft(
    actor: Actor,
    order: PurchaseOrder,
    quantities: dict[int, Decimal],
    *,
    on: date,
    client_uuid: UUID,
) -> Draft:
    """A receipt of these order lines (base units; empty: all that is open), filled in.

    Raises Refused("source_line_unknown") for a line of another order or with nothing open.
    """
    # The goods themselves are read when the lines are built: here only the units matter.
    rows = open_order_lines(actor, order.pk).select_related(None)
    rows = rows.select_related("item_uom", "document")
    lines = {line.pk: line for line in rows}
    wanted = quantities or {pk: line.quantity - line.qty_fulfilled for pk, line in lines.items()}
    if not set(wanted) <= set(lines) or not wanted:
        raise Refused("source_line_unknown", "lines")
    return Draft(
        client_uuid=client_uuid,
        dated=on,
        warehouse_id=order.warehouse_id,
        partner_id=order.partner_id,
        prices_include_tax=order.prices_include_tax,
        external_no=order.external_no,
        lines=tuple(_from_order_line(lines[pk], wanted[pk]) for pk in sorted(wanted)),
    )


def with_order_prices(actor: Actor, draft: Draft) -> Draft:
    """The draft with prices of its order lines where the actor may not see or left them out.

    Who may not see prices does not say either whether they include tax: that is as on the order.
    Raises Refused("price_hidden") when an actor without COST fills in goods without an order.
    """
    sees = actor.sees(FieldClass.COST)
    ids = {ln.source_line_id for ln in draft.lines if ln.source_line_id is not None}
    known = {line.pk: line for line in order_lines(actor).filter(id__in=ids)}
    if known and not sees:
        stated = next(iter(known.values())).document.prices_include_tax
        draft = replace(draft, prices_include_tax=stated)
    lines = []
    for position, line in enumerate(draft.lines, start=1):
        source = known.get(line.source_line_id or 0)
        if source is None and not sees:
            raise Refused("price_hidden", f"lines.{position}.price")
        if source is not None and (not sees or line.price is None):
            lines.append(_priced_like(line, source, includes_tax=draft.prices_include_tax))
        else:
            lines.append(line)
    return replace(draft, lines=tuple(lines))


def _priced_like(line: LineDraft, source: PurchaseOrderLine, *, includes_tax: bool) -> LineDraft:
    """The order's price, converted to the line's unit and tax where those differ (4 dp)."""
    return replace(
        line,
        price=price_in(source, line.item_uom_id, includes_tax=includes_tax),
        discount_rate=source.discount_rate,
        tax_rate=source.tax_rate,
    )


def _from_order_line(line: PurchaseOrderLine, quantity: Decimal) -> LineDraft:
    in_unit, uom_id = in_unit_of(line, quantity)
    base = LineDraft(
        item_id=line.item_id, quantity=in_unit, item_uom_id=uom_id, source_line_id=line.pk
    )
    return _priced_like(base, line, includes_tax=line.document.prices_include_tax)


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
