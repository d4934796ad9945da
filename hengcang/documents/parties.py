"""The warehouse and the partner a document names, within the actor's scope."""

from hengcang.kernel.actor import Actor
from hengcang.kernel.errors import Refused
from hengcang.partners.models import Partner
from hengcang.places.models import Warehouse

ROLES = {"customer": "客户", "supplier": "供应商"}


def warehouse_of(actor: Actor, warehouse_id: int) -> Warehouse:
    """The warehouse. Raises Refused: not_found (absent or out of scope), warehouse_inactive."""
    warehouse = Warehouse.objects.filter(id=warehouse_id).first()
    if warehouse is None or not actor.reaches(warehouse_id):
        raise Refused("not_found", "warehouse", what="仓库")
    if not warehouse.is_active:
        raise Refused("warehouse_inactive", "warehouse", warehouse=warehouse.name)
    return warehouse


def partner_of(actor: Actor, partner_id: int | None, role: str) -> Partner:
    """The partner with its profile of that role, "customer" or "supplier".

    Raises Refused: field_missing, not_found (absent or out of scope), partner_inactive,
    partner_wrong_role.
    """
    if partner_id is None:
        raise Refused("field_missing", "partner", what=ROLES[role])
    rows = Partner.objects.visible_to(actor).select_related("customer", "supplier")
    partner = rows.filter(id=partner_id).first()
    if partner is None:
        raise Refused("not_found", "partner", what=ROLES[role])
    if not partner.is_active:
        raise Refused("partner_inactive", "partner", partner_name=partner.name)
    if not hasattr(partner, role):
        raise Refused("partner_wrong_role", "partner", partner_name=partner.name, role=ROLES[role])
    return partner
