"""物流与签收: how goods of deliveries travel, and who took them."""

from datetime import date
from typing import Annotated

from django.utils.timezone import localdate
from ninja import Query, Router, Status
from pydantic import Field

from hengcang.api.access import ApiRequest
from hengcang.api.errors import answers
from hengcang.api.intents import EXTRA, key_for
from hengcang.api.paging import Page, Paged, cut, key_of
from hengcang.api.reading import MAX_ID, ClientUuid, Day, Text60, Text200
from hengcang.api.shapes import Asked, Told
from hengcang.api.showing import Rows
from hengcang.sales import shipping
from hengcang.sales.actions import shipments
from hengcang.sales.actions.shipments import Recall, Sending, Signature
from hengcang.sales.shipment_models import Shipment, ShipmentState
from hengcang.sales.shipping import ShipmentFilter

router = Router(tags=["物流签收"])


class SendingAsked(Asked):
    """登记发货。"""

    carrier: Text60
    tracking_nos: list[Text60] = Field(
        default_factory=list, max_length=50, description="每个物流单号一条，各自签收；没有可不填。"
    )
    shipped_on: Day
    note: Text200 = ""
    client_uuid: ClientUuid | None = None


class SignatureAsked(Asked):
    """签收。"""

    signed_by: Text60
    signed_on: Day
    differences: Text200 = ""
    client_uuid: ClientUuid | None = None


class RecallAsked(Asked):
    """撤销。"""

    reason: Text200
    client_uuid: ClientUuid | None = None


class ShipmentEventTold(Told):
    """一次发货、签收或撤销。"""

    state: ShipmentState
    dated: date
    signed_by: str
    text: str = Field(description="签收时的差异，或撤销的原因。")
    created_by_name: str


class ShipmentTold(Told):
    """一条发货记录。"""

    id: int
    delivery_id: int
    carrier: str
    tracking_no: str
    shipped_on: date
    note: str
    state: ShipmentState
    events: Annotated[list[ShipmentEventTold], Rows]


class ShipmentAsked(Paged):
    """Which shipments."""

    state: ShipmentState | None = None
    delivery_id: int | None = Field(None, le=MAX_ID)
    partner_id: int | None = Field(None, le=MAX_ID)
    tracking_no: Text60 = ""


@router.get("/shipments", response=answers(200, Page[ShipmentTold]), summary="发货记录：先发的在前")
def shipment_list(request: ApiRequest, asked: Query[ShipmentAsked]) -> object:
    after = key_of(asked.next, date, int)
    wanted = ShipmentFilter(
        state=asked.state or "",
        delivery_id=asked.delivery_id,
        partner_id=asked.partner_id,
        tracking_no=asked.tracking_no,
        after=(after[0], after[1]) if after else None,
        limit=asked.limit + 1,
    )
    found = shipping.listed(request.auth, wanted)
    return cut(found, asked.limit, lambda row: (row.shipped_on, row.pk))


@router.post(
    "/sales-deliveries/{int:delivery_id}/shipments",
    response=answers(201, list[ShipmentTold]),
    summary="销售出库单：登记发货",
    openapi_extra=EXTRA,
)
def sales_delivery_send(request: ApiRequest, delivery_id: int, body: SendingAsked) -> object:
    key = key_for(request, body.client_uuid)
    sending = Sending(key, body.carrier, body.shipped_on, tuple(body.tracking_nos), body.note)
    made = shipments.send_delivery(delivery_id, sending, today=localdate(), actor=request.auth)
    return Status(201, made)


@router.post(
    "/shipments/{int:shipment_id}/sign",
    response=answers(200, ShipmentTold),
    summary="签收",
    openapi_extra=EXTRA,
)
def shipment_sign(request: ApiRequest, shipment_id: int, body: SignatureAsked) -> Shipment:
    key = key_for(request, body.client_uuid)
    signature = Signature(key, body.signed_by, body.signed_on, body.differences)
    return shipments.sign_shipment(shipment_id, signature, today=localdate(), actor=request.auth)


@router.post(
    "/shipments/{int:shipment_id}/withdraw",
    response=answers(200, ShipmentTold),
    summary="撤销发货",
    openapi_extra=EXTRA,
)
def shipment_withdraw(request: ApiRequest, shipment_id: int, body: RecallAsked) -> Shipment:
    return shipments.withdraw_shipment(shipment_id, _recall(request, body), actor=request.auth)


@router.post(
    "/shipments/{int:shipment_id}/reopen",
    response=answers(200, ShipmentTold),
    summary="撤销签收",
    openapi_extra=EXTRA,
)
def shipment_reopen(request: ApiRequest, shipment_id: int, body: RecallAsked) -> Shipment:
    return shipments.reopen_shipment(shipment_id, _recall(request, body), actor=request.auth)


def _recall(request: ApiRequest, body: RecallAsked) -> Recall:
    return Recall(key_for(request, body.client_uuid), body.reason, localdate())
