"""kill -9 before any statement: everything or nothing, and the same intent succeeds once later."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.db import OperationalError, connection, connections

from hengcang.books import pools, where
from hengcang.books.models import Book
from hengcang.documents.reversal import Undo
from hengcang.kernel.actor import SYSTEM
from hengcang.ledger.periods import close_period
from hengcang.purchasing.actions import receipts as purchase_receipts
from hengcang.register.verify import verify_books
from hengcang.sales.actions import deliveries
from tests.concurrency.killing import dies_at, wait_until_alone
from tests.documents.trade import bought, delivered, received, sold
from tests.properties.real import DIGEST
from tests.worlds import TODAY, World, target, world

EARLY = date(2026, 11, 2)
Act = Callable[[], Any]


def _delivery(made: World) -> Act:
    received(made, "10", "5")
    order = sold(made, "4")
    intent = uuid4()
    return lambda: deliveries.deliver_order(
        order.pk, {}, on=TODAY, client_uuid=intent, actor=SYSTEM
    )


def _receipt(made: World) -> Act:
    order = bought(made, "10")
    intent = uuid4()
    return lambda: purchase_receipts.receive_order(
        order.pk, {}, on=TODAY, client_uuid=intent, actor=SYSTEM
    )


def _back_dated(made: World) -> Act:
    received(made, "10", "5", date(2026, 11, 1))
    delivered(made, "3", date(2026, 11, 10))
    order = bought(made, "7")
    intent = uuid4()
    return lambda: purchase_receipts.receive_order(
        order.pk, {}, on=EARLY, client_uuid=intent, actor=SYSTEM
    )


def _reversal(made: World) -> Act:
    received(made, "10", "5")
    order = sold(made, "4")
    sale = deliveries.deliver_order(order.pk, {}, on=TODAY, client_uuid=uuid4(), actor=SYSTEM)
    undo, seen = Undo(uuid4(), "录错", TODAY), target(sale)
    return lambda: deliveries.reverse_delivery(seen, undo, actor=SYSTEM)


def _close(made: World) -> Act:
    received(made, "10", "5", date(2026, 9, 20))
    return lambda: close_period(date(2026, 9, 1), today=TODAY, actor=SYSTEM)


ACTS = {
    "delivery": _delivery,
    "receipt": _receipt,
    "back-dated receipt": _back_dated,
    "reversal": _reversal,
    "close": _close,
}


@pytest.fixture
def watcher(fresh_book: Book) -> Iterator[psycopg.Connection]:
    with where.dsn_of(fresh_book.code).connect() as session:
        session.autocommit = True
        yield session


def _digest(watcher: psycopg.Connection) -> str:
    row = watcher.execute(DIGEST).fetchone()
    assert row is not None
    return str(row[0])


def _killed_at(act: Act, ks: Iterator[int] | range, book: Book, watcher: psycopg.Connection) -> int:
    """How many kills it took; after each, not one row is different."""
    before, deaths = _digest(watcher), 0
    for k in ks:
        if not dies_at(k, act, book.code):
            break
        wait_until_alone(watcher)
        assert _digest(watcher) == before, f"half a document after statement {k - 1}"
        deaths += 1
    return deaths


def _then_once(act: Act, name: str) -> None:
    first = act()
    if name != "close":
        assert act().pk == first.pk
    assert [str(d) for d in verify_books()] == []


@pytest.mark.parametrize("name", ["delivery", "back-dated receipt"])
def test_kill_9_before_some_statements_leaves_nothing(
    fresh_book: Book, watcher: psycopg.Connection, name: str
) -> None:
    act = ACTS[name](world())
    assert _killed_at(act, range(1, 40, 7), fresh_book, watcher) >= 3
    _then_once(act, name)


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("name", ACTS)
def test_kill_9_before_every_statement_leaves_nothing(
    fresh_book: Book, watcher: psycopg.Connection, name: str
) -> None:
    act = ACTS[name](world())
    deaths = _killed_at(act, range(1, 500), fresh_book, watcher)
    print(f"\n{name}: killed before each of {deaths} statements, commit included")  # noqa: T201
    assert deaths > 5
    # the last child finished: whoever asks again gets what it made
    if name == "close":
        assert [str(d) for d in verify_books()] == []
    else:
        _then_once(act, name)


def test_an_answer_lost_after_the_commit_is_asked_again_and_booked_once(
    fresh_book: Book, watcher: psycopg.Connection
) -> None:
    act = _delivery(world())
    assert not dies_at(10_000, act, fresh_book.code)  # committed; nobody heard of it
    before = _digest(watcher)
    act()
    assert _digest(watcher) == before
    assert verify_books() == []


@pytest.mark.parametrize("k", [3, 9, 15])
def test_a_lost_database_session_leaves_nothing_and_the_retry_succeeds(
    fresh_book: Book, watcher: psycopg.Connection, k: int
) -> None:
    act = _delivery(world())
    before, left = _digest(watcher), [k]

    def end_session(execute: Any, *arguments: Any) -> Any:
        left[0] -= 1
        if left[0] == 0:
            pid = connection.connection.info.backend_pid
            watcher.execute("SELECT pg_terminate_backend(%s)", [pid])
        return execute(*arguments)

    with pytest.raises(OperationalError), connection.execute_wrapper(end_session):
        act()
    connections["default"].close()
    pools.close_pools(fresh_book.code)
    wait_until_alone(watcher)
    assert _digest(watcher) == before
    _then_once(act, "delivery")
