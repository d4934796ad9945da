"""What to ask the token index of the catalogue for a wording. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from hengcang.kernel import search
from hengcang.sales.pasting.features import atoms, han_runs
from hengcang.sales.pasting.words import SIZE_WORDS, WEIGHTLESS

# Letters of measures and sizes are written in many ways: they decide later, in Python.
_UNTRUE = SIZE_WORDS | {"ml", "g", "kg", "mm", "cm", "x", "w"}
PIECES = 8


@dataclass(frozen=True, slots=True)
class Wording:
    """`all_of`: an item that is meant in so many words has them all. `any_of`: one with a slip of
    the pen, or meant by a part of its name, has some of them."""

    all_of: tuple[str, ...]
    any_of: tuple[str, ...]


def wording(words: str) -> Wording:
    """The tokens of a request, by the rules of kernel.search."""
    runs = ["".join(char for char in run if char not in WEIGHTLESS) for run in han_runs(words)]
    runs = [run for run in runs if run]
    pieces = [gram for run in runs for gram in _pairs(run)]
    numbers = [atom for atom in atoms(words) if atom not in _UNTRUE]
    exact = [gram for atom in numbers for gram in search.grams_of(atom)]
    return Wording(
        tuple(dict.fromkeys([*pieces, *exact])),
        tuple(dict.fromkeys([*pieces, *exact, *_sounds(runs), *_spelling(words)])),
    )


def _pairs(run: str) -> list[str]:
    return [run] if len(run) < 3 else [run[at : at + 2] for at in range(len(run) - 1)]


def _sounds(runs: list[str]) -> list[str]:
    """The initials of each stretch: heads and threes, so that homophones are found."""
    found: list[str] = []
    for run in runs:
        for form in search.initials_forms(run)[:2]:
            if len(form) >= 2:
                found.append(search.head_of(form))
            found += search.grams_of(form) if len(form) >= search.GRAM else []
    return found


def _spelling(words: str) -> list[str]:
    """The initials of whole syllables typed in 拼音: wanglaoji is wlj."""
    typed = words.replace(" ", "")
    if not typed.isascii() or not typed.isalpha() or len(typed) < 3:
        return []
    initials, at = typed[0], 1
    while at < len(typed):
        if typed[at - 1] in _VOWELS_AND_ENDS and typed[at] not in _VOWELS_AND_ENDS:
            initials += typed[at]
        at += 1
    return [search.head_of(typed), search.head_of(initials)]


_VOWELS_AND_ENDS = frozenset("aeiouvng")


def rarest(of: Mapping[str, Wording], frequency: Mapping[str, float]) -> dict[str, list[str]]:
    """Of each wording the few tokens that say most; a token that is not known is rare."""
    return {
        words: sorted(one.any_of, key=lambda gram: frequency.get(gram, 0.0))[:PIECES]
        for words, one in of.items()
    }
