"""Quotations: what they hold to, what orders take of them, and what they refuse."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from hengcang.books.models import Book
from hengcang.compliance import queries as compliance
from hengcang.identity.roles import TEMPLATES
from hengcang.kernel.actor import SYSTEM, Actor
from hengcang.kernel.errors import Refused
from hengcang.kernel.refusals import sentence
from hengcang.ledger.models import Availability
from hengcang.partners.models import CustomerProfile
from hengcang.register.verify import verify_books
from hengcang.sales.actions import deliveries, orders, quotes
from hengcang.sales.models import SalesOrder, SalesQuote
from hengcang.sales.rules import refuse_expired
from tests.documents.trade import quoted, received
from tests.worlds import TODAY, World, draft, line, target, world

D = Decimal
TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture
def made(book: Book) -> World:
    return world()


def _ordered(quote: SalesQuote, quantities: dict[int, Decimal], **more: Any) -> SalesOrder:
    asked: dict[str, Any] = {"on": TODAY, "client_uuid": uuid4(), "actor": SYSTEM} | more
    return orders.order_quote(quote.pk, quantities, **asked)


def _typed(made: World, quote: SalesQuote, quantity: str, **more: Any) -> SalesOrder:
    """A draft order whose line takes up the quotation's first line."""
    first = quote.lines.order_by("position")[0]
    typed = line(first.item, quantity, source_line_id=first.pk)
    return orders.save_order(
        draft(made.warehouses[0], [typed], partner=made.customer, **more), actor=SYSTEM
    )


def _state(quote: SalesQuote) -> tuple[str, list[Decimal]]:
    quote.refresh_from_db()
    lines = quote.lines.order_by("position")
    return quote.status, list(lines.values_list("qty_fulfilled", flat=True))


def test_a_quotation_holds_to_its_last_day() -> None:
    until = date(2026, 11, 30)
    refuse_expired("BJD", until, until)
    with pytest.raises(Refused) as refused:
        refuse_expired("BJD", until, date(2026, 12, 1))
    assert "2026-11-30" in sentence(refused.value)
    assert "复制" in sentence(refused.value)


def test_a_quotation_changes_no_books(made: World) -> None:
    received(made, "5", "10")
    quote = quoted(made, "4")
    assert (quote.number, quote.amount_incl_tax) == ("BJD202611-0001", D(72))
    assert Availability.objects.get(item=made.items[0]).reserved == 0
    assert verify_books() == []


def test_all_of_a_quotation_is_ordered_in_one_act(made: World) -> None:
    received(made, "5", "10")
    quote = quoted(made, "4", "2")
    order = _ordered(quote, {})
    assert (order.status, order.amount_incl_tax) == ("approved", D(108))
    assert [ln.source_line_id for ln in order.lines.all()] == [ln.pk for ln in quote.lines.all()]
    assert Availability.objects.get(item=made.items[0]).reserved == 4
    assert _state(quote) == ("won", [4, 2])
    verbs = [row.verb for row in compliance.timeline(SYSTEM, "sales_quote", quote.pk)]
    assert verbs == ["sales_quote.create", "sales_quote.approve", "sales_quote.complete"]
    assert verify_books() == []


def test_a_quotation_is_ordered_in_parts_and_never_beyond(made: World) -> None:
    quote = quoted(made, "4", "2")
    first, second = quote.lines.all()
    _ordered(quote, {first.pk: D(3)})
    assert _state(quote) == ("approved", [3, 0])
    with pytest.raises(Refused) as refused:
        _ordered(quote, {first.pk: D(2)})
    assert refused.value.code == "more_than_quoted"
    assert _state(quote) == ("approved", [3, 0])
    _ordered(quote, {first.pk: D(1), second.pk: D(2)})
    assert _state(quote) == ("won", [4, 2])
    assert verify_books() == []


def test_two_drafts_of_one_quotation_cannot_both_be_approved(made: World) -> None:
    quote = quoted(made, "4")
    one, other = _typed(made, quote, "3"), _typed(made, quote, "2")
    orders.step_order(target(one), "approve", actor=SYSTEM)
    with pytest.raises(Refused) as refused:
        orders.step_order(target(other), "approve", actor=SYSTEM)
    assert refused.value.code == "more_than_quoted"
    assert _state(quote) == ("approved", [3])
    assert verify_books() == []


def test_an_order_that_is_taken_back_frees_its_quotation(made: World) -> None:
    quote = quoted(made, "4")
    order = _ordered(quote, {})
    order = orders.step_order(target(order), "take_back", actor=SYSTEM)
    assert _state(quote) == ("approved", [0])
    orders.step_order(target(order), "approve", actor=SYSTEM)
    assert _state(quote) == ("won", [4])
    assert verify_books() == []


def test_an_order_that_is_closed_keeps_what_it_took(made: World) -> None:
    quote = quoted(made, "4")
    order = _ordered(quote, {})
    orders.step_order(target(order), "close", actor=SYSTEM, reason="客户取消")
    assert _state(quote) == ("won", [4])
    assert verify_books() == []


def test_a_delivered_order_of_a_quotation_completes(made: World) -> None:
    received(made, "5", "10")
    order = _ordered(quoted(made, "4"), {})
    deliveries.deliver_order(order.pk, {}, on=TODAY, client_uuid=uuid4(), actor=SYSTEM)
    order.refresh_from_db()
    assert order.status == "closed"
    assert verify_books() == []


def test_the_price_is_the_quoted_one_unless_typed(made: World) -> None:
    quote = quoted(made, "4")
    assert _typed(made, quote, "1").lines.get().price == 18


