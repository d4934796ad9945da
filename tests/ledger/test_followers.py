"""Returns, their reversals and their delivery, across dates, months and warehouses."""

from datetime import date
from decimal import Decimal

import pytest

from hengcang.books.models import Book
from hengcang.kernel.actor import SYSTEM
from hengcang.kernel.errors import Refused
from hengcang.ledger.models import CostScope
from hengcang.ledger.periods import close_period
from hengcang.register.verify import verify_books
from tests.documents.trade import cost, delivered, given_back, received, reversed_
from tests.worlds import TODAY, World, world

D = Decimal
CLOSED = date(2026, 10, 20)


def day(number: int) -> date:
    return date(2026, 11, number)


@pytest.fixture
def company(book: Book) -> World:
    return world(warehouses=3)


@pytest.fixture
def by_warehouse(book: Book) -> World:
    return world(warehouses=3, scope=CostScope.WAREHOUSE)


def test_a_delivery_can_be_reversed_once_its_return_is_whatever_their_dates(
    company: World,
) -> None:
    received(company, "10", "10", day(1))
    delivery = delivered(company, "10", day(2))
    returned = given_back(company, delivery, "10", day(10))
    reversed_(returned)
    twin = reversed_(delivery)
    assert (twin.dated, cost(twin)) == (day(2), D("-100.00"))
    assert verify_books() == []


def test_pain_17_a_return_under_a_wrong_date_is_reversed_and_entered_earlier(
    company: World,
) -> None:
    received(company, "10", "10", day(1))
    delivery = delivered(company, "10", day(2))
    reversed_(given_back(company, delivery, "10", day(10)))
    right = given_back(company, delivery, "10", day(5))
    assert cost(right) == D("-100.00")
    assert verify_books() == []


def test_a_return_into_another_warehouse_dated_earlier_takes_first(by_warehouse: World) -> None:
    received(by_warehouse, "3", "3.3333", day(1))  # 3 for 10.00
    delivery = delivered(by_warehouse, "3", day(2))
    second = given_back(by_warehouse, delivery, "1", day(10), place=1)
    assert cost(second) == D("-3.33")
    first = given_back(by_warehouse, delivery, "1", day(5), place=2)
    assert (cost(first), cost(second)) == (D("-3.33"), D("-3.34"))
    assert verify_books() == []


def test_reversing_a_return_gives_later_ones_elsewhere_what_they_would_have_taken(
    by_warehouse: World,
) -> None:
    received(by_warehouse, "3", "3.3333", day(1))
    delivery = delivered(by_warehouse, "3", day(2))
    first = given_back(by_warehouse, delivery, "1", day(5), place=1)
    second = given_back(by_warehouse, delivery, "1", day(10), place=2)
    assert cost(second) == D("-3.34")
    reversed_(first)
    assert cost(second) == D("-3.33")
    assert verify_books() == []


def test_a_back_date_in_one_warehouse_counts_later_returns_of_others(by_warehouse: World) -> None:
    received(by_warehouse, "10", "0.014", day(1))  # 10 for 0.14
    received(by_warehouse, "1", "5", day(1), place=1)
    delivery = delivered(by_warehouse, "10", day(2))
    first = given_back(by_warehouse, delivery, "5", day(10), place=1)
    given_back(by_warehouse, delivery, "3", day(12), place=2)
    received(by_warehouse, "1", "5", day(3), place=1)
    assert cost(first) == D("-0.07")
    assert verify_books() == []


def test_a_return_undone_on_its_own_day_is_as_if_it_had_never_been(company: World) -> None:
    received(company, "3", "3.3333", TODAY)
    delivery = delivered(company, "3", TODAY)
    given_back(company, delivery, "1", TODAY)
    undone = given_back(company, delivery, "1", TODAY)
    assert cost(undone) == D("-3.34")
    reversed_(undone)
    assert cost(given_back(company, delivery, "1", TODAY)) == D("-3.34")
    assert verify_books() == []


def test_a_frozen_return_is_reversed_in_a_later_month_at_its_frozen_cost(company: World) -> None:
    received(company, "3", "3.3333", CLOSED)
    delivery = delivered(company, "3", CLOSED)
    given_back(company, delivery, "1", CLOSED)
    returned = given_back(company, delivery, "1", CLOSED)
    for month in (9, 10):
        close_period(date(2026, month, 1), today=TODAY, actor=SYSTEM)
    twin = reversed_(returned)
    assert (twin.dated, cost(twin), cost(returned)) == (TODAY, D("3.34"), D("-3.34"))
    assert cost(given_back(company, delivery, "2", TODAY)) == D("-6.67")
    assert verify_books() == []


def test_what_is_still_returned_at_a_date_cannot_be_returned_again_then(company: World) -> None:
    """The reversal in November frees the goods from its own date on, not from before."""
    received(company, "2", "5", CLOSED)
    delivery = delivered(company, "2", CLOSED)
    returned = given_back(company, delivery, "2", CLOSED)
    for month in (9, 10):
        close_period(date(2026, month, 1), today=TODAY, actor=SYSTEM)
    reversed_(returned)
    with pytest.raises(Refused) as refused:
        given_back(company, delivery, "2", day(5))
    assert refused.value.code == "over_returned"
    assert cost(given_back(company, delivery, "2", TODAY)) == D("-10.00")
    assert verify_books() == []


def test_pain_19_a_return_never_exceeds_its_delivery(company: World) -> None:
    received(company, "10", "10", day(1))
    delivery = delivered(company, "4", day(2))
    given_back(company, delivery, "3", day(3))
    with pytest.raises(Refused) as refused:
        given_back(company, delivery, "2", day(4))
    assert refused.value.code == "more_than_delivered"
    assert refused.value.facts["open"] == "1"
    with pytest.raises(Refused) as early:
        given_back(company, delivery, "1", day(1))
    assert early.value.code == "origin_later"
    assert verify_books() == []


def test_pain_19_returns_in_parts_take_exactly_what_went_out(company: World) -> None:
    received(company, "3", "3.3333", day(1))
    delivery = delivered(company, "3", day(2))
    parts = [cost(given_back(company, delivery, "1", day(3 + n))) for n in range(3)]
    assert parts == [D("-3.33"), D("-3.34"), D("-3.33")]
    assert sum(parts) == -cost(delivery)
    assert verify_books() == []


def test_pain_9_pain_32_a_back_dated_receipt_moves_cost_and_its_return(company: World) -> None:
    received(company, "100", "10", day(1))
    delivery = delivered(company, "40", day(5))
    returned = given_back(company, delivery, "10", day(20))
    received(company, "20", "13", day(3))
    assert (cost(delivery), cost(returned)) == (D("420.00"), D("-105.00"))
    assert verify_books() == []
