"""Suppliers' price lists, and the price proposed for an order line."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from hengcang.catalog.models import ItemUom, Uom
from hengcang.compliance.models import AuditLine
from hengcang.kernel.actor import SYSTEM, Actor
from hengcang.kernel.errors import Refused, RefusedLines
from hengcang.purchasing.actions import orders
from hengcang.purchasing.actions.prices import (
    PriceDraft,
    remove_supplier_price,
    save_supplier_prices,
)
from hengcang.purchasing.models import SupplierPrice
from hengcang.purchasing.prices import (
    Ask,
    Offer,
    PriceFilter,
    proposed_prices,
    supplier_prices,
)
from hengcang.purchasing.rules import fitting
from tests.api.rows import nothing_written
from tests.documents.trade import received
from tests.worlds import GO_LIVE, TODAY, World, draft, line, world

D = Decimal


@pytest.fixture
def made(book: object) -> World:
    return world()


def listed(made: World, price: str, **more: object) -> PriceDraft:
    return replace(
        PriceDraft(made.supplier.pk, made.items[0].pk, D(price), GO_LIVE),
        **more,  # type: ignore[arg-type]
    )


def offer(made: World, quantity: str, *, uom: int | None = None, **more: bool) -> Offer | None:
    asks = [Ask(made.items[0].pk, uom, D(quantity))]
    return proposed_prices(SYSTEM, made.supplier.pk, asks, on=TODAY, **more)[0]


def boxed(made: World, num: int = 12) -> ItemUom:
    uom, _ = Uom.objects.get_or_create(name="箱")
    return ItemUom.objects.create(item=made.items[0], uom=uom, ratio_num=num, ratio_den=1)


def test_the_best_step_for_the_quantity_is_proposed_and_why(made: World) -> None:
    rows = [
        listed(made, "9"),
        listed(made, "8", min_quantity=D(50)),
        listed(made, "7", min_quantity=D(100)),
        listed(made, "1", valid_to=date(2026, 10, 1), valid_from=date(2026, 9, 2)),
        listed(made, "2", valid_from=date(2026, 12, 1)),
    ]
    save_supplier_prices(rows, actor=SYSTEM)
    said = [offer(made, quantity) for quantity in ("1", "49.999999", "50", "99", "100", "1000")]
    assert [found.price for found in said if found] == [D(9), D(9), D(8), D(8), D(7), D(7)]
    assert [found.why for found in said if found][-1] == "价格表满 100"
    save_supplier_prices([listed(made, "8.8", valid_from=date(2026, 11, 1))], actor=SYSTEM)
    assert offer(made, "1") == Offer(D("8.8"), "价格表")


def test_without_a_list_the_last_price_and_then_the_item_s(made: World) -> None:
    assert offer(made, "1") == Offer(D(10), "商品进价")
    received(made, "3", "9.5", date(2026, 11, 3))
    assert offer(made, "1") == Offer(D("9.5"), "上次进价 2026-11-03")
    made.items[1].purchase_price = None
    made.items[1].save()
    unknown = [Ask(made.items[1].pk, None, D(1)), Ask(10**9, None, D(1))]
    assert proposed_prices(SYSTEM, made.supplier.pk, unknown, on=TODAY) == [None, None]
    blind = Actor(1, "仓管员", frozenset(), None)
    assert proposed_prices(blind, made.supplier.pk, unknown[:1], on=TODAY) == [None]


def test_prices_are_converted_by_unit_and_tax(made: World) -> None:
    made.items[0].tax_rate = D(13)
    made.items[0].save()
    box = boxed(made)
    save_supplier_prices(
        [listed(made, "100", includes_tax=False, item_uom_id=box.pk)], actor=SYSTEM
    )
    base = offer(made, "24")
    boxes = offer(made, "2", uom=box.pk, includes_tax=False)
    assert base is not None
    assert base.price == D("9.4167")  # 113 / 12
    assert boxes is not None
    assert boxes.price == D(100)


def test_a_quantity_the_supplier_does_not_take_is_warned_with_one_that_fits(made: World) -> None:
    box = boxed(made)
    rows = [listed(made, "9", moq=D(24), order_multiple=D(12))]
    save_supplier_prices(rows, actor=SYSTEM)
    said = [offer(made, quantity) for quantity in ("5", "24", "30")]
    assert [found.warning for found in said if found] == [
        "低于起订量 24，可订 24",
        "",
        "不是 12 的倍数，可订 36",
    ]
    in_boxes = offer(made, "1", uom=box.pk)
    assert in_boxes is not None
    assert in_boxes.warning == "低于起订量 2，可订 2"
    assert fitting(D(25), D(24), None) == D(25)


def test_an_order_without_prices_takes_the_proposed_ones(made: World) -> None:
    save_supplier_prices([listed(made, "8", min_quantity=D(50))], actor=SYSTEM)
    wanted = draft(made.warehouses[0], [line(made.items[0], "50"), line(made.items[1], "1")])
    order = orders.save_order(replace(wanted, partner_id=made.supplier.pk), actor=SYSTEM)
    prices = order.lines.order_by("position").values_list("price", flat=True)
    assert list(prices) == [D(8), D(10)]


def test_the_same_row_again_is_replaced_and_the_old_price_is_in_the_log(made: World) -> None:
    (first,) = save_supplier_prices([listed(made, "9")], actor=SYSTEM)
    (again,) = save_supplier_prices([listed(made, "8")], actor=SYSTEM)
    assert (first.pk, SupplierPrice.objects.get().price) == (again.pk, D(8))
    last = AuditLine.objects.filter(kind="supplier_price").latest("id")
    assert (last.verb, last.facts["before"], last.facts["price"]) == (
        "supplier_price.change",
        "9",
        "8",
    )
    remove_supplier_price(first.pk, actor=SYSTEM)
    assert not SupplierPrice.objects.exists()


def test_rows_that_cannot_be_are_refused_one_by_one(made: World) -> None:
    good = listed(made, "9")
    wrong: Sequence[tuple[str, PriceDraft]] = (
        ("not_found", replace(good, partner_id=made.customer.pk)),
        ("item_unknown", replace(good, item_id=10**9)),
        ("uom_unknown", replace(good, item_uom_id=10**9)),
        ("dates_reversed", replace(good, valid_to=date(2026, 1, 1))),
        ("days_out_of_range", replace(good, lead_time_days=99999)),
        ("amount_negative", replace(good, price=D(-1))),
        ("quantity_not_positive", replace(good, moq=D(0))),
    )
    with nothing_written(), pytest.raises(RefusedLines) as told:
        save_supplier_prices([good, *(row for _, row in wrong), good], actor=SYSTEM)
    codes = [refusal.code for refusal in told.value.refusals]
    assert codes == [code for code, _ in wrong] + ["supplier_price_twice"]
    with nothing_written():
        for actor in (
            Actor(1, "甲", frozenset({"supplier_price.view"}), None),
            Actor(1, "甲", frozenset({"supplier_price.view", "supplier_price.save"}), None),
        ):
            with pytest.raises(Refused, match="forbidden"):
                save_supplier_prices([good], actor=actor)
            with pytest.raises(Refused, match="forbidden"):
                supplier_prices(actor, PriceFilter())
