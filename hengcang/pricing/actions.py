"""What people do with price lists, tiers and agreed prices."""

from collections.abc import Callable, Collection, Sequence
from decimal import Decimal
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import F

from hengcang.books.inserting import insert_rows
from hengcang.books.rows import one
from hengcang.catalog.models import ItemUom
from hengcang.compliance import audit
from hengcang.compliance.audit import Subject
from hengcang.identity.access import demand
from hengcang.kernel.actor import Actor
from hengcang.kernel.codes import checked_text
from hengcang.kernel.errors import Refused, RefusedLines
from hengcang.kernel.numbers import shown
from hengcang.partners.models import Partner, PriceTier
from hengcang.pricing import rules
from hengcang.pricing.drafts import (
    MAX_LINES,
    Adjustment,
    AgreedDraft,
    ListLineDraft,
    PriceListDraft,
)
from hengcang.pricing.models import CustomerPrice, PriceList, PriceListLine

D = TypeVar("D", ListLineDraft, AgreedDraft)
SAID = 20  # how many single prices an audit line names


@transaction.atomic
def add_tier(name: str, *, actor: Actor) -> PriceTier:
    """The tier exists. Raises Refused: forbidden, field_missing, field_invalid, name_taken."""
    demand(actor, "price.save")
    checked = checked_text(name.strip(), "name", "等级", 40)
    if PriceTier.objects.filter(name=checked).exists():
        raise Refused("name_taken", "name", name=checked)
    tier = PriceTier.objects.create(name=checked)
    audit.record(actor, "price_tier.create", Subject("price_tier", tier.pk, tier.name))
    return tier


@transaction.atomic
def save_list(draft: PriceListDraft, *, actor: Actor) -> PriceList:
    """A new price list exists with its lines.

    Raises Refused: forbidden, field_missing, field_invalid, name_taken, validity_backwards,
    no_lines, too_many_lines; RefusedLines with item_unknown, uom_unknown, amount_negative,
    not_found (tier), price_twice per line.
    """
    demand(actor, "price.save")
    name = _free_name(draft.name)
    lines = _checked_lines(draft)
    made = PriceList.objects.create(name=name, **_header(draft))
    _write_lines(made, lines)
    audit.record(actor, "price_list.create", _subject(made), lines=len(lines))
    return made


@transaction.atomic
def change_list(list_id: int, version: int, draft: PriceListDraft, *, actor: Actor) -> PriceList:
    """The price list is as filled in. Locks it.

    Raises the codes of save_list, not_found, stale_version.
    """
    demand(actor, "price.save")
    price_list = _locked_list(list_id, version)
    name = _free_name(draft.name, but=list_id)
    lines = _checked_lines(draft)
    before = _prices_of(price_list)
    for column, value in {"name": name, **_header(draft)}.items():
        setattr(price_list, column, value)
    price_list.version += 1
    price_list.save()
    price_list.lines.all().delete()
    _write_lines(price_list, lines)
    facts = _changes(before, {(u, line.tier_id): line.price for u, line in lines})
    audit.record(actor, "price_list.change", _subject(price_list), **facts)
    return price_list


