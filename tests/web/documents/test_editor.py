"""The editor: opening, saving, verbs."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hengcang.purchasing.models import PurchaseReceipt
from hengcang.register.kinds import KINDS, Kind
from hengcang.sales.models import SalesDelivery, SalesOrder, SalesReturn
from tests.conftest import BookClient
from tests.web.conftest import Login
from tests.web.documents.forms import form, htmx, line, saved_id
from tests.worlds import world

QUERIES = 12


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.plural)
def test_a_new_document_renders(web: BookClient, login: Login, kind: Kind) -> None:
    world()
    login()
    with CaptureQueriesContext(connection) as queries:
        answer = web.get(f"/{kind.plural}/new")
    assert answer.status_code == 200
    assert f"新建{kind.label}" in answer.content.decode()
    assert len(queries) <= QUERIES


def test_buy_sell_and_take_back_through_the_pages(web: BookClient, login: Login) -> None:
    made = world()
    login()
    bought = htmx(
        web, "/purchase-receipts/new", form(made, "purchase", line(made, "100", "10"), verb="post")
    )
    assert bought.status_code == 200, bought.content.decode()
    assert PurchaseReceipt.objects.get().status == "posted"

    ordered = htmx(web, "/sales-orders/new", form(made, "sales", line(made, "4"), verb="approve"))
    order_id = saved_id(ordered)
    assert SalesOrder.objects.get().status == "approved"

    page = web.get(f"/sales-deliveries/new?from={order_id}").content.decode()
    source = re.search(r'name="lines-0-source"[^>]*value="(\d+)"', page)
    assert source
    delivered = htmx(
        web,
        "/sales-deliveries/new",
        form(made, "sales", line(made, "4") | {"source": source[1]}, verb="post"),
    )
    delivery_id = saved_id(delivered)
    assert SalesDelivery.objects.get().status == "posted"
    assert SalesOrder.objects.get().status == "closed"

    assert "审核过账完成" in web.get(f"/sales-deliveries/{delivery_id}").content.decode()
    with CaptureQueriesContext(connection) as queries:
        page = web.get(f"/sales-deliveries/{delivery_id}").content.decode()
    assert len(queries) <= QUERIES, "\n".join(q["sql"][:150] for q in queries)
    assert "40.00" in page  # cost
    assert "销售订单" in page  # chain
    assert "审核过账" in page  # timeline

    page = web.get(f"/sales-returns/new?from={delivery_id}").content.decode()
    source = re.search(r'name="lines-0-source"[^>]*value="(\d+)"', page)
    assert source
    returned = htmx(
        web,
        "/sales-returns/new",
        form(made, "sales", line(made, "1") | {"source": source[1]}, verb="post"),
    )
    assert returned.status_code == 200
    assert SalesReturn.objects.get().status == "posted"
