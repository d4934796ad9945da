"""Rows of a price list as typed in a form or pasted from a sheet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from hengcang.catalog import queries as catalog
from hengcang.kernel.actor import Actor
from hengcang.kernel.errors import Refused, RefusedLines
from hengcang.kernel.numbers import strict_decimal, strict_price, strict_quantity
from hengcang.purchasing.actions.prices import PriceDraft
from hengcang.web.masters.reading import day_of

HEADING = "商品编码"
COLUMNS = (
    "item", "price", "min_quantity", "uom", "moq", "order_multiple", "lead_time_days",
    "valid_from", "valid_to",
)  # fmt: skip
TITLES = "商品编码、单价、起始数量、单位、起订量、倍数、交货天数、起始日期、截止日期"


@dataclass(frozen=True, slots=True)
class Common:
    """What all rows of one form have alike."""

    partner_id: int
    includes_tax: bool
    today: date


def pasted_rows(text: str) -> list[dict[str, str]]:
    """Lines of a sheet, columns between tabs or commas; a heading and blank lines are left out."""
    rows = []
    for line in text.splitlines():
        cells = [
            cell.strip() for cell in line.replace("，", ",").split("\t" if "\t" in line else ",")
        ]
        if not any(cells) or cells[0].startswith(HEADING):
            continue
        rows.append({name: cells[n] if n < len(cells) else "" for n, name in enumerate(COLUMNS)})
    return rows


def drafts_of(actor: Actor, rows: Sequence[Mapping[str, str]], common: Common) -> list[PriceDraft]:
    """The rows read strictly; codes and barcodes have become items, names of units units.

    Raises RefusedLines with one refusal for each wrong row.
    """
    hits = catalog.hits_by_code(actor, {row["item"] for row in rows if row["item"]})
    units = catalog.units_of(actor, {hit.item.pk for hit in hits.values()})
    found: list[PriceDraft] = []
    refusals: list[Refused] = []
    for number, row in enumerate(rows, start=1):
        at = f"lines.{number}"
        try:
            hit = hits.get(row["item"])
            if hit is None:
                raise Refused("item_unknown", f"{at}.item")
            named = {unit.uom.name: unit.pk for unit in units[hit.item.pk]}
            uom = named.get(row["uom"]) if row["uom"] else hit.uom.pk
            if uom is None:
                raise Refused("uom_unknown", f"{at}.uom", item_name=hit.item.name)
            found.append(_draft(row, (hit.item.pk, uom), common, at))
        except Refused as refusal:
            refusals.append(refusal)
    if refusals:
        raise RefusedLines(refusals)
    return found


def _draft(row: Mapping[str, str], goods: tuple[int, int], common: Common, at: str) -> PriceDraft:
    if not row["price"]:
        raise Refused("field_missing", f"{at}.price", what="单价")
    return PriceDraft(
        partner_id=common.partner_id,
        item_id=goods[0],
        item_uom_id=goods[1],
        price=strict_price(row["price"], field=f"{at}.price"),
        min_quantity=_quantity(row, "min_quantity", at) or Decimal(0),
        includes_tax=common.includes_tax,
        moq=_quantity(row, "moq", at),
        order_multiple=_quantity(row, "order_multiple", at),
        lead_time_days=_days(row["lead_time_days"], at),
        valid_from=_day(row, "valid_from", at) or common.today,
        valid_to=_day(row, "valid_to", at),
    )


def _quantity(row: Mapping[str, str], name: str, at: str) -> Decimal | None:
    text = row[name]
    if not text or (name == "min_quantity" and text == "0"):
        return None
    return strict_quantity(text, field=f"{at}.{name}")


def _days(text: str, at: str) -> int | None:
    field = f"{at}.lead_time_days"
    return int(strict_decimal(text, places=0, field=field)) if text else None


def _day(row: Mapping[str, str], name: str, at: str) -> date | None:
    return day_of(row[name], f"{at}.{name}") if row[name] else None