@transaction.atomic
def adjust_list(list_id: int, version: int, wanted: Adjustment, *, actor: Actor) -> PriceList:
    """A new list has every price moved by the percent from that day on; the old one ends the day
    before, where it went on. Locks the old list.

    Raises Refused: forbidden, not_found, stale_version, name_taken, rate_too_far, field_invalid,
    adjust_too_early (the day is not after the old list began), adjust_too_late (after its end).
    """
    demand(actor, "price.save")
    old = _locked_list(list_id, version)
    if wanted.on <= old.valid_from:
        raise Refused("adjust_too_early", "on", since=f"{old.valid_from}")
    if old.valid_to is not None and wanted.on > old.valid_to:
        raise Refused("adjust_too_late", "on", until=f"{old.valid_to}")
    name = _free_name(wanted.name)
    made = PriceList.objects.create(
        name=name, valid_from=wanted.on, valid_to=old.valid_to, note=old.note
    )
    insert_rows(
        [
            PriceListLine(
                price_list=made,
                item_id=line.item_id,
                item_uom_id=line.item_uom_id,
                tier_id=line.tier_id,
                price=rules.adjusted(line.price, wanted.percent, wanted.places),
            )
            for line in old.lines.order_by("id")
        ]
    )
    old.valid_to = wanted.on - rules.ONE_DAY
    old.version += 1
    old.save(update_fields=["valid_to", "version"])
    percent = shown(wanted.percent)
    audit.record(actor, "price_list.adjust", _subject(old), percent=percent, to=name)
    audit.record(actor, "price_list.create", _subject(made), percent=percent, of=old.name)
    return made


@transaction.atomic
def agree_prices(
    partner_id: int, version: int, drafts: Sequence[AgreedDraft], *, actor: Actor
) -> Partner:
    """These, and no others, are the agreed prices of the customer, who has a new version.

    Locks the customer. Raises Refused: forbidden, not_found (also out of scope), stale_version,
    partner_wrong_role, too_many_lines; RefusedLines with item_unknown, uom_unknown,
    amount_negative, validity_backwards, price_twice per line.
    """
    demand(actor, "price.save")
    rows = Partner.objects.visible_to(actor).select_for_update(of=("self",))
    partner = one(rows.filter(id=partner_id).select_related("customer"))
    if partner is None:
        raise Refused("not_found", what="客户")
    if partner.version != version:
        raise Refused("stale_version", "version", version=partner.version, seen=version)
    if not hasattr(partner, "customer"):
        raise Refused("partner_wrong_role", "partner", partner_name=partner.name, role="客户")
    found = _resolved(drafts, lambda draft, uom: (uom, draft.valid_from))
    before = {
        (row.item_uom_id, row.valid_from): row.price
        for row in CustomerPrice.objects.filter(partner=partner)
    }
    CustomerPrice.objects.filter(partner=partner).delete()
    insert_rows(
        [
            CustomerPrice(
                partner=partner,
                item_id=draft.item_id,
                item_uom_id=uom,
                price=draft.price,
                valid_from=draft.valid_from,
                valid_to=draft.valid_to,
            )
            for uom, draft in found
        ]
    )
    Partner.objects.filter(id=partner_id).update(version=F("version") + 1)
    partner.version += 1
    facts = _changes(before, {(uom, draft.valid_from): draft.price for uom, draft in found})
    subject = Subject("partner", partner.pk, f"{partner.code} {partner.name}"[:80])
    audit.record(actor, "partner.agree_prices", subject, **facts)
    return partner


def _header(draft: PriceListDraft) -> dict[str, Any]:
    rules.checked_validity(draft.valid_from, draft.valid_to)
    if draft.note:
        checked_text(draft.note, "note", "备注", 200)
    return {
        "valid_from": draft.valid_from,
        "valid_to": draft.valid_to,
        "note": draft.note,
        "is_active": draft.is_active,
    }


def _free_name(name: str, *, but: int = 0) -> str:
    checked = checked_text(name.strip(), "name", "价格本名称", 60)
    if PriceList.objects.filter(name=checked).exclude(id=but).exists():
        raise Refused("name_taken", "name", name=checked)
    return checked


def _locked_list(list_id: int, version: int) -> PriceList:
    found = one(PriceList.objects.select_for_update().filter(id=list_id))
    if found is None:
        raise Refused("not_found", what="价格本")
    if found.version != version:
        raise Refused("stale_version", "version", version=found.version, seen=version)
    return found


def _checked_lines(draft: PriceListDraft) -> list[tuple[int, ListLineDraft]]:
    """The lines with the ids of their units."""
    if not draft.lines:
        raise Refused("no_prices", "lines")
    tiers = set(PriceTier.objects.values_list("id", flat=True)) | {None}
    return _resolved(draft.lines, lambda line, uom: (uom, _known(line.tier_id, tiers)))


