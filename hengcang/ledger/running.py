"""Balances carried along in memory while many postings go through the bulk door.

The rules are those of locks.move_stock and locks.move_availability, step by step, against rows
that were read once under the exclusive lock and are written back once.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import connection

from hengcang.kernel.errors import Refused
from hengcang.kernel.numbers import shown
from hengcang.kernel.rounding import ZERO
from hengcang.ledger import locks
from hengcang.ledger.entries import Promise, PromiseLine
from hengcang.ledger.keys import Place, Resolved


@dataclass(slots=True)
class Shelf:
    """A stock balance: base units."""

    quantity: Decimal
    allow_negative: bool


@dataclass(slots=True)
class Free:
    """An availability: base units."""

    id: int
    on_hand: Decimal
    reserved: Decimal
    on_order: Decimal
    allow_negative: bool


@dataclass(slots=True)
class Running:
    """All balances the run touches, as they stand after the postings carried so far."""

    shelves: dict[int, Shelf] = field(default_factory=dict)
    places: dict[Place, Free] = field(default_factory=dict)

    def carry(
        self, resolved: list[Resolved], promises: tuple[PromiseLine, ...]
    ) -> tuple[PromiseLine, ...]:
        """The lines and promises of one posting are in the balances; the promises as granted.

        Raises Refused("insufficient_stock").
        """
        self._move_stock(resolved)
        return self._move_availability(locks.stock_change(resolved), promises)

    def _move_stock(self, resolved: list[Resolved]) -> None:
        change: dict[int, Decimal] = defaultdict(lambda: ZERO)
        for r in resolved:
            change[r.stock_id] += r.line.quantity
        for r in resolved:
            shelf, moved = self.shelves[r.stock_id], change.pop(r.stock_id, None)
            if moved is None:
                continue
            shelf.quantity += moved
            if shelf.quantity < ZERO and not shelf.allow_negative:
                raise self._insufficient((r.line.key.item_id, r.line.key.warehouse_id), -moved)

    def _move_availability(
        self, on_hand: dict[Place, Decimal], promises: tuple[PromiseLine, ...]
    ) -> tuple[PromiseLine, ...]:
        granted = self._granted(on_hand, promises)
        change = {place: [moved, ZERO, ZERO] for place, moved in on_hand.items()}
        for p in granted:
            row = change.setdefault((p.item_id, p.warehouse_id), [ZERO, ZERO, ZERO])
            row[1 if p.promise is Promise.RESERVED else 2] += p.quantity
        for place, (moved, reserved, on_order) in change.items():
            free = self.places[place]
            if free.reserved + reserved > free.on_hand + moved and not free.allow_negative:
                raise self._insufficient(place, reserved - moved)
            free.on_hand += moved
            free.reserved += reserved
            free.on_order += on_order
            assert free.reserved >= 0, "more was let go than was reserved"
            assert free.on_order >= 0, "more was taken off order than was on it"
        return granted

    def _granted(
        self, on_hand: dict[Place, Decimal], promises: tuple[PromiseLine, ...]
    ) -> tuple[PromiseLine, ...]:
        if not any(p.up_to_available for p in promises):
            return promises
        left: dict[Place, Decimal] = {}
        granted = []
        for p in promises:
            place, quantity = (p.item_id, p.warehouse_id), p.quantity
            free = self.places[place]
            left.setdefault(place, free.on_hand - free.reserved)
            if p.up_to_available:
                quantity = max(ZERO, min(quantity, left[place] + on_hand.get(place, ZERO)))
            if p.promise is Promise.RESERVED:
                left[place] -= quantity
            granted.append(PromiseLine(p.source, *place, p.promise, quantity))
        return tuple(granted)

    def _insufficient(self, place: Place, needed: Decimal) -> Refused:
        refusal, free = locks.insufficient(*place, needed), self.places[place]
        refusal.facts |= {
            "on_hand": shown(free.on_hand),
            "reserved": shown(free.reserved),
            "available": shown(free.on_hand - free.reserved),
        }
        return refusal


def read(stock_ids: set[int], places: set[Place]) -> Running:
    """The balances as they stand in the books."""
    ordered = sorted(places)
    running = Running()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, quantity, allow_negative FROM ledger_stockbalance WHERE id = ANY(%s)",
            [sorted(stock_ids)],
        )
        running.shelves = {row[0]: Shelf(*row[1:]) for row in cursor.fetchall()}
        cursor.execute(
            "SELECT a.item_id, a.warehouse_id, a.id, a.on_hand, a.reserved, a.on_order,"
            " a.allow_negative FROM ledger_availability a "
            "JOIN unnest(%s::bigint[], %s::bigint[]) k(item, wh) "
            "ON a.item_id = k.item AND a.warehouse_id = k.wh",
            [[p[0] for p in ordered], [p[1] for p in ordered]],
        )
        running.places = {(row[0], row[1]): Free(*row[2:]) for row in cursor.fetchall()}
    return running


def write(running: Running) -> None:
    """The books carry the balances."""
    frees = sorted(running.places.values(), key=lambda free: free.id)
    shelves = sorted(running.shelves)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE ledger_stockbalance b SET quantity = k.quantity "
            "FROM unnest(%s::bigint[], %s::numeric[]) k(id, quantity) WHERE b.id = k.id",
            [shelves, [running.shelves[i].quantity for i in shelves]],
        )
        cursor.execute(
            "UPDATE ledger_availability a SET on_hand = k.on_hand, reserved = k.reserved,"
            " on_order = k.on_order FROM unnest(%s::bigint[], %s::numeric[], %s::numeric[],"
            " %s::numeric[]) k(id, on_hand, reserved, on_order) WHERE a.id = k.id",
            [
                [free.id for free in frees],
                [free.on_hand for free in frees],
                [free.reserved for free in frees],
                [free.on_order for free in frees],
            ],
        )
