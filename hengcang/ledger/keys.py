"""From a posting's keys to the rows that stand for them. Phase A: no lock on existing rows.

Missing rows are made at zero first, in one global order (cost, stock, availability; each sorted
by key) and before any existing row is locked, so that two makers never wait for each other in a
circle.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from hengcang.books.together import sent_together
from hengcang.kernel.errors import Refused
from hengcang.ledger.entries import SourceLine, StockKey, StockLine
from hengcang.ledger.models import CostScope


@dataclass(frozen=True, slots=True)
class Resolved:
    """A stock line with the rows it touches.

    `origin` is a position, `inner` an index in the posting. `making` is the posting, below zero
    while it has no id. `last_dated`: the newest entry of the cost key when it was looked up.
    """

    line: StockLine
    stock_id: int
    cost_id: int
    origin: int | None = None
    inner: int | None = None
    is_move: bool = False
    making: int | None = None
    last_dated: date | None = None


@dataclass(frozen=True, slots=True)
class Origin:
    """The entry that a line follows."""

    position: int
    cost_id: int
    is_move: bool = False


CostKey = tuple[int, int | None, int | None]
Place = tuple[int, int]


def resolve(lines: Sequence[StockLine], own: tuple[str, int], scope: str) -> list[Resolved]:
    """Every line with its balance rows and its origin, in the order given.

    Raises Refused("origin_missing") when an origin is not in the books.
    """
    keys = [line.key for line in lines]
    cost_keys = [cost_key_of(key, scope) for key in keys]
    costs, stocks = _balances(
        sorted(set(cost_keys), key=null_first), sorted(set(keys), key=stock_order)
    )
    origins = origins_of([f for line in lines if (f := line.follows) and (f.kind, f.id) != own])
    index = {line.line: i for i, line in enumerate(lines)}
    resolved: list[Resolved] = []
    moved: set[int] = set()
    for line, key, cost_key in zip(lines, keys, cost_keys, strict=True):
        inner = (
            index[line.follows.line]
            if line.follows and (line.follows.kind, line.follows.id) == own
            else None
        )
        origin = origins[line.follows] if line.follows and inner is None else None
        cost_id, last_dated = costs[cost_key]
        if origin and origin.is_move and origin.cost_id == cost_id:
            moved.add(len(resolved))
        resolved.append(
            Resolved(
                line=line,
                stock_id=stocks[key],
                cost_id=cost_id,
                origin=origin.position if origin else None,
                inner=inner,
                making=None if line.share is None else -1,
                last_dated=last_dated,
            )
        )
    return _marked_moves(resolved, moved)


def _marked_moves(resolved: list[Resolved], moved: set[int]) -> list[Resolved]:
    """Both halves of a transfer inside one cost key are moves: quantity only, no cost event.

    `moved` are the lines that follow a booked move of their own cost key. A reversed transfer is
    a move again, both halves; what leaves alone afterwards (a loss on the way) has nothing to
    follow there but the average.
    """
    halves: set[int] = set()
    for i, line in enumerate(resolved):
        if line.inner is not None and resolved[line.inner].cost_id == line.cost_id:
            halves |= {i, line.inner}
    alone = moved - halves
    left: dict[int, Decimal] = defaultdict(Decimal)
    for i in alone:
        left[resolved[i].cost_id] += resolved[i].line.quantity
    halves |= {i for i in alone if not left[resolved[i].cost_id]}
    alone -= halves
    return [
        replace(r, origin=None if i in alone else r.origin, is_move=i in halves)
        for i, r in enumerate(resolved)
    ]


def ensure_availability(places: set[Place]) -> None:
    """A row stands for every (item, warehouse)."""
    if not places:
        return
    ordered = sorted(places)
    items, warehouses = [p[0] for p in ordered], [p[1] for p in ordered]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM ledger_availability a "
            "JOIN unnest(%s::bigint[], %s::bigint[]) k(item, wh) "
            "ON a.item_id = k.item AND a.warehouse_id = k.wh",
            [items, warehouses],
        )
        if cursor.fetchone()[0] == len(ordered):
            return
        cursor.execute(
            "INSERT INTO ledger_availability "
            "(item_id, warehouse_id, on_hand, reserved, on_order, allow_negative) "
            "SELECT k.item, k.wh, 0, 0, 0, w.allow_negative "
            "FROM unnest(%s::bigint[], %s::bigint[]) k(item, wh) "
            "JOIN places_warehouse w ON w.id = k.wh ORDER BY k.item, k.wh ON CONFLICT DO NOTHING",
            [items, warehouses],
        )


def cost_key_of(key: StockKey, scope: str) -> CostKey:
    """The key that values the goods of a stock key under this cost scope."""
    return (key.item_id, key.warehouse_id if scope == CostScope.WAREHOUSE else None, None)


def null_first(key: CostKey) -> tuple[int, int, int]:
    return (key[0], key[1] or 0, key[2] or 0)


def stock_order(key: StockKey) -> tuple[int, int, int, int, str, int]:
    return (
        key.item_id,
        key.warehouse_id,
        key.bin_id or 0,
        key.batch_id or 0,
        key.status.value,
        key.owner_id or 0,
    )


_FIND_COSTS = """
SELECT k.ord, b.id, b.last_dated FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[])
  WITH ORDINALITY k(item, scope, batch, ord)
