"""When a line can be delivered: from what is free now and what comes in. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from hengcang.kernel.numbers import shown
from hengcang.kernel.rounding import ZERO


@dataclass(frozen=True, slots=True)
class Incoming:
    """Goods that a purchase order brings, base units. `on` None: nobody said when."""

    quantity: Decimal
    on: date | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is open of a line, base units; `held` of it is reserved for the line already."""

    line_id: int
    open: Decimal
    held: Decimal


@dataclass(frozen=True, slots=True)
class Promised:
    """The first date on which the line can be delivered, and why; None: not in sight."""

    line_id: int
    promised_date: date | None
    reason: str


def promised(
    wanted: Iterable[Wanted], free: Decimal, incoming: Iterable[Incoming], today: date
) -> list[Promised]:
    """The lines of one item, served in their order: what one takes the next does not get.

    `free`: on hand − reserved, base units. What is late or has no date is counted on no day.
    """
    lines = list(wanted)
    coming = list(incoming)
    dated = sorted((i.on, i.quantity) for i in coming if i.on is not None and i.on >= today)
    vague = sum((i.quantity for i in coming if i.on is None or i.on < today), start=ZERO)
    left = max(free, ZERO)
    answers: list[Promised] = []
    for line in lines:
        have = line.held + left
        answer, taken = _one(line, have, dated, today)
        if answer.promised_date is None and vague > ZERO:
            answer = Promised(
                line.line_id, None, f"{answer.reason}，另有 {shown(vague)} 在途逾期或未定到货日期"
            )
        left = max(ZERO, left - max(ZERO, min(line.open, have) - line.held))
        dated = _without(dated, taken)
        answers.append(answer)
    return answers


def _one(
    line: Wanted, have: Decimal, dated: list[tuple[date, Decimal]], today: date
) -> tuple[Promised, Decimal]:
    """The answer for one line, and how much of what comes in it takes."""
    if line.open <= have:
        return Promised(line.line_id, today, f"现有 {shown(have)}"), ZERO
    reason, sum_so_far = f"现有 {shown(have)}", have
    for on, quantity in dated:
        sum_so_far += quantity
        if sum_so_far >= line.open:
            reason = f"{reason}，{on:%m-%d} 采购到 {shown(sum_so_far - have)}"
            return Promised(line.line_id, on, reason), line.open - have
    short = shown(line.open - sum_so_far)
    return Promised(line.line_id, None, f"{reason}，还缺 {short} 没有采购"), sum_so_far - have


def _without(dated: list[tuple[date, Decimal]], taken: Decimal) -> list[tuple[date, Decimal]]:
    """What comes in after the earliest `taken` of it has gone to somebody."""
    rest: list[tuple[date, Decimal]] = []
    for on, quantity in dated:
        used = min(taken, quantity)
        taken -= used
        if quantity > used:
            rest.append((on, quantity - used))
    return rest
