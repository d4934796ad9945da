"""Stock by batch, bin and status, and what expires: the books' own figures, page by page."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from hengcang.books.models import Book
from hengcang.catalog.models import Item
from hengcang.kernel.actor import SYSTEM, Actor
from hengcang.kernel.errors import Refused
from hengcang.ledger.whereabouts import (
    ExpiryFilter,
    WhereFilter,
    expiring,
    expiring_totals,
    whereabouts,
    whereabouts_totals,
)
from hengcang.register.verify import verify_books
from tests.documents.test_set_size import statements
from tests.stock.batched import dairy, put
from tests.worlds import TODAY, World

D = Decimal


@pytest.fixture
def full(book: Book) -> World:
    """Two batches in two bins, one of them also defective; another item in the second place."""
    made = dairy()
    put(made, "30", "L2", "B-1", expiry_date=TODAY + timedelta(days=40))
    put(made, "20", "L1", "A-1", expiry_date=TODAY + timedelta(days=10))
    put(made, "5", "L1", "B-1", stock_status="defect")
    put(made, "7", "K1", n=1, place=1, expiry_date=TODAY - timedelta(days=3), cost="4")
    return made


def _keys(found: list) -> list[tuple]:
    return [(f.code, f.batch_no, f.bin_code, f.status, f.on_hand) for f in found]


def test_every_key_with_its_expiry_in_order(full: World) -> None:
    found = whereabouts(SYSTEM, WhereFilter(), on=TODAY)
    assert _keys(found) == [
        ("S001", "L1", "A-1", "good", 20),
        ("S001", "L1", "B-1", "defect", 5),
        ("S001", "L2", "B-1", "good", 30),
        ("S002", "K1", "", "good", 7),
    ]
    assert [f.days_to_expiry for f in found] == [10, 10, 40, -3]
    assert [f.is_near for f in found] == [True, True, False, True]
    totals = whereabouts_totals(SYSTEM, WhereFilter())
    assert (totals.rows, totals.on_hand) == (4, 62)
    assert verify_books() == []


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"status": "defect"}, [5]),
        ({"batch_no": "L"}, [20, 5, 30]),
        ({"batch_no": "L2"}, [30]),
        ({"bin_code": "b"}, [5, 30]),
        ({"words": "商品2"}, [7]),
        ({"batch_no": "%"}, []),
    ],
)
def test_filters(full: World, asked: dict, found: list) -> None:
    Item.objects.filter(code="S002").update(search_text="商品2")
    wanted = WhereFilter(**asked)
    assert [f.on_hand for f in whereabouts(SYSTEM, wanted, on=TODAY)] == found
    assert whereabouts_totals(SYSTEM, wanted).on_hand == sum(found)


def test_pages_follow_each_other(full: World) -> None:
    page, seen = WhereFilter(limit=1), []
    while found := whereabouts(SYSTEM, page, on=TODAY):
        seen += found
        page = replace(page, after=found[-1].stock_id)
    assert seen == whereabouts(SYSTEM, WhereFilter(), on=TODAY)
    expiry, later = ExpiryFilter(within=100, limit=1), []
    while some := expiring(SYSTEM, expiry, on=TODAY):
        later += some
        last = some[-1]
        expiry = replace(expiry, after=(last.expiry_date, last.batch_id, last.warehouse_id))
    assert later == expiring(SYSTEM, ExpiryFilter(within=100), on=TODAY)
    assert len(later) == 3


def test_what_expires_first_with_its_value(full: World) -> None:
    found = expiring(SYSTEM, ExpiryFilter(), on=TODAY)
    told = [(f.batch_no, f.days_to_expiry, f.quantity, f.value) for f in found]
    assert told == [("K1", -3, 7, D(28)), ("L1", 10, 25, D(250))]
    totals = expiring_totals(SYSTEM, ExpiryFilter(), on=TODAY)
    assert (totals.rows, totals.expired, totals.quantity, totals.value) == (2, 1, 32, D(278))
    Item.objects.filter(code="S001").update(near_expiry_days=60)
    assert len(expiring(SYSTEM, ExpiryFilter(), on=TODAY)) == 3
    assert len(expiring(SYSTEM, ExpiryFilter(within=5), on=TODAY)) == 1
    assert [f.batch_no for f in expiring(SYSTEM, ExpiryFilter(expired=False), on=TODAY)] == [
        "L1",
        "L2",
    ]


def test_only_in_reach_and_no_value_without_the_right(full: World) -> None:
    second = full.warehouses[1].pk
    keeper = Actor(9, "李仓管", frozenset({"stock.view"}), frozenset({second}))
    assert [f.batch_no for f in whereabouts(keeper, WhereFilter(), on=TODAY)] == ["K1"]
    assert [(f.batch_no, f.value) for f in expiring(keeper, ExpiryFilter(), on=TODAY)] == [
        ("K1", None)
    ]
    assert expiring_totals(keeper, ExpiryFilter(), on=TODAY).value is None
    stranger = Actor(9, "外人", frozenset(), frozenset({second}))
    with pytest.raises(Refused, match="forbidden"):
        whereabouts(stranger, WhereFilter(), on=TODAY)
    with pytest.raises(Refused, match="forbidden"):
        expiring(stranger, ExpiryFilter(), on=TODAY)


def test_one_statement_however_many_keys(full: World) -> None:
    for n in range(6):
        put(full, "1", f"M{n}", "A-1", expiry_date=TODAY)
    for read in (
        lambda: whereabouts(SYSTEM, WhereFilter(), on=TODAY),
        lambda: whereabouts_totals(SYSTEM, WhereFilter()),
        lambda: expiring(SYSTEM, ExpiryFilter(), on=TODAY),
        lambda: expiring_totals(SYSTEM, ExpiryFilter(), on=TODAY),
    ):
        with statements() as seen:
            read()
        assert len(seen) == 1
