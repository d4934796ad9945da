"""What an item's code, units and numbers must be, and what it is found by. Pure."""

import re
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from itertools import product
from math import gcd

from hengcang.catalog.drafts import FamilyDraft, ItemDraft
from hengcang.kernel.codes import checked_code, checked_text
from hengcang.kernel.errors import Refused
from hengcang.kernel.numbers import percent
from hengcang.kernel.search import SearchKeys, search_keys

MAX_RATIO = 1_000_000
MAX_VARIANTS = 500
MAX_QUANTITY_PLACES = 6
MAX_DAYS = 36_500
_BARCODE = re.compile(r"[!-~]{1,40}")


def checked_item(typed: ItemDraft) -> ItemDraft:
    """The draft as it is kept: texts trimmed, code in upper case.

    Raises Refused: code_invalid, field_missing, field_invalid, rate_out_of_range,
    amount_negative, ratio_invalid, uom_twice, barcode_invalid, barcode_twice,
    serials_need_whole.
    """
    draft = _trimmed(typed)
    checked_code(draft.code)
    checked_text(draft.name, "name", "商品名称", 120)
    checked_text(draft.base_uom, "base_uom", "基本单位", 20)
    if not 0 <= draft.quantity_places <= MAX_QUANTITY_PLACES:
        raise Refused("field_invalid", "quantity_places", what="数量小数位", reason="应为 0 到 6。")
    if not 0 <= draft.tax_rate < 100:
        raise Refused("rate_out_of_range", "tax_rate", text=str(draft.tax_rate))
    if draft.tracks_serials and draft.quantity_places:
        raise Refused("serials_need_whole", "tracks_serials", places=draft.quantity_places)
    _check_days(draft)
    _check_lengths(draft)
    _check_prices(draft)
    _check_uoms(draft)
    _check_barcodes(draft)
    return draft


def _check_days(draft: ItemDraft) -> None:
    for name, what, days in (
        ("shelf_life_days", "保质期天数", draft.shelf_life_days),
        ("near_expiry_days", "近效期天数", draft.near_expiry_days),
    ):
        if days is not None and not 1 <= days <= MAX_DAYS:
            raise Refused("field_invalid", name, what=what, reason=f"应为 1 到 {MAX_DAYS} 天。")


def reduced(ratio_num: int, ratio_den: int) -> tuple[int, int]:
    """The ratio in its lowest terms. Raises Refused("ratio_invalid")."""
    if not (0 < ratio_num <= MAX_RATIO and 0 < ratio_den <= MAX_RATIO):
        raise Refused("ratio_invalid", "uoms", num=ratio_num, den=ratio_den, limit=MAX_RATIO)
    common = gcd(ratio_num, ratio_den)
    return ratio_num // common, ratio_den // common


def item_code(code: str) -> str:
    """The code as it is kept: item codes are upper case, so that case never tells items apart."""
    return code.strip(" ").upper() if code.isascii() else code


def item_search_keys(draft: ItemDraft) -> SearchKeys:
    """What the item is found by: code, barcodes, name, spec, mnemonic, 拼音 initials."""
    codes = (draft.code, *all_barcodes(draft))
    return search_keys(draft.name, codes, (draft.spec,), draft.mnemonic)


def all_barcodes(draft: ItemDraft) -> list[str]:
    """The barcodes of every unit, the base unit's first."""
    return [*draft.barcodes, *(code for uom in draft.uoms for code in uom.barcodes)]


def paths_down_to(path: str) -> list[str]:
    """Every category on the way, the root first: `五金/螺丝` gives `五金` and `五金/螺丝`."""
    names = [name.strip() for name in path.split("/") if name.strip()]
    return ["/".join(names[:depth]) for depth in range(1, len(names) + 1)]


def variants(draft: FamilyDraft) -> list[tuple[str, ...]]:
    """Every combination of the attribute values, in the order given.

    Raises Refused: attributes_missing, attribute_twice, family_too_large.
    """
    names = [attribute.name for attribute in draft.attributes]
    if not names or any(not attribute.values for attribute in draft.attributes):
        raise Refused("attributes_missing", "attributes")
    for values in (names, *(attribute.values for attribute in draft.attributes)):
        twice = _first_twice(values)
        if twice is not None:
            raise Refused("attribute_twice", "attributes", value=twice)
    combinations = list(product(*(attribute.values for attribute in draft.attributes)))
    if len(combinations) > MAX_VARIANTS:
        raise Refused("family_too_large", "attributes", count=len(combinations), limit=MAX_VARIANTS)
    return combinations


def _trimmed(draft: ItemDraft) -> ItemDraft:
    return replace(
        draft,
        code=item_code(draft.code),
        name=draft.name.strip(),
        base_uom=draft.base_uom.strip(),
        spec=draft.spec.strip(),
        mnemonic=draft.mnemonic.strip(),
        brand=draft.brand.strip(),
        category=next(iter(paths_down_to(draft.category)[-1:]), ""),
        uoms=tuple(replace(uom, name=uom.name.strip()) for uom in draft.uoms),
    )


def _check_lengths(draft: ItemDraft) -> None:
    for field, what, text, limit in (
        ("spec", "规格型号", draft.spec, 80),
        ("mnemonic", "助记码", draft.mnemonic, 80),
        ("brand", "品牌", draft.brand, 40),
        ("category", "商品类别", draft.category, 200),
    ):
        if text:
            checked_text(text, field, what, limit)
    if any(len(name) > 40 for name in draft.category.split("/")):
        raise Refused("field_invalid", "category", what="商品类别", reason="每级最多 40 字。")


def _check_prices(draft: ItemDraft) -> None:
    prices: list[tuple[str, Decimal | None]] = [
        ("sale_price", draft.sale_price),
        ("purchase_price", draft.purchase_price),
        ("floor_price", draft.floor_price),
    ]
    for uom in draft.uoms:
        prices += [("uoms", uom.sale_price), ("uoms", uom.purchase_price)]
    for field, price in prices:
        if price is not None and price < 0:
            raise Refused("amount_negative", field, text=str(price))
    percent(draft.over_receipt_rate, "over_receipt_rate")


def _check_uoms(draft: ItemDraft) -> None:
    names = [draft.base_uom, *(uom.name for uom in draft.uoms)]
    twice = _first_twice(names)
    if twice is not None:
        raise Refused("uom_twice", "uoms", uom=twice)
    for uom in draft.uoms:
        checked_text(uom.name, "uoms", "单位名称", 20)
        reduced(uom.ratio_num, uom.ratio_den)


def _check_barcodes(draft: ItemDraft) -> None:
    codes = all_barcodes(draft)
    for code in codes:
        if not _BARCODE.fullmatch(code):
            raise Refused("barcode_invalid", "barcodes", barcode=code[:40])
    twice = _first_twice(codes)
    if twice is not None:
        raise Refused("barcode_twice", "barcodes", barcode=twice)


def _first_twice(values: Iterable[str]) -> str | None:
    seen: set[str] = set()
    for value in values:
        if value in seen:
            return value
        seen.add(value)
    return None
