"""What people do with deliveries: one function per verb."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from hengcang.documents.actions import (
    derived_uuid,
    locked,
    locked_and_lines,
    recorded_birth,
    refuse_unless_draft,
    rewrite,
    step,
    void,
)
from hengcang.documents.attempts import action, swift_action
from hengcang.documents.discounts import discounted, money_columns
from hengcang.documents.drafts import Draft, Target
from hengcang.documents.following import (
    following_draft,
    goods_of,
    locked_with_lines,
    wanted_of,
)
from hengcang.documents.intents import claim, settle
from hengcang.documents.lines import (
    BuiltLine,
    built_lines,
    lines_of_goods,
    sale_price,
)
from hengcang.documents.parties import credit_days_of, warehouse_of
from hengcang.documents.parts import with_rests
from hengcang.documents.reversal import Undo
from hengcang.documents.sources import (
    fulfilled_by,
)
from hengcang.identity.access import demand
from hengcang.kernel.actor import Actor
from hengcang.kernel.errors import Refused
from hengcang.ledger import actions as ledger
from hengcang.ledger import undoing
from hengcang.ledger.entries import Posting
from hengcang.ledger.goods import sold
from hengcang.ledger.impact import Impact
from hengcang.ledger.serial_goods import chosen_now
from hengcang.sales import queries
from hengcang.sales.actions.fulfilling import (
    born_delivery,
    carried,
    consume,
    fulfil,
    refuse_foreign_orders,
    refuse_unfit,
    reservations,
    write_delivery_lines,
)
from hengcang.sales.headers import following_sale_header, sale_header
from hengcang.sales.models import (
    SalesDelivery,
    SalesDeliveryLine,
    SalesOrder,
    SalesOrderLine,
)
from hengcang.sales.places import places_of
from hengcang.sales.postings import delivery_posting
from hengcang.sales.price_rights import (
    Priced,
    Settled,
    floor_facts,
    refuse_discount,
    refuse_unauthorised,
    settled_by,
    sources_of,
)
from hengcang.sales.prices import usual_prices


@action
def save_delivery(draft: Draft, *, actor: Actor) -> SalesDelivery:
    """A draft delivery exists; the same intent again returns it.

    Raises as save_order, source_line_unknown; per line reprice_forbidden, price_forbidden.
    """
    demand(actor, "sales_delivery.save", warehouse_id=draft.warehouse_id)
    if (made := claim(draft.client_uuid, "sales_delivery.save", draft)) is not None:
        return queries.delivery(actor, made)
    delivery = _new(draft, actor)
    settle(draft.client_uuid, delivery.kind, delivery.pk)
    return delivery


@action
def change_delivery(target: Target, draft: Draft, *, actor: Actor) -> SalesDelivery:
    """The draft delivery is as filled in.

    Raises the codes of save_delivery, not_found, stale_version, wrong_status.
    """
    demand(actor, "sales_delivery.save", warehouse_id=draft.warehouse_id)
    delivery: SalesDelivery = locked(queries.deliveries(actor), target)
    header = sale_header(draft, actor=actor)
    settled = Settled(settled_by(delivery.lines.all()), _taken_off(delivery))
    lines, facts = _built(draft, actor, settled)
    lines = sold(lines, header["warehouse"], on=draft.dated)
    rewrite(delivery, header | money_columns(lines, draft), actor=actor, **facts)
    delivery.lines.all().delete()
    refuse_foreign_orders(delivery, lines, actor)
    write_delivery_lines(delivery, lines, {})
    return delivery


@swift_action
def post_delivery(target: Target, *, actor: Actor) -> SalesDelivery:
    """The goods have left at cost, the customer owes for them, the order lines are fulfilled.

    Locks the delivery, its orders, then the books. Raises Refused: forbidden, not_found,
    stale_version, wrong_status, source_not_open, more_than_ordered, and those of ledger.post.
    """
    visible = queries.deliveries(actor).select_related(None)
    delivery, lines = locked_and_lines(visible, target, SalesDeliveryLine)
    demand(actor, "sales_delivery.post", warehouse_id=delivery.warehouse_id)
    SalesDelivery.flow.target("post", delivery.status)
    return _posted(delivery, lines, actor)


@swift_action
def deliver_order(
    order_id: int, quantities: dict[int, Decimal], *, on: date, client_uuid: UUID, actor: Actor
) -> SalesDelivery:
    """Some or all of an approved order is delivered and posted in one act.

    `quantities` maps order line ids to base units; empty means all that is open.
    Raises as save_delivery and post_delivery; several_warehouses.
    """
    demand(actor, "sales_delivery.save")
    body = (order_id, sorted(quantities.items()), on)
    if (made := claim(client_uuid, "sales_order.deliver", body)) is not None:
        return queries.delivery(actor, made)
    order, lines = locked_with_lines(queries.orders(actor), order_id, SalesOrderLine)
    wanted = wanted_of(lines, quantities, "qty_fulfilled")
    places = places_of(lines[pk] for pk in wanted)
    if len(places) > 1:
        raise Refused("several_warehouses", "quantities", count=len(places))
    wish = Wish(order, {pk: lines[pk] for pk in wanted}, wanted, on, client_uuid)
    delivery = _delivered(wish, places[0], actor)
    settle(client_uuid, delivery.kind, delivery.pk)
    return delivery


@action
def deliver_by_warehouse(
    order_id: int, quantities: dict[int, Decimal], *, on: date, client_uuid: UUID, actor: Actor
) -> list[SalesDelivery]:
    """Some or all of an approved order is delivered and posted in one act: one delivery for every
    warehouse its lines go from, all of them or none.

    Raises as deliver_order, for each warehouse.
    """
    demand(actor, "sales_delivery.save")
    body = (order_id, sorted(quantities.items()), on)
    made = claim(client_uuid, "sales_order.deliver_by_warehouse", body)
    order, lines = locked_with_lines(queries.orders(actor), order_id, SalesOrderLine)
    if made is not None:
        keys = [derived_uuid(client_uuid, str(place)) for place in places_of(lines.values())]
        return list(queries.deliveries(actor).filter(client_uuid__in=keys).order_by("id"))
    wanted = wanted_of(lines, quantities, "qty_fulfilled")
    deliveries = []
    for place in places_of(lines[pk] for pk in wanted):
        here = {pk: quantity for pk, quantity in wanted.items() if lines[pk].place_id == place}
        sources = {pk: lines[pk] for pk in here}
        wish = Wish(order, sources, here, on, derived_uuid(client_uuid, str(place)))
        deliveries.append(_delivered(wish, place, actor))
    settle(client_uuid, order.kind, order.pk)
    return deliveries


@dataclass(frozen=True, slots=True)
class Wish:
    """Base units of these locked lines of an order are to leave on a day, as one delivery."""

    order: SalesOrder
    sources: dict[int, SalesOrderLine]
    wanted: dict[int, Decimal]
    on: date
    client_uuid: UUID


def _delivered(wish: Wish, place_id: int, actor: Actor) -> SalesDelivery:
    """A posted delivery from one warehouse."""
    order, sources = wish.order, wish.sources
    demand(actor, "sales_delivery.post", warehouse_id=place_id)
    refuse_unfit(sources, wish.wanted)
    draft = following_draft(order, sources, wish.wanted, on=wish.on, client_uuid=wish.client_uuid)
    draft = replace(draft, warehouse_id=place_id)
    built = lines_of_goods(draft, goods_of(sources.values(), draft), sale_price)
    built = with_rests(built, sources, SalesDeliveryLine, "qty_fulfilled")
    header = following_sale_header(draft, order)
    if place_id != order.warehouse_id:
        header["warehouse"] = warehouse_of(actor, place_id)
    built = sold(built, header["warehouse"], on=wish.on)
    delivery = born_delivery(header, draft, built, actor)
    written = write_delivery_lines(delivery, built, sources)
    recorded_birth(delivery, actor=actor)
    posting = delivery_posting(delivery, written, order.partner.customer.credit_days)
    with chosen_now():
        carried(written, posting, sources, actor)
    step(delivery, "post", actor=actor)
    return delivery


@action
def reverse_delivery(target: Target, undo: Undo, *, actor: Actor) -> SalesDelivery:
    """A posted mirror document undoes it, and is returned. The goods come back at the cost they
    left at; what was reserved for the order is again.

    Raises the codes of undoing.reverse.
    """

    def carry(twin: SalesDelivery, posting: Posting) -> None:
        fulfil(twin, list(twin.lines.all()), posting, actor)

    return undoing.reverse(queries.deliveries(actor), target, undo, carry, actor=actor)


@action
def void_delivery(target: Target, *, actor: Actor, reason: str = "") -> SalesDelivery:
    """The draft will never be posted; the log says why. Raises the codes of documents.void."""
    return void(queries.deliveries(actor), target, actor=actor, reason=reason)


def preview_delivery(delivery_id: int, *, actor: Actor) -> Impact:
    """What posting the draft delivery would change of booked costs; nothing is written.

    It counts on what is reserved for the orders it fulfils, as posting does.
    """
    delivery = queries.delivery(actor, delivery_id)
    demand(actor, "sales_delivery.post", warehouse_id=delivery.warehouse_id)
    lines = list(delivery.lines.all())
    wanted = fulfilled_by(lines)
    named = SalesOrderLine.objects.filter(id__in=wanted).select_related("document", "item")
    sources = {source.pk: source for source in named}
    try:
        refuse_unfit(sources, wanted)
    except Refused as refusal:
        return Impact(blocked=refusal)
    consume(lines, sources)
    promises, _ = reservations(lines, sources)
    return ledger.preview(replace(_posting(delivery, lines), promises=promises), actor=actor)


def preview_delivery_reversal(document_id: int, *, on: date, actor: Actor) -> Impact:
    """What reversing it would change of booked costs; nothing is written."""
    return undoing.preview(queries.delivery(actor, document_id), on=on, actor=actor)


def _new(draft: Draft, actor: Actor) -> SalesDelivery:
    header = sale_header(draft, actor=actor)
    lines, facts = _built(draft, actor, Settled())
    lines = sold(lines, header["warehouse"], on=draft.dated)
    delivery = born_delivery(header, draft, lines, actor)
    refuse_foreign_orders(delivery, lines, actor)
    write_delivery_lines(delivery, lines, {})
    recorded_birth(delivery, actor=actor, **facts)
    return delivery


def _built(
    draft: Draft, actor: Actor, settled: Settled
) -> tuple[list[BuiltLine], dict[str, object]]:
    """Lines of an order at its prices and with their part of its discount, others at the
    customer's; and what the log says of them."""
    priced = queries.with_order_prices(actor, draft)
    lines = built_lines(priced, usual_prices(actor, priced))
    sources = sources_of(lines, actor)
    lines = with_rests(lines, sources, SalesDeliveryLine, "qty_fulfilled")
    checked = Priced(draft, discounted(lines, draft), settled.deals, sources)
    refuse_unauthorised(checked, actor)
    refuse_discount(checked, settled.off, actor)
    return checked.lines, floor_facts(checked, actor)


def _taken_off(delivery: SalesDelivery) -> Decimal:
    off: Decimal = delivery.bill_discount + delivery.rounding_off
    return off


def _posting(delivery: SalesDelivery, lines: list[SalesDeliveryLine]) -> Posting:
    return delivery_posting(delivery, lines, credit_days_of(delivery.partner_id, "customer"))


def _posted(delivery: SalesDelivery, lines: list[SalesDeliveryLine], actor: Actor) -> SalesDelivery:
    refuse_unless_draft(delivery)
    fulfil(delivery, lines, _posting(delivery, lines), actor)
    step(delivery, "post", actor=actor)
    return delivery
