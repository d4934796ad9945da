"""What there has been with a customer, and how it stands."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest

from hengcang.documents.reversal import Undo
from hengcang.kernel.actor import SYSTEM, Actor
from hengcang.kernel.errors import Refused
from hengcang.partners.models import CustomerProfile
from hengcang.sales.actions import deliveries, orders
from hengcang.sales.customers import bought, open_orders, trade
from hengcang.settlement.credit import credit_of
from tests.documents.trade import delivered, given_back, received
from tests.worlds import GO_LIVE, TODAY, World, draft, line, target, world

D = Decimal
SEPTEMBER, OCTOBER = date(2026, 9, 10), date(2026, 10, 10)


@pytest.fixture
def made(book) -> World:
    made = world()
    for item in range(2):
        received(made, "90", "1", GO_LIVE, item=item)
    return made


def test_what_was_bought_how_often_at_what_price(made: World) -> None:
    first = delivered(made, "5", SEPTEMBER)
    delivered(made, "3", OCTOBER)
    delivered(made, "1", TODAY, item=1)
    wrong = delivered(made, "7", TODAY)
    deliveries.reverse_delivery(target(wrong), Undo(uuid4(), "录错", TODAY), actor=SYSTEM)
    given_back(made, first, "2")
    pen, ink = bought(SYSTEM, made.customer.pk)[::-1]
    assert (pen.times, pen.quantity, pen.returned, pen.amount) == (2, 8, 2, 160)
    assert (pen.every_days, pen.last_on, ink.every_days) == (30, OCTOBER, None)
    assert pen.last is not None
    assert pen.last.price == D(20)
    year = trade(SYSTEM, made.customer.pk, since=GO_LIVE)
    assert (year.deliveries, year.delivered, year.returned) == (3, 180, 40)
    assert year.return_rate == D("22.2")
    none = trade(SYSTEM, made.supplier.pk, since=GO_LIVE)
    assert (none.return_rate, bought(SYSTEM, made.supplier.pk)) == (None, [])


def test_what_is_overdue_and_how_much_credit_is_left(made: World) -> None:
    CustomerProfile.objects.update(credit_limit=D(100))
    first = delivered(made, "5", SEPTEMBER)  # due 10-10
    delivered(made, "2", TODAY)
    credit = credit_of(SYSTEM, made.customer.pk, on=TODAY)
    assert credit.standing.credit_left == D(-40)
    assert (credit.overdue, credit.overdue_days) == (D(100), 45)
    given_back(made, first, "2")
    assert credit_of(SYSTEM, made.customer.pk, on=TODAY).overdue == D(60)
    assert credit_of(SYSTEM, made.supplier.pk, on=TODAY).overdue == 0


def test_orders_under_way(made: World) -> None:
    body = draft(made.warehouses[0], [line(made.items[0], "3", "10")], partner=made.customer)
    order = orders.step_order(
        target(orders.save_order(body, actor=SYSTEM)), "approve", actor=SYSTEM
    )
    part = {order.lines.get().pk: D(1)}
    deliveries.deliver_order(order.pk, part, on=TODAY, client_uuid=uuid4(), actor=SYSTEM)
    [found] = open_orders(SYSTEM, made.customer.pk)
    assert (found.order_id, found.open_amount) == (order.pk, D(20))


def test_only_what_is_in_scope(made: World) -> None:
    delivered(made, "5", SEPTEMBER)
    rights = frozenset({"sales_delivery.view", "sales_order.view"})
    away = Actor(7, "远", rights, frozenset({made.warehouses[1].pk}))
    assert bought(away, made.customer.pk) == []
    assert trade(away, made.customer.pk, since=GO_LIVE).deliveries == 0
    for act in (
        lambda: bought(Actor(8, "无"), 1),
        lambda: credit_of(away, made.customer.pk, on=TODAY),
        lambda: open_orders(Actor(8, "无"), 1),
    ):
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.code == "forbidden"
