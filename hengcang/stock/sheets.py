"""A sheet of counted goods as text: read, with everything that is wrong in it at once."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from hengcang.catalog.naming import NamedGoods
from hengcang.documents.line_serials import typed_serials
from hengcang.documents.rules import Ratio, base_quantity
from hengcang.kernel.errors import Refused
from hengcang.kernel.numbers import QUANTITY_PLACES, strict_decimal
from hengcang.kernel.rounding import ZERO
from hengcang.ledger.entries import STATUS_LABELS
from hengcang.stock.count_drafts import UNSAID, Built, Which

HEADINGS = frozenset({"编码", "商品编码", "条码", "编码或条码", "code", "barcode"})
MOST_CELLS = 12
ZONE_LENGTH, NOTE_LENGTH = 40, 200
_SEPARATOR = re.compile(r"[\t,，]")
_DAY = re.compile(r"([0-9]{4})[-/]([0-9]{1,2})[-/]([0-9]{1,2})", re.ASCII)
COLUMNS = "编码、数量、单位、区域、备注、批号、库位、状态、生产日期、有效期至、新批次、序列号"
BATCH_LENGTH, BIN_LENGTH = 40, 30
SERIALS = 6  # which of the cells after the note
STATUSES = {label: status.value for status, label in STATUS_LABELS.items()}
YES_OR_NO = {"": False, "否": False, "是": True}


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One line as typed; `number` counts the lines of the sheet from 1."""

    number: int
    code: str
    quantity: Decimal
    unit: str = ""
    zone: str = ""
    note: str = ""
    which: Which = UNSAID
    serials: tuple[str, ...] = ()


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
    if any(more[MOST_CELLS - 5 :]):
        reason = f"一行最多 {MOST_CELLS} 列：{COLUMNS}。"
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
    return SheetRow(number, code, value, unit, zone, note, _which(at, more), _serials(at, more))


def _serials(at: str, cells: list[str]) -> tuple[str, ...]:
    """The numbers in the last cell. Raises Refused, at the cell, as typed_serials."""
    try:
        return typed_serials(cells[SERIALS]) if len(cells) > SERIALS else ()
    except Refused as refusal:
        refusal.field = f"{at}.serials"
        raise


def _which(at: str, cells: list[str]) -> Which:
    """Raises Refused: stock_status_unknown, date_unreadable, field_invalid."""
    batch_no, bin_code, status, made, expiry, new, *_ = [*cells, "", "", "", "", "", ""]
    if status and status not in STATUSES:
        raise Refused("stock_status_unknown", f"{at}.stock_status", stock_status=status[:20])
    if new not in YES_OR_NO:
        raise Refused("field_invalid", at, what="新批次", reason="请写“是”，或留空。")
    for what, cell, most in (("批号", batch_no, BATCH_LENGTH), ("库位", bin_code, BIN_LENGTH)):
        if len(cell) > most or not cell.isprintable():
            raise Refused("field_invalid", at, what=what, reason=f"最多 {most} 个字。")
    return Which(
        batch_no,
        bin_code.upper(),
        STATUSES.get(status, "good"),
        YES_OR_NO[new],
        _day(at, made),
        _day(at, expiry),
    )


def _day(at: str, cell: str) -> date | None:
    if not cell:
        return None
    match = _DAY.fullmatch(cell)
    try:
        if match is not None:
            return date(*(int(part) for part in match.groups()))
    except ValueError:
        pass
    raise Refused("date_unreadable", at, text=cell[:40])


def built_rows(
    rows: list[SheetRow], goods: Mapping[str, NamedGoods]
) -> tuple[list[Built], list[Refused]]:
    """The lines with their goods and exact quantities, and a refusal for every other one.

    Disabled items count too: what lies there lies there.

    Refused codes: barcode_unknown, uom_unknown, quantity_inexact.
    """
    built, refusals = [], []
    for row in rows:
        try:
            built.append(_built(row, goods.get(row.code)))
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
    ratio = Ratio(unit.ratio_num, unit.ratio_den, goods.places, goods.name)
    quantity = base_quantity(row.quantity, ratio, f"{at}.quantity")
    return Built(
        goods.item_id,
        goods.name,
        unit.id,
        row.quantity,
        quantity,
        row.zone,
        row.note,
        at,
        row.which,
        row.serials,
    )