def test_an_expired_quotation_is_refused_with_the_date_and_what_to_do(made: World) -> None:
    quote = quoted(made, "4")
    late = quote.valid_until + timedelta(days=1)
    with pytest.raises(Refused) as refused:
        _ordered(quote, {}, on=late)
    assert refused.value.code == "quote_expired"
    assert "2026-11-24" in sentence(refused.value)
    assert SalesOrder.objects.count() == 0
    order = _typed(made, quote, "4")
    moved = replace(
        draft(
            made.warehouses[0],
            [line(made.items[0], "4", source_line_id=quote.lines.get().pk)],
            late,
            made.customer,
        ),
        client_uuid=order.client_uuid,
    )
    order = orders.change_order(target(order), moved, actor=SYSTEM)
    with pytest.raises(Refused) as refused:
        orders.step_order(target(order), "approve", actor=SYSTEM)
    assert refused.value.code == "quote_expired"
    assert _state(quote) == ("approved", [0])


@pytest.mark.parametrize("until", [None, TODAY - timedelta(days=1)])
def test_a_quotation_states_until_when(made: World, until: date | None) -> None:
    filled = draft(made.warehouses[0], [line(made.items[0], "1", "18")], partner=made.customer)
    with pytest.raises(Refused) as refused:
        quotes.save_quote(replace(filled, valid_until=until), actor=SYSTEM)
    assert refused.value.field == "valid_until"
    assert SalesQuote.objects.count() == 0


@pytest.mark.parametrize("verb", ["take_back", "void"])
def test_a_quotation_that_an_order_names_stays(made: World, verb: str) -> None:
    quote = quoted(made, "4")
    order = _typed(made, quote, "1")
    with pytest.raises(Refused) as refused:
        quotes.step_quote(target(quote), verb, actor=SYSTEM)
    assert refused.value.code == "quote_ordered"
    orders.step_order(target(order), "void", actor=SYSTEM)
    assert quotes.step_quote(target(quote), verb, actor=SYSTEM).status != "approved"


def test_a_lapsed_quotation_is_ordered_no_more(made: World) -> None:
    quote = quoted(made, "4")
    quotes.step_quote(target(quote), "lapse", actor=SYSTEM, reason="客户另选")
    with pytest.raises(Refused) as refused:
        _ordered(quote, {})
    assert refused.value.code == "source_not_open"
    assert verify_books() == []


@pytest.mark.parametrize("verb", ["complete", "reopen"])
def test_nobody_presses_what_follows_from_orders(made: World, verb: str) -> None:
    quote = quoted(made, "4")
    with pytest.raises(Refused) as refused:
        quotes.step_quote(target(quote), verb, actor=SYSTEM)
    assert refused.value.code == "wrong_status"


def test_a_quotation_of_another_customer_is_no_source(made: World) -> None:
    quote = quoted(made, "4")
    made.customer.pk = None
    made.customer.code = "C002"
    made.customer.save()
    CustomerProfile.objects.create(partner=made.customer)
    with pytest.raises(Refused) as refused:
        _typed(made, quote, "1")
    assert refused.value.code == "source_line_unknown"
    assert SalesOrder.objects.count() == 0


def test_the_same_intent_orders_once(made: World) -> None:
    quote, intent = quoted(made, "4"), uuid4()
    once = _ordered(quote, {}, client_uuid=intent)
    assert _ordered(quote, {}, client_uuid=intent) == once
    filled = replace(
        draft(made.warehouses[0], [line(made.items[0], "1", "18")], partner=made.customer),
        valid_until=TODAY,
    )
    assert quotes.save_quote(filled, actor=SYSTEM) == quotes.save_quote(filled, actor=SYSTEM)
    with pytest.raises(Refused) as refused:
        quotes.save_quote(replace(filled, valid_until=TOMORROW), actor=SYSTEM)
    assert refused.value.code == "intent_reused"


def test_a_stale_quotation_is_told(made: World) -> None:
    quote = quoted(made, "4")
    with pytest.raises(Refused) as refused:
        quotes.step_quote(replace(target(quote), version=1), "lapse", actor=SYSTEM)
    assert refused.value.code == "stale_version"


def _as(role: str, **scope: Any) -> Actor:
    template = next(t for t in TEMPLATES if t.code == role)
    return replace(
        SYSTEM,
        id=7,
        name=role,
        omnipotent=False,
        permissions=frozenset(template.permissions),
        **scope,
    )


def test_who_may_and_who_may_not(made: World) -> None:
    quote = quoted(made, "4")
    with pytest.raises(Refused) as refused:
        quotes.step_quote(target(quote), "lapse", actor=_as("SALES"))
    assert refused.value.code == "forbidden"
    with pytest.raises(Refused) as refused:
        _ordered(quote, {}, actor=_as("SALES"))
    assert refused.value.code == "forbidden"
    with pytest.raises(Refused) as refused:
        _ordered(quote, {}, actor=_as("BUYER"))
    assert refused.value.code == "forbidden"
    elsewhere = _as("SALES_LEAD", warehouse_ids=frozenset({made.warehouses[1].pk}))
    with pytest.raises(Refused) as refused:
        _ordered(quote, {}, actor=elsewhere)
    assert refused.value.code == "not_found"
    assert _state(quote) == ("approved", [0])


def test_a_miscounted_quotation_is_found(made: World) -> None:
    quote = quoted(made, "4")
    _ordered(quote, {})
    quote.lines.update(qty_fulfilled=3)
    assert [d.check for d in verify_books()] == ["报价单已下单 = 销售订单合计"]
