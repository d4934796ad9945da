"""How many parts a quantity needs, and how many can be made. Pure; base units, 6 dp."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from fractions import Fraction

from hengcang.kernel.rounding import ZERO


@dataclass(frozen=True, slots=True)
class Part:
    """`quantity` units of an item go into `output` units of the product: an exact ratio.

    `places`: decimal places the item is counted in. `available`: what there is of it.
    """

    item_id: int
    quantity: Decimal
    output: Decimal
    places: int
    available: Decimal = ZERO

    def needed(self, quantity: Decimal) -> Decimal:
        """What so many products need of it, rounded up to what can be counted."""
        exact = Fraction(quantity) * Fraction(self.quantity) / Fraction(self.output)
        return _counted(exact, self.places, ROUND_CEILING)

    def enough_for(self) -> Fraction:
        """How many products what is available would make, counted as the part is counted."""
        there = _counted(Fraction(max(self.available, ZERO)), self.places, ROUND_FLOOR)
        return Fraction(there) * Fraction(self.output) / Fraction(self.quantity)


def can_make(parts: Sequence[Part], places: int) -> Decimal:
    """齐套数: how many products all parts suffice for, rounded down to what can be counted."""
    if not parts:
        return ZERO
    return _counted(min(part.enough_for() for part in parts), places, ROUND_FLOOR)


def _counted(exact: Fraction, places: int, rounding: str) -> Decimal:
    scale: int = 10**places
    whole = exact * scale
    down = whole.numerator // whole.denominator
    up = down if down == whole else down + 1
    return Decimal(up if rounding == ROUND_CEILING else down) / scale
