"""Price lists and agreed prices on their pages, and the reason beside a line."""

from decimal import Decimal

import pytest

from hengcang.catalog.models import Item
from hengcang.compliance.models import AuditLine
from hengcang.kernel.actor import SYSTEM
from hengcang.partners.models import CustomerProfile
from hengcang.pricing.actions import add_tier
from hengcang.pricing.models import CustomerPrice, PriceList, PriceListLine
from hengcang.sales.models import SalesOrder
from hengcang.stock.actions import other_receipts
from tests.conftest import BookClient
from tests.web.conftest import Login
from tests.web.documents.forms import cell_error, field_error, form, htmx, line, saved
from tests.worlds import World, draft, target, world
from tests.worlds import line as worlds_line


@pytest.fixture
def made(book: object) -> World:
    return world()


def autumn(lines: str, **more: str) -> dict[str, str]:
    return {"name": "秋季", "valid_from": "2026-11-01", "is_active": "1", "lines": lines} | more


def test_rows_pasted_from_excel_become_a_list(web: BookClient, login: Login, made: World) -> None:
    add_tier("批发", actor=SYSTEM)
    login("SALES_LEAD")
    pasted = "编码\t单位\t等级\t单价\nS001\t个\t批发\t18.5\r\ns002\t\t\t30\n\n"
    answer = htmx(web, "/price-lists/new", autumn(pasted))
    assert answer.headers["HX-Redirect"].endswith(f"/price-lists/{PriceList.objects.get().pk}")
    found = PriceListLine.objects.values_list("item__code", "tier__name", "price")
    assert [(c, t, str(p)) for c, t, p in found] == [
        ("S001", "批发", "18.5000"),
        ("S002", None, "30.0000"),
    ]
    page = web.get(f"/price-lists/{PriceList.objects.get().pk}/change").content.decode()
    assert "S001\t个\t批发\t18.5" in page


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ("S001 １２", "第 1 行：「１２」不是有效数字"),
        ("S001 1\nS999 2", "第 2 行：没有条码为「S999」的商品"),
        ("S001 箱 3", "第 1 行：商品「商品1」没有这个单位"),
        ("S001 个 金卡 3", "第 1 行：找不到该价格等级「金卡」"),
        ("S001 1\nS001 2", "第 2 行：「商品1」"),
        ("S001", "第 1 行：请填写「S001」的单价"),
        ("", "请至少填写一行"),
    ],
)
def test_bad_rows_are_named_and_kept(
    web: BookClient, login: Login, made: World, lines: str, told: str
) -> None:
    login()
    answer = htmx(web, "/price-lists/new", autumn(lines))
    assert answer.status_code == 422
    assert told in field_error(answer, "lines")
    assert lines in answer.content.decode()
    assert not PriceList.objects.exists()


def test_adjusting_shows_first_and_does_then(web: BookClient, login: Login, made: World) -> None:
    login()
    htmx(web, "/price-lists/new", autumn("S001 10\nS002 9.99"))
    found = PriceList.objects.get()
    path = f"/price-lists/{found.pk}/adjust"
    assert "看影响" in web.get(path).content.decode()
    query = {"percent": "5", "on": "2026-12-01", "name": "冬季", "places": "2"}
    page = web.get(path, query).content.decode()
    assert "10.50" in page
    assert "+0.50" in page
    assert PriceList.objects.count() == 1
    assert web.post(path, query | {"version": "9"}).status_code == 422
    assert web.post(path, query | {"version": "1"}).status_code == 302
    prices = PriceListLine.objects.filter(price_list__name="冬季").values_list("price", flat=True)
    assert [str(price) for price in prices] == ["10.5000", "10.4900"]
    for wrong in ({"percent": "-100"}, {"percent": "x"}, {"on": "2026-11-01"}, {"name": ""}):
        assert web.post(path, query | {"version": "2"} | wrong).status_code == 422
    assert PriceList.objects.count() == 2


def again(web: BookClient, made: World, order: int, typed: dict[str, str]) -> str:
    """The page after a stored draft was saved once more: prices are weighed while one writes."""
    body = form(made, "sales-orders", typed, version="1", verb="save")
    answer = htmx(web, f"/sales-orders/{order}", body)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_agreed_prices_on_the_card_and_beside_the_line(
    web: BookClient, login: Login, made: World
) -> None:
    login("SALES_LEAD")
    path = f"/customers/{made.customer.pk}/prices"
    body = {"version": "1", "lines": "S001\t个\t17.5\t2026/11/1\t2026/12/31\nS002 12"}
    assert htmx(web, path, body).status_code == 200
    card = web.get(f"/customers/{made.customer.pk}").content.decode()
    assert "17.50" in card
    assert "修改协议价" in card
    assert htmx(web, path, body).status_code == 409
    query = f"q=S001&partner={made.customer.pk}"
    option = web.get(f"/suggest/items/sales-orders?{query}").content.decode()
    assert 'data-price="17.5"' in option
    assert "协议价，至 12-31" in option
    path = "/sales-orders/new"
    order = saved(web, path, form(made, "sales-orders", line(made, price="17.5")))
    assert ">协议价，至 12-31</td>" in again(web, made, order, line(made, price="17.5"))
    other = saved(web, path, form(made, "sales-orders", line(made, price="16")))
    assert ">17.5 协议价，至 12-31</td>" in again(web, made, other, line(made, price="16"))
    assert SalesOrder.objects.count() == 2
    audit = AuditLine.objects.filter(verb="partner.agree_prices").get()
    assert audit.facts["added"] == 2


