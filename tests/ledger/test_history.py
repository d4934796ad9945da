"""Stock on a past day, from a kept close and from now, is what the entries say."""

from datetime import date
from decimal import Decimal

import pytest

from hengcang.kernel.actor import SYSTEM
from hengcang.ledger.history import LedgerFilter, ledger_of, stock_on
from hengcang.ledger.periods import close_period
from tests.ledger.test_cost_examples import Books
from tests.worlds import TODAY, world

D = Decimal


@pytest.fixture
def books(book) -> Books:
    made = Books(world())
    made.receive("09-05", "10", "100")
    made.issue("09-20", "4")
    made.receive("10-03", "10", "140")
    made.issue("10-31", "6")
    made.receive("11-02", "5", "60")
    return made


DAYS = {
    date(2026, 9, 1): None,
    date(2026, 9, 5): (D(10), D("100.00")),
    date(2026, 9, 30): (D(6), D("60.00")),
    date(2026, 10, 3): (D(16), D("200.00")),
    date(2026, 10, 31): (D(10), D("125.00")),
    date(2026, 11, 2): (D(15), D("185.00")),
}


def _then(day: date) -> tuple[Decimal, Decimal | None] | None:
    rows = stock_on(SYSTEM, day)
    return (rows[0].quantity, rows[0].value) if rows else None


def test_any_past_day_before_and_after_closes(books: Books) -> None:
    assert {day: _then(day) for day in DAYS} == DAYS
    close_period(date(2026, 9, 1), today=TODAY, actor=SYSTEM)
    assert {day: _then(day) for day in DAYS} == DAYS
    close_period(date(2026, 10, 1), today=TODAY, actor=SYSTEM)
    assert {day: _then(day) for day in DAYS} == DAYS


def test_the_ledger_opens_and_closes_with_the_running_balance(books: Books) -> None:
    item = books.world.items[0].pk
    ledger = ledger_of(SYSTEM, LedgerFilter(item, date(2026, 10, 1), date(2026, 10, 31)))
    assert (ledger.opening, ledger.opening_value) == (D(6), D("60.00"))
    assert [(r.quantity, r.running, r.running_value) for r in ledger.rows] == [
        (D(10), D(16), D("200.00")),
        (D(-6), D(10), D("125.00")),
    ]
    assert (ledger.closing, ledger.closing_value) == (D(10), D("125.00"))
    assert (ledger.total_in, ledger.total_out) == (D(10), D(6))
