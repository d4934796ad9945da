"""Which pieces a line means, before anything is posted: those named, or the first that came in."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import QuerySet

from hengcang.documents.attempts import TryAgain
from hengcang.documents.drafts import MAX_SERIALS, LineDraft
from hengcang.documents.lines import BuiltLine
from hengcang.documents.rules import parts_of
from hengcang.kernel.errors import Refused, RefusedLines
from hengcang.ledger.entries import StockStatus
from hengcang.ledger.serial_refusals import TOLD
from hengcang.places.models import Warehouse

Spot = tuple[int | None, int | None, str]
"""Batch, bin and status: what of a stock key a line says beside item and warehouse."""


class Lying(NamedTuple):
    """A piece on a shelf of the warehouse, in the order of first in, first out."""

    item_id: int
    serial_no: str
    batch_id: int | None
    batch_no: str
    bin_id: int | None
    bin_code: str
    status: str
    expiry_date: date | None

    @property
    def spot(self) -> Spot:
        return self.batch_id, self.bin_id, self.status


def in_any_bin(typed: LineDraft, piece: Lying) -> bool:
    """Whether a piece lies where the line says; a line without a bin means all of them."""
    return typed.bin_code in ("", piece.bin_code)


def in_that_bin(typed: LineDraft, piece: Lying) -> bool:
    """Whether a piece lies where the line says; a line without a bin means goods in none."""
    return typed.bin_code.strip().upper() == piece.bin_code


def by_piece(
    lines: Sequence[BuiltLine],
    warehouse: Warehouse,
    usable_on: date | None,
    lies: Callable[[LineDraft, Lying], bool] = in_any_bin,
) -> dict[int, list[BuiltLine]]:
    """The lines that go out piece by piece, by their index, each in parts: one for every shelf its
    pieces lie on.

    A line that names none takes those that came in first (of batches, the first to expire; none
    that has expired before `usable_on`) of those that lie as it says. What is named and does not
    lie here stays as typed, to be refused when it is posted. One query, none where no item has
    serial numbers.
    """
    tracked = {i: line for i, line in enumerate(lines) if line.item.tracks_serials}
    if not tracked:
        return {}
    lying = _lying(tracked.values(), warehouse)
    named = {(ln.item.pk, s) for ln in tracked.values() for s in ln.draft.serials}
    free = {key: piece for key, piece in lying.items() if key not in named}
    made: dict[int, list[BuiltLine]] = {}
    for i, line in tracked.items():
        serials = line.draft.serials or _first_in(line, free, usable_on, lies)
        if serials:
            made[i] = _parts(line, serials, lying)
    return made


def _first_in(
    line: BuiltLine,
    free: dict[tuple[int, str], Lying],
    usable_on: date | None,
    lies: Callable[[LineDraft, Lying], bool],
) -> tuple[str, ...]:
    """The pieces to take first for a line that names none; they are `free` no longer."""
    typed = line.draft
    chosen: list[tuple[int, str]] = []
    if line.quantity > MAX_SERIALS:
        return ()
    for key, piece in free.items():
        if len(chosen) == line.quantity:
            break
        fits = piece.item_id == line.item.pk and piece.status == typed.stock_status
        fits = fits and typed.batch_no in ("", piece.batch_no)
        fits = fits and lies(typed, piece)
        if fits and not (usable_on and piece.expiry_date and piece.expiry_date < usable_on):
            chosen.append(key)
    for key in chosen:
        del free[key]
    return tuple(serial for _, serial in chosen)


def _parts(
    line: BuiltLine, serials: Sequence[str], lying: Mapping[tuple[int, str], Lying]
) -> list[BuiltLine]:
    """The line once for every shelf; what is short of its quantity, or not here, goes with the
    last.
    """
    spots: dict[Spot, list[str]] = {}
    lost: list[str] = []
    for serial in serials:
        piece = lying.get((line.item.pk, serial))
        if piece is None:
            lost.append(serial)
        else:
            spots.setdefault(piece.spot, []).append(serial)
    if not spots:
        return [replace(line, draft=replace(line.draft, serials=tuple(serials)))]
    groups = list(spots.items())
    if len(groups) == 1 or sum(len(found) for _, found in groups) > line.quantity:
        return [_part(line, groups[0][0], tuple(serials), line.quantity)]
    groups[-1][1].extend(lost)
    sizes = [Decimal(len(found)) for _, found in groups]
    sizes[-1] = line.quantity - sum(sizes[:-1], Decimal(0))
    return [
        replace(_part(line, spot, tuple(found), size), amounts=amounts)
        for (spot, found), size, amounts in zip(
            groups, sizes, parts_of(line.amounts, sizes), strict=True
        )
    ]


def _part(line: BuiltLine, spot: Spot, serials: tuple[str, ...], quantity: Decimal) -> BuiltLine:
    batch_id, bin_id, status = spot
    typed = replace(line.draft, serials=serials, stock_status=status)
    return replace(line, quantity=quantity, draft=typed, batch_id=batch_id, bin_id=bin_id)


def _lying(lines: Iterable[BuiltLine], warehouse: Warehouse) -> dict[tuple[int, str], Lying]:
    """Every piece of these items that lies in the warehouse, the first to take first.

    As many of every shelf as the lines could take, and those that are named.
    """
    ordered = list(lines)
    most = min(MAX_SERIALS, sum(int(line.quantity) for line in ordered))
    named = [(line.item.pk, serial) for line in ordered for serial in line.draft.serials]
    with connection.cursor() as cursor:
        cursor.execute(
            _LYING,
            {
                "warehouse": warehouse.pk,
                "all": sorted({line.item.pk for line in ordered}),
                "items": [item_id for item_id, _ in named],
                "nos": [serial for _, serial in named],
                "most": most + len(named),
            },
        )
        pieces = [Lying(*row) for row in cursor.fetchall()]
    return {(piece.item_id, piece.serial_no): piece for piece in pieces}


_LYING = """
SELECT item_id, serial_no, batch_id, batch_no, bin_id, code, status, expiry_date FROM (
 SELECT b.item_id, n.serial_no, b.batch_id, coalesce(c.batch_no, '') AS batch_no, b.bin_id,
  coalesce(p.code, '') AS code, b.status, c.expiry_date, k.no IS NOT NULL AS named,
  s.received_on, s.serial_id,
  row_number() OVER (PARTITION BY b.id ORDER BY s.received_on, s.serial_id) AS nth
 FROM ledger_stockbalance b JOIN ledger_serialstate s ON s.stock_id = b.id
 JOIN catalog_serialnumber n ON n.id = s.serial_id
 LEFT JOIN catalog_batch c ON c.id = b.batch_id LEFT JOIN places_binlocation p ON p.id = b.bin_id
 LEFT JOIN (SELECT * FROM unnest(%(items)s::bigint[], %(nos)s::text[]) k(item, no)) k
  ON k.item = b.item_id AND k.no = n.serial_no
 WHERE b.warehouse_id = %(warehouse)s AND b.item_id = ANY(%(all)s::bigint[])) found
