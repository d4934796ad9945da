"""From a pasted text to clauses, each about one or a few goods; nothing is lost. Pure."""

import re
import unicodedata
from dataclasses import dataclass

from hengcang.kernel.errors import Refused
from hengcang.sales.pasting.quantities import Quantity, quantities
from hengcang.sales.pasting.tables import TableRow, table_rows
from hengcang.sales.pasting.words import PRICE, UNIT

MAX_CHARACTERS = 20_000
MAX_LINES = 500
MAX_LINE = 1000  # characters; a longer one is shown, not read
_CIRCLED = re.compile("[\u2460-\u2473]")
_NUMBERING = re.compile(r"^\s*(?:\d{1,2}\s*[、.)]\s*(?=\D)|\(\d{1,2}\)|第\d+项\s*:?|[-•·*]\s+)")
_INNER_NUMBERING = re.compile(r"(?<=\s)\d{1,2}[.、](?=[^\d\s])")
_DOTS = re.compile(r"[._…—=~·]{2,}|[【】\[\]「」]")
_SPLIT = re.compile(
    rf"[;。!,、\n]|\.(?=\s+[A-Za-z])|(?<![\d.])/(?!{UNIT})|(?<={'[箱件包盒袋瓶桶提双个]'})/(?=\D)|还有|另外|(?<=[^\d\s])\+(?=\S)|(?<=\S)和(?=[一两\d])"
)
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_ASIDE = re.compile(r"\([^()]*\)")


@dataclass(frozen=True, slots=True)
class Clause:
    """A stretch of one pasted line. `row` is set where it came from a table."""

    line: int
    text: str
    row: TableRow | None = None


def normalised(text: str) -> str:
    """Half-width; tabs and line ends kept; circled numbers become numbering."""
    text = _CIRCLED.sub(lambda found: f"{ord(found[0]) - 0x245F}. ", text)
    text = unicodedata.normalize("NFKC", text.replace("…", " "))
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\u200b", "")


def refuse_too_much(text: str) -> None:
    """Raises Refused("paste_too_long") over 20,000 characters or 500 lines."""
    lines = text.count("\n") + 1
    if len(text) > MAX_CHARACTERS or lines > MAX_LINES:
        facts = {"characters": len(text), "lines": lines}
        limits = {"max_characters": MAX_CHARACTERS, "max_lines": MAX_LINES}
        raise Refused("paste_too_long", "text", **facts, **limits)


def clauses_of(text: str) -> list[Clause]:
    """In order. Raises Refused("paste_too_long")."""
    refuse_too_much(text)
    lines = normalised(text).split("\n")
    rows = table_rows(lines)
    found: list[Clause] = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        if number - 1 in rows:
            found.append(Clause(number, line.replace("\t", "  ").strip(), rows[number - 1]))
        else:
            parts = [line] if len(line) > MAX_LINE else _parts(line)
            found += [Clause(number, part) for part in parts]
    return found


def _parts(line: str) -> list[str]:
    """The clauses of one line; asides in brackets stay with the words before them."""
    plain = _DOTS.sub("  ", _INNER_NUMBERING.sub(";", _NUMBERING.sub("", line)))
    plain = _THOUSANDS.sub("", plain)
    kept: list[str] = []

    def put_away(found: re.Match[str]) -> str:
        kept.append(found[0])
        return f"\ue000{len(kept) - 1}\ue001"

    plain = _ASIDE.sub(put_away, plain)
    plain = PRICE.sub(put_away, plain)
    parts = [part for part in _SPLIT.split(plain) if part and part.strip()]
    whole = [re.sub("\ue000(\\d+)\ue001", lambda at: kept[int(at[1])], part) for part in parts]
    return _rejoined([part.strip() for part in whole])


def _counted(part: str) -> list[Quantity]:
    """洋葱2元一斤 is a price, no quantity; the places stay where they are."""
    return quantities(PRICE.sub(lambda price: " " * len(price[0]), part.lower()))


def _rejoined(parts: list[str]) -> list[str]:
    """A quantity alone belongs to the words before it that have none: 棉纱手套，20打."""
    joined: list[str] = []
    for part in parts:
        found = _counted(part)
        alone = found and not re.sub(r"[\s×x*]", "", part[: found[0].start] + part[found[-1].end :])
        if alone and joined and not any(one.unit for one in _counted(joined[-1])):
            joined[-1] += f" {part}"
        else:
            joined.append(part)
    return joined
