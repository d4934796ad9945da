"""A draft of a purchase says which of its prices are above the limit over the last ones."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from hengcang.kernel.errors import Refused
from hengcang.kernel.numbers import shown, strict_price, strict_quantity
from hengcang.pages.editor import Line
from hengcang.purchasing.over_price import Over, overs, unit_price
from hengcang.purchasing.watching import Deal
from hengcang.web.documents.grid import Known, Setting
from hengcang.web.documents.rows import Row
from hengcang.web.reading import id_of

KINDS = frozenset({"purchase_order", "purchase_receipt"})


def warned(lines: Sequence[Line], rows: Sequence[Row], at: Setting, known: Known) -> list[Line]:
    """The lines, each that is above the limit with a warning beside what was paid last."""
    if at.kind.code not in KINDS or not at.columns.last_price or not at.columns.price:
        return list(lines)
    asked = [(id_of(row["item"]) or 0, _deal(row, at, known)) for row in rows]
    return [
        replace(line, last_price=_words(over, line.last_price)) if over else line
        for line, over in zip(lines, overs(asked), strict=True)
    ]


def _words(over: Over, said: str) -> str:
    warning = (
        f"不含税比上次进价 {unit_price(over.last.deal.net)}（{over.last.dated}）"
        f"高 {shown(over.percent)}%，上限 {shown(over.last.rate)}%！"
    )
    return f"{warning} {said}" if said else warning


def _deal(row: Row, at: Setting, known: Known) -> Deal | None:
    """What a row without a source costs; None while it cannot be read."""
    units = known.units.get(id_of(row["item"]) or 0, ())
    unit = next((u for u in units if str(u.pk) == row["uom"]), None)
    if unit is None:
        unit = next((u for u in units if u.uom_id == u.item.base_uom_id), None)
    if unit is None or row["source"]:
        return None
    try:
        quantity = strict_quantity(row["quantity"])
        price, discount = strict_price(row["price"]), strict_price(row["discount"] or "100")
        tax = strict_price(row["tax_rate"]) if row["tax_rate"] else Decimal(unit.item.tax_rate)
    except Refused:
        return None
    base = quantity * unit.ratio_num / unit.ratio_den
    return Deal(price, discount, tax, at.includes_tax, quantity, base)
