"""The bulk door leaves exactly the tables that posting one by one leaves."""

import random
from contextlib import suppress
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hengcang.kernel.actor import SYSTEM
from hengcang.kernel.errors import Refused
from hengcang.ledger import actions as ledger
from hengcang.ledger import bulk
from hengcang.ledger.bulk import Promised, Step
from hengcang.ledger.entries import (
    Account,
    MoneyLine,
    Posting,
    Promise,
    PromiseLine,
    Source,
    SourceLine,
    StockKey,
    StockLine,
    StockStatus,
)
from hengcang.ledger.models import CostScope
from tests.worlds import GO_LIVE, World, world

D = Decimal

ENTRIES = """
SELECT r.kind, r.source_id, r.dated, r.actor_id, u.source_id, r.recosted_entries, r.recosted_value,
 e.line, s.item_id, s.warehouse_id, s.status, k.scope_warehouse_id, e.item_id, e.warehouse_id,
 e.dated, e.quantity, e.value_in, o.line, q.source_id, e.is_move, c.value, c.variance
FROM ledger_postingrecord r LEFT JOIN ledger_postingrecord u ON u.id = r.reversal_of_id
LEFT JOIN ledger_stockentry e ON e.posting_id = r.id
LEFT JOIN ledger_stockbalance s ON s.id = e.stock_id
LEFT JOIN ledger_costbalance k ON k.id = e.cost_id
LEFT JOIN ledger_stockentry o ON o.position = e.value_from_id
LEFT JOIN ledger_postingrecord q ON q.id = o.posting_id
LEFT JOIN ledger_entrycost c ON c.entry_id = e.position
ORDER BY r.id, e.position
"""
TABLES = {
    "entries": ENTRIES,
    "cost balances": "SELECT item_id, scope_warehouse_id, quantity, value, last_dated"
    " FROM ledger_costbalance ORDER BY 1, 2",
    "stock balances": "SELECT item_id, warehouse_id, status, quantity, allow_negative"
    " FROM ledger_stockbalance ORDER BY 1, 2, 3",
    "availability": "SELECT item_id, warehouse_id, on_hand, reserved, on_order, allow_negative"
    " FROM ledger_availability ORDER BY 1, 2",
    "promises": "SELECT p.promise, p.item_id, p.warehouse_id, p.quantity, p.kind, p.source_id,"
    " p.line, r.source_id FROM ledger_promiseentry p"
    " LEFT JOIN ledger_postingrecord r ON r.id = p.posting_id ORDER BY p.id",
    "money": "SELECT r.source_id, m.partner_id, m.account, m.amount, m.dated, m.due"
    " FROM ledger_moneyentry m JOIN ledger_postingrecord r ON r.id = m.posting_id ORDER BY m.id",
    "partner balances": "SELECT partner_id, account, amount FROM ledger_partnerbalance"
    " ORDER BY 1, 2",
    "audit": "SELECT actor_id, actor_name, verb, kind, subject_id, label, facts::text"
    " FROM compliance_auditline ORDER BY id",
}


def tables() -> dict[str, list[Any]]:
    """All that the books hold, without the ids that only the order of inserting decides."""
    found = {}
    with connection.cursor() as cursor:
        for name, query in TABLES.items():
            cursor.execute(query)
            found[name] = cursor.fetchall()
    return found


class Trade:
    """Random postings and promises of one company, in order of date."""

    def __init__(self, made: World, dice: random.Random) -> None:
        self.world, self.dice = made, dice
        self.day, self.last = GO_LIVE, 0
        self.issued: list[SourceLine] = []
        self.received: list[tuple[SourceLine, StockKey]] = []
        self.keys: dict[SourceLine, StockKey] = {}

    def step(self) -> Step:
        self.day = min(self.day + timedelta(days=self.dice.randrange(3)), date(2026, 11, 20))
        self.last += 1
        kinds = (self.receive, self.receive, self.issue, self.issue, self.transfer, self.give_back,
                 self.send_back, self.promise, self.promise, self.money)  # fmt: skip
        return self.dice.choice(kinds)()

    def key(self) -> StockKey:
        status = self.dice.choices([StockStatus.GOOD, StockStatus.QC], [9, 1])[0]
        return StockKey(self.dice.choice(self.world.items).pk,
                        self.dice.choice(self.world.warehouses).pk, status=status)  # fmt: skip

    def quantity(self) -> Decimal:
        return D(self.dice.randrange(1, 4_000)) / self.dice.choice([1, 100, 1000])

    def posting(self, *lines: StockLine, **more: Any) -> Posting:
        return Posting(Source("test", self.last), self.day, stock=lines, **more)

    def here(self, line: int) -> SourceLine:
        return SourceLine("test", self.last, line)

    def receive(self) -> Posting:
        lines = []
        for n in range(1, self.dice.randrange(2, 5)):
            key = self.key()
            self.received.append((self.here(n), key))
            value = D(self.dice.randrange(0, 90_000)) / 100
            lines.append(StockLine(n, key, self.quantity(), value_in=value))
        return self.posting(*lines, money=self.owe(Account.PAYABLE))

    def issue(self) -> Posting:
        lines = []
        for n in range(1, self.dice.randrange(2, 4)):
            key = self.key()
            self.keys[self.here(n)] = key
            self.issued.append(self.here(n))
            lines.append(StockLine(n, key, -self.quantity()))
        return self.posting(*lines, money=self.owe(Account.RECEIVABLE), promises=self.promised())

    def transfer(self) -> Posting:
        start, quantity = self.key(), self.quantity()
        end = StockKey(start.item_id, self.dice.choice(self.world.warehouses).pk)
        return self.posting(
            StockLine(1, start, -quantity),
            StockLine(2, end, quantity, follows=self.here(1)),
            facts={"note": "调拨"},
        )

    def give_back(self) -> Step:
        if not self.issued:
            return self.receive()
        origin = self.dice.choice(self.issued)
        return self.posting(
            StockLine(1, self.keys[origin], self.quantity() / 10, follows=origin),
            money=self.owe(Account.RECEIVABLE),
        )

    def send_back(self) -> Step:
        if not self.received:
            return self.receive()
        origin, key = self.dice.choice(self.received)
        return self.posting(StockLine(1, key, -self.quantity() / 10, follows=origin))

    def promise(self) -> Promised:
        return Promised(self.promised())

    def promised(self) -> tuple[PromiseLine, ...]:
        lines = []
        for n in range(1, self.dice.randrange(1, 4)):
            key, sign = self.key(), self.dice.choice([1, 1, 1, -1])
            kind = self.dice.choice(list(Promise))
            lines.append(
                PromiseLine(
                    SourceLine("order", self.last, n),
                    key.item_id,
                    key.warehouse_id,
                    kind,
                    sign * self.quantity(),
                    up_to_available=sign > 0 and self.dice.random() < 0.7,
                )
            )
        return tuple(lines)

    def money(self) -> Posting:
        return self.posting(money=self.owe(Account.RECEIVABLE))

    def owe(self, account: Account) -> tuple[MoneyLine, ...]:
        partners = [self.world.supplier.pk, self.world.customer.pk]
        return tuple(
            MoneyLine(partner, account, D(self.dice.randrange(-500, 90_000)) / 100, self.day)
            for partner in partners[: self.dice.randrange(3)]
        )


