"""Cycle counts: classes by what was sold, due by the days of the class, made once a day."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from hengcang.documents.reversal import Undo
from hengcang.kernel.actor import SYSTEM
from hengcang.kernel.errors import Refused
from hengcang.register.tasks import make_counts
from hengcang.stock import plans
from hengcang.stock.actions.count_posting import reverse_stock_count
from hengcang.stock.actions.plans import PlanDraft, make_due_count, save_count_plan
from hengcang.stock.models import CountRules, StockCount
from hengcang.stock.rules import Counting, abc_classes, due_items
from tests.stock.counted import delivered, posted, received, record
from tests.worlds import TODAY, World, world

D = Decimal


def test_classes_by_share_of_the_whole() -> None:
    values = {1: D(60), 2: D(25), 3: D(10), 4: D(5), 5: D(0), 6: D(-3)}
    classes = abc_classes(values, 80, 95)
    assert classes == {1: "A", 2: "A", 3: "B", 4: "C", 5: "C", 6: "C"}
    assert abc_classes({}, 80, 95) == {}


def test_what_is_due() -> None:
    days = {"A": 30, "B": 90, "C": 0}
    on = date(2026, 11, 24)
    items = [
        Counting(1, "A", date(2026, 10, 25)),  # exactly 30 days ago
        Counting(2, "A", date(2026, 10, 26)),
        Counting(3, "B", None),
        Counting(4, "C", None),  # its class is never counted
        Counting(5, "A", date(2026, 9, 1)),
    ]
    assert due_items(items, days, on, 10) == [5, 1, 3]
    assert due_items(items, days, on, 2) == [5, 1]


@pytest.fixture
def made(book) -> World:
    company = world(items=3)
    CountRules.objects.create(id=1, cause_above_value=None)
    for n, sold in enumerate(("60", "20", "1")):
        received(company, "100", n)
        delivered(company, sold, n)
    return company


def test_the_days_count_is_made_once(made: World) -> None:
    plan = save_count_plan(PlanDraft(made.warehouses[0].pk, c_days=0, most_a_day=1), actor=SYSTEM)
    assert [(p.abc, p.items, p.due) for p in plans.progress(SYSTEM, plan, TODAY)] == [
        ("A", 2, 2),
        ("B", 0, 0),
        ("C", 1, 0),
    ]
    first = make_due_count(plan.pk, on=TODAY, actor=SYSTEM)
    assert first is not None
    assert make_due_count(plan.pk, on=TODAY, actor=SYSTEM) == first
    assert make_counts() in {0, 1}  # the clock's own day may be another one
    assert [line.item_id for line in first.lines.all()] == [made.items[0].pk]
    # What is on an open count is not due again; what is counted waits for its days.
    second = make_due_count(plan.pk, on=TODAY + timedelta(days=1), actor=SYSTEM)
    assert second is None or second.lines.get().item_id != made.items[0].pk
    record(first, made, "40")
    posted(first)
    told = {p.abc: (p.counted, p.due) for p in plans.progress(SYSTEM, plan, TODAY)}
    assert told["A"] == (1, 1)
    reverse_stock_count(_target(first), Undo(uuid4(), "盘错", TODAY), actor=SYSTEM)
    told = {p.abc: (p.counted, p.due) for p in plans.progress(SYSTEM, plan, TODAY)}
    assert told["A"] == (0, 2)


def _target(count: StockCount):
    from tests.worlds import target

    count.refresh_from_db()
    return target(count)


def test_a_plan_is_read_strictly(made: World) -> None:
    place = made.warehouses[0].pk
    for wrong in (
        PlanDraft(place, a_days=-1),
        PlanDraft(place, a_percent=96),
        PlanDraft(place, b_percent=101),
        PlanDraft(place, most_a_day=0),
        PlanDraft(10**9),
    ):
        with pytest.raises(Refused):
            save_count_plan(wrong, actor=SYSTEM)
    save_count_plan(PlanDraft(place, a_days=7), actor=SYSTEM)
    save_count_plan(PlanDraft(place, a_days=14), actor=SYSTEM)
    assert plans.count_plans(SYSTEM).get().a_days == 14
