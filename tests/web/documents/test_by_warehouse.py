"""An order from several warehouses on the page: typed by line, delivered by one click."""

from hengcang.sales.models import SalesDelivery, SalesOrder
from tests.conftest import BookClient
from tests.web.conftest import Login
from tests.web.documents.forms import cell_error, form, htmx, line, saved
from tests.worlds import world

NEW = "/sales-orders/new"


def test_typed_by_line_and_delivered_at_once(web: BookClient, login: Login) -> None:
    made = world()
    login()
    for place in made.warehouses:
        stock = form(made, "purchase", line(made, "9", "10"), verb="post", warehouse=str(place.pk))
        saved(web, "/purchase-receipts/new", stock)
    lines = (line(made, "2"), line(made, "3") | {"place": "2号仓"})
    order_id = saved(web, NEW, form(made, "sales", *lines))
    page = web.get(f"/sales-orders/{order_id}").content.decode()
    assert 'name="lines-1-place" data-k="place" value="2号仓"' in page
    again = form(made, "sales", *lines, version="1", verb="approve")
    assert htmx(web, f"/sales-orders/{order_id}", again).status_code == 200
    page = web.get(f"/sales-orders/{order_id}").content.decode()
    assert "按仓出库" in page
    path = f"/sales-orders/{order_id}/by-warehouse"
    page = web.get(path).content.decode()
    assert "出库并过账 2 张" in page
    intent = page.partition('name="intent" value="')[2].partition('"')[0]
    for _ in range(2):
        assert web.post(path, {"intent": intent}).status_code == 302
    assert SalesDelivery.objects.filter(status="posted").count() == 2
    assert "没有未出库的明细" in web.get(path).content.decode()
    assert SalesOrder.objects.get().status == "closed"


def test_a_warehouse_that_is_none_is_told_in_its_cell(web: BookClient, login: Login) -> None:
    made = world()
    login()
    answer = htmx(web, NEW, form(made, "sales", line(made) | {"place": "九号仓"}))
    assert answer.status_code == 422
    assert "九号仓" in cell_error(answer, 0, "place")
    assert SalesOrder.objects.count() == 0
    assert web.get("/sales-orders/999/by-warehouse").status_code == 404