def test_bad_agreed_prices_write_nothing(web: BookClient, login: Login, made: World) -> None:
    login()
    path = f"/customers/{made.customer.pk}/prices"
    for lines in ("S001 5 2026-12-01 2026-11-01", "S001 -1", "S001 个 盒 3", "S001 1\nS001 2"):
        answer = htmx(web, path, {"version": "1", "lines": lines})
        assert answer.status_code == 422, lines
        assert "第 " in field_error(answer, "lines")
    assert not CustomerPrice.objects.exists()
    supplier = web.post(f"/customers/{made.supplier.pk}/prices", {"version": "1", "lines": ""})
    assert supplier.status_code == 422


def test_a_customers_tier_is_kept_on_its_form(web: BookClient, login: Login, made: World) -> None:
    tier = add_tier("批发", actor=SYSTEM)
    login("SALES_LEAD")
    body = {"version": "1", "name": "鼎盛", "is_customer": "1", "price_tier": str(tier.pk)}
    assert htmx(web, f"/customers/{made.customer.pk}/change", body).status_code == 200
    assert CustomerProfile.objects.get(partner=made.customer).price_tier == tier
    assert "批发" in web.get(f"/customers/{made.customer.pk}").content.decode()
    body |= {"version": "2", "price_tier": "999"}
    answer = htmx(web, f"/customers/{made.customer.pk}/change", body)
    assert "价格等级" in field_error(answer, "price_tier")


def test_the_pages_are_closed_to_who_may_not(web: BookClient, login: Login, made: World) -> None:
    htmx_paths = ("/price-lists/new", "/price-tiers/new", f"/customers/{made.customer.pk}/prices")
    login("SALES")
    assert web.get("/price-lists/").status_code == 200
    for path in htmx_paths:
        assert web.get(path).status_code == 403
        assert web.post(path, {"name": "x"}).status_code == 403
    login("STOREKEEPER")
    assert web.get("/price-lists/").status_code == 403


@pytest.mark.parametrize(("role", "warned"), [("OWNER", True), ("SALES_LEAD", False)])
def test_a_loss_is_told_to_who_may_see_costs(
    web: BookClient, login: Login, made: World, role: str, *, warned: bool
) -> None:
    found = worlds_line(made.items[0], "9", unit_cost=Decimal(11))
    receipt = other_receipts.save_other_receipt(
        draft(made.warehouses[0], [found], reason="盘盈"), actor=SYSTEM
    )
    other_receipts.post_other_receipt(target(receipt), actor=SYSTEM)
    login(role)
    path = "/sales-orders/new"
    order = saved(web, path, form(made, "sales-orders", line(made, "2", price="10")))
    page = again(web, made, order, line(made, "2", price="10"))
    assert ("低于成本 22.00！" in page) is warned
    order = saved(web, path, form(made, "sales-orders", line(made, "2", price="11")))
    assert "低于成本" not in again(web, made, order, line(made, "2", price="11"))


def test_the_floor_stands_at_the_price(web: BookClient, login: Login, made: World) -> None:
    Item.objects.filter(pk=made.items[0].pk).update(floor_price=15)
    login("SALES")
    answer = htmx(web, "/sales-orders/new", form(made, "sales-orders", line(made, price="14.99")))
    assert answer.status_code == 422
    assert "低于最低售价 15" in cell_error(answer, 0, "price")
    assert not SalesOrder.objects.exists()


def test_a_gift_is_marked_in_the_grid(web: BookClient, login: Login, made: World) -> None:
    login("SALES")
    gift = line(made, "2", price="") | {"mark": "gift"}
    order = saved(web, "/sales-orders/new", form(made, "sales-orders", line(made), gift))
    stored = SalesOrder.objects.get(pk=order).lines.get(position=2)
    assert (stored.is_gift, stored.amount_incl_tax) == (True, 0)
    page = web.get(f"/sales-orders/{order}").content.decode()
    assert '<option value="gift" selected>赠品</option>' in page
    priced = line(made, "2", price="3") | {"mark": "sample"}
    answer = htmx(web, "/sales-orders/new", form(made, "sales-orders", priced))
    assert "是样品，不能有单价" in cell_error(answer, 0, "price")
    assert SalesOrder.objects.count() == 1
