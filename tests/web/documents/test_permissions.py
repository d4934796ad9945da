"""Who may open, write and see what."""

import pytest

from hengcang.documents.drafts import Target
from hengcang.kernel.actor import SYSTEM
from hengcang.partners.models import Partner
from hengcang.purchasing.actions import orders as purchase_orders
from hengcang.purchasing.actions import receipts as purchase_receipts
from hengcang.register.kinds import KINDS, Kind
from hengcang.sales.actions import deliveries, orders
from tests.conftest import BookClient
from tests.web.conftest import Login
from tests.web.documents.forms import form, htmx, line, saved, source_id
from tests.worlds import World, draft, target, world
from tests.worlds import line as drafted


def bought(made: World, quantity: str = "100", cost: str = "7.77") -> int:
    """A posted receipt."""
    lines = [drafted(made.items[0], quantity, cost)]
    receipt = purchase_receipts.save_receipt(
        draft(made.warehouses[0], lines, partner=made.supplier), actor=SYSTEM
    )
    return purchase_receipts.post_receipt(target(receipt), actor=SYSTEM).pk


def ordered(made: World, quantity: str = "4") -> int:
    """An approved sales order."""
    lines = [drafted(made.items[0], quantity, "20")]
    order = orders.save_order(draft(made.warehouses[0], lines, partner=made.customer), actor=SYSTEM)
    return orders.step_order(target(order), "approve", actor=SYSTEM).pk


def delivered(made: World, quantity: str = "4") -> int:
    """A posted delivery."""
    lines = [drafted(made.items[0], quantity, "20")]
    delivery = deliveries.save_delivery(
        draft(made.warehouses[0], lines, partner=made.customer), actor=SYSTEM
    )
    return deliveries.post_delivery(target(delivery), actor=SYSTEM).pk


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.plural)
def test_without_permission_nothing_opens(web: BookClient, login: Login, kind: Kind) -> None:
    world()
    login("SECURITY_ADMIN")
    for path in (f"/{kind.plural}/", f"/{kind.plural}/new", f"/{kind.plural}/1"):
        answer = web.get(path)
        assert answer.status_code == 403, path
        assert "权限，请联系管理员开通" in answer.content.decode()


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.plural)
def test_what_does_not_exist_is_not_found(web: BookClient, login: Login, kind: Kind) -> None:
    world()
    login()
    assert web.get(f"/{kind.plural}/999999").status_code == 404
    assert web.get(f"/{kind.plural}/new?copy=999999").status_code == 404


def test_a_stranger_is_sent_to_the_login(web: BookClient) -> None:
    answer = web.get("/sales-orders/")
    assert answer.status_code == 302
    assert "/login" in answer.headers["Location"]


def test_a_document_of_another_warehouse_is_not_found(web: BookClient, login: Login) -> None:
    made = world()
    order_id = ordered(made)
    login("SALES_LEAD", warehouse_ids=[made.warehouses[1].pk])
    assert web.get(f"/sales-orders/{order_id}").status_code == 404
    assert "还没有销售订单" in web.get("/sales-orders/").content.decode()


def test_a_document_of_somebody_elses_partner_is_not_found(web: BookClient, login: Login) -> None:
    made = world()
    order_id = ordered(made)
    other = login()
    Partner.objects.filter(pk=made.customer.pk).update(salesperson=other)
    login("SALES")
    assert web.get(f"/sales-orders/{order_id}").status_code == 404


def test_who_may_not_approve_has_no_such_button_and_no_such_power(
    web: BookClient, login: Login
) -> None:
    made = world()
    login("SALES")
    page = web.get("/sales-orders/new").content.decode()
    assert 'value="submit"' in page
    assert 'value="approve"' not in page
    answer = htmx(web, "/sales-orders/new", form(made, "sales", line(made), verb="approve"))
    assert answer.status_code == 403
    assert web.get("/sales-orders/").content.decode().count("<tr data-row") == 0


def test_costs_never_reach_who_may_not_see_them(web: BookClient, login: Login) -> None:
    made = world()
    receipt_id, delivery_id = bought(made), delivered(made)
    login("STOREKEEPER")
    for path in (
        f"/purchase-receipts/{receipt_id}",
        f"/sales-deliveries/{delivery_id}",
        "/purchase-receipts/",
        f"/suggest/items/purchase-receipts?q=S001&partner={made.supplier.pk}",
        f"/peek/prices/purchase-receipts?item={made.items[0].pk}",
        f"/purchase-receipts/new?copy={receipt_id}",
    ):
        page = web.get(path).content.decode()
        for secret in ("7.77", "777.00", "31.08", "毛利"):
            assert secret not in page, (path, secret)
    login("OWNER")
    assert "31.08" in web.get(f"/sales-deliveries/{delivery_id}").content.decode()
    assert "777.00" in web.get(f"/purchase-receipts/{receipt_id}").content.decode()


def test_a_storekeeper_receives_an_order_without_seeing_its_prices(
    web: BookClient, login: Login
) -> None:
    made = world()
    lines = [drafted(made.items[0], "10", "7.77")]
    order = purchase_orders.save_order(
        draft(made.warehouses[0], lines, partner=made.supplier), actor=SYSTEM
    )
    purchase_orders.step_order(Target(order.pk, 1), "approve", actor=SYSTEM)
    login("STOREKEEPER")
    path = f"/purchase-receipts/new?from={order.pk}"
    assert "7.77" not in web.get(path).content.decode()
    received = line(made, "10") | {"source": source_id(web, path), "price": ""}
    receipt_id = saved(web, "/purchase-receipts/new", form(made, "purchase", received, verb="post"))
    assert "7.77" not in web.get(f"/purchase-receipts/{receipt_id}").content.decode()
    login()
    assert "77.70" in web.get(f"/purchase-receipts/{receipt_id}").content.decode()


def test_a_receipt_without_an_order_needs_somebody_who_sees_prices(
    web: BookClient, login: Login
) -> None:
    made = world()
    login("STOREKEEPER")
    posted = form(made, "purchase", line(made) | {"price": ""})
    answer = htmx(web, "/purchase-receipts/new", posted)
    assert answer.status_code == 422
    assert "没有源单的入库需要单价" in answer.content.decode()
