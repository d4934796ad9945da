"""Buy, receive, sell, deliver, return, undo: every figure derived by hand."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest

from hengcang.documents.reversal import Undo
from hengcang.kernel.actor import SYSTEM
from hengcang.kernel.errors import Refused
from hengcang.ledger import queries as books
from hengcang.ledger.queries import StockFilter
from hengcang.purchasing.actions import orders as purchase_orders
from hengcang.purchasing.actions import receipts as purchase_receipts
from hengcang.register.verify import verify_books
from hengcang.sales import queries as sales_queries
from hengcang.sales.actions import deliveries, orders, returns
from hengcang.settlement import queries as settlement
from hengcang.settlement.queries import MoneyFilter
from tests.worlds import TODAY, World, draft, line, target, world

D = Decimal


@pytest.fixture
def made(book) -> World:
    return world()


def _stock(made: World, n: int = 0) -> tuple[Decimal, ...]:
    rows = books.on_hand(SYSTEM, StockFilter(item_ids=(made.items[n].pk,), nonzero=False))
    row = next(r for r in rows if r.warehouse_id == made.warehouses[0].pk)
    return row.on_hand, row.reserved, row.available, row.on_order


def _undo(reason: str = "录错") -> Undo:
    return Undo(uuid4(), reason, TODAY)


def _bought(made: World, quantity: str = "100", price: str = "10"):
    order = purchase_orders.save_order(
        draft(made.warehouses[0], [line(made.items[0], quantity, price)], partner=made.supplier),
        actor=SYSTEM,
    )
    return purchase_orders.step_order(target(order), "approve", actor=SYSTEM)


def test_the_loop(made: World) -> None:
    bought = _bought(made)
    assert bought.number == "CGDD202611-0001"
    assert _stock(made) == (0, 0, 0, 100)
    lines = list(bought.lines.all())
    purchase_receipts.receive_order(
        bought.pk, {lines[0].pk: D(60)}, on=TODAY, client_uuid=uuid4(), actor=SYSTEM
    )
    assert _stock(made) == (60, 0, 60, 40)

    sold = orders.save_order(
        draft(made.warehouses[0], [line(made.items[0], "80", "20")], partner=made.customer),
        actor=SYSTEM,
    )
    sold = orders.step_order(target(sold), "approve", actor=SYSTEM)
    assert _stock(made) == (60, 60, 0, 40)  # 80 asked for, 60 there: 60 reserved
    sold_line = sold.lines.get()
    first = deliveries.deliver_order(
        sold.pk, {sold_line.pk: D(25)}, on=TODAY, client_uuid=uuid4(), actor=SYSTEM
    )
    assert first.number == "XSCK202611-0001"
    assert _stock(made) == (35, 35, 0, 40)
    assert [c.cost for c in books.line_costs(SYSTEM, first.kind, first.pk)] == [D("250.00")]

    purchase_receipts.receive_order(bought.pk, {}, on=TODAY, client_uuid=uuid4(), actor=SYSTEM)
    bought.refresh_from_db()
    assert bought.status == "closed"
    second = deliveries.deliver_order(sold.pk, {}, on=TODAY, client_uuid=uuid4(), actor=SYSTEM)
    assert second.amount_incl_tax == D("1100.00")
    assert _stock(made) == (20, 0, 20, 0)

    back = sales_queries.return_draft(SYSTEM, second, {}, on=TODAY, client_uuid=uuid4())
    returned = returns.post_return(target(returns.save_return(back, actor=SYSTEM)), actor=SYSTEM)
    assert returned.amount_incl_tax == D("1100.00")
    assert _stock(made) == (75, 0, 75, 0)
    owed = {o.code: o for o in settlement.owed(SYSTEM, MoneyFilter())}
    assert owed["C001"].receivable == D("500.00")
    assert owed["V001"].payable == D("1000.00")
    assert verify_books() == []


def test_reversing_a_delivery_gives_back_goods_reservation_and_money(made: World) -> None:
    bought = _bought(made)
    purchase_receipts.receive_order(bought.pk, {}, on=TODAY, client_uuid=uuid4(), actor=SYSTEM)
    sold = orders.save_order(
        draft(made.warehouses[0], [line(made.items[0], "30", "20")], partner=made.customer),
        actor=SYSTEM,
    )
    sold = orders.step_order(target(sold), "approve", actor=SYSTEM)
    delivery = deliveries.deliver_order(sold.pk, {}, on=TODAY, client_uuid=uuid4(), actor=SYSTEM)
    sold.refresh_from_db()
    assert (sold.status, _stock(made)) == ("closed", (70, 0, 70, 0))

    twin = deliveries.reverse_delivery(target(delivery), _undo(), actor=SYSTEM)
    sold.refresh_from_db()
    delivery.refresh_from_db()
    assert (delivery.status, twin.status, twin.number) == ("reversed", "posted", "XSCK202611-0002")
    assert (sold.status, _stock(made)) == ("approved", (100, 30, 70, 0))
    assert settlement.owed_totals(SYSTEM).receivable == 0
    assert verify_books() == []


def test_a_delivery_with_a_return_cannot_be_reversed_first(made: World) -> None:
    bought = _bought(made)
    purchase_receipts.receive_order(bought.pk, {}, on=TODAY, client_uuid=uuid4(), actor=SYSTEM)
    delivery = deliveries.save_delivery(
        draft(made.warehouses[0], [line(made.items[0], "10", "20")], partner=made.customer),
        actor=SYSTEM,
    )
    delivery = deliveries.post_delivery(target(delivery), actor=SYSTEM)
    back = sales_queries.return_draft(SYSTEM, delivery, {}, on=TODAY, client_uuid=uuid4())
    returned = returns.post_return(target(returns.save_return(back, actor=SYSTEM)), actor=SYSTEM)
    with pytest.raises(Refused) as refused:
        deliveries.reverse_delivery(target(delivery), _undo(), actor=SYSTEM)
    assert refused.value.code == "has_followers"
    returns.reverse_return(target(returned), _undo(), actor=SYSTEM)
    deliveries.reverse_delivery(target(delivery), _undo(), actor=SYSTEM)
    assert _stock(made) == (100, 0, 100, 0)
    assert verify_books() == []


def test_the_same_intent_is_booked_once_and_another_body_is_refused(made: World) -> None:
    first = draft(made.warehouses[0], [line(made.items[0], "5", "20")], partner=made.customer)
    one = orders.save_order(first, actor=SYSTEM)
    assert orders.save_order(first, actor=SYSTEM).pk == one.pk
    other = draft(
        made.warehouses[0],
        [line(made.items[0], "6", "20")],
        partner=made.customer,
        client_uuid=first.client_uuid,
    )
    with pytest.raises(Refused) as refused:
        orders.save_order(other, actor=SYSTEM)
    assert refused.value.code == "intent_reused"


def test_what_is_reserved_for_others_cannot_be_sold(made: World) -> None:
    bought = _bought(made)
    purchase_receipts.receive_order(bought.pk, {}, on=TODAY, client_uuid=uuid4(), actor=SYSTEM)
    sold = orders.save_order(
        draft(made.warehouses[0], [line(made.items[0], "95", "20")], partner=made.customer),
        actor=SYSTEM,
    )
    orders.step_order(target(sold), "approve", actor=SYSTEM)
    counter = deliveries.save_delivery(
        draft(made.warehouses[0], [line(made.items[0], "6", "20")], partner=made.customer),
        actor=SYSTEM,
    )
    with pytest.raises(Refused) as refused:
        deliveries.post_delivery(target(counter), actor=SYSTEM)
    assert refused.value.code == "insufficient_stock"
    assert refused.value.facts["available"] == "5"
    counter.refresh_from_db()
    assert (counter.status, counter.number) == ("draft", None)


def test_a_back_dated_delivery_may_not_empty_a_later_day(made: World) -> None:
    bought = _bought(made)
    purchase_receipts.receive_order(
        bought.pk, {}, on=date(2026, 11, 20), client_uuid=uuid4(), actor=SYSTEM
    )
    early = deliveries.save_delivery(
        draft(
            made.warehouses[0],
            [line(made.items[0], "6", "20")],
            date(2026, 11, 19),
            made.customer,
        ),
        actor=SYSTEM,
    )
    with pytest.raises(Refused) as refused:
        deliveries.post_delivery(target(early), actor=SYSTEM)
    assert refused.value.code == "insufficient_stock_later"
