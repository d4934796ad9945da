"""How names become searchable: 拼音 initials, grams for an array index, words of a query. Pure.

A row keeps `text` (all its fields, one per line), `initials` (every form, each after a ^) and
`tokens` (every 1-, 2- and 3-gram of every field, plus the heads of the prefix fields). A query is
answered by `tokens @> grams` on the index and a LIKE on the text that makes it exact.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby, product

from pypinyin import Style, lazy_pinyin, pinyin

GRAM = 3
HEAD = "^"
MAX_FORMS = 4
MAX_WORDS = 6
MAX_WORD = 40
# Readings that traders mix up; they are varied before the bookish ones of the dictionary.
OFTEN_MIXED_UP = "重行长乐单会盛调茄参石合传车弹朝曾藏厦便泊番咖卡校系降空和"


@dataclass(frozen=True, slots=True)
class SearchKeys:
    """The derived columns of one row; see the module."""

    text: str
    initials: str
    tokens: list[str]


def normalised(text: str) -> str:
    """Half-width, lower case, single spaces: `Ａ４  复印纸` becomes `a4 复印纸`."""
    return " ".join(unicodedata.normalize("NFKC", text).lower().split())


def initials_forms(name: str) -> list[str]:
    """Ways to type a name by initials, best first: with Latin and digits, Han only, other readings.

    `得力A4复印纸` gives `dla4fyz` and `dlfyz`; `重庆` gives `cq` and `zq`. At most 4 readings, and
    for each its Han-only form where that differs. Empty for a name without Han.
    """
    plain = "".join(normalised(name).split())
    if not any(_is_han(char) for char in plain):
        return []
    forms: list[str] = []
    for reading in _readings(plain):
        forms.append("".join(reading))
        forms.append("".join(i for i, char in zip(reading, plain, strict=True) if _is_han(char)))
    return list(dict.fromkeys(forms))


def search_keys(
    name: str, codes: Sequence[str], others: Sequence[str] = (), mnemonic: str = ""
) -> SearchKeys:
    """The keys of a row with this name, codes and barcodes, other words to be found by, and the
    user's own mnemonic, which counts as one more form of the initials."""
    plain_name = normalised(name)
    squeezed = plain_name.replace(" ", "")
    own = normalised(mnemonic).replace(" ", "")
    forms = list(dict.fromkeys(form for form in (own, *initials_forms(name)) if form))
    fields = [plain_name, squeezed, *map(normalised, codes), *map(normalised, others), *forms]
    fields = [field for field in dict.fromkeys(fields) if field]
    tokens = {gram for field in fields for gram in _all_grams(field)}
    tokens.update(head for field in (plain_name, *forms) for head in _heads(field))
    return SearchKeys("\n".join(fields), "".join(HEAD + form for form in forms), sorted(tokens))


def words_of(query: str) -> list[str]:
    """The words that must all be found, normalised; at most 6 of at most 40 characters."""
    text = normalised(query).replace(",", " ").replace("，", " ").replace("、", " ")
    return [word[:MAX_WORD] for word in dict.fromkeys(text.split())][:MAX_WORDS]


def grams_of(word: str) -> list[str]:
    """The tokens a row must have to contain the word: the word itself, or its 3-grams."""
    if len(word) <= GRAM:
        return [word]
    return sorted({word[at : at + GRAM] for at in range(len(word) - GRAM + 1)})


def head_of(word: str) -> str:
    """The token a row must have for its name or initials to begin with the word."""
    return HEAD + word[:GRAM]


def like(word: str) -> str:
    """The word as a part of a LIKE pattern: it stands for itself only."""
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _all_grams(field: str) -> Iterable[str]:
    for size in range(1, GRAM + 1):
        for at in range(len(field) - size + 1):
            gram = field[at : at + size]
            if " " not in gram:
                yield gram


def _heads(field: str) -> Iterable[str]:
    return (HEAD + field[:size] for size in range(1, min(GRAM, len(field)) + 1))


def _readings(plain: str) -> list[list[str]]:
    """The usual reading, then others that differ in at most two characters."""
    usual = _usual_reading(plain)
    doubtful = [at for at, char in enumerate(plain) if len(_initials(char)) > 1]
    doubtful.sort(key=lambda at: (plain[at] not in OFTEN_MIXED_UP, at))
    varied = sorted(doubtful[:2])
    readings = [usual]
    for choice in product(*([usual[at], *_initials(plain[at])[:2]] for at in varied)):
        reading = list(usual)
        for at, initial in zip(varied, choice, strict=True):
            reading[at] = initial
        if reading not in readings:
            readings.append(reading)
    return readings[:MAX_FORMS]


def _usual_reading(plain: str) -> list[str]:
    """One piece per character. The phrase dictionary is slow, so it is asked only in doubt."""
    if all(len(_initials(char)) == 1 for char in plain):
        return [_initials(char)[0] for char in plain]
    reading: list[str] = []
    for is_han, run in groupby(plain, _is_han):
        text = "".join(run)
        pieces = lazy_pinyin(text, style=Style.FIRST_LETTER) if is_han else list(text)
        known = len(pieces) == len(text) and all(piece.isascii() for piece in pieces)
        reading += pieces if known or not is_han else [_initials(char)[0] for char in text]
    return reading


@lru_cache(maxsize=30_000)
def _initials(char: str) -> tuple[str, ...]:
    """First letters of the readings of one character, the commonest first; itself if not Han."""
    if not _is_han(char):
        return (char,)
    found = pinyin(char, style=Style.FIRST_LETTER, heteronym=True, errors="ignore")
    letters = [normalised(reading)[:1] for reading in found[0]] if found else []
    return tuple(dict.fromkeys(letter for letter in letters if letter.isascii() and letter)) or (
        char,
    )


def _is_han(char: str) -> bool:
    return "\u3400" <= char <= "\u9fff" or char == "〇" or "\U00020000" <= char <= "\U0003ffff"
