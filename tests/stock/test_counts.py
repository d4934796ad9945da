"""A count finds what is there, against the books as they stood when each item was counted."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from hengcang.compliance.models import AuditLine
from hengcang.documents.drafts import Target
from hengcang.documents.reversal import Undo
from hengcang.identity.roles import TEMPLATES
from hengcang.kernel.actor import SYSTEM, Actor
from hengcang.kernel.errors import Refused, RefusedLines
from hengcang.ledger import queries as books
from hengcang.ledger.queries import StockFilter
from hengcang.register.counting import post_stock_count
from hengcang.register.verify import verify_books
from hengcang.sales.actions import orders
from hengcang.sales.models import SalesOrderLine
from hengcang.stock.actions import counts, tallies
from hengcang.stock.actions.count_posting import reverse_stock_count
from hengcang.stock.count_drafts import CountDraft, CountEntry, CountScope, Mode, MovedFrom, Recount
from hengcang.stock.models import CountRules, StockTally
from tests.stock.counted import delivered, posted, received, record, said, started, submitted
from tests.worlds import TODAY, World, draft, line, target, world

D = Decimal


@pytest.fixture
def made(book) -> World:
    company = world()
    received(company, "100")
    CountRules.objects.create(id=1, cause_above_value=None)
    return company


def on_hand(made: World, n: int = 0) -> tuple[Decimal, Decimal | None]:
    rows = books.on_hand(SYSTEM, StockFilter(item_ids=(made.items[n].pk,), nonzero=False))
    row = next(r for r in rows if r.warehouse_id == made.warehouses[0].pk)
    return row.on_hand, row.value


def test_a_loss_leaves_at_cost_and_a_gain_comes_in_at_the_average(made: World) -> None:
    count = started(made)
    assert count.number == "PDD202611-0001"
    record(count, made, "97")
    assert posted(count).status == "posted"
    assert on_hand(made) == (97, D("970.00"))
    again = started(made)
    record(again, made, "99.5")
    posted(again)
    assert on_hand(made) == (D("99.5"), D("995.00"))
    assert verify_books() == []


def test_goods_keep_moving_while_people_count(made: World) -> None:
    count = started(made)
    delivered(made, "10")
    record(count, made, "88")  # the books say 90 at this moment
    delivered(made, "8")
    received(made, "5")
    posted(count)
    assert on_hand(made)[0] == 85  # 88 - 8 + 5
    assert verify_books() == []


def test_what_was_written_late_had_happened_before_the_counting(made: World) -> None:
    received(made, "20", dated=TODAY - timedelta(days=3))
    count = started(made)
    record(count, made, "110")  # ten of the 120 had left yesterday, nobody had written it down
    delivered(made, "10", dated=TODAY - timedelta(days=1))
    posted(count)
    assert on_hand(made)[0] == 110
    assert verify_books() == []


def test_several_people_and_places_add_up(made: World) -> None:
    count = started(made)
    record(count, made, "40", zone="A", mode=Mode.ADD)
    record(count, made, "1", zone="A", mode=Mode.ADD)
    record(count, made, "50", zone="B", mode=Mode.ADD)
    record(count, made, "58", zone="B", mode=Mode.SET)  # counted anew: replaces the 50
    posted(count)
    assert on_hand(made)[0] == 99
    assert verify_books() == []


@pytest.mark.parametrize(
    ("moved_from", "left"), [(MovedFrom.COUNTED, 96), (MovedFrom.UNCOUNTED, 100)]
)
def test_goods_that_moved_between_two_counts_of_an_item(
    made: World, moved_from: MovedFrom, left: int
) -> None:
    count = started(made)
    record(count, made, "40", zone="A")
    delivered(made, "4")
    record(count, made, "60", zone="B")
    submitted(count)
    with pytest.raises(RefusedLines) as told:
        posted(count)
    assert [r.code for r in told.value.refusals] == ["count_uncertain"]
    said(count, made.items[0], moved_from=moved_from)
    posted(count)
    # 4 left A after it was counted: 96 are there; 4 left B before: all 100 counted are.
    assert on_hand(made)[0] == left
    assert verify_books() == []


def test_a_recount_replaces_what_was_counted(made: World) -> None:
    count = started(made)
    record(count, made, "40", zone="A")
    delivered(made, "4")
    record(count, made, "61", zone="B")
    counted = submitted(count)
    counts.recount_stock_count(target(counted), Recount((made.items[0].pk,)), actor=SYSTEM)
    record(count, made, "97")
    posted(count)
    assert on_hand(made)[0] == 97
    assert verify_books() == []


def test_found_goods_without_a_shelf_price_need_a_stated_cost(made: World) -> None:
    count = started(made)
    record(count, made, "7", n=1)  # not expected at all
    submitted(count)
    with pytest.raises(RefusedLines) as told:
        posted(count)
    assert told.value.refusals[0].code == "cost_missing"
    said(count, made.items[1], unit_cost=D("2.345"))
    posted(count)
    assert on_hand(made, 1) == (7, D("16.42"))  # 16.415 to the cent
    assert on_hand(made, 0)[0] == 100  # nobody counted it
    assert verify_books() == []


def test_a_large_difference_needs_a_cause_and_a_person(made: World) -> None:
    CountRules.objects.update(cause_above_quantity=D(5), cause_above_value=D("29.99"))
    count = started(made)
    record(count, made, "97")  # 3 pieces, 30.00
    submitted(count)
    with pytest.raises(RefusedLines) as told:
        posted(count)
    assert told.value.refusals[0].code == "cause_missing"
    said(count, made.items[0])
    posted(count)
    assert count.lines.get().cause == "丢失"


def _ordered(made: World, quantity: str, dated: date = TODAY):
    asked = draft(
        made.warehouses[0], [line(made.items[0], quantity, "20")], dated, partner=made.customer
    )
    order = orders.save_order(asked, actor=SYSTEM)
    return orders.step_order(target(order), "approve", actor=SYSTEM)


def test_a_true_count_breaks_the_newest_reservations(made: World) -> None:
    older, newer = _ordered(made, "60", TODAY - timedelta(days=2)), _ordered(made, "40")
    count = started(made)
    record(count, made, "75")
    posted(count)
    assert on_hand(made)[0] == 75
    held = dict(SalesOrderLine.objects.values_list("document_id", "qty_reserved"))
    assert held == {older.pk: 60, newer.pk: 15}
    told = AuditLine.objects.get(verb="sales_order.break_reservation")
    assert told.subject_id == newer.pk
    assert "少占用 25" in told.facts["reason"]
    assert verify_books() == []


def test_undoing_a_count_brings_everything_back(made: World) -> None:
    received(made, "50", n=1)
    count = started(made)
    record(count, made, "97")
    record(count, made, "52", n=1)
    done = posted(count)
    undo = Undo(uuid4(), "盘错", TODAY)
    twin = reverse_stock_count(target(done), undo, actor=SYSTEM)
    assert (twin.number, twin.status) == ("PDD202611-0002", "posted")
    assert on_hand(made) == (100, D("1000.00"))
    assert on_hand(made, 1) == (50, D("500.00"))
    assert reverse_stock_count(target(done), undo, actor=SYSTEM).pk == twin.pk
    assert verify_books() == []


def test_a_correction_is_no_movement(made: World) -> None:
    """A reversed count while the next one is under way: what is there did not change."""
    first = started(made)
    record(first, made, "90")
    done = posted(first)
    second = started(made)
    record(second, made, "96")
    reverse_stock_count(target(done), Undo(uuid4(), "盘错", TODAY), actor=SYSTEM)
    posted(second)
    assert on_hand(made)[0] == 96
    assert verify_books() == []


def test_one_item_is_on_one_open_count(made: World) -> None:
    first = started(made)
    with pytest.raises(Refused) as told:
        started(made)
    assert told.value.code == "counted_elsewhere"
    counts.void_stock_count(target(first), actor=SYSTEM)
    started(made)


def test_scopes(made: World) -> None:
    received(made, "5", n=1)
    chosen = started(made, scope=CountScope.ITEMS, item_ids=(made.items[1].pk,))
    assert [ln.item_id for ln in chosen.lines.all()] == [made.items[1].pk]
    with pytest.raises(RefusedLines) as told:
        record(chosen, made, "1", n=0)
    assert told.value.refusals[0].code == "item_not_in_count"
    zone = started(made, scope=CountScope.ZONE, zone="A 区")
    assert not zone.lines.exists()
    record(zone, made, "99")
    posted(zone)
    assert on_hand(made)[0] == 99
    assert verify_books() == []


def test_refusals_leave_no_trace(made: World) -> None:
    count = started(made)
    record(count, made, "5", mode=Mode.ADD)
    with pytest.raises(Refused, match="counted_below_zero"):
        record(count, made, "-6", mode=Mode.ADD)
    with pytest.raises(Refused, match="wrong_status"):
        post_stock_count(target(count), actor=SYSTEM)
    with pytest.raises(Refused, match="stale_version"):
        counts.submit_stock_count(Target(count.pk, 1), actor=SYSTEM)
    submitted(count)
    with pytest.raises(Refused, match="wrong_status"):
        record(count, made, "5")
    empty = CountDraft(uuid4(), TODAY, made.warehouses[0].pk, scope=CountScope.ITEMS)
    for missing in (
        empty,
        replace(empty, scope=CountScope.ZONE, zone=" "),
        replace(empty, scope=CountScope.CATEGORY),
    ):
        with pytest.raises(Refused, match="field_missing"):
            counts.save_stock_count(missing, actor=SYSTEM)


def test_the_same_intent_counts_once(made: World) -> None:
    count = started(made)
    key = uuid4()
    entry = CountEntry(made.items[0].pk, D(30))
    for _ in range(2):
        tallies.record_counts(count.pk, [entry], Mode.ADD, key, actor=SYSTEM)
    assert StockTally.objects.count() == 1
    with pytest.raises(Refused, match="intent_reused"):
        tallies.record_counts(count.pk, [entry], Mode.SET, key, actor=SYSTEM)


def test_rights_and_scope(made: World) -> None:
    role = next(t for t in TEMPLATES if t.code == "STOREKEEPER")
    keeper = Actor(7, "李仓管", frozenset(role.permissions), frozenset({made.warehouses[0].pk}))
    away = replace(keeper, warehouse_ids=frozenset({made.warehouses[1].pk}))
    count = started(made)
    record(count, made, "99", actor=keeper)
    with pytest.raises(Refused, match="not_found"):
        record(count, made, "99", actor=away)
    counted = counts.submit_stock_count(target(count), actor=keeper)
    with pytest.raises(Refused, match="forbidden"):
        post_stock_count(target(counted), actor=keeper)
    nobody = replace(keeper, permissions=frozenset())
    with pytest.raises(Refused, match="forbidden"):
        record(count, made, "99", actor=nobody)
