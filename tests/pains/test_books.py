"""What users of other systems complain of, as tests: numbers are those of the list of pains."""

from datetime import date
from decimal import Decimal

import pytest

from hengcang.books.models import Book
from hengcang.catalog.models import ItemUom, Uom
from hengcang.documents.rules import Ratio, base_quantity
from hengcang.kernel.actor import SYSTEM
from hengcang.kernel.errors import Refused, RefusedLines
from hengcang.ledger.history import LedgerFilter, ledger_of
from hengcang.ledger.kept_models import BalanceAtClose, CostAtClose
from hengcang.ledger.models import (
    CostBalance,
    CostScope,
    StockBalance,
)
from hengcang.ledger.periods import close_period, reopen_period
from hengcang.register.verify import verify_books
from hengcang.sales.actions import orders
from tests.documents.trade import cost, delivered, given_back, issued, received, reversed_
from tests.worlds import TODAY, World, draft, line, world

D = Decimal
SEPTEMBER, OCTOBER = date(2026, 9, 1), date(2026, 10, 1)


@pytest.fixture
def made(book: Book) -> World:
    return world(warehouses=2)


def _close(*months: date) -> None:
    for month in months:
        close_period(month, today=TODAY, actor=SYSTEM)


def test_pain_3_pain_10_nothing_is_sold_that_is_not_there(made: World) -> None:
    with pytest.raises(Refused) as refused:
        delivered(made, "1")
    assert refused.value.code == "insufficient_stock"
    assert refused.value.facts["on_hand"] == "0"
    received(made, "5", "10", date(2026, 11, 10))
    with pytest.raises(Refused) as later:
        issued(made, "1", date(2026, 11, 9))
    assert later.value.code == "insufficient_stock_later"
    assert verify_books() == []


@pytest.mark.parametrize("scope", list(CostScope))
def test_pain_10_a_warehouse_that_may_go_negative_never_makes_cost_of_nothing(
    book: Book, scope: CostScope
) -> None:
    """Below what the cost key holds there is no average: refused, not booked at a made-up cost."""
    made = world(warehouses=2, scope=scope)
    made.warehouses[0].allow_negative = True
    made.warehouses[0].save()
    received(made, "2", "10", date(2026, 11, 1))
    with pytest.raises(Refused) as refused:
        delivered(made, "3", TODAY)
    assert refused.value.code == "insufficient_stock"
    delivered(made, "2", TODAY)
    with pytest.raises(Refused) as early:
        issued(made, "1", date(2026, 11, 5))
    assert early.value.code == "insufficient_stock_later"
    received(made, "1", "10", TODAY)
    with pytest.raises(Refused) as later:
        issued(made, "1", date(2026, 10, 5))
    assert later.value.code in {"insufficient_stock", "insufficient_stock_later"}
    assert verify_books() == []


def test_pain_10_other_warehouses_of_the_company_lend_their_average(book: Book) -> None:
    made = world(warehouses=2)
    made.warehouses[0].allow_negative = True
    made.warehouses[0].save()
    received(made, "5", "10", place=1)
    sale = delivered(made, "3", place=0)
    assert cost(sale) == D("30.00")
    assert StockBalance.objects.get(warehouse=made.warehouses[0]).quantity == -3
    assert verify_books() == []


def test_pain_11_no_money_stays_on_an_empty_shelf(made: World) -> None:
    received(made, "3", "3.3333", date(2026, 11, 1))
    for day in (2, 3, 4):
        issued(made, "1", date(2026, 11, day))
    received(made, "7", "0.0071", date(2026, 11, 1))
    issued(made, "7")
    balance = CostBalance.objects.get()
    assert (balance.quantity, balance.value) == (0, 0)
    assert verify_books() == []


