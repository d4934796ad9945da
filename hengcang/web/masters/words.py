"""Numbers, money and moments as the pages write them."""

from datetime import date, timedelta
from decimal import Decimal

from hengcang.kernel.numbers import shown
from hengcang.kernel.rounding import to_cent

DASH = "—"


def quantity(value: Decimal, unit: str = "") -> str:
    """2,408 盏; no trailing zeros."""
    text = f"{value:,f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    text = "0" if text == "-0" else text
    return f"{text} {unit}" if unit else text


def money(value: Decimal | None) -> str:
    """12,345.00; nothing where it is hidden or absent."""
    return "" if value is None else f"{to_cent(value):,.2f}"


def price(value: Decimal | None) -> str:
    """A unit price with at least two decimals: 26.00, 0.1234."""
    if value is None:
        return ""
    text = shown(value)
    whole, _, decimals = text.partition(".")
    return f"{int(whole):,}.{decimals.ljust(2, '0')}"


def plain(value: Decimal | int | None) -> str:
    """A number for an input."""
    if value is None:
        return ""
    return shown(value) if isinstance(value, Decimal) else str(value)


def first_of_month(day: date) -> date:
    return day.replace(day=1)


def days_before(day: date, count: int) -> date:
    return day - timedelta(days=count)
