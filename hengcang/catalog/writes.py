"""Rows of items, written set-based from checked drafts, inside the transaction of an action."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, connection, models, transaction

from hengcang.catalog import rules
from hengcang.catalog.copying import copy_in
from hengcang.catalog.drafts import ItemDraft, UomDraft
from hengcang.catalog.models import (
    AttributeValue,
    Barcode,
    Brand,
    Item,
    ItemCategory,
    ItemFamily,
    ItemUom,
    Uom,
)
from hengcang.kernel.errors import Refused, RefusedLines

BATCH = 1000


@dataclass(frozen=True, slots=True)
class Named:
    """Ids behind the names that drafts use."""

    uoms: dict[str, int]
    categories: dict[str, int]
    brands: dict[str, int]


def named(drafts: Collection[ItemDraft]) -> Named:
    """Every unit, category and brand of the drafts exists."""
    uom_names = {draft.base_uom for draft in drafts}
    uom_names |= {uom.name for draft in drafts for uom in draft.uoms}
    return Named(
        _ids_of(Uom, uom_names),
        category_ids({draft.category for draft in drafts if draft.category}),
        _ids_of(Brand, {draft.brand for draft in drafts if draft.brand}),
    )


def category_ids(paths: Collection[str]) -> dict[str, int]:
    """Every path, and each one above it, is a category; the ids by path."""
    all_paths = sorted({path for full in paths for path in rules.paths_down_to(full)})
    known = dict(ItemCategory.objects.filter(path__in=all_paths).values_list("path", "id"))
    missing = [path for path in all_paths if path not in known]
    for depth in sorted({path.count("/") for path in missing}):
        level = [path for path in missing if path.count("/") == depth]
        ItemCategory.objects.bulk_create(
            [
                ItemCategory(
                    name=path.rpartition("/")[2],
                    parent_id=known.get(path.rpartition("/")[0]),
                    path=path,
                )
                for path in level
            ],
            ignore_conflicts=True,
        )
        known |= dict(ItemCategory.objects.filter(path__in=level).values_list("path", "id"))
    return known


def check_free(drafts: Sequence[ItemDraft], *, but: int = 0) -> None:
    """No other item has one of the codes or barcodes.

    Raises Refused("code_taken" or "barcode_taken"), or RefusedLines when there are many drafts.
    """
    holders = _code_holders([draft.code for draft in drafts], but)
    owners = _barcode_owners([c for draft in drafts for c in rules.all_barcodes(draft)], but)

    def free(draft: ItemDraft) -> None:
        if draft.code in holders:
            raise Refused("code_taken", "code", code_text=draft.code, name=holders[draft.code])
        for code in rules.all_barcodes(draft):
            if code in owners:
                raise barcode_taken(code, *owners[code])

    each_of(drafts, free)


def item_ids(codes: Collection[str]) -> dict[str, int]:
    """Ids by code. One array parameter: an IN list of thousands costs more than the search."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT code, id FROM catalog_item WHERE code = ANY(%s)", [list(codes)])
        return dict(cursor.fetchall())


def _code_holders(codes: list[str], but: int) -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT code, name FROM catalog_item WHERE code = ANY(%s) AND id <> %s", [codes, but]
        )
        return dict(cursor.fetchall())


def _barcode_owners(barcodes: list[str], but: int) -> dict[str, tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT b.code, i.code, i.name FROM catalog_barcode b"
            " JOIN catalog_item i ON i.id = b.item_id WHERE b.code = ANY(%s) AND i.id <> %s",
            [barcodes, but],
        )
        return {row[0]: (row[1], row[2]) for row in cursor.fetchall()}


def barcode_taken(barcode: str, item_code: str, item_name: str) -> Refused:
    return Refused(
        "barcode_taken", "barcodes", barcode=barcode, item_code=item_code, item_name=item_name
    )


def each_of(drafts: Sequence[ItemDraft], check: Callable[[ItemDraft], Any]) -> list[Any]:
    """What `check` makes of each; one refusal for one draft, all of them at once for many."""
    if len(drafts) == 1:
        return [check(drafts[0])]
    results: list[Any] = []
    refusals: list[Refused] = []
    for line, draft in enumerate(drafts, start=1):
        try:
            results.append(check(draft))
        except Refused as refusal:
            refusal.field = f"lines.{line}.{refusal.field}"
            refusals.append(refusal)
    if refusals:
        raise RefusedLines(refusals)
    return results


