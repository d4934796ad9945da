"""承诺交期: the first day on which a line can be delivered, and why."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from django.db import connection
from django.test.utils import CaptureQueriesContext

from hengcang.books.models import Book
from hengcang.kernel.actor import SYSTEM
from hengcang.purchasing.actions import orders as purchase_orders
from hengcang.register.promises import promised_dates
from hengcang.sales.actions import orders
from hengcang.sales.promising import Incoming, Promised, Wanted, promised
from tests.documents.trade import received
from tests.worlds import TODAY, World, draft, line, target, world

D = Decimal
SOON, LATER = date(2026, 11, 30), date(2026, 12, 5)


def _bought(made: World, quantity: str, due: date | None) -> None:
    filled = draft(made.warehouses[0], [line(made.items[0], quantity, "10")], TODAY, made.supplier)
    saved = purchase_orders.save_order(replace(filled, due_date=due), actor=SYSTEM)
    purchase_orders.step_order(target(saved), "approve", actor=SYSTEM)


def _one(open_: int, held: int, free: int, *coming: tuple[int, date | None]) -> Promised:
    incoming = [Incoming(D(quantity), on) for quantity, on in coming]
    (answer,) = promised([Wanted(1, D(open_), D(held))], D(free), incoming, TODAY)
    return answer


def test_what_is_there_is_promised_today() -> None:
    assert _one(10, 0, 10) == Promised(1, TODAY, "现有 10")
    assert _one(10, 7, 3) == Promised(1, TODAY, "现有 10")


def test_the_first_day_that_covers_the_line() -> None:
    answer = _one(100, 0, 40, (30, LATER), (60, SOON))
    assert answer == Promised(1, SOON, "现有 40，11-30 采购到 60")
    assert _one(101, 0, 40, (30, LATER), (60, SOON)).promised_date == LATER


def test_what_is_late_or_undated_is_promised_on_no_day() -> None:
    answer = _one(10, 0, 4, (6, None), (5, date(2026, 11, 1)))
    assert answer.promised_date is None
    assert answer.reason == "现有 4，还缺 6 没有采购，另有 11 在途逾期或未定到货日期"


def test_two_lines_of_one_item_do_not_share_a_piece() -> None:
    wanted = [Wanted(1, D(6), D(2)), Wanted(2, D(5), D(0)), Wanted(3, D(4), D(0))]
    coming = [Incoming(D(5), SOON), Incoming(D(3), LATER)]
    first, second, third = promised(wanted, D(5), coming, TODAY)
    assert first.promised_date == TODAY  # 2 held + 4 of the 5 free
    assert (second.promised_date, second.reason) == (SOON, "现有 1，11-30 采购到 5")  # 4 of 5
    assert (third.promised_date, third.reason) == (LATER, "现有 0，12-05 采购到 4")  # 1 + 3


def test_an_order_is_promised_from_stock_and_purchases(book: Book) -> None:
    made = world()
    received(made, "40", "10")
    _bought(made, "60", SOON)
    _bought(made, "9", None)
    lines = [line(made.items[0], "100", "20"), line(made.items[1], "1", "20")]
    saved = orders.save_order(draft(made.warehouses[0], lines, partner=made.customer), actor=SYSTEM)
    order = orders.step_order(target(saved), "approve", actor=SYSTEM)
    with CaptureQueriesContext(connection) as queries:
        first, second = promised_dates(SYSTEM, order.pk, TODAY)
    assert len(queries) == 4
    assert (first.promised_date, first.reason) == (SOON, "现有 40，11-30 采购到 60")
    assert (second.promised_date, second.reason) == (None, "现有 0，还缺 1 没有采购")
    order = orders.step_order(target(order), "close", actor=SYSTEM, reason="取消")
    assert promised_dates(SYSTEM, order.pk, TODAY) == []