def one_by_one(steps: list[Step]) -> None:
    for step in steps:
        if isinstance(step, Posting):
            ledger.post(step, actor=SYSTEM)
        else:
            ledger.promise(step.lines)


def accepted(trade: Trade, count: int) -> list[Step]:
    """Steps that the door carried; those it refused, or that break a balance, are left out."""
    steps = []
    for _ in range(count):
        step = trade.step()
        with (
            suppress(Refused, AssertionError, IntegrityError),
            transaction.atomic(),
        ):
            one_by_one([step])
            steps.append(step)
    return steps


def prepared(seed: int, scope: CostScope, before: int) -> tuple[Trade, list[Step]]:
    trade = Trade(world(items=3, warehouses=2, scope=scope), random.Random(seed))
    return trade, accepted(trade, before)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(seed=st.integers(0, 10**9), scope=st.sampled_from(list(CostScope)), before=st.integers(0, 8))
def test_the_tables_are_those_of_posting_one_by_one(book, seed, scope, before) -> None:
    with transaction.atomic():
        trade, _ = prepared(seed, scope, before)
        point = transaction.savepoint()
        steps = accepted(trade, 40)
        expected = tables()
        transaction.savepoint_rollback(point)
        granted = bulk.post_in_order(steps, actor=SYSTEM)
        assert len(granted) == len(steps)
        found = tables()
        for name, rows in expected.items():
            assert found[name] == rows, name
        transaction.set_rollback(True)


@pytest.fixture
def trade(book) -> Trade:
    return Trade(world(), random.Random(7))


def _receipt(trade: Trade, number: int, day: date, quantity: str = "10") -> Posting:
    key = StockKey(trade.world.items[0].pk, trade.world.warehouses[0].pk)
    value = None if quantity.startswith("-") else D(100)
    line = StockLine(1, key, D(quantity), value_in=value)
    return Posting(Source("test", number), day, stock=(line,))


def test_what_is_short_is_refused_as_a_whole(trade: Trade) -> None:
    steps = [_receipt(trade, 1, GO_LIVE), _receipt(trade, 2, GO_LIVE, "-7"),
             _receipt(trade, 3, GO_LIVE, "-4")]  # fmt: skip
    before = tables()
    with pytest.raises(Refused) as refused:
        bulk.post_in_order(steps, actor=SYSTEM)
    assert refused.value.code == "insufficient_stock"
    assert (refused.value.facts["on_hand"], refused.value.facts["needed"]) == ("3", "4")
    assert tables() == before


def test_nothing_goes_back_in_time(trade: Trade) -> None:
    ledger.post(_receipt(trade, 1, GO_LIVE + timedelta(days=5)), actor=SYSTEM)
    for steps in (
        [_receipt(trade, 2, GO_LIVE)],
        [
            _receipt(trade, 2, GO_LIVE + timedelta(days=9)),
            _receipt(trade, 3, GO_LIVE + timedelta(days=8)),
        ],
    ):
        with pytest.raises(Refused) as refused:
            bulk.post_in_order(steps, actor=SYSTEM)
        assert refused.value.code == "not_in_order"


@pytest.mark.parametrize("twice", ["in the run", "in the books"])
def test_nothing_is_posted_twice(trade: Trade, twice: str) -> None:
    steps = [_receipt(trade, 1, GO_LIVE)]
    if twice == "in the books":
        bulk.post_in_order(steps, actor=SYSTEM)
    else:
        steps *= 2
    with pytest.raises(Refused) as refused:
        bulk.post_in_order(steps, actor=SYSTEM)
    assert refused.value.code == "already_posted"


def test_it_does_not_wait_for_somebody_at_work(fresh_book, owner_cursor) -> None:
    trade = Trade(world(), random.Random(7))
    with transaction.atomic(using="owner"):
        owner_cursor.execute("SELECT FROM ledger_period FOR SHARE")
        with pytest.raises(Refused) as refused:
            bulk.post_in_order([_receipt(trade, 1, GO_LIVE)], actor=SYSTEM)
    assert refused.value.code == "books_in_use"