def insert_items(drafts: Sequence[ItemDraft]) -> list[Item]:
    """The items with their units, barcodes and values exist. Raises the codes of check_free."""
    check_free(drafts)
    names = named(drafts)
    try:
        with transaction.atomic():
            return _insert(drafts, names)
    except IntegrityError:
        check_free(drafts)  # names who was quicker
        raise


def _insert(drafts: Sequence[ItemDraft], names: Named) -> list[Item]:
    items = [Item(**item_columns(draft, names)) for draft in drafts]
    copy_in(items)
    uoms: list[ItemUom] = []
    barcodes: list[tuple[str, ItemUom]] = []
    for item, draft in zip(items, drafts, strict=True):
        for unit in all_uoms(draft):
            uom = ItemUom(item_id=item.pk, **uom_columns(unit, names))
            uoms.append(uom)
            barcodes += [(code, uom) for code in unit.barcodes]
    copy_in(uoms)
    copy_in([Barcode(code=c, item_uom_id=u.pk, item_id=u.item_id) for c, u in barcodes])
    _insert_values(items, drafts)
    return items


def _insert_values(items: Iterable[Item], drafts: Iterable[ItemDraft]) -> None:
    through: Any = Item.attribute_values.through
    through.objects.bulk_create(
        [
            through(item_id=item.pk, attributevalue_id=value)
            for item, draft in zip(items, drafts, strict=True)
            for value in draft.attribute_value_ids
        ],
        batch_size=BATCH,
    )


def all_uoms(draft: ItemDraft) -> list[UomDraft]:
    """The units of the item, the base unit first with ratio 1/1 and no price of its own."""
    return [UomDraft(draft.base_uom, 1, 1, barcodes=draft.barcodes), *draft.uoms]


def uom_columns(unit: UomDraft, names: Named) -> dict[str, Any]:
    num, den = rules.reduced(unit.ratio_num, unit.ratio_den)
    return {
        "uom_id": names.uoms[unit.name],
        "ratio_num": num,
        "ratio_den": den,
        "sale_price": unit.sale_price,
        "purchase_price": unit.purchase_price,
    }


def item_columns(draft: ItemDraft, names: Named) -> dict[str, Any]:
    keys = rules.item_search_keys(draft)
    return {
        "code": draft.code,
        "name": draft.name,
        "spec": draft.spec,
        "mnemonic": draft.mnemonic,
        "category_id": names.categories.get(draft.category),
        "brand_id": names.brands.get(draft.brand),
        "family_id": draft.family_id,
        "base_uom_id": names.uoms[draft.base_uom],
        "quantity_places": draft.quantity_places,
        "tax_rate": draft.tax_rate,
        "sale_price": draft.sale_price,
        "purchase_price": draft.purchase_price,
        "floor_price": draft.floor_price,
        "tracks_batch": draft.tracks_batch,
        "tracks_serials": draft.tracks_serials,
        "shelf_life_days": draft.shelf_life_days,
        "near_expiry_days": draft.near_expiry_days,
        "over_receipt_rate": draft.over_receipt_rate,
        "needs_inspection": draft.needs_inspection,
        "search_text": keys.text,
        "search_initials": keys.initials,
        "search_tokens": keys.tokens,
    }


def check_links(drafts: Collection[ItemDraft]) -> None:
    """Every named family and attribute value exists. Raises Refused("not_found")."""
    families = {draft.family_id for draft in drafts if draft.family_id is not None}
    if ItemFamily.objects.filter(id__in=families).count() != len(families):
        raise Refused("not_found", "family", what="款")
    values = {value for draft in drafts for value in draft.attribute_value_ids}
    if AttributeValue.objects.filter(id__in=values).count() != len(values):
        raise Refused("not_found", "attribute_values", what="属性值")


def _ids_of(model: type[models.Model], names: Collection[str]) -> dict[str, int]:
    """Every name has a row; the ids by name."""
    rows: Any = model._default_manager
    known = dict(rows.filter(name__in=names).values_list("name", "id"))
    missing = sorted(set(names) - set(known))
    if missing:
        rows.bulk_create([model(name=name) for name in missing], ignore_conflicts=True)
        known |= dict(rows.filter(name__in=missing).values_list("name", "id"))
    return known
