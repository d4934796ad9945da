"""Gifts and samples: no price, cost as usual, counted apart."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from hengcang.catalog.models import Item
from hengcang.documents.reversal import Undo
from hengcang.kernel.actor import SYSTEM
from hengcang.kernel.errors import Refused
from hengcang.ledger import queries as books
from hengcang.purchasing.actions import receipts
from hengcang.register.verify import verify_books
from hengcang.sales import queries
from hengcang.sales.actions import deliveries, orders, returns
from hengcang.sales.figures import given_away
from hengcang.sales.models import SalesDelivery, SalesOrder
from tests.sales.test_price_rights import KEEPER, LEAD, SALES, delivered, ordered, refusal_of
from tests.worlds import TODAY, World, draft, line, target, world

D = Decimal
SINCE = date(2026, 11, 1)


@pytest.fixture
def made(book) -> World:
    """Ten of each item, at 10."""
    company = world()
    bought = [line(item, "10", "10") for item in company.items]
    receipt = receipts.save_receipt(
        draft(company.warehouses[0], bought, partner=company.supplier), actor=SYSTEM
    )
    receipts.post_receipt(target(receipt), actor=SYSTEM)
    return company


def approved(made: World, *lines: Any) -> SalesOrder:
    return orders.step_order(target(ordered(made, *lines)), "approve", actor=LEAD)


def deliver(order: SalesOrder) -> SalesDelivery:
    return deliveries.deliver_order(order.pk, {}, on=TODAY, client_uuid=uuid4(), actor=KEEPER)


def counted(actor=SYSTEM) -> list[tuple[Any, ...]]:
    rows = given_away(actor, SINCE, TODAY)
    return sorted((r.item, r.is_gift, r.quantity, r.cost) for r in rows)


def test_a_gift_costs_what_it_costs_and_nobody_owes_for_it(made: World) -> None:
    first, second = made.items
    Item.objects.update(floor_price=D(15))  # nothing that is given away is below a floor
    order = approved(
        made,
        line(first, "2", "20"),
        line(first, "1", is_gift=True),
        line(second, "3", "0", is_sample=True),
    )
    assert order.amount_incl_tax == D(40)
    delivery = deliver(order)
    assert delivery.amount_incl_tax == D(40)
    assert [(ln.is_gift, ln.is_sample) for ln in delivery.lines.order_by("position")] == [
        (False, False),
        (True, False),
        (False, True),
    ]
    costs = books.line_costs(SYSTEM, delivery.kind, delivery.pk)
    assert [c.cost for c in costs] == [D(20), D(10), D(30)]
    assert counted() == [("商品1", True, D(1), D(10)), ("商品2", False, D(3), D(30))]
    assert [row[3] for row in counted(SALES)] == [None, None]
    assert verify_books() == []


def test_what_comes_back_is_not_given_away(made: World) -> None:
    delivery = deliver(approved(made, line(made.items[0], "4", is_gift=True)))
    row = delivery.lines.get()
    back = queries.return_draft(SYSTEM, delivery, {row.pk: D(1)}, on=TODAY, client_uuid=uuid4())
    assert back.lines[0].is_gift
    returned = returns.post_return(target(returns.save_return(back, actor=SYSTEM)), actor=SYSTEM)
    assert counted() == [("商品1", True, D(3), D(30))]
    undo = Undo(uuid4(), "录错", TODAY)
    returns.reverse_return(target(returned), undo, actor=SYSTEM)
    assert counted() == [("商品1", True, D(4), D(40))]
    delivery.refresh_from_db()
    deliveries.reverse_delivery(target(delivery), replace(undo, client_uuid=uuid4()), actor=SYSTEM)
    assert counted() == [("商品1", True, D(0), D(0))]
    assert verify_books() == []


def test_a_gift_with_a_price_or_two_marks_is_refused(made: World) -> None:
    item = made.items[0]
    refusal = refusal_of(ordered, made, line(item, "1", "5", is_gift=True))
    assert (refusal.code, refusal.field) == ("gift_priced", "lines.1.price")
    both = line(item, "1", is_gift=True, is_sample=True)
    assert refusal_of(ordered, made, both).code == "gift_or_sample"
    assert not SalesOrder.objects.exists()


def test_a_storekeeper_gives_nothing_away(made: World) -> None:
    item = made.items[0]
    assert refusal_of(delivered, made, line(item, "1", is_gift=True)).code == "price_forbidden"
    order = approved(made, line(item, "5", "16"))
    own = line(item, "1", "0", source_line_id=order.lines.get().pk, is_gift=True)
    assert refusal_of(delivered, made, own).code == "reprice_forbidden"
    unpriced = line(item, "1", source_line_id=order.lines.get().pk, is_gift=True)
    assert delivered(made, unpriced).amount_incl_tax == D(16)  # the order says: sold


def test_a_gift_is_no_last_price(made: World) -> None:
    item = made.items[0]
    deliver(approved(made, line(item, "1", is_gift=True)))
    assert queries.last_prices(SYSTEM, made.customer.pk, [item.pk]) == {}
    assert queries.past_prices(SYSTEM, item.pk, None) == []
    with pytest.raises(Refused):
        given_away(replace(SALES, permissions=frozenset()), SINCE, TODAY)
