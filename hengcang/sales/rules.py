"""Decisions of sales. Pure."""

from datetime import date
from decimal import Decimal

from hengcang.documents.rules import HUNDRED, Pricing
from hengcang.kernel.errors import Refused
from hengcang.kernel.rounding import ZERO

FULL = HUNDRED  # the discount rate that takes nothing off


def consumed(delivered: Decimal, reserved: Decimal) -> Decimal:
    """How much of its own reservation a delivery of the line uses up, base units."""
    return max(ZERO, min(delivered, reserved))


def refuse_expired(number: str, valid_until: date, on: date) -> None:
    """Raises Refused("quote_expired") when the quotation no longer holds on that day."""
    if on > valid_until:
        facts = {"number": number, "valid_until": valid_until.isoformat(), "on": on.isoformat()}
        raise Refused("quote_expired", "lines", **facts)


def base_price(pricing: Pricing, ratio: tuple[int, int]) -> Decimal:
    """What one base unit comes to, with tax and net of the discount; not rounded."""
    num, den = ratio
    tax = ZERO if pricing.includes_tax else pricing.tax_rate
    worth = pricing.price * pricing.discount_rate * (HUNDRED + tax) * den
    return worth / (HUNDRED * HUNDRED * num)


def is_below_floor(
    pricing: Pricing,
    ratio: tuple[int, int],
    floor: Decimal,
    off: tuple[Decimal, Decimal] = (Decimal(1), ZERO),
) -> bool:
    """Whether a line sells below the floor price (per base unit, with tax); compared exactly.

    `off`: its base units, and their share of a discount on the whole document.
    """
    quantity, share = off
    num, den = ratio
    tax = ZERO if pricing.includes_tax else pricing.tax_rate
    worth = pricing.price * pricing.discount_rate * (HUNDRED + tax) * den
    return worth * quantity < (floor * quantity + share) * HUNDRED * HUNDRED * num
