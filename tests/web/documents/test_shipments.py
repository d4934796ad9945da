"""Shipments on the page: sent from the delivery, signed from the list, told on the order."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from hengcang.kernel.actor import SYSTEM
from hengcang.sales.actions import deliveries, orders
from hengcang.sales.shipment_models import Shipment
from tests.conftest import BookClient
from tests.documents.trade import received
from tests.web.conftest import Login
from tests.worlds import TODAY, World, draft, line, target, world

DAY = TODAY.isoformat()


def sold(made: World) -> tuple[Any, Any]:
    received(made, "9", "1")
    body = draft(made.warehouses[0], [line(made.items[0], "2")], partner=made.customer)
    order = orders.save_order(body, actor=SYSTEM)
    order = orders.step_order(target(order), "approve", actor=SYSTEM)
    delivery = deliveries.deliver_order(order.pk, {}, on=TODAY, client_uuid=uuid4(), actor=SYSTEM)
    return order, delivery


def test_sent_signed_and_told_on_the_order(web: BookClient, login: Login) -> None:
    order, delivery = sold(world())
    login()
    page = web.get(f"/sales-deliveries/{delivery.pk}").content.decode()
    assert f"/shipments/?delivery={delivery.pk}" in page
    path = f"/sales-deliveries/{delivery.pk}/send"
    asked = {"carrier": "顺丰", "tracking_no": "SF1，SF2", "shipped_on": DAY,
             "intent": str(uuid4())}  # fmt: skip
    for _ in range(2):
        assert web.post(path, asked).status_code == 302
    assert Shipment.objects.count() == 2
    assert "待签收" in web.get(f"/sales-orders/{order.pk}").content.decode()
    listed = web.get("/shipments/").content.decode()
    assert "SF1" in listed
    assert "0 天" in listed
    for shipment in Shipment.objects.all():
        here = f"/shipments/{shipment.pk}"
        assert "登记" in web.get(here).content.decode()
        signed = {"act": "sign", "signed_by": "李梅", "dated": DAY, "text": "",
                  "intent": str(uuid4())}  # fmt: skip
        assert web.post(here, signed).status_code == 302
    assert "已签收" in web.get(f"/sales-orders/{order.pk}").content.decode()
    assert "SF1" not in web.get("/shipments/").content.decode()
    assert "李梅" in web.get("/shipments/?state=signed").content.decode()
    assert (
        "签收（顺丰 SF1，签收人 李梅）"
        in web.get(f"/sales-deliveries/{delivery.pk}").content.decode()
    )


def test_what_is_wrong_is_told_and_nothing_written(web: BookClient, login: Login) -> None:
    _, delivery = sold(world())
    login()
    path = f"/sales-deliveries/{delivery.pk}/send"
    good = {"carrier": "顺丰", "tracking_no": "SF1", "shipped_on": DAY, "intent": str(uuid4())}
    tomorrow = (TODAY + timedelta(days=1)).isoformat()
    for wrong, sentence in (
        ({"carrier": ""}, "请填写承运"),
        ({"shipped_on": "昨天"}, "不是有效日期"),
        ({"shipped_on": tomorrow}, "晚于今天"),
        ({"intent": "x"}, "提交标识"),
    ):
        answer = web.post(path, good | wrong)
        assert answer.status_code == 422
        assert sentence in answer.content.decode()
    assert Shipment.objects.count() == 0
    assert web.post(path, good).status_code == 302
    here = f"/shipments/{Shipment.objects.get().pk}"
    for wrong, sentence in (
        ({"act": "sign", "dated": DAY}, "请填写签收人"),
        ({"act": "withdraw", "dated": DAY}, "请填写原因"),
        ({"act": "eat", "dated": DAY}, "找不到该操作"),
        ({"act": "sign", "signed_by": "李", "dated": ""}, "请填写日期"),
    ):
        answer = web.post(here, {"intent": str(uuid4())} | wrong)
        assert answer.status_code == 422
        assert sentence in answer.content.decode()
    assert Shipment.objects.get().state == "shipped"
    assert web.get("/shipments/999").status_code == 404
    login("AUDIT_ADMIN")
    assert web.get("/shipments/").status_code == 403
