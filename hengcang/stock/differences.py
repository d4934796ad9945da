"""What a count found against the books as they stood when each item was counted."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import connection

from hengcang.ledger import counting
from hengcang.ledger.counting import Counted, Since
from hengcang.stock.count_drafts import MovedFrom
from hengcang.stock.models import StockCount, StockCountLine


@dataclass(frozen=True, slots=True)
class Found:
    """One counted item, base units: what was there, what should have been.

    `uncertain`: goods moved between two of its counts and nobody said from where.
    """

    item_id: int
    counted: Decimal
    book: Decimal
    tallies: int
    uncertain: bool

    @property
    def difference(self) -> Decimal:
        return self.counted - self.book


@dataclass(frozen=True, slots=True)
class _Summed:
    item_id: int
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
SELECT t.item_id, t.round, sum(t.quantity), count(*), min(t.position), max(t.position),
 (array_agg(t.book ORDER BY t.position))[1], (array_agg(t.book ORDER BY t.position DESC))[1],
 min(t.day), max(t.day)
FROM stock_stocktally t WHERE t.document_id = %s AND t.is_current
 AND (%s::bigint[] IS NULL OR t.item_id = ANY(%s::bigint[])) GROUP BY 1, 2
"""


def found(count: StockCount, item_ids: Collection[int] | None = None) -> dict[int, Found]:
    """Every item counted in its present round, or these of them; the others are absent.

    The counts of several people and places add up. The book they are compared with is the one of
    the last stamp, with what was entered later but had happened before. Where goods moved between
    two counts of an item, the sum is right against the first stamp when they left a place already
    counted and against the last when they left one still to be counted: a person must say which,
    or count again.
    """
    wanted = None if item_ids is None else sorted(item_ids)
    with connection.cursor() as cursor:
        cursor.execute(_SUMMED, [count.pk, wanted, wanted])
        rows = cursor.fetchall()
    lines = StockCountLine.objects.filter(document=count).order_by()
    rounds = {
        i: (nth, said) for i, nth, said in lines.values_list("item_id", "round", "moved_from")
    }
    summed = [
        _Summed(item_id, rounds[item_id][1], *figures)
        for item_id, nth, *figures in rows
        if rounds[item_id][0] == nth
    ]
    since = counting.since(
        count.warehouse_id,
        [Counted(s.item_id, s.first, s.first_day, s.last, s.last_day) for s in summed],
    )
    return {s.item_id: _found(s, since.get(s.item_id, Since())) for s in summed}


def _found(summed: _Summed, since: Since) -> Found:
    at_first = summed.first_book + since.late_first
    at_last = summed.last_book + since.late_last
    book = at_first if summed.moved_from == MovedFrom.COUNTED else at_last
    unsaid = summed.moved_from == MovedFrom.UNKNOWN
    return Found(summed.item_id, summed.counted, book, summed.tallies, since.moved and unsaid)
