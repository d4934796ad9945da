"""Counting while goods move: where the books stood for a stock key when somebody counted it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.db import connection

from hengcang.kernel.rounding import ZERO, to_cent
from hengcang.ledger import locks, queries
from hengcang.ledger.entries import StockKey, StockStatus
from hengcang.ledger.keys import CostKey, balance_ids, cost_key_of, null_first, stock_order
from hengcang.ledger.queries import TermsToday
from hengcang.ledger.writes import take_positions

CORRECTIONS = ["stock_count"]
"""Postings that bring the books to what was true already: no goods moved."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """Where the books of a stock key stood: every entry before `position` is in `book`, none later.

    `book` in base units, 6 dp; `day` is the business date of the counting.
    """

    position: int
    book: Decimal
    day: date


def stamp(keys: Collection[StockKey]) -> dict[StockKey, Stamp]:
    """The books' stand of these stock keys at this moment, all at one position.

    Locks their cost balances in share, by id, until commit: whoever moves goods holds one of
    them alone while it takes its positions, so a movement is either wholly in `book` or wholly
    after `position`. Counters do not wait for each other.
    """
    terms = queries.terms_today()
    costs, stocks = _rows(keys, terms)
    _hold_in_share(sorted(costs.values()))
    with connection.cursor() as cursor:
        # A statement of its own: it must see what the lock waited for.
        cursor.execute(
            "SELECT id, quantity FROM ledger_stockbalance WHERE id = ANY(%s)",
            [sorted(stocks.values())],
        )
        books = dict(cursor.fetchall())
    position = take_positions(1)[0]
    return {key: Stamp(position, books[row], terms.today) for key, row in stocks.items()}


def _hold_in_share(cost_ids: list[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM ledger_costbalance WHERE id = ANY(%s) ORDER BY id FOR SHARE",
            [cost_ids],
        )


@dataclass(frozen=True, slots=True)
class Counted:
    """When one stock key was counted in a round: its first and its last stamp."""

    key: StockKey
    first: int
    first_day: date
    last: int
    last_day: date


@dataclass(frozen=True, slots=True)
class Since:
    """What was entered after the stamps though it had happened before them, base units.

    `moved`: goods came or went between the first and the last stamp.
    """

    late_first: Decimal = ZERO
    late_last: Decimal = ZERO
    moved: bool = False


# Everything that came after the first stamp; usually little, so it is compared here, not there.
_LATER = """
SELECT b.item_id, b.bin_id, b.batch_id, b.status, e.position, e.dated, e.quantity,
 r.kind = ANY(%(own)s)
FROM ledger_stockentry e JOIN ledger_stockbalance b ON b.id = e.stock_id
JOIN ledger_postingrecord r ON r.id = e.posting_id
WHERE e.position > %(least)s AND e.warehouse_id = %(warehouse)s AND b.owner_id IS NULL
"""


def since(warehouse_id: int, counted: Sequence[Counted]) -> dict[StockKey, Since]:
    """What the books learnt after the stamps; keys about which they learnt nothing are absent.

    An entry dated before the day of counting had happened when the shelf was counted, however
    late it was written; a correction is no movement. Both belong to the book the count is
    compared with. Everything else after a stamp happened after it.
    """
    if not counted:
        return {}
    wanted = {c.key: c for c in counted}
    least = min(c.first for c in counted)
    with connection.cursor() as cursor:
        cursor.execute(_LATER, {"own": CORRECTIONS, "warehouse": warehouse_id, "least": least})
        rows = cursor.fetchall()
    found: dict[StockKey, Since] = {}
    for item_id, bin_id, batch_id, status, *rest in rows:
        key = StockKey(item_id, warehouse_id, bin_id, batch_id, StockStatus(status))
        e = _Later(*rest)
        if (c := wanted.get(key)) is not None and e.position > c.first:
            found[key] = _with(found.get(key, Since()), e, c)
    return found


class _Later(NamedTuple):
    position: int
    dated: date
    quantity: Decimal
    is_correction: bool


def _with(since: Since, e: _Later, c: Counted) -> Since:
    """What is known with one entry more."""
    late_first = e.is_correction or e.dated < c.first_day
    late_last = e.position > c.last and (e.is_correction or e.dated < c.last_day)
    between = e.position < c.last or e.dated < c.last_day
    return Since(
        since.late_first + (e.quantity if late_first else ZERO),
        since.late_last + (e.quantity if late_last else ZERO),
        since.moved or (not late_first and between),
    )


@dataclass(frozen=True, slots=True)
class Shelf:
    """What an item holds: quantity and value of its cost key, and what of it is here and promised.

    Base units; value 2 dp.
    """

    quantity: Decimal
    value: Decimal
    on_hand: Decimal
    reserved: Decimal
    allow_negative: bool

    def worth(self, quantity: Decimal) -> Decimal | None:
        """That many at the present average, 2 dp; None when the shelf has none."""
        if self.quantity <= 0:
            return None
        return to_cent(quantity * self.value / self.quantity)

    def short(self, change: Decimal) -> Decimal:
        """How much of what is promised would no longer be there."""
        if self.allow_negative:
            return ZERO
        return max(ZERO, self.reserved - self.on_hand - change)


def shelves(warehouse_id: int, item_ids: Collection[int]) -> dict[int, Shelf]:
    """What these items hold now, unlocked; items that never moved are absent."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT a.item_id, coalesce(c.quantity, 0), coalesce(c.value, 0), a.on_hand,"
            " a.reserved, a.allow_negative FROM ledger_availability a "
            "LEFT JOIN ledger_costbalance c ON c.item_id = a.item_id AND c.batch_id IS NULL "
            " AND (c.scope_warehouse_id = a.warehouse_id OR c.scope_warehouse_id IS NULL) "
            "WHERE a.warehouse_id = %s AND a.item_id = ANY(%s)",
            [warehouse_id, sorted(item_ids)],
        )
        return {row[0]: Shelf(*row[1:]) for row in cursor.fetchall()}


