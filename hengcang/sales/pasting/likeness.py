"""How well a request fits an item: what of it the item explains, in writing or by sound. Pure."""

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

from pypinyin import Style, pinyin

from hengcang.kernel import search
from hengcang.sales.pasting.features import atoms, canonical, han_runs
from hengcang.sales.pasting.goods import Good
from hengcang.sales.pasting.words import WEIGHTLESS

SOUND_RUN = 3  # shorter runs sound like too many things, unless they sound wholly alike


@dataclass(frozen=True, slots=True)
class Fit:
    """`cover`: the share of the request's Han the item explains, 0 to 100, in `pieces` stretches,
    the `longest` of so many characters. `is_named`: the item's whole name is in the request.
    `is_exact`: so are its specification's numbers and colours.
    """

    good: Good
    cover: int
    is_named: bool
    is_exact: bool
    by_sound: bool = False
    pieces: int = 0
    longest: int = 0


@dataclass(slots=True)
class _Cover:
    weight: int = 0
    explained: int = 0
    pieces: int = 0
    longest: int = 0
    used_sound: bool = False

    @property
    def share(self) -> int:
        return 100 * self.explained // self.weight if self.weight else 100


def fit(words: str, good: Good, *, by_sound: bool = False) -> Fit | None:
    """None where a number or letter of the request is not the item's: 500ml is not 330ml."""
    said, own = Counter(atoms(words)), Counter(atoms(good.label))
    if said - own:
        return None
    runs = han_runs(words)
    if not runs and not said:
        return None
    cover = _cover(runs, good, by_sound=by_sound)
    return Fit(
        good,
        cover.share,
        _is_named(words, good, by_sound=by_sound),
        not own - said and _holds_colours(words, good),
        cover.used_sound,
        cover.pieces,
        cover.longest,
    )


def _cover(runs: list[str], good: Good, *, by_sound: bool) -> _Cover:
    text = canonical(good.label) + " " + " ".join(unit.name for unit in good.units)
    cover = _Cover()
    for run in runs:
        lengths = _stretches(run, text)
        marks = [mark for length in lengths for mark in [length > 0] * max(length, 1)]
        if by_sound and not all(marks):
            heard = _heard(run, good)
            cover.used_sound |= any(h and not m for h, m in zip(heard, marks, strict=True))
            marks = [m or h for m, h in zip(marks, heard, strict=True)]
        counted = [m or char not in WEIGHTLESS for char, m in zip(run, marks, strict=True)]
        cover.weight += sum(counted)
        cover.explained += sum(marks)
        cover.pieces += sum(length > 0 for length in lengths)
        cover.longest = max(cover.longest, *lengths)
    return cover


def _stretches(run: str, text: str) -> list[int]:
    """The run cut into the longest stretches that stand in the text; 0 is a character that does
    not."""
    lengths: list[int] = []
    at = 0
    while at < len(run):
        end = next((e for e in range(len(run), at, -1) if run[at:e] in text), at)
        lengths.append(end - at)
        at = max(end, at + 1)
    return lengths


def _heard(run: str, good: Good) -> list[bool]:
    """Which characters sound like the item's name: two or more in a row of which one is written
    alike, or four and more with one slip of the pen."""
    name = "".join(han_runs(good.name))
    marks = [False] * len(run)
    for shift in range(1 - len(run), len(name)):
        places = [n for n in range(len(run)) if 0 <= n + shift < len(name)]
        alike = [_sounds(run[n], name[n + shift]) for n in places]
        equal = [run[n] == name[n + shift] for n in places]
        for start, end in _alike_stretches(alike, equal):
            for n in places[start:end]:
                marks[n] = True
    return marks


def _alike_stretches(alike: list[bool], equal: list[bool]) -> list[tuple[int, int]]:
    if len(alike) > SOUND_RUN and alike.count(False) <= 1 and sum(equal) * 2 >= len(equal):
        return [(0, len(alike))]
    found: list[tuple[int, int]] = []
    start = 0
    for at in range(len(alike) + 1):
        if at == len(alike) or not alike[at]:
            if at - start >= 2 and any(equal[start:at]):
                found.append((start, at))
            start = at + 1
    return found


def _is_named(words: str, good: Good, *, by_sound: bool) -> bool:
    squeezed = "".join(canonical(words).split())
    name = "".join(canonical(good.name).split())
    if name in squeezed:
        return True
    runs = han_runs(words)
    mine = han_runs(good.name)
    if not mine or Counter(atoms(good.name)) - Counter(atoms(words)):
        return False
    if by_sound:
        whole = "".join(runs)
        return all(any(all(_heard_in(run, said)) for said in (*runs, whole)) for run in mine)
    return all(any(run in said for said in runs) for run in mine)


def _heard_in(run: str, said: str) -> list[bool]:
    """The item's run inside the request's, by sound."""
    best = [False] * len(run)
    for at in range(len(said) - len(run) + 1):
        marks = [_sounds(a, b) for a, b in zip(run, said[at : at + len(run)], strict=True)]
        if marks.count(False) <= (1 if len(run) > SOUND_RUN else 0):
            return [True] * len(run)
        best = max(best, marks, key=sum)
    return best


def _holds_colours(words: str, good: Good) -> bool:
    """Every Han of the specification is said, 色 and the like aside."""
    said = set("".join(han_runs(words)))
    return all(char in said or char in "色张装码" for run in han_runs(good.spec) for char in run)


@lru_cache(maxsize=20_000)
def _syllables(char: str) -> frozenset[str]:
    found = pinyin(char, style=Style.NORMAL, heteronym=True, errors="ignore")
    return frozenset(found[0]) if found else frozenset({char})


def _sounds(one: str, other: str) -> bool:
    return one == other or bool(_syllables(one) & _syllables(other))


def spelt(words: str, good: Good) -> bool:
    """Typed in 拼音: whole syllables of the name from its start, or initials of all of it."""
    typed = words.replace(" ", "")
    if not typed.isascii() or not typed.isalpha() or len(typed) < 3:
        return False
    name = "".join(han_runs(good.name))
    if typed in search.initials_forms(good.name):
        return True
    spelling = ""
    for char in name:
        spelling += min(_syllables(char), key=lambda s: not typed.startswith(spelling + s))
        if spelling == typed:
            return True
    return False


def by_spelling(good: Good) -> Fit:
    """The item was typed in 拼音 and in nothing else."""
    return Fit(good, 100, is_named=False, is_exact=False, by_sound=True)
