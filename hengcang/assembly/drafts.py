"""What a person wants a parts list to say, as plain data. Pure."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class PartDraft:
    """A part as typed: base units that go into the list's output."""

    item_id: int
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class PartsListDraft:
    """A parts list as filled in. `output_quantity`: base units the parts make."""

    item_id: int
    lines: tuple[PartDraft, ...]
    output_quantity: Decimal = Decimal(1)
    note: str = ""
    is_active: bool = True
