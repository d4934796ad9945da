"""Which item a request means: one beyond doubt, one to check, or several. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from hengcang.sales.pasting.asks import Ask
from hengcang.sales.pasting.features import (
    atoms,
    codes_in,
    han_runs,
    leans_on_the_line_before,
    plain_words,
)
from hengcang.sales.pasting.goods import Good, Known
from hengcang.sales.pasting.likeness import Fit, fit, spelt
from hengcang.sales.pasting.units import has_unit

SHOWN = 8  # candidates for a person to choose of
NAMES = 3  # so many Han of a name in a row are no accident
LIKE = 60  # a cover below this is another thing
AGREES = 50  # beside a code, words that fit less than this contradict it


@dataclass(frozen=True, slots=True)
class Choice:
    """`good` None: a person must choose of the candidates, the likeliest first."""

    good: Good | None
    reason: str
    is_certain: bool = False
    is_exact: bool = False
    unit_id: int | None = None
    candidates: tuple[Good, ...] = ()


def choice(ask: Ask, known: Known) -> Choice:
    """By code, then by the customer's own words, then by name."""
    coded = _by_code(ask, known)
    if coded is not None and coded.good is not None:
        return coded
    found = _by_words(ask, known)
    return coded if coded is not None and found.good is None else found


def _by_words(ask: Ask, known: Known) -> Choice:
    phrase = known.phrases.get(ask.words.replace(" ", ""))
    if phrase is not None:
        return Choice(phrase.good, phrase.source.value, is_certain=True, unit_id=phrase.unit_id)
    if ask.inherited and leans_on_the_line_before(ask.words):
        near = known.near.get(ask.inherited, ())
        found = by_name(ask.inherited, ask.unit, near)
        if found.good is not None:
            return Choice(found.good, "接着上一行的商品：" + found.reason)
        if found.candidates:
            return found
    found = by_name(ask.words, ask.unit, known.near.get(ask.words, ()))
    if ask.words in known.crowded and not found.is_exact:
        return replace(found, is_certain=False)
    return found


def _by_code(ask: Ask, known: Known) -> Choice | None:
    said = [code for code in codes_in(ask.words) if code in known.codes]
    hits = {hit.good.id: hit for code in said for hit in known.codes[code]}
    if not hits:
        return None
    rest = ask.words
    for code in said:
        rest = re.sub(re.escape(code.lower()), " ", rest)
    if len(hits) == 1:
        hit = next(iter(hits.values()))
        if _agrees(rest, hit.good):
            return Choice(hit.good, hit.source.value, is_certain=True, unit_id=hit.unit_id)
    goods = tuple(hit.good for hit in hits.values())
    return Choice(None, "编码不止一个，或与名称对不上，请选择", candidates=goods[:SHOWN])


def _agrees(rest: str, good: Good) -> bool:
    """The words beside the code may be short for the item's name, never another name or size."""
    if not plain_words(rest):
        return True
    found = fit(plain_words(rest), good)
    return found is not None and found.cover >= AGREES


def by_name(words: str, unit: str, near: Sequence[Good]) -> Choice:
    """The one item the words fit, or those they may mean."""
    written = [found for good in near if (found := fit(words, good))]
    full = [found for found in written if found.cover == 100]
    if full and (han_runs(words) or _says_enough(words)):
        return _of_full(full, unit)
    if letters := [good for good in near if spelt(words, good)]:
        return _of_full(
            [Fit(good, 100, is_named=False, is_exact=False, by_sound=True) for good in letters],
            unit,
        )
    if not han_runs(words):
        return Choice(None, "没有认出商品")
    heard = [found for good in near if (found := fit(words, good, by_sound=True))]
    full = [found for found in heard if found.cover == 100]
    if full:
        return _of_full(full, unit)
    liked = [f for f in heard if f.cover >= LIKE or f.longest >= NAMES]
    liked.sort(key=lambda f: (-f.cover, -f.longest, f.good.code))
    goods = tuple(found.good for found in liked[:SHOWN])
    return Choice(None, "只有部分文字相符，请选择" if goods else "没有认出商品", candidates=goods)


def _says_enough(words: str) -> bool:
    return len(atoms(words)) > 1


def _of_full(full: list[Fit], unit: str) -> Choice:
    pool = _narrowed(full, unit)
    if len(pool) > 1:
        goods = sorted(pool, key=lambda f: (not f.is_exact, len(f.good.label), f.good.code))
        reason = f"有 {len(pool)} 个商品都符合，请选择"
        return Choice(None, reason, candidates=tuple(f.good for f in goods[:SHOWN]))
    one = pool[0]
    if one.by_sound:
        return Choice(one.good, "读音或字形相近，请核对")
    alone = len([f for f in full if f.is_named]) == 1
    if one.is_named and (one.is_exact or alone):
        reason = "名称和规格一致" if one.is_exact else "名称一致，只有这一种规格"
        return Choice(one.good, reason, is_certain=True, is_exact=one.is_exact)
    return Choice(one.good, "只有这一个商品符合，请核对")


def _narrowed(full: list[Fit], unit: str) -> list[Fit]:
    """Goods named in full win over goods named in part, words in a row over scattered ones, then
    those that have the unit, then the one whose specification is said in full."""
    pool = [f for f in full if f.is_named] or full
    fewest = min(f.pieces for f in pool)
    pool = [f for f in pool if f.pieces == fewest]
    if len(pool) > 1 and unit:
        pool = [f for f in pool if has_unit(f.good, unit)] or pool
    if len(pool) > 1:
        exact = [f for f in pool if f.is_exact]
        pool = exact if len(exact) == 1 else pool
    return pool


def words_to_find(asks: Sequence[Ask]) -> list[str]:
    """Every wording the catalogue has to be asked about, once."""
    said: dict[str, None] = {}
    for ask in asks:
        if ask.words and not ask.ignored:
            said[ask.words] = None
            if ask.inherited and leans_on_the_line_before(ask.words):
                said[ask.inherited] = None
    return list(said)


def phrase_key(text: str) -> str:
    """How a customer's wording is remembered."""
    return plain_words(text).replace(" ", "")
