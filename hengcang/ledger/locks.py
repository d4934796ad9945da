"""Phase B: the only module that locks the books, in one global order.

Periods, then cost balances by id, then stock balances, then availability by id. Everything of an
item's stock rows is written under its cost row's lock, hence no circle among them; availability
is also taken alone, by promises, hence its own order by id. NO KEY UPDATE, so that foreign keys
of other transactions do not wait.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from hengcang.kernel.calendar import months_between
from hengcang.kernel.errors import Refused
from hengcang.kernel.numbers import shown
from hengcang.kernel.rounding import ZERO
from hengcang.ledger.entries import STATUS_LABELS, Promise, PromiseLine, StockStatus
from hengcang.ledger.instead import instead_of
from hengcang.ledger.keys import Place, Resolved
from hengcang.ledger.queries import TermsToday
from hengcang.ledger.valuation.moving_average import Held

Answer = Callable[[], None]
"""Reads what a statement that was sent has done: called after the statements sent with it."""


@dataclass(slots=True)
class LockedCost:
    """A cost key held until commit."""

    held: Held
    last_dated: date | None


def lock_periods(dated: date, terms: TermsToday) -> None:
    """The months from `dated` on are shared until commit, so that none of them can be closed.

    Raises Refused: before_go_live, date_in_future, period_closed.
    """
    if dated < terms.go_live:
        raise Refused("before_go_live", "dated", dated=str(dated), go_live=str(terms.go_live))
    if dated > terms.today:
        raise Refused("date_in_future", "dated", dated=str(dated), today=str(terms.today))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT month, closed_at FROM ledger_period "
            "WHERE month >= date_trunc('month', %s::date) "
            "ORDER BY month FOR SHARE",
            [dated],
        )
        months = cursor.fetchall()
        if not months:
            _make_months(terms)
            return lock_periods(dated, terms)
    if months[0][1] is not None:
        raise Refused("period_closed", "dated", dated=str(dated), month=f"{dated:%Y-%m}")
    return None


def _make_months(terms: TermsToday) -> None:
    """Every month from go-live to today has its row; the order makes two makers agree."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_period (month) SELECT unnest(%s::date[]) ON CONFLICT DO NOTHING",
            [months_between(terms.go_live, terms.today)],
        )


def lock_costs(cost_ids: set[int]) -> Callable[[], dict[int, LockedCost]]:
    """The cost keys, held until commit; what they hold is the answer."""
    cursor = connection.cursor()
    cursor.execute(
        "SELECT id, (quantity * 1000000)::bigint, (value * 100)::bigint, last_dated "
        "FROM ledger_costbalance WHERE id = ANY(%s::bigint[]) ORDER BY id FOR NO KEY UPDATE",
        [sorted(cost_ids)],
    )

    def answer() -> dict[int, LockedCost]:
        with cursor:
            return {row[0]: LockedCost(Held(row[1], row[2]), row[3]) for row in cursor.fetchall()}

    return answer


def move_stock(resolved: list[Resolved]) -> Answer:
    """Balances of the stock keys carry the lines; a conditional update, so nothing is sold twice.

    The answer raises Refused("insufficient_stock").
    """
    change: dict[int, Decimal] = defaultdict(lambda: ZERO)
    for r in resolved:
        change[r.stock_id] += r.line.quantity
    ids = sorted(change)
    cursor = connection.cursor()
    cursor.execute(
        "UPDATE ledger_stockbalance b SET quantity = b.quantity + k.change "
        "FROM unnest(%s::bigint[], %s::numeric[]) k(id, change) "
        "WHERE b.id = k.id AND (b.quantity + k.change >= 0 OR b.allow_negative) RETURNING b.id",
        [ids, [change[i] for i in ids]],
    )

    def answer() -> None:
        with cursor:
            moved = {row[0] for row in cursor.fetchall()}
        for r in resolved:
            if r.stock_id not in moved:
                raise _short_of(r, -change[r.stock_id])

    return answer


def stock_change(resolved: list[Resolved]) -> dict[Place, Decimal]:
    """What the lines do to the sellable stock of each item and warehouse."""
    change: dict[Place, Decimal] = defaultdict(lambda: ZERO)
    for r in resolved:
        if r.line.key.status is StockStatus.GOOD:
            change[(r.line.key.item_id, r.line.key.warehouse_id)] += r.line.quantity
    return change


def move_availability(
    on_hand: dict[Place, Decimal], promises: tuple[PromiseLine, ...]
) -> tuple[tuple[PromiseLine, ...], Answer]:
    """Availability carries stock and promises in one update; returns the promises as granted.

    The answer raises Refused("insufficient_stock") when less would be available than is promised
    to others.
    """
    granted = _granted(on_hand, promises)
    change: dict[Place, list[Decimal]] = {
        place: [quantity, ZERO, ZERO] for place, quantity in on_hand.items()
    }
    for p in granted:
        row = change.setdefault((p.item_id, p.warehouse_id), [ZERO, ZERO, ZERO])
        row[1 if p.promise is Promise.RESERVED else 2] += p.quantity
    places = sorted(place for place, row in change.items() if any(row))
    if not places:
        return granted, _nothing_to_answer
    return granted, _move(places, change)


