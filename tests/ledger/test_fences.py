"""The books refuse to be rewritten: by the application's role, by the owner, and by constraint."""

from collections.abc import Iterator
from datetime import date

import psycopg
import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.backends.utils import CursorWrapper

from hengcang.books import where
from hengcang.books.models import Book
from hengcang.kernel.actor import SYSTEM
from hengcang.ledger.periods import close_period
from hengcang.register.verify import verify_books
from tests.documents.trade import delivered, given_back, received
from tests.worlds import TODAY, World, world

APPEND_ONLY = (
    "ledger_postingrecord",
    "ledger_stockentry",
    "ledger_promiseentry",
    "ledger_moneyentry",
    "compliance_auditline",
)
CHANGES = ("UPDATE {0} SET id = id", "DELETE FROM {0}", "TRUNCATE {0} CASCADE")
CLOSED = date(2026, 9, 20)


@pytest.fixture
def traded(fresh_book: Book) -> Iterator[World]:
    made = world()
    received(made, "10", "3.3333", CLOSED)
    delivered(made, "3", CLOSED)
    close_period(date(2026, 9, 1), today=TODAY, actor=SYSTEM)
    given_back(made, delivered(made, "3", TODAY), "1", TODAY)
    yield made
    assert verify_books() == []


def _statements() -> list[str]:
    found = []
    for table in APPEND_ONLY:
        for change in CHANGES:
            sql = change.format(table)
            found.append(
                sql.replace("id = id", "position = position") if "stockentry" in table else sql
            )
    return found


def test_entries_are_refused_to_the_application(traded: World, fresh_book: Book) -> None:
    with where.dsn_of(fresh_book.code).connect() as session:
        for statement in _statements():
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                session.execute(statement)


def test_entries_are_refused_even_to_the_owner(traded: World, owner_cursor: CursorWrapper) -> None:
    for statement in _statements():
        with pytest.raises(DatabaseError, match="append-only") as refused:
            owner_cursor.execute(statement)
        assert refused.value.__cause__.sqlstate == "HC001"  # type: ignore[union-attr]


FROZEN = (
    "UPDATE ledger_entrycost c SET value = value FROM ledger_stockentry e"
    " WHERE e.position = c.entry_id AND e.dated = '2026-09-20'",
    "INSERT INTO ledger_stockentry (posting_id, line, stock_id, cost_id, item_id, warehouse_id,"
    " dated, quantity, value_in, is_move) SELECT posting_id, line + 100, stock_id, cost_id,"
    " item_id, warehouse_id, dated, 1, 1, false FROM ledger_stockentry"
    " WHERE dated = '2026-09-20' LIMIT 1",
)


@pytest.mark.parametrize("statement", FROZEN)
def test_pain_18_a_closed_month_is_frozen_for_everybody(
    traded: World, owner_cursor: CursorWrapper, statement: str
) -> None:
    for cursor in (owner_cursor, connection.cursor()):
        with pytest.raises(DatabaseError, match="closed is frozen") as refused:
            cursor.execute(statement)
        assert refused.value.__cause__.sqlstate == "HC002"  # type: ignore[union-attr]


def test_costs_are_never_removed(traded: World, owner_cursor: CursorWrapper) -> None:
    for statement in ("DELETE FROM ledger_entrycost", "TRUNCATE ledger_entrycost"):
        with pytest.raises(DatabaseError, match="append-only"):
            owner_cursor.execute(statement)


IMPOSSIBLE = {
    "no_negative_stock": "UPDATE ledger_stockbalance SET quantity = -1",
    "cost_not_negative": "UPDATE ledger_costbalance SET value = -0.01",
    "empty_shelf_no_money": "UPDATE ledger_costbalance SET quantity = 0",
    "only_stock_is_reserved": "UPDATE ledger_availability SET reserved = on_hand + 1",
    "promises_not_negative": "UPDATE ledger_availability SET on_order = -1",
    "one_book_terms": "INSERT INTO ledger_bookterms SELECT 2, company_name, go_live_date, taxpayer,"
    " cost_scope, cost_method FROM ledger_bookterms",
    "period_is_a_month": "INSERT INTO ledger_period (month) VALUES ('2026-12-02')",
    "posted_once": "INSERT INTO ledger_postingrecord (kind, source_id, dated, actor_id,"
    " recosted_entries, recosted_value) SELECT kind, source_id, dated, 0, 0, 0"
    " FROM ledger_postingrecord LIMIT 1",
    "one_stock_balance_per_key": "INSERT INTO ledger_stockbalance (item_id, warehouse_id, status,"
    " quantity, allow_negative) SELECT item_id, warehouse_id, status, 0, false"
    " FROM ledger_stockbalance LIMIT 1",
    "one_cost_balance_per_key": "INSERT INTO ledger_costbalance (item_id, scope_warehouse_id,"
    " quantity, value) SELECT item_id, scope_warehouse_id, 0, 0 FROM ledger_costbalance LIMIT 1",
    "stock_entry_moves": "INSERT INTO ledger_stockentry (posting_id, line, stock_id, cost_id,"
    " item_id, warehouse_id, dated, quantity, value_in, is_move) SELECT posting_id, line + 100,"
    " stock_id, cost_id, item_id, warehouse_id, '2026-11-24', 0, NULL, true FROM ledger_stockentry"
    " LIMIT 1",
    "what_comes_in_has_a_value": "INSERT INTO ledger_stockentry (posting_id, line, stock_id,"
    " cost_id, item_id, warehouse_id, dated, quantity, is_move) SELECT posting_id, line + 100,"
    " stock_id, cost_id, item_id, warehouse_id, '2026-11-24', 1, false FROM ledger_stockentry"
    " LIMIT 1",
    "stated_value_comes_in": "INSERT INTO ledger_stockentry (posting_id, line, stock_id, cost_id,"
    " item_id, warehouse_id, dated, quantity, value_in, is_move) SELECT posting_id, line + 100,"
    " stock_id, cost_id, item_id, warehouse_id, '2026-11-24', -1, 1, false FROM ledger_stockentry"
    " LIMIT 1",
}


@pytest.mark.parametrize("name", IMPOSSIBLE)
def test_pain_3_the_database_itself_refuses_what_cannot_be(traded: World, name: str) -> None:
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        connection.cursor().execute(IMPOSSIBLE[name])
