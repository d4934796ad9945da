"""Goods come back and others go out on one paper: stock, cost, debt, and what is refused."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from hengcang.books.models import Book
from hengcang.catalog.models import Item
from hengcang.compliance.models import AuditLine
from hengcang.documents.reversal import Undo
from hengcang.kernel.actor import SYSTEM
from hengcang.kernel.errors import Refused
from hengcang.kernel.refusals import sentence
from hengcang.ledger import queries as books
from hengcang.ledger.models import MoneyEntry, PostingRecord, StockBalance
from hengcang.register.verify import verify_books
from hengcang.sales import exchange_queries, queries
from hengcang.sales.actions import deliveries, exchanges, returns
from hengcang.sales.customers import bought, trade
from hengcang.sales.figures import given_away, turnover
from hengcang.sales.models import SalesExchange, SalesExchangeLine, SalesReturn
from hengcang.settlement.queries import standing_of
from tests.concurrency.crowd import crowd
from tests.documents.trade import delivered, given_back, received, reversed_
from tests.sales.exchanged import back, exchanged, filled, out, saved
from tests.sales.test_price_rights import KEEPER, LEAD, SALES
from tests.worlds import TODAY, World, draft, line, target, world

D = Decimal


@pytest.fixture
def made(book: Book) -> Iterator[World]:
    """Ten of the first item at 6, ten of the second at 8; whatever happens, the books agree."""
    company = world()
    received(company, "10", "6")
    received(company, "10", "8", item=1)
    yield company
    assert verify_books() == []


def owed(made: World) -> Decimal:
    return standing_of(SYSTEM, made.customer.pk).receivable


def on_hand(made: World, item: int, status: str = "good") -> Decimal:
    rows = StockBalance.objects.filter(item=made.items[item], status=status)
    return sum((row.quantity for row in rows), D(0))


def refusal_of(act: Any, *arguments: Any, **named: Any) -> Refused:
    with pytest.raises(Refused) as refused:
        act(*arguments, **named)
    inner: list[Refused] = getattr(refused.value, "refusals", [refused.value])
    assert len(inner) == 1, inner
    return inner[0]


def test_both_sides_move_and_only_the_difference_is_owed(made: World) -> None:
    delivery = delivered(made, "4")
    exchange = exchanged(made, back(delivery, "3"), out(made, "2", "50"))
    assert exchange.number == "XSHH202611-0001"
    assert (exchange.out_amount, exchange.back_amount) == (D("100.00"), D("60.00"))
    assert exchange.amount_incl_tax == D("40.00")
    assert owed(made) == D("80.00") + D("40.00")
    assert (on_hand(made, 0), on_hand(made, 0, "defect"), on_hand(made, 1)) == (D(6), D(3), D(8))
    costs = {c.line: c.cost for c in books.line_costs(SYSTEM, exchange.kind, exchange.pk)}
    assert costs == {1: D("-18.00"), 2: D("16.00")}  # the cost of its delivery, the current cost
    assert delivery.lines.get().qty_returned == 3
    assert PostingRecord.objects.filter(kind="sales_exchange").count() == 1
    posted = AuditLine.objects.filter(verb="sales_exchange.post").get()
    assert (posted.facts["out"], posted.facts["back"]) == ("100.00", "60.00")


def test_an_even_exchange_moves_no_debt(made: World) -> None:
    delivery = delivered(made, "4")
    before = owed(made)
    exchange = exchanged(made, back(delivery, "2"), out(made, "2", "20"))
    assert exchange.amount_incl_tax == 0
    assert owed(made) == before
    entry = MoneyEntry.objects.get(posting__kind="sales_exchange")
    assert entry.amount == 0
    sides = exchange_queries.exchanged(SYSTEM, {exchange.pk})[exchange.pk]
    assert (sides.out, sides.back) == (D("40.00"), D("40.00"))


def test_dearer_goods_back_are_owed_to_the_customer_with_their_tax(made: World) -> None:
    Item.objects.update(tax_rate=D(13))
    delivery = delivered(made, "4")
    exchange = exchanged(made, back(delivery, "3"), out(made, "1", "9.99"))
    # back 60.00 with 6.90 of tax, out 9.99 with 1.15
    assert (exchange.amount_incl_tax, exchange.tax_amount) == (D("-50.01"), D("-5.75"))
    assert exchange.net_amount == D("-44.26")
    assert owed(made) == D("29.99")


def test_the_price_chain_prices_what_goes_out(made: World) -> None:
    delivery = delivered(made, "1", item=1)  # at 20, as is the item's own price
    Item.objects.filter(pk=made.items[1].pk).update(sale_price=D(25))
    exchange = saved(made, back(delivery, "1"), out(made, "1"), out(made, "1", item=0))
    assert [ln.price for ln in exchange.lines.order_by("position")] == [D(20), D(25), D(20)]


def test_chosen_statuses_are_kept_and_lines_stand_back_first(made: World) -> None:
    delivery = delivered(made, "4")
    exchange = exchanged(
        made, out(made, "1", "20"), back(delivery, "1", stock_status="good"), back(delivery, "1")
    )
    lines = exchange.lines.order_by("position")
    told = [(ln.position, ln.direction, ln.stock_status, ln.quantity) for ln in lines]
    assert told == [
        (1, "back", "good", D(1)),
        (2, "back", "defect", D(1)),
        (3, "out", "good", D(1)),
    ]
    refusal = refusal_of(saved, made, back(delivery, "1"), out(made, "1", stock_status="defect"))
    assert (refusal.code, refusal.field) == ("not_for_sale", "lines.2.stock_status")


def test_returns_and_exchanges_count_together(made: World) -> None:
    delivery = delivered(made, "4")
    given_back(made, delivery, "1")
    exchange = exchanged(made, back(delivery, "2"), out(made, "1", "20"))
    refusal = refusal_of(given_back, made, delivery, "2")
    assert (refusal.code, refusal.facts["open"]) == ("more_than_delivered", "1")
    refusal = refusal_of(exchanged, made, back(delivery, "2"), out(made, "1", "20"))
    assert (refusal.code, refusal.facts["open"]) == ("more_than_delivered", "1")
    assert refusal_of(reversed_, delivery).code == "has_followers"
    reversed_(exchange)
    given_back(made, delivery, "3")
    assert delivery.lines.get().qty_returned == 4


def test_the_books_refuse_what_slips_past_the_paper(made: World) -> None:
    """The last fence: even with the count on the line undone, no more comes back than went."""
    delivery = delivered(made, "4")
    exchanged(made, back(delivery, "3"), out(made, "1", "20"))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE sales_salesdeliveryline SET qty_returned = 0 WHERE quantity = 4")
        assert refusal_of(given_back, made, delivery, "2").code == "over_returned"
        cursor.execute("UPDATE sales_salesdeliveryline SET qty_returned = 3 WHERE quantity = 4")


def test_the_last_part_takes_the_rest_of_the_money_whatever_took_before(made: World) -> None:
    sale = deliveries.save_delivery(
        replace(
            draft(made.warehouses[0], [line(made.items[0], "3", "10")], partner=made.customer),
            bill_discount=D("0.01"),
        ),
        actor=SYSTEM,
    )
    delivery = deliveries.post_delivery(target(sale), actor=SYSTEM)
    for _ in range(2):
        exchanged(made, back(delivery, "1", "10"), out(made, "1", "10"))
    origin = delivery.lines.get()
    typed = line(origin.item, "1", "10", source_line_id=origin.pk)
    last = returns.save_return(
        draft(made.warehouses[0], [typed], partner=made.customer), actor=SYSTEM
    )
    returns.post_return(target(last), actor=SYSTEM)
    papers: Any = SalesExchange.objects
    took = sum(papers.values_list("back_amount", flat=True), D(0))
    assert took + last.amount_incl_tax == D("29.99")
    assert owed(made) == D("20.00")


def test_a_reversal_undoes_both_sides(made: World) -> None:
    delivery = delivered(made, "4")
    before = (owed(made), on_hand(made, 0), on_hand(made, 1))
    exchange = exchanged(made, back(delivery, "3"), out(made, "2", "50"))
    twin = reversed_(exchange)
    exchange.refresh_from_db()
    assert (exchange.status, twin.status, twin.reversal_of_id) == (
        "reversed",
        "posted",
        exchange.pk,
    )
    assert (twin.out_amount, twin.back_amount) == (D("-100.00"), D("-60.00"))
    assert (twin.amount_incl_tax, delivery.lines.get().qty_returned) == (D("-40.00"), 0)
    assert (owed(made), on_hand(made, 0), on_hand(made, 1)) == before
    assert on_hand(made, 0, "defect") == 0
    assert refusal_of(reversed_, twin).code == "reversal_not_reversible"


def test_without_an_origin_a_reason_and_a_cost_are_asked_for(made: World) -> None:
    loose = line(made.items[0], "1", "20", direction="back")
    refusal = refusal_of(saved, made, loose, out(made, "1"))
    assert (refusal.code, refusal.field) == ("reason_missing", "reason")
    refusal = refusal_of(saved, made, loose, out(made, "1"), reason="去年的货")
    assert (refusal.code, refusal.field) == ("cost_missing", "lines.1.unit_cost")
    costed = replace(loose, unit_cost=D("5.5"))
    exchange = exchanged(made, costed, out(made, "1", "20"), reason="去年的货")
    costs = books.line_costs(SYSTEM, exchange.kind, exchange.pk)
    assert [c.cost for c in costs] == [D("-5.50"), D("8.00")]


def test_what_is_refused_leaves_no_trace(made: World) -> None:
    delivery = delivered(made, "4")
    other = delivered(made, "1", item=1)
    wrong = [
        ((line(made.items[0], "1"),), "direction_missing", "lines.1.direction"),
        ((back(delivery, "1", direction="sideways"),), "direction_missing", "lines.1.direction"),
        ((back(delivery, "1", direction="out"),), "out_line_sourced", "lines.1.direction"),
        ((out(made, "1", unit_cost=D(1)),), "out_line_sourced", "lines.1.direction"),
        ((back(delivery, "1"), out(made, "0")), "quantity_not_positive", "lines.2.quantity"),
        (
            (replace(back(delivery, "1"), item_id=made.items[1].pk), out(made, "1")),
            "source_line_unknown",
            "lines.1.source_line",
        ),
        (
            (replace(back(other, "1"), source_line_id=999_999), out(made, "1")),
            "source_line_unknown",
            "lines.1.source_line",
        ),
    ]
    for lines, code, field in wrong:
        refusal = refusal_of(saved, made, *lines)
        assert (refusal.code, refusal.field) == (code, field)
        assert "？" not in sentence(refusal)
    assert not SalesExchange.objects.exists()
    assert not SalesExchangeLine.objects.exists()


def test_one_side_alone_is_no_exchange(made: World) -> None:
    delivery = delivered(made, "4")
    for lines in ([back(delivery, "1")], [out(made, "1")]):
        alone = saved(made, *lines)
        act = exchanges.post_exchange
        assert refusal_of(act, target(alone), actor=SYSTEM).code == "exchange_one_sided"
        blocked = exchanges.preview_exchange(alone.pk, actor=SYSTEM).blocked
        assert blocked is not None
        assert blocked.code == "exchange_one_sided"
        alone.refresh_from_db()
        assert (alone.status, alone.number) == ("draft", None)


def test_more_than_there_is_does_not_go_out_and_nothing_comes_back(made: World) -> None:
    delivery = delivered(made, "4")
    draft_ = saved(made, back(delivery, "1"), out(made, "11", "20"))
    refusal = refusal_of(exchanges.post_exchange, target(draft_), actor=SYSTEM)
    assert refusal.code == "insufficient_stock"
    assert delivery.lines.get().qty_returned == 0
    assert on_hand(made, 0, "defect") == 0
    assert owed(made) == D("80.00")


def test_an_intent_is_booked_once_and_a_stale_page_is_told(made: World) -> None:
    delivery = delivered(made, "4")
    body = filled(made, back(delivery, "1"), out(made, "1", "20"))
    first = exchanges.save_exchange(body, actor=SYSTEM)
    assert exchanges.save_exchange(body, actor=SYSTEM).pk == first.pk
    seen = target(first)
    body = filled(made, back(delivery, "2"), out(made, "1", "30"))
    changed = exchanges.change_exchange(seen, body, actor=SYSTEM)
    assert (changed.out_amount, changed.back_amount) == (D("30.00"), D("40.00"))
    refusal = refusal_of(exchanges.change_exchange, seen, body, actor=SYSTEM)
    assert refusal.code == "stale_version"
    posted = exchanges.post_exchange(target(changed), actor=SYSTEM)
    assert refusal_of(exchanges.post_exchange, target(posted), actor=SYSTEM).code == "wrong_status"
    undo = Undo(uuid4(), "录错", TODAY)
    twin = exchanges.reverse_exchange(target(posted), undo, actor=SYSTEM)
    assert exchanges.reverse_exchange(target(posted), undo, actor=SYSTEM).pk == twin.pk
    unposted = saved(made, back(delivery, "1"), out(made, "1"))
    assert exchanges.void_exchange(target(unposted), actor=SYSTEM).status == "voided"


def test_rights_are_those_of_deliveries(made: World) -> None:
    delivery = delivered(made, "4")
    Item.objects.filter(pk=made.items[1].pk).update(floor_price=D(18))
    cheap = (back(delivery, "1"), out(made, "1", "17"))
    refusal = refusal_of(saved, made, *cheap, actor=SALES)
    assert (refusal.code, refusal.field) == ("below_floor", "lines.2.price")
    assert saved(made, *cheap, actor=LEAD).amount_incl_tax == D("-3.00")
    told = refusal_of(saved, made, back(delivery, "1"), out(made, "1", "19"), actor=KEEPER)
    assert (told.code, told.field) == ("price_forbidden", "lines.2.price")
    gift = (back(delivery, "1"), out(made, "1", is_gift=True))
    assert refusal_of(saved, made, *gift, actor=KEEPER).code == "price_forbidden"
    usual = saved(made, back(delivery, "1"), out(made, "1"), actor=KEEPER)
    refusal = refusal_of(exchanges.post_exchange, target(usual), actor=SALES)
    assert refusal.code == "forbidden"
    posted = exchanges.post_exchange(target(usual), actor=KEEPER)
    undo = Undo(uuid4(), "录错", TODAY)
    refusal = refusal_of(exchanges.reverse_exchange, target(posted), undo, actor=KEEPER)
    assert refusal.code == "forbidden"
    elsewhere = replace(KEEPER, warehouse_ids=frozenset({made.warehouses[1].pk}))
    assert not exchange_queries.exchanges(elsewhere).exists()
    assert refusal_of(exchange_queries.exchange, elsewhere, posted.pk).code == "not_found"


def test_figures_have_both_sides(made: World) -> None:
    delivery = delivered(made, "4")
    exchanged(made, back(delivery, "3"), out(made, "2", "50"), out(made, "1", is_gift=True))
    (today,) = turnover(SYSTEM, TODAY, TODAY)
    assert (today.amount, today.net) == (D("120.00"), D("120.00"))
    year = trade(SYSTEM, made.customer.pk, since=TODAY)
    assert (year.delivered, year.returned, year.return_rate) == (D("180"), D("60"), D("33.3"))
    rows = {row.code: row for row in bought(SYSTEM, made.customer.pk)}
    first, second = rows["S001"], rows["S002"]
    assert (first.quantity, first.returned, first.amount) == (D(4), D(3), D(80))
    assert (second.quantity, second.returned, second.amount) == (D(3), D(0), D(100))
    gifts = given_away(SYSTEM, TODAY, TODAY)
    assert [(g.item, g.quantity, g.cost) for g in gifts] == [("商品2", D(1), D(8))]


def test_a_delivery_is_carried_on_to_an_exchange(made: World) -> None:
    delivery = delivered(made, "4")
    given_back(made, delivery, "1")
    body = exchange_queries.exchange_draft(SYSTEM, delivery, {}, on=TODAY, client_uuid=uuid4())
    (told,) = body.lines
    assert (told.quantity, told.direction, told.stock_status) == (D(3), "back", "defect")
    whole = replace(body, lines=(*body.lines, out(made, "3")))
    exchange = exchanges.save_exchange(whole, actor=SYSTEM)
    exchanges.post_exchange(target(exchange), actor=SYSTEM)
    assert not queries.returnable_lines(SYSTEM, delivery.pk).exists()


@pytest.mark.timeout(120)
def test_the_same_goods_do_not_come_back_twice_at_once(fresh_book: Book) -> None:
    company = world()
    received(company, "20", "6")
    received(company, "20", "8", item=1)
    delivery = delivered(company, "4")
    origin = delivery.lines.get()

    def take_back() -> Any:
        typed = line(origin.item, "3", "20", source_line_id=origin.pk)
        paper = draft(company.warehouses[0], [typed], partner=company.customer)
        return returns.post_return(target(returns.save_return(paper, actor=SYSTEM)), actor=SYSTEM)

    def swap() -> Any:
        return exchanged(company, back(delivery, "3"), out(company, "1", "20"))

    outcomes = crowd(fresh_book.code, [take_back, swap, swap, take_back])
    refused = [each for each in outcomes if isinstance(each, Refused)]
    assert {each.code for each in refused} == {"more_than_delivered"}
    assert len(refused) == 3, outcomes
    assert (
        SalesReturn.objects.filter(status="posted").count()
        + (SalesExchange.objects.filter(status="posted").count())
        == 1
    )
    assert delivery.lines.get().qty_returned == 3
    assert verify_books() == []
