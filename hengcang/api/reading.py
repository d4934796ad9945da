"""How JSON becomes values: numbers, dates and texts are read strictly, floats never appear."""

import json
import re
import unicodedata
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja.parser import Parser
from pydantic import BeforeValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from hengcang.kernel.errors import Refused
from hengcang.kernel.numbers import (
    QUANTITY_PLACES,
    strict_decimal,
    strict_money,
    strict_price,
    strict_quantity,
)

RATE_PLACES = 2
HUNDRED = Decimal(100)
MAX_ID = 2**63 - 1
JSON_TYPE = "application/json"
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_MONTH = re.compile(r"[0-9]{4}-[0-9]{2}", re.ASCII)
_UNREADABLE = frozenset({"Cc", "Cs", "Co", "Cn"})
_LINE_BREAKS = frozenset("\n\r\t")


class Literal(str):
    """The text of a JSON number as it was sent; only number fields take it."""

    __slots__ = ()


class StrictParser(Parser):
    """JSON whose fractions stay text until the strict reader of numbers sees them."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        """Raises Refused: body_type_unknown, body_unreadable."""
        if request.content_type != JSON_TYPE:
            raise Refused("body_type_unknown", type=(request.content_type or "")[:60])
        try:
            found = json.loads(
                request.body, parse_float=Literal, parse_constant=Literal, parse_int=_whole
            )
        except (ValueError, RecursionError) as problem:
            raise Refused("body_unreadable", reason=str(problem)[:80]) from None
        if not isinstance(found, dict):
            raise Refused("body_unreadable", reason="应为一个 JSON 对象")
        return found


def _whole(text: str) -> int | Literal:
    """An int, but `-0` and endless digits stay text."""
    return Literal(text) if text == "-0" or len(text) > 40 else int(text)


def complaint(refusal: Refused) -> PydanticCustomError:
    """The refusal as pydantic carries it through validation; `errors` turns it back."""
    return PydanticCustomError("refused", "refused", {"code": refusal.code, **refusal.facts})


def _read_number(read: Callable[[str], Decimal]) -> Callable[[object], Decimal]:
    def check(value: object) -> Decimal:
        if isinstance(value, Decimal):  # a default of ours
            return value
        text = str(value).lower() if isinstance(value, bool) else str(value)
        if isinstance(value, bool) or not isinstance(value, str | int):
            raise complaint(Refused("number_unreadable", text=text[:40]))
        try:
            return read(text)
        except Refused as refusal:
            raise complaint(refusal) from None

    return check


def _strict_rate(text: str) -> Decimal:
    value = strict_decimal(text, places=RATE_PLACES)
    if not 0 <= value <= HUNDRED:
        raise Refused("rate_out_of_range", text=text[:40])
    return value


def _number(read: Callable[[str], Decimal], places: int, what: str) -> Any:
    return Annotated[
        Decimal,
        BeforeValidator(_read_number(read)),
        WithJsonSchema(
            {
                "type": ["string", "number"],
                "description": f"{what}；半角十进制，最多 {places} 位小数，不接受指数、NaN、-0。",
                "examples": ["12.5"],
            }
        ),
    ]


def _strict_percent(text: str) -> Decimal:
    return strict_decimal(text, places=4)


Percent = _number(_strict_percent, 4, "百分比，可为负")
Quantity = _number(strict_quantity, 6, "数量，大于 0")
CountedQuantity = _number(
    lambda text: strict_decimal(text, places=QUANTITY_PLACES), 6, "实盘数量，可为 0；累加时可为负"
)
Price = _number(strict_price, 4, "单价，不小于 0")
Money = _number(strict_money, 2, "金额，不小于 0")
Rate = _number(_strict_rate, RATE_PLACES, "百分比，0 到 100")


def _read_day(value: object) -> date:
    if isinstance(value, date):
        return value
    try:
        if isinstance(value, str) and _DAY.fullmatch(value):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise complaint(Refused("date_unreadable", text=str(value)[:40]))


def _read_month(value: object) -> date:
    if isinstance(value, str) and _MONTH.fullmatch(value):
        return _read_day(f"{value}-01")
    raise complaint(Refused("date_unreadable", text=str(value)[:40]))


Day = Annotated[date, BeforeValidator(_read_day)]
Month = Annotated[
    date,
    BeforeValidator(_read_month),
    WithJsonSchema(
        {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}$", "description": "如 2026-11"}
    ),
]


def _read_text(value: object) -> object:
    """A text a person can read: no control characters, which the database would not take either."""
    if isinstance(value, Literal):
        raise complaint(Refused("field_invalid", reason="应为文字，请加引号。"))
    if isinstance(value, str) and any(
        unicodedata.category(char) in _UNREADABLE and char not in _LINE_BREAKS for char in value
    ):
        raise complaint(Refused("field_invalid", reason="含有不可见的控制字符。"))
    return value


def _read_uuid(value: object) -> object:
    if isinstance(value, str):
        try:
            return UUID(value)
        except ValueError:
            pass
    raise complaint(Refused("field_invalid", reason="应为 UUID。"))


Id = Annotated[int, Field(strict=True, ge=1, le=MAX_ID)]
Whole = Annotated[int, Field(strict=True, ge=-(2**31), le=2**31 - 1)]
Flag = Annotated[bool, Field(strict=True)]
Text = Annotated[str, BeforeValidator(_read_text)]
Text20 = Annotated[Text, Field(max_length=20)]
Text60 = Annotated[Text, Field(max_length=60)]
Text200 = Annotated[Text, Field(max_length=200)]
Text500 = Annotated[Text, Field(max_length=500)]
ClientUuid = Annotated[
    UUID, BeforeValidator(_read_uuid), WithJsonSchema({"type": "string", "format": "uuid"})
]
