"""Balances kept at certain days: every past day is what the entries say, whoever posts when."""

import threading
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection, connections, transaction

from hengcang.books.models import Book
from hengcang.books.switch import using_book
from hengcang.kernel.actor import SYSTEM
from hengcang.ledger import kept
from hengcang.ledger.history import stock_on
from hengcang.ledger.kept_models import KeptDay
from hengcang.ledger.periods import close_period
from hengcang.register.verify import verify_books
from tests.documents.trade import delivered, received, reversed_
from tests.worlds import TODAY, World, world

FIRST = date(2026, 9, 1)


def all_days() -> Iterator[date]:
    return (FIRST + timedelta(days=n) for n in range((TODAY - FIRST).days + 1))


def by_entries(day: date) -> list[tuple[int, Decimal, Decimal]]:
    """What the entries up to that day add up to, by item: quantity and value."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.item_id, sum(e.quantity),"
            " sum(CASE WHEN e.is_move THEN 0 ELSE coalesce(e.value_in, c.value) END)"
            " FROM ledger_stockentry e LEFT JOIN ledger_entrycost c ON c.entry_id = e.position"
            " WHERE e.dated <= %s GROUP BY 1 HAVING sum(e.quantity) <> 0 ORDER BY 1",
            [day],
        )
        return list(cursor.fetchall())


def assert_every_day_is_right() -> None:
    for day in all_days():
        shown = [(row.item_id, row.quantity, row.value) for row in stock_on(SYSTEM, day)]
        assert shown == by_entries(day), day


def valid() -> list[date]:
    return list(KeptDay.objects.filter(is_valid=True).order_by("day").values_list("day", flat=True))


def traded() -> World:
    made = world(items=2)
    received(made, "10", "3.3333", date(2026, 9, 5))
    received(made, "7", "9", date(2026, 9, 12), item=1)
    delivered(made, "3", date(2026, 9, 20))
    received(made, "5", "4", date(2026, 10, 11))
    delivered(made, "4", date(2026, 10, 30))
    delivered(made, "2", date(2026, 11, 15), item=1)
    return made


def test_every_day_near_a_kept_one_is_right(book: Book) -> None:
    traded()
    assert_every_day_is_right()
    assert kept.keep_days() == 8
    assert [f"{day:%m-%d}" for day in valid()] == [
        "09-10", "09-20", "09-30", "10-10", "10-20", "10-31", "11-10", "11-20",
    ]  # fmt: skip
    assert_every_day_is_right()
    assert kept.keep_days() == 0
    close_period(FIRST, today=TODAY, actor=SYSTEM)
    assert_every_day_is_right()
    assert verify_books() == []


def test_a_back_dated_posting_takes_back_what_was_kept_after_it(book: Book) -> None:
    """Its own entry and the later costs it changes."""
    made = traded()
    kept.keep_days()
    late = received(made, "2", "9.99", date(2026, 10, 20))
    assert [f"{day:%m-%d}" for day in valid()] == ["09-10", "09-20", "09-30", "10-10"]
    assert_every_day_is_right()
    assert verify_books() == []
    assert kept.keep_days() == 4
    assert_every_day_is_right()
    reversed_(late)
    assert len(valid()) == 4
    assert_every_day_is_right()
    kept.keep_days()
    assert_every_day_is_right()
    assert verify_books() == []


def test_a_posting_of_today_leaves_them_alone(book: Book) -> None:
    made = traded()
    kept.keep_days()
    delivered(made, "1", TODAY)
    received(made, "1", "8", TODAY - timedelta(days=1))
    assert len(valid()) == 8
    assert_every_day_is_right()


@pytest.mark.parametrize("table", ["stockofday", "costofday"])
def test_a_wrong_one_is_named(fresh_book: Book, table: str) -> None:
    traded()
    kept.keep_days()
    with connections["owner"].cursor() as cursor:
        cursor.execute(f"UPDATE ledger_{table} SET quantity = quantity + 1 WHERE kept_id = %s",
                       [date(2026, 10, 20)])  # fmt: skip
    names = {difference.check for difference in verify_books()}
    assert names == {f"旬结存 = 上一旬结存 + 其间流水（{'数量' if table[0] == 's' else '成本'}）"}


def test_a_posting_under_way_is_waited_for(fresh_book: Book) -> None:
    """Dated before the day, not yet committed when the day is counted: it is in the count."""
    made = traded()
    posted, counted = threading.Event(), threading.Event()
    told: list[int] = []

    def count() -> None:
        with using_book(fresh_book.code):
            posted.wait(20)
            told.append(kept.keep_days())
            counted.set()
            connections["default"].close()

    thread = threading.Thread(target=count)
    thread.start()
    with transaction.atomic():
        received(made, "4", "2", date(2026, 9, 8))
        posted.set()
        assert not counted.wait(0.5)  # it must not be counted without us
    thread.join(30)
    assert told == [8]
    assert_every_day_is_right()
    assert verify_books() == []
