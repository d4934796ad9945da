"""Counts of goods kept by batch, bin and status: each key against its own book."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from hengcang.books.models import Book
from hengcang.catalog.models import Batch, Item
from hengcang.documents.reversal import Undo
from hengcang.kernel.actor import SYSTEM
from hengcang.kernel.errors import Refused, RefusedLines
from hengcang.kernel.refusals import sentence
from hengcang.ledger.models import Availability, CostBalance, StockBalance
from hengcang.places.models import BinLocation
from hengcang.register.verify import verify_books
from hengcang.sales.actions import orders
from hengcang.stock import variance
from hengcang.stock.actions import counts, tallies
from hengcang.stock.actions.count_posting import reverse_stock_count
from hengcang.stock.count_drafts import CountEntry, CountScope, Explanation, Mode, Recount, Which
from hengcang.stock.models import CountRules, StockCount, StockTally
from tests.documents.test_set_size import statements
from tests.stock.batched import dairy, keys, put
from tests.stock.counted import delivered, posted, started, submitted
from tests.worlds import TODAY, World, draft, line, target, world

D = Decimal
LATER = TODAY + timedelta(days=90)


@pytest.fixture
def milk(book: Book) -> World:
    """L1 in two bins, L2 in one, and three defective of L1."""
    made = dairy()
    CountRules.objects.create(id=1, cause_above_value=None)
    put(made, "20", "L1", "A-1", expiry_date=LATER)
    put(made, "10", "L1", "B-1")
    put(made, "30", "L2", "B-1", expiry_date=LATER + timedelta(days=1))
    put(made, "3", "L1", "A-1", stock_status="defect")
    return made


def tell(count: StockCount, made: World, quantity: str, n: int = 0, **which: Any) -> None:
    entry = CountEntry(made.items[n].pk, D(quantity), which=Which(**which))
    tallies.record_counts(count.pk, [entry], Mode.SET, uuid4(), actor=SYSTEM)


def told(count: StockCount) -> list[tuple]:
    lines = variance.variance_lines(SYSTEM, count)
    return [
        (ln.batch_no, ln.bin_code, ln.stock_status, ln.counted, ln.book, ln.difference)
        for ln in lines
    ]


def test_a_line_for_every_key_and_each_against_its_own_book(milk: World) -> None:
    count = started(milk)
    expected = [
        ("L1", "A-1", "defect", 3),
        ("L1", "A-1", "good", 20),
        ("L1", "B-1", "good", 10),
        ("L2", "B-1", "good", 30),
    ]
    lines = count.lines.select_related("batch", "bin")
    assert sorted(
        (str(ln.batch), str(ln.bin), ln.stock_status, ln.expected) for ln in lines
    ) == sorted(expected)
    tell(count, milk, "18", batch_no="L1", bin_code="A-1")
    tell(count, milk, "12", batch_no="L1", bin_code="B-1")
    tell(count, milk, "3", batch_no="L1", stock_status="defect")
    delivered(milk, "5")  # the first to expire: L1, from A-1, after its counting
    tell(count, milk, "29", batch_no="L2")
    assert sorted(told(posted(count))) == sorted(
        [
            ("L1", "A-1", "defect", 3, 3, 0),
            ("L1", "A-1", "good", 18, 20, -2),
            ("L1", "B-1", "good", 12, 10, 2),
            ("L2", "B-1", "good", 29, 30, -1),
        ]
    )
    assert keys(milk) == {
        ("L1", "A-1", "good"): 13,
        ("L1", "B-1", "good"): 12,
        ("L2", "B-1", "good"): 29,
        ("L1", "A-1", "defect"): 3,
    }
    assert CostBalance.objects.get(item=milk.items[0]).value == 570
    assert verify_books() == []


def test_reversed_every_key_is_as_it_was(milk: World) -> None:
    before = keys(milk)
    count = started(milk)
    tell(count, milk, "0", batch_no="L1", bin_code="A-1")
    tell(count, milk, "37", batch_no="L2")
    tell(count, milk, "1", stock_status="defect")
    done = posted(count)
    assert keys(milk) != before
    reverse_stock_count(target(done), Undo(uuid4(), "盘错", TODAY), actor=SYSTEM)
    assert keys(milk) == before
    assert verify_books() == []


@pytest.mark.parametrize(
    ("which", "code"),
    [
        ({}, "count_key_open"),
        ({"batch_no": "L1"}, "count_key_open"),
        ({"bin_code": "B-1"}, "count_key_open"),
        ({"batch_no": "L9"}, "count_batch_unknown"),
        ({"batch_no": "L1", "bin_code": "Z-9"}, "bin_unknown"),
        ({"batch_no": "-", "bin_code": "A-1"}, "batch_missing"),
        ({"stock_status": "qc"}, "batch_missing"),
        ({"batch_no": "L1", "bin_code": "A-1", "expiry_date": TODAY}, "batch_dates_differ"),
        ({"batch_no": "L1", "is_new": True, "expiry_date": TODAY}, "batch_dates_differ"),
    ],
)
def test_goods_that_are_not_named_clearly_are_refused(milk: World, which: dict, code: str) -> None:
    count = started(milk)
    with pytest.raises(RefusedLines) as refused:
        tell(count, milk, "1", **which)
    assert [r.code for r in refused.value.refusals] == [code]
    assert "？" not in sentence(refused.value.refusals[0])
    assert not StockTally.objects.exists()


def test_what_is_left_open_is_the_only_one_there_is(milk: World) -> None:
    count = started(milk)
    tell(count, milk, "19", bin_code="A-1")  # of L1, the only good batch there
    tell(count, milk, "28", batch_no="L2")
    tell(count, milk, "2", stock_status="defect")
    found = {(row[0], row[1], row[2]): row[3] for row in told(count)}
    assert found == {
        ("L1", "A-1", "good"): 19,
        ("L1", "B-1", "good"): None,
        ("L2", "B-1", "good"): 28,
        ("L1", "A-1", "defect"): 2,
    }


def test_a_batch_the_books_do_not_have_is_a_gain_at_average_cost(milk: World) -> None:
    put(milk, "63", "L3", "A-1", cost="20")  # the average is 15 now
    count = started(milk)
    made_on = TODAY - timedelta(days=30)
    tell(count, milk, "4", batch_no="N7", bin_code="B-1", is_new=True, mfg_date=made_on)
    batch = Batch.objects.get(batch_no="N7")
    assert batch.expiry_date == made_on + timedelta(days=180)
    done = posted(count)
    assert keys(milk)["N7", "B-1", "good"] == 4
    gained = done.lines.get(batch=batch)
    assert (gained.expected, gained.book, gained.counted, gained.quantity) == (0, 0, 4, 4)
    assert CostBalance.objects.get(item=milk.items[0]).value == 63 * 10 + 63 * 20 + 4 * 15
    assert verify_books() == []


def test_a_zone_finds_keys_one_by_one(milk: World) -> None:
    count = started(milk, scope=CountScope.ZONE, zone="A 区")
    assert not count.lines.exists()
    tell(count, milk, "9", batch_no="L1", bin_code="B-1")
    posted(count)
    assert keys(milk)["L1", "B-1", "good"] == 9
    assert keys(milk)["L1", "A-1", "good"] == 20
    assert verify_books() == []


def test_promises_give_way_by_item_not_by_batch(milk: World) -> None:
    sold = draft(milk.warehouses[0], [line(milk.items[0], "58", "20")], partner=milk.customer)
    order = orders.step_order(
        target(orders.save_order(sold, actor=SYSTEM)), "approve", actor=SYSTEM
    )
    assert order.status == "approved"  # which reserves what is available
    held = Availability.objects.get(item=milk.items[0], warehouse=milk.warehouses[0])
    assert (held.on_hand, held.reserved) == (60, 58)
    count = started(milk)
    tell(count, milk, "14", batch_no="L1", bin_code="A-1")  # 6 are missing
    tell(count, milk, "11", batch_no="L1", bin_code="B-1")  # and one was found
    tell(count, milk, "0", stock_status="defect")  # nobody was promised these
    posted(count)
    held.refresh_from_db()
    assert (held.on_hand, held.reserved) == (55, 55)
    assert verify_books() == []


def test_one_line_is_explained_and_counted_again_alone(milk: World) -> None:
    CountRules.objects.update(cause_above_quantity=1)
    count = started(milk)
    tell(count, milk, "18", batch_no="L1", bin_code="A-1")
    tell(count, milk, "31", batch_no="L2")
    submitted(count)
    with pytest.raises(RefusedLines) as refused:
        posted(count)
    assert {r.code for r in refused.value.refusals} == {"cause_missing"}
    position = count.lines.get(quantity=0, expected=20).position
    count.refresh_from_db()
    counts.recount_stock_count(target(count), Recount(lines=(position,)), actor=SYSTEM)
    assert [row[3] for row in told(count) if row[3] is not None] == [31]
    tell(count, milk, "20", batch_no="L1", bin_code="A-1")
    count.refresh_from_db()
    other = count.lines.get(expected=30)
    why = Explanation(milk.items[0].pk, "点错", "李仓管", line=other.position)
    counts.explain_stock_count(target(count), [why], actor=SYSTEM)
    assert count.lines.filter(cause="点错").count() == 1
    count.refresh_from_db()
    with pytest.raises(Refused, match="item_not_in_count"):
        counts.explain_stock_count(target(count), [replace(why, line=99)], actor=SYSTEM)
    posted(count)
    assert keys(milk)["L2", "B-1", "good"] == 31
    assert verify_books() == []


def test_a_sheet_names_batch_bin_status_and_new_batches(milk: World) -> None:
    count = started(milk)
    sheet = "\n".join(
        [
            "编码\t数量\t单位\t区域\t备注\t批号\t库位\t状态\t生产日期\t有效期至\t新批次",
            "S001\t18\t\t\t\tL1\ta-1",
            "S001\t12\t\t\t\tL1\tB-1",
            "S001\t2\t\t\t\tL1\tA-1\t不良",
            "S001\t5\t\t\t\tN8\tB-1\t良品\t2026-11-01\t2027/1/5\t是",
            "S001\t30\t\t\t\tL2",
        ]
    )
    tallies.record_sheet(count.pk, sheet, uuid4(), actor=SYSTEM)
    posted(count)
    assert keys(milk) == {
        ("L1", "A-1", "good"): 18,
        ("L1", "B-1", "good"): 12,
        ("L1", "A-1", "defect"): 2,
        ("N8", "B-1", "good"): 5,
        ("L2", "B-1", "good"): 30,
    }
    assert str(Batch.objects.get(batch_no="N8").expiry_date) == "2027-01-05"
    assert verify_books() == []


def test_every_wrong_line_of_a_sheet_and_no_batch_is_made(milk: World) -> None:
    count = started(milk)
    sheet = "\n".join(
        [
            "S001\t1\t\t\t\tN9\tB-1\t\t\t\t是",
            "S001\t1\t\t\t\tL9",
            "S001\t1\t\t\t\tL1\tB-1\t坏",
            "S001\t1\t\t\t\tL1\tB-1\t\t2026-13-01",
            "S001\t1\t\t\t\tL1\tB-1\t\t\t\t对",
            "S001\t1\t\t\t\tL2",
            "S001\t1\t\t\t\tL2\tB-1",
            "S001\t1",
        ]
    )
    with pytest.raises(RefusedLines) as refused:
        tallies.record_sheet(count.pk, sheet, uuid4(), actor=SYSTEM)
    assert [(r.field, r.code) for r in refused.value.refusals] == [
        ("lines.2.batch_no", "count_batch_unknown"),
        ("lines.3.stock_status", "stock_status_unknown"),
        ("lines.4", "date_unreadable"),
        ("lines.5", "field_invalid"),
        ("lines.7.item", "counted_twice"),
        ("lines.8.batch_no", "count_key_open"),
    ]
    assert not StockTally.objects.exists()
    assert not Batch.objects.filter(batch_no="N9").exists()


def test_statements_do_not_grow_with_keys(book: Book) -> None:
    made = world(items=1, warehouses=1)
    CountRules.objects.create(id=1, cause_above_value=None)
    Item.objects.update(tracks_batch=True)
    place = made.warehouses[0]
    BinLocation.objects.create(warehouse=place, code="A-1")
    type(place).objects.update(uses_bins=True)
    place.refresh_from_db()
    seen = []
    for n in range(40):
        put(made, "5", f"L{n:02d}", "A-1", expiry_date=LATER)
    for size in (40, 4, 40):
        count = started(made)
        sheet = "\n".join(f"S001\t{n % 3 + 4}\t\t\t\tL{n:02d}" for n in range(size))
        with statements() as many:
            tallies.record_sheet(count.pk, sheet, uuid4(), actor=SYSTEM)
            posted(count)
        seen.append(len(many))
    assert seen[1] == seen[2]
    assert StockBalance.objects.filter(quantity=4).count() == 14
    assert verify_books() == []
