"""What a count found against the books as they stood when each stock key was counted."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.db import connection

from hengcang.ledger import counting
from hengcang.ledger.counting import Counted, Since
from hengcang.ledger.entries import StockKey, StockStatus
from hengcang.ledger.places import key_of
from hengcang.stock.count_drafts import MovedFrom
from hengcang.stock.models import StockCount, StockCountLine
from hengcang.stock.piece_differences import LinePieces, pieces_of


@dataclass(frozen=True, slots=True)
class Found:
    """One counted line, base units: what was there, what should have been.

    `uncertain`: goods moved between two of its counts and nobody said from where.
    """

    line_id: int
    key: StockKey
    counted: Decimal
    book: Decimal
    tallies: int
    uncertain: bool
    pieces: LinePieces | None = None

    @property
    def difference(self) -> Decimal:
        return self.counted - self.book

    def by(self, pieces: LinePieces | None) -> "Found":
        """The line as its pieces tell it, where it has any: exact, however goods moved."""
        if pieces is None:
            return self
        book = self.counted - pieces.difference
        return replace(self, book=book, uncertain=False, pieces=pieces)


@dataclass(frozen=True, slots=True)
class Summed:
    """What was counted of a line in its present round; it stays so while the count is locked."""

    line_id: int
    key: StockKey
    moved_from: str
    counted: Decimal
    tallies: int
    first: int
    last: int
    first_book: Decimal
    last_book: Decimal
    first_day: date
    last_day: date


# The rounds are matched here: two large tables without statistics would be joined row by row.
_SUMMED = """
SELECT t.line_id, t.round, sum(t.quantity), count(*), min(t.position), max(t.position),
 (array_agg(t.book ORDER BY t.position))[1], (array_agg(t.book ORDER BY t.position DESC))[1],
 min(t.day), max(t.day)
FROM stock_stocktally t WHERE t.document_id = %s AND t.is_current
 AND (%s::bigint[] IS NULL OR t.line_id = ANY(%s::bigint[])) GROUP BY 1, 2
"""


NEEDED = StockCountLine.objects.only("round", "moved_from", "item", "bin", "batch", "stock_status")


def found(
    count: StockCount,
    line_ids: Collection[int] | None = None,
    lines: Iterable[StockCountLine] | None = None,
) -> dict[int, Found]:
    """Every line counted in its present round, or these of them, by id; the others are absent.

    `lines`: all of the count's lines, where they have been read already.

    The counts of several people and places add up. The book they are compared with is the one of
    the last stamp, with what was entered later but had happened before. Where goods moved between
    two counts of a line, the sum is right against the first stamp when they left a place already
    counted and against the last when they left one still to be counted: a person must say which,
    or count again.
    """
    return compared(count, summed(count, line_ids, lines))


def summed(
    count: StockCount,
    line_ids: Collection[int] | None = None,
    lines: Iterable[StockCountLine] | None = None,
) -> list[Summed]:
    """What was counted of every line in its present round, or of these lines."""
    wanted = None if line_ids is None else sorted(line_ids)
    with connection.cursor() as cursor:
        cursor.execute(_SUMMED, [count.pk, wanted, wanted])
        rows = cursor.fetchall()
    read = NEEDED.filter(document=count).order_by() if lines is None else lines
    known = {line.pk: line for line in read}
    sums = []
    for line, nth, *figures in rows:
        of = known[line]
        if nth == of.round:
            key = key_of(of, count.warehouse_id)
            sums.append(Summed(line, key, of.moved_from, *figures))
    return sums


def compared(count: StockCount, sums: Collection[Summed]) -> dict[int, Found]:
    """What was counted against the books as they are now known to have stood, by line."""
    since = counting.since(
        count.warehouse_id,
        [Counted(s.key, s.first, s.first_day, s.last, s.last_day) for s in sums],
    )
    pieces = pieces_of(count, sums)
    return {s.line_id: _found(s, since.get(s.key, Since())).by(pieces.get(s.line_id)) for s in sums}


def _found(summed: Summed, since: Since) -> Found:
    at_first = summed.first_book + since.late_first
    at_last = summed.last_book + since.late_last
    book = at_first if summed.moved_from == MovedFrom.COUNTED else at_last
    unsaid = summed.moved_from == MovedFrom.UNKNOWN
    return Found(
        summed.line_id, summed.key, summed.counted, book, summed.tallies, since.moved and unsaid
    )


def by_item(differ: Mapping[int, Found]) -> dict[int, Decimal]:
    """How much of the goods that can be sold the lines add to or take from each item.

    Items whose sellable goods do not change are absent.
    """
    sums: dict[int, Decimal] = {}
    for one in differ.values():
        if one.key.status is StockStatus.GOOD and one.difference:
            item = one.key.item_id
            sums[item] = sums.get(item, Decimal(0)) + one.difference
    return sums
