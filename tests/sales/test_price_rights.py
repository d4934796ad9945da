"""Below the floor, against the order, out of the air: who may state which price."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hengcang.catalog.models import Item, ItemUom, Uom
from hengcang.compliance.models import AuditLine
from hengcang.documents.rules import Pricing
from hengcang.identity.roles import TEMPLATES
from hengcang.kernel.actor import Actor
from hengcang.kernel.errors import Refused
from hengcang.kernel.refusals import sentence
from hengcang.sales.actions import deliveries, orders
from hengcang.sales.models import SalesDelivery, SalesOrder
from hengcang.sales.rules import base_price, is_below_floor
from tests.worlds import World, draft, line, target, world

D = Decimal
money = st.decimals("0.0001", "9999", places=4)


@pytest.fixture
def made(book) -> World:
    return world()


def person(role: str, number: int = 7) -> Actor:
    template = next(t for t in TEMPLATES if t.code == role)
    return Actor(
        id=number,
        name=template.name,
        permissions=frozenset(template.permissions),
        warehouse_ids=None,
        field_classes=frozenset(template.field_classes),
    )


SALES, LEAD, KEEPER = person("SALES"), person("SALES_LEAD"), person("STOREKEEPER")


def floored(made: World, floor: str = "18") -> Item:
    Item.objects.filter(pk=made.items[0].pk).update(floor_price=D(floor))
    return made.items[0]


def ordered(made: World, *lines, actor: Actor = SALES, **more) -> SalesOrder:
    body = replace(draft(made.warehouses[0], list(lines), partner=made.customer), **more)
    return orders.save_order(body, actor=actor)


def delivered(made: World, *lines, actor: Actor = KEEPER, **more) -> SalesDelivery:
    body = replace(draft(made.warehouses[0], list(lines), partner=made.customer), **more)
    return deliveries.save_delivery(body, actor=actor)


def refusal_of(act, *arguments, **named) -> Any:
    with pytest.raises(Refused) as refused:
        act(*arguments, **named)
    (inner,) = getattr(refused.value, "refusals", [refused.value])
    return inner


def test_below_the_floor_is_refused_with_what_to_do(made: World) -> None:
    item = floored(made)
    refusal = refusal_of(ordered, made, line(item, "1", "20", discount_rate=D(80)))
    assert (refusal.code, refusal.field) == ("below_floor", "lines.1.price")
    assert sentence(refusal) == (
        "「商品1」折后每基本单位 16，低于最低售价 18；"
        "请提高单价，或请有「低于最低售价销售」权限的人保存。"
    )
    assert not SalesOrder.objects.exists()
    assert (
        refusal_of(delivered, made, line(item, "1", "17.9999"), actor=SALES).code == "below_floor"
    )
    assert ordered(made, line(item, "1", "18")).pk
    assert ordered(made, line(item, "1", "22.5", discount_rate=D(80))).pk


def test_the_floor_is_per_base_unit_and_with_tax(made: World) -> None:
    item = floored(made)
    crate = ItemUom.objects.create(item=item, uom=Uom.objects.create(name="箱"), ratio_num=12)
    assert ordered(made, line(item, "1", "216", item_uom_id=crate.pk)).pk
    assert refusal_of(ordered, made, line(item, "1", "215", item_uom_id=crate.pk))
    Item.objects.filter(pk=item.pk).update(tax_rate=D(13))
    assert ordered(made, line(item, "1", "16"), prices_include_tax=False).pk  # 18.08 with tax
    assert refusal_of(ordered, made, line(item, "1", "15.92"), prices_include_tax=False)


def test_with_the_right_it_passes_and_the_log_says_so(made: World) -> None:
    item = floored(made)
    order = ordered(made, line(item, "1", "10"), actor=LEAD)
    born = AuditLine.objects.get(verb="sales_order.create")
    assert born.facts["below_floor"] == [["S001", "10", "18"]]
    again = draft(made.warehouses[0], [line(item, "1", "10")], partner=made.customer)
    order = orders.change_order(target(order), replace(again, note="急"), actor=SALES)
    cheaper = draft(made.warehouses[0], [line(item, "1", "9")], partner=made.customer)
    assert (
        refusal_of(orders.change_order, target(order), cheaper, actor=SALES).code == "below_floor"
    )
    order = orders.step_order(target(order), "approve", actor=LEAD)
    source = order.lines.get().pk
    assert delivered(made, line(item, "1", source_line_id=source)).amount_incl_tax == D(10)


def test_an_orders_price_is_changed_by_right_only(made: World) -> None:
    item = made.items[0]
    order = ordered(made, line(item, "5", "16"))
    order = orders.step_order(target(order), "approve", actor=LEAD)
    own = line(item, "1", "15", source_line_id=order.lines.get().pk)
    for actor in (KEEPER, SALES):
        refusal = refusal_of(delivered, made, own, actor=actor)
        assert (refusal.code, refusal.facts["ordered"]) == ("reprice_forbidden", "16")
    assert not SalesDelivery.objects.exists()
    same = line(item, "1", "16", source_line_id=order.lines.get().pk)
    assert delivered(made, same).amount_incl_tax == D(16)
    cheaper = line(item, "1", "16", source_line_id=same.source_line_id, discount_rate=D(90))
    assert refusal_of(delivered, made, cheaper).code == "reprice_forbidden"
    repriced = delivered(made, own, actor=LEAD)
    assert repriced.amount_incl_tax == D(15)
    body = draft(made.warehouses[0], [own], partner=made.customer)
    kept = deliveries.change_delivery(target(repriced), replace(body, note="急"), actor=KEEPER)
    assert kept.amount_incl_tax == D(15)  # whoever saves it again need not be who priced it


def test_a_storekeeper_states_no_price_of_his_own(made: World) -> None:
    item = made.items[0]
    assert refusal_of(delivered, made, line(item, "1", "19")).code == "price_forbidden"
    assert refusal_of(delivered, made, line(item, "1", "20", discount_rate=D(99)))
    assert delivered(made, line(item, "1", "20")).pk  # what the customer pays anyway
    assert delivered(made, line(item, "1")).lines.get().price == D(20)
    assert delivered(made, line(item, "1", "19"), actor=SALES).pk


@given(money, st.integers(0, 100), st.sampled_from([(1, 1), (12, 1), (1, 3)]), money)
def test_the_floor_is_compared_exactly(price: D, rate: int, ratio, floor: D) -> None:
    pricing = Pricing(price, D(rate), D(13), includes_tax=True)
    exact = price * rate / 100 * ratio[1] / ratio[0]
    assert abs(base_price(pricing, ratio) - exact) < D("1e-20")
    if abs(exact - floor) > D("1e-18"):
        assert is_below_floor(pricing, ratio, floor) == (exact < floor)
