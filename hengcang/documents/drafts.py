"""What a person wants to put on paper, as plain data. Faces build it, actions read it. Pure."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

MAX_LINES = 1000
MAX_SERIALS = 5000  # of one document


class Outcome(StrEnum):
    """What became of goods in transit."""

    ARRIVED = "arrived"
    LOST = "lost"
    SENT_BACK = "sent_back"


OUTCOME_LABELS = {
    Outcome.ARRIVED: "到货",
    Outcome.LOST: "在途损耗",
    Outcome.SENT_BACK: "退回调出仓",
}


class Direction(StrEnum):
    """Which way the goods of an exchange's line go."""

    BACK = "back"
    OUT = "out"


DIRECTION_LABELS = {Direction.BACK: "退回", Direction.OUT: "换出"}


@dataclass(frozen=True, slots=True)
class LineDraft:
    """One line as typed. `quantity` is in the unit `item_uom_id` (None: the base unit).

    `price` is per that unit, with or without tax as the document says; None takes the usual one. Of
    goods that come in from nobody it is their cost.
    `source_line_id` is the order line a delivery or receipt fulfils, the line a return goes back
    to, or the transfer line that arrived. `unit_cost` is the explicit cost, per base unit, of goods
    that come in with neither a price nor an origin. `batch_no`, `bin_code` and `stock_status` say
    which goods; empty: the first to expire, wherever they are. `to_status`: what they shall be on a
    status change. `rejected`, `reject_cause`: what of an inspected quantity is no good, in the
    same unit, and why, `rejected_serials` which pieces; `to_bin_code`: where it is put. The dates
    are those of a batch that comes in.
    which goods; empty: the first to expire, wherever they are. The dates are those of a batch that
    comes in. `serials` are the numbers of the very pieces, of items that have them.
    `supplier_id` is a requisition line's wish; `due_date`: when the line is wanted, if not as the
    header says.
    """

    item_id: int
    quantity: Decimal
    item_uom_id: int | None = None
    price: Decimal | None = None
    discount_rate: Decimal = Decimal(100)
    tax_rate: Decimal | None = None
    source_line_id: int | None = None
    unit_cost: Decimal | None = None
    note: str = ""
    batch_no: str = ""
    mfg_date: date | None = None
    expiry_date: date | None = None
    bin_code: str = ""
    to_bin_code: str = ""  # where a bin move, or an inspection what it rejects, puts the goods
    stock_status: str = "good"
    to_status: str = ""
    rejected: Decimal = Decimal(0)
    reject_cause: str = ""
    rejected_serials: tuple[str, ...] = ()
    supplier_id: int | None = None
    due_date: date | None = None
    serials: tuple[str, ...] = ()
    moq: Decimal | None = None  # of a supplier's quote, in the line's unit
    lead_time_days: int | None = None
    is_gift: bool = False  # given away: no price, its cost is booked as usual
    is_sample: bool = False
    warehouse_id: int | None = None  # whence an order line goes, if not from the order's warehouse
    direction: str = ""  # of an exchange: a Direction; its stock_status may be "": the usual one
    carried: Decimal = Decimal(0)  # what its source's discount comes to, to be shown before a save

    @property
    def is_free(self) -> bool:
        """Whether the line is given away."""
        return self.is_gift or self.is_sample


@dataclass(frozen=True, slots=True)
class Draft:
    """A document as filled in. `client_uuid` is made by the client, once per intent.

    `to_warehouse_id`: where a transfer goes. `outcome`, `responsible`: what became of goods in
    transit, and who answers for what did not arrive. `product_*`: what is assembled or taken
    apart, base units; `extra_cost` (2 dp) comes on top of its parts. `bill_discount` and
    `rounding_off`: taken off the whole, tax included, 2 dp, beyond what lines carry of their
    sources' discounts. `carrier`, `tracking_no`: how announced goods travel; `notice_id`: the
    arrival notice that goods come in by.
    """

    client_uuid: UUID
    dated: date
    warehouse_id: int
    lines: tuple[LineDraft, ...]
    partner_id: int | None = None
    due_date: date | None = None
    valid_until: date | None = None
    channel_id: int | None = None
    salesperson_id: int | None = None
    prices_include_tax: bool = True
    external_no: str = ""
    bill_discount: Decimal = Decimal(0)
    rounding_off: Decimal = Decimal(0)
    reason: str = ""
    note: str = ""
    to_warehouse_id: int | None = None
    outcome: str = ""
    responsible: str = ""
    carrier: str = ""
    tracking_no: str = ""
    notice_id: int | None = None
    product_id: int | None = None
    product_quantity: Decimal | None = None
    product_batch_no: str = ""
    product_expiry_date: date | None = None
    product_bin_code: str = ""
    product_serials: tuple[str, ...] = ()
    extra_cost: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """Which document a verb is meant for, as the person saw it."""

    id: int
    version: int
