"""整单优惠 and 抹零: shares are exact, parts come to the whole, and who may give what away."""

from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hengcang.documents.discounts import discounted, money_columns
from hengcang.documents.drafts import Draft, LineDraft
from hengcang.documents.lines import BuiltLine
from hengcang.documents.reversal import Undo
from hengcang.documents.rules import Amounts, Pricing, less_share, line_amounts, shares_of, total
from hengcang.kernel.actor import SYSTEM, Actor
from hengcang.kernel.errors import Refused, RefusedLines
from hengcang.purchasing.actions import orders as purchase_orders
from hengcang.purchasing.actions import receipts
from hengcang.purchasing.actions import returns as purchase_returns
from hengcang.register.verify import verify_books
from hengcang.sales.actions import deliveries, orders, quotes, returns
from hengcang.sales.models import SalesDelivery, SalesOrder
from hengcang.settlement import queries as settlement
from tests.documents.trade import received
from tests.worlds import TODAY, World, draft, line, target, world

D = Decimal
CENT = D("0.01")
prices = st.sampled_from(["0", "0.01", "3.335", "9.9999", "1234.5", "0.005"])
rates = st.sampled_from(["0", "9", "13"])
typed_lines = st.lists(st.tuples(prices, rates), min_size=1, max_size=9)


def built(price: str, rate: str, position: int) -> BuiltLine:
    amounts = line_amounts(D(3), Pricing(D(price), D(100), D(rate), includes_tax=True))
    any_item: Any = None
    return BuiltLine(
        position, LineDraft(1, D(3)), any_item, any_item, D(3), D(price), D(rate), amounts
    )


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(typed_lines, st.integers(0, 100), st.integers(0, 99))
def test_the_lines_sum_to_the_discounted_whole(
    typed: list[tuple[str, str]], percent: int, cents: int
) -> None:
    lines = [built(price, rate, n) for n, (price, rate) in enumerate(typed, start=1)]
    before = total(ln.amounts for ln in lines if ln.amounts)
    discount = (before.gross * percent / 200).quantize(CENT)
    rounding = min(D(cents) / 100, before.gross - discount)
    filled = Draft(uuid4(), TODAY, 1, (), bill_discount=discount, rounding_off=rounding)
    after = discounted(lines, filled)
    money = money_columns(after, filled)
    assert money["amount_incl_tax"] == before.gross - discount - rounding
    assert money["net_amount"] + money["tax_amount"] == money["amount_incl_tax"]
    assert money["discount_carried"] == 0
    for was, now in zip(lines, after, strict=True):
        assert was.amounts is not None
        assert now.amounts is not None
        assert 0 <= now.amounts.gross == was.amounts.gross - now.bill_share
        assert now.amounts.net + now.amounts.tax == now.amounts.gross
        assert now.bill_share >= 0
        assert now.amounts == less_share(was.amounts, now.bill_share, now.tax_rate)


@given(
    st.integers(0, 10_000),
    st.lists(st.sampled_from(["1", "2", "0.333333"]), min_size=1, max_size=5),
)
def test_a_share_over_batches_is_exact(cents: int, quantities: list[str]) -> None:
    parts = shares_of(D(cents) / 100, [D(q) for q in quantities])
    assert len(parts) == len(quantities)
    assert sum(parts, D(0)) == D(cents) / 100


def test_what_cannot_be_taken_off() -> None:
    lines = [built("10", "13", 1)]
    for off, code in (("30.01", "discount_too_large"), ("-1", "amount_negative"),
                      ("0.001", "number_too_fine")):  # fmt: skip
        with pytest.raises(Refused) as refused:
            discounted(lines, Draft(uuid4(), TODAY, 1, (), bill_discount=D(off)))
        assert refused.value.code == code
    carrying = [replace(lines[0], carries=True)]
    with pytest.raises(Refused) as refused:
        discounted(carrying, Draft(uuid4(), TODAY, 1, (), rounding_off=D(1)))
    assert refused.value.code == "discount_carried"


@pytest.fixture
def made(book) -> World:
    return world(items=3)


