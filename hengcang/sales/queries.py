"""Reads of sales documents."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import cast
from uuid import UUID

from django.db import connection
from django.db.models import F, Q, QuerySet

from hengcang.books.rows import one
from hengcang.documents.drafts import Draft
from hengcang.documents.flow import Status
from hengcang.documents.following import following_draft, priced_like, wanted_of
from hengcang.documents.models import TradeLine
from hengcang.identity.access import demand
from hengcang.kernel.actor import Actor
from hengcang.kernel.errors import Refused
from hengcang.sales.models import (
    SalesChannel,
    SalesDelivery,
    SalesDeliveryLine,
    SalesOrder,
    SalesOrderLine,
    SalesQuote,
    SalesQuoteLine,
    SalesReturn,
)
from hengcang.sales.rules import refuse_expired

HEADER = ("partner", "warehouse", "channel", "salesperson")
"""What pages and programs tell of any document of a sale."""


def channels(actor: Actor) -> QuerySet[SalesChannel]:
    """All sales channels, the oldest first."""
    assert actor is not None
    return SalesChannel.objects.order_by("id")


@dataclass(frozen=True, slots=True)
class Credited:
    """Through which channel a sale may be made and whose it may be: ids and names."""

    channels: list[tuple[int, str]]
    people: list[tuple[int, str]]


def credited_to(actor: Actor) -> Credited:
    """The channels and the people in use, in one query for every page of a sale."""
    assert actor is not None
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1, id, name FROM sales_saleschannel WHERE is_active"
            " UNION ALL SELECT 2, id, name FROM identity_user WHERE is_active ORDER BY 1, 2"
        )
        rows = cursor.fetchall()
    return Credited(
        [(pk, name) for part, pk, name in rows if part == 1],
        sorted(((pk, name) for part, pk, name in rows if part == 2), key=lambda row: row[1]),
    )


def quotes(actor: Actor) -> QuerySet[SalesQuote]:
    """Quotations the actor may see, newest first. Raises Refused("forbidden")."""
    demand(actor, "sales_quote.view")
    rows = SalesQuote.objects.visible_to(actor).select_related(*HEADER)
    return cast("QuerySet[SalesQuote]", rows.order_by("-dated", "-id"))


def quote(actor: Actor, quote_id: int) -> SalesQuote:
    """One quotation. Raises Refused: forbidden, not_found."""
    found = one(quotes(actor).filter(id=quote_id))
    if found is None:
        raise Refused("not_found", what="报价单")
    return found


def quote_lines(actor: Actor) -> QuerySet[SalesQuoteLine]:
    """Lines of quotations the actor may see, with item and units, by quotation and position."""
    visible = SalesQuote.objects.visible_to(actor)
    return (
        SalesQuoteLine.objects.filter(document__in=visible)
        .select_related("document", "item__base_uom", "item_uom__uom")
        .order_by("document_id", "position")
    )


FREE = Q(is_gift=True) | Q(is_sample=True)


def orders(actor: Actor) -> QuerySet[SalesOrder]:
    """Orders the actor may see, newest first. Raises Refused("forbidden")."""
    demand(actor, "sales_order.view")
    rows = SalesOrder.objects.visible_to(actor).select_related(*HEADER)
    return cast("QuerySet[SalesOrder]", rows.order_by("-dated", "-id"))


def order(actor: Actor, order_id: int) -> SalesOrder:
    """One order. Raises Refused: forbidden, not_found."""
    found = one(orders(actor).filter(id=order_id))
    if found is None:
        raise Refused("not_found", what="销售订单")
    return found


def order_lines(actor: Actor) -> QuerySet[SalesOrderLine]:
    """Lines of orders the actor may see, with item and units, by order and position."""
    visible = SalesOrder.objects.visible_to(actor)
    return (
        SalesOrderLine.objects.filter(document__in=visible)
        .select_related("document", "item__base_uom", "item_uom__uom")
        .order_by("document_id", "position")
    )


def has_followers(order: SalesOrder) -> bool:
    """Whether any delivery, posted or not, names a line of the order."""
    return SalesDeliveryLine.objects.filter(source_line__document=order).exists()


def open_order_lines(actor: Actor, order_id: int) -> QuerySet[SalesOrderLine]:
    """Lines of an order with something left to deliver: quantity − qty_fulfilled, base units."""
    return order_lines(actor).filter(document_id=order_id, qty_fulfilled__lt=F("quantity"))


def deliveries(actor: Actor) -> QuerySet[SalesDelivery]:
    """Deliveries the actor may see, newest first. Raises Refused("forbidden")."""
    demand(actor, "sales_delivery.view")
    rows = SalesDelivery.objects.visible_to(actor).select_related("partner__customer", *HEADER)
    return cast("QuerySet[SalesDelivery]", rows.order_by("-dated", "-id"))


def delivery(actor: Actor, delivery_id: int) -> SalesDelivery:
    """One delivery. Raises Refused: forbidden, not_found."""
    found = one(deliveries(actor).filter(id=delivery_id))
    if found is None:
        raise Refused("not_found", what="销售出库单")
    return found


def delivery_lines(actor: Actor) -> QuerySet[SalesDeliveryLine]:
    """Lines of posted deliveries the actor may see, with item and units, in document order."""
    visible = SalesDelivery.objects.visible_to(actor).filter(status=Status.POSTED)
    return (
        SalesDeliveryLine.objects.filter(document__in=visible)
        .select_related("document", "item__base_uom", "item_uom__uom", "batch", "bin")
        .order_by("document_id", "position")
    )


def returnable_lines(actor: Actor, delivery_id: int) -> QuerySet[SalesDeliveryLine]:
    """Lines of a posted delivery with something not yet returned, base units."""
    return delivery_lines(actor).filter(
        document_id=delivery_id, quantity__gt=0, qty_returned__lt=F("quantity")
    )


def returns(actor: Actor) -> QuerySet[SalesReturn]:
    """Returns the actor may see, newest first. Raises Refused("forbidden")."""
    demand(actor, "sales_return.view")
    rows = SalesReturn.objects.visible_to(actor).select_related("partner__customer", *HEADER)
    return cast("QuerySet[SalesReturn]", rows.order_by("-dated", "-id"))


def sales_return(actor: Actor, return_id: int) -> SalesReturn:
    """One return. Raises Refused: forbidden, not_found."""
    found = one(returns(actor).filter(id=return_id))
    if found is None:
        raise Refused("not_found", what="销售退货单")
    return found


def order_draft(
    actor: Actor,
    quote: SalesQuote,
    quantities: dict[int, Decimal],
    *,
    on: date,
    client_uuid: UUID,
) -> Draft:
    """An order of these quote lines (base units; empty: all not yet ordered), filled in.

    Raises Refused: quote_expired, source_line_unknown.
    """
    refuse_expired(quote.number or "", quote.valid_until, on)
    rows = quote_lines(actor).filter(document_id=quote.pk, qty_fulfilled__lt=F("quantity"))
    lines = {line.pk: line for line in rows}
    wanted = wanted_of(lines, quantities, "qty_fulfilled")
    return following_draft(quote, lines, wanted, on=on, client_uuid=client_uuid)


def delivery_draft(
    actor: Actor,
    order: SalesOrder,
    quantities: dict[int, Decimal],
    *,
    on: date,
    client_uuid: UUID,
) -> Draft:
    """A delivery of these order lines (base units; empty: all that is open), filled in.

    All that is open goes from one warehouse: the order's, or the first that the actor reaches.
    Raises Refused("source_line_unknown") for a line of another order or with nothing open.
    """
    # The goods themselves are read when the lines are built: here only the units matter.
    rows = open_order_lines(actor, order.pk).select_related(None)
    lines = {line.pk: line for line in rows.select_related("item_uom", "document")}
    place = order.warehouse_id
    if not quantities:
        places = [place, *sorted({line.place_id for line in lines.values()} - {place})]
        found = [p for p in places if actor.reaches(p) and _from(lines, p)]
        place = found[0] if found else place
        lines = _from(lines, place)
    wanted = wanted_of(lines, quantities, "qty_fulfilled")
    draft = following_draft(order, lines, wanted, on=on, client_uuid=client_uuid)
    return replace(draft, warehouse_id=place)


def _from(lines: Mapping[int, SalesOrderLine], place: int) -> dict[int, SalesOrderLine]:
    return {pk: line for pk, line in lines.items() if line.place_id == place}


def return_draft(
    actor: Actor,
    delivery: SalesDelivery,
    quantities: dict[int, Decimal],
    *,
    on: date,
    client_uuid: UUID,
) -> Draft:
    """A return of these delivery lines (base units; empty: all not yet returned), filled in.

    Raises Refused("source_line_unknown") for a line of another delivery or with nothing left.
    """
    lines = {line.pk: line for line in returnable_lines(actor, delivery.pk)}
    wanted = wanted_of(lines, quantities, "qty_returned")
    return following_draft(delivery, lines, wanted, on=on, client_uuid=client_uuid)


def with_quote_prices(actor: Actor, draft: Draft) -> Draft:
    """The draft with the quote line's price where a line of a quotation states none."""
    ids = _unpriced_sources(draft)
    return _with_prices(
        draft, {ln.pk: ln for ln in quote_lines(actor).filter(id__in=ids)} if ids else {}
    )


