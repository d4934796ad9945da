"""Every read of warehouses, inside the actor's scope."""

from collections.abc import Collection

from django.db.models import Case, QuerySet, When

from hengcang.identity.access import demand
from hengcang.kernel.actor import Actor
from hengcang.kernel.errors import Refused
from hengcang.places.models import BinLocation, Warehouse


def warehouses(actor: Actor) -> QuerySet[Warehouse]:
    """The warehouses the actor reaches, by code, disabled ones too. Asks no permission."""
    if actor.warehouse_ids is None:
        return Warehouse.objects.order_by("code")
    return Warehouse.objects.filter(id__in=actor.warehouse_ids).order_by("code")


def active_warehouses(actor: Actor) -> QuerySet[Warehouse]:
    """Those of `warehouses` that new documents may name, the actor's usual one first."""
    rows = warehouses(actor).filter(is_active=True, is_transit=False)
    if actor.usual_warehouse_id is None:
        return rows
    return rows.order_by(Case(When(id=actor.usual_warehouse_id, then=0), default=1), "code")


def destinations(actor: Actor) -> QuerySet[Warehouse]:
    """Where goods can be sent: every warehouse in use, since the sender need not work there.

    Shops ask them for goods as well. Raises Refused("forbidden") without stock_transfer.save,
    shop_request.save or stock_transfer.view.
    """
    if not (actor.may("stock_transfer.save") or actor.may("shop_request.save")):
        demand(actor, "stock_transfer.view")
    return Warehouse.objects.filter(is_active=True, is_transit=False).order_by("code")


def warehouse(actor: Actor, warehouse_id: int) -> Warehouse:
    """One warehouse in reach. Raises Refused("not_found")."""
    found = warehouses(actor).filter(id=warehouse_id).first()
    if found is None:
        raise Refused("not_found", "warehouse", what="仓库")
    return found


def warehouse_for(actor: Actor, warehouse_id: int) -> Warehouse:
    """A warehouse that a new document of this actor may name.

    Raises Refused: not_found, warehouse_inactive, warehouse_transit.
    """
    found = warehouse(actor, warehouse_id)
    if not found.is_active:
        raise Refused("warehouse_inactive", "warehouse", warehouse=found.name)
    if found.is_transit:
        raise Refused("warehouse_transit", "warehouse", warehouse=found.name)
    return found


def warehouse_to_keep(actor: Actor, warehouse_id: int) -> Warehouse:
    """One warehouse for its card. Raises Refused: forbidden without warehouse.view, not_found."""
    demand(actor, "warehouse.view")
    return warehouse(actor, warehouse_id)


def bins_by_code(actor: Actor, warehouse_id: int, codes: Collection[str]) -> dict[str, int]:
    """The active bins of these codes in a warehouse the actor reaches; unknown ones are absent."""
    named = {code for code in codes if code}
    if not named or not actor.reaches(warehouse_id):
        return {}
    rows = BinLocation.objects.filter(warehouse_id=warehouse_id, code__in=named, is_active=True)
    return dict(rows.values_list("code", "id"))


def bins(actor: Actor, warehouse_id: int) -> QuerySet[BinLocation]:
    """Every bin of a warehouse in reach, by code, put away ones too. Raises Refused(not_found)."""
    return BinLocation.objects.filter(warehouse=warehouse(actor, warehouse_id)).order_by("code")


def bin_codes(actor: Actor, warehouse_id: int) -> list[str]:
    """The bins in use of a warehouse in reach, by code. Raises Refused("not_found")."""
    rows = bins(actor, warehouse_id).filter(is_active=True)
    return list(rows.values_list("code", flat=True))
