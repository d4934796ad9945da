"""What was: the ledger of an item with running balances, and stock on a past day."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection

from hengcang.identity.access import demand
from hengcang.kernel.actor import Actor, FieldClass
from hengcang.kernel.calendar import month_of, next_month
from hengcang.ledger.models import Period


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One movement of an item, with the balance after it. Money None if hidden."""

    position: int
    dated: date
    posted_at: datetime
    kind: str
    source_id: int
    warehouse_id: int
    warehouse: str
    quantity: Decimal
    running: Decimal
    value: Decimal | None
    running_value: Decimal | None
    variance: Decimal | None


@dataclass(frozen=True, slots=True)
class ItemLedger:
    """期初, movements and 期末 of an item between two dates, in replay order."""

    opening: Decimal
    opening_value: Decimal | None
    rows: list[LedgerRow]
    total_in: Decimal
    total_out: Decimal
    closing: Decimal
    closing_value: Decimal | None
    has_more: bool


@dataclass(frozen=True, slots=True)
class LedgerFilter:
    """Which movements. `after` is the (dated, position) of the last row seen."""

    item_id: int
    since: date
    until: date
    warehouse_id: int | None = None
    after: tuple[date, int] | None = None
    limit: int = 50


_LEDGER_ROWS = """
WITH moves AS (
  SELECT e.position, e.dated, r.posted_at, r.kind, r.source_id, e.warehouse_id, w.name AS warehouse,
   e.quantity, CASE WHEN e.is_move THEN 0 ELSE coalesce(e.value_in, c.value) END AS value,
   coalesce(c.variance, 0) AS variance
  FROM ledger_stockentry e
  JOIN ledger_stockbalance b ON b.id = e.stock_id
  JOIN ledger_postingrecord r ON r.id = e.posting_id
  JOIN places_warehouse w ON w.id = e.warehouse_id
  LEFT JOIN ledger_entrycost c ON c.entry_id = e.position
  WHERE b.item_id = %(item)s
   AND (%(places)s::bigint[] IS NULL OR b.warehouse_id = ANY(%(places)s::bigint[]))
)
"""


def ledger_of(actor: Actor, wanted: LedgerFilter) -> ItemLedger:
    """库存台账 of an item in the actor's warehouses, running balances included.

    Raises Refused: forbidden, not_found (a warehouse out of scope).
    """
    demand(actor, "stock.view", warehouse_id=wanted.warehouse_id)
    values = {
        "item": wanted.item_id,
        "places": places_of(actor, wanted.warehouse_id),
        "since": wanted.since,
        "until": wanted.until,
        "after_day": wanted.after[0] if wanted.after else None,
        "after_position": wanted.after[1] if wanted.after else None,
        "limit": wanted.limit + 1,
    }
    sees = actor.sees(FieldClass.COST)
    with connection.cursor() as cursor:
        cursor.execute(
            _LEDGER_ROWS + "SELECT coalesce(sum(quantity) FILTER (WHERE dated < %(since)s), 0),"
            " coalesce(sum(value) FILTER (WHERE dated < %(since)s), 0),"
            " coalesce(sum(quantity) FILTER (WHERE dated >= %(since)s AND quantity > 0), 0),"
            " coalesce(-sum(quantity) FILTER (WHERE dated >= %(since)s AND quantity < 0), 0),"
            " coalesce(sum(quantity), 0), coalesce(sum(value), 0) "
            "FROM moves WHERE dated <= %(until)s",
            values,
        )
        opening, opening_value, came, went, closing, closing_value = cursor.fetchone()
        cursor.execute(
            _LEDGER_ROWS + "SELECT * FROM (SELECT position, dated, posted_at, kind, source_id,"
            " warehouse_id, warehouse, quantity, sum(quantity) OVER by_time AS running, value,"
            " sum(value) OVER by_time AS running_value, variance"
            " FROM moves WHERE dated <= %(until)s"
            " WINDOW by_time AS (ORDER BY dated, position)) t WHERE dated >= %(since)s AND "
            "(%(after_day)s::date IS NULL OR"
            " (dated, position) > (%(after_day)s, %(after_position)s)) "
            "ORDER BY dated, position LIMIT %(limit)s",
            values,
        )
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    shown_rows = [
        LedgerRow(*(row if sees else (*row[:9], None, None, None))) for row in rows[: wanted.limit]
    ]
    return ItemLedger(
        opening,
        opening_value if sees else None,
        shown_rows,
        came,
        went,
        closing,
        closing_value if sees else None,
        len(rows) > wanted.limit,
    )


