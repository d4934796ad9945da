"""采购进度: what is open, when it is due, line by line."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest

from hengcang.kernel.actor import SYSTEM, Actor
from hengcang.kernel.errors import Refused
from hengcang.purchasing.actions import orders, receipts
from hengcang.purchasing.models import PurchaseOrder
from hengcang.purchasing.progress import Awaited, ProgressFilter, awaited, awaited_count
from hengcang.purchasing.rules import ReceiveStatus, receive_status
from tests.worlds import TODAY, World, draft, line, target, world

D = Decimal
SOON, LATE = date(2026, 11, 28), date(2026, 11, 20)
ALL = ProgressFilter()


@pytest.fixture
def made(book) -> World:
    return world()


def _ordered(
    made: World, header: date | None, *lines: date | None, place: int = 0
) -> PurchaseOrder:
    """One line of 10 for each date; the items take turns."""
    typed = [line(made.items[n % 2], "10", "3", due_date=due) for n, due in enumerate(lines)]
    filled = draft(made.warehouses[place], typed, partner=made.supplier)
    saved = orders.save_order(replace(filled, due_date=header), actor=SYSTEM)
    return orders.step_order(target(saved), "approve", actor=SYSTEM)


def _receive(order: PurchaseOrder, position: int, quantity: str) -> None:
    pk = order.lines.get(position=position).pk
    receipts.receive_order(order.pk, {pk: D(quantity)}, on=TODAY, client_uuid=uuid4(), actor=SYSTEM)


def _seen(wanted: ProgressFilter = ALL, actor: Actor = SYSTEM) -> list[tuple[int, date | None]]:
    return [(row.position, row.due_date) for row in awaited(actor, wanted)]


@pytest.mark.parametrize(
    ("received", "status"),
    [
        ("0", ReceiveStatus.NONE),
        ("0.000001", ReceiveStatus.PARTIAL),
        ("10", ReceiveStatus.DONE),
        ("10.000001", ReceiveStatus.OVER),
    ],
)
def test_how_far_a_line_is(received: str, status: ReceiveStatus) -> None:
    assert receive_status(D(10), D(received)) is status


def test_a_line_is_due_on_its_own_day_or_the_orders(made: World) -> None:
    _ordered(made, SOON, None, LATE)
    _ordered(made, None, None)
    assert _seen() == [(2, LATE), (1, SOON), (1, None)]
    rows = awaited(SYSTEM, ALL)
    assert [row.days_left(TODAY) for row in rows] == [-4, 4, None]
    assert awaited_count(SYSTEM, ALL, TODAY).late == 1


def test_figures_of_a_line(made: World) -> None:
    order = _ordered(made, SOON, None)
    _ordered(made, LATE, None)
    _receive(order, 1, "4")
    row = next(row for row in awaited(SYSTEM, ALL) if row.order_id == order.pk)
    assert (row.ordered, row.received, row.open, row.on_order) == (10, 4, 6, 16)
    _receive(order, 1, "6")
    assert [row.order_id == order.pk for row in awaited(SYSTEM, ALL)] == [False]


def test_only_approved_orders_wait(made: World) -> None:
    order = _ordered(made, SOON, None)
    order = orders.step_order(target(order), "take_back", actor=SYSTEM)
    assert _seen() == []
    order = orders.step_order(target(order), "approve", actor=SYSTEM)
    assert len(_seen()) == 1
    orders.step_order(target(order), "close", actor=SYSTEM, reason="不要了")
    assert _seen() == []


def test_filters_and_pages(made: World) -> None:
    _ordered(made, SOON, None, LATE, None)
    item = made.items[1].pk
    assert _seen(ProgressFilter(item_id=item)) == [(2, LATE)]
    assert _seen(ProgressFilter(late_on=TODAY)) == [(2, LATE)]
    assert _seen(ProgressFilter(late_on=LATE)) == []
    assert _seen(ProgressFilter(partner_id=made.customer.pk)) == []
    first = awaited(SYSTEM, ProgressFilter(limit=2))
    last: Awaited = first[-1]
    rest = awaited(SYSTEM, ProgressFilter(after=(last.due, last.line_id)))
    assert [row.position for row in (*first, *rest)] == [2, 1, 3]


def test_scope_and_permission(made: World) -> None:
    _ordered(made, SOON, None, place=1)
    keeper = Actor(
        id=3,
        name="仓管",
        permissions=frozenset({"purchase_order.view"}),
        warehouse_ids=frozenset({made.warehouses[0].pk}),
    )
    assert _seen(actor=keeper) == []
    with pytest.raises(Refused) as refused:
        awaited(replace(keeper, permissions=frozenset()), ALL)
    assert refused.value.code == "forbidden"
