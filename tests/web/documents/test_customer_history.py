"""The history of a customer on one page, and the same order once more."""

from hengcang.catalog.models import Item
from tests.conftest import BookClient
from tests.documents.trade import delivered, given_back, received
from tests.web.conftest import Login
from tests.web.documents.forms import form, htmx, line, saved
from tests.worlds import world


def test_all_there_has_been_is_on_one_page(web: BookClient, login: Login) -> None:
    made = world()
    received(made, "90", "7.31")
    given_back(made, delivered(made, "10"), "1")
    login()
    path = f"/customers/{made.customer.pk}/history"
    assert path in web.get(f"/customers/{made.customer.pk}").content.decode()
    page = web.get(path).content.decode()
    for text in (
        "退货率",
        "10.0%",
        "180.00",
        "剩余信用",
        "没有逾期",
        "XSCK202611-0001",
        "XSTH202611-0001",
    ):
        assert text in page
    login("STOREKEEPER")
    page = web.get(path).content.decode()
    assert "应收余额" not in page
    assert "7.31" not in page
    assert web.get("/customers/999999/history").status_code == 404
    login("SECURITY_ADMIN")
    assert web.get(path).status_code == 403


def test_the_same_once_more_at_todays_price(web: BookClient, login: Login) -> None:
    made = world()
    login()
    asked = form(made, "sales", line(made, "3", "15"), line(made, "1", "15", item=1),
                 bill_discount="5")  # fmt: skip
    order_id = saved(web, "/sales-orders/new", asked)
    approve = asked | {"version": "1", "verb": "approve"}
    assert htmx(web, f"/sales-orders/{order_id}", approve).status_code == 200
    Item.objects.filter(pk=made.items[0].pk).update(sale_price=21)
    Item.objects.filter(pk=made.items[1].pk).update(is_active=False)
    page = web.get(f"/sales-orders/{order_id}").content.decode()
    assert f"/sales-orders/new?again={order_id}" in page
    page = web.get(f"/sales-orders/new?again={order_id}").content.decode()
    assert 'name="lines-0-price" data-k="price" value="21"' in page
    assert 'name="bill_discount" value=""' in page
    assert made.items[1].name not in page
    assert web.get("/sales-orders/new?again=999").status_code == 404
    assert web.get(f"/sales-returns/new?again={order_id}").status_code == 404
