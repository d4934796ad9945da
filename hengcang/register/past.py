"""A company's past as plain data: finished documents and what was done with them, in order. Pure.

Generators and large loads make it; register.history writes it. Quantities in base units unless
said otherwise.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from hengcang.kernel.actor import Actor
from hengcang.kernel.rounding import ZERO


@dataclass(slots=True)
class PastLine:
    """One line. `source` is the order line it fulfils, or the line a return goes back to.

    `price` is per unit `item_uom_id`, tax included. `reserved`: what approving the order held for
    it; `unreserved`: how much of its order line's reservation a delivery consumed. `done` is kept
    by the writer: fulfilled of an order line, returned of a line that moved goods.
    """

    item_id: int
    item_uom_id: int
    quantity_in_unit: Decimal
    quantity: Decimal
    price: Decimal = ZERO
    tax_rate: Decimal = ZERO
    source: "PastLine | None" = None
    reserved: Decimal = ZERO
    unreserved: Decimal = ZERO
    cost_amount: Decimal | None = None
    done: Decimal = ZERO
    id: int = 0
    document_id: int = 0
    position: int = 0


@dataclass(slots=True)
class PastDocument:
    """One document of a kind of register.kinds, as its maker filled it in."""

    kind: str
    client_uuid: UUID
    dated: date
    warehouse_id: int
    by: Actor
    lines: list[PastLine]
    partner_id: int | None = None
    credit_days: int = 0
    due_date: date | None = None
    reason: str = ""
    note: str = ""
    id: int = 0
    number: str | None = None
    status: str = "draft"
    version: int = 1
    audit: list[tuple[str, str]] = field(default_factory=list)  # (verb, status before)


class Event(NamedTuple):
    """`verb` is one of draft (it was only made), submit, approve, post; in order of time."""

    verb: str
    document: PastDocument
