"""What in a name or a request tells goods apart: Han, atoms of numbers and letters, sizes. Pure."""

import re
from functools import lru_cache

from hengcang.kernel import search
from hengcang.sales.pasting import words as say

_ATOM = re.compile(r"[2-9]xl|[a-z]+|\d+(?:\.\d+)?")
_HAN = re.compile("[\u3400-\u9fff〇]+")
_MEASURE = re.compile(r"(\d+(?:\.\d+)?)\s*([a-z]+|寸|平方|码|目|号)?")
_JOINED = re.compile(r"[\s()（）:,.;!?、~\"']+(?!\d)|(?<!\d)[.,]")
_MEASURES = (
    (re.compile(r"(?<=\d)\s*毫升"), "ml"),
    (re.compile(r"(?<=\d)\s*升"), "l"),
    (re.compile(r"(?<=\d)\s*(?:千克|公斤)"), "kg"),
    (re.compile(r"(?<=\d)\s*克"), "g"),
    (re.compile(r"(?<=\d)\s*毫米"), "mm"),
    (re.compile(r"(?<=\d)\s*厘米"), "cm"),
    (re.compile(r"(?<=\d)(ml|g|kg|l)\s*x\s*\d+(?![\d.x])"), r"\1"),  # 500ml×24: the packing
)
_ENGLISH = re.compile(r"\b(" + "|".join(say.ENGLISH) + r")\b")


@lru_cache(maxsize=4096)
def canonical(text: str) -> str:
    """Lower case, half-width, sizes and colours written one way."""
    text = search.normalised(text).replace("×", "x").replace("*", "x").replace("φ", "")
    text = _ENGLISH.sub(lambda found: say.ENGLISH[found[1]], text)
    for pattern, measure in _MEASURES:
        text = pattern.sub(measure, text)
    for pattern, size in say.SIZES:
        text = pattern.sub(size, text)
    return text


def plain_words(text: str) -> str:
    """The words without what people write around goods; "" when nothing is left."""
    text = canonical(text)
    before = None
    while text != before:
        before = text
        text = say.TAIL.sub("", say.LEAD.sub("", text)).strip()
    return " ".join(_JOINED.sub(" ", text).split())


def han_runs(text: str) -> list[str]:
    """The stretches of Han, in order."""
    return _HAN.findall(canonical(text))


def atoms(text: str) -> list[str]:
    """Numbers and letters one by one: m6x20 is m, 6, 20; the x between numbers says nothing."""
    plain = re.sub(r"(?<=\d)\s*x\s*(?=\d)", " ", canonical(text))
    return [_number(atom) for atom in _ATOM.findall(plain)]


def _number(atom: str) -> str:
    return atom.rstrip("0").rstrip(".") if "." in atom else atom


def codes_in(text: str) -> list[str]:
    """Stretches that may be an item code or a barcode: three characters or more, upper case."""
    return [one.upper() for one in re.findall(r"[a-z0-9][a-z0-9\-_./]{2,39}", text.lower())]


def without_kinds_of(before: str, now: str) -> str:
    """The goods of the line before with this line's size, colour or measure in their place."""
    kept = before
    said = atoms(now)
    if any(atom in say.SIZE_WORDS for atom in said):
        kept = " ".join(w for w in canonical(kept).split() if w not in say.SIZE_WORDS)
        kept = re.sub(r"(?<![a-z\d])(?:[2-9]?xl|[sml])(?![a-z])", " ", kept)
    if re.search(f"[{say.COLOURS}]", now):
        kept = re.sub(f"[{say.COLOURS}]色?", "", kept)
    if re.search(r"\d", now):
        kept = _MEASURE.sub(" ", kept)
    return f"{kept.strip()} {now}"


def leans_on_the_line_before(words: str) -> bool:
    """Only a colour, a size or a measure: the goods were named before."""
    han = "".join(han_runs(words))
    return not re.sub(f"[{say.COLOURS}色藏的码号款寸平方]", "", han) and not _is_a_word(words)


def _is_a_word(words: str) -> bool:
    return any(len(atom) > 3 and atom.isalpha() for atom in atoms(words))
