"""The warehouse and the partner a document names, within the actor's scope."""

from django.db import connection

from hengcang.books.rows import ask_by, ask_row
from hengcang.kernel.actor import Actor
from hengcang.kernel.errors import Refused
from hengcang.partners.models import CustomerProfile, Partner, SupplierProfile
from hengcang.places.models import Warehouse

ROLES = {"customer": "客户", "supplier": "供应商"}
PROFILES = {"customer": CustomerProfile, "supplier": SupplierProfile}


def warehouse_of(actor: Actor, warehouse_id: int) -> Warehouse:
    """The warehouse. Raises Refused: not_found (absent or out of scope), warehouse_inactive."""
    warehouse = ask_row(Warehouse.objects.all(), warehouse_id)()
    if warehouse is None or not actor.reaches(warehouse_id):
        raise Refused("not_found", "warehouse", what="仓库")
    return usable_warehouse(warehouse)


def usable_warehouse(warehouse: Warehouse) -> Warehouse:
    """The warehouse, still in use. Raises Refused: warehouse_inactive, warehouse_transit."""
    if not warehouse.is_active:
        raise Refused("warehouse_inactive", "warehouse", warehouse=warehouse.name)
    if warehouse.is_transit:
        raise Refused("warehouse_transit", "warehouse", warehouse=warehouse.name)
    return warehouse


def destination_of(warehouse_id: int | None, origin_id: int, what: str = "调入仓库") -> Warehouse:
    """The other end of a document: where goods of a transfer go, any warehouse in use but the one
    they leave.

    Raises Refused: field_missing, not_found, warehouse_inactive, warehouse_transit,
    same_warehouse.
    """
    if warehouse_id is None:
        raise Refused("field_missing", "to_warehouse", what=what)
    found = ask_row(Warehouse.objects.all(), warehouse_id)()
    if found is None:
        raise Refused("not_found", "to_warehouse", what=what)
    if warehouse_id == origin_id:
        raise Refused("same_warehouse", "to_warehouse", warehouse=found.name)
    return usable_warehouse(found)


def partner_of(actor: Actor, partner_id: int | None, role: str) -> Partner:
    """The partner with its profile of that role, "customer" or "supplier".

    Raises Refused: field_missing, not_found (absent or out of scope), partner_inactive,
    partner_wrong_role.
    """
    if partner_id is None:
        raise Refused("field_missing", "partner", what=ROLES[role])
    partner = ask_row(Partner.objects.visible_to(actor), partner_id)()
    if partner is None:
        raise Refused("not_found", "partner", what=ROLES[role])
    return usable_partner(with_role(partner, role), role)


def usable_partner(partner: Partner, role: str) -> Partner:
    """The partner, still in use and in that role.

    Raises Refused: partner_inactive, partner_wrong_role.
    """
    if not partner.is_active:
        raise Refused("partner_inactive", "partner", partner_name=partner.name)
    if not hasattr(partner, role):
        raise Refused("partner_wrong_role", "partner", partner_name=partner.name, role=ROLES[role])
    return partner


def with_role(partner: Partner, role: str) -> Partner:
    """The partner knows its profile of that role, if it has one."""
    for profile in ask_by(PROFILES[role], "partner_id", [partner.pk])():
        setattr(partner, role, profile)
    return partner


def credit_days_of(partner_id: int, role: str) -> int:
    """After how many days the partner in that role, which it has, pays or is paid."""
    table = connection.ops.quote_name(PROFILES[role]._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT credit_days FROM {table} WHERE partner_id = %s", [partner_id])
        return int(cursor.fetchone()[0])
