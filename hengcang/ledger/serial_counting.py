"""Single pieces while goods move: which are missing from counted shelves, and which were found."""

from collections.abc import Collection, Sequence
from enum import StrEnum
from typing import NamedTuple

from django.db import connection

from hengcang.ledger.entries import PLACE_LABELS, Place, StockKey


class CountedShelf(NamedTuple):
    """A counted line of a count: its stock key, and its first stamp."""

    line_id: int
    key: StockKey
    first: int


class Scanned(NamedTuple):
    """A number that was scanned on a line, and the stamp of that moment."""

    line_id: int
    item_id: int
    serial_no: str
    position: int


class PieceState(StrEnum):
    """What a count says of a piece that is not where the books have it."""

    MISSING = "missing"
    FOUND = "found"
    MOVED = "moved"
    ELSEWHERE = "elsewhere"


PIECE_STATES = {
    PieceState.MISSING: "盘亏",
    PieceState.FOUND: "盘盈",
    PieceState.MOVED: "位置不符",
    PieceState.ELSEWHERE: "账在别处",
}


class PieceFound(NamedTuple):
    """A piece that differs. `from_line`: the counted line whose shelf the books have a MOVED piece
    on. `place`, `warehouse_id`, `partner_id`: where the books say it is.
    """

    line_id: int
    serial_no: str
    state: PieceState
    from_line: int | None
    place: str
    warehouse_id: int | None
    partner_id: int | None

    @property
    def place_label(self) -> str:
        return PLACE_LABELS[Place(self.place)]


def tracked_of(item_ids: Collection[int]) -> set[int]:
    """Those of the items whose pieces have numbers."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM catalog_item WHERE tracks_serials AND id = ANY(%s::bigint[])",
            [sorted(item_ids)],
        )
        return {pk for (pk,) in cursor.fetchall()}


class Spot(NamedTuple):
    """Where a piece lies, in words that a person would say; "" for no batch, no bin."""

    batch_no: str
    bin_code: str
    status: str


def spots_of(warehouse_id: int, pieces: Collection[tuple[int, str]]) -> dict[tuple[int, str], Spot]:
    """Where those of the pieces lie that are in the warehouse, by item and number; one query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT n.item_id, n.serial_no, coalesce(c.batch_no, ''), coalesce(p.code, ''),"
            " b.status FROM unnest(%s::bigint[], %s::text[]) k(item, no)"
            " JOIN catalog_serialnumber n ON n.item_id = k.item AND n.serial_no = k.no"
            " JOIN ledger_serialstate s ON s.serial_id = n.id"
            " JOIN ledger_stockbalance b ON b.id = s.stock_id AND b.warehouse_id = %s"
            " LEFT JOIN catalog_batch c ON c.id = b.batch_id"
            " LEFT JOIN places_binlocation p ON p.id = b.bin_id",
            [[item for item, _ in pieces], [no for _, no in pieces], warehouse_id],
        )
        return {(item, no): Spot(*spot) for item, no, *spot in cursor.fetchall()}


# The last move of a piece, as a position: a move later than a stamp happened after it.
_MOVED = """
LEFT JOIN ledger_serialentry m ON m.serial_id = s.serial_id AND m.step = s.step
LEFT JOIN LATERAL (SELECT max(e.position) AS position FROM ledger_stockentry e
 WHERE e.posting_id = m.posting_id AND e.item_id = s.item_id) moved ON true
"""
_DIFFER = f"""
WITH shelf AS MATERIALIZED (
 SELECT k.line, k.first, b.id AS stock
 FROM unnest(%(lines)s::bigint[], %(items)s::bigint[], %(bins)s::bigint[], %(batches)s::bigint[],
  %(statuses)s::text[], %(firsts)s::bigint[]) k(line, item, bin, batch, status, first)
 LEFT JOIN ledger_stockbalance b ON b.item_id = k.item AND b.warehouse_id = %(warehouse)s
  AND b.bin_id IS NOT DISTINCT FROM k.bin AND b.batch_id IS NOT DISTINCT FROM k.batch
  AND b.status = k.status AND b.owner_id IS NULL),
scanned AS MATERIALIZED (
 SELECT * FROM unnest(%(at)s::bigint[], %(of)s::bigint[], %(nos)s::text[], %(stamps)s::bigint[])
  k(line, item, no, stamp))
SELECT k.line, k.no, CASE WHEN away.line IS NOT NULL THEN 'moved' WHEN s.stock_id IS NOT NULL
  OR coalesce(s.place, 'new') <> ALL(%(lost)s::text[]) THEN 'elsewhere' ELSE 'found' END,
 away.line, coalesce(s.place, 'new'), b.warehouse_id, s.partner_id
FROM scanned k JOIN shelf ON shelf.line = k.line
LEFT JOIN catalog_serialnumber n ON n.item_id = k.item AND n.serial_no = k.no
LEFT JOIN ledger_serialstate s ON s.serial_id = n.id {_MOVED}
LEFT JOIN shelf away ON away.stock = s.stock_id
LEFT JOIN ledger_stockbalance b ON b.id = s.stock_id
WHERE coalesce(moved.position, 0) < k.stamp AND s.stock_id IS DISTINCT FROM shelf.stock
 OR shelf.stock IS NULL AND s.stock_id IS NULL AND coalesce(moved.position, 0) < k.stamp
UNION ALL
SELECT shelf.line, n.serial_no, 'missing', NULL, s.place, b.warehouse_id, s.partner_id
FROM shelf JOIN ledger_serialstate s ON s.stock_id = shelf.stock
JOIN catalog_serialnumber n ON n.id = s.serial_id
JOIN ledger_stockbalance b ON b.id = s.stock_id {_MOVED}
WHERE moved.position < shelf.first
 AND NOT EXISTS (SELECT FROM scanned k WHERE k.item = n.item_id AND k.no = n.serial_no)
ORDER BY 1, 2
"""
LOST = (Place.NEW, Place.ISSUED, Place.LOST, Place.MISSING)
"""Where pieces are that may turn up again."""


def differing(
    warehouse_id: int, shelves: Sequence[CountedShelf], scanned: Sequence[Scanned]
) -> list[PieceFound]:
    """The pieces that are not where the books have them, by line and number; one query.

    A piece that moved after it was scanned, or after its shelf was first counted, does not differ:
    the document that moved it has put it right.
    """
    if not shelves:
        return []
    keys = [shelf.key for shelf in shelves]
    with connection.cursor() as cursor:
        cursor.execute(
            _DIFFER,
            {
                "warehouse": warehouse_id,
                "lines": [shelf.line_id for shelf in shelves],
                "items": [key.item_id for key in keys],
                "bins": [key.bin_id for key in keys],
                "batches": [key.batch_id for key in keys],
                "statuses": [key.status.value for key in keys],
                "firsts": [shelf.first for shelf in shelves],
                "at": [one.line_id for one in scanned],
                "of": [one.item_id for one in scanned],
                "nos": [one.serial_no for one in scanned],
                "stamps": [one.position for one in scanned],
                "lost": [place.value for place in LOST],
            },
        )
        return [
            PieceFound(line, no, PieceState(state), *rest)
            for line, no, state, *rest in cursor.fetchall()
        ]
