"""Every read of partners, inside the actor's scope."""

from dataclasses import dataclass
from enum import StrEnum

from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet
from django.db.models.functions import Length

from hengcang.books.plans import planned_for_its_values
from hengcang.identity.access import demand
from hengcang.kernel import search
from hengcang.kernel.actor import Actor
from hengcang.kernel.errors import Refused
from hengcang.partners.models import Partner, PartnerCategory, PriceTier

SUGGESTIONS = 12


class Role(StrEnum):
    """On which side of the trade a partner stands."""

    CUSTOMER = "customer"
    SUPPLIER = "supplier"


@dataclass(frozen=True, slots=True)
class PartnerFilter:
    """Which partners to list. `after` is the code of the last row seen; None means all."""

    words: str = ""
    role: Role | None = None
    category_id: int | None = None
    salesperson_id: int | None = None
    is_active: bool | None = True
    after: str = ""
    limit: int = 50


def partners(actor: Actor, wanted: PartnerFilter) -> list[Partner]:
    """One page by code, with category, salesperson, roles and contacts loaded.

    Raises Refused("forbidden").
    """
    demand(actor, "partner.view")
    rows = _filtered(actor, wanted)
    if wanted.after:
        rows = rows.filter(code__gt=wanted.after)
    rows = rows.select_related("category", "salesperson", "customer__price_tier", "supplier")
    rows = rows.prefetch_related("contacts")
    with planned_for_its_values():
        return list(rows.order_by("code")[: wanted.limit])


def partner_count(actor: Actor, wanted: PartnerFilter) -> int:
    """How many partners the filter holds, over all its pages. Raises Refused("forbidden")."""
    demand(actor, "partner.view")
    with planned_for_its_values():
        return _filtered(actor, wanted).count()


def partner(actor: Actor, partner_id: int) -> Partner:
    """One partner with roles and contacts.

    Raises Refused: forbidden, not_found (also out of scope).
    """
    demand(actor, "partner.view")
    rows = Partner.objects.visible_to(actor).filter(id=partner_id)
    rows = rows.select_related("category", "salesperson", "customer__price_tier", "supplier")
    found = rows.prefetch_related("contacts").first()
    if found is None:
        raise Refused("not_found", what="往来单位")
    return found


def partner_for(actor: Actor, partner_id: int, role: Role) -> Partner:
    """A partner a new document of this side may name. For actions: asks for no partner.view.

    Raises Refused: not_found (also out of scope), partner_inactive, partner_wrong_role.
    """
    rows = Partner.objects.visible_to(actor).select_related("customer", "supplier")
    found = rows.filter(id=partner_id).first()
    if found is None:
        raise Refused("not_found", "partner", what="往来单位")
    if not found.is_active:
        raise Refused("partner_inactive", "partner", partner_name=found.name)
    if getattr(found, role.value, None) is None:
        label = "客户" if role is Role.CUSTOMER else "供应商"
        raise Refused("partner_wrong_role", "partner", partner_name=found.name, role=label)
    return found


def suggest_partners(
    actor: Actor, words: str, role: Role | None = None, limit: int = SUGGESTIONS
) -> list[Partner]:
    """Active partners in scope for what was typed so far, best first; at most `limit`.

    Exact code, then code prefix, initials prefix, name prefix, contains; shorter names first
    within each. Nothing typed gives the first by code. Raises Refused("forbidden").
    """
    demand(actor, "partner.view")
    rows = _filtered(actor, PartnerFilter(words=words, role=role))
    typed = search.words_of(words)
    if not typed:
        return list(rows.order_by("code")[:limit])
    first = typed[0]
    ranked = rows.annotate(
        is_code=_claim(Q(code=first.upper())),
        is_code_prefix=_claim(Q(code__startswith=first.upper())),
        is_initials=_claim(Q(search_initials__contains=search.HEAD + first)),
        is_name=_claim(Q(search_text__startswith=first)),
    )
    order = ("-is_code", "-is_code_prefix", "-is_initials", "-is_name", Length("name"), "code")
    with planned_for_its_values():
        return list(ranked.order_by(*order)[:limit])


def partner_ids(actor: Actor, word: str, limit: int) -> list[int]:
    """Ids of the partners in scope that a word of a search means, at most `limit`, no order.

    For lists of documents, which show their partners: asks no partner.view.
    """
    rows = _filtered(actor, PartnerFilter(words=word, is_active=None)).order_by()
    return list(rows.values_list("id", flat=True)[:limit])


def partner_ids_by_code(actor: Actor, codes: list[str]) -> dict[str, int]:
    """Ids of partners in scope by code as typed, letter case aside; unknown codes are missing."""
    demand(actor, "partner.view")
    keys = {code: code.strip().upper() for code in codes}
    rows = Partner.objects.visible_to(actor).filter(code__in=set(keys.values()))
    found = dict(rows.values_list("code", "id"))
    return {code: found[key] for code, key in keys.items() if key in found}


def categories(actor: Actor) -> QuerySet[PartnerCategory]:
    """All partner categories by name."""
    demand(actor, "partner.view")
    return PartnerCategory.objects.order_by("name")


def price_tiers(actor: Actor) -> QuerySet[PriceTier]:
    """All price tiers, oldest first. Raises Refused("forbidden")."""
    demand(actor, "partner.view")
    return PriceTier.objects.order_by("id")


def _claim(condition: Q) -> "ExpressionWrapper[Q]":
    return ExpressionWrapper(condition, output_field=BooleanField())


def _filtered(actor: Actor, wanted: PartnerFilter) -> QuerySet[Partner]:
    rows = Partner.objects.visible_to(actor)
    if wanted.is_active is not None:
        rows = rows.filter(is_active=wanted.is_active)
    if wanted.role is not None:
        rows = rows.filter(**{f"{wanted.role.value}__isnull": False})
    if wanted.category_id is not None:
        rows = rows.filter(category_id=wanted.category_id)
    if wanted.salesperson_id is not None:
        rows = rows.filter(salesperson_id=wanted.salesperson_id)
    for word in search.words_of(wanted.words):
        rows = rows.filter(search_tokens__contains=search.grams_of(word))
        rows = rows.filter(search_text__contains=word)
    return rows
