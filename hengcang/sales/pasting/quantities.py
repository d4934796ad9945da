"""Where in a clause the quantities stand, and how exact they are. Pure."""

import re
from dataclasses import dataclass
from decimal import Decimal

from hengcang.sales.pasting.numerals import CHINESE, NUMBER, number_of
from hengcang.sales.pasting.words import COUNTED, UNIT

_WITH_UNIT = re.compile(
    rf"(?:(?<![\d.])|(?=[{CHINESE}]))(-?)({NUMBER})\s*({UNIT})(?![装月钱a-z/])(半?)"
)
_ABOUT = re.compile(
    rf"[几数]\s*{UNIT}|(?:{NUMBER})\s*[来多几]\s*{UNIT}"
    rf"|(?<!\d)\d{{1,9}}\s*[-~至到]\s*\d{{1,9}}\s*{UNIT}|有多少要多少|一些|[俩仨]\s*$|各来一套"
)
_MEASURED = re.compile(
    r"(?<=\d)(?:ml|k?g|[mc]m|l)$|(?<![a-z\d])(?:[sml]|[2-9]?xl)$"
)  # XL10件, 330ml5箱
_UNIT_FIRST = re.compile(rf"(?<=\s)({UNIT})\s+(\d+(?:\.\d+)?)\s*$")
_BARE = re.compile(
    r"(?:(?<=\s)|(?<=[\s\u3400-\u9fff][×*])|(?<=:)|(?<=\sx))\s*(-?\d{1,7}(?:\.\d+)?)[\s.。;]*$"
)
# M6×20 and 48mm×100 are specifications; LS0620×10 is ten of them.
_LETTERS_X = re.compile(
    r"(?<=[a-z\d])(?<!\bm\d)(?<!\bm\d\d)(?<!\bm\d\.\d)(?<![\u3400-\u9fff]m\d)"
    r"(?<![\u3400-\u9fff]m\d\d)(?<!mm)\s*[x×*]\s*(\d{1,7}(?:\.\d+)?)\s*$"
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """`value` None: about. `unit` "" where none was written. The span is in the clause."""

    start: int
    end: int
    value: Decimal | None
    unit: str


def quantities(text: str) -> list[Quantity]:
    """In order. A measure (25kg) counts only where nothing is counted; a bare number at the end
    only where there is no unit at all."""
    if about := _ABOUT.search(text):
        return [Quantity(about.start(), about.end(), None, "")]
    found = [_quantity(match) for match in _WITH_UNIT.finditer(text) if _is_whole(text, match)]
    counted = [one for one in found if one.unit in COUNTED]
    if counted:
        return counted
    if bare := _bare(text):
        return [bare]
    return found[-1:]


def _is_whole(text: str, match: re.Match[str]) -> bool:
    """Not the end of a word or code: 统一袋, K5个; a Chinese numeral has nothing to its left that
    would make it part of a name."""
    before = text[match.start() - 1] if match.start() else " "
    if match[2][0] in CHINESE:
        return before not in "统第"
    if "a" <= before <= "z" and before != "x":
        return bool(_MEASURED.search(text[: match.start()]))
    return not (before == "-" and not match[1])


def _quantity(match: re.Match[str]) -> Quantity:
    value = number_of(match[2])
    if value is not None:
        value += Decimal("0.5") if match[4] else 0
        value = -value if match[1] else value
    return Quantity(match.start(), match.end(), value, match[3])


def _bare(text: str) -> Quantity | None:
    if first := _UNIT_FIRST.search(text):
        return Quantity(first.start(), first.end(), Decimal(first[2]), first[1])
    found = _LETTERS_X.search(text) or _BARE.search(text)
    return Quantity(found.start(), found.end(), Decimal(found[1]), "") if found else None
