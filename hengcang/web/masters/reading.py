"""What a form or an address said, read strictly. A form collects everything wrong at once."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TypeVar

from hengcang.kernel.errors import Refused
from hengcang.kernel.numbers import strict_decimal, strict_money, strict_price
from hengcang.kernel.refusals import sentence

T = TypeVar("T")
MAX_ID = 2**63 - 1
MAX_TEXT = 200
_ID = re.compile(r"[0-9]{1,19}", re.ASCII)
_WHOLE = re.compile(r"[0-9]{1,9}", re.ASCII)
_DAY = re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}", re.ASCII)
_RATIO = re.compile(r"([0-9]{1,9})(?:/([0-9]{1,9}))?", re.ASCII)


def text_of(query: Mapping[str, str], name: str) -> str:
    """A text in an address, without the control characters no stored text can hold."""
    return "".join(char for char in query.get(name, "") if char.isprintable())[:MAX_TEXT]


def id_of(text: str) -> int | None:
    """The id in a filter, or None for what is none: a wrong address shows everything."""
    number = int(text) if _ID.fullmatch(text) else 0
    return number if 0 < number <= MAX_ID else None


def day_of(text: str, name: str | None = None) -> date:
    """A date such as 2026-11-24. Raises Refused("date_unreadable")."""
    plain = text.strip()
    if _DAY.fullmatch(plain):
        try:
            return date(*(int(part) for part in plain.split("-")))
        except ValueError:
            pass
    raise Refused("date_unreadable", name, text=text[:40])


@dataclass
class Reader:
    """Reads a posted form; `errors` holds the sentence of every field that is wrong."""

    posted: Mapping[str, str]
    errors: dict[str, str] = field(default_factory=dict)

    def text(self, name: str) -> str:
        return self.posted.get(name, "").strip()

    def required(self, name: str, what: str) -> str:
        found = self.text(name)
        if not found:
            self.refuse(Refused("field_missing", name, what=what))
        return found

    def checked(self, name: str) -> bool:
        return bool(self.posted.get(name))

    def ticked(self, prefix: str) -> tuple[str, ...]:
        """What stands after the prefix in the names of ticked boxes: `role-OWNER` → OWNER."""
        return tuple(
            name.removeprefix(prefix)
            for name, value in self.posted.items()
            if name.startswith(prefix) and value
        )

    def price(self, name: str) -> Decimal | None:
        return self._read(name, lambda text: strict_price(text, field=name))

    def money(self, name: str) -> Decimal | None:
        return self._read(name, lambda text: strict_money(text, field=name))

    def percent(self, name: str) -> Decimal | None:
        return self._read(name, lambda text: strict_decimal(text, places=4, field=name))

    def whole(self, name: str) -> int | None:
        return self._read(name, lambda text: _whole(text, name))

    def ratio(self, name: str) -> tuple[int, int] | None:
        return self._read(name, lambda text: _ratio(text, name))

    def day(self, name: str) -> date | None:
        return self._read(name, lambda text: day_of(text, name))

    def refuse(self, refusal: Refused, name: str | None = None) -> None:
        """The sentence stands at the field; the first one of a field stays."""
        self.errors.setdefault(name or refusal.field or "", sentence(refusal))

    def _read(self, name: str, read: Callable[[str], T]) -> T | None:
        typed = self.text(name)
        if not typed:
            return None
        try:
            return read(typed)
        except Refused as refusal:
            self.refuse(refusal, name)
            return None


def _whole(text: str, name: str) -> int:
    if not _WHOLE.fullmatch(text):
        raise Refused("number_unreadable", name, text=text[:40])
    return int(text)


def _ratio(text: str, name: str) -> tuple[int, int]:
    match = _RATIO.fullmatch(text.replace(" ", ""))
    if match is None:
        reason = "请写整数（如 12）或分数（如 1/3）。"
        raise Refused("field_invalid", name, what="换算率", reason=reason)
    return int(match[1]), int(match[2] or 1)
