"""How what a warehouse has is shared among the shops that ask for it. Pure, in exact integers."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from hengcang.documents.rules import MICRO, Ratio
from hengcang.kernel.numbers import QUANTITY_PLACES, shown

CENTI = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Ask:
    """What is open of one request line, and the smallest part it may be given; base units."""

    line_id: int
    open: Decimal
    step: Decimal


@dataclass(frozen=True, slots=True)
class Share:
    """What the line is to get, base units, and why that much."""

    line_id: int
    quantity: Decimal
    why: str


def step_of(open_: Decimal, ratio: Ratio) -> Decimal:
    """The line's own unit where a whole number of it is open, else the finest base quantity."""
    grain = 10 ** (QUANTITY_PLACES - ratio.places)
    unit, rest = divmod(ratio.num * MICRO, ratio.den)
    whole = not rest and unit % grain == 0 and int(open_ * MICRO) % unit == 0
    return Decimal(unit if whole else grain) / MICRO


def shares(asks: Sequence[Ask], available: Decimal) -> list[Share]:
    """A share for each of one item's asks, which stand the oldest first.

    All of it when there is enough. Else each gets its part of what is there by what it asks,
    rounded down to whole steps; what is left over goes out step by step, the oldest first. Never
    more than is open of a line, never more in all than is available.
    """
    have = max(0, int(available * MICRO))
    opens = [int(ask.open * MICRO) for ask in asks]
    steps = [int(ask.step * MICRO) for ask in asks]
    whole = sum(opens)
    if have >= whole:
        return [Share(ask.line_id, ask.open, "可用足够，全数配给") for ask in asks]
    if have == 0:
        return [Share(ask.line_id, Decimal(0), "供货仓没有可用") for ask in asks]
    parts = [open_ * have // whole // step * step for open_, step in zip(opens, steps, strict=True)]
    more = _left_over(parts, opens, steps, have - sum(parts))
    told = f"共要 {_shown(whole)}，可用 {_shown(have)}"
    return [
        Share(
            ask.line_id,
            Decimal(part + extra) / MICRO,
            told + _why(ask, have, whole) + _said(part, extra),
        )
        for ask, part, extra in zip(asks, parts, more, strict=True)
    ]


def _left_over(
    parts: Sequence[int], opens: Sequence[int], steps: Sequence[int], left: int
) -> list[int]:
    """One step each, the oldest first; then whatever whole steps of a line still fit."""
    more = [0] * len(parts)
    for most in (1, None):
        for n, step in enumerate(steps):
            room = min(left, opens[n] - parts[n] - more[n]) // step
            taken = (room if most is None else min(most, room)) * step
            more[n] += taken
            left -= taken
    return more


def _why(ask: Ask, have: int, whole: int) -> str:
    exact = (ask.open * have / whole).quantize(CENTI)
    return f"，按比例 {shown(ask.open)}×{_shown(have)}÷{_shown(whole)}≈{shown(exact)}"


def _said(part: int, extra: int) -> str:
    said = f"，取整 {_shown(part)}"
    return f"{said}，余数先给早要的，加 {_shown(extra)}" if extra else said


def _shown(quantity: int) -> str:
    return shown(Decimal(quantity) / MICRO)
