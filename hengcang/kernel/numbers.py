"""The strict reader of quantities and money: what a person typed, or a refusal.

`Decimal()` accepts full-width digits, "1_000", "1e5", "NaN" and "-0"; a ledger must not.
"""

import re
from decimal import Decimal

from hengcang.kernel.errors import Refused

QUANTITY_PLACES = 6
PRICE_PLACES = 4
MONEY_PLACES = 2
MAX_WHOLE_DIGITS = 12

_PLAIN = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?", re.ASCII)


def strict_decimal(text: str, *, places: int, field: str | None = None) -> Decimal:
    """The exact value of a plain decimal with at most `places` decimals.

    Raises Refused: number_unreadable (letters, exponents, full-width digits, NaN, separators),
    number_negative_zero, number_too_fine (more decimals than kept), number_too_large.
    """
    plain = text.strip()
    if not _PLAIN.fullmatch(plain):
        raise Refused("number_unreadable", field, text=text[:40])
    value = Decimal(plain)
    if plain.startswith("-") and value == 0:
        raise Refused("number_negative_zero", field, text=text[:40])
    _, _, decimals = plain.partition(".")
    if len(decimals) > places:
        raise Refused("number_too_fine", field, text=text[:40], places=places)
    if len(plain.lstrip("-").partition(".")[0]) > MAX_WHOLE_DIGITS:
        raise Refused("number_too_large", field, text=text[:40], digits=MAX_WHOLE_DIGITS)
    return value


def strict_quantity(text: str, *, field: str | None = None) -> Decimal:
    """A quantity above zero, at most 6 decimals.

    Raises the codes of strict_decimal and quantity_not_positive.
    """
    value = strict_decimal(text, places=QUANTITY_PLACES, field=field)
    if value <= 0:
        raise Refused("quantity_not_positive", field, text=text[:40])
    return value


def strict_price(text: str, *, field: str | None = None) -> Decimal:
    """A price of zero or more, at most 4 decimals.

    Raises the codes of strict_decimal and amount_negative.
    """
    value = strict_decimal(text, places=PRICE_PLACES, field=field)
    if value < 0:
        raise Refused("amount_negative", field, text=text[:40])
    return value


def strict_money(text: str, *, field: str | None = None) -> Decimal:
    """An amount of zero or more, at most 2 decimals.

    Raises the codes of strict_decimal and amount_negative.
    """
    value = strict_decimal(text, places=MONEY_PLACES, field=field)
    if value < 0:
        raise Refused("amount_negative", field, text=text[:40])
    return value


def storable(value: Decimal, field: str | None = None) -> Decimal:
    """The computed value, if its whole part fits as a typed one would: 12 digits.

    So that sums of a document's 1,000 lines fit every column. Raises Refused("number_too_large").
    """
    if abs(value) >= 10**MAX_WHOLE_DIGITS:
        raise Refused("number_too_large", field, text=shown(value)[:40], digits=MAX_WHOLE_DIGITS)
    return value


def shown(value: Decimal) -> str:
    """The value as people write it: no exponent, no trailing zeros."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def percent(rate: Decimal, field: str) -> Decimal:
    """The rate as given. Raises Refused: rate_out_of_range (not 0 to 100), number_too_fine."""
    if not 0 <= rate <= 100:
        raise Refused("rate_out_of_range", field, text=shown(rate))
    if rate != round(rate, 2):
        raise Refused("number_too_fine", field, text=shown(rate), places=2)
    return rate
