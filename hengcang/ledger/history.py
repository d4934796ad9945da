"""What was: the ledger of an item with running balances, and stock on a past day."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection

from hengcang.identity.access import demand
from hengcang.kernel.actor import Actor, FieldClass


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


@dataclass(frozen=True, slots=True)
class Base:
    """The balances to start from: those kept at the end of `kept`, or of now.

    Entries after `after` up to `until` are added to them or taken away.
    """

    kept: date | None
    after: date
    until: date
    sign: str


def _base_of(day: date) -> Base:
    """The nearest of the kept days before and after, and now."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (now() AT TIME ZONE 'Asia/Shanghai')::date,"
            " (SELECT max(day) FROM ledger_keptday WHERE is_valid AND day <= %(day)s),"
            " (SELECT min(day) FROM ledger_keptday WHERE is_valid AND day >= %(day)s)",
            {"day": day},
        )
        today, before, after = cursor.fetchone()
    bases = [((today - day).days, Base(None, day, date.max, "-"))]
    if before is not None:
        bases.append(((day - before).days, Base(before, before, day, "+")))
    if after is not None:
        bases.append(((after - day).days, Base(after, day, after, "-")))
    return min(bases, key=lambda base: base[0])[1]


# The entries between are read once, for quantities and values: at 10 million rows that scan is
# nearly all of the time.
_BETWEEN = """
WITH l AS MATERIALIZED (
  SELECT e.stock_id, e.cost_id, sum(e.quantity) AS quantity,
   sum(coalesce(e.value_in, c.value)) FILTER (WHERE NOT e.is_move) AS value
  FROM ledger_stockentry e LEFT JOIN ledger_entrycost c ON c.entry_id = e.position
  WHERE e.dated > %(after)s AND e.dated <= %(until)s GROUP BY 1, 2
)"""
_OF_KEPT = {
    "stock": "coalesce(k.quantity, 0)",
    "stock_join": "LEFT JOIN ledger_stockofday k ON k.stock_id = b.id AND k.kept_id = %(kept)s",
    "cost": "coalesce(k.value, 0)",
    "cost_join": "LEFT JOIN ledger_costofday k ON k.cost_id = b.id AND k.kept_id = %(kept)s",
}
_OF_NOW = {"stock": "b.quantity", "stock_join": "", "cost": "b.value", "cost_join": ""}
_THEN = (
    _BETWEEN
    + """, q AS (
  SELECT b.item_id, sum({stock} {sign} coalesce(m.quantity, 0)) AS quantity
  FROM ledger_stockbalance b {stock_join}
  LEFT JOIN (SELECT stock_id, sum(quantity) AS quantity FROM l GROUP BY 1) m ON m.stock_id = b.id
  WHERE %(places)s::bigint[] IS NULL OR b.warehouse_id = ANY(%(places)s::bigint[])
  GROUP BY b.item_id
), v AS (
  SELECT b.item_id, sum({cost} {sign} coalesce(m.value, 0)) AS value
  FROM ledger_costbalance b {cost_join}
  LEFT JOIN (SELECT cost_id, sum(value) AS value FROM l GROUP BY 1) m ON m.cost_id = b.id
  WHERE %(places)s::bigint[] IS NULL OR b.scope_warehouse_id = ANY(%(places)s::bigint[])
  GROUP BY b.item_id
)
SELECT i.id, i.code, i.name, q.quantity, v.value
FROM q JOIN catalog_item i ON i.id = q.item_id LEFT JOIN v ON v.item_id = i.id
WHERE q.quantity <> 0 ORDER BY i.code
"""
)


def stock_on(actor: Actor, day: date, *, warehouse_id: int | None = None) -> list[StockThen]:
    """What was there at the end of that day, by item code.

    With a company-wide average and one warehouse asked for, there is no value of its own.
    Raises Refused: forbidden, not_found (a warehouse out of scope).
    """
    demand(actor, "stock.view", warehouse_id=warehouse_id)
    base = _base_of(day)
    parts = _OF_NOW if base.kept is None else _OF_KEPT
    values: dict[str, Any] = {"places": places_of(actor, warehouse_id)}
    values |= {"after": base.after, "until": base.until, "kept": base.kept}
    with connection.cursor() as cursor:
        cursor.execute(_THEN.format(sign=base.sign, **parts), values)
        rows = cursor.fetchall()
    sees = actor.sees(FieldClass.COST)
    return [StockThen(*(*row[:4], row[4] if sees else None)) for row in rows]
