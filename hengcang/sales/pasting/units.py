"""Which unit of an item was meant, and whether the quantity is whole in it. Pure."""

from decimal import Decimal

from hengcang.documents.rules import Ratio, base_quantity
from hengcang.kernel.errors import Refused
from hengcang.kernel.numbers import MAX_WHOLE_DIGITS, QUANTITY_PLACES
from hengcang.sales.pasting.goods import Good, GoodUnit
from hengcang.sales.pasting.words import PIECES, SINGLES, same_unit


def unit_of(good: Good, word: str, named: int | None) -> GoodUnit | str:
    """The unit, or why a person must say it. `named`: the unit a barcode or an own code carries."""
    if word:
        found = _written(good, word)
        return found or f"商品没有单位「{word}」，可用：{_all(good)}"
    if named is not None:
        found = next((unit for unit in good.units if unit.id == named), None)
        if found is not None:
            return found
    if len(good.units) == 1:
        return good.units[0]
    return f"没有写单位，可用：{_all(good)}"


def carries_another(good: Good, named: int | None, unit: GoodUnit) -> bool:
    """The barcode or own code is of another unit than the one written."""
    return named is not None and named != unit.id and any(own.id == named for own in good.units)


def has_unit(good: Good, word: str) -> bool:
    """The item is counted in it."""
    return _written(good, word) is not None


def _written(good: Good, word: str) -> GoodUnit | None:
    if word in PIECES:
        return good.units[0] if good.units[0].name in SINGLES else None
    return next((unit for unit in good.units if same_unit(unit.name, word)), None)


def _all(good: Good) -> str:
    return "、".join(unit.name for unit in good.units)


def why_not(quantity: Decimal, good: Good, unit: GoodUnit) -> str:
    """ "" where the quantity is a real one, whole in base units; else the sentence."""
    if quantity <= 0:
        return "数量必须大于 0"
    if quantity != quantity.quantize(Decimal(1).scaleb(-QUANTITY_PLACES)):
        return "数量小数位过多"
    if quantity >= 10**MAX_WHOLE_DIGITS:
        return "数量过大"
    try:
        base_quantity(quantity, Ratio(unit.num, unit.den, good.places))
    except Refused as refusal:
        below, above = refusal.facts["below"], refusal.facts["above"]
        return f"换算不成整数，最接近的是 {below} 或 {above} {unit.name}"
    return ""
