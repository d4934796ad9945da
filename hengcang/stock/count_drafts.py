"""What people want of a count, as plain data."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from django.db import models

MAX_ENTRIES = 50_000


class CountScope(models.TextChoices):
    """Which goods a count is about."""

    ALL = "all", "全仓"
    CATEGORY = "category", "按类别"
    ITEMS = "items", "指定商品"
    ZONE = "zone", "按区域"


class MovedFrom(models.TextChoices):
    """Where goods were that moved between two counts of one item: its first or last stamp holds."""

    UNKNOWN = "", "未说明"
    COUNTED = "counted", "已盘过的地方"
    UNCOUNTED = "uncounted", "还没盘的地方"


@dataclass(frozen=True, slots=True)
class CountDraft:
    """A count to be made: of the whole warehouse, a category, these items, or what a zone holds."""

    client_uuid: UUID
    dated: date
    warehouse_id: int
    scope: CountScope = CountScope.ALL
    category_id: int | None = None
    item_ids: tuple[int, ...] = ()
    zone: str = ""
    note: str = ""


class Mode(StrEnum):
    """Whether what is counted comes on top of the place's earlier figures or replaces them."""

    ADD = "add"
    SET = "set"


@dataclass(frozen=True, slots=True)
class Which:
    """The goods of an item that were counted, as a person says it.

    An empty batch or bin is the only one there is; "-" is none at all. `is_new`: the batch may be
    one the books do not have yet, made on the day and good until the day that are given.
    """

    batch_no: str = ""
    bin_code: str = ""
    stock_status: str = "good"
    is_new: bool = False
    mfg_date: date | None = None
    expiry_date: date | None = None


NONE = "-"
UNSAID = Which()


@dataclass(frozen=True, slots=True)
class CountEntry:
    """What was counted of an item in a place; `quantity` in the unit (None: the base unit).

    `which` says which of the item's goods these are, `serials` which pieces, of items that have
    them.
    """

    item_id: int
    quantity: Decimal
    item_uom_id: int | None = None
    zone: str = ""
    note: str = ""
    which: Which = UNSAID
    serials: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Built:
    """An entry with its goods and the exact base quantity; `at` names it in a refusal."""

    item_id: int
    item_name: str
    item_uom_id: int
    quantity_in_unit: Decimal
    quantity: Decimal
    zone: str
    note: str
    at: str
    which: Which = UNSAID
    serials: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Recount:
    """What is counted again: all lines of these items, and the lines at these positions."""

    item_ids: tuple[int, ...] = ()
    lines: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a line differs, who answers for it, and what a reviewer knows about it.

    `line` is its position; None: every line of the item.
    """

    item_id: int
    cause: str = ""
    responsible: str = ""
    unit_cost: Decimal | None = None
    moved_from: MovedFrom = MovedFrom.UNKNOWN
    line: int | None = None
