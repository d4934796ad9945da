"""物流与签收: recorded beside a frozen delivery, taken back with a reason, seen in scope."""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction

from hengcang.documents.reversal import Undo
from hengcang.kernel.actor import SYSTEM, Actor
from hengcang.kernel.errors import Refused
from hengcang.register.verify import verify_books
from hengcang.sales import shipping
from hengcang.sales.actions import deliveries, shipments
from hengcang.sales.actions.shipments import Recall, Sending, Signature
from hengcang.sales.shipment_models import Shipment, ShipmentEvent
from hengcang.sales.shipping import ShipmentFilter
from tests.documents.trade import delivered, received
from tests.worlds import TODAY, World, draft, line, target, world

EARLIER = TODAY - timedelta(days=3)


@pytest.fixture
def made(book) -> World:
    return world()


def sold(made: World) -> Any:
    received(made, "9", "1", EARLIER)
    return delivered(made, "2", EARLIER)


def send(delivery: Any, *numbers: str, actor: Actor = SYSTEM, **more: Any) -> list[Shipment]:
    usual: dict[str, Any] = {"client_uuid": uuid4(), "carrier": "顺丰", "shipped_on": EARLIER}
    sending = Sending(**(usual | {"tracking_nos": numbers} | more))
    return shipments.send_delivery(delivery.pk, sending, today=TODAY, actor=actor)


def sign(shipment: Shipment, **more: Any) -> Shipment:
    usual: dict[str, Any] = {"client_uuid": uuid4(), "signed_by": "李梅", "signed_on": TODAY}
    signature = Signature(**(usual | {"differences": "少 1 个"} | more))
    return shipments.sign_shipment(shipment.pk, signature, today=TODAY, actor=SYSTEM)


def code_of(act: Any) -> str:
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.code


def unsigned(actor: Actor = SYSTEM) -> list[Shipment]:
    return shipping.listed(actor, ShipmentFilter(state="shipped"))


def test_sent_in_two_parcels_and_signed(made: World) -> None:
    delivery = sold(made)
    version = delivery.version
    first, second = send(delivery, "SF1", "SF2")
    assert [shipping.days_under_way(s, TODAY) for s in unsigned()] == [3, 3]
    assert shipping.standing_of(SYSTEM, [delivery.pk]) == {delivery.pk: "待签收"}
    sign(first)
    assert shipping.standing_of(SYSTEM, [delivery.pk]) == {delivery.pk: "待签收"}
    signed = sign(second)
    assert shipping.standing_of(SYSTEM, [delivery.pk]) == {delivery.pk: "已签收"}
    assert [(e.state, e.signed_by, e.text) for e in signed.events.all()] == [
        ("shipped", "", ""), ("signed", "李梅", "少 1 个")]  # fmt: skip
    assert unsigned() == []
    delivery.refresh_from_db()
    assert delivery.version == version
    assert verify_books() == []


def test_a_wrong_record_is_taken_back_with_a_reason(made: World) -> None:
    [shipment] = send(sold(made))
    sign(shipment)
    back = Recall(uuid4(), "签错单", TODAY)
    assert shipments.reopen_shipment(shipment.pk, back, actor=SYSTEM).state == "shipped"
    assert shipments.reopen_shipment(shipment.pk, back, actor=SYSTEM).state == "shipped"
    gone = Recall(uuid4(), "没有发出", TODAY)
    assert shipments.withdraw_shipment(shipment.pk, gone, actor=SYSTEM).state == "withdrawn"
    assert ShipmentEvent.objects.count() == 4
    assert shipping.standing_of(SYSTEM, [shipment.delivery_id]) == {}
    assert code_of(lambda: sign(shipment)) == "shipment_state"
    nothing = Recall(uuid4(), " ", TODAY)
    [again] = send(shipment.delivery)
    assert code_of(
        lambda: shipments.withdraw_shipment(again.pk, nothing, actor=SYSTEM)
    ) == "reason_missing"  # fmt: skip
    assert verify_books() == []


def test_what_is_not_recorded(made: World) -> None:
    delivery = sold(made)
    waiting = deliveries.save_delivery(
        draft(made.warehouses[0], [line(made.items[0], "1")], partner=made.customer), actor=SYSTEM
    )
    assert code_of(lambda: send(waiting)) == "not_to_be_shipped"
    for more, code in (
        ({"carrier": " "}, "field_missing"),
        ({"carrier": "顺" * 61}, "field_invalid"),
        ({"tracking_nos": ("a\x00b",)}, "field_invalid"),
        ({"tracking_nos": tuple(map(str, range(51)))}, "field_invalid"),
        ({"shipped_on": TODAY + timedelta(days=1)}, "date_in_future"),
        ({"shipped_on": EARLIER - timedelta(days=1)}, "shipped_before"),
    ):
        assert code_of(lambda more=more: send(delivery, **more)) == code
    [shipment] = send(delivery, "SF1")
    assert code_of(lambda: send(delivery, "SF1")) == "tracking_no_taken"
    for more, code in (
        ({"signed_by": ""}, "field_missing"),
        ({"signed_on": EARLIER - timedelta(days=1)}, "shipped_before"),
        ({"signed_on": TODAY + timedelta(days=1)}, "date_in_future"),
        ({"differences": "差" * 201}, "field_invalid"),
    ):
        assert code_of(lambda more=more: sign(shipment, **more)) == code
    assert ShipmentEvent.objects.count() == 1


def test_the_same_intent_sends_once(made: World) -> None:
    delivery, key = sold(made), uuid4()
    for _ in range(2):
        assert len(send(delivery, "SF1", "SF2", client_uuid=key)) == 2
    assert Shipment.objects.count() == 2
    assert code_of(lambda: send(delivery, "SF3", client_uuid=key)) == "intent_reused"


def test_goods_of_a_reversed_delivery_are_awaited_by_nobody(made: World) -> None:
    delivery = sold(made)
    send(delivery)
    twin = deliveries.reverse_delivery(target(delivery), Undo(uuid4(), "退回", TODAY), actor=SYSTEM)
    assert unsigned() == []
    assert code_of(lambda: send(twin)) == "not_to_be_shipped"


def test_permission_and_scope(made: World) -> None:
    delivery = sold(made)
    [shipment] = send(delivery)
    looks = Actor(7, "看", frozenset({"sales_delivery.view"}), None)
    away = Actor(
        8, "远", frozenset({"sales_delivery.view", "shipment.save"}),
        frozenset({made.warehouses[1].pk}),
    )  # fmt: skip
    assert unsigned(looks) == [shipment]
    assert unsigned(away) == []
    assert code_of(lambda: send(delivery, actor=looks)) == "forbidden"
    assert code_of(lambda: send(delivery, actor=away)) == "not_found"
    recall = Recall(uuid4(), "错", TODAY)
    assert code_of(
        lambda: shipments.withdraw_shipment(shipment.pk, recall, actor=away)
    ) == "not_found"  # fmt: skip
    assert code_of(lambda: unsigned(Actor(9, "无"))) == "forbidden"


def test_what_was_recorded_stays(made: World) -> None:
    [shipment] = send(sold(made), "SF1")
    for act in (
        lambda: Shipment.objects.filter(pk=shipment.pk).update(tracking_no="SF9"),
        lambda: ShipmentEvent.objects.update(text="改"),
        lambda: ShipmentEvent.objects.all()._raw_delete("default"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
    assert shipment.delivery.amount_incl_tax == Decimal(40)
