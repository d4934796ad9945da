"""The chain on a real book: what a line without a price costs, and what it takes to find out."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hengcang.catalog.models import Item, ItemUom, Uom
from hengcang.identity.models import User
from hengcang.kernel.actor import SYSTEM, Actor
from hengcang.kernel.errors import Refused
from hengcang.partners.models import CustomerProfile, Partner
from hengcang.pricing import actions, queries
from hengcang.pricing.drafts import Adjustment, AgreedDraft, ListLineDraft, PriceListDraft
from hengcang.register.verify import verify_books
from hengcang.sales.actions import deliveries, orders
from hengcang.sales.prices import Sale, known_prices
from hengcang.stock.actions import other_receipts
from tests.worlds import TODAY, World, draft, line, target, world

D = Decimal
FAR = date(2026, 12, 31)


@pytest.fixture
def made(book) -> World:
    return world()


def agreed(made: World, *drafts: AgreedDraft) -> None:
    version = Partner.objects.get(pk=made.customer.pk).version
    actions.agree_prices(made.customer.pk, version, drafts, actor=SYSTEM)


def listed(made: World, name: str, *lines: ListLineDraft, since: date = TODAY, until=None):
    return actions.save_list(PriceListDraft(name, since, lines, valid_to=until), actor=SYSTEM)


def in_tier(made: World, name: str) -> int:
    tier = actions.add_tier(name, actor=SYSTEM)
    CustomerProfile.objects.filter(partner=made.customer).update(price_tier=tier)
    return tier.pk


def ordered_price(made: World, n: int = 0) -> Any:
    order = orders.save_order(
        draft(made.warehouses[0], [line(made.items[n], "1")], partner=made.customer), actor=SYSTEM
    )
    return order.lines.get().price


def quote(made: World, n: int = 0):
    item = Item.objects.get(pk=made.items[n].pk)
    known = known_prices(SYSTEM, Sale(made.customer.pk, TODAY), [item.pk])
    return known.quote(item, item.uoms.get())


def test_each_step_goes_before_the_next(made: World) -> None:
    item = made.items[0]
    assert ordered_price(made) == D(20)  # the item's own
    listed(made, "秋季", ListLineDraft(item.pk, D(19)), until=FAR)
    assert (ordered_price(made), quote(made).reason) == (D(19), "价格本价（秋季），至 12-31")
    tier = in_tier(made, "批发")
    listed(made, "批发秋", ListLineDraft(item.pk, D(18), tier_id=tier))
    assert (ordered_price(made), quote(made).reason) == (D(18), "批发价（批发秋），长期")
    agreed(made, AgreedDraft(item.pk, D("17.5"), TODAY, FAR))
    assert (ordered_price(made), quote(made).reason) == (D("17.5"), "协议价，至 12-31")
    assert ordered_price(made, 1) == D(20)
    assert verify_books() == []


def test_a_price_of_another_day_tier_or_disabled_list_is_not_taken(made: World) -> None:
    item = made.items[0]
    in_tier(made, "批发")
    other = actions.add_tier("零售", actor=SYSTEM)
    listed(made, "将来", ListLineDraft(item.pk, D(11)), since=date(2026, 12, 1))
    listed(
        made, "过去", ListLineDraft(item.pk, D(12)), since=date(2026, 9, 1), until=date(2026, 9, 9)
    )
    listed(made, "零售", ListLineDraft(item.pk, D(13), tier_id=other.pk))
    off = PriceListDraft("停用", TODAY, (ListLineDraft(item.pk, D(14)),), is_active=False)
    actions.save_list(off, actor=SYSTEM)
    agreed(made, AgreedDraft(item.pk, D(15), date(2026, 9, 1), date(2026, 11, 23)))
    assert ordered_price(made) == D(20)


def test_the_last_deal_is_the_last_resort_and_net_of_its_discount(made: World) -> None:
    item = made.items[0]
    Item.objects.filter(pk=item.pk).update(sale_price=None)
    with pytest.raises(Refused) as refused:
        ordered_price(made)
    assert refused.value.code == "lines_refused"
    sold = line(item, "2", "10", discount_rate=D(90))
    sell_from_nowhere(made, [sold])
    assert (ordered_price(made), quote(made).reason) == (D(9), "上次成交价，11-24")


def sell_from_nowhere(made: World, lines: list) -> None:
    place, item = made.warehouses[0], made.items[0]
    found = draft(place, [line(item, "9", unit_cost=D(1))], reason="盘盈")
    posted = other_receipts.save_other_receipt(found, actor=SYSTEM)
    other_receipts.post_other_receipt(target(posted), actor=SYSTEM)
    sold = deliveries.save_delivery(draft(place, lines, partner=made.customer), actor=SYSTEM)
    deliveries.post_delivery(target(sold), actor=SYSTEM)


def test_a_delivery_without_an_order_asks_the_chain_and_one_of_an_order_does_not(made) -> None:
    item = made.items[0]
    order = orders.save_order(
        draft(made.warehouses[0], [line(item, "5", "16")], partner=made.customer), actor=SYSTEM
    )
    order = orders.step_order(target(order), "approve", actor=SYSTEM)
    agreed(made, AgreedDraft(item.pk, D(15), TODAY))
    own = line(item, "1", source_line_id=order.lines.get().pk)
    delivery = deliveries.save_delivery(
        draft(made.warehouses[0], [own, line(item, "1")], partner=made.customer), actor=SYSTEM
    )
    assert [ln.price for ln in delivery.lines.order_by("position")] == [D(16), D(15)]


def test_a_thousand_lines_are_priced_in_one_query_a_step(made: World) -> None:
    piece = made.items[0].base_uom
    more = Item.objects.bulk_create(
        Item(code=f"M{n:04d}", name=f"件{n}", base_uom=piece, quantity_places=0)
        for n in range(1000)
    )
    ItemUom.objects.bulk_create(ItemUom(item=item, uom=piece) for item in more)
    agreed(made, *(AgreedDraft(item.pk, D(7), TODAY) for item in more))
    with CaptureQueriesContext(connection) as seen:
        known = known_prices(SYSTEM, Sale(made.customer.pk, TODAY), [item.pk for item in more])
    assert len(seen) == 3
    units = ItemUom.objects.filter(item__in=more).select_related("item")
    assert all(known.price_of(unit.item, unit) == D(7) for unit in units)


def test_stated_prices_ask_nothing(made: World) -> None:
    body = draft(made.warehouses[0], [line(made.items[0], "1", "5")], partner=made.customer)
    with CaptureQueriesContext(connection) as seen:
        orders.save_order(body, actor=SYSTEM)
    assert not [q for q in seen if "pricing_" in q["sql"]]


def test_somebody_elses_customer_gives_away_no_agreed_price(made: World) -> None:
    item = made.items[0]
    agreed(made, AgreedDraft(item.pk, D(15), TODAY))
    boss = User.objects.create(username="boss", name="老板")
    Partner.objects.filter(pk=made.customer.pk).update(salesperson=boss)
    own = Actor(
        id=boss.pk + 1, name="小王", permissions=frozenset({"price.view"}), own_partners_only=True
    )
    known = known_prices(own, Sale(made.customer.pk, TODAY), [item.pk])
    assert known.price_of(item, item.uoms.get()) == D(20)
    assert list(queries.customer_prices(own, made.customer.pk)) == []


def test_a_tiers_price_of_a_unit_is_found_for_the_unit(made: World) -> None:
    item = made.items[0]
    crate = ItemUom.objects.create(item=item, uom=Uom.objects.create(name="箱"), ratio_num=12)
    tier = in_tier(made, "批发")
    listed(made, "箱价", ListLineDraft(item.pk, D(200), crate.pk, tier))
    body = draft(made.warehouses[0], [line(item, "1", item_uom_id=crate.pk)], partner=made.customer)
    assert orders.save_order(body, actor=SYSTEM).lines.get().price == D(200)


def test_adjusting_makes_a_new_list_and_ends_the_old_one(made: World) -> None:
    item = made.items[0]
    old = listed(made, "现价", ListLineDraft(item.pk, D("9.99")), since=date(2026, 9, 1))
    wanted = Adjustment(D("5"), date(2026, 12, 1), "十二月")
    new = actions.adjust_list(old.pk, old.version, wanted, actor=SYSTEM)
    old.refresh_from_db()
    assert (old.valid_to, new.valid_from, new.valid_to) == (
        date(2026, 11, 30),
        date(2026, 12, 1),
        None,
    )
    assert new.lines.get().price == D("10.49")
    prices = [
        known_prices(SYSTEM, Sale(made.customer.pk, day), [item.pk]).price_of(item, item.uoms.get())
        for day in (date(2026, 11, 30), date(2026, 12, 1))
    ]
    assert prices == [D("9.99"), D("10.49")]
    with pytest.raises(Refused) as stale:
        actions.adjust_list(old.pk, 1, wanted, actor=SYSTEM)
    assert stale.value.code == "stale_version"


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ([], "no_prices"),
        ([(0, "-1")], "amount_negative"),
        ([(0, "1"), (0, "2")], "price_twice"),
        ([(None, "1")], "item_unknown"),
    ],
)
def test_a_bad_list_is_refused_and_nothing_is_written(made: World, lines, code: str) -> None:
    ids = [10**9 if n is None else made.items[n].pk for n, _ in lines]
    rows = tuple(ListLineDraft(i, D(price)) for i, (_, price) in zip(ids, lines, strict=True))
    with pytest.raises(Refused) as refused:
        actions.save_list(PriceListDraft("坏", TODAY, rows), actor=SYSTEM)
    inner = getattr(refused.value, "refusals", [refused.value])
    assert inner[0].code == code
    assert not queries.price_lists(SYSTEM).exists()
