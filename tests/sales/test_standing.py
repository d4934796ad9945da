"""定期订单: made by its rhythm, once for every date, and tried again when it cannot be."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hengcang.kernel.actor import SYSTEM, Actor
from hengcang.kernel.errors import Refused
from hengcang.register.tasks import make_standing_orders
from hengcang.register.verify import verify_books
from hengcang.sales.actions import orders
from hengcang.sales.actions.standing import (
    RhythmDraft,
    change_standing_order,
    make_due_order,
    make_due_orders,
    save_standing_order,
)
from hengcang.sales.models import SalesOrder
from hengcang.sales.rhythm import next_date
from hengcang.sales.standing import standing_orders
from hengcang.sales.standing_models import StandingOrder
from tests.worlds import TODAY, World, draft, line, world

LATER = TODAY + timedelta(days=21)


@given(
    st.dates(date(2024, 1, 1), date(2090, 1, 1)),
    st.sampled_from(["weekly", "monthly"]),
    st.integers(1, 52),
)
def test_the_next_date_is_later_and_keeps_its_day(on: date, rhythm: str, every: int) -> None:
    after = next_date(on, rhythm, every, on.day)
    assert after > on
    if rhythm == "weekly":
        assert (after - on).days == 7 * every
    else:
        assert (after.year - on.year) * 12 + after.month - on.month == every
        assert after.day == on.day or (after + timedelta(days=1)).day == 1


def test_the_end_of_the_month_is_not_lost() -> None:
    february = next_date(date(2026, 1, 31), "monthly", 1, 31)
    assert february == date(2026, 2, 28)
    assert next_date(february, "monthly", 1, 31) == date(2026, 3, 31)


@pytest.fixture
def made(book) -> World:
    return world()


def ordered(made: World) -> SalesOrder:
    lines = [
        line(made.items[0], "3", "15"),
        line(made.items[1], "1", is_gift=True),
    ]
    return orders.save_order(draft(made.warehouses[0], lines, partner=made.customer), actor=SYSTEM)


def kept(made: World, actor: Actor = SYSTEM, **more: Any) -> StandingOrder:
    usual: dict[str, Any] = {"rhythm": "weekly", "every": 1, "next_on": TODAY}
    asked = RhythmDraft(**(usual | more))
    return save_standing_order(
        ordered(made).pk, asked, client_uuid=uuid4(), today=TODAY, actor=actor
    )


def code_of(act: Any) -> str:
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.code


def drafts() -> list[SalesOrder]:
    return list(SalesOrder.objects.filter(note__startswith="定期订单").order_by("dated"))


def test_a_draft_for_every_date_at_the_price_of_the_day(made: World) -> None:
    standing = kept(made)
    for _ in range(2):
        make_due_orders(on=TODAY, actor=SYSTEM)
    [order] = drafts()
    assert (order.status, order.dated, order.due_date) == ("draft", TODAY, TODAY)
    [only] = order.lines.all()
    assert (only.quantity, only.price) == (3, 20)
    made_later = make_due_orders(on=LATER, actor=SYSTEM)
    assert [o.dated for o in made_later] == [TODAY + timedelta(days=d) for d in (7, 14, 21)]
    standing.refresh_from_db()
    assert standing.next_on == LATER + timedelta(days=7)
    # Even a standing order that forgot how far it was makes nothing twice.
    StandingOrder.objects.update(next_on=TODAY)
    make_due_orders(on=LATER, actor=SYSTEM)
    assert len(drafts()) == 4
    assert verify_books() == []


def test_it_ends_and_it_can_be_stopped(made: World) -> None:
    ends = kept(made, until=TODAY + timedelta(days=6))
    make_due_orders(on=LATER, actor=SYSTEM)
    ends.refresh_from_db()
    assert (len(drafts()), ends.is_active) == (1, False)
    stopped = kept(made)
    asked = RhythmDraft("monthly", 2, TODAY, is_active=False)
    stopped = change_standing_order(stopped.pk, 1, asked, today=TODAY, actor=SYSTEM)
    assert (stopped.version, make_due_order(stopped.pk, on=LATER, actor=SYSTEM)) == (2, [])
    assert code_of(
        lambda: change_standing_order(stopped.pk, 1, asked, today=TODAY, actor=SYSTEM)
    ) == "stale_version"  # fmt: skip


def test_what_cannot_be_made_is_said_and_tried_again(made: World) -> None:
    standing = kept(made)
    made.items[0].is_active = False
    made.items[0].save()
    assert make_due_orders(on=TODAY, actor=SYSTEM) == []
    standing.refresh_from_db()
    assert "已停用" in standing.trouble
    assert standing.next_on == TODAY
    made.items[0].is_active = True
    made.items[0].save()
    assert len(make_due_orders(on=TODAY, actor=SYSTEM)) == 1
    standing.refresh_from_db()
    assert standing.trouble == ""


def test_the_same_intent_once_and_what_is_refused(made: World) -> None:
    order, key, asked = ordered(made), uuid4(), RhythmDraft("weekly", 1, TODAY)
    for _ in range(2):
        save_standing_order(order.pk, asked, client_uuid=key, today=TODAY, actor=SYSTEM)
    assert StandingOrder.objects.count() == 1
    for more, code in (
        ({"rhythm": "daily"}, "field_invalid"),
        ({"every": 0}, "field_invalid"),
        ({"every": 53}, "field_invalid"),
        ({"next_on": TODAY - timedelta(days=1)}, "not_before_today"),
        ({"until": TODAY - timedelta(days=1)}, "validity_backwards"),
        ({"note": "长" * 201}, "field_invalid"),
    ):
        assert code_of(lambda more=more: kept(made, **more)) == code
    assert StandingOrder.objects.count() == 1


def test_permission_and_scope(made: World) -> None:
    standing = kept(made)
    looks = Actor(7, "看", frozenset({"sales_order.view"}), None)
    away = Actor(
        8, "远", frozenset({"sales_order.view", "sales_order.save"}),
        frozenset({made.warehouses[1].pk}),
    )  # fmt: skip
    assert list(standing_orders(looks)) == [standing]
    assert list(standing_orders(away)) == []
    assert code_of(lambda: make_due_order(standing.pk, on=TODAY, actor=looks)) == "forbidden"
    assert code_of(lambda: make_due_order(standing.pk, on=TODAY, actor=away)) == "not_found"
    asked = RhythmDraft("weekly", 1, TODAY)
    assert code_of(
        lambda: change_standing_order(standing.pk, 1, asked, today=TODAY, actor=away)
    ) == "not_found"  # fmt: skip


def test_the_daily_job_runs_twice(made: World) -> None:
    StandingOrder.objects.filter(pk=kept(made).pk).update(next_on=date(2026, 11, 20))
    before = make_standing_orders()
    assert make_standing_orders() == 0
    assert len(drafts()) == before
