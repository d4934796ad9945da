"""The reading of a paste: every line with what was understood, how surely, and why. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from hengcang.sales.pasting.asks import Ask
from hengcang.sales.pasting.choosing import Choice, choice
from hengcang.sales.pasting.features import codes_in, han_runs
from hengcang.sales.pasting.goods import Good, GoodUnit, Known
from hengcang.sales.pasting.units import carries_another, unit_of, why_not

UNKNOWN = "没有数量，也没有认出商品"


class Confidence(StrEnum):
    """How far a line may be trusted."""

    CERTAIN = "certain"
    LIKELY = "likely"
    UNSURE = "unsure"
    IGNORED = "ignored"


LABELS = {
    Confidence.CERTAIN: "确定",
    Confidence.LIKELY: "请核对",
    Confidence.UNSURE: "待选择",
    Confidence.IGNORED: "忽略",
}


@dataclass(frozen=True, slots=True)
class ReadLine:
    """`good`, `quantity` and `unit` are all set on certain and likely lines. On an unsure one, what
    could be understood is set, and `candidates` holds the proposals. `phrase`: the customer's
    wording, to be remembered when a person chooses.
    """

    line: int
    text: str
    confidence: Confidence
    reason: str
    phrase: str = ""
    good: Good | None = None
    quantity: Decimal | None = None
    unit: GoodUnit | None = None
    candidates: tuple[Good, ...] = ()


def read(asks: Sequence[Ask], known: Known) -> list[ReadLine]:
    """All of the text, in order: nothing is dropped."""
    lines = [_line(ask, known) for ask in asks]
    remarks = {line.line: line.text for line in lines if line.reason == UNKNOWN}
    return [_remarked(line, remarks.get(line.line, "")) for line in lines]


def _remarked(line: ReadLine, remark: str) -> ReadLine:
    """Words beside a line that nobody understood may change it (无糖的): it is not certain."""
    if not remark or line.confidence is not Confidence.CERTAIN:
        return line
    reason = f"{line.reason}；旁边还写了「{remark}」，请核对"
    return replace(line, confidence=Confidence.LIKELY, reason=reason)


def _line(ask: Ask, known: Known) -> ReadLine:
    if ask.ignored:
        return ReadLine(ask.line, ask.text, Confidence.IGNORED, ask.ignored)
    if not ask.words:
        return _unsure(ask, Choice(None, ask.doubt or "没有写是什么商品"))
    chosen = choice(ask, known)
    if not ask.has_number:
        return _without_quantity(ask, chosen)
    return _settled(ask, chosen)


def _without_quantity(ask: Ask, chosen: Choice) -> ReadLine:
    typed_code = not han_runs(ask.words) and bool(codes_in(ask.words)) and " " not in ask.words
    if chosen.good is None and not chosen.candidates and not ask.doubt and not typed_code:
        return ReadLine(ask.line, ask.text, Confidence.IGNORED, UNKNOWN)
    return _unsure(ask, chosen, ask.doubt or "没有写数量")


def _settled(ask: Ask, chosen: Choice) -> ReadLine:
    if chosen.good is None or ask.quantity is None or ask.doubt:
        return _unsure(ask, chosen, ask.doubt)
    unit = unit_of(chosen.good, ask.unit, chosen.unit_id)
    if isinstance(unit, str):
        return _unsure(ask, chosen, unit)
    if problem := why_not(ask.quantity, chosen.good, unit):
        return _unsure(ask, chosen, problem)
    other = carries_another(chosen.good, chosen.unit_id, unit)
    return ReadLine(
        ask.line,
        ask.text,
        Confidence.CERTAIN if chosen.is_certain and not other else Confidence.LIKELY,
        chosen.reason + ("，但写的是另一个单位，请核对" if other else ""),
        ask.words,
        chosen.good,
        ask.quantity,
        unit,
        chosen.candidates,
    )


def _unsure(ask: Ask, chosen: Choice, why: str = "") -> ReadLine:
    """What was understood stays beside what was not."""
    candidates = (chosen.good,) if chosen.good else chosen.candidates
    unit = None
    if chosen.good is not None:
        found = unit_of(chosen.good, ask.unit, chosen.unit_id)
        unit = None if isinstance(found, str) else found
    return ReadLine(
        ask.line,
        ask.text,
        Confidence.UNSURE,
        why or chosen.reason,
        "" if ask.doubt else ask.words,
        chosen.good,
        ask.quantity,
        unit,
        candidates,
    )
