"""More than ordered comes in as far as supplier or item tolerate, and not one unit more."""

from dataclasses import replace
from decimal import Decimal
from uuid import uuid4

import pytest

from hengcang.kernel.actor import SYSTEM
from hengcang.kernel.errors import Refused
from hengcang.kernel.refusals import sentence
from hengcang.ledger import queries as books
from hengcang.ledger.queries import StockFilter
from hengcang.partners.models import SupplierProfile
from hengcang.purchasing.actions import orders, receipts
from hengcang.purchasing.models import PurchaseOrder, PurchaseReceipt
from hengcang.purchasing.queries import receipt_draft
from hengcang.register.verify import verify_books
from hengcang.settlement.queries import standing_of
from tests.documents.trade import bought, reversed_
from tests.worlds import TODAY, World, draft, line, target, world

D = Decimal


@pytest.fixture
def made(book) -> World:
    return world()


def _receive(order: PurchaseOrder, quantity: str) -> PurchaseReceipt:
    return receipts.receive_order(
        order.pk,
        {order.lines.get().pk: D(quantity)},
        on=TODAY,
        client_uuid=uuid4(),
        actor=SYSTEM,
    )


def _refused(order: PurchaseOrder, quantity: str) -> Refused:
    with pytest.raises(Refused) as refused:
        _receive(order, quantity)
    return refused.value


def _on_order(made: World) -> Decimal:
    rows = books.on_hand(SYSTEM, StockFilter(item_ids=(made.items[0].pk,), nonzero=False))
    return sum((row.on_order for row in rows), D(0))


def _item_tolerates(made: World, rate: int) -> None:
    made.items[0].over_receipt_rate = D(rate)
    made.items[0].save()


def _supplier_tolerates(made: World, rate: int) -> None:
    SupplierProfile.objects.filter(partner=made.supplier).update(over_receipt_rate=rate)


def test_nothing_more_unless_somebody_says_so(made: World) -> None:
    order = bought(made, "100")
    assert _refused(order, "100.000001").code == "over_order"
    assert _on_order(made) == 100


@pytest.mark.parametrize("parts", [("108",), ("60", "48")])
def test_what_is_more_is_owed_too(made: World, parts: tuple[str, ...]) -> None:
    _item_tolerates(made, 10)
    order = bought(made, "100")
    price = order.amount_incl_tax / 100
    for quantity in parts:
        receipt = _receive(order, quantity)
        assert receipt.amount_incl_tax == D(quantity) * price
    assert standing_of(SYSTEM, made.supplier.pk).payable == 108 * price
    assert verify_books() == []


def test_the_item_tolerates_some(made: World) -> None:
    _item_tolerates(made, 5)
    order = bought(made, "100")
    refused = _refused(order, "105.000001")
    assert refused.code == "over_tolerance"
    assert sentence(refused) == (
        f"「杭州文具批发」的采购订单 {order.number}：「商品1」订购 100，已入库 0，允许超收 5%，"
        "最多还可入库 105，本次填写 105.000001；请减少数量，多送的退回，或另开采购订单。"
        "也可以请有「超过收货容差入库」权限的人审核过账。"
    )
    assert not PurchaseReceipt.objects.exists()
    _receive(order, "60")
    assert _refused(order, "45.1").facts["open"] == "45"
    _receive(order, "45")
    order.refresh_from_db()
    assert (order.status, order.lines.get().qty_fulfilled) == ("closed", 105)
    assert _on_order(made) == 0
    assert verify_books() == []


def test_what_the_supplier_is_allowed_stands_above_the_item(made: World) -> None:
    _item_tolerates(made, 50)
    _supplier_tolerates(made, 0)
    order = bought(made, "100")
    assert _refused(order, "101").code == "over_order"
    _supplier_tolerates(made, 1)
    assert _refused(order, "102").facts["rate"] == "1"
    _receive(order, "101")


def test_a_reversal_puts_only_what_was_ordered_on_order_again(made: World) -> None:
    _item_tolerates(made, 10)
    order = bought(made, "100")
    _receive(order, "95")
    last = _receive(order, "15")
    assert _on_order(made) == 0
    reversed_(last)
    order.refresh_from_db()
    assert (order.status, _on_order(made)) == ("approved", 5)
    _receive(order, "5")
    assert _on_order(made) == 0
    assert verify_books() == []


def test_a_saved_receipt_is_judged_when_it_is_posted(made: World) -> None:
    _item_tolerates(made, 10)
    order = bought(made, "100")
    typed = line(made.items[0], "110", source_line_id=order.lines.get().pk)
    filled = draft(made.warehouses[0], [typed], partner=made.supplier)
    saved = receipts.save_receipt(filled, actor=SYSTEM)
    twice = replace(filled, client_uuid=uuid4(), lines=(replace(typed, quantity=D("0.5")),))
    other = receipts.save_receipt(twice, actor=SYSTEM)
    receipts.post_receipt(target(other), actor=SYSTEM)
    with pytest.raises(Refused) as refused:
        receipts.post_receipt(target(saved), actor=SYSTEM)
    assert refused.value.code == "over_tolerance"
    assert verify_books() == []


def test_a_complete_order_takes_more_as_an_open_one_does(made: World) -> None:
    _item_tolerates(made, 10)
    order = bought(made, "100")
    _receive(order, "100")
    order.refresh_from_db()
    assert order.status == "closed"
    assert _refused(order, "10.5").facts["open"] == "10"
    first = order.lines.get()
    typed = line(made.items[0], "6", source_line_id=first.pk)
    filled = draft(made.warehouses[0], [typed], partner=made.supplier)
    saved = receipts.save_receipt(filled, actor=SYSTEM)
    typed_in = receipts.post_receipt(target(saved), actor=SYSTEM)
    assert (typed_in.amount_incl_tax, _on_order(made)) == (60, 0)
    more = receipt_draft(SYSTEM, order, {}, on=TODAY, client_uuid=uuid4())
    assert [each.quantity for each in more.lines] == [4]
    _receive(order, "4")
    order.refresh_from_db()
    assert (order.status, order.lines.get().qty_fulfilled) == ("closed", 110)
    refused = _refused(order, "1")
    assert sentence(refused).startswith(f"「杭州文具批发」的采购订单 {order.number}：「商品1」订购")
    with pytest.raises(Refused) as nothing:
        receipt_draft(SYSTEM, order, {}, on=TODAY, client_uuid=uuid4())
    assert nothing.value.code == "order_complete"
    assert standing_of(SYSTEM, made.supplier.pk).payable == 1100
    reversed_(typed_in)
    order.refresh_from_db()
    assert (order.status, order.lines.get().qty_fulfilled, _on_order(made)) == ("closed", 104, 0)
    assert verify_books() == []


def test_a_complete_order_that_tolerates_nothing_says_what_to_do(made: World) -> None:
    order = bought(made, "100")
    _receive(order, "100")
    refused = _refused(order, "2")
    assert (refused.code, refused.facts["open"]) == ("over_order", "0")
    assert "超收容差" in sentence(refused)
    assert PurchaseReceipt.objects.count() == 1


def test_a_closed_order_takes_nothing_more(made: World) -> None:
    _item_tolerates(made, 10)
    order = bought(made, "100")
    _receive(order, "60")
    order.refresh_from_db()
    orders.step_order(target(order), "close", actor=SYSTEM, reason="不要了")
    assert _refused(order, "1").code == "source_not_open"
