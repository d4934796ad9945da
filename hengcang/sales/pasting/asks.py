"""From clauses to what is asked for: words, quantity, unit and every doubt. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from hengcang.sales.pasting import words as say
from hengcang.sales.pasting.clauses import Clause, clauses_of
from hengcang.sales.pasting.features import (
    leans_on_the_line_before,
    plain_words,
    without_kinds_of,
)
from hengcang.sales.pasting.quantities import Quantity, quantities

_COLOUR_RUN = re.compile(rf"([{say.COLOURS}]{{2,}})(?=各)")


@dataclass(frozen=True, slots=True)
class Ask:
    """`text` is shown; `words` name the goods; `inherited` are the same with the goods of the line
    before (黑的10支 红的5支). `ignored` says why it is no line; `doubt` why it is never certain.
    """

    line: int
    text: str
    words: str = ""
    inherited: str = ""
    quantity: Decimal | None = None
    unit: str = ""
    ignored: str = ""
    doubt: str = ""
    has_number: bool = False


def asks_of(text: str) -> list[Ask]:
    """Everything of the text, in order. Raises Refused("paste_too_long")."""
    asks: list[Ask] = []
    for clause in clauses_of(text):
        for ask in _asks(clause):
            asks = _with(asks, ask)
    return asks


def _with(asks: list[Ask], ask: Ask) -> list[Ask]:
    """Later words may change earlier ones: 各, 改成, and goods named once."""
    if ask.doubt == AMENDING:
        asks = _doubted(asks, "后面又说要改，请确认数量")
    if re.search(r"各\s*(?:要|来)?\s*[\d一二两三四五六七八九十半]", ask.text) and ask.has_number:
        asks = _given(asks, ask)
    before = next((old for old in reversed(asks) if old.words and not old.ignored), None)
    if before and ask.words and not ask.ignored:
        ask = replace(ask, inherited=without_kinds_of(before.inherited or before.words, ask.words))
    return [*asks, ask]


MAX_CLAUSE = 200
AMENDING = "说要改，请人工处理"


def _doubted(asks: list[Ask], doubt: str) -> list[Ask]:
    at = next((n for n in range(len(asks) - 1, -1, -1) if not asks[n].ignored), None)
    return [replace(ask, doubt=doubt) if n == at else ask for n, ask in enumerate(asks)]


def _given(asks: list[Ask], each: Ask) -> list[Ask]:
    """The goods before "各10件" on the same line, that have no quantity, get it."""
    return [
        replace(ask, quantity=each.quantity, unit=each.unit, has_number=True)
        if ask.line == each.line and not ask.has_number and not ask.ignored
        else ask
        for ask in asks
    ]


def _asks(clause: Clause) -> Iterator[Ask]:
    if clause.row is not None and (clause.row.is_header or say.TOTALS.search(clause.text)):
        why = "表头" if clause.row.is_header else "合计"
        yield Ask(clause.line, clause.text, ignored=why)
    elif clause.row is not None and clause.row.quantity:
        yield _of_cells(clause)
    else:
        yield from _of_sentence(clause)


def _of_cells(clause: Clause) -> Ask:
    assert clause.row is not None
    unit = clause.row.unit.lower()
    found = quantities(f" {clause.row.quantity.lower()}{unit}")
    words = plain_words(clause.row.words)
    if not found or found[0].value is None:
        return Ask(clause.line, clause.text, words, doubt="数量看不懂")
    return Ask(
        clause.line,
        clause.text,
        words,
        quantity=found[0].value,
        unit=unit or found[0].unit,
        has_number=True,
    )


def _of_sentence(clause: Clause) -> Iterator[Ask]:
    text = clause.row.words if clause.row else clause.text
    if len(text) > MAX_CLAUSE:
        yield Ask(clause.line, text, words=text[:MAX_CLAUSE], doubt="文字太长，请分行")
        return
    if why := _no_goods(clause.text):
        yield Ask(clause.line, clause.text, ignored=why)
        return
    bare = _stripped(text.lower())
    doubt = _doubt(bare)
    found = quantities(bare)
    if not found:
        words = plain_words(_after_label(bare))
        if not words:
            yield Ask(clause.line, clause.text, ignored="日期、电话或价格")
        else:
            yield from _without_number(clause, bare, doubt)
        return
    for words, quantity in _portions(bare, found):
        asked = Ask(
            clause.line,
            clause.text,
            plain_words(_after_label(words)),
            quantity=quantity.value,
            unit=quantity.unit,
            doubt=doubt or ("数量不确切" if quantity.value is None else ""),
            has_number=True,
        )
        yield from _coloured(asked, words)


def _without_number(clause: Clause, bare: str, doubt: str) -> Iterator[Ask]:
    words = plain_words(_after_label(bare))
    yield Ask(clause.line, clause.text, words, doubt=doubt)


def _coloured(ask: Ask, words: str) -> Iterator[Ask]:
    """黑红黄各1筒 is three lines."""
    run = _COLOUR_RUN.search(words)
    if run is None:
        yield ask
        return
    for colour in run[1]:
        yield replace(ask, words=plain_words(words.replace(run[1], colour)))


def _no_goods(text: str) -> str:
    plain = text.lower().strip()
    tests = (
        (say.CANCELLED, "已取消"),
        (say.GREETING, "问候"),
        (say.ADDRESS, "地址或联系方式"),
        (say.TOTALS, "合计"),
    )
    if say.LAST_TIME.search(plain) and say.CANCELLED.search(plain) is None:
        return ""
    for pattern, why in tests:
        if pattern.search(plain) and not (pattern is say.ADDRESS and _counts(plain)):
            return why
    return "" if re.search(r"[^\W_]", plain) else "没有文字"


def _counts(text: str) -> bool:
    """手机壳 5个 is no telephone number."""
    return any(one.unit for one in quantities(text))


def _doubt(text: str) -> str:
    tests = (
        (say.AMENDED, AMENDING),
        (say.RETURNED, "说的是退货或换货"),
        (say.ASKING, "客户在询问，没有确定要"),
        (say.LAST_TIME, "说的是上次的货，请查上次的单据"),
        (say.SAYS_NOT, "提到「不要」，请确认"),
    )
    return next((doubt for pattern, doubt in tests if pattern.search(text)), "")


def _stripped(text: str) -> str:
    """Without dates, telephone numbers and prices."""
    for pattern in (say.PHONE, say.DATED, say.PRICE):
        text = pattern.sub("  ", text)
    return re.sub(r"\(\s*\)", " ", text.replace("千克", "kg"))


def _after_label(text: str) -> str:
    """A label before a colon is dropped where goods follow it: 二班:拼音本. It stays where only a
    size or colour follows: 安全鞋:39码."""
    label, colon, rest = text.partition(":")
    said = plain_words(rest)
    if not colon or not said:
        return label
    return f"{label} {rest}" if leans_on_the_line_before(said) else rest


def _portions(text: str, found: list[Quantity]) -> Iterator[tuple[str, Quantity]]:
    """Each quantity with its words: those before it, or after it where it comes first."""
    first = found[0]
    if plain_words(text[: first.start]) or len(found) == 1:
        if len(found) == 1:
            yield text[: first.start] + " " + text[first.end :], first
            return
        starts = [0, *(one.end for one in found[:-1])]
        words = [text[a : q.start] for a, q in zip(starts, found, strict=True)]
        words[-1] += " " + text[found[-1].end :]
    else:
        ends = [*(one.start for one in found[1:]), len(text)]
        words = [text[q.end : b] for q, b in zip(found, ends, strict=True)]
    last = ""
    for said, quantity in zip(words, found, strict=True):
        last = said if plain_words(said) else last
        yield last, quantity
