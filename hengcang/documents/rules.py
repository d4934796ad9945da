"""Arithmetic of document lines. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from math import gcd

from hengcang.kernel.errors import Refused
from hengcang.kernel.numbers import QUANTITY_PLACES, shown
from hengcang.kernel.rounding import ZERO, to_cent

HUNDRED = Decimal(100)
MICRO = 1_000_000


@dataclass(frozen=True, slots=True)
class Ratio:
    """A unit's exact size: 1 of it is num/den base units; the base unit divides to `places`.

    `item_name`: whose it is, for a refusal to say.
    """

    num: int
    den: int
    places: int
    item_name: str = ""


@dataclass(frozen=True, slots=True)
class Amounts:
    """The money of a line or of a document, 2 dp each; net + tax = gross."""

    net: Decimal
    tax: Decimal
    gross: Decimal

    def __neg__(self) -> "Amounts":
        return Amounts(-self.net, -self.tax, -self.gross)


NOTHING = Amounts(ZERO, ZERO, ZERO)


@dataclass(frozen=True, slots=True)
class Pricing:
    """What a line costs per unit, as typed."""

    price: Decimal
    discount_rate: Decimal
    tax_rate: Decimal
    includes_tax: bool


def base_quantity(quantity: Decimal, ratio: Ratio, field: str | None = None) -> Decimal:
    """The exact quantity in base units.

    Raises Refused("quantity_inexact") with the nearest quantities below and above that convert
    exactly, so that units never invent goods.
    """
    typed = int(quantity * MICRO)
    grain = ratio.den * 10 ** (QUANTITY_PLACES - ratio.places)  # finest base quantity × den
    if typed * ratio.num % grain == 0:
        return Decimal(typed * ratio.num // ratio.den) / MICRO
    exact_step = grain // gcd(grain, ratio.num)  # the typed quantities that convert exactly
    below = typed // exact_step * exact_step
    raise Refused(
        "quantity_inexact",
        field,
        item_name=ratio.item_name,
        quantity=shown(quantity),
        below=shown(Decimal(below) / MICRO),
        above=shown(Decimal(below + exact_step) / MICRO),
    )


def line_amounts(quantity: Decimal, pricing: Pricing) -> Amounts:
    """Net, tax and gross of a line.

    Gross = quantity × price incl. tax × discount, rounded once; tax is extracted from the gross,
    rounded once; net is the rest. A price without tax is first raised by the rate, unrounded.
    """
    factor = HUNDRED + pricing.tax_rate
    exact = quantity * pricing.price * pricing.discount_rate / HUNDRED
    if not pricing.includes_tax:
        exact = exact * factor / HUNDRED
    gross = to_cent(exact)
    tax = to_cent(gross * pricing.tax_rate / factor)
    return Amounts(net=gross - tax, tax=tax, gross=gross)


def less_share(amounts: Amounts, share: Decimal, tax_rate: Decimal) -> Amounts:
    """A line's money after its share of a discount on the whole; tax is extracted from the rest."""
    if not share:
        return amounts
    gross = amounts.gross - share
    tax = to_cent(gross * tax_rate / (HUNDRED + tax_rate))
    return Amounts(net=gross - tax, tax=tax, gross=gross)


def total(lines: Iterable[Amounts]) -> Amounts:
    """The sums of rounded lines: round first, then add."""
    net, tax, gross = ZERO, ZERO, ZERO
    for line in lines:
        net, tax, gross = net + line.net, tax + line.tax, gross + line.gross
    return Amounts(net, tax, gross)


def part_of(whole: Amounts, quantity: Decimal, of: Decimal) -> Amounts:
    """The share of a line's money for `quantity` of its `of` units; net is gross − tax."""
    gross = to_cent(whole.gross * quantity / of)
    tax = to_cent(whole.tax * quantity / of)
    return Amounts(net=gross - tax, tax=tax, gross=gross)


@dataclass(frozen=True, slots=True)
class Shelf:
    """Goods of one item that can be taken: base units of one batch in one bin."""

    batch_id: int | None
    bin_id: int | None
    expiry_date: date | None
    quantity: Decimal

    def less(self, quantity: Decimal) -> "Shelf":
        """The shelf after so much was taken."""
        return replace(self, quantity=self.quantity - quantity)


def first_to_expire(
    quantity: Decimal, shelves: Sequence[Shelf]
) -> list[tuple[Shelf | None, Decimal]]:
    """From which shelves a quantity is taken, in their order (FEFO); None: what is not there."""
    taken: list[tuple[Shelf | None, Decimal]] = []
    left = quantity
    for shelf in shelves:
        part = min(left, shelf.quantity)
        if part > 0:
            taken.append((shelf, part))
            left -= part
    if left > 0 or not taken:
        taken.append((None, left))
    return taken


def parts_of(amounts: Amounts | None, quantities: Sequence[Decimal]) -> list[Amounts | None]:
    """The money of a line over its parts, each rounded HALF_UP to the cent; the last takes the
    rest.
    """
    if amounts is None:
        return [None] * len(quantities)
    whole = sum(quantities, ZERO)
    parts: list[Amounts | None] = []
    left = amounts
    for quantity in quantities[:-1]:
        part = part_of(amounts, quantity, whole)
        parts.append(part)
        left = Amounts(left.net - part.net, left.tax - part.tax, left.gross - part.gross)
    return [*parts, left]


def shares_of(share: Decimal, quantities: Sequence[Decimal]) -> list[Decimal]:
    """A line's share of a discount over its parts, each to the cent; the last takes the rest."""
    whole = sum(quantities, ZERO)
    parts = [to_cent(share * quantity / whole) for quantity in quantities[:-1]] if share else []
    parts += [ZERO] * (len(quantities) - 1 - len(parts))
    return [*parts, share - sum(parts, ZERO)]


def part_left(whole: Amounts, taken: Amounts, part: Amounts, *, ends: bool) -> Amounts:
    """The money of one part of a line of which so much was taken: its own, but never more than is
    left, and all that is left when the part ends the line. So the parts come to the whole.
    """
    gross_left, tax_left = whole.gross - taken.gross, whole.tax - taken.tax
    gross = gross_left if ends else min(part.gross, gross_left)
    tax = tax_left if ends else min(part.tax, tax_left, gross)
    return Amounts(net=gross - tax, tax=tax, gross=gross)
