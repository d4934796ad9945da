"""The window of moves a posting values: its own lines, and every later one it changes.

In date order the window holds the posting alone. Back-dated, it holds all entries from its date on
of every cost key reached through followed entries: they are replayed by (dated, position) through
the same pure valuation, and the costs that differ are rewritten, in the same transaction.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from django.db import connection

from hengcang.documents.attempts import TryAgain
from hengcang.kernel.errors import Refused
from hengcang.kernel.numbers import shown
from hengcang.kernel.rounding import ZERO
from hengcang.ledger import locks
from hengcang.ledger.keys import Resolved
from hengcang.ledger.locks import LockedCost
from hengcang.ledger.models import CostScope
from hengcang.ledger.valuation.moving_average import (
    Books,
    Cost,
    Held,
    Move,
    Remaining,
    Short,
    replay,
)


class Booked(NamedTuple):
    """An entry as it stands: quantity in micro-units, value and variance in cents."""

    position: int
    cost_id: int
    dated: date
    quantity: int
    value_in: int | None
    origin: int | None
    value: int
    variance: int
    undoes: bool = False
    making: int | None = None
    share: int = 0
    added: int = 0


@dataclass(slots=True)
class Window:
    """What is about to be valued, under locks. `later` is empty for a posting in date order.

    `is_late`: something is dated after it, be it only goods that changed their bin or status,
    which are valued nowhere but leave their shelves all the same.
    """

    costs: dict[int, LockedCost]
    later: list[Booked] = field(default_factory=list)
    is_late: bool = False


@dataclass(frozen=True, slots=True)
class Valued:
    """Costs of the new entries and of booked ones that change (by position), and every key's
    balance.
    """

    new: dict[int, Cost]
    changed: dict[int, Cost]
    before: dict[int, Cost]  # the changed ones as they were
    held: dict[int, Held]
    shift: int  # cents by which the changed costs moved in sum, for the record


def open_window(resolved: list[Resolved], dated: date, scope: str) -> Callable[[], Window]:
    """Every cost key the posting can reach is locked; the answer reads later entries, if any.

    Which keys those are is looked up unlocked, locked sorted, and looked at again: the answer
    raises TryAgain when another posting made them more in between, and the whole action starts
    anew.
    """
    looked_up = {r.cost_id: r.last_dated for r in resolved}
    wanted, _ = _reached(resolved, dated, scope, looked_up)
    locked = locks.lock_costs(wanted)

    def answer() -> Window:
        costs = locked()
        now = {cost_id: cost.last_dated for cost_id, cost in costs.items()}
        again, seen = _reached(resolved, dated, scope, now)
        if again - wanted:
            raise TryAgain
        if not _any_later(now, seen):
            return Window(costs)
        return Window(costs, _entries_from(sorted(costs), dated), is_late=True)

    return answer


def _reached(
    resolved: list[Resolved], dated: date, scope: str, newest: Mapping[int, date | None]
) -> tuple[set[int], date]:
    """The cost keys to lock, and the last day whose entries stay as they are valued.

    `newest` is the day of the newest entry of every key that is known: a posting in date order asks
    nothing more.
    """
    family = _family({r.origin for r in resolved if r.origin is not None})
    keys = {r.cost_id for r in resolved} | {b.cost_id for b in family}
    reopened = _undone_the_same_day(resolved, family, dated)
    seen = dated - timedelta(days=1) if reopened else dated
    if _any_later(newest, seen) or _has_later(keys - newest.keys(), seen):
        return _reach(keys, dated, scope), seen
    return keys, seen


def _any_later(newest: Mapping[int, date | None], seen: date) -> bool:
    return any(last is not None and last > seen for last in newest.values())


def _undone_the_same_day(resolved: list[Resolved], family: list[Booked], dated: date) -> bool:
    """Whether a follower is reversed under its own date: then what came after it is valued anew."""
    undone = {r.origin for r in resolved if r.line.undoes}
    return any(b.origin is not None and b.position in undone and b.dated == dated for b in family)


def value(window: Window, resolved: list[Resolved], positions: list[int], dated: date) -> Valued:
    """Value the new lines (at `positions`, the last of their date) and all that follow them."""
    new = [
        _move(r, position, positions, dated)
        for r, position in zip(resolved, positions, strict=True)
        if not r.is_move
    ]
    moves = [as_move(b) for b in window.later if b.dated == dated]
    moves += new
    moves += [as_move(b) for b in window.later if b.dated > dated]
    books = _books_before(window, moves)
    try:
        replay(books, moves)
    except Short as short:
        raise _short(short, resolved, window, dated) from None
    before = {b.position: Cost(b.value, b.variance) for b in window.later}
    changed = {
        position: cost
        for position, cost in books.costs.items()
        if position in before and before[position] != cost
    }
    fresh = set(positions)
    return Valued(
        new={p: c for p, c in books.costs.items() if p in fresh},
        changed=changed,
        before={position: before[position] for position in changed},
        held=books.held,
        shift=sum(before[p].value - c.value for p, c in changed.items()),
    )


def _short(short: Short, resolved: list[Resolved], window: Window, dated: date) -> Refused:
    """Only where a place may go below zero: its cost key may not, now or on a later day."""
    leaving = [r for r in resolved if r.cost_id == short.key and r.line.quantity < 0] or resolved
    key = leaving[0].line.key
    needed = -sum((r.line.quantity for r in leaving), Decimal(0))
    refusal = locks.insufficient(key.item_id, key.warehouse_id, needed)
    later = next((b for b in window.later if b.position == short.position), None)
    if later is None:
        return refusal
    missing = shown(Decimal(short.missing) / 1_000_000)
    return _later(refusal.facts, later.dated, missing, dated)


def _later(facts: dict[str, object], on: date, missing: str, dated: date) -> Refused:
    told = {"on": str(on), "short": missing, "dated": str(dated)}
    advice = "请减少数量或改为较晚的日期"
    return Refused("insufficient_stock_later", "dated", **(facts | told | {"advice": advice}))


def _move(r: Resolved, position: int, positions: list[int], dated: date) -> Move:
    origin = positions[r.inner] if r.inner is not None else r.origin
    value_in = None if r.line.value_in is None else int(r.line.value_in * 100)
    quantity = int(r.line.quantity * 1_000_000)
    share, added = (r.line.share or ZERO) * 1_000_000, (r.line.value_added or ZERO) * 100
    making = (r.making, int(share), int(added))
    return Move(position, r.cost_id, quantity, value_in, origin, dated, r.line.undoes, *making)


def as_move(b: Booked) -> Move:
    """The entry as it is valued anew."""
    making = (b.making, b.share, b.added)
    return Move(b.position, b.cost_id, b.quantity, b.value_in, b.origin, b.dated, b.undoes, *making)


# Whether an entry undoes its origin is what its posting is: asked only of followers.
UNDOES = """(e.value_from_id IS NOT NULL AND EXISTS (SELECT FROM ledger_postingrecord r
       WHERE r.id = e.posting_id AND r.reversal_of_id IS NOT NULL))"""
BOOKED = f"""
SELECT e.position, e.cost_id, e.dated, (e.quantity * 1000000)::bigint, (e.value_in * 100)::bigint,
       e.value_from_id, (coalesce(e.value_in, c.value) * 100)::bigint,
       (coalesce(c.variance, 0) * 100)::bigint, {UNDOES},
       CASE WHEN e.share IS NOT NULL THEN e.posting_id END,
       coalesce(e.share * 1000000, 0)::bigint, coalesce(e.value_added * 100, 0)::bigint