WHERE named OR nth <= %(most)s
ORDER BY item_id, expiry_date NULLS LAST, received_on, serial_id
"""


@contextmanager
def chosen_now() -> Iterator[None]:
    """For an act that chooses its pieces itself: one that somebody else took meanwhile is a reason
    to look again, not to refuse. Raises TryAgain.
    """
    try:
        yield
    except Refused as refusal:
        parts = refusal.refusals if isinstance(refusal, RefusedLines) else [refusal]
        if {part.code for part in parts} <= TAKEN:
            raise TryAgain from refusal
        raise


TAKEN = frozenset({"serial_gone", "serial_elsewhere", "serials_more"})


def still_out(lines: Sequence[BuiltLine], sources: Mapping[int, Any], kind: str) -> list[BuiltLine]:
    """Lines that take back all that is left of a source line name its pieces; a line that takes
    less must say which.

    `sources` are lines of posted documents of this `kind`, by id. One query, if any at all.
    """
    if not any(_is_silent(line) for line in lines):
        return list(lines)
    out = _of_sources(sources.values(), kind, "s.stands_on = e.step")
    return [
        _naming(line, pieces)
        if _is_silent(line) and len(pieces := out.get(_source(line), ())) == line.quantity
        else line
        for line in lines
    ]


def came_with(lines: Sequence[BuiltLine], sources: QuerySet[Any], kind: str) -> list[BuiltLine]:
    """Lines that send back what came by a source line name its pieces that are still in stock, as
    many as they send.

    `sources` are lines of documents of this `kind`. Two queries, if any at all.
    """
    ids = {_source(line) for line in lines if _is_silent(line)}
    if not ids:
        return list(lines)
    here = _of_sources(sources.filter(id__in=ids), kind, "s.stock_id IS NOT NULL")
    return [
        _naming(line, here.get(_source(line), ())[: int(line.quantity)])
        if _is_silent(line)
        else line
        for line in lines
    ]


def awaiting(lines: Sequence[BuiltLine], sources: Mapping[int, Any], kind: str) -> list[BuiltLine]:
    """Lines that inspect what came by a source line name its pieces that are 待检 still, as many
    as they inspect.

    `sources` are lines of posted documents of this `kind`, by id. One query, if any at all.
    """
    if not any(_is_silent(line) for line in lines):
        return list(lines)
    here = _of_sources(sources.values(), kind, _WAITING)
    return [
        _naming(line, here.get(_source(line), ())[: int(line.quantity)])
        if _is_silent(line)
        else line
        for line in lines
    ]


class Inspected(NamedTuple):
    """An inspected line: which line of a receipt its pieces came by."""

    position: int
    source_line_id: int
    serials: Sequence[str]


def refuse_not_waiting(lines: Sequence[Inspected], sources: Mapping[int, Any], kind: str) -> None:
    """Every piece came by the line it is inspected for, and is 待检.

    One query, none where no piece is named. Raises RefusedLines with serial_not_waiting.
    """
    if not lines:
        return
    here = _of_sources([sources[line.source_line_id] for line in lines], kind, _WAITING)
    refusals = [
        Refused(
            "serial_not_waiting",
            f"lines.{line.position}.serials",
            item_name=sources[line.source_line_id].item.name,
            serial_no=serial,
            number=sources[line.source_line_id].document.number,
        )
        for line in lines
        for serial in sorted(set(line.serials) - set(here.get(line.source_line_id, ())))
    ]
    if refusals:
        raise RefusedLines(refusals[:TOLD])


_WAITING = (
    "s.stock_id IN (SELECT id FROM ledger_stockbalance"
    f" WHERE item_id = n.item_id AND status = '{StockStatus.QC.value}')"
)


def _is_silent(line: BuiltLine) -> bool:
    """Whether it follows another line and does not say which pieces."""
    return line.item.tracks_serials and not line.draft.serials and bool(line.draft.source_line_id)


def _naming(line: BuiltLine, serials: Sequence[str]) -> BuiltLine:
    return replace(line, draft=replace(line.draft, serials=tuple(serials)))


def _source(line: BuiltLine) -> int:
    return line.draft.source_line_id or 0


def _of_sources(sources: Iterable[Any], kind: str, which: str) -> dict[int, list[str]]:
    """The pieces of each source line, of its moves `e` and their states `s` those `which` fit."""
    rows = list(sources)
    found: dict[int, list[str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT k.id, n.serial_no FROM unnest(%s::bigint[], %s::bigint[], %s::int[])"
            " k(id, document, line) "
            "JOIN ledger_postingrecord r ON r.kind = %s AND r.source_id = k.document "
            "JOIN ledger_serialentry e ON e.posting_id = r.id AND e.line = k.line "
            "JOIN ledger_serialstate s ON s.serial_id = e.serial_id "
            f"JOIN catalog_serialnumber n ON n.id = e.serial_id WHERE {which} "
            "ORDER BY e.serial_id",
            [
                [row.pk for row in rows],
                [row.document_id for row in rows],
                [row.position for row in rows],
                kind,
            ],
        )
        for pk, serial in cursor.fetchall():
            found.setdefault(pk, []).append(serial)
    return found
