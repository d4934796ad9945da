"""供应商考核: points and their reasons, from papers, by hand."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest

from hengcang.kernel.actor import SYSTEM, Actor
from hengcang.kernel.errors import Refused
from hengcang.partners.models import Partner, SupplierProfile
from hengcang.purchasing.actions import orders, receipts
from hengcang.purchasing.rules import score_of
from hengcang.purchasing.scorecard import price_trend, score
from tests.documents.trade import received, reversed_, sent_back
from tests.worlds import TODAY, World, draft, line, target, world

D = Decimal
DUE = date(2026, 11, 10)


@pytest.fixture
def made(book) -> World:
    return world()


def _ordered(made: World, due: date, came: date | None) -> None:
    filled = draft(made.warehouses[0], [line(made.items[0], "10", "3")], DUE, made.supplier)
    saved = orders.save_order(replace(filled, due_date=due), actor=SYSTEM)
    order = orders.step_order(target(saved), "approve", actor=SYSTEM)
    if came:
        receipts.receive_order(order.pk, {}, on=came, client_uuid=uuid4(), actor=SYSTEM)


def test_points_by_hand() -> None:
    found = score_of(10, 8, D(2), D("2.5"))
    assert [part.points for part in found.parts] == [80, 90, 95]
    assert found.points == D("87.5")  # (80 × 40 + 90 × 30 + 95 × 30) ÷ 100
    assert found.grade == "B"
    assert found.parts[0].reason == "应到 10 行，准时到齐 8 行（80.0%）"
    assert found.parts[2].reason == "最近进价比全部供应商均价高 2.5%"


def test_what_cannot_be_judged_does_not_count() -> None:
    assert score_of(0, 0, None, None).points is None
    assert score_of(0, 0, D(0), None).points == 100
    assert score_of(0, 0, D(50), D(-10)).points == D("50.0")


def test_on_time_is_whole_and_by_the_due_date(made: World) -> None:
    _ordered(made, DUE, DUE)
    _ordered(made, DUE, date(2026, 11, 11))
    _ordered(made, DUE, None)  # should have come
    _ordered(made, date(2026, 12, 1), None)  # is not due yet
    found = score(SYSTEM, made.supplier.pk, on=TODAY)
    assert found.parts[0].reason == "应到 3 行，准时到齐 1 行（33.3%）"


def test_returns_are_weighed_by_amount_and_reversed_papers_do_not_count(made: World) -> None:
    receipt = received(made, "10", "6")
    sent_back(made, receipt, "1")
    reversed_(received(made, "5", "100"))
    parts = {part.name: part for part in score(SYSTEM, made.supplier.pk, on=TODAY).parts}
    assert parts["质量"].reason == "退货占入库金额 10.0%"
    assert parts["质量"].points == 50


def test_the_last_price_against_all_suppliers(made: World) -> None:
    received(made, "10", "6")
    other = Partner.objects.create(code="V002", name="宁波文具")
    SupplierProfile.objects.create(partner=other)
    received(replace(made, supplier=other), "10", "4")
    parts = {part.name: part for part in score(SYSTEM, made.supplier.pk, on=TODAY).parts}
    assert parts["价格"].reason == "最近进价比全部供应商均价高 20.0%"
    assert parts["价格"].points == 60


def test_prices_item_by_item_newest_first(made: World) -> None:
    received(made, "10", "6", date(2026, 11, 2))
    received(made, "5", "7.5")
    received(made, "5", "1", item=1)
    points = price_trend(SYSTEM, made.supplier.pk)
    assert [(p.code, p.price, p.before) for p in points] == [
        ("S001", D("7.5"), D(6)),
        ("S001", D(6), None),
        ("S002", D(1), None),
    ]


def test_costs_stay_hidden_and_rights_are_asked(made: World) -> None:
    received(made, "10", "6")
    rights = frozenset({"purchase_order.view", "purchase_receipt.view"})
    keeper = Actor(id=3, name="仓管", permissions=rights, warehouse_ids=None)
    names = [part.name for part in score(keeper, made.supplier.pk, on=TODAY).parts]
    assert names == ["质量"]
    assert price_trend(keeper, made.supplier.pk) == []
    with pytest.raises(Refused) as refused:
        score(replace(keeper, permissions=frozenset()), made.supplier.pk, on=TODAY)
    assert refused.value.code == "forbidden"
