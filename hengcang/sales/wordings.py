"""What customers call our items: their own codes, and wordings people have matched before."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import QuerySet

from hengcang.identity.access import demand
from hengcang.kernel.actor import Actor
from hengcang.partners import queries as partners
from hengcang.partners.queries import Role
from hengcang.sales.models import CustomerAlias, CustomerItemCode


@dataclass(frozen=True, slots=True)
class Called:
    """A code or a wording, the item, and the unit it carries, if any."""

    text: str
    item_id: int
    item_uom_id: int | None = None


def codes_called(actor: Actor, partner_id: int, codes: Collection[str]) -> list[Called]:
    """Those of the customer's codes, in upper case, that are known."""
    demand(actor, "sales_order.view")
    rows = CustomerItemCode.objects.filter(partner_id=partner_id, code__in=codes).order_by()
    return [Called(*row) for row in rows.values_list("code", "item_id", "item_uom_id")]


def phrases_called(actor: Actor, partner_id: int, phrases: Collection[str]) -> list[Called]:
    """Those wordings of the customer's that people have matched before."""
    demand(actor, "sales_order.view")
    rows = CustomerAlias.objects.filter(partner_id=partner_id, phrase__in=phrases).order_by()
    return [Called(*row) for row in rows.values_list("phrase", "item_id")]


def item_codes(actor: Actor, partner_id: int) -> QuerySet[CustomerItemCode]:
    """A customer's own codes, with item and unit. Raises Refused: forbidden, not_found."""
    demand(actor, "sales_order.view")
    partners.partner(actor, partner_id)
    rows = CustomerItemCode.objects.filter(partner_id=partner_id)
    return rows.select_related("item", "item_uom__uom")


def aliases(actor: Actor, partner_id: int) -> QuerySet[CustomerAlias]:
    """What was matched for a customer before, with item. Raises Refused: forbidden, not_found."""
    demand(actor, "sales_order.view")
    partners.partner(actor, partner_id)
    rows = CustomerAlias.objects.filter(partner_id=partner_id)
    return rows.select_related("item")


def customer(actor: Actor, partner_id: int) -> None:
    """Raises Refused: not_found (also out of scope), partner_inactive, partner_wrong_role."""
    partners.partner_for(actor, partner_id, Role.CUSTOMER)
