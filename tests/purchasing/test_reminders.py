"""到货提醒: made once per line and stage, gone when the goods are there."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hengcang.books.models import Book
from hengcang.compliance.models import AuditLine
from hengcang.kernel.actor import SYSTEM, Actor
from hengcang.kernel.errors import Refused
from hengcang.outbox.models import OutboxMessage
from hengcang.purchasing.actions import orders, receipts
from hengcang.purchasing.actions.policy import PolicyDraft, save_purchase_policy
from hengcang.purchasing.actions.reminders import close_reminder, make_reminders
from hengcang.purchasing.models import PurchaseOrder
from hengcang.purchasing.reminders import ReminderFilter, reminder_count, reminders
from hengcang.purchasing.watching import Patience, Stage
from hengcang.purchasing.watching_models import PurchaseReminder
from hengcang.register import tasks
from hengcang.register.verify import verify_books
from tests.worlds import TODAY, World, draft, line, target, world

BUYER = Actor(
    id=3,
    name="采购员",
    permissions=frozenset({"purchase_order.view", "purchase_order.save"}),
    warehouse_ids=None,
)
LEAD = replace(BUYER, id=4, permissions=BUYER.permissions | {"purchase_reminder.lead"})
CLERK = replace(BUYER, id=5, permissions=frozenset({"purchase_order.view"}))
DUE = TODAY + timedelta(days=3)


@pytest.mark.parametrize(
    ("days", "stage"),
    [
        (-4, None),
        (-3, "soon"),
        (0, "soon"),
        (1, "late"),
        (6, "late"),
        (7, "escalated"),
        (90, "escalated"),
    ],
)
def test_stages(days: int, stage: str | None) -> None:
    assert Patience(3, 7).stage(TODAY, TODAY + timedelta(days=days)) == stage


def test_what_is_not_asked_for_is_not_told() -> None:
    late, soon = TODAY + timedelta(days=9), TODAY - timedelta(days=1)
    assert Patience(None, None).stage(TODAY, late) is None
    assert Patience(3, None).stage(TODAY, late) == Stage.LATE
    assert Patience(None, 7).stage(TODAY, soon) is None
    assert Patience(3, 0).stage(TODAY, TODAY) == Stage.SOON


@pytest.fixture
def made(book: Book) -> World:
    return world()


def _ordered(made: World, *dues: date | None, place: int = 0) -> PurchaseOrder:
    lines = [line(made.items[n % 2], "10", "3", due_date=due) for n, due in enumerate(dues)]
    wanted = replace(draft(made.warehouses[place], lines, partner=made.supplier), due_date=DUE)
    saved = orders.save_order(wanted, actor=replace(SYSTEM, id=3, name="采购员"))
    return orders.step_order(target(saved), "approve", actor=SYSTEM)


def _make(days: int = 0) -> int:
    return make_reminders(on=TODAY + timedelta(days=days), actor=SYSTEM)


def _open(actor: Actor = SYSTEM, *, mine: bool = False) -> list[tuple[int, str]]:
    found = reminders(actor, ReminderFilter(mine=mine))
    return [(row.order_line.position, row.stage) for row in found]


def _closed() -> list[tuple[int, str, str]]:
    rows = PurchaseReminder.objects.filter(closed_on__isnull=False).order_by("id")
    return [(row.order_line.position, row.stage, row.closed_why) for row in rows]


def test_each_stage_once_and_only_the_last_is_open(made: World) -> None:
    _ordered(made, None, TODAY + timedelta(days=30))
    assert [_make(), _make(), _make(1)] == [1, 0, 0]
    assert _open() == [(1, "soon")]
    assert _make(4) == 1
    assert (_open(), _closed()) == ([(1, "late")], [(1, "soon", "superseded")])
    assert _make(10) == 1
    assert _open() == [(1, "escalated")]
    assert [_make(10), _make(11)] == [0, 0]


def test_a_job_that_slept_goes_to_the_stage_of_the_day(made: World) -> None:
    _ordered(made, None)
    assert _make(20) == 1
    assert _open() == [(1, "escalated")]
    assert _closed() == []


def test_goods_that_came_need_nobody(made: World) -> None:
    order = _ordered(made, None, None)
    _make()
    only = order.lines.get(position=1).pk
    for part in ("4", "6"):
        assert len(_open()) == 2
        receipts.receive_order(
            order.pk, {only: Decimal(part)}, on=TODAY, client_uuid=uuid4(), actor=SYSTEM
        )
    assert _open() == [(2, "soon")]
    assert _make(1) == 0
    assert _closed() == [(1, "soon", "received")]
    assert verify_books() == []


def test_closing_or_redating_an_order_closes_them(made: World) -> None:
    closed, moved = _ordered(made, None), _ordered(made, None)
    _make()
    orders.step_order(target(closed), "close", actor=SYSTEM, reason="不要了")
    moved.lines.update(due_date=TODAY + timedelta(days=2))
    assert _open() == []
    assert _make() == 1
    assert {why for _, _, why in _closed()} == {"closed", "moved"}
    assert _open() == [(1, "soon")]


def test_a_rewritten_order_takes_its_reminders_along(made: World) -> None:
    order = _ordered(made, None)
    _make()
    order = orders.step_order(target(order), "take_back", actor=SYSTEM)
    assert _open() == []
    changed = draft(made.warehouses[0], [line(made.items[0], "1", "3")], partner=made.supplier)
    orders.change_order(target(order), changed, actor=SYSTEM)
    assert not PurchaseReminder.objects.exists()


def test_whose_they_are(made: World) -> None:
    _ordered(made, TODAY - timedelta(days=1), TODAY - timedelta(days=9))
    _make()
    assert _open(BUYER, mine=True) == [(1, "late")]
    assert _open(LEAD, mine=True) == [(2, "escalated")]
    assert len(_open(CLERK)) == 2
    counts = reminder_count(BUYER)
    assert (counts.all, counts.mine, counts.late) == (2, 1, 1)


def test_by_hand_with_a_note_and_by_whom_it_may(made: World) -> None:
    _ordered(made, TODAY - timedelta(days=1), TODAY - timedelta(days=9))
    _make()
    late, escalated = reminders(SYSTEM, ReminderFilter())[::-1]

    def refused(pk: int, note: str, actor: Actor) -> str:
        with pytest.raises(Refused) as found:
            close_reminder(pk, note, on=TODAY, actor=actor)
        return found.value.code

    assert refused(late.pk, "催了", CLERK) == "forbidden"
    assert refused(escalated.pk, "催了", BUYER) == "forbidden"
    assert refused(late.pk, "  ", BUYER) == "reason_missing"
    assert refused(late.pk, "催了", replace(BUYER, warehouse_ids=frozenset())) == "not_found"
    assert _closed() == []
    close_reminder(late.pk, "周五到", on=TODAY, actor=BUYER)
    assert refused(late.pk, "周五到", BUYER) == "reminder_closed"
    assert _open() == [(2, "escalated")]
    told = AuditLine.objects.get(verb="purchase_reminder.close")
    assert told.facts == {"reason": "周五到"}
    assert _make() == 0
    assert _make(6) == 1  # but when they still do not come, the lead is told


def test_the_job_says_it_once_in_the_outbox(made: World) -> None:
    _ordered(made, None, TODAY - timedelta(days=9))
    assert tasks.remind_of_purchases() >= 1
    assert tasks.remind_of_purchases() == 0
    (message,) = OutboxMessage.objects.all()
    assert message.topic == "purchase_reminders"
    assert AuditLine.objects.filter(verb="purchase_reminder.make").count() == 1


def test_settings_decide(made: World) -> None:
    _ordered(made, None)
    save_purchase_policy(PolicyDraft(), 1, actor=SYSTEM)
    assert _make() == 0
    save_purchase_policy(PolicyDraft(remind_days_before=2), 2, actor=SYSTEM)
    assert _make() == 0
    save_purchase_policy(PolicyDraft(remind_days_before=3), 3, actor=SYSTEM)
    assert _make() == 1


def test_statements_do_not_grow_with_lines(made: World) -> None:
    _ordered(made, None)
    with CaptureQueriesContext(connection) as few:
        _make()
    for _ in range(4):
        _ordered(made, None, None, None)
    with CaptureQueriesContext(connection) as many:
        assert _make() == 12
    assert len(many) <= len(few)
