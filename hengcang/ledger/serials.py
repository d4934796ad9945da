"""Serial numbers move with the goods: every piece of a posting is named, and is where it says.

The door asks here for every posting, so no kind of document can move goods of such an item
without saying which pieces. What a document names stands in LineSerial; nothing else is believed.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.db import connection

from hengcang.documents.attempts import TryAgain
from hengcang.kernel.actor import Actor
from hengcang.kernel.errors import RefusedLines
from hengcang.ledger.entries import PRODUCT, Account, Place, Posting, Source
from hengcang.ledger.keys import Resolved
from hengcang.ledger.serial_fit import (
    Checks,
    Group,
    Half,
    Made,
    Makings,
    Origin,
    Origins,
    Sent,
    halves_of,
    origin_of,
)
from hengcang.ledger.serial_refusals import Piece, refusal_of

LOSES = {"transfer_receipt": Place.LOST, "stock_count": Place.MISSING}
"""Where pieces are that leave by these kinds and for nobody; by others they are ISSUED."""


@dataclass(frozen=True, slots=True)
class SerialMove:
    """One piece goes from one place to another; `step` is the move's. `received_on`: set anew.

    `stood_on`, `stands_on`: the move that held before, and the one that holds now.
    """

    serial_id: int
    line: int
    step: int
    stood_on: int | None
    stands_on: int | None
    before: int | None
    after: int | None
    was: str
    becomes: str
    partner_id: int | None
    received_on: date | None = None


def moves_of(posting: Posting, resolved: Sequence[Resolved], actor: Actor) -> list[SerialMove]:
    """What the posting does to single pieces; pieces that are new to the book are made.

    Nothing is locked; `write_moves` sees to it that nothing changed since. Raises Refused, or
    RefusedLines for several: serial_count, serial_unknown, serial_gone, serial_elsewhere,
    serial_in_stock, serial_not_of_origin, serial_of_other, serial_later, serial_moved_on.
    """
    names = _tracked({r.line.key.item_id for r in resolved})
    if not names:
        return []
    if posting.reversal_of is not None:
        return _undone(posting.reversal_of, actor)
    halves = halves_of(resolved, names)
    pieces = _named(posting.source)
    inside = {(p.kind, p.source_id) for ps in pieces.values() for p in ps if _is_inside(p)}
    checks = Checks(posting, _sent(posting, halves), _makings(inside), actor)
    checks.product = pieces.get((PRODUCT, 0), ())
    for group, half in halves.items():
        checks.line(group[0], half, pieces.get(group, []), names)
    checks.surplus([p for group in pieces.keys() - halves.keys() for p in pieces[group]], names)
    checks.refuse()
    made = _make([p for group in halves for p in pieces[group] if p.serial_id is None])
    return [
        _move(posting, half, piece._replace(serial_id=piece.serial_id or made[piece.key]))
        for group, half in halves.items()
        for piece in pieces[group]
    ]


def _is_inside(piece: Piece) -> bool:
    return piece.place == Place.BUILT_IN


def write_moves(record_id: int, moves: Sequence[SerialMove], dated: date) -> None:
    """Every move is an entry, and every piece is where it went.

    Locks the states of the pieces, by id. Raises TryAgain when one has moved meanwhile.
    """
    if not moves:
        return
    ordered = sorted(moves, key=lambda move: move.serial_id)
    ids, steps = [m.serial_id for m in ordered], [m.step for m in ordered]
    places: list[list[Any]] = [
        [m.stood_on for m in ordered],
        [m.before for m in ordered],
        [m.after for m in ordered],
        [m.was for m in ordered],
        [m.becomes for m in ordered],
        [m.partner_id for m in ordered],
    ]
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [ids, ids, steps])
        if cursor.fetchone()[0] != len(ids):
            raise TryAgain
        cursor.execute(_APPEND, [record_id, ids, [m.line for m in ordered], steps, *places])
        stands, received = [m.stands_on for m in ordered], [m.received_on for m in ordered]
        cursor.execute(_CARRY, [dated, ids, steps, stands, places[2], *places[4:], received])


_LOCK = """
WITH locked AS MATERIALIZED (SELECT serial_id, step FROM ledger_serialstate
  WHERE serial_id = ANY(%s::bigint[]) ORDER BY serial_id FOR UPDATE)
SELECT count(*) FROM locked l JOIN unnest(%s::bigint[], %s::int[]) k(serial, step)
 ON k.serial = l.serial_id AND k.step = l.step + 1