FROM ledger_stockentry e LEFT JOIN ledger_entrycost c ON c.entry_id = e.position
"""


def _entries_from(cost_ids: list[int], dated: date) -> list[Booked]:
    """Entries of the keys from that day on, by (dated, position), without moves inside a key."""
    with connection.cursor() as cursor:
        cursor.execute(
            BOOKED + "WHERE e.cost_id = ANY(%s) AND e.dated >= %s AND NOT e.is_move "
            "ORDER BY e.dated, e.position",
            [cost_ids, dated],
        )
        return [Booked(*row) for row in cursor.fetchall()]


def _books_before(window: Window, moves: list[Move]) -> Books:
    """The state just before the window: balances now less what the window holds, and origins."""
    held = {i: Held(c.held.quantity, c.held.value) for i, c in window.costs.items()}
    for b in window.later:
        held[b.cost_id].quantity -= b.quantity
        held[b.cost_id].value -= b.value
    books = Books(held)
    inside = {m.position for m in moves}
    outside = {m.origin for m in moves if m.origin is not None} - inside
    if outside:
        _read_origins(books, outside, inside)
    return books


def _read_origins(books: Books, outside: set[int], inside: set[int]) -> None:
    """What followers before the window left of each origin outside it.

    An origin may itself follow (a reversal goes back to a return, the return to its delivery):
    then its own origin is read too, since the reversal gives back what it had taken.
    """
    origins = {b.position: b for b in _booked(outside)}
    parents = {b.origin for b in origins.values() if b.origin is not None}
    origins |= {b.position: b for b in _booked(parents - set(origins) - inside)}
    followers = [f for f in _followers(set(origins)) if f.position not in inside]
    reversed_before = {
        f.origin
        for f in _followers({f.position for f in followers})
        if f.undoes and f.position not in inside
    }
    for position, b in origins.items():
        books.whole[position] = Remaining(abs(b.quantity), abs(b.value), b.variance)
        books.remaining[position] = replace(books.whole[position])
    for f in followers:
        assert f.origin is not None
        books.parents[f.position], books.taken[f.position] = f.origin, _taken(f)
        if f.position in reversed_before:
            continue
        rest, part = books.remaining[f.origin], books.taken[f.position]
        rest.quantity -= part.quantity
        rest.value -= part.value


def _taken(follower: Booked) -> Remaining:
    """What it took of its origin: coming in its value, going out also the variance."""
    value = follower.value if follower.quantity > 0 else follower.variance - follower.value
    return Remaining(abs(follower.quantity), value)


def _booked(positions: set[int]) -> list[Booked]:
    if not positions:
        return []
    with connection.cursor() as cursor:
        cursor.execute(BOOKED + "WHERE e.position = ANY(%s)", [sorted(positions)])
        return [Booked(*row) for row in cursor.fetchall()]


def _followers(positions: set[int]) -> list[Booked]:
    if not positions:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            BOOKED + "WHERE e.value_from_id = ANY(%s) AND NOT e.is_move ORDER BY e.position",
            [sorted(positions)],
        )
        return [Booked(*row) for row in cursor.fetchall()]


def _family(positions: set[int]) -> list[Booked]:
    """The entries, what they follow, and all that follows those: what shares one value."""
    if not positions:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH RECURSIVE up(position, origin) AS ("
            " SELECT position, value_from_id FROM ledger_stockentry WHERE position = ANY(%s) UNION"
            " SELECT e.position, e.value_from_id FROM up"
            " JOIN ledger_stockentry e ON e.position = up.origin), "
            "down(position) AS (SELECT position FROM up UNION SELECT f.position FROM down"
            " JOIN ledger_stockentry f ON f.value_from_id = down.position) "
            + BOOKED
            + "WHERE e.position IN (SELECT position FROM down) AND NOT e.is_move",
            [sorted(positions)],
        )
        return [Booked(*row) for row in cursor.fetchall()]


def _reach(keys: set[int], dated: date, scope: str) -> set[int]:
    """The keys, and all they connect to by following from that day on.

    What shares one origin is connected too: who comes first takes first; and what was used and
    made together. Where one average serves the company, nothing else follows across keys.
    """
    connected = _MADE_TOGETHER + (_FOLLOWING if scope == CostScope.WAREHOUSE else "")
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH RECURSIVE reach(id) AS (SELECT unnest(%(keys)s::bigint[]) UNION "
            f"SELECT k.id FROM reach r CROSS JOIN LATERAL ({connected}) k) SELECT id FROM reach",
            {"keys": sorted(keys), "dated": dated},
        )
        return {row[0] for row in cursor.fetchall()}


_MADE_TOGETHER = """
SELECT b.cost_id AS id FROM ledger_stockentry a
 JOIN ledger_stockentry b ON b.posting_id = a.posting_id AND b.share IS NOT NULL
 WHERE a.cost_id = r.id AND a.share IS NOT NULL AND a.dated >= %(dated)s"""
_FOLLOWING = """
UNION ALL SELECT f.cost_id FROM ledger_stockentry o
 JOIN ledger_stockentry f ON f.value_from_id = o.position
 WHERE o.cost_id = r.id AND f.cost_id <> o.cost_id AND f.dated >= %(dated)s
