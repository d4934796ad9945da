"""超价拦截: nobody pays much more than last time without the right to."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from hengcang.books.models import Book
from hengcang.compliance.models import AuditLine
from hengcang.documents.reversal import Undo
from hengcang.identity.roles import TEMPLATES
from hengcang.kernel.actor import SYSTEM, Actor, FieldClass
from hengcang.kernel.errors import Refused, RefusedLines
from hengcang.kernel.refusals import sentence
from hengcang.purchasing.actions import orders, receipts
from hengcang.purchasing.actions.policy import PolicyDraft, save_purchase_policy
from hengcang.purchasing.models import PurchaseOrder, PurchaseReceipt
from hengcang.purchasing.watching import Deal, percent_above, rounded
from hengcang.purchasing.watching_models import PurchasePolicy
from hengcang.register.verify import verify_books
from tests.documents.trade import received
from tests.worlds import GO_LIVE, TODAY, World, draft, line, target, world

TEN = Decimal(10)
LEAD = Actor(
    id=7,
    name="主管",
    permissions=frozenset(next(t for t in TEMPLATES if t.code == "PURCHASE_LEAD").permissions),
    warehouse_ids=None,
    field_classes=frozenset({FieldClass.COST}),
)


def _deal(price: str, tax: str = "0", discount: str = "100", *, includes_tax: bool = True) -> Deal:
    terms = Decimal(price), Decimal(discount), Decimal(tax)
    return Deal(*terms, includes_tax, Decimal(2), Decimal(24))


def test_a_price_is_compared_without_tax_after_discount_per_base_unit() -> None:
    assert _deal("113", "13").net == Fraction(100, 12)
    assert _deal("100", "13", includes_tax=False).net == Fraction(100, 12)
    assert _deal("200", discount="50").net == Fraction(100, 12)


def test_the_limit_itself_is_allowed_and_a_hair_above_is_not() -> None:
    last = _deal("3.39", "13").net
    assert percent_above(_deal("3.729", "13").net, last, TEN) is None
    assert percent_above(_deal("3.7291", "13").net, last, TEN) == Decimal("10.00")
    assert percent_above(_deal("4").net, Fraction(0), TEN) is None
    assert percent_above(_deal("3").net, _deal("2").net, Decimal(0)) == Decimal("50.00")
    assert rounded(Fraction(1, 200), Decimal("0.01")) == Decimal("0.01")


@pytest.fixture
def made(book: Book) -> World:
    return world()


def _limit(rate: Decimal | None = TEN) -> None:
    now = PurchasePolicy.objects.filter(id=1).first() or PurchasePolicy()
    save_purchase_policy(PolicyDraft(over_price_rate=rate), now.version, actor=SYSTEM)


def _order(made: World, price: str, *, tax: bool = True) -> PurchaseOrder:
    wanted = draft(made.warehouses[0], [line(made.items[0], "5", price)], partner=made.supplier)
    return orders.save_order(replace(wanted, prices_include_tax=tax), actor=SYSTEM)


def _approve(order: PurchaseOrder, actor: Actor = LEAD) -> PurchaseOrder:
    return orders.step_order(target(order), "approve", actor=actor)


def _refusal(order: PurchaseOrder, actor: Actor = LEAD) -> Refused:
    with pytest.raises(RefusedLines) as refused:
        _approve(order, actor)
    order.refresh_from_db()
    assert (order.status, order.number) == ("draft", None)
    return refused.value.refusals[0]


def test_who_what_how_much_and_what_to_do(made: World) -> None:
    received(made, "3", "10", GO_LIVE)
    last = received(made, "3", "8", TODAY)
    _limit()
    refusal = _refusal(_order(made, "8.9"))
    assert refusal.field == "lines.1.price"
    assert sentence(refusal) == (
        f"「商品1」不含税每个 8.9，比上次进价 8（2026-11-24 {last.number}）高 11.25%，"
        "上限是 10%；请改低单价，或请有「超过进价上限采购」权限的人审核。"
    )
    assert _approve(_order(made, "8.8")).status == "approved"
    assert verify_books() == []


def test_without_a_limit_or_a_last_price_nothing_is_asked(made: World) -> None:
    assert _approve(_order(made, "900")).status == "approved"
    received(made, "3", "8")
    assert _approve(_order(made, "900")).status == "approved"
    _limit()
    _limit(None)
    assert _approve(_order(made, "900")).status == "approved"


def test_the_right_to_pay_more_leaves_a_trace(made: World) -> None:
    received(made, "3", "8")
    _limit()
    order = _order(made, "10")
    allowed = replace(LEAD, permissions=LEAD.permissions | {"purchase_price.over_limit"})
    assert _approve(order, allowed).status == "approved"
    told = AuditLine.objects.get(verb="purchase_order.approve", subject_id=order.pk)
    assert told.facts["over_price"] == [["S001", "10", "25"]]


def test_tax_does_not_make_a_price_higher(made: World) -> None:
    item = made.items[0]
    item.tax_rate = Decimal(13)
    item.save()
    received(made, "3", "11.3")
    _limit()
    assert _approve(_order(made, "10", tax=False)).status == "approved"
    assert _refusal(_order(made, "11.3", tax=False)).facts["percent"] == "13"


def test_a_reversed_receipt_is_no_last_price(made: World) -> None:
    received(made, "3", "100", GO_LIVE)
    cheap = received(made, "3", "8")
    undo = Undo(cheap.client_uuid.__class__(int=7), "录错", TODAY)
    receipts.reverse_receipt(target(cheap), undo, actor=SYSTEM)
    _limit()
    assert _approve(_order(made, "100")).status == "approved"


def test_a_receipt_without_an_order_is_weighed_and_one_of_an_order_is_not(made: World) -> None:
    received(made, "3", "8")
    order = _approve(_order(made, "80"), SYSTEM)
    _limit()
    keeper = replace(LEAD, permissions=LEAD.permissions, field_classes=frozenset())
    unordered = receipts.save_receipt(
        draft(made.warehouses[0], [line(made.items[0], "2", "80")], partner=made.supplier),
        actor=SYSTEM,
    )
    with pytest.raises(RefusedLines) as refused:
        receipts.post_receipt(target(unordered), actor=keeper)
    (refusal,) = refused.value.refusals
    assert refusal.code == "over_price_hidden"
    assert "8" not in str(refusal.facts)
    assert PurchaseReceipt.objects.get(pk=unordered.pk).status == "draft"
    done = receipts.receive_order(
        order.pk, {}, on=TODAY, client_uuid=order.client_uuid.__class__(int=9), actor=LEAD
    )
    assert done.status == "posted"
    assert verify_books() == []


def test_a_receipt_elsewhere_decides_but_is_not_named(made: World) -> None:
    received(made, "3", "8", place=1)
    _limit()
    here = replace(LEAD, warehouse_ids=frozenset({made.warehouses[0].pk}))
    assert _refusal(_order(made, "10"), here).facts["number"] == "其他仓库的入库单"


def test_all_lines_above_are_told_at_once(made: World) -> None:
    received(made, "3", "8")
    received(made, "3", "8", item=1)
    _limit()
    lines = [
        line(made.items[0], "1", "9"),
        line(made.items[1], "1", "8"),
        line(made.items[1], "1", "9"),
    ]
    order = orders.save_order(draft(made.warehouses[0], lines, partner=made.supplier), actor=SYSTEM)
    with pytest.raises(RefusedLines) as refused:
        _approve(order)
    assert [one.field for one in refused.value.refusals] == ["lines.1.price", "lines.3.price"]
