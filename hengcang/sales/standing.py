"""Reads of standing orders."""

from datetime import date

from django.db.models import Q, QuerySet

from hengcang.books.rows import one
from hengcang.identity.access import demand
from hengcang.kernel.actor import Actor
from hengcang.kernel.errors import Refused
from hengcang.sales.standing_models import StandingOrder


def standing_orders(actor: Actor) -> QuerySet[StandingOrder]:
    """Those of the actor's warehouses and partners, the next first. Raises Refused("forbidden")."""
    demand(actor, "sales_order.view")
    rows = StandingOrder.objects.select_related("partner", "warehouse").order_by("next_on", "id")
    if actor.partner_id is not None:
        return rows.filter(partner_id=actor.partner_id)
    if actor.warehouse_ids is not None:
        rows = rows.filter(warehouse_id__in=actor.warehouse_ids)
    if actor.own_partners_only:
        mine = Q(partner__salesperson_id=actor.id)
        rows = rows.filter(mine | Q(partner__salesperson=None))
    return rows


def standing_order(actor: Actor, standing_id: int) -> StandingOrder:
    """One standing order. Raises Refused: forbidden, not_found."""
    found = one(standing_orders(actor).filter(id=standing_id))
    if found is None:
        raise Refused("not_found", what="定期订单")
    return found


def due(actor: Actor, on: date) -> list[int]:
    """The ids of those of which an order is to be made by that day."""
    rows = standing_orders(actor).filter(is_active=True, next_on__lte=on)
    return list(rows.values_list("id", flat=True))
