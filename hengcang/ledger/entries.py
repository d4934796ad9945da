"""A posting as plain data: everything one document does to stock, promises and money. Pure."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum


class StockStatus(StrEnum):
    """What state the goods are in; only GOOD can be sold."""

    GOOD = "good"
    QC = "qc"
    DEFECT = "defect"
    FROZEN = "frozen"


STATUS_LABELS = {
    StockStatus.GOOD: "良品",
    StockStatus.QC: "待检",
    StockStatus.DEFECT: "不良",
    StockStatus.FROZEN: "冻结",
}


class Place(StrEnum):
    """Where one piece is."""

    NEW = "new"
    IN_STOCK = "in_stock"
    CUSTOMER = "customer"
    SUPPLIER = "supplier"
    ISSUED = "issued"
    LOST = "lost"
    MISSING = "missing"
    BUILT_IN = "built_in"
    APART = "apart"


PLACE_LABELS = {
    Place.NEW: "未入库",
    Place.IN_STOCK: "在库",
    Place.CUSTOMER: "在客户处",
    Place.SUPPLIER: "已退供应商",
    Place.ISSUED: "已领用报废",
    Place.LOST: "在途损耗",
    Place.MISSING: "盘亏",
    Place.BUILT_IN: "已装入成品",
    Place.APART: "已拆卸",
}


class Promise(StrEnum):
    """Goods promised away (占用) or promised to us (在途)."""

    RESERVED = "reserved"
    ON_ORDER = "on_order"


class InputTax(StrEnum):
    """Whether input tax is deducted (goods are valued net) or part of their cost (gross)."""

    DEDUCTED = "deducted"
    COST = "cost"


class Account(StrEnum):
    """What a partner's money stands for. Receivable: owed to us. Payable: owed by us."""

    RECEIVABLE = "receivable"
    PAYABLE = "payable"


@dataclass(frozen=True, slots=True)
class Source:
    """The document behind a posting."""

    kind: str
    id: int


@dataclass(frozen=True, slots=True)
class SourceLine:
    """One line of a document, by its position."""

    kind: str
    id: int
    line: int


@dataclass(frozen=True, slots=True)
class StockKey:
    """One place of one kind of goods."""

    item_id: int
    warehouse_id: int
    bin_id: int | None = None
    batch_id: int | None = None
    status: StockStatus = StockStatus.GOOD
    owner_id: int | None = None


PRODUCT = 0
"""The line of what a making makes or takes apart; its parts bear their positions, from 1."""


@dataclass(frozen=True, slots=True)
class StockLine:
    """Goods in (+) or out (−), in base units, 6 dp.

    What comes in states its value (2 dp), or follows an entry: a return follows its delivery, the
    second half of a transfer the first. What goes out costs the average unless it follows. `line`
    is unique within the posting; `follows` may name an earlier line of the same posting.
    `undoes`: it reverses the entry it follows, which gives back what that entry had taken of its
    own origin; without it the line carries that value on.
    `share`: the line is part of a making (组装, 拆卸): what goes out has 0 and gives its cost, what
    comes in divides all of that by these weights, plus `value_added` (2 dp) of its own.
    `of_line`: the document's line whose numbers name its pieces, where `line` does not tell;
    `part`: which of them, where that line's pieces go different ways.
    """

    line: int
    key: StockKey
    quantity: Decimal
    value_in: Decimal | None = None
    follows: SourceLine | None = None
    undoes: bool = False
    share: Decimal | None = None
    value_added: Decimal | None = None
    of_line: int | None = None
    part: int = 0


@dataclass(frozen=True, slots=True)
class PromiseLine:
    """A promise made (+) or ended (−) for a line of an order.

    `up_to_available`: only what is available is promised; the door says how much that was.
    """

    source: SourceLine
    item_id: int
    warehouse_id: int
    promise: Promise
    quantity: Decimal
    up_to_available: bool = False


@dataclass(frozen=True, slots=True)
class MoneyLine:
    """A partner's account rises (+) or falls (−), 2 dp, gross."""

    partner_id: int
    account: Account
    amount: Decimal
    due: date


@dataclass(frozen=True, slots=True)
class Posting:
    """Everything one document does, all or nothing. A source can be posted once."""

    source: Source
    dated: date
    stock: tuple[StockLine, ...] = ()
    promises: tuple[PromiseLine, ...] = ()
    money: tuple[MoneyLine, ...] = ()
    reversal_of: Source | None = None
    facts: dict[str, object] = field(default_factory=dict)
