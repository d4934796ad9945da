"""What a person wants to put on paper, as plain data. Faces build it, actions read it. Pure."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

MAX_LINES = 1000


@dataclass(frozen=True, slots=True)
class LineDraft:
    """One line as typed. `quantity` is in the unit `item_uom_id` (None: the base unit).

    `price` is per that unit, with or without tax as the document says; None takes the usual one.
    `source_line_id` is the order line a delivery or receipt fulfils, or the delivery line a
    return goes back to. `unit_cost` is the explicit cost, per base unit, of goods that come in
    with neither a price nor an origin.
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
    is_gift: bool = False  # given away: no price, its cost is booked as usual
    is_sample: bool = False

    @property
    def is_free(self) -> bool:
        """Whether the line is given away."""
        return self.is_gift or self.is_sample


@dataclass(frozen=True, slots=True)
class Draft:
    """A document as filled in. `client_uuid` is made by the client, once per intent."""

    client_uuid: UUID
    dated: date
    warehouse_id: int
    lines: tuple[LineDraft, ...]
    partner_id: int | None = None
    due_date: date | None = None
    prices_include_tax: bool = True
    external_no: str = ""
    reason: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Target:
    """Which document a verb is meant for, as the person saw it."""

    id: int
    version: int
