"""Reads of shipments: what is on its way, and how long already."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from hengcang.documents.flow import Status
from hengcang.identity.access import demand
from hengcang.kernel.actor import Actor
from hengcang.sales.models import SalesDelivery
from hengcang.sales.shipment_models import Shipment, ShipmentState


@dataclass(frozen=True, slots=True)
class ShipmentFilter:
    """Which shipments; None and "" mean all. `after`: (shipped_on, id) of the last row seen."""

    state: str = ""
    delivery_id: int | None = None
    partner_id: int | None = None
    tracking_no: str = ""
    after: tuple[date, int] | None = None
    limit: int = 50


def shipments(actor: Actor) -> QuerySet[Shipment]:
    """Shipments of deliveries the actor may see, the longest under way first.

    Raises Refused("forbidden").
    """
    demand(actor, "sales_delivery.view")
    rows = Shipment.objects.select_related("delivery__partner", "delivery__warehouse")
    if actor.warehouse_ids is not None or actor.own_partners_only or actor.partner_id is not None:
        visible = SalesDelivery.objects.visible_to(actor).order_by().values("id")
        rows = rows.filter(delivery__in=visible)
    return rows.order_by("shipped_on", "id")


def listed(actor: Actor, wanted: ShipmentFilter) -> list[Shipment]:
    """One page with the events of each. Goods of reversed deliveries are awaited by nobody."""
    rows = shipments(actor)
    if wanted.state:
        rows = rows.filter(state=wanted.state)
    if wanted.state == ShipmentState.SHIPPED:
        rows = rows.filter(delivery__status=Status.POSTED)
    if wanted.delivery_id is not None:
        rows = rows.filter(delivery_id=wanted.delivery_id)
    if wanted.partner_id is not None:
        rows = rows.filter(delivery__partner_id=wanted.partner_id)
    if wanted.tracking_no:
        rows = rows.filter(tracking_no__startswith=wanted.tracking_no)
    if wanted.after is not None:
        on, last = wanted.after
        rows = rows.filter(shipped_on__gte=on).exclude(shipped_on=on, id__lte=last)
    return list(rows.prefetch_related("events")[: wanted.limit])


def standing_of(actor: Actor, delivery_ids: Collection[int]) -> dict[int, str]:
    """For each of these deliveries that was sent: 待签收, or 已签收 when all of it was signed."""
    if not delivery_ids or not actor.may("sales_delivery.view"):
        return {}
    rows = Shipment.objects.filter(delivery_id__in=delivery_ids)
    live = rows.exclude(state=ShipmentState.WITHDRAWN).order_by("delivery_id")
    found: dict[int, str] = {}
    for delivery_id, state in live.values_list("delivery_id", "state"):
        if found.get(delivery_id) != ShipmentState.SHIPPED.label:
            found[delivery_id] = ShipmentState(state).label
    return found


def days_under_way(shipment: Shipment, today: date) -> int | None:
    """Days since it was sent while nobody has signed; None once that is over."""
    if shipment.state != ShipmentState.SHIPPED:
        return None
    return (today - shipment.shipped_on).days
