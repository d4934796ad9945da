"""What suppliers announce: it moves nothing, is received in parts, and is a part of on order."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hengcang.documents.drafts import Target
from hengcang.kernel.actor import SYSTEM, Actor
from hengcang.kernel.errors import Refused, RefusedLines
from hengcang.kernel.refusals import sentence
from hengcang.ledger import queries as books
from hengcang.ledger.queries import StockFilter
from hengcang.places.models import Warehouse
from hengcang.purchasing import arrivals as reads
from hengcang.purchasing.actions import arrivals, orders, receipts
from hengcang.purchasing.actions.reminders import make_reminders
from hengcang.purchasing.arrivals import ArrivingFilter, arriving, notice_draft
from hengcang.purchasing.models import ArrivalNotice, PurchaseOrder, PurchaseReceipt
from hengcang.purchasing.progress import ProgressFilter, awaited
from hengcang.purchasing.reminders import ReminderFilter, reminder_count, reminders
from hengcang.register.verify import verify_books
from hengcang.settlement.queries import standing_of
from tests.documents.trade import bought, reversed_
from tests.purchasing import announced as said
from tests.purchasing.announced import announced, came
from tests.purchasing.inspected import to_inspect
from tests.worlds import TODAY, World, draft, line, target, world

D = Decimal


@pytest.fixture
def made(book) -> World:
    return world()


def _stock(made: World) -> tuple[Decimal, Decimal]:
    """On hand and on order of the first item."""
    rows = books.on_hand(SYSTEM, StockFilter(item_ids=(made.items[0].pk,), nonzero=False))
    return sum((r.on_hand for r in rows), D(0)), sum((r.on_order for r in rows), D(0))


def _now(notice: ArrivalNotice) -> tuple[str, list[Decimal]]:
    notice.refresh_from_db()
    return notice.status, list(notice.lines.values_list("qty_fulfilled", flat=True))


def test_a_notice_moves_no_stock_and_no_money(made: World) -> None:
    order = bought(made, "100")
    notice = announced(made, (order, "60"), due=TODAY + timedelta(days=2))
    assert str(notice.number).startswith("DHD202611-")
    assert (notice.carrier, notice.tracking_no) == ("顺丰", "SF1001")
    assert _stock(made) == (0, 100)
    assert standing_of(SYSTEM, made.supplier.pk).payable == 0
    assert notice.amount_incl_tax == 600
    assert verify_books() == []


def test_it_is_received_in_parts_and_fulfils_the_order(made: World) -> None:
    order = bought(made, "100")
    notice = announced(made, (order, "60"))
    first = came(notice, "25")
    assert (first.notice_id, first.status, first.amount_incl_tax) == (notice.pk, "posted", 250)
    assert _now(notice) == ("approved", [25])
    assert order.lines.get().qty_fulfilled == 25
    came(notice)
    assert _now(notice) == ("closed", [60])
    order.refresh_from_db()
    assert (order.status, order.lines.get().qty_fulfilled) == ("approved", 60)
    assert _stock(made) == (60, 40)
    assert verify_books() == []
    with pytest.raises(Refused) as refused:
        came(notice)
    assert refused.value.code == "source_not_open"


def test_a_reversed_receipt_opens_it_again(made: World) -> None:
    order = bought(made, "60")
    notice = announced(made, (order, "60"))
    receipt = came(notice)
    order.refresh_from_db()
    assert (_now(notice), order.status) == (("closed", [60]), "closed")
    reversed_(receipt)
    order.refresh_from_db()
    assert (_now(notice), order.status, _stock(made)) == (("approved", [0]), "approved", (0, 60))
    came(notice, "10")
    assert _now(notice) == ("approved", [10])
    assert verify_books() == []


def test_of_several_orders_of_one_supplier(made: World) -> None:
    one, two = bought(made, "10"), bought(made, "20", item=1)
    announced(made, (one, "4"))
    filled = notice_draft(SYSTEM, [one.pk, two.pk], on=TODAY, client_uuid=uuid4())
    assert [typed.quantity for typed in filled.lines] == [6, 20]
    assert filled.due_date == TODAY
    saved = arrivals.save_notice(filled, actor=SYSTEM)
    arrivals.step_notice(target(saved), "approve", actor=SYSTEM)
    came(saved)
    two.refresh_from_db()
    assert (two.status, _stock(made)) == ("closed", (6, 4))
    with pytest.raises(Refused) as refused:
        notice_draft(SYSTEM, [two.pk], on=TODAY, client_uuid=uuid4())
    assert refused.value.code == "source_not_open"
    assert verify_books() == []


def test_orders_of_other_places_do_not_come_together(made: World) -> None:
    one, two = bought(made, "10"), bought(made, "20", place=1)
    with pytest.raises(Refused) as refused:
        notice_draft(SYSTEM, [one.pk, two.pk], on=TODAY, client_uuid=uuid4())
    assert refused.value.code == "orders_differ"
    announced(made, (one, "10"))
    with pytest.raises(Refused) as refused:
        notice_draft(SYSTEM, [one.pk], on=TODAY, client_uuid=uuid4())
    assert refused.value.code == "nothing_to_announce"


def test_a_line_without_an_order_line_is_for_the_first_due(made: World) -> None:
    bought(made, "10")
    filled = replace(
        draft(made.warehouses[0], [line(made.items[0], "7")], partner=made.supplier),
        due_date=TODAY,
    )
    saved = arrivals.save_notice(filled, actor=SYSTEM)
    assert saved.lines.get().source_line.document.partner_id == made.supplier.pk
    stranger = line(made.items[1], "1")
    with pytest.raises(RefusedLines) as refused:
        arrivals.save_notice(
            replace(filled, client_uuid=uuid4(), lines=(*filled.lines, stranger)), actor=SYSTEM
        )
    assert [one.code for one in refused.value.refusals] == ["order_line_missing"]


def test_no_more_than_is_open_and_tolerated(made: World) -> None:
    order = bought(made, "100")
    made.items[0].over_receipt_rate = D(10)
    made.items[0].save()
    first = announced(made, (order, "80"))
    saved = arrivals.save_notice(said.notice_draft(made, (order, "31")), actor=SYSTEM)
    with pytest.raises(Refused) as refused:
        arrivals.step_notice(target(saved), "approve", actor=SYSTEM)
    assert refused.value.code == "more_than_announceable"
    assert sentence(refused.value) == (
        f"「杭州文具批发」的采购订单 {order.number}：「商品1」订购 100，已入库 0，"
        f"已通知 80（{first.number}），允许超收 10%，最多还可通知 30，本次填写 31；"
        "请减少数量，或先改、先关闭其他到货通知。"
    )
    announced(made, (order, "30"))
    came(first)
    assert verify_books() == []


def test_forced_close_and_a_late_reversal(made: World) -> None:
    order = bought(made, "60")
    notice = announced(made, (order, "60"))
    receipt = came(notice, "20")
    notice.refresh_from_db()
    with pytest.raises(Refused) as refused:
        arrivals.step_notice(target(notice), "close", actor=SYSTEM)
    assert refused.value.code == "reason_missing"
    with pytest.raises(Refused) as refused:
        arrivals.step_notice(target(notice), "take_back", actor=SYSTEM)
    assert refused.value.code == "notice_received"
    arrivals.step_notice(target(notice), "close", actor=SYSTEM, reason="余货不发了")
    assert _now(notice) == ("closed_forced", [20])
    assert _stock(made) == (20, 40)  # the order still waits for them
    reversed_(receipt)
    assert _now(notice) == ("closed_forced", [0])
    announced(made, (order, "60"))
    assert verify_books() == []


def test_more_than_announced_is_for_the_order_to_allow(made: World) -> None:
    order = bought(made, "60")
    notice = announced(made, (order, "20"))
    came(notice, "25")
    assert _now(notice) == ("closed", [25])
    assert order.lines.get().qty_fulfilled == 25
    assert verify_books() == []


def test_an_announced_order_is_not_taken_back(made: World) -> None:
    order = bought(made, "60")
    announced(made, (order, "20"))
    with pytest.raises(Refused) as refused:
        orders.step_order(target(order), "take_back", actor=SYSTEM)
    assert refused.value.code == "order_announced"


def test_goods_that_are_inspected_wait_as_those_of_an_order(made: World) -> None:
    to_inspect(made)
    order = bought(made, "10")
    receipt = came(announced(made, (order, "10")))
    assert receipt.lines.get().stock_status == "qc"


def test_the_batch_is_as_the_supplier_calls_it(made: World) -> None:
    made.items[0].tracks_batch = True
    made.items[0].save()
    order = bought(made, "10")
    ends = date(2027, 11, 24)
    notice = announced(made, (order, "10"), batch_no="B1", mfg_date=TODAY, expiry_date=ends)
    assert notice.lines.get().batch is None
    batch = came(notice).lines.get().batch
    assert batch is not None
    assert (batch.batch_no, batch.mfg_date, batch.expiry_date) == ("B1", TODAY, ends)
    wrong = said.notice_draft(made, (order, "1"), batch_no="B2", mfg_date=ends, expiry_date=TODAY)
    with pytest.raises(RefusedLines):
        arrivals.save_notice(wrong, actor=SYSTEM)


def test_two_batches_of_one_order_line(made: World) -> None:
    order = bought(made, "10")
    first = order.lines.get()
    lines = [
        line(made.items[0], "4", source_line_id=first.pk, batch_no=batch) for batch in ("A", "B")
    ]
    filled = replace(draft(made.warehouses[0], lines, partner=made.supplier), due_date=TODAY)
    notice = arrivals.save_notice(filled, actor=SYSTEM)
    notice = arrivals.step_notice(target(notice), "approve", actor=SYSTEM)
    second = notice.lines.get(batch_no="B")
    receipt = arrivals.receive_notice(
        notice.pk, {second.pk: D(3)}, on=TODAY, client_uuid=uuid4(), actor=SYSTEM
    )
    assert receipt.lines.get().notice_line_id == second.pk
    assert list(notice.lines.order_by("position").values_list("qty_fulfilled", flat=True)) == [0, 3]
    twice = [replace(each, batch_no="A") for each in lines]
    with pytest.raises(RefusedLines):
        arrivals.save_notice(replace(filled, client_uuid=uuid4(), lines=tuple(twice)), actor=SYSTEM)
    assert verify_books() == []


def test_the_same_intent_once_and_a_stale_page(made: World) -> None:
    order = bought(made, "60")
    notice = announced(made, (order, "20"))
    intent = uuid4()
    twice = [
        arrivals.receive_notice(notice.pk, {}, on=TODAY, client_uuid=intent, actor=SYSTEM).pk
        for _ in range(2)
    ]
    assert twice[0] == twice[1]
    assert PurchaseReceipt.objects.count() == 1
    filled = said.notice_draft(made, (order, "5"))
    again = {arrivals.save_notice(filled, actor=SYSTEM).pk for _ in range(2)}
    assert len(again) == 1
    with pytest.raises(Refused) as refused:
        arrivals.change_notice(Target(again.pop(), 9), filled, actor=SYSTEM)
    assert refused.value.code == "stale_version"


def test_rights_and_scope(made: World) -> None:
    order = bought(made, "60")
    notice = announced(made, (order, "20"))
    nobody = Actor(id=9, name="无权", permissions=frozenset(), warehouse_ids=None)
    for act in (
        lambda: reads.notice(nobody, notice.pk),
        lambda: arrivals.save_notice(said.notice_draft(made, (order, "1")), actor=nobody),
        lambda: arriving(nobody, ArrivingFilter(TODAY)),
    ):
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.code == "forbidden"
    elsewhere = replace(SYSTEM, id=8, warehouse_ids=frozenset({made.warehouses[1].pk}))
    with pytest.raises(Refused) as refused:
        arrivals.receive_notice(notice.pk, {}, on=TODAY, client_uuid=uuid4(), actor=elsewhere)
    assert refused.value.code == "not_found"
    assert arriving(elsewhere, ArrivingFilter(TODAY)) == []
    keeper = Actor(
        id=7,
        name="仓管员",
        permissions=frozenset(
            {"arrival_notice.view", "purchase_order.view", "purchase_receipt.view",
             "purchase_receipt.save", "purchase_receipt.post"}
        ),
        warehouse_ids=frozenset({made.warehouses[0].pk}),
    )  # fmt: skip
    receipt = arrivals.receive_notice(notice.pk, {}, on=TODAY, client_uuid=uuid4(), actor=keeper)
    assert receipt.amount_incl_tax == 200  # the order's price, which the keeper never saw


def test_a_notice_of_another_supplier_or_place_is_refused(made: World) -> None:
    order = bought(made, "60")
    notice = announced(made, (order, "20"))
    typed = line(made.items[0], "5", "3")
    filled = draft(made.warehouses[1], [typed], partner=made.supplier)
    with pytest.raises(Refused) as refused:
        receipts.save_receipt(replace(filled, notice_id=notice.pk), actor=SYSTEM)
    assert refused.value.code == "notice_elsewhere"
    assert not PurchaseReceipt.objects.exists()


def test_what_comes_when(made: World) -> None:
    order = bought(made, "60")
    for days, quantity in ((-2, "5"), (0, "6"), (7, "7"), (8, "8")):
        announced(made, (order, quantity), due=TODAY + timedelta(days=days))
    found = arriving(SYSTEM, ArrivingFilter(TODAY))
    assert [(each.days_left(TODAY), each.lines[0].open) for each in found] == [
        (-2, 5), (0, 6), (7, 7),
    ]  # fmt: skip
    with CaptureQueriesContext(
        connection,
    ) as queries:
        arriving(SYSTEM, ArrivingFilter(TODAY, made.warehouses[0].pk))
    assert len(queries) == 2
    assert arriving(SYSTEM, ArrivingFilter(TODAY, made.warehouses[1].pk)) == []


def _late_order(made: World, quantity: str = "10") -> PurchaseOrder:
    due = TODAY - timedelta(days=1)
    filled = replace(
        draft(made.warehouses[0], [line(made.items[0], quantity, "3")], partner=made.supplier),
        due_date=due,
    )
    saved = orders.save_order(filled, actor=SYSTEM)
    return orders.step_order(target(saved), "approve", actor=SYSTEM)


def _reminded() -> list[tuple[str, date]]:
    return [(row.stage, row.due) for row in reminders(SYSTEM, ReminderFilter())]


def test_progress_shows_what_is_announced(made: World) -> None:
    order = _late_order(made)
    notice = announced(made, (order, "6"), due=TODAY + timedelta(days=2))
    came(notice, "1")
    row = awaited(SYSTEM, ProgressFilter())[0]
    assert (row.open, row.announced, row.announced_on) == (9, 5, TODAY + timedelta(days=2))
    assert row.on_order == 9


def test_nobody_is_reminded_of_what_is_announced_before_its_day(made: World) -> None:
    order = _late_order(made)
    late, until = TODAY - timedelta(days=1), TODAY + timedelta(days=5)
    assert make_reminders(on=TODAY, actor=SYSTEM) == 1
    announced(made, (order, "4"), due=until)
    assert _reminded() == [("late", late)]  # six are announced by nobody
    notice = announced(made, (order, "6"), due=until - timedelta(days=1))
    assert (_reminded(), reminder_count(SYSTEM).all) == ([], 0)
    assert make_reminders(on=TODAY, actor=SYSTEM) == 0
    assert make_reminders(on=TODAY + timedelta(days=3), actor=SYSTEM) == 1
    assert _reminded() == [("soon", until)]
    arrivals.step_notice(target(notice), "close", actor=SYSTEM, reason="不来了")
    make_reminders(on=TODAY + timedelta(days=3), actor=SYSTEM)
    assert _reminded() == [("late", late)]
    came(announced(made, (order, "6")))
    assert verify_books() == []


def test_after_its_day_they_are(made: World) -> None:
    order = _late_order(made)
    announced(made, (order, "10"), due=TODAY + timedelta(days=1))
    assert make_reminders(on=TODAY + timedelta(days=2), actor=SYSTEM) == 1
    assert _reminded() == [("late", TODAY + timedelta(days=1))]


def test_lines_of_a_draft_order_cannot_be_announced(made: World) -> None:
    typed = draft(made.warehouses[0], [line(made.items[0], "5", "3")], partner=made.supplier)
    order = orders.save_order(typed, actor=SYSTEM)
    with pytest.raises(Refused) as refused:
        arrivals.save_notice(said.notice_draft(made, (order, "5")), actor=SYSTEM)
    assert refused.value.code == "source_line_unknown"


def test_inactive_places_take_no_notice(made: World) -> None:
    order = bought(made, "60")
    Warehouse.objects.filter(pk=made.warehouses[0].pk).update(is_active=False)
    with pytest.raises(Refused) as refused:
        arrivals.save_notice(said.notice_draft(made, (order, "1")), actor=SYSTEM)
    assert refused.value.code == "warehouse_inactive"


def test_the_check_names_a_figure_that_lies(made: World) -> None:
    notice = announced(made, (bought(made, "60"), "20"))
    came(notice, "5")
    notice.lines.update(qty_fulfilled=7)
    ArrivalNotice.objects.filter(pk=notice.pk).update(status="closed")
    told = "；".join(map(str, verify_books()))
    assert "到货通知已入库 = 入库单合计" in told
    assert "到货通知状态 = 到货情况" in told
