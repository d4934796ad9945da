"""Stock as the demo company's people see it while they trade: whole base units. Pure."""

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal

from hengcang.cli.demo.company import Good
from hengcang.register.past import PastDocument, PastLine

PRICE = Decimal("0.0001")


@dataclass(slots=True)
class Shelf:
    """One item in one warehouse. `waiting`: ordered by customers, not reserved, not delivered."""

    on_hand: int = 0
    reserved: int = 0
    on_order: int = 0
    waiting: int = 0

    @property
    def available(self) -> int:
        return self.on_hand - self.reserved

    @property
    def position(self) -> int:
        """What will be left for new orders when all that is promised has happened."""
        return self.on_hand + self.on_order - self.reserved - self.waiting


@dataclass(slots=True)
class OpenOrder:
    """An approved sales order that is not complete."""

    document: PastDocument
    ready: int  # ordinal of the first day on which it may leave
    tried: int = 0
    left: dict[int, int] = field(default_factory=dict)  # index of line → base units
    held: dict[int, int] = field(default_factory=dict)


Shelves = defaultdict[tuple[int, int], Shelf]


def line_of(
    good: Good, units: int, price: Decimal, pack: tuple[int, int] | None = None
) -> PastLine:
    """`units` base units at `price` per base unit, typed in the pack when there is one."""
    uom_id, ratio = pack or (good.uom_id, 1)
    return PastLine(
        item_id=good.id,
        item_uom_id=uom_id,
        quantity_in_unit=Decimal(units) / ratio,
        quantity=Decimal(units),
        price=(price * ratio).quantize(Decimal("0.01")),
        tax_rate=good.tax_rate,
    )


def part_of(line: PastLine, good: Good, units: int) -> PastLine:
    """A line that fulfils `units` of another: in its unit when that is whole, else in pieces."""
    ratio = line.quantity / line.quantity_in_unit
    whole = units % int(ratio) == 0
    return PastLine(
        item_id=line.item_id,
        item_uom_id=line.item_uom_id if whole else good.uom_id,
        quantity_in_unit=Decimal(units) / ratio if whole else Decimal(units),
        quantity=Decimal(units),
        price=line.price if whole else (line.price / ratio).quantize(PRICE),
        tax_rate=line.tax_rate,
        source=line,
    )


def fitting_pack(good: Good, units: int) -> tuple[tuple[int, int] | None, int]:
    """The largest pack that `units` nearly fill, and the units rounded to it."""
    for uom_id, ratio in reversed(good.packs):
        if units >= 0.9 * ratio:
            return (uom_id, ratio), max(1, round(units / ratio)) * ratio
    return None, units