def typed(made: World, quantities: str = "3 3 1", off: str = "7", **more: Any) -> Draft:
    each = ("3.335", "10", "0.07")
    lines = [line(made.items[n], q, each[n]) for n, q in enumerate(quantities.split()) if q != "0"]
    filled = draft(made.warehouses[0], lines, partner=made.customer)
    return replace(filled, bill_discount=D(off), rounding_off=D("0.08"), **more)


def approved(made: World, **more: Any) -> SalesOrder:
    order = orders.save_order(typed(made, **more), actor=SYSTEM)
    return orders.step_order(target(order), "approve", actor=SYSTEM)


def stocked(made: World) -> None:
    for n in range(3):
        received(made, "10", "1", item=n)


def owed() -> Decimal:
    return settlement.owed_totals(SYSTEM).receivable


def test_an_order_delivered_in_parts_owes_the_discounted_total(made: World) -> None:
    stocked(made)
    order = approved(made)
    assert order.amount_incl_tax == D("40.08") - D("7.08")
    first = {ln.pk: D(1) for ln in order.lines.all()}
    for wanted in (first, {pk: D(1) for pk in list(first)[:2]}, {}):
        deliveries.deliver_order(order.pk, wanted, on=TODAY, client_uuid=uuid4(), actor=SYSTEM)
    made_of = SalesDelivery.objects.all()
    assert sum(d.amount_incl_tax for d in made_of) == order.amount_incl_tax
    assert sum(d.tax_amount for d in made_of) == order.tax_amount
    assert sum(d.discount_carried for d in made_of) == D("7.08")
    assert owed() == D("33.00")
    assert verify_books() == []


def test_a_page_that_follows_the_order_carries_its_share_once(made: World) -> None:
    stocked(made)
    order = approved(made)
    lines = list(order.lines.order_by("position"))
    half = [line(ln.item, ln.quantity, str(ln.price), source_line_id=ln.pk) for ln in lines[:2]]
    filled = draft(made.warehouses[0], half, partner=made.customer)
    saved = deliveries.save_delivery(filled, actor=SYSTEM)
    again = deliveries.change_delivery(target(saved), filled, actor=SYSTEM)
    assert again.amount_incl_tax == lines[0].amount_incl_tax + lines[1].amount_incl_tax
    assert again.discount_carried == lines[0].bill_share + lines[1].bill_share
    with pytest.raises(Refused) as refused:
        deliveries.change_delivery(
            target(again), replace(filled, rounding_off=D("0.01")), actor=SYSTEM
        )
    assert refused.value.code == "discount_carried"


def test_a_return_gives_back_the_share_and_a_reversal_all(made: World) -> None:
    stocked(made)
    order = approved(made)
    whole = deliveries.deliver_order(order.pk, {}, on=TODAY, client_uuid=uuid4(), actor=SYSTEM)
    of = whole.lines.order_by("position").first()
    assert of is not None
    for _ in range(3):
        returns.return_delivery(
            whole.pk, {of.pk: D(1)}, on=TODAY, client_uuid=uuid4(), actor=SYSTEM
        )
    assert owed() == D("33.00") - of.amount_incl_tax
    alone = deliveries.save_delivery(typed(made), actor=SYSTEM)
    alone = deliveries.post_delivery(target(alone), actor=SYSTEM)
    assert owed() == D("66.00") - of.amount_incl_tax
    twin = deliveries.reverse_delivery(target(alone), Undo(uuid4(), "录错", TODAY), actor=SYSTEM)
    assert (twin.bill_discount, twin.rounding_off) == (D("-7.00"), D("-0.08"))
    assert owed() == D("33.00") - of.amount_incl_tax
    assert verify_books() == []


def test_a_quotation_ordered_in_parts_carries_its_discount(made: World) -> None:
    filled = replace(typed(made), valid_until=TODAY)
    quote = quotes.save_quote(filled, actor=SYSTEM)
    quote = quotes.step_quote(target(quote), "approve", actor=SYSTEM)
    one_each = {ln.pk: D(1) for ln in quote.lines.all()}
    for wanted in (one_each, {}):
        orders.order_quote(quote.pk, wanted, on=TODAY, client_uuid=uuid4(), actor=SYSTEM)
    made_of = SalesOrder.objects.all()
    assert sum(o.amount_incl_tax for o in made_of) == quote.amount_incl_tax == D("33.00")
    assert verify_books() == []


