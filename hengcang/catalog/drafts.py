"""What a person wants to record about goods, as plain data. Faces and loads build it. Pure."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class UomDraft:
    """A unit beside the base unit: one of it is ratio_num ÷ ratio_den base units, exactly."""

    name: str
    ratio_num: int
    ratio_den: int = 1
    sale_price: Decimal | None = None
    purchase_price: Decimal | None = None
    barcodes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ItemDraft:
    """An item as filled in. Prices are per base unit, in the book's currency, 4 dp.

    `category` is a path such as "五金/紧固件/螺丝"; category, brand and units that do not exist
    yet are made. `barcodes` are those of the base unit.
    """

    code: str
    name: str
    base_uom: str
    spec: str = ""
    mnemonic: str = ""
    category: str = ""
    brand: str = ""
    family_id: int | None = None
    attribute_value_ids: tuple[int, ...] = ()
    quantity_places: int = 0
    tax_rate: Decimal = Decimal(13)
    sale_price: Decimal | None = None
    purchase_price: Decimal | None = None
    floor_price: Decimal | None = None
    tracks_batch: bool = False
    tracks_serials: bool = False
    shelf_life_days: int | None = None
    near_expiry_days: int | None = None
    over_receipt_rate: Decimal = Decimal(0)
    needs_inspection: bool = False
    barcodes: tuple[str, ...] = ()
    uoms: tuple[UomDraft, ...] = ()


@dataclass(frozen=True, slots=True)
class AttributeDraft:
    """What the variants differ in, and the values offered: 颜色, (红, 蓝)."""

    name: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FamilyDraft:
    """A family and the item its variants are made after; `pattern` needs no code of its own."""

    code: str
    name: str
    attributes: tuple[AttributeDraft, ...]
    pattern: ItemDraft


@dataclass(frozen=True, slots=True)
class Imported:
    """What a set-based import did: how many rows are new, and the id behind every drafted code."""

    created: int
    ids: dict[str, int]
