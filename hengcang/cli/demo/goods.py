"""The 2,000 items of the demo company, as drafts: codes, names, units, barcodes, prices. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from random import Random

from hengcang.catalog.drafts import AttributeDraft, FamilyDraft, ItemDraft, UomDraft
from hengcang.cli.demo.names import (
    HARDWARE,
    HARDWARE_BRANDS,
    HOUSEHOLD,
    HOUSEHOLD_BRANDS,
    STATIONERY,
    STATIONERY_BRANDS,
    Type,
)

ITEMS = 2000
FAMILIES = 60  # at most: each is made by its own action
PREFIXES = {
    "办公用品": "BG",
    "学生用品": "XS",
    "家居百货": "JJ",
    "节庆用品": "JQ",
    "五金电工": "WD",
}
CENT, TENTH = Decimal("0.01"), Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Assortment:
    """What is to be made. `types` holds the type of every item draft and family, by code."""

    items: list[ItemDraft]
    families: list[FamilyDraft]
    types: dict[str, Type]


def assortment(dice: Random) -> Assortment:
    """Exactly ITEMS items: families with colours first, then brand × type × spec."""
    numbers: dict[str, int] = dict.fromkeys(PREFIXES.values(), 10000)
    made = Assortment([], [], {})
    barcodes = _barcodes()
    left = ITEMS
    for kind, brand, spec, coloured in _combinations(dice):
        is_family = coloured and len(made.families) < FAMILIES
        size = len(kind.colours) if is_family else 1
        if size > left:
            continue
        prefix = PREFIXES[kind.category.partition("/")[0]]
        numbers[prefix] += 1
        code = f"{prefix}{numbers[prefix]}"
        made.types[code] = kind
        draft = _draft(code, kind, brand, spec, dice)
        if is_family:
            colours = AttributeDraft("颜色", kind.colours)
            made.families.append(FamilyDraft(code, draft.name, (colours,), draft))
        else:
            made.items.append(_with_barcodes(draft, barcodes))
        left -= size
        if not left:
            break
    assert not left, "the words make enough items"
    return made


def _combinations(dice: Random) -> Iterator[tuple[Type, str, str, bool]]:
    """Every brand × type × spec in random order, those that may become families first."""
    groups = ((STATIONERY, STATIONERY_BRANDS), (HOUSEHOLD, HOUSEHOLD_BRANDS),
              (HARDWARE, HARDWARE_BRANDS))  # fmt: skip
    rows = [
        (kind, brand, spec, bool(kind.colours) and at == 0)
        for types, brands in groups
        for kind in types
        for at, brand in enumerate(dice.sample(brands, len(brands)))
        for spec in kind.specs
    ]
    dice.shuffle(rows)
    rows.sort(key=lambda row: not row[3])
    yield from rows


def _draft(code: str, kind: Type, brand: str, spec: str, dice: Random) -> ItemDraft:
    price = _price(kind, spec, dice)
    cost = (price * Decimal(str(round(dice.uniform(0.62, 0.8), 3)))).quantize(CENT)
    return ItemDraft(
        code=code,
        name=f"{brand}{kind.name}",
        spec=spec,
        base_uom=kind.uom,
        category=kind.category,
        brand=brand,
        sale_price=price,
        purchase_price=max(cost, CENT),
        floor_price=(cost * Decimal("1.05")).quantize(CENT),
        uoms=tuple(
            UomDraft(name, ratio, sale_price=_pack_price(price, ratio))
            for name, ratio in kind.packs
        ),
    )


def _price(kind: Type, spec: str, dice: Random) -> Decimal:
    at = kind.specs.index(spec) / max(1, len(kind.specs) - 1)
    price = (kind.low + (kind.high - kind.low) * at) * dice.uniform(0.88, 1.15)
    return Decimal(str(price)).quantize(TENTH if price >= 1 else CENT)


def _pack_price(price: Decimal, ratio: int) -> Decimal:
    """A pack costs a little less than its pieces."""
    return (price * ratio * Decimal("0.97")).quantize(TENTH)


def _with_barcodes(draft: ItemDraft, barcodes: Iterator[str]) -> ItemDraft:
    uoms = tuple(replace(uom, barcodes=(next(barcodes),)) for uom in draft.uoms)
    return replace(draft, barcodes=(next(barcodes),), uoms=uoms)


def _barcodes() -> Iterator[str]:
    """EAN-13 codes of China (69…) with their check digits (GS1 General Specifications 7.9)."""
    number = 690100000000
    while True:
        number += 17
        digits = [int(digit) for digit in str(number)]
        weighted = sum(digit * (3 if at % 2 else 1) for at, digit in enumerate(digits))
        yield f"{number}{-weighted % 10}"
