"""A sheet of counted goods as text: read, with everything that is wrong in it at once."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from hengcang.catalog.naming import NamedGoods
from hengcang.documents.rules import Ratio, base_quantity
from hengcang.kernel.errors import Refused
from hengcang.kernel.numbers import QUANTITY_PLACES, strict_decimal
from hengcang.kernel.rounding import ZERO
from hengcang.stock.count_drafts import Built

HEADINGS = frozenset({"编码", "商品编码", "条码", "编码或条码", "code", "barcode"})
MOST_CELLS = 5
ZONE_LENGTH, NOTE_LENGTH = 40, 200
_SEPARATOR = re.compile(r"[\t,，]")


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One line as typed; `number` counts the lines of the sheet from 1."""

    number: int
    code: str
    quantity: Decimal
    unit: str = ""
    zone: str = ""
    note: str = ""


def read_sheet(text: str) -> tuple[list[SheetRow], list[Refused]]:
    """The lines that can be read, and a refusal for every other one. Empty lines are passed over.

    Refused codes: field_missing, number_unreadable, number_negative_zero, number_too_fine,
    number_too_large, quantity_negative, field_invalid; no_lines (raised) for an empty sheet.
    """
    rows, refusals = [], []
    for number, line in enumerate(text.splitlines(), start=1):
        cells = [cell.strip() for cell in _SEPARATOR.split(line)]
        if not any(cells) or (number == 1 and cells[0].lower() in HEADINGS):
            continue
        try:
            rows.append(_row(number, cells))
        except Refused as refusal:
            refusals.append(refusal)
    if not rows and not refusals:
        raise Refused("no_lines", "lines")
    return rows, refusals


def _row(number: int, cells: list[str]) -> SheetRow:
    at = f"lines.{number}"
    code, quantity, unit, zone, note, *more = [*cells, "", "", "", "", ""][: max(5, len(cells))]
    if any(more):
        reason = f"一行最多 {MOST_CELLS} 列：编码、数量、单位、区域、备注。"
        raise Refused("field_invalid", at, what="这一行", reason=reason)
    if not code:
        raise Refused("field_missing", f"{at}.item", what="编码或条码")
    if not quantity:
        raise Refused("field_missing", f"{at}.quantity", what="数量")
    value = strict_decimal(quantity, places=QUANTITY_PLACES, field=f"{at}.quantity")
    if value < ZERO:
        raise Refused("quantity_negative", f"{at}.quantity", text=quantity[:40])
    for what, cell, most in (("区域", zone, ZONE_LENGTH), ("备注", note, NOTE_LENGTH)):
        if len(cell) > most or not cell.isprintable():
            raise Refused("field_invalid", at, what=what, reason=f"最多 {most} 个字。")
    return SheetRow(number, code, value, unit, zone, note)


def built_rows(
    rows: list[SheetRow], goods: Mapping[str, NamedGoods]
) -> tuple[list[Built], list[Refused]]:
    """The lines with their goods and exact quantities, and a refusal for every other one.

    Disabled items count too: what lies there lies there.

    Refused codes: barcode_unknown, uom_unknown, quantity_inexact, counted_twice.
    """
    built, refusals = [], []
    seen: dict[tuple[int, int, str], int] = {}
    for row in rows:
        try:
            one = _built(row, goods.get(row.code))
            first = seen.setdefault((one.item_id, one.item_uom_id, row.zone), row.number)
            if first != row.number:
                raise Refused(
                    "counted_twice",
                    f"{one.at}.item",
                    item_name=one.item_name,
                    zone=row.zone or "未分区",
                    first=first,
                )
            built.append(one)
        except Refused as refusal:
            refusals.append(refusal)
    return built, refusals


def _built(row: SheetRow, goods: NamedGoods | None) -> Built:
    at = f"lines.{row.number}"
    if goods is None:
        raise Refused("barcode_unknown", f"{at}.item", barcode=row.code[:40])
    unit = goods.unit
    if row.unit:
        named = [one for one in goods.units if one.name == row.unit]
        if not named:
            raise Refused("uom_unknown", f"{at}.uom", item_name=goods.name)
        unit = named[0]
    ratio = Ratio(unit.ratio_num, unit.ratio_den, goods.places)
    quantity = base_quantity(row.quantity, ratio, f"{at}.quantity")
    return Built(goods.item_id, goods.name, unit.id, row.quantity, quantity, row.zone, row.note, at)