def test_a_delivery_with_its_own_discount_leaves_the_rest_of_the_order_alone(made: World) -> None:
    stocked(made)
    order = orders.save_order(typed(made, off="0", quantities="2 0 0"), actor=SYSTEM)
    order = orders.change_order(
        target(order), replace(typed(made, quantities="2 0 0"), bill_discount=D(0),
        rounding_off=D(0)), actor=SYSTEM)  # fmt: skip
    order = orders.step_order(target(order), "approve", actor=SYSTEM)
    of = order.lines.get()
    filled = draft(
        made.warehouses[0], [line(of.item, "1", source_line_id=of.pk)], partner=made.customer
    )
    own = deliveries.save_delivery(replace(filled, rounding_off=D("0.34")), actor=SYSTEM)
    own = deliveries.post_delivery(target(own), actor=SYSTEM)
    assert own.amount_incl_tax == D("3.00")
    rest = deliveries.deliver_order(order.pk, {}, on=TODAY, client_uuid=uuid4(), actor=SYSTEM)
    assert rest.amount_incl_tax == D("3.34")


def test_stock_comes_in_at_the_discounted_cost(made: World) -> None:
    body = replace(
        draft(made.warehouses[0], [line(made.items[0], "3", "3.335")], partner=made.supplier),
        bill_discount=D(1),
    )
    order = purchase_orders.save_order(body, actor=SYSTEM)
    order = purchase_orders.step_order(target(order), "approve", actor=SYSTEM)
    of = order.lines.get()
    for wanted in ({of.pk: D(1)}, {}):
        got = receipts.receive_order(order.pk, wanted, on=TODAY, client_uuid=uuid4(), actor=SYSTEM)
    assert settlement.owed_totals(SYSTEM).payable == D("9.01")
    two = got.lines.get()
    for _ in range(2):
        purchase_returns.return_receipt(
            got.pk, {two.pk: D(1)}, on=TODAY, client_uuid=uuid4(), actor=SYSTEM
        )
    assert settlement.owed_totals(SYSTEM).payable == D("9.01") - two.amount_incl_tax
    assert verify_books() == []


def clerk(made: World, *permissions: str) -> Actor:
    return Actor(7, "小王", frozenset(permissions), None)


SELLS = ("sales_order.view", "sales_order.save", "sales_delivery.view", "sales_delivery.save")


def test_the_floor_price_sees_the_price_after_the_split(made: World) -> None:
    made.items[1].floor_price = D("9.50")
    made.items[1].save()
    seller = clerk(made, *SELLS)
    cheap = typed(made, quantities="0 3 0", off="1.43")
    with pytest.raises(RefusedLines) as refused:
        orders.save_order(cheap, actor=seller)
    assert refused.value.refusals[0].code == "below_floor"
    fine = replace(cheap, client_uuid=uuid4(), bill_discount=D("1.42"))
    assert orders.save_order(fine, actor=seller).amount_incl_tax == D("28.50")


def test_a_storekeeper_gives_nothing_away(made: World) -> None:
    keeper = clerk(made, "sales_delivery.view", "sales_delivery.save", "sales_order.view")
    filled = draft(made.warehouses[0], [line(made.items[0], "3")], partner=made.customer)
    with pytest.raises(Refused) as refused:
        deliveries.save_delivery(replace(filled, bill_discount=D(1)), actor=keeper)
    assert refused.value.code == "discount_forbidden"
    given = deliveries.save_delivery(replace(filled, bill_discount=D(1)), actor=SYSTEM)
    again = replace(filled, bill_discount=D(1), note="已核对")
    kept = deliveries.change_delivery(target(given), again, actor=keeper)
    assert kept.bill_discount == D(1)
    assert Amounts(kept.net_amount, kept.tax_amount, kept.amount_incl_tax).gross == D("59.00")
