"""Rows of partners, written set-based from checked drafts, inside the transaction of an action."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import Any

from django.db import IntegrityError, connection, transaction

from hengcang.identity.models import User
from hengcang.kernel.errors import Refused
from hengcang.partners import rules
from hengcang.partners.drafts import PartnerDraft
from hengcang.partners.models import (
    Contact,
    CustomerProfile,
    Partner,
    PartnerCategory,
    PriceTier,
    SupplierProfile,
)

BATCH = 1000
AUTO_LOCK = 7_340_021  # one taker of automatic codes at a time, until the transaction ends


def check_free(draft: PartnerDraft, *, but: int = 0) -> None:
    """No other partner has the code. Raises Refused("code_taken")."""
    holder = Partner.objects.filter(code=draft.code).exclude(id=but).first()
    if holder is not None:
        raise Refused("code_taken", "code", code_text=draft.code, name=holder.name)


def check_salespeople(drafts: Iterable[PartnerDraft]) -> None:
    """Every named salesperson is a user. Raises Refused("not_found")."""
    ids = {draft.salesperson_id for draft in drafts if draft.salesperson_id is not None}
    if User.objects.filter(id__in=ids).count() != len(ids):
        raise Refused("not_found", "salesperson", what="业务员")


def check_tiers(drafts: Iterable[PartnerDraft]) -> None:
    """Every named price tier exists. Raises Refused("not_found")."""
    named = (draft.customer.price_tier_id for draft in drafts if draft.customer)
    ids = {tier_id for tier_id in named if tier_id is not None}
    if ids and PriceTier.objects.filter(id__in=ids).count() != len(ids):
        raise Refused("not_found", "customer.price_tier_id", what="价格等级")


def coded(drafts: Sequence[PartnerDraft]) -> list[PartnerDraft]:
    """The drafts with automatic codes where they had none, the next numbers in order."""
    if all(draft.code is not None for draft in drafts):
        return list(drafts)
    number = _last_automatic()
    given = {draft.code for draft in drafts}
    result: list[PartnerDraft] = []
    for draft in drafts:
        if draft.code is not None:
            result.append(draft)
            continue
        number += 1
        while rules.automatic_code(number) in given:
            number += 1
        result.append(replace(draft, code=rules.automatic_code(number)))
    return result


def insert_partners(drafts: Sequence[PartnerDraft]) -> list[Partner]:
    """The partners with roles and contacts exist. Raises Refused("code_taken")."""
    categories = _category_ids({draft.category for draft in drafts if draft.category})
    try:
        with transaction.atomic():
            return _insert(drafts, categories)
    except IntegrityError:
        for draft in drafts:
            check_free(draft)  # names who was quicker
        raise


def rewrite(partner: Partner, draft: PartnerDraft) -> dict[str, object]:
    """The locked partner, its roles and contacts are as drafted; what changed, for the audit."""
    columns = _columns(draft, _category_ids({draft.category} - {""}))
    changed: dict[str, object] = {}
    for column, value in columns.items():
        if getattr(partner, column) != value:
            if not column.startswith("search_"):
                changed[column] = [getattr(partner, column), value]
            setattr(partner, column, value)
    before = CustomerProfile.objects.filter(partner=partner).first()
    tiers = [getattr(terms, "price_tier_id", None) for terms in (before, draft.customer)]
    if tiers[0] != tiers[1]:
        changed["price_tier_id"] = tiers
    partner.version += 1
    partner.save()
    Contact.objects.filter(partner=partner).delete()
    CustomerProfile.objects.filter(partner=partner).delete()
    SupplierProfile.objects.filter(partner=partner).delete()
    _insert_parts([partner], [draft])
    return changed


def _insert(drafts: Sequence[PartnerDraft], categories: dict[str, int]) -> list[Partner]:
    partners = [Partner(**_columns(draft, categories)) for draft in drafts]
    Partner.objects.bulk_create(partners, batch_size=BATCH)
    _insert_parts(partners, drafts)
    return partners


def _insert_parts(partners: Sequence[Partner], drafts: Sequence[PartnerDraft]) -> None:
    pairs = list(zip(partners, drafts, strict=True))
    CustomerProfile.objects.bulk_create(
        [
            CustomerProfile(
                partner=p,
                credit_limit=d.customer.credit_limit,
                credit_days=d.customer.credit_days,
                price_tier_id=d.customer.price_tier_id,
            )
            for p, d in pairs
            if d.customer is not None
        ],
        batch_size=BATCH,
    )
    SupplierProfile.objects.bulk_create(
        [
            SupplierProfile(
                partner=p,
                credit_grade=d.supplier.credit_grade,
                credit_days=d.supplier.credit_days,
                lead_time_days=d.supplier.lead_time_days,
                over_receipt_rate=d.supplier.over_receipt_rate,
            )
            for p, d in pairs
            if d.supplier is not None
        ],
        batch_size=BATCH,
    )
    Contact.objects.bulk_create(
        [
            Contact(partner=p, name=c.name, title=c.title, phone=c.phone, email=c.email)
            for p, d in pairs
            for c in d.contacts
        ],
        batch_size=BATCH,
    )


def _columns(draft: PartnerDraft, categories: dict[str, int]) -> dict[str, Any]:
    keys = rules.partner_search_keys(draft)
    return {
        "code": draft.code,
        "name": draft.name,
        "category_id": categories.get(draft.category),
        "salesperson_id": draft.salesperson_id,
        "address": draft.address,
        "tax_no": draft.tax_no,
        "bank_name": draft.bank_name,
        "bank_account": draft.bank_account,
        "note": draft.note,
        "search_text": keys.text,
        "search_initials": keys.initials,
        "search_tokens": keys.tokens,
    }


def _category_ids(names: Collection[str]) -> dict[str, int]:
    PartnerCategory.objects.bulk_create(
        [PartnerCategory(name=name) for name in sorted(names)], ignore_conflicts=True
    )
    return dict(PartnerCategory.objects.filter(name__in=names).values_list("name", "id"))


def _last_automatic() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [AUTO_LOCK])
        cursor.execute(
            "SELECT coalesce(max(substr(code, %s)::int), 0) FROM partners_partner WHERE code ~ %s",
            [len(rules.AUTO_PREFIX) + 1, f"^{rules.AUTO_PREFIX}[0-9]{{{rules.AUTO_DIGITS},9}}$"],
        )
        return int(cursor.fetchone()[0])
