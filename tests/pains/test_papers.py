"""What users of other systems complain of about papers: numbers are those of the list of pains."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hengcang.books.models import Book
from hengcang.documents.drafts import Draft
from hengcang.kernel.actor import SYSTEM
from hengcang.kernel.amount_words import amount_cn_upper
from hengcang.kernel.errors import Refused
from hengcang.ledger.models import Availability, CostBalance, StockBalance
from hengcang.ledger.queries import StockFilter, on_hand, on_hand_totals
from hengcang.partners.models import CustomerProfile
from hengcang.pricing import actions as pricing
from hengcang.pricing.drafts import ListLineDraft, PriceListDraft
from hengcang.register.verify import verify_books
from hengcang.sales.actions import deliveries, orders, returns
from hengcang.settlement.queries import standing_of
from tests.architecture import sources
from tests.documents.trade import delivered, given_back, received, reversed_, sold
from tests.worlds import TODAY, World, draft, line, target, world

D = Decimal


@pytest.fixture
def made(book: Book) -> World:
    return world()


def test_pain_2_no_ghost_stays_where_a_paper_was_undone(made: World) -> None:
    receipt = received(made, "10", "3.3333")
    delivery = delivered(made, "4")
    reversed_(delivery)
    reversed_(receipt)
    assert set(StockBalance.objects.values_list("quantity", flat=True)) == {D(0)}
    assert set(Availability.objects.values_list("on_hand", "reserved")) == {(D(0), D(0))}
    assert set(CostBalance.objects.values_list("quantity", "value")) == {(D(0), D(0))}
    assert verify_books() == []


def test_pain_7_pain_8_looking_at_stock_never_replays_what_happened(made: World) -> None:
    """Stock and its value are as many statements after 40 movements as after one."""

    def looked() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert len(on_hand(SYSTEM, StockFilter())) == 1
            assert on_hand_totals(SYSTEM, StockFilter()).rows == 1
        assert not any("ledger_stockentry" in query["sql"] for query in asked)
        return len(asked)

    received(made, "100", "3")
    before = looked()
    for _ in range(20):
        received(made, "1", "3.01")
        delivered(made, "1")
    assert looked() == before


def _unlinked(made: World, reason: str, cost: Decimal | None) -> Draft:
    back = line(made.items[0], "2", "20", unit_cost=cost)
    return draft(made.warehouses[0], [back], partner=made.customer, reason=reason)


def test_pain_19_a_return_of_no_delivery_says_why_and_states_its_cost(made: World) -> None:
    for reason, cost, code in (("", D(3), "reason_missing"), ("换季", None, "cost_missing")):
        with pytest.raises(Refused) as refused:
            returns.save_return(_unlinked(made, reason, cost), actor=SYSTEM)
        told: Any = getattr(refused.value, "refusals", [refused.value])
        assert [one.code for one in told] == [code]
    saved = returns.save_return(_unlinked(made, "换季", D(3)), actor=SYSTEM)
    returns.post_return(target(saved), actor=SYSTEM)
    assert CostBalance.objects.get(item=made.items[0]).value == D("6.00")
    assert verify_books() == []


def test_pain_20_pain_34_what_a_customer_owes_is_what_the_papers_say(made: World) -> None:
    """A return lowers the debt by itself; nobody types a second figure that could differ."""
    received(made, "10", "3.3333")
    first = delivered(made, "3")
    delivered(made, "1")
    given_back(made, first, "2")
    assert standing_of(SYSTEM, made.customer.pk).receivable == D("40.00")
    assert verify_books() == []


def test_pain_34_a_customers_tier_is_the_price_that_is_proposed(made: World) -> None:
    tier = pricing.add_tier("零售", actor=SYSTEM)
    CustomerProfile.objects.filter(partner=made.customer).update(price_tier=tier)
    item = made.items[0].pk
    prices = (ListLineDraft(item, D(17)), ListLineDraft(item, D(25), tier_id=tier.pk))
    pricing.save_list(PriceListDraft("零售价", TODAY, prices), actor=SYSTEM)
    asked = draft(made.warehouses[0], [line(made.items[0], "1")], partner=made.customer)
    assert orders.save_order(asked, actor=SYSTEM).lines.get().price == 25


def test_pain_29_an_order_of_odd_cents_is_saved_and_read_out(made: World) -> None:
    odd = draft(made.warehouses[0], [line(made.items[0], "3", "0.37")], partner=made.customer)
    order = orders.save_order(odd, actor=SYSTEM)
    assert order.amount_incl_tax == D("1.11")
    assert amount_cn_upper(order.amount_incl_tax) == "壹元壹角壹分"


def test_pain_29_goods_are_never_called_shares() -> None:
    wrong = "股" + "票"
    folder = sources.ROOT / "hengcang"
    said = [*folder.rglob("*.py"), *folder.rglob("*.html"), *folder.rglob("*.txt")]
    assert len(said) > 300
    assert [path.name for path in said if wrong in path.read_text()] == []


def test_pain_17_one_line_of_an_order_is_mended_without_undoing_the_chain(made: World) -> None:
    """What was delivered stays; the rest is closed, and its goods are free again."""
    received(made, "10", "3")
    order = sold(made, "10")
    wanted = draft(made.warehouses[0], [], partner=made.customer)
    carried = line(made.items[0], "4", "20", source_line_id=order.lines.get().pk)
    saved = deliveries.save_delivery(replace(wanted, lines=(carried,)), actor=SYSTEM)
    deliveries.post_delivery(target(saved), actor=SYSTEM)
    order.refresh_from_db()
    orders.step_order(target(order), "close", actor=SYSTEM, reason="余下取消")
    free = Availability.objects.get(item=made.items[0], warehouse=made.warehouses[0])
    assert (free.on_hand, free.reserved) == (6, 0)
    assert verify_books() == []