def _known(tier_id: int | None, tiers: Collection[int | None]) -> int | None:
    if tier_id not in tiers:
        raise Refused("not_found", "tier", what="价格等级")
    return tier_id


def _resolved(drafts: Sequence[D], key_of: Callable[[D, int], object]) -> list[tuple[int, D]]:
    """Every draft with the id of its unit; no two with the same key. Two queries for all.

    Raises Refused("too_many_lines"); RefusedLines on `lines.<n>.<field>`.
    """
    if len(drafts) > MAX_LINES:
        raise Refused("too_many_lines", "lines", limit=MAX_LINES, count=len(drafts))
    rows = ItemUom.objects.filter(item_id__in={draft.item_id for draft in drafts})
    units: dict[int, list[ItemUom]] = {}
    for row in rows.select_related("item").order_by("id"):
        units.setdefault(row.item_id, []).append(row)
    found: list[tuple[int, D]] = []
    refusals: list[Refused] = []
    seen: set[object] = set()
    for number, draft in enumerate(drafts, start=1):
        try:
            uom = _unit_of(draft, units.get(draft.item_id, []))
            found.append((uom.pk, draft))
            _once(key_of(draft, uom.pk), seen, uom)
        except Refused as refusal:
            refusal.field = f"lines.{number}.{refusal.field}"
            refusals.append(refusal)
    if refusals:
        raise RefusedLines(refusals)
    return found


def _unit_of(draft: ListLineDraft | AgreedDraft, units: list[ItemUom]) -> ItemUom:
    if not units:
        raise Refused("item_unknown", "item", item_id=draft.item_id)
    if draft.price < 0:
        raise Refused("amount_negative", "price", text=shown(draft.price))
    if isinstance(draft, AgreedDraft):
        rules.checked_validity(draft.valid_from, draft.valid_to)
    item = units[0].item
    for unit in units:
        if draft.item_uom_id == unit.pk:
            return unit
        if draft.item_uom_id is None and unit.uom_id == item.base_uom_id:
            return unit
    raise Refused("uom_unknown", "uom", item_name=item.name)


def _once(key: object, seen: set[object], uom: ItemUom) -> None:
    if key in seen:
        raise Refused("price_twice", "item", item_name=uom.item.name)
    seen.add(key)


def _write_lines(price_list: PriceList, lines: list[tuple[int, ListLineDraft]]) -> None:
    insert_rows(
        [
            PriceListLine(
                price_list=price_list,
                item_id=line.item_id,
                item_uom_id=uom,
                tier_id=line.tier_id,
                price=line.price,
            )
            for uom, line in lines
        ]
    )


def _prices_of(price_list: PriceList) -> dict[tuple[int, Any], Decimal]:
    rows = price_list.lines.values_list("item_uom_id", "tier_id", "price")
    return {(uom, tier): price for uom, tier, price in rows}


def _changes(
    before: dict[tuple[int, Any], Decimal], after: dict[tuple[int, Any], Decimal]
) -> dict[str, object]:
    """For the audit: how many prices came, went and moved, and the first twenty that moved."""
    moved = [key for key, price in after.items() if before.get(key, price) != price]
    units = ItemUom.objects.select_related("item", "uom").in_bulk([u for u, _ in moved[:SAID]])
    return {
        "added": len(after.keys() - before.keys()),
        "removed": len(before.keys() - after.keys()),
        "moved": len(moved),
        "prices": [
            [
                f"{units[key[0]].item.code} {units[key[0]].uom.name}",
                shown(before[key]),
                shown(after[key]),
            ]
            for key in moved[:SAID]
        ],
    }


def _subject(price_list: PriceList) -> Subject:
    return Subject("price_list", price_list.pk, price_list.name)
