"""How values become JSON: decimals as plain strings, costs only for those who may see them."""

from decimal import Decimal
from typing import Annotated, Any

from pydantic import BeforeValidator, PlainSerializer, SerializationInfo, WithJsonSchema

from hengcang.kernel.actor import Actor, FieldClass
from hengcang.kernel.numbers import shown

_MONEY = {"type": "string", "pattern": r"^-?[0-9]+\.[0-9]{2}$", "examples": ["1280.00"]}
_PLAIN = {"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?$", "examples": ["12.5"]}
_HIDDEN = "没有「成本」字段权限时为 null。"


def money(value: Decimal) -> str:
    """Always two decimals, never an exponent."""
    return f"{value:.2f}"


def may_see(actor: Actor, value: Any) -> Any:
    """The figure of cost, or None for an actor who may not see costs."""
    return value if actor.sees(FieldClass.COST) else None


def _actor(info: SerializationInfo) -> Actor:
    assert info.context is not None, "an answer is always made for a request"
    actor: Actor = info.context["request"].auth
    return actor


def _cost(value: Decimal | None, info: SerializationInfo) -> str | None:
    seen = may_see(_actor(info), value)
    return None if seen is None else money(seen)


def _cost_price(value: Decimal | None, info: SerializationInfo) -> str | None:
    seen = may_see(_actor(info), value)
    return None if seen is None else shown(seen)


def _hidden(schema: dict[str, Any]) -> WithJsonSchema:
    return WithJsonSchema({"anyOf": [schema, {"type": "null"}], "description": _HIDDEN})


MoneyOut = Annotated[Decimal, PlainSerializer(money, return_type=str), WithJsonSchema(_MONEY)]
PlainOut = Annotated[Decimal, PlainSerializer(shown, return_type=str), WithJsonSchema(_PLAIN)]
# The only types for figures that come from what we pay; the one place where they are hidden.
CostOut = Annotated[Decimal | None, PlainSerializer(_cost, return_type=str | None), _hidden(_MONEY)]
CostPriceOut = Annotated[
    Decimal | None, PlainSerializer(_cost_price, return_type=str | None), _hidden(_PLAIN)
]


def _rows(value: Any) -> Any:
    return list(value.all()) if hasattr(value, "all") else value


def _names(value: Any) -> Any:
    return [str(row) for row in value.all()] if hasattr(value, "all") else value


Rows = BeforeValidator(_rows)
Names = Annotated[list[str], BeforeValidator(_names)]
