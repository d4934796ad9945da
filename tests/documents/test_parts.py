"""Parts of a line come to the whole: the rule, and the books."""

from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hengcang.documents.reversal import Undo
from hengcang.documents.rules import NOTHING, Amounts, Pricing, line_amounts, part_left, total
from hengcang.kernel.actor import SYSTEM
from hengcang.purchasing.actions import orders as purchase_orders
from hengcang.purchasing.actions import receipts
from hengcang.register.verify import verify_books
from hengcang.sales.actions import deliveries, orders, returns
from hengcang.settlement import queries as settlement
from tests.worlds import TODAY, World, draft, line, target, world

D = Decimal
parts = st.lists(st.sampled_from(["1", "2", "0.333333", "7"]), min_size=1, max_size=7)


@given(parts, st.sampled_from(["3.335", "0.005", "0.01", "9.9999", "0.0049"]), st.booleans())
def test_the_parts_come_to_the_whole(quantities: list[str], price: str, taxed: bool) -> None:
    pricing = Pricing(D(price), D(100), D(13 if taxed else 0), includes_tax=True)
    of = sum(map(D, quantities), D(0))
    whole, taken = line_amounts(of, pricing), NOTHING
    for n, quantity in enumerate(quantities, start=1):
        own = line_amounts(D(quantity), pricing)
        part = part_left(whole, taken, own, ends=n == len(quantities))
        assert part.gross >= 0
        assert part.net + part.tax == part.gross
        assert n == len(quantities) or part.gross <= own.gross
        taken = total([taken, part])
    assert taken == whole


@given(st.integers(0, 30), st.integers(0, 30))
def test_what_is_left_is_never_exceeded(left: int, wanted: int) -> None:
    whole = Amounts(D(left), D(0), D(left))
    part = part_left(whole, NOTHING, Amounts(D(wanted), D(0), D(wanted)), ends=False)
    assert part.gross == min(left, wanted)


@pytest.fixture
def made(book) -> World:
    return world()


def bought(made: World, price: str = "3.335") -> Any:
    body = draft(made.warehouses[0], [line(made.items[0], "3", price)], partner=made.supplier)
    order = purchase_orders.save_order(body, actor=SYSTEM)
    return purchase_orders.step_order(target(order), "approve", actor=SYSTEM)


def sold(made: World) -> Any:
    body = draft(made.warehouses[0], [line(made.items[0], "3", "3.335")], partner=made.customer)
    order = orders.save_order(body, actor=SYSTEM)
    return orders.step_order(target(order), "approve", actor=SYSTEM)


def one_by_one(act: Any, document: Any) -> list[Any]:
    of = document.lines.get().pk
    return [
        act(document.pk, {of: D(1)}, on=TODAY, client_uuid=uuid4(), actor=SYSTEM) for _ in range(3)
    ]


def amounts(papers: list[Any]) -> list[Decimal]:
    return [paper.amount_incl_tax for paper in papers]


IN_PARTS = [D("3.34"), D("3.34"), D("3.33")]


def test_received_delivered_and_returned_in_parts(made: World) -> None:
    assert amounts(one_by_one(receipts.receive_order, bought(made))) == IN_PARTS
    whole = bought(made)
    receipts.receive_order(whole.pk, {}, on=TODAY, client_uuid=uuid4(), actor=SYSTEM)
    order = sold(made)
    assert amounts(one_by_one(deliveries.deliver_order, order)) == IN_PARTS
    assert settlement.owed_totals(SYSTEM).receivable == D("10.01")
    at_once = deliveries.deliver_order(
        sold(made).pk, {}, on=TODAY, client_uuid=uuid4(), actor=SYSTEM
    )
    assert at_once.amount_incl_tax == D("10.01")
    assert amounts(one_by_one(returns.return_delivery, at_once)) == IN_PARTS
    assert settlement.owed_totals(SYSTEM).receivable == D("10.01")
    assert verify_books() == []


def test_a_reversed_part_gives_its_money_back_to_the_rest(made: World) -> None:
    receipts.receive_order(bought(made).pk, {}, on=TODAY, client_uuid=uuid4(), actor=SYSTEM)
    order = sold(made)
    first, *_ = one_by_one(deliveries.deliver_order, order)
    deliveries.reverse_delivery(target(first), Undo(uuid4(), "录错", TODAY), actor=SYSTEM)
    again = deliveries.deliver_order(order.pk, {}, on=TODAY, client_uuid=uuid4(), actor=SYSTEM)
    assert again.amount_incl_tax == D("3.34")
    assert settlement.owed_totals(SYSTEM).receivable == D("10.01")
    assert verify_books() == []


def test_a_repriced_part_leaves_the_others_alone(made: World) -> None:
    receipts.receive_order(bought(made).pk, {}, on=TODAY, client_uuid=uuid4(), actor=SYSTEM)
    order = sold(made)
    of = order.lines.get().pk
    cheap = line(made.items[0], "1", "1", source_line_id=of)
    saved = deliveries.save_delivery(
        draft(made.warehouses[0], [cheap], partner=made.customer), actor=SYSTEM
    )
    deliveries.post_delivery(target(saved), actor=SYSTEM)
    last = deliveries.deliver_order(order.pk, {}, on=TODAY, client_uuid=uuid4(), actor=SYSTEM)
    assert last.amount_incl_tax == D("6.67")


def test_two_lines_of_one_document_share_what_is_left(made: World) -> None:
    receipts.receive_order(bought(made).pk, {}, on=TODAY, client_uuid=uuid4(), actor=SYSTEM)
    of = sold(made).lines.get().pk
    each = [line(made.items[0], "1", source_line_id=of) for _ in range(3)]
    saved = deliveries.save_delivery(
        draft(made.warehouses[0], each, partner=made.customer), actor=SYSTEM
    )
    assert [ln.amount_incl_tax for ln in saved.lines.order_by("position")] == IN_PARTS
