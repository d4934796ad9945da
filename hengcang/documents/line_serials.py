"""The serial numbers that lines name: read strictly, kept beside the lines, mirrored, told."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.db import connection

from hengcang.books.inserting import insert_rows
from hengcang.documents.drafts import MAX_SERIALS
from hengcang.documents.models import Document, LineSerial
from hengcang.kernel.errors import Refused

LONGEST = 60


REJECTED = 1
"""The part of an inspected line's numbers that are of defective pieces; the others are good."""


class Pieces(NamedTuple):
    """The numbers a line names, in order; `part`: which way these of its pieces go."""

    position: int
    item_id: int
    serials: Sequence[str]
    part: int = 0


SHOWN = 10
_PARTS = re.compile(r"[\n\r\t,，;；、]+")
_RUN = re.compile(r"(.*?)([0-9]{1,12})\s*\*\s*([0-9]{1,6})", re.ASCII)
_SERIAL = re.compile(r"\S(?:[^\x00-\x1f\x7f]*\S)?")


def checked_serials(
    lines: Iterable[tuple[int, str, int, bool, Sequence[str]]],
) -> list[Refused]:
    """What is wrong with the numbers as typed: of (position, item name, item id, whether its
    pieces have numbers, the numbers).

    serials_not_tracked, serial_unreadable, serial_twice (within the document), too_many_serials.
    """
    refusals: list[Refused] = []
    seen: dict[tuple[int, str], int] = {}
    count = 0
    for position, name, item_id, tracked, serials in lines:
        at = f"lines.{position}.serials"
        count += len(serials)
        if serials and not tracked:
            refusals.append(Refused("serials_not_tracked", at, item_name=name))
            continue
        wrong = [s for s in serials if len(s) > LONGEST or not _SERIAL.fullmatch(s)]
        if wrong:
            refusals.append(Refused("serial_unreadable", at, text=wrong[0][:80], limit=LONGEST))
        twice = _twice(serials, item_id, position, seen)
        if twice:
            told = "；".join(f"{s}（第 {n} 行）" for s, n in twice[:SHOWN])
            facts = {"item_name": name, "count": len(twice), "serials": told}
            refusals.append(Refused("serial_twice", at, **facts))
    if count > MAX_SERIALS:
        refusals.append(Refused("too_many_serials", "lines", limit=MAX_SERIALS, count=count))
    return refusals


def typed_serials(text: str) -> tuple[str, ...]:
    """The numbers of a pasted or scanned text: one a line, or parted by commas or semicolons.

    "SN0001*600" stands for 600 numbers from SN0001 on, each with as many digits at least. Raises
    Refused: serial_run_unreadable, too_many_serials.
    """
    found: list[str] = []
    for part in filter(None, (part.strip() for part in _PARTS.split(text))):
        found += run_of(part) if "*" in part else [part]
        if len(found) > MAX_SERIALS:
            raise Refused("too_many_serials", limit=MAX_SERIALS, count=len(found))
    return tuple(found)


def run_of(text: str) -> list[str]:
    """SN0098*3 is SN0098, SN0099, SN0100. Raises as typed_serials."""
    match = _RUN.fullmatch(text)
    if match is None:
        raise Refused("serial_run_unreadable", text=text[:40])
    prefix, first, count = match[1], match[2], int(match[3])
    if not 0 < count <= MAX_SERIALS:
        raise Refused("too_many_serials", limit=MAX_SERIALS, count=count)
    return [f"{prefix}{number:0{len(first)}d}" for number in range(int(first), int(first) + count)]


def _twice(
    serials: Sequence[str], item_id: int, position: int, seen: dict[tuple[int, str], int]
) -> list[tuple[str, int]]:
    """The numbers that came before, each with the line where it did."""
    found = []
    for serial in serials:
        before = seen.setdefault((item_id, serial), position)
        if before != position or serials.count(serial) > 1:
            found.append((serial, before))
    return list(dict.fromkeys(found))


def keep_serials(document: Document, lines: Iterable[Pieces]) -> None:
    """The draft names these pieces and no others.

    Two statements at most; none for a new document that names no piece.
    """
    if document.version > 1:
        LineSerial.objects.filter(kind=document.kind, document_id=document.pk).delete()
    insert_rows(
        [
            LineSerial(
                kind=document.kind,
                document_id=document.pk,
                position=line.position,
                ordinal=ordinal,
                item_id=line.item_id,
                serial_no=serial,
                part=line.part,
            )
            for line in lines
            for ordinal, serial in enumerate(line.serials, start=1)
        ]
    )


def mirror_serials(document: Document, twin: Document) -> None:
    """The reversal names the pieces of its original, line by line."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO documents_lineserial"
            " (kind, document_id, position, ordinal, item_id, serial_no, part) "
            "SELECT kind, %s, position, ordinal, item_id, serial_no, part FROM documents_lineserial"
            " "
            "WHERE kind = %s AND document_id = %s",
            [twin.pk, document.kind, document.pk],
        )


@dataclass(frozen=True, slots=True)
class Named:
    """The numbers that a document names, by position of its lines and part, in order."""

    lines: dict[int, list[str]]
    parts: dict[tuple[int, int], list[str]]

    def all_of(self, position: int) -> list[str]:
        """Those of every part of the line."""
        return self.lines.get(position, [])


def serials_of(kind: str, document_id: int) -> Named:
    """The numbers that the document names."""
    lines: dict[int, list[str]] = defaultdict(list)
    parts: dict[tuple[int, int], list[str]] = defaultdict(list)
    rows = LineSerial.objects.filter(kind=kind, document_id=document_id)
    for position, part, serial in rows.order_by("position", "part", "ordinal").values_list(
        "position", "part", "serial_no"
    ):
        lines[position].append(serial)
        parts[position, part].append(serial)
    return Named(lines, parts)
