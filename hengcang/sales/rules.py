"""Decisions of sales. Pure."""

from datetime import date
from decimal import Decimal

from hengcang.kernel.errors import Refused
from hengcang.kernel.rounding import ZERO


def consumed(delivered: Decimal, reserved: Decimal) -> Decimal:
    """How much of its own reservation a delivery of the line uses up, base units."""
    return max(ZERO, min(delivered, reserved))


def refuse_expired(number: str, valid_until: date, on: date) -> None:
    """Raises Refused("quote_expired") when the quotation no longer holds on that day."""
    if on > valid_until:
        facts = {"number": number, "valid_until": valid_until.isoformat(), "on": on.isoformat()}
        raise Refused("quote_expired", "lines", **facts)
