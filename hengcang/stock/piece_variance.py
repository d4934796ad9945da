"""序列号差异: the pieces that a count misses or found, for those who review it."""

from collections.abc import Mapping
from dataclasses import dataclass

from hengcang.documents.line_serials import serials_of
from hengcang.kernel.actor import Actor
from hengcang.ledger.serial_counting import PIECE_STATES, PieceFound, PieceState, tracked_of
from hengcang.ledger.serial_refusals import ELSEWHERE, names_seen
from hengcang.places.models import Warehouse
from hengcang.stock.differences import summed
from hengcang.stock.models import StockCount, StockCountLine
from hengcang.stock.piece_differences import differing_of
from hengcang.stock.variance import ENDED, sees_book

PARTS = {0: PieceState.MISSING, 1: PieceState.FOUND}
"""What the parts of a posted count's numbers are; all others were somewhere else."""


@dataclass(frozen=True, slots=True)
class PieceTold:
    """A piece that differs, for people: what it is, and where the books say it is; "" once posted.

    `position` is the line of the count.
    """

    position: int
    item_id: int
    item_code: str
    item_name: str
    serial_no: str
    finding: str
    finding_label: str
    book_place: str


def piece_variance(actor: Actor, count: StockCount) -> list[PieceTold]:
    """Every piece that differs on a count the actor was shown, by line and number; none while the
    count is blind. Warehouses and partners that are not the actor's are not named.
    """
    if not sees_book(actor, count):
        return []
    return _posted(count) if count.status in ENDED else _open(actor, count)


def _open(actor: Actor, count: StockCount) -> list[PieceTold]:
    sums = summed(count)
    tracked = tracked_of({line.key.item_id for line in sums})
    rows = differing_of(count, [line for line in sums if line.key.item_id in tracked])
    places = dict(
        Warehouse.objects.filter(id__in={r.warehouse_id for r in rows}).values_list("id", "name")
    )
    partners = names_seen(actor, {r.partner_id for r in rows if r.partner_id})
    named = StockCountLine.objects.filter(id__in={r.line_id for r in rows}).select_related("item")
    lines = {line.pk: line for line in named}
    return [
        _told(lines[r.line_id], r.serial_no, r.state, _book(actor, r, places, partners))
        for r in rows
    ]


def _posted(count: StockCount) -> list[PieceTold]:
    parts = serials_of(count.kind, count.pk).parts
    named = count.lines.filter(position__in={at for at, _ in parts}).select_related("item")
    lines = {line.position: line for line in named}
    return [
        _told(lines[at], serial, PARTS.get(part, PieceState.MOVED), "")
        for (at, part), serials in sorted(parts.items())
        for serial in serials
    ]


def _told(line: StockCountLine, serial: str, state: PieceState, book: str) -> PieceTold:
    return PieceTold(
        line.position,
        line.item_id,
        line.item.code,
        line.item.name,
        serial,
        state.value,
        PIECE_STATES[state],
        book,
    )


def _book(
    actor: Actor, row: PieceFound, places: Mapping[int, str], partners: Mapping[int, str]
) -> str:
    """Where the books have it, in words."""
    if row.warehouse_id is None:
        return f"{row.place_label} {partners.get(row.partner_id or 0, '')}".strip()
    return places[row.warehouse_id] if actor.reaches(row.warehouse_id) else ELSEWHERE
