"""Goods by what is typed or scanned, for whole sheets: plain records, two statements."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db import connection

from hengcang.identity.access import demand
from hengcang.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of an item: one of it is ratio_num ÷ ratio_den base units."""

    id: int
    name: str
    ratio_num: int
    ratio_den: int


@dataclass(frozen=True, slots=True)
class NamedGoods:
    """An item, active or not, with its units; `unit` is the barcode's, else the base unit."""

    item_id: int
    name: str
    places: int
    is_active: bool
    units: tuple[Unit, ...]
    unit: Unit


_FOUND = """
SELECT k.code, coalesce(b.item_id, i.id), b.item_uom_id FROM unnest(%s::text[]) k(code)
LEFT JOIN catalog_barcode b ON b.code = k.code
LEFT JOIN catalog_item i ON i.code = upper(k.code)
WHERE b.item_id IS NOT NULL OR i.id IS NOT NULL
"""
_UNITS = """
SELECT u.item_id, i.name, i.quantity_places, i.is_active, u.uom_id = i.base_uom_id, u.id, n.name,
 u.ratio_num, u.ratio_den FROM catalog_itemuom u JOIN catalog_item i ON i.id = u.item_id
JOIN catalog_uom n ON n.id = u.uom_id WHERE u.item_id = ANY(%s) ORDER BY u.id
"""


def goods_by_code(actor: Actor, codes: Collection[str]) -> dict[str, NamedGoods]:
    """The goods of each barcode or item code; unknown ones are missing. A barcode wins.

    Raises Refused("forbidden") without item.view.
    """
    demand(actor, "item.view")
    with connection.cursor() as cursor:
        cursor.execute(_FOUND, [sorted({code for code in codes if "\x00" not in code})])
        found = cursor.fetchall()
        cursor.execute(_UNITS, [sorted({item_id for _, item_id, _ in found})])
        rows = cursor.fetchall()
    units: dict[int, list[Unit]] = {}
    base: dict[int, Unit] = {}
    heads: dict[int, tuple[str, int, bool]] = {}
    for item_id, name, places, is_active, is_base, *unit in rows:
        heads[item_id] = (name, places, is_active)
        units.setdefault(item_id, []).append(one := Unit(*unit))
        if is_base:
            base[item_id] = one
    return {
        code: NamedGoods(
            item_id,
            *heads[item_id],
            tuple(units[item_id]),
            next((u for u in units[item_id] if u.id == uom_id), base[item_id]),
        )
        for code, item_id, uom_id in found
    }
