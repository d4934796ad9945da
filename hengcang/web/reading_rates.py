"""Percentages a person types."""

from collections.abc import Mapping
from decimal import Decimal

from hengcang.kernel.errors import Refused
from hengcang.kernel.numbers import strict_decimal

HUNDRED = Decimal(100)
PLACES = 2


def paid_share(row: Mapping[str, str], at: str) -> Decimal:
    """What is paid of the price, percent; all of it when nothing is typed."""
    rate = rate_of(row, "discount", at)
    return HUNDRED if rate is None else rate


def rate_of(row: Mapping[str, str], name: str, at: str) -> Decimal | None:
    """A percentage of 0 to 100; None when nothing is typed.

    Raises Refused: rate_out_of_range, and those of strict_decimal.
    """
    if not row[name]:
        return None
    rate = strict_decimal(row[name], places=PLACES, field=f"{at}.{name}")
    if not 0 <= rate <= HUNDRED:
        raise Refused("rate_out_of_range", f"{at}.{name}", text=row[name][:40])
    return rate