def hold_shelves(warehouse_id: int, keys: Collection[StockKey], dated: date) -> dict[int, Shelf]:
    """The shelves of these keys' items, and nobody moves the items until commit.

    Locks periods and cost balances in the ledger's order, as the posting that follows will.
    Raises Refused: before_go_live, date_in_future, period_closed.
    """
    terms = queries.terms_today()
    costs, _ = _rows(keys, terms)
    locks.lock_periods(dated, terms)
    locks.lock_costs(set(costs.values()))()
    return shelves(warehouse_id, {key.item_id for key in keys})


def _rows(
    keys: Collection[StockKey], terms: TermsToday
) -> tuple[dict[CostKey, int], dict[StockKey, int]]:
    """The balance rows of these keys; missing ones are made at zero."""
    ordered = sorted(set(keys), key=stock_order)
    cost_keys = sorted({cost_key_of(key, terms.cost_scope) for key in ordered}, key=null_first)
    return balance_ids(cost_keys, ordered)


@dataclass(frozen=True, slots=True)
class Expected:
    """What should be on the shelf: a stock key and its book quantity, base units."""

    key: StockKey
    base_uom_id: int
    quantity: Decimal


def expected(
    warehouse_id: int, *, category_path: str = "", item_ids: Collection[int] | None = None
) -> list[Expected]:
    """The snapshot a count starts from, by item code, then batch, bin and status: what is there,
    or exactly these items, each with at least one key.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT i.id, b.bin_id, b.batch_id, coalesce(b.status, 'good'), u.id,"
            " coalesce(b.quantity, 0) FROM catalog_item i "
            "JOIN catalog_itemuom u ON u.item_id = i.id AND u.uom_id = i.base_uom_id "
            "LEFT JOIN catalog_itemcategory g ON g.id = i.category_id "
            "LEFT JOIN ledger_stockbalance b ON b.item_id = i.id AND b.warehouse_id = %(warehouse)s"
            " AND b.owner_id IS NULL AND b.quantity <> 0 "
            "LEFT JOIN catalog_batch t ON t.id = b.batch_id "
            "LEFT JOIN places_binlocation p ON p.id = b.bin_id "
            "WHERE CASE WHEN %(items)s::bigint[] IS NULL THEN b.id IS NOT NULL"
            " ELSE i.id = ANY(%(items)s::bigint[]) END"
            " AND (%(path)s = '' OR g.path = %(path)s OR starts_with(g.path, %(path)s || '/')) "
            "ORDER BY i.code, t.expiry_date, t.batch_no NULLS FIRST, p.code NULLS FIRST, b.status",
            {
                "warehouse": warehouse_id,
                "items": None if item_ids is None else sorted(item_ids),
                "path": category_path,
            },
        )
        return [
            Expected(
                StockKey(item_id, warehouse_id, bin_id, batch_id, StockStatus(status)), uom, book
            )
            for item_id, bin_id, batch_id, status, uom, book in cursor.fetchall()
        ]


def issued_value(warehouse_id: int, kinds: Sequence[str], since_day: date) -> dict[int, Decimal]:
    """What these kinds of documents took out of a warehouse since that day, at cost, by item.

    2 dp; what came back or was reversed is taken off. Items that never left are absent.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.item_id, -sum(c.value) FROM ledger_stockentry e "
            "JOIN ledger_postingrecord r ON r.id = e.posting_id "
            "JOIN ledger_entrycost c ON c.entry_id = e.position "
            "WHERE e.warehouse_id = %s AND e.dated >= %s AND r.kind = ANY(%s) GROUP BY 1",
            [warehouse_id, since_day, list(kinds)],
        )
        return dict(cursor.fetchall())