def with_order_prices(actor: Actor, draft: Draft) -> Draft:
    """The draft with the order line's price where a line of an order states none."""
    ids = _unpriced_sources(draft)
    return _with_prices(
        draft, {ln.pk: ln for ln in order_lines(actor).filter(id__in=ids)} if ids else {}
    )


def with_delivery_prices(actor: Actor, draft: Draft) -> Draft:
    """The draft with the delivery line's price and batch where a line of a delivery states none."""
    ids = {
        line.source_line_id
        for line in draft.lines
        if line.source_line_id is not None and (line.price is None or not line.batch_no)
    }
    sources = {ln.pk: ln for ln in delivery_lines(actor).filter(id__in=ids)} if ids else {}
    return _with_batches(_with_prices(draft, sources), sources)


def _with_batches(draft: Draft, sources: dict[int, SalesDeliveryLine]) -> Draft:
    """What comes back is of the batch it went out from, unless the line says another."""
    if not any(source.batch_id for source in sources.values()):
        return draft
    lines = []
    for line in draft.lines:
        source = sources.get(line.source_line_id or 0)
        if source is not None and source.batch is not None and not line.batch_no:
            line = replace(line, batch_no=source.batch.batch_no)
        lines.append(line)
    return replace(draft, lines=tuple(lines))


