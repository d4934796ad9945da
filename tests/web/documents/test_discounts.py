"""整单优惠 and 抹零 on the page: typed below the lines, carried on, told when wrong."""

import re
from decimal import Decimal

from hengcang.sales.models import SalesDelivery, SalesOrder
from tests.conftest import BookClient
from tests.web.conftest import Login
from tests.web.documents.forms import form, htmx, line, saved, source_id, told
from tests.worlds import world

D = Decimal
NEW = "/sales-orders/new"


def total(page: str, name: str) -> str:
    match = re.search(rf'data-t="{name}">([^<]*)<', page)
    assert match
    return match[1]


def test_a_bill_is_discounted_and_its_delivery_follows(web: BookClient, login: Login) -> None:
    made = world()
    login()
    stock = form(made, "purchase", line(made, "9", "10"), verb="post")
    saved(web, "/purchase-receipts/new", stock)
    asked = form(made, "sales", line(made, "3", "20"), bill_discount="5", rounding_off="0.5")
    order_id = saved(web, NEW, asked)
    page = web.get(f"/sales-orders/{order_id}").content.decode()
    assert 'name="bill_discount" value="5"' in page
    assert (total(page, "amount"), total(page, "due")) == ("60.00", "54.50")
    approve = asked | {"version": "1", "verb": "approve"}
    assert htmx(web, f"/sales-orders/{order_id}", approve).status_code == 200
    page = web.get(f"/sales-orders/{order_id}").content.decode()
    assert "优惠 <b>5</b>" in page
    assert (total(page, "amount"), total(page, "due")) == ("60.00", "54.50")

    path = f"/sales-deliveries/new?from={order_id}"
    page = web.get(path).content.decode()
    assert 'data-carried="5.50"' in page
    assert total(page, "due") == "54.50"
    follows = line(made, "1", "20") | {"source": source_id(web, path)}
    delivery_id = saved(web, "/sales-deliveries/new", form(made, "sales", follows, verb="post"))
    delivery = SalesDelivery.objects.get(pk=delivery_id)
    assert (delivery.amount_incl_tax, delivery.discount_carried) == (D("18.17"), D("1.83"))
    page = web.get(f"/sales-deliveries/{delivery_id}").content.decode()
    assert (total(page, "amount"), total(page, "due")) == ("20.00", "18.17")


def test_what_is_wrong_with_a_discount_is_told(web: BookClient, login: Login) -> None:
    made = world()
    login()
    for off, sentence in (("61", "请减少优惠"), ("五元", "不是有效数字"), ("-1", "不能为负"),
                          ("1e1", "不是有效数字"), ("0.001", "小数位过多")):  # fmt: skip
        asked = form(made, "sales", line(made, "3", "20"), bill_discount=off)
        answer = htmx(web, NEW, asked)
        assert answer.status_code == 422
        assert sentence in told(answer)
        assert f'name="bill_discount" value="{off}"' in answer.content.decode()
    assert SalesOrder.objects.count() == 0


def test_a_return_has_no_discount_of_its_own(web: BookClient, login: Login) -> None:
    world()
    login()
    assert 'name="bill_discount"' not in web.get("/sales-returns/new").content.decode()
    assert 'name="bill_discount"' in web.get("/sales-quotes/new").content.decode()