UNION ALL SELECT o.cost_id FROM ledger_stockentry f
 JOIN ledger_stockentry o ON o.position = f.value_from_id
 WHERE f.cost_id = r.id AND f.cost_id <> o.cost_id AND f.dated >= %(dated)s"""


def _has_later(keys: set[int], dated: date) -> bool:
    if not keys:
        return False
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM ledger_costbalance WHERE id = ANY(%s) AND last_dated > %s)",
            [sorted(keys), dated],
        )
        return bool(cursor.fetchone()[0])


_LATER_SHORTAGE = """
WITH later AS (
  SELECT e.stock_id, e.dated, e.position, e.quantity, sum(e.quantity) OVER (
    PARTITION BY e.stock_id ORDER BY e.dated DESC, e.position DESC) AS from_here
  FROM ledger_stockentry e WHERE e.stock_id = ANY(%(keys)s) AND e.dated > %(dated)s
), points AS (
  SELECT b.id, l.dated, l.position, b.quantity - (l.from_here - l.quantity) AS running
  FROM ledger_stockbalance b JOIN later l ON l.stock_id = b.id WHERE NOT b.allow_negative
  UNION ALL
  SELECT b.id, %(dated)s::date, 0, b.quantity - coalesce(
    (SELECT sum(l.quantity) FROM later l WHERE l.stock_id = b.id), 0)
  FROM ledger_stockbalance b WHERE b.id = ANY(%(keys)s) AND NOT b.allow_negative
)
SELECT id, dated, running FROM points WHERE running < 0 ORDER BY dated, position LIMIT 1
"""


def refuse_later_shortage(resolved: list[Resolved], dated: date) -> None:
    """No stock key falls below zero on the posting's day or any later one.

    Called when the balances carry the posting and its entries are not yet written.
    Raises Refused("insufficient_stock_later").
    """
    leaving = sorted({r.stock_id for r in resolved if r.line.quantity < 0})
    if not leaving:
        return
    with connection.cursor() as cursor:
        cursor.execute(_LATER_SHORTAGE, {"keys": leaving, "dated": dated})
        short = cursor.fetchone()
    if short is not None:
        key = next(r.line.key for r in resolved if r.stock_id == short[0])
        needed = -sum(r.line.quantity for r in resolved if r.stock_id == short[0])
        facts = locks.insufficient(key.item_id, key.warehouse_id, Decimal(needed)).facts
        raise _later(facts, short[1], shown(-short[2]), dated)
