"""A wrong figure anywhere is found and named: the key, what the books say, what it should be."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.db.backends.utils import CursorWrapper

from hengcang.books.models import Book
from hengcang.books.switch import using_book
from hengcang.kernel.actor import SYSTEM
from hengcang.ledger.periods import close_period
from hengcang.register.verify import verify_books
from tests import databases
from tests.concurrency.crowd import in_another_thread
from tests.documents.trade import (
    bought,
    delivered,
    given_back,
    received,
    reversed_,
    sent_back,
    sold,
)
from tests.worlds import TODAY, world

CLOSED = date(2026, 9, 20)


@pytest.fixture(scope="module")
def traded_book(template: str, django_db_blocker: Any) -> Iterator[Book]:
    """A small company with something of everything."""
    with django_db_blocker.unblock():
        book = databases.make_book(template)
        with using_book(book.code):
            made = world()
            received(made, "10", "3.3333", CLOSED)
            delivered(made, "3", CLOSED)
            close_period(date(2026, 9, 1), today=TODAY, actor=SYSTEM)
            received(made, "10", "5", TODAY)
            given_back(made, delivered(made, "3", TODAY), "1", TODAY)
            reversed_(received(made, "2", "7", TODAY))
            sent_back(made, received(made, "4", "6", TODAY), "4", TODAY)
            bought(made, "4")
            sold(made, "2")
            assert verify_books() == []
            connections["default"].close()
        yield book
        databases.drop_book(book)


@pytest.fixture
def traded(traded_book: Book) -> Iterator[CursorWrapper]:
    """A cursor of the owner, fences down, in a transaction that the check sees too."""
    with using_book(traded_book.code), transaction.atomic(using="owner"):
        ours, connections["default"] = connections["default"], connections["owner"]
        try:
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename ~"
                    " '^(ledger|sales|purchasing|stock|compliance|documents)_'"
                )
                for (table,) in cursor.fetchall():
                    cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
                yield cursor
        finally:
            connections["default"] = ours
            transaction.set_rollback(True, using="owner")
    connections["owner"].close()


# (what is done to the books, how the check is called, what it says: key, found, expected)
CORRUPTIONS = [
    ("UPDATE ledger_stockbalance SET quantity = quantity + 1",
     "库存余额 = 流水合计", ("S001 @ W1", "16.000000", "15.000000")),
    ("UPDATE ledger_costbalance SET quantity = quantity + 1",
     "成本余额数量 = 流水合计", ("S001", "16.000000", "15.000000")),
    ("UPDATE ledger_costbalance SET value = value + 0.01",
     "成本余额金额 = 流水金额合计", ("S001", None, None)),
    ("UPDATE ledger_costbalance SET last_dated = '2026-09-20'",
     "最后流水日期不早于流水", ("S001", "2026-09-20", "2026-11-24")),
    ("UPDATE ledger_entrycost SET value = value - 0.01 WHERE entry_id = (SELECT max(entry_id)"
     " FROM ledger_entrycost)", "成本 = 按流水重算", (None, None, None)),
    ("DELETE FROM ledger_entrycost WHERE entry_id = (SELECT max(entry_id) FROM ledger_entrycost)",
     "每笔应计成本的流水都有成本", (None, "none", "cost")),
    ("UPDATE ledger_stockentry SET quantity = quantity - 100 WHERE position = (SELECT"
     " min(position) FROM ledger_stockentry WHERE quantity < 0)",
     "任何时点结存不为负", (None, None, "0")),
    ("UPDATE ledger_availability SET on_hand = on_hand + 1",
     "现存量 = 良品余额合计", ("S001 @ W1", "16.000000", "15.000000")),
    ("DELETE FROM ledger_availability", "现存量 = 良品余额合计", ("S001 @ W1", "0", "15.000000")),
    ("UPDATE ledger_availability SET reserved = reserved + 1", "占用与在途 = 承诺流水合计",
     ("S001 @ W1", "3.000000 / 4.000000", "2.000000 / 4.000000")),
    ("UPDATE ledger_availability SET on_order = on_order - 1", "占用与在途 = 承诺流水合计",
     ("S001 @ W1", "2.000000 / 3.000000", "2.000000 / 4.000000")),
    ("UPDATE sales_salesorderline SET qty_reserved = 1", "占用流水 = 销售订单行占用",
     (None, "2.000000", "1.000000")),
    ("UPDATE purchasing_purchaseorderline SET qty_fulfilled = 1", "采购订单已入库 = 入库单合计",
     (None, "1.000000", "0")),
    ("UPDATE sales_salesdeliveryline SET qty_returned = 2 WHERE qty_returned = 1",
     "出库单已退 = 退货单合计 + 换货单退回合计", (None, "2.000000", "1.000000")),
    ("UPDATE ledger_partnerbalance SET amount = amount + 0.01 WHERE account = 'payable'",
     "往来余额 = 往来流水合计", ("V001 payable", "83.34", "83.33")),
    ("DELETE FROM ledger_partnerbalance WHERE account = 'receivable'",
     "往来余额 = 往来流水合计", ("C001 receivable", "0", "100.00")),
    ("UPDATE ledger_moneyentry SET amount = amount + 1 WHERE id = (SELECT min(id) FROM"
     " ledger_moneyentry)", "往来流水 = 单据含税金额", (None, "34.33", "33.33")),
    ("UPDATE sales_salesdelivery SET amount_incl_tax = amount_incl_tax + 1 WHERE dated ="
     " '2026-11-24'", "单据合计 = 明细合计", (None, "61.00", "60.00")),
    ("UPDATE purchasing_purchasereceiptline SET qty_returned = 3 WHERE qty_returned = 4",
     "入库单已退 = 退货单合计", (None, "3.000000", "4.000000")),
    ("UPDATE purchasing_purchasereturn SET amount_incl_tax = amount_incl_tax + 1",
     "往来流水 = 单据含税金额", (None, "-24.00", "-25.00")),
    ("UPDATE sales_salesreturn SET amount_incl_tax = amount_incl_tax + 1",
     "单据合计 = 明细合计", (None, "21.00", "20.00")),
    ("UPDATE sales_salesdeliveryline SET quantity = quantity + 1 WHERE qty_returned = 1",
     "销售出库单明细数量 = 库存流水", (None, "-3.000000", "4.000000")),
    ("UPDATE documents_numberseries SET last = last + 1 WHERE kind = 'sales_delivery'",
     "销售出库单编号连续", ("2026-11", "2", "1")),
    ("UPDATE purchasing_purchasereceipt SET number = 'CGRK202611-0009' WHERE number ="
     " 'CGRK202611-0002'", "采购入库单编号连续", ("2026-11", "4", "4")),
    ("UPDATE sales_salesdelivery SET status = 'draft' WHERE dated = '2026-11-24'",
     "销售出库单与过账记录一一对应", (None, None, "posted")),
    ("UPDATE ledger_postingrecord SET source_id = 999 WHERE kind = 'sales_return'",
     "销售退货单与过账记录一一对应", (None, "posted", "not posted")),
    ("UPDATE ledger_balanceatclose SET quantity = quantity + 1", "期初 + 入 − 出 = 期末（数量）",
     ("2026-09 S001 @ W1", "8.000000", "7.000000")),
    ("DELETE FROM ledger_balanceatclose", "期初 + 入 − 出 = 期末（数量）",
     ("2026-09 S001 @ W1", "0", "7.000000")),
    ("UPDATE ledger_costatclose SET quantity = quantity + 1",
     "期初 + 入 − 出 = 期末（成本）", ("2026-09 S001", None, None)),
    ("UPDATE ledger_costatclose SET value = value + 0.01",
     "期初 + 入 − 出 = 期末（成本）", ("2026-09 S001", None, None)),
    ("UPDATE ledger_postingrecord SET posted_at = now() + interval '1 day' WHERE dated ="
     " '2026-09-20'", "结账后的期间没有新流水", (None, None, None)),
    ("UPDATE compliance_auditline SET actor_name = '别人' WHERE id = (SELECT min(id) FROM"
     " compliance_auditline)", "审计日志未被改动", (None, None, "原样")),
]  # fmt: skip


@pytest.mark.parametrize(("sql", "check", "said"), CORRUPTIONS)
def test_pain_2_a_corrupted_figure_is_found_and_named(
    traded: CursorWrapper, sql: str, check: str, said: tuple[str | None, ...]
) -> None:
    traded.execute(sql)
    assert traded.rowcount > 0
    found = [d for d in verify_books() if d.check.startswith(check)]
    assert found, [str(d) for d in verify_books()]
    key, figure, expected = said
    assert key is None or any(d.key == key for d in found), found
    assert figure is None or any(d.found == figure for d in found), found
    assert expected is None or any(d.expected == expected for d in found), found


def test_every_run_leaves_a_note_with_what_it_found(traded: CursorWrapper) -> None:
    traded.execute("UPDATE ledger_stockbalance SET quantity = quantity + 1")
    verify_books()
    traded.execute("SELECT differences, detail FROM ledger_verification ORDER BY id DESC LIMIT 1")
    differences, detail = traded.fetchone()
    assert differences >= 1
    assert "S001 @ W1" in str(detail)


def test_a_close_that_waited_for_a_posting_is_no_difference(fresh_book: Book) -> None:
    """The close began first, waited, and so comes after: its moment is that of the lock."""
    made = world()
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT now()")  # the closing transaction begins here
        in_another_thread(fresh_book.code, lambda: received(made, "10", "3", CLOSED))
        close_period(date(2026, 9, 1), today=TODAY, actor=SYSTEM)
    assert verify_books() == []