"""
_APPEND = """
INSERT INTO ledger_serialentry (posting_id, serial_id, line, step, previous, stood_on,
  stock_before_id, stock_after_id, place_before, place_after, partner_id)
SELECT %s, k.serial, k.line, k.step, nullif(k.step - 1, 0), k.stood, k.before, k.after, k.was,
 k.becomes, k.partner FROM unnest(%s::bigint[], %s::int[], %s::int[], %s::int[], %s::bigint[],
 %s::bigint[], %s::text[], %s::text[], %s::bigint[])
 k(serial, line, step, stood, before, after, was, becomes, partner)
"""
_CARRY = """
UPDATE ledger_serialstate s SET step = k.step, stands_on = k.stands, stock_id = k.after,
 place = k.becomes, partner_id = k.partner, received_on = coalesce(k.received, s.received_on),
 dated = %s FROM unnest(%s::bigint[], %s::int[], %s::int[], %s::bigint[], %s::text[],
 %s::bigint[], %s::date[]) k(serial, step, stands, after, becomes, partner, received)
WHERE s.serial_id = k.serial
"""
_NAMED = """
SELECT l.position, l.part, l.item_id, l.serial_no, n.id, s.step, s.stands_on, s.stock_id, s.place,
 s.partner_id, s.dated, r.kind, r.source_id FROM documents_lineserial l
LEFT JOIN catalog_serialnumber n ON n.item_id = l.item_id AND n.serial_no = l.serial_no
LEFT JOIN ledger_serialstate s ON s.serial_id = n.id
LEFT JOIN ledger_serialentry e ON e.serial_id = s.serial_id AND e.step = s.stands_on
LEFT JOIN ledger_postingrecord r ON r.id = e.posting_id
WHERE l.kind = %s AND l.document_id = %s ORDER BY l.position, l.ordinal
"""
_MADE = f"""
SELECT r.kind, r.source_id, e.item_id, ARRAY(SELECT s.serial_id FROM ledger_serialentry s
  WHERE s.posting_id = r.id AND s.line = {PRODUCT})
FROM unnest(%s::text[], %s::bigint[]) k(kind, id)
JOIN ledger_postingrecord r ON r.kind = k.kind AND r.source_id = k.id
JOIN ledger_stockentry e ON e.posting_id = r.id AND e.line = {PRODUCT}
"""
_SENT = """
SELECT r.kind, r.source_id, e.line, e.serial_id, e.step
FROM (SELECT DISTINCT * FROM unnest(%s::text[], %s::bigint[], %s::int[]) k(kind, id, line)) k
JOIN ledger_postingrecord r ON r.kind = k.kind AND r.source_id = k.id
JOIN ledger_serialentry e ON e.posting_id = r.id AND e.line = k.line
"""
_DONE = """
SELECT e.line, 0, n.item_id, n.serial_no, e.serial_id, s.step, s.stands_on, s.stock_id, s.place,
 s.partner_id, s.dated, x.kind, x.source_id, e.step, e.stood_on, e.stock_before_id,
 e.stock_after_id, e.place_before, e.place_after, b.partner_id
FROM ledger_postingrecord r JOIN ledger_serialentry e ON e.posting_id = r.id
JOIN catalog_serialnumber n ON n.id = e.serial_id
JOIN ledger_serialstate s ON s.serial_id = e.serial_id
LEFT JOIN ledger_serialentry l ON l.serial_id = s.serial_id AND l.step = s.stands_on
LEFT JOIN ledger_postingrecord x ON x.id = l.posting_id
LEFT JOIN ledger_serialentry b ON b.serial_id = e.serial_id AND b.step = e.stood_on
WHERE r.kind = %s AND r.source_id = %s ORDER BY e.serial_id
"""


def _tracked(item_ids: set[int]) -> dict[int, str]:
    """The names of those items whose pieces have numbers."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, name FROM catalog_item WHERE tracks_serials AND id = ANY(%s::bigint[])",
            [sorted(item_ids)],
        )
        return dict(cursor.fetchall())


def _named(paper: Source) -> dict[Group, list[Piece]]:
    """What the document names, by line and part, and what the book knows of each."""
    found: dict[Group, list[Piece]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(_NAMED, [paper.kind, paper.id])
        for row in cursor.fetchall():
            found[row[0], row[1]].append(Piece(*row))
    return found


def _makings(inside: Set[tuple[str | None, int | None]]) -> Makings:
    """What those documents made that pieces went into; no query for none."""
    if not inside:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_MADE, [list(column) for column in zip(*inside, strict=True)])
        return {
            (kind, source_id): Made(item_id, frozenset(serials))
            for kind, source_id, item_id, serials in cursor.fetchall()
        }


