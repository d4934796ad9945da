"""One cell's text as a value: strictly, or refused with what to write instead. Pure."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from hengcang.documents.drafts import DIRECTION_LABELS
from hengcang.kernel.errors import Refused
from hengcang.kernel.numbers import strict_decimal, strict_price, strict_quantity
from hengcang.ledger.entries import STATUS_LABELS

_DAY = re.compile(
    r"([0-9]{4})(?:-([0-9]{1,2})-|/([0-9]{1,2})/|年([0-9]{1,2})月|([0-9]{2}))([0-9]{1,2})日?",
    re.ASCII,
)
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
RATE_PLACES = 2


def day(text: str) -> date:
    """2026-11-24, 2026/11/24, 2026年11月24日 or 20261124. Raises Refused("date_unreadable")."""
    if match := _DAY.fullmatch(text):
        year, *months, last = match.groups()
        month = next(found for found in months if found)
        try:
            return date(int(year), int(month), int(last))
        except ValueError:
            pass
    raise Refused("date_unreadable", text=text[:40])


def quantity(text: str) -> Decimal:
    """Above zero, 6 dp at most, half-width. Raises the codes of strict_quantity."""
    return strict_quantity(text)


def price(text: str) -> Decimal:
    """Zero or more, 4 dp at most, half-width. Raises the codes of strict_price."""
    return strict_price(text)


def rate(text: str) -> Decimal:
    """Percent, 0 to 100, with or without the sign. Raises Refused: rate_out_of_range, number_…"""
    value = strict_decimal(text.removesuffix("%"), places=RATE_PLACES)
    if not 0 <= value <= 100:
        raise Refused("rate_out_of_range", text=text[:40])
    return value


def short_text(text: str, what: str, length: int) -> str:
    """A text that fits. Raises Refused("field_invalid")."""
    if len(text) > length:
        reason = f"最多 {length} 个字，现有 {len(text)} 个。"
        raise Refused("field_invalid", what=what, reason=reason)
    if _CONTROL.search(text):
        raise Refused("field_invalid", what=what, reason="含有换行或不可见的控制字符。")
    return text


def chosen(text: str, choices: Mapping[str, str]) -> str:
    """The value of a word, or of the value itself. Raises Refused("choice_unknown")."""
    found = choices.get(text)
    if found is None:
        raise Refused("choice_unknown", text=text[:40], choices="、".join(choices))
    return found


STATUSES = {label: status.value for status, label in STATUS_LABELS.items()}
DIRECTIONS = {label: direction.value for direction, label in DIRECTION_LABELS.items()}
MARKS = {"赠品": "gift", "样品": "sample", "正常": ""}
TAX = {"含税": "1", "含税价": "1", "不含税": "0", "不含税价": "0"}