JOIN ledger_costbalance b ON b.item_id = k.item
 AND b.scope_warehouse_id IS NOT DISTINCT FROM k.scope
 AND b.batch_id IS NOT DISTINCT FROM k.batch
"""
_MAKE_COSTS = """
INSERT INTO ledger_costbalance (item_id, scope_warehouse_id, batch_id, quantity, value)
SELECT k.item, k.scope, k.batch, 0, 0
FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[]) WITH ORDINALITY k(item, scope, batch, ord)
ORDER BY k.ord ON CONFLICT DO NOTHING
"""
_FIND_STOCKS = """
SELECT k.ord, b.id
FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::text[], %s::bigint[])
  WITH ORDINALITY k(item, wh, bin, batch, status, owner, ord)
JOIN ledger_stockbalance b ON b.item_id = k.item AND b.warehouse_id = k.wh
 AND b.bin_id IS NOT DISTINCT FROM k.bin AND b.batch_id IS NOT DISTINCT FROM k.batch
 AND b.status = k.status AND b.owner_id IS NOT DISTINCT FROM k.owner
"""
_MAKE_STOCKS = """
INSERT INTO ledger_stockbalance
 (item_id, warehouse_id, bin_id, batch_id, status, owner_id, quantity, allow_negative)
SELECT k.item, k.wh, k.bin, k.batch, k.status, k.owner, 0, w.allow_negative
FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::text[], %s::bigint[])
  WITH ORDINALITY k(item, wh, bin, batch, status, owner, ord)
JOIN places_warehouse w ON w.id = k.wh
ORDER BY k.ord ON CONFLICT DO NOTHING
"""


CostRow = tuple[int, date | None]  # id, newest entry


def balance_ids(
    cost_keys: list[CostKey], stock_keys: list[StockKey]
) -> tuple[dict[CostKey, int], dict[StockKey, int]]:
    """A balance stands for every key: the cost keys come sorted by `null_first`, the stock keys by
    `stock_order`. Beside a stock balance stands its availability: both are made together.
    """
    costs, stocks = _balances(cost_keys, stock_keys)
    return {key: row[0] for key, row in costs.items()}, stocks


def _balances(
    cost_keys: list[CostKey], stock_keys: list[StockKey]
) -> tuple[dict[CostKey, CostRow], dict[StockKey, int]]:
    columns = _cost_columns(cost_keys), _stock_columns(stock_keys)
    costs, stocks = _found(*columns)
    if len(costs) < len(cost_keys) or len(stocks) < len(stock_keys):
        _make(_MAKE_COSTS, columns[0])
        _make(_MAKE_STOCKS, columns[1])
        ensure_availability({(key.item_id, key.warehouse_id) for key in stock_keys})
        costs, stocks = _found(*columns)
    return (
        {key: costs[i] for i, key in enumerate(cost_keys, start=1)},
        {key: stocks[i] for i, key in enumerate(stock_keys, start=1)},
    )


def _cost_columns(keys: list[CostKey]) -> list[Any]:
    return [[key[i] for key in keys] for i in range(3)]


def _stock_columns(keys: list[StockKey]) -> list[Any]:
    return [
        [k.item_id for k in keys],
        [k.warehouse_id for k in keys],
        [k.bin_id for k in keys],
        [k.batch_id for k in keys],
        [k.status.value for k in keys],
        [k.owner_id for k in keys],
    ]


def _found(costs: list[Any], stocks: list[Any]) -> tuple[dict[int, CostRow], dict[int, int]]:
    """Rows by the ordinal of their key, from 1; missing keys are absent."""
    with sent_together(), connection.cursor() as first, connection.cursor() as second:
        first.execute(_FIND_COSTS, costs)
        second.execute(_FIND_STOCKS, stocks)
        rows = {ordinal: (cost_id, last) for ordinal, cost_id, last in first.fetchall()}
        return rows, dict(second.fetchall())


def _make(make: str, columns: list[Any]) -> None:
    """Rows at zero for the keys that have none, in the order of the keys."""
    with connection.cursor() as cursor:
        cursor.execute(make, columns)


def origins_of(sources: list[SourceLine]) -> dict[SourceLine, Origin]:
    """The booked entries of these lines. Raises Refused("origin_missing")."""
    if not sources:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT k.ord, e.position, e.cost_id, e.is_move "
            "FROM unnest(%s::text[], %s::bigint[], %s::int[])"
            " WITH ORDINALITY k(kind, id, line, ord) "
            "JOIN ledger_postingrecord r ON r.kind = k.kind AND r.source_id = k.id "
            "JOIN ledger_stockentry e ON e.posting_id = r.id AND e.line = k.line",
            [[s.kind for s in sources], [s.id for s in sources], [s.line for s in sources]],
        )
        found = {row[0]: Origin(*row[1:]) for row in cursor.fetchall()}
    for i, source in enumerate(sources, start=1):
        if i not in found:
            raise Refused("origin_missing", kind=source.kind, id=source.id, line=source.line)
    return {source: found[i] for i, source in enumerate(sources, start=1)}
