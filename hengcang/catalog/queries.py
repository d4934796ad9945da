"""Every read of items. Purchase prices are None for those who may not see costs."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Prefetch, Q, QuerySet

from hengcang.books.plans import planned_for_its_values
from hengcang.books.rows import ask_by, with_related
from hengcang.catalog import typeahead
from hengcang.catalog.models import (
    Attribute,
    Barcode,
    Brand,
    Item,
    ItemCategory,
    ItemFamily,
    ItemUom,
    Uom,
)
from hengcang.identity.access import demand
from hengcang.kernel import search
from hengcang.kernel.actor import Actor, FieldClass
from hengcang.kernel.errors import Refused

SUGGESTIONS = 12


@dataclass(frozen=True, slots=True)
class ItemFilter:
    """Which items to list. `after` is the code of the last row seen; `is_active` None means all."""

    words: str = ""
    category_path: str = ""
    brand_id: int | None = None
    family_id: int | None = None
    is_active: bool | None = True
    after: str = ""
    limit: int = 50


@dataclass(frozen=True, slots=True)
class ItemHit:
    """A suggestion. `uom` is the unit whose barcode was typed, else the base unit."""

    item: Item
    uom: ItemUom


def items(actor: Actor, wanted: ItemFilter) -> list[Item]:
    """One page by code, with category, brand and base unit. Raises Refused("forbidden")."""
    demand(actor, "item.view")
    rows = _filtered(wanted).select_related("category", "brand", "base_uom")
    if wanted.after:
        rows = rows.filter(code__gt=wanted.after)
    with planned_for_its_values():
        page = list(rows.order_by("code")[: wanted.limit])
    return _without_costs(actor, page)


def item_count(actor: Actor, wanted: ItemFilter) -> int:
    """How many items the filter holds, over all its pages. Raises Refused("forbidden")."""
    demand(actor, "item.view")
    with planned_for_its_values():
        return _filtered(wanted).count()


def item(actor: Actor, item_id: int) -> Item:
    """One item with units, barcodes and values loaded. Raises Refused: forbidden, not_found."""
    demand(actor, "item.view")
    found = _whole().filter(id=item_id).first()
    if found is None:
        raise Refused("not_found", what="商品")
    return _without_costs(actor, [found])[0]


def item_head(actor: Actor, item_id: int) -> Item:
    """One item with its base unit, in one query. Raises Refused: forbidden, not_found."""
    demand(actor, "item.view")
    found = Item.objects.select_related("base_uom").filter(id=item_id).first()
    if found is None:
        raise Refused("not_found", what="商品")
    return _without_costs(actor, [found])[0]


@dataclass(frozen=True, slots=True)
class Goods:
    """An item with the units it may be written in; every item has at least its base unit."""

    item: Item
    uoms: list[ItemUom]


def items_of_lines(item_ids: Collection[int]) -> dict[int, Goods]:
    """Items by id with their units (and their `uom`), each table read once.

    For actions that build lines: it hides nothing, so its rows are not for showing.
    """
    found: dict[int, Goods] = {}
    for uom in with_related(ask_by(ItemUom, "item_id", item_ids)(), "item", "uom"):
        found.setdefault(uom.item_id, Goods(uom.item, [])).uoms.append(uom)
    return found


def item_ids_by_code(actor: Actor, codes: Collection[str]) -> dict[str, int]:
    """Ids by code as typed, letter case aside; unknown codes are missing."""
    demand(actor, "item.view")
    rows = Item.objects.filter(code__in={code.strip().upper() for code in codes})
    found = dict(rows.values_list("code", "id"))
    return {code: found[key] for code in codes if (key := code.strip().upper()) in found}


def suggest_items(actor: Actor, words: str, limit: int = SUGGESTIONS) -> list[ItemHit]:
    """Active items for what was typed so far, best first; at most `limit`.

    Exact barcode or code, then code prefix, initials prefix, name prefix, contains; by code
    within each. Units and base unit are loaded. Raises Refused("forbidden").
    """
    demand(actor, "item.view")
    with planned_for_its_values():
        found = typeahead.found(search.words_of(words), limit)
    loaded = {row.pk: row for row in _with_uoms().filter(id__in=list(found))}
    _without_costs(actor, list(loaded.values()))
    return [
        ItemHit(loaded[item_id], _unit(loaded[item_id], item_uom_id))
        for item_id, item_uom_id in found.items()
        if item_id in loaded
    ]


def item_by_barcode(actor: Actor, barcode: str) -> ItemHit:
    """The active item and unit of a scanned code; an item code works too, in the base unit.

    Raises Refused: forbidden, barcode_unknown, item_inactive.
    """
    demand(actor, "item.view")
    code = barcode.strip()
    row = Barcode.objects.filter(code=code).first()
    whole = _with_uoms()
    rows = whole.filter(id=row.item_id) if row else whole.filter(code=code.upper())
    found = rows.first()
    if found is None:
        raise Refused("barcode_unknown", "barcode", barcode=code[:40])
    if not found.is_active:
        raise Refused("item_inactive", "barcode", item_name=found.name)
    _without_costs(actor, [found])
    return ItemHit(found, _unit(found, row.item_uom_id if row else None))


def items_by_barcode(actor: Actor, barcodes: Collection[str]) -> dict[str, ItemHit]:
    """Item and unit of each scanned code, as item_by_barcode finds them, disabled items too.

    In four queries, for whole documents; unknown codes are missing. Raises Refused("forbidden").
    """
    demand(actor, "item.view")
    wanted = {barcode.strip() for barcode in barcodes}
    units = {row.code: row for row in Barcode.objects.filter(code__in=wanted)}
    codes = {barcode.upper() for barcode in wanted}
    named = Q(code__in=codes) | Q(id__in={row.item_id for row in units.values()})
    found = list(_with_uoms().filter(named))
    _without_costs(actor, found)
    by_id, by_code = {row.pk: row for row in found}, {row.code: row for row in found}
    hits: dict[str, ItemHit] = {}
    for barcode in barcodes:
        unit = units.get(barcode.strip())
        item = by_id[unit.item_id] if unit else by_code.get(barcode.strip().upper())
        if item is not None:
            hits[barcode] = ItemHit(item, _unit(item, unit.item_uom_id if unit else None))
    return hits


def units_of(actor: Actor, item_ids: Collection[int]) -> dict[int, list[ItemUom]]:
    """The units of these items, oldest first, each with `uom`, `item` and its base unit; one query.

    For whoever may see the document that names them: asks no permission, hides purchase prices.
    """
    hidden = not actor.sees(FieldClass.COST)
    rows = ItemUom.objects.filter(item_id__in=item_ids).select_related("uom", "item__base_uom")
    rows = rows.defer("item__search_text", "item__search_initials", "item__search_tokens")
    units: dict[int, list[ItemUom]] = {}
    for row in rows.order_by("id"):
        if hidden:
            row.purchase_price = row.item.purchase_price = None
        units.setdefault(row.item_id, []).append(row)
    return units


def hits_by_code(actor: Actor, codes: Collection[str]) -> dict[str, ItemHit]:
    """Active items by barcode or code as typed or scanned, set-based; unknown codes are missing.

    A barcode wins over a code. Raises Refused("forbidden").
    """
    demand(actor, "item.view")
    keys = {code: code.strip() for code in codes}
    barcodes = Barcode.objects.filter(code__in=set(keys.values()))
    scanned = {row.code: (row.item_id, row.item_uom_id) for row in barcodes}
    named = dict(
        Item.objects.filter(code__in={key.upper() for key in keys.values()}).values_list(
            "code", "id"
        )
    )
    found = {
        code: scanned[key] if key in scanned else (named[key.upper()], None)
        for code, key in keys.items()
        if key in scanned or key.upper() in named
    }
    units = units_of(actor, {item_id for item_id, _ in found.values()})
    hits = {
        code: _hit(units[item_id], item_uom_id)
        for code, (item_id, item_uom_id) in found.items()
        if item_id in units
    }
    return {code: hit for code, hit in hits.items() if hit.item.is_active}


def _hit(units: list[ItemUom], item_uom_id: int | None) -> ItemHit:
    base = next(unit for unit in units if unit.uom_id == unit.item.base_uom_id)
    return ItemHit(base.item, next((u for u in units if u.pk == item_uom_id), base))


def categories(actor: Actor) -> QuerySet[ItemCategory]:
    """All categories by path: parents come before their children."""
    demand(actor, "item.view")
    return ItemCategory.objects.order_by("path")


def brands(actor: Actor) -> QuerySet[Brand]:
    """All brands by name."""
    demand(actor, "item.view")
    return Brand.objects.order_by("name")


def uoms(actor: Actor) -> QuerySet[Uom]:
    """All units of measure, oldest first."""
    demand(actor, "item.view")
    return Uom.objects.order_by("id")


def attributes(actor: Actor) -> QuerySet[Attribute]:
    """All attributes with their values."""
    demand(actor, "item.view")
    return Attribute.objects.prefetch_related("values").order_by("id")


def families(actor: Actor) -> QuerySet[ItemFamily]:
    """All families by code, with attributes."""
    demand(actor, "item.view")
    return ItemFamily.objects.prefetch_related("attributes").order_by("code")


def _filtered(wanted: ItemFilter) -> QuerySet[Item]:
    rows = Item.objects.all()
    if wanted.is_active is not None:
        rows = rows.filter(is_active=wanted.is_active)
    if wanted.category_path:
        path = wanted.category_path
        rows = rows.filter(Q(category__path=path) | Q(category__path__startswith=path + "/"))
    if wanted.brand_id is not None:
        rows = rows.filter(brand_id=wanted.brand_id)
    if wanted.family_id is not None:
        rows = rows.filter(family_id=wanted.family_id)
    for word in search.words_of(wanted.words):
        rows = rows.filter(search_tokens__contains=search.grams_of(word))
        rows = rows.filter(search_text__contains=word)
    return rows


def _with_uoms() -> QuerySet[Item]:
    rows = Item.objects.defer("search_text", "search_initials", "search_tokens")
    rows = rows.select_related("base_uom")
    return rows.prefetch_related(Prefetch("uoms", ItemUom.objects.select_related("uom")))


def _whole() -> QuerySet[Item]:
    uoms = ItemUom.objects.select_related("uom").prefetch_related("barcodes")
    return Item.objects.select_related("category", "brand", "base_uom", "family").prefetch_related(
        Prefetch("uoms", uoms), "barcodes", "attribute_values__attribute"
    )


def _unit(found: Item, item_uom_id: int | None) -> ItemUom:
    """The unit of that id, else the base unit; the units are loaded already."""
    units = list(found.uoms.all())
    by_id = {uom.pk: uom for uom in units}
    if item_uom_id in by_id:
        return by_id[item_uom_id]
    return next(uom for uom in units if uom.uom_id == found.base_uom_id)


def _without_costs(actor: Actor, rows: list[Item]) -> list[Item]:
    """Purchase prices are blanked on rows that are only shown; nobody saves them."""
    if actor.sees(FieldClass.COST):
        return rows
    for row in rows:
        row.purchase_price = None
        for uom in row.__dict__.get("_prefetched_objects_cache", {}).get("uoms", ()):
            uom.purchase_price = None
    return rows
