"""The forms of shipments: send a delivery, sign for a shipment, take either back."""

import re
from typing import Any
from uuid import uuid4

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from hengcang.identity.access import demand
from hengcang.kernel.errors import Refused
from hengcang.pages.forms import Field, FormPage, Option, Section
from hengcang.sales import queries as sales
from hengcang.sales import shipping
from hengcang.sales.actions import shipments
from hengcang.sales.actions.shipments import Recall, Sending, Signature
from hengcang.sales.shipment_models import Shipment, ShipmentState
from hengcang.web import clock, reading
from hengcang.web.masters import forms
from hengcang.web.masters.reading import Reader
from hengcang.web.requests import Request

SEND = (
    Field("carrier", "承运", required=True, placeholder="顺丰、自送、客户自提…"),
    Field("tracking_no", "物流单号", span=2, help="几个包裹用空格或逗号隔开，各自签收；没有可不填"),
    Field("shipped_on", "发货日期", "date", required=True),
    Field("note", "备注", span=2),
)
ACTS = {
    ShipmentState.SHIPPED: (("sign", "签收"), ("withdraw", "撤销发货")),
    ShipmentState.SIGNED: (("reopen", "撤销签收"),),
    ShipmentState.WITHDRAWN: (),
}


@require_http_methods(["GET", "POST"])
def send(request: Request, delivery_id: int) -> HttpResponse:
    """How the delivery is sent, or the form again with what is wrong."""
    demand(request.actor, shipments.MAY)
    delivery = sales.delivery(request.actor, delivery_id)
    if request.method == "GET":
        values = {"shipped_on": clock.today().isoformat(), "intent": str(uuid4())}
        return forms.show(request, _send_page(delivery, values))
    posted = request.POST.dict()
    reader = Reader(posted)
    carrier = reader.required("carrier", "承运")
    shipped_on = reader.day("shipped_on") if reader.required("shipped_on", "发货日期") else None
    if not reader.errors and shipped_on is not None:
        numbers = tuple(n for n in re.split(r"[\s,，、;；]+", reader.text("tracking_no")) if n)
        intent = reading.intent_of(posted.get("intent", ""))
        sending = Sending(intent, carrier, shipped_on, numbers, reader.text("note"))
        try:
            shipments.send_delivery(delivery_id, sending, today=clock.today(), actor=request.actor)
        except Refused as refusal:
            reader.refuse(refusal)
        else:
            return forms.done(request, _back(delivery_id), f"{delivery} 已登记发货。")
    return forms.refused(request, _send_page(delivery, posted), reader.errors)


def _send_page(delivery: Any, values: dict[str, str]) -> FormPage:
    return FormPage(
        title=f"{delivery} 登记发货",
        save_url=reverse("delivery-send", args=[delivery.pk]),
        sections=[Section("", forms.filled(SEND, values, {}), note=delivery.partner.name)],
        cancel_url=_back(delivery.pk),
        intent=values.get("intent", ""),
    )


@require_http_methods(["GET", "POST"])
def shipment(request: Request, shipment_id: int) -> HttpResponse:
    """One shipment, its history, and what can be done with it."""
    found = shipping.shipments(request.actor).filter(pk=shipment_id).first()
    if found is None:
        raise Refused("not_found", what="发货记录")
    if request.method == "GET":
        values = {"dated": clock.today().isoformat(), "intent": str(uuid4())}
        return forms.show(request, _page(request, found, values))
    demand(request.actor, shipments.MAY)
    posted = request.POST.dict()
    reader = Reader(posted)
    dated = reader.day("dated") if reader.required("dated", "日期") else None
    if not reader.errors and dated is not None:
        try:
            _done(request, found, reader)
        except Refused as refusal:
            reader.refuse(refusal, NAMES.get(refusal.field or ""))
        else:
            return forms.done(request, _back(found.delivery_id), "已登记。")
    return forms.refused(request, _page(request, found, posted), reader.errors)


NAMES = {"signed_on": "dated", "differences": "text", "reason": "text"}


def _done(request: Request, found: Shipment, reader: Reader) -> None:
    """Raises Refused as the actions do; not_found for an act there is not."""
    act, text, intent = reader.text("act"), reader.text("text"), reader.text("intent")
    dated, today = reader.day("dated"), clock.today()
    assert dated is not None
    key = reading.intent_of(intent)
    if act == "sign":
        signature = Signature(key, reader.text("signed_by"), dated, text)
        shipments.sign_shipment(found.pk, signature, today=today, actor=request.actor)
    elif act == "withdraw":
        shipments.withdraw_shipment(found.pk, Recall(key, text, dated), actor=request.actor)
    elif act == "reopen":
        shipments.reopen_shipment(found.pk, Recall(key, text, dated), actor=request.actor)
    else:
        raise Refused("not_found", what="操作")


def _page(request: Request, found: Shipment, values: dict[str, str]) -> FormPage:
    acts = ACTS[ShipmentState(found.state)] if request.actor.may(shipments.MAY) else ()
    facts = [
        Field("", "客户", "static", found.delivery.partner.name),
        Field("", "承运", "static", str(found)),
        Field("", "状态", "static", found.get_state_display()),
    ]
    facts += [
        Field("", _when(event), "static", _what(event), span=3) for event in found.events.all()
    ]
    sections = [Section("发货记录", facts)]
    if acts:
        fields = (
            Field("act", "操作", "select", options=[Option(*act) for act in acts], required=True),
            Field("signed_by", "签收人", help="签收时必填"),
            Field("dated", "日期", "date", required=True),
            Field("text", "差异或原因", span=3, help="签收时写短少、破损等差异；撤销时必填原因"),
        )
        sections.append(Section("登记", forms.filled(fields, values, {})))
    return FormPage(
        title=f"{found.delivery} {found}",
        save_url=reverse("shipment", args=[found.pk]),
        sections=sections,
        cancel_url=_back(found.delivery_id),
        intent=values.get("intent", ""),
    )


def _when(event: Any) -> str:
    return f"{event.dated.isoformat()} {event.created_by_name}"


def _what(event: Any) -> str:
    said = [event.get_state_display(), event.signed_by, event.text]
    return "，".join(part for part in said if part)


def _back(delivery_id: int) -> str:
    return f"{reverse('shipment-list')}?delivery={delivery_id}"