def _nothing_to_answer() -> None:
    """For when nothing was asked."""


def _move(places: list[Place], change: dict[Place, list[Decimal]]) -> Answer:
    """The rows of these places carry their changes: on hand, reserved, on order."""
    rows = [change[place] for place in places]
    cursor = connection.cursor()
    cursor.execute(
        "WITH locked AS MATERIALIZED (SELECT a.id, k.on_hand, k.reserved, k.on_order "
        " FROM ledger_availability a JOIN unnest(%s::bigint[], %s::bigint[], %s::numeric[],"
        " %s::numeric[], %s::numeric[]) k(item, wh, on_hand, reserved, on_order)"
        " ON a.item_id = k.item AND a.warehouse_id = k.wh ORDER BY a.id FOR NO KEY UPDATE OF a)"
        "UPDATE ledger_availability a SET on_hand = a.on_hand + l.on_hand,"
        " reserved = a.reserved + l.reserved, on_order = a.on_order + l.on_order "
        "FROM locked l WHERE a.id = l.id AND (a.allow_negative OR"
        " a.reserved + l.reserved <= a.on_hand + l.on_hand)"
        " RETURNING a.item_id, a.warehouse_id",
        [
            [p[0] for p in places],
            [p[1] for p in places],
            *([row[i] for row in rows] for i in range(3)),
        ],
    )

    def answer() -> None:
        with cursor:
            moved = set(cursor.fetchall())
        for place in places:
            if place not in moved:
                raise insufficient(*place, needed=change[place][1] - change[place][0])

    return answer


def _granted(
    on_hand: dict[Place, Decimal], promises: tuple[PromiseLine, ...]
) -> tuple[PromiseLine, ...]:
    """Promises cut to what is available where they ask for no more; the rows stay locked."""
    if not any(p.up_to_available for p in promises):
        return promises
    places = sorted({(p.item_id, p.warehouse_id) for p in promises})
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT a.item_id, a.warehouse_id, a.on_hand - a.reserved FROM ledger_availability a "
            "JOIN unnest(%s::bigint[], %s::bigint[]) k(item, wh) "
            "ON a.item_id = k.item AND a.warehouse_id = k.wh ORDER BY a.id FOR NO KEY UPDATE OF a",
            [[p[0] for p in places], [p[1] for p in places]],
        )
        free = {(item, wh): left for item, wh, left in cursor.fetchall()}
    granted = []
    for p in promises:
        place = (p.item_id, p.warehouse_id)
        quantity = p.quantity
        if p.up_to_available:
            quantity = max(ZERO, min(p.quantity, free[place] + on_hand.get(place, ZERO)))
        if p.promise is Promise.RESERVED:
            free[place] -= quantity
        granted.append(PromiseLine(p.source, p.item_id, p.warehouse_id, p.promise, quantity))
    return tuple(granted)


def _short_of(r: Resolved, needed: Decimal) -> Refused:
    """The refusal of a stock key: of its batch, bin or status where it names one."""
    key = r.line.key
    refusal = insufficient(key.item_id, key.warehouse_id, needed)
    facts: dict[str, Any] = dict(refusal.facts)
    if key.bin_id is None and key.batch_id is None and key.status is StockStatus.GOOD:
        elsewhere = Decimal(facts["available"]) >= needed
        return Refused("goods_not_placed", **facts) if elsewhere else refusal
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(c.batch_no, ''), coalesce(p.code, ''), b.quantity, b.status "
            "FROM ledger_stockbalance b LEFT JOIN catalog_batch c ON c.id = b.batch_id "
            "LEFT JOIN places_binlocation p ON p.id = b.bin_id WHERE b.id = %s",
            [r.stock_id],
        )
        batch_no, bin_code, there, status = cursor.fetchone()
    where = [f"批号 {batch_no}" if batch_no else "", f"库位 {bin_code}" if bin_code else ""]
    where += ["" if status == StockStatus.GOOD else STATUS_LABELS[StockStatus(status)]]
    facts |= {"which": "、".join(filter(None, where)), "on_hand": shown(there)}
    return Refused("insufficient_of_key", **facts)


def insufficient(item_id: int, warehouse_id: int, needed: Decimal) -> Refused:
    """The refusal with what is there, what is reserved, and what was asked for."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT i.code, i.name, u.name, w.name,"
            " coalesce(a.on_hand, 0), coalesce(a.reserved, 0) "
            "FROM catalog_item i JOIN catalog_uom u ON u.id = i.base_uom_id "
            "CROSS JOIN places_warehouse w LEFT JOIN ledger_availability a "
            "ON a.item_id = i.id AND a.warehouse_id = w.id WHERE i.id = %s AND w.id = %s",
            [item_id, warehouse_id],
        )
        code, name, uom, warehouse, on_hand, reserved = cursor.fetchone()
    refusal = Refused(
        "insufficient_stock",
        item_id=item_id,
        item_code=code,
        item_name=name,
        uom=uom,
        warehouse_id=warehouse_id,
        warehouse=warehouse,
        on_hand=shown(on_hand),
        reserved=shown(reserved),
        available=shown(on_hand - reserved),
        needed=shown(needed),
        advice="请减少数量或先入库",
    )
    refusal.facts |= instead_of(item_id, warehouse_id)
    return refusal
