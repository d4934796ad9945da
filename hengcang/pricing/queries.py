"""Every read of price lists and agreed prices."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet

from hengcang.books.rows import one
from hengcang.identity.access import demand
from hengcang.kernel.actor import Actor
from hengcang.kernel.errors import Refused
from hengcang.partners.models import CustomerProfile, Partner
from hengcang.pricing.models import CustomerPrice, PriceList, PriceListLine
from hengcang.pricing.rules import Offer, Size, Step

Offers = dict[int, list[Offer]]
UNIT = ("item_uom_id", "item_uom__ratio_num", "item_uom__ratio_den")


def price_lists(actor: Actor) -> QuerySet[Any]:
    """All price lists with `line_count`, the newest validity first. Raises Refused("forbidden")."""
    demand(actor, "price.view")
    return PriceList.objects.annotate(line_count=Count("lines")).order_by("-valid_from", "-id")


def price_list(actor: Actor, list_id: int) -> Any:
    """One price list with `line_count`. Raises Refused: forbidden, not_found."""
    found = one(price_lists(actor).filter(id=list_id))
    if found is None:
        raise Refused("not_found", what="价格本")
    return found


def list_lines(actor: Actor, list_id: int) -> QuerySet[PriceListLine]:
    """The lines of a price list in the order typed, with item, unit and tier."""
    demand(actor, "price.view")
    rows = PriceListLine.objects.filter(price_list_id=list_id)
    return rows.select_related("item", "item_uom__uom", "tier").order_by("id")


def customer_prices(actor: Actor, partner_id: int) -> QuerySet[CustomerPrice]:
    """The agreed prices of a customer in scope, in the order typed. Raises Refused("forbidden")."""
    demand(actor, "price.view")
    rows = CustomerPrice.objects.filter(partner__in=Partner.objects.visible_to(actor))
    return (
        rows.filter(partner_id=partner_id)
        .select_related("item", "item_uom__uom")
        .order_by("item__code", "item_uom_id", "valid_from")
    )


def agreed_offers(actor: Actor, partner_id: int, item_ids: Collection[int], *, on: date) -> Offers:
    """What was agreed with a customer in scope for that day, by item, in one query.

    For proposing prices: asks no price.view, since whoever writes the line reads the price.
    """
    rows = CustomerPrice.objects.filter(partner_id=partner_id, item_id__in=item_ids)
    rows = rows.filter(partner__in=Partner.objects.visible_to(actor), valid_from__lte=on)
    rows = rows.filter(Q(valid_to=None) | Q(valid_to__gte=on)).order_by("-id")
    return _by_item(
        (item_id, Offer(Step.AGREED, price, Size(*unit), "协议价", since, until))
        for item_id, price, since, until, *unit in rows.values_list(
            "item_id", "price", "valid_from", "valid_to", *UNIT
        )
    )


def list_offers(actor: Actor, partner_id: int, item_ids: Collection[int], *, on: date) -> Offers:
    """What active lists say that day for the tier of a customer in scope and for everybody, by
    item, in one query. Asks no price.view, as agreed_offers.
    """
    customers = CustomerProfile.objects.filter(
        partner_id=partner_id, partner__in=Partner.objects.visible_to(actor)
    )
    rows = PriceListLine.objects.filter(
        item_id__in=item_ids, price_list__is_active=True, price_list__valid_from__lte=on
    )
    rows = rows.filter(Q(price_list__valid_to=None) | Q(price_list__valid_to__gte=on))
    rows = rows.filter(Q(tier=None) | Q(tier__in=customers.values("price_tier_id")))
    found = rows.order_by("-price_list_id").values_list(
        "item_id", "price", "price_list__valid_from", "price_list__valid_to",
        "price_list__name", "tier__name", *UNIT,
    )  # fmt: skip
    offers = []
    for item_id, price, since, until, name, tier, *unit in found:
        step, words = (Step.TIER, f"{tier}价") if tier else (Step.EVERYBODY, "价格本价")
        offers.append(
            (item_id, Offer(step, price, Size(*unit), f"{words}（{name}）", since, until))
        )
    return _by_item(offers)


def _by_item(offers: Iterable[tuple[int, Offer]]) -> Offers:
    found: Offers = {}
    for item_id, offer in offers:
        found.setdefault(item_id, []).append(offer)
    return found
