"""询价、报价、比价、下单: several are asked, the best is chosen, orders remember why."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hengcang.books.models import Book
from hengcang.compliance.models import AuditLine
from hengcang.kernel.actor import SYSTEM, Actor, FieldClass
from hengcang.kernel.errors import Refused, RefusedLines
from hengcang.outbox.models import OutboxMessage
from hengcang.partners.models import Partner
from hengcang.purchasing.actions import orders, receipts, rfqs, supplier_quotes
from hengcang.purchasing.actions.awarding import Award, Choice, order_choices
from hengcang.purchasing.comparison import comparison
from hengcang.purchasing.inquiry_models import Rfq, RfqSupplier, SupplierQuote
from hengcang.purchasing.models import PurchaseOrder, SupplierPrice
from hengcang.register import queries as register
from hengcang.register.kinds import BY_CODE
from hengcang.register.verify import verify_books
from tests.purchasing.inquired import UNTIL, another, answered, asked
from tests.worlds import TODAY, World, draft, line, target, world

BUYER = Actor(
    id=3,
    name="采购",
    permissions=frozenset(
        f"{kind}.{verb}"
        for kind in ("rfq", "supplier_quote", "purchase_order")
        for verb in ("view", "save", "approve")
    ),
    warehouse_ids=None,
    field_classes=frozenset({FieldClass.COST}),
)


@pytest.fixture
def made(book: Book) -> World:
    return world()


@pytest.fixture
def other(made: World) -> Partner:
    return another("宁波五金", "V002")


def _award(request: Rfq, *choices: tuple[SupplierQuote, int, str]) -> Award:
    return Award(
        uuid4(),
        request.pk,
        TODAY,
        tuple(
            Choice(quote.lines.get(position=position).pk, Decimal(quantity))
            for quote, position, quantity in choices
        ),
    )


def _code(run: object, *arguments: object, **named: object) -> str:
    with pytest.raises(Refused) as refused:
        run(*arguments, **named)  # type: ignore[operator]
    found = refused.value
    return found.refusals[0].code if isinstance(found, RefusedLines) else found.code


def test_from_the_question_to_the_order(made: World, other: Partner) -> None:
    request = asked(made, "10", "4", due=TODAY + timedelta(days=7))
    rfqs.ask_suppliers(request.pk, [made.supplier.pk, other.pk], on=TODAY, actor=BUYER)
    mine = answered(made, request, made.supplier, ("9", None, 3), ("5", "6", 3))
    theirs = answered(made, request, other, ("10", None, 3), ("6", None, 9))
    table = comparison(BUYER, request.pk, on=TODAY)
    assert [(s.name, s.asked, s.answered) for s in table.suppliers] == [
        ("杭州文具批发", True, True),
        ("宁波五金", True, True),
    ]
    first, second = table.lines
    assert first.best is not None
    assert (first.best.offer.partner_id, first.best.why) == (
        made.supplier.pk,
        "总价最低，比第二家低 10%；3 天到货",
    )
    assert second.answers[other.pk].faults == ["赶不上需用日期"]
    award = _award(request, (mine, 1, "10"), (theirs, 2, "4"))
    made_orders = order_choices(award, actor=BUYER)
    assert [order.partner_id for order in made_orders] == [made.supplier.pk, other.pk]
    bound = [order.lines.get() for order in made_orders]
    assert [row.quote_line_id for row in bound] == [
        mine.lines.get(position=1).pk,
        theirs.lines.get(position=2).pk,
    ]
    assert [(row.quantity, row.price, row.due_date) for row in bound] == [
        (10, 9, TODAY + timedelta(days=3)),
        (4, 6, TODAY + timedelta(days=9)),
    ]
    assert order_choices(award, actor=BUYER) == made_orders
    assert PurchaseOrder.objects.count() == 2
    assert [line.left for line in comparison(BUYER, request.pk, on=TODAY).lines] == [0, 0]
    chain = register.chain(SYSTEM, BY_CODE["purchase_order"], made_orders[0])
    assert {link.document.kind for link in chain} == {"supplier_quote", "rfq"}
    told = AuditLine.objects.get(verb="rfq.order")
    assert told.facts == {"orders": [order.pk for order in made_orders]}
    order = orders.step_order(target(made_orders[0]), "approve", actor=SYSTEM)
    receipts.receive_order(order.pk, {}, on=TODAY, client_uuid=uuid4(), actor=SYSTEM)
    assert verify_books() == []


def test_a_line_may_be_split_and_what_is_ordered_is_not_ordered_again(
    made: World, other: Partner
) -> None:
    request = asked(made, "10")
    mine = answered(made, request, made.supplier, ("9", None, 3))
    theirs = answered(made, request, other, ("10", None, 3))
    first, _ = order_choices(_award(request, (mine, 1, "6"), (theirs, 1, "4")), actor=BUYER)
    again = _award(request, (mine, 1, "1"))
    assert _code(order_choices, again, actor=BUYER) == "rfq_line_ordered"
    orders.step_order(target(first), "void", actor=SYSTEM)
    assert comparison(BUYER, request.pk, on=TODAY).lines[0].left == 6
    order_choices(again, actor=BUYER)
    assert verify_books() == []


def test_what_cannot_be_ordered(made: World, other: Partner) -> None:
    request, elsewhere = asked(made, "10"), asked(made, "10")
    mine = answered(made, request, made.supplier, ("9", None, 3))
    late = answered(made, request, other, ("9", None, 3), until=TODAY)
    foreign = answered(made, elsewhere, other, ("9", None, 3))
    tomorrow = replace(_award(request, (late, 1, "1")), dated=TODAY + timedelta(days=1))
    twice = _award(request, (mine, 1, "1"), (mine, 1, "2"))
    for award, code in (
        (_award(request), "nothing_chosen"),
        (_award(request, (foreign, 1, "1")), "source_line_unknown"),
        (_award(request, (mine, 1, "0")), "quantity_not_positive"),
        (tomorrow, "supplier_quote_expired"),
        (twice, "rfq_line_twice"),
        (replace(_award(request, (mine, 1, "1")), rfq_id=10**9), "not_found"),
    ):
        assert _code(order_choices, award, actor=BUYER) == code
    award = _award(request, (mine, 1, "1"))
    blind = replace(BUYER, field_classes=frozenset())
    nobody = replace(BUYER, permissions=frozenset({"rfq.view", "supplier_quote.view"}))
    elsewhere_only = replace(BUYER, warehouse_ids=frozenset({made.warehouses[1].pk}))
    assert _code(order_choices, award, actor=blind) == "forbidden"
    assert _code(comparison, blind, request.pk, on=TODAY) == "forbidden"
    assert _code(order_choices, award, actor=nobody) == "forbidden"
    assert _code(order_choices, award, actor=elsewhere_only) == "not_found"
    rfqs.step_rfq(target(request), "finish", actor=BUYER)
    assert _code(order_choices, award, actor=BUYER) == "source_not_open"
    assert not PurchaseOrder.objects.exists()


def test_an_order_that_is_rewritten_remembers_while_it_is_theirs(
    made: World, other: Partner
) -> None:
    request = asked(made, "10")
    quote = answered(made, request, made.supplier, ("9", None, 3))
    (order,) = order_choices(_award(request, (quote, 1, "10")), actor=BUYER)
    lines = [line(made.items[1], "1", "2"), line(made.items[0], "8", "9")]
    order = orders.change_order(
        target(order), draft(made.warehouses[0], lines, partner=made.supplier), actor=BUYER
    )
    named = order.lines.order_by("position").values_list("quote_line_id", flat=True)
    assert list(named) == [None, quote.lines.get().pk]
    order = orders.change_order(
        target(order), draft(made.warehouses[0], lines, partner=other), actor=BUYER
    )
    assert not order.lines.filter(quote_line__isnull=False).exists()
    assert verify_books() == []


def test_asking(made: World, other: Partner) -> None:
    saved = rfqs.save_rfq(draft(made.warehouses[0], [line(made.items[0], "3")]), actor=BUYER)
    rfqs.ask_suppliers(saved.pk, [other.pk], on=TODAY, actor=BUYER)
    assert not OutboxMessage.objects.exists()
    request = rfqs.step_rfq(target(saved), "approve", actor=BUYER)
    rfqs.ask_suppliers(request.pk, [other.pk, made.supplier.pk], on=TODAY, actor=BUYER)
    assert RfqSupplier.objects.count() == 2
    assert sorted(OutboxMessage.objects.values_list("key", flat=True)) == sorted(
        f"rfq-{request.pk}-{partner.pk}" for partner in (other, made.supplier)
    )
    customer = [made.customer.pk]
    assert _code(rfqs.ask_suppliers, request.pk, customer, on=TODAY, actor=BUYER) == "not_found"
    nobody = replace(BUYER, permissions=frozenset({"rfq.view"}))
    assert _code(rfqs.ask_suppliers, request.pk, [], on=TODAY, actor=nobody) == "forbidden"
    rfqs.step_rfq(target(request), "finish", actor=BUYER)
    assert _code(rfqs.ask_suppliers, request.pk, [], on=TODAY, actor=BUYER) == "source_not_open"


def test_a_question_that_was_answered_stands(made: World) -> None:
    request = asked(made, "3")
    quote = answered(made, request, made.supplier, ("9", None, None))
    assert _code(rfqs.step_rfq, target(request), "take_back", actor=BUYER) == "rfq_answered"
    quote = supplier_quotes.step_supplier_quote(target(quote), "take_back", actor=BUYER)
    supplier_quotes.step_supplier_quote(target(quote), "void", actor=BUYER)
    assert rfqs.step_rfq(target(request), "take_back", actor=BUYER).status == "draft"


def test_an_answer_that_was_ordered_stands(made: World) -> None:
    request = asked(made, "3")
    quote = answered(made, request, made.supplier, ("9", None, None))
    order_choices(_award(request, (quote, 1, "3")), actor=BUYER)
    step = supplier_quotes.step_supplier_quote
    assert _code(step, target(quote), "take_back", actor=BUYER) == "supplier_quote_ordered"
    assert step(target(quote), "finish", actor=BUYER).status == "closed"


def test_what_an_answer_must_say(made: World) -> None:
    request = asked(made, "3")
    source = request.lines.get().pk
    save = supplier_quotes.save_supplier_quote
    good = replace(
        draft(
            made.warehouses[0],
            [line(made.items[0], "3", "9", source_line_id=source)],
            partner=made.supplier,
        ),
        valid_until=UNTIL,
    )

    def with_line(**more: object) -> str:
        lines = (replace(good.lines[0], **more),)  # type: ignore[arg-type]
        return _code(save, replace(good, client_uuid=uuid4(), lines=lines), actor=BUYER)

    assert with_line(price=None) == "price_missing"
    assert with_line(moq=Decimal(0)) == "quantity_not_positive"
    assert with_line(lead_time_days=4000) == "days_out_of_range"
    assert with_line(source_line_id=10**9) == "source_line_unknown"
    assert with_line(item_id=made.items[1].pk) == "source_line_unknown"
    assert _code(save, replace(good, valid_until=None), actor=BUYER) == "field_missing"
    assert _code(save, replace(good, valid_until=date(2026, 1, 1)), actor=BUYER) == "field_invalid"
    customer = replace(good, partner_id=made.customer.pk)
    assert _code(save, customer, actor=BUYER) == "partner_wrong_role"
    blind = replace(BUYER, field_classes=frozenset())
    assert _code(save, good, actor=blind) == "forbidden"
    assert not SupplierQuote.objects.exists()
    kept = save(good, actor=BUYER)
    assert save(good, actor=BUYER) == kept
    stale = replace(target(kept), version=7)
    assert _code(supplier_quotes.change_supplier_quote, stale, good, actor=BUYER) == "stale_version"


def test_quoted_prices_go_into_the_price_list(made: World) -> None:
    request = asked(made, "10")
    quote = answered(made, request, made.supplier, ("9", "5", 3))
    lister = replace(BUYER, permissions=BUYER.permissions | {"supplier_price.save"})
    supplier_quotes.list_quoted_prices(quote.pk, actor=lister)
    row = SupplierPrice.objects.get()
    assert (row.price, row.moq, row.min_quantity, row.lead_time_days) == (9, 5, 5, 3)
    assert (row.valid_from, row.valid_to) == (TODAY, UNTIL)
    assert _code(supplier_quotes.list_quoted_prices, quote.pk, actor=BUYER) == "forbidden"


def test_statements_do_not_grow_with_lines_or_suppliers(made: World, other: Partner) -> None:
    small, large = asked(made, "1"), asked(made, "1", "1")
    answered(made, small, made.supplier, ("9", None, 1))
    for partner in (made.supplier, other):
        answered(made, large, partner, ("9", None, 1), ("9", None, 1))
    with CaptureQueriesContext(connection) as few:
        comparison(BUYER, small.pk, on=TODAY)
    with CaptureQueriesContext(connection) as many:
        comparison(BUYER, large.pk, on=TODAY)
    assert len(many) == len(few) <= 8


def test_the_check_sees_a_wrong_bond(made: World) -> None:
    request = asked(made, "10", "4")
    quote = answered(made, request, made.supplier, ("9", None, 3), ("5", None, 3))
    (order,) = order_choices(_award(request, (quote, 1, "10")), actor=BUYER)
    assert verify_books() == []
    order.lines.update(quote_line=quote.lines.get(position=2))
    assert [found.check for found in verify_books()] == [
        "采购订单行与所选供应商报价同商品、同供应商"
    ]