def _sent(posting: Posting, halves: Mapping[Group, Half]) -> Origins:
    """The moves of every line that one of these follows."""
    wanted = {origin for half in halves.values() if (origin := origin_of(posting, half))}
    found: dict[Origin, set[Sent]] = defaultdict(set)
    if not wanted:
        return found
    with connection.cursor() as cursor:
        cursor.execute(_SENT, [list(column) for column in zip(*wanted, strict=True)])
        for kind, source_id, line, serial_id, step in cursor.fetchall():
            found[(kind, source_id, line)].add(Sent(step, serial_id))
    return found


def _move(posting: Posting, half: Half, piece: Piece) -> SerialMove:
    assert piece.serial_id is not None
    becomes, partner_id = Place.IN_STOCK, None
    if half.into is None:
        becomes, partner_id = _leaves_for(posting, half)
    was = piece.place or Place.NEW
    fresh = half.out is None and was in {Place.NEW, Place.SUPPLIER}
    return SerialMove(
        serial_id=piece.serial_id,
        line=piece.line,
        step=(piece.step or 0) + 1,
        stood_on=piece.stands_on,
        stands_on=(piece.step or 0) + 1,
        before=half.out.stock_id if half.out else None,
        after=half.into.stock_id if half.into else None,
        was=str(was),
        becomes=becomes.value,
        partner_id=partner_id,
        received_on=posting.dated if fresh else None,
    )


def _leaves_for(posting: Posting, half: Half) -> tuple[Place, int | None]:
    """Where goods are that leave by this posting, and with whom."""
    if half.line.line.share is not None:
        return (Place.APART if half.line.line.line == PRODUCT else Place.BUILT_IN), None
    for money in posting.money:
        sold = money.account is Account.RECEIVABLE
        return (Place.CUSTOMER if sold else Place.SUPPLIER), money.partner_id
    return LOSES.get(posting.source.kind, Place.ISSUED), None


def _make(pieces: Sequence[Piece]) -> dict[tuple[int, str], int]:
    """Pieces that were never here have a number and a state; ids by item and number.

    Raises TryAgain when another posting made one of them at the same time.
    """
    if not pieces:
        return {}
    keys = sorted({piece.key for piece in pieces})
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH made AS (INSERT INTO catalog_serialnumber (item_id, serial_no) "
            "SELECT * FROM unnest(%s::bigint[], %s::text[]) k(item, no) ORDER BY 1, 2 "
            "ON CONFLICT (item_id, serial_no) DO NOTHING RETURNING id, item_id, serial_no),"
            " placed AS (INSERT INTO ledger_serialstate (serial_id, item_id, step, place)"
            " SELECT id, item_id, 0, %s FROM made)"
            "SELECT item_id, serial_no, id FROM made",
            [*(list(column) for column in zip(*keys, strict=True)), Place.NEW.value],
        )
        made = {(item_id, number): pk for item_id, number, pk in cursor.fetchall()}
    if len(made) < len(keys):
        raise TryAgain
    return made


def _undone(original: Source, actor: Actor) -> list[SerialMove]:
    """Every piece goes back to where the original took it from; none may have moved since.

    Raises Refused("serial_moved_on"), which names the document that has the piece now.
    """
    with connection.cursor() as cursor:
        cursor.execute(_DONE, [original.kind, original.id])
        rows = [(Piece(*row[:13]), Done(*row[13:])) for row in cursor.fetchall()]
    moved = [piece for piece, done in rows if piece.stands_on != done.step]
    if moved:
        refusals = refusal_of(None, [("serial_moved_on", piece, None) for piece in moved], actor)
        raise refusals[0] if len(refusals) == 1 else RefusedLines(refusals)
    return [_backwards(piece, done) for piece, done in rows]


class Done(NamedTuple):
    """A move of the original; `partner_id`: who had the piece before it."""

    step: int
    stood_on: int | None
    before: int | None
    after: int | None
    was: str
    became: str
    partner_id: int | None


def _backwards(piece: Piece, done: Done) -> SerialMove:
    assert piece.serial_id is not None
    return SerialMove(
        serial_id=piece.serial_id,
        line=piece.line,
        step=(piece.step or 0) + 1,
        stood_on=done.step,
        stands_on=done.stood_on,
        before=done.after,
        after=done.before,
        was=done.became,
        becomes=done.was,
        partner_id=done.partner_id,
    )