def _unpriced_sources(draft: Draft) -> set[int]:
    return {
        line.source_line_id
        for line in draft.lines
        if line.source_line_id is not None and line.price is None
    }


def _with_prices(draft: Draft, sources: Mapping[int, TradeLine]) -> Draft:
    if not sources:
        return draft
    lines = []
    for line in draft.lines:
        source = sources.get(line.source_line_id or 0)
        if source is not None and line.price is None:
            line = priced_like(line, source, includes_tax=draft.prices_include_tax)
        lines.append(line)
    return replace(draft, lines=tuple(lines))


@dataclass(frozen=True, slots=True)
class LastPrice:
    """What a customer last paid for an item, per unit as typed."""

    dated: date
    price: Decimal
    item_uom_id: int
    number: str | None
    discount_rate: Decimal
    ratio_num: int
    ratio_den: int
    tax_rate: Decimal
    includes_tax: bool


def last_prices(
    actor: Actor, partner_id: int, item_ids: list[int], *, on: date | None = None
) -> dict[int, LastPrice]:
    """The newest posted price per item for this customer, up to a day if one is given, within the
    actor's scope.
    """
    visible = SalesDelivery.objects.visible_to(actor).filter(
        partner_id=partner_id, status=Status.POSTED
    )
    if on is not None:
        visible = visible.filter(dated__lte=on)
    rows = (
        SalesDeliveryLine.objects.filter(document__in=visible, item_id__in=item_ids, quantity__gt=0)
        .exclude(FREE)
        .order_by("item_id", "-document__dated", "-id")
        .distinct("item_id")
        .values_list(
            "item_id",
            "document__dated",
            "price",
            "item_uom_id",
            "document__number",
            "discount_rate",
            "item_uom__ratio_num",
            "item_uom__ratio_den",
            "tax_rate",
            "document__prices_include_tax",
        )
    )
    return {row[0]: LastPrice(*row[1:]) for row in rows}


@dataclass(frozen=True, slots=True)
class PastPrice:
    """One posted sale of an item: when, to whom, how much, per unit as typed."""

    delivery_id: int
    number: str | None
    dated: date
    partner_name: str
    quantity: Decimal
    uom: str
    price: Decimal
    discount_rate: Decimal


def past_prices(actor: Actor, item_id: int, partner_id: int | None) -> list[PastPrice]:
    """The newest ten sales of an item, to one customer or to all in scope."""
    demand(actor, "sales_delivery.view")
    visible = SalesDelivery.objects.visible_to(actor).filter(status=Status.POSTED)
    if partner_id is not None:
        visible = visible.filter(partner_id=partner_id)
    rows = SalesDeliveryLine.objects.filter(document__in=visible, item_id=item_id, quantity__gt=0)
    rows = rows.exclude(FREE)
    columns = rows.order_by("-document__dated", "-id").values_list(
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


def last_order_date(actor: Actor, partner_id: int) -> date | None:
    """When the customer ordered last, as far as the actor may see."""
    rows = SalesOrder.objects.visible_to(actor).filter(partner_id=partner_id)
    newest = (
        rows.exclude(status=Status.VOIDED).order_by("-dated", "-id").values_list("dated", flat=True)
    )
    return newest.first()