def test_pain_12_units_never_invent_goods(made: World) -> None:
    item = made.items[0]
    item.quantity_places = 0
    item.save()
    third = ItemUom.objects.create(
        item=item, uom=Uom.objects.create(name="三分之一箱"), ratio_num=61, ratio_den=12
    )
    with pytest.raises(RefusedLines) as refused:
        orders.save_order(
            draft(
                made.warehouses[0],
                [line(item, "5", "20", item_uom_id=third.pk)],
                partner=made.customer,
            ),
            actor=SYSTEM,
        )
    facts = refused.value.refusals[0].facts
    assert refused.value.refusals[0].code == "quantity_inexact"
    assert (facts["below"], facts["above"]) == ("0", "12")
    assert base_quantity(D(12), Ratio(61, 12, 0)) == 61
    for whole in range(1, 200):
        assert base_quantity(D(whole), Ratio(12, 1, 0)) == 12 * whole


def test_pain_31_a_closed_month_can_be_reopened_and_opens_as_it_closed(made: World) -> None:
    received(made, "10", "3.3333", date(2026, 9, 5))
    issued(made, "3", date(2026, 9, 6))
    issued(made, "3", date(2026, 10, 6))
    _close(SEPTEMBER, OCTOBER)
    kept = BalanceAtClose.objects.get(period=SEPTEMBER).quantity
    worth = CostAtClose.objects.get(period=SEPTEMBER).value
    october = ledger_of(
        SYSTEM,
        LedgerFilter(made.items[0].pk, since=OCTOBER, until=date(2026, 10, 31)),
    )
    assert (october.opening, october.opening_value) == (kept, worth)
    with pytest.raises(Refused) as refused:
        reopen_period(SEPTEMBER, "补录", actor=SYSTEM)
    assert refused.value.code == "period_out_of_order"
    reopen_period(OCTOBER, "补录", actor=SYSTEM)
    reopen_period(SEPTEMBER, "补录", actor=SYSTEM)
    issued(made, "1", date(2026, 9, 7))
    _close(SEPTEMBER, OCTOBER)
    assert BalanceAtClose.objects.get(period=SEPTEMBER).quantity == kept - 1
    assert verify_books() == []


def test_pain_18_nothing_enters_a_closed_month(made: World) -> None:
    receipt = received(made, "10", "3.3333", date(2026, 9, 5))
    sale = delivered(made, "3", date(2026, 9, 6))
    _close(SEPTEMBER)
    for act in (
        lambda: received(made, "1", "1", date(2026, 9, 7)),
        lambda: issued(made, "1", date(2026, 9, 30)),
        lambda: given_back(made, sale, "1", date(2026, 9, 7)),
    ):
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.code == "period_closed"
    with pytest.raises(Refused) as short:
        reversed_(receipt)
    assert short.value.code == "insufficient_stock"
    assert cost(reversed_(sale)) == -cost(sale) == D("-10.00")
    twin = reversed_(receipt)
    assert (twin.dated, cost(twin)) == (TODAY, D("33.33"))
    assert verify_books() == []


def test_example_8_variance_of_a_dear_receipt_undone_in_a_later_month(made: World) -> None:
    """The figures of the worked example, through documents: the month of the receipt is closed."""
    dear = received(made, "10", "20", date(2026, 9, 5))
    received(made, "10", "10", date(2026, 9, 6))
    assert cost(issued(made, "12", date(2026, 9, 7))) == D("180.00")
    _close(SEPTEMBER)
    with pytest.raises(Refused) as refused:
        reversed_(dear)
    assert refused.value.code == "insufficient_stock"
    assert (refused.value.facts["on_hand"], refused.value.facts["needed"]) == ("8", "10")
    received(made, "5", "10", TODAY)
    twin = reversed_(dear)
    assert cost(twin) == D("170.00")
    row = ledger_of(SYSTEM, LedgerFilter(made.items[0].pk, since=TODAY, until=TODAY)).rows[-1]
    assert (row.variance, row.running, row.running_value) == (D("30.00"), 3, D("0.00"))
    assert verify_books() == []


def test_reversing_a_receipt_just_made_is_as_if_it_had_never_been(made: World) -> None:
    received(made, "3", "3.3333", date(2026, 11, 1))
    sale = delivered(made, "1", date(2026, 11, 5))
    before = cost(sale)
    early = received(made, "7", "9.99", date(2026, 11, 3))
    assert cost(sale) != before
    reversed_(early)
    assert cost(sale) == before
    assert verify_books() == []