def places_of(actor: Actor, warehouse_id: int | None) -> list[int] | None:
    if warehouse_id is not None:
        return [warehouse_id]
    return None if actor.warehouse_ids is None else sorted(actor.warehouse_ids)


@dataclass(frozen=True, slots=True)
class StockThen:
    """Quantity and value of an item on a past day; the value None if hidden."""

    item_id: int
    code: str
    name: str
    quantity: Decimal
    value: Decimal | None


# From the balances kept at the last close before the day, adding what came since; without a
# close, from the balances now, taking away what came later.
_FROM_CLOSE = """
WITH q AS (
  SELECT b.item_id, sum(coalesce(k.quantity, 0) + coalesce(l.quantity, 0)) AS quantity
  FROM ledger_stockbalance b
  LEFT JOIN ledger_balanceatclose k ON k.stock_id = b.id AND k.period_id = %(month)s
  LEFT JOIN (SELECT stock_id, sum(quantity) AS quantity FROM ledger_stockentry
   WHERE dated >= %(after)s AND dated <= %(day)s GROUP BY stock_id) l ON l.stock_id = b.id
  WHERE %(places)s::bigint[] IS NULL OR b.warehouse_id = ANY(%(places)s::bigint[])
  GROUP BY b.item_id
), v AS (
  SELECT b.item_id, sum(coalesce(k.value, 0) + coalesce(l.value, 0)) AS value
  FROM ledger_costbalance b
  LEFT JOIN ledger_costatclose k ON k.cost_id = b.id AND k.period_id = %(month)s
  LEFT JOIN (SELECT e.cost_id, sum(coalesce(e.value_in, c.value)) AS value
   FROM ledger_stockentry e LEFT JOIN ledger_entrycost c ON c.entry_id = e.position
   WHERE e.dated >= %(after)s AND e.dated <= %(day)s AND NOT e.is_move GROUP BY e.cost_id) l
   ON l.cost_id = b.id
  WHERE %(places)s::bigint[] IS NULL OR b.scope_warehouse_id = ANY(%(places)s::bigint[])
  GROUP BY b.item_id
)
"""
_FROM_NOW = """
WITH q AS (
  SELECT b.item_id, sum(b.quantity - coalesce(l.quantity, 0)) AS quantity
  FROM ledger_stockbalance b
  LEFT JOIN (SELECT stock_id, sum(quantity) AS quantity FROM ledger_stockentry
   WHERE dated > %(day)s GROUP BY stock_id) l ON l.stock_id = b.id
  WHERE %(places)s::bigint[] IS NULL OR b.warehouse_id = ANY(%(places)s::bigint[])
  GROUP BY b.item_id
), v AS (
  SELECT b.item_id, sum(b.value - coalesce(l.value, 0)) AS value
  FROM ledger_costbalance b
  LEFT JOIN (SELECT e.cost_id, sum(coalesce(e.value_in, c.value)) AS value
   FROM ledger_stockentry e LEFT JOIN ledger_entrycost c ON c.entry_id = e.position
   WHERE e.dated > %(day)s AND NOT e.is_move GROUP BY e.cost_id) l ON l.cost_id = b.id
  WHERE %(places)s::bigint[] IS NULL OR b.scope_warehouse_id = ANY(%(places)s::bigint[])
  GROUP BY b.item_id
)
"""
_THEN = """
SELECT i.id, i.code, i.name, q.quantity, v.value
FROM q JOIN catalog_item i ON i.id = q.item_id LEFT JOIN v ON v.item_id = i.id
WHERE q.quantity <> 0 ORDER BY i.code
"""


def stock_on(actor: Actor, day: date, *, warehouse_id: int | None = None) -> list[StockThen]:
    """What was there at the end of that day, by item code.

    With a company-wide average and one warehouse asked for, there is no value of its own.
    Raises Refused: forbidden, not_found (a warehouse out of scope).
    """
    demand(actor, "stock.view", warehouse_id=warehouse_id)
    closed = Period.objects.filter(closed_at__isnull=False, month__lt=next_day_month(day))
    month = closed.order_by("-month").values_list("month", flat=True).first()
    values: dict[str, Any] = {"day": day, "places": places_of(actor, warehouse_id)}
    if month is not None:
        values |= {"month": month, "after": next_month(month)}
    with connection.cursor() as cursor:
        cursor.execute((_FROM_NOW if month is None else _FROM_CLOSE) + _THEN, values)
        rows = cursor.fetchall()
    sees = actor.sees(FieldClass.COST)
    return [StockThen(*(*row[:4], row[4] if sees else None)) for row in rows]


def next_day_month(day: date) -> date:
    """The month of the following day: months before it had ended when `day` had."""
    return month_of(day + timedelta(days=1))
