"""What a person wants to set as prices, as plain data. Pure."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

MAX_LINES = 5000


@dataclass(frozen=True, slots=True)
class ListLineDraft:
    """A price per unit; without a unit per base unit, without a tier for every customer."""

    item_id: int
    price: Decimal
    item_uom_id: int | None = None
    tier_id: int | None = None


@dataclass(frozen=True, slots=True)
class PriceListDraft:
    """A price list as filled in, with all of its lines."""

    name: str
    valid_from: date
    lines: tuple[ListLineDraft, ...]
    valid_to: date | None = None
    note: str = ""
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class AgreedDraft:
    """One agreed price of a customer."""

    item_id: int
    price: Decimal
    valid_from: date
    valid_to: date | None = None
    item_uom_id: int | None = None


@dataclass(frozen=True, slots=True)
class Adjustment:
    """调价: every price of a list by so many percent (−5.5: cheaper), in a new list from `on`.

    `places`: the decimals the new prices keep, 0 to 4.
    """

    percent: Decimal
    on: date
    name: str
    places: int = 2
