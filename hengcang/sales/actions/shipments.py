"""What people do with shipments: send, sign, take back. The delivery itself stays as it is."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from hengcang.books.inserting import insert_row, insert_rows
from hengcang.books.rows import one
from hengcang.compliance import audit
from hengcang.compliance.audit import Subject
from hengcang.documents.attempts import action
from hengcang.documents.flow import Status
from hengcang.documents.intents import claim, settle
from hengcang.identity.access import demand
from hengcang.kernel.actor import Actor
from hengcang.kernel.codes import checked_text
from hengcang.kernel.errors import Refused
from hengcang.sales import queries, shipping
from hengcang.sales.models import SalesDelivery
from hengcang.sales.shipment_models import Shipment, ShipmentEvent, ShipmentState

MAY = "shipment.save"
MOST_PARCELS = 50


@dataclass(frozen=True, slots=True)
class Sending:
    """How a delivery is sent; one shipment for every tracking number, or one without any."""

    client_uuid: UUID
    carrier: str
    shipped_on: date
    tracking_nos: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Signature:
    """Who took the goods, when, and what was not as it should be."""

    client_uuid: UUID
    signed_by: str
    signed_on: date
    differences: str = ""


@dataclass(frozen=True, slots=True)
class Recall:
    """Something recorded about a shipment was wrong, and why."""

    client_uuid: UUID
    reason: str
    dated: date


@action
def send_delivery(
    delivery_id: int, sending: Sending, *, today: date, actor: Actor
) -> list[Shipment]:
    """The posted delivery is on its way; the same intent again returns the same.

    Locks the delivery. Raises Refused: forbidden, not_found, field_missing, field_invalid,
    not_to_be_shipped, tracking_no_taken, date_in_future, shipped_before.
    """
    delivery = _locked(delivery_id, actor)
    if claim(sending.client_uuid, "sales_delivery.send", (delivery_id, sending)) is not None:
        return _sent_by(sending, delivery)
    if delivery.status != Status.POSTED or delivery.reversal_of_id is not None:
        raise Refused("not_to_be_shipped", number=str(delivery))
    _refuse_day(sending.shipped_on, delivery.dated, today, "shipped_on")
    carrier = checked_text(sending.carrier.strip(), "carrier", "承运", 60)
    made = insert_rows(
        [
            Shipment(
                delivery=delivery,
                carrier=carrier,
                tracking_no=number,
                shipped_on=sending.shipped_on,
                note=_short(sending.note, "note", "备注"),
            )
            for number in _numbers(delivery, sending)
        ]
    )
    for shipment in made:
        _note(shipment, ShipmentState.SHIPPED, sending.shipped_on, actor, text=shipment.note)
    settle(sending.client_uuid, "shipment", made[0].pk)
    _say(delivery, "shipped", actor, reason="、".join(map(str, made))[:200])
    return made


@action
def sign_shipment(shipment_id: int, signature: Signature, *, today: date, actor: Actor) -> Shipment:
    """The customer has the goods. Locks the delivery.

    Raises Refused: forbidden, not_found, field_missing, field_invalid, shipment_state,
    date_in_future, shipped_before.
    """
    shipment, is_new = _opened(
        shipment_id, "shipment.sign", signature.client_uuid, signature, actor
    )
    if not is_new:
        return shipment
    _refuse_unless(ShipmentState.SHIPPED, shipment)
    _refuse_day(signature.signed_on, shipment.shipped_on, today, "signed_on")
    signed_by = checked_text(signature.signed_by.strip(), "signed_by", "签收人", 60)
    text = _short(signature.differences, "differences", "差异说明")
    _note(
        shipment, ShipmentState.SIGNED, signature.signed_on, actor, signed_by=signed_by, text=text
    )
    told = f"{shipment}，签收人 {signed_by}" + (f"，差异：{text}" if text else "")
    _say(shipment.delivery, "signed", actor, reason=told)
    return shipment


@action
def withdraw_shipment(shipment_id: int, recall: Recall, *, actor: Actor) -> Shipment:
    """It was never sent so. Raises as sign_shipment; reason_missing."""
    return _recalled(shipment_id, recall, ShipmentState.SHIPPED, ShipmentState.WITHDRAWN, actor)


@action
def reopen_shipment(shipment_id: int, recall: Recall, *, actor: Actor) -> Shipment:
    """It is not signed after all. Raises as sign_shipment; reason_missing."""
    return _recalled(shipment_id, recall, ShipmentState.SIGNED, ShipmentState.SHIPPED, actor)


def _recalled(
    shipment_id: int, recall: Recall, before: ShipmentState, after: ShipmentState, actor: Actor
) -> Shipment:
    verb = f"shipment.{after.value}"
    shipment, is_new = _opened(shipment_id, verb, recall.client_uuid, recall, actor)
    if not is_new:
        return shipment
    _refuse_unless(before, shipment)
    if not recall.reason.strip():
        raise Refused("reason_missing", "reason")
    text = _short(recall.reason, "reason", "原因")
    _note(shipment, after, recall.dated, actor, text=text)
    deed = "withdrawn" if after == ShipmentState.WITHDRAWN else "unsigned"
    _say(shipment.delivery, deed, actor, reason=f"{shipment}：{text}")
    return shipment


def _opened(
    shipment_id: int, verb: str, key: UUID, body: object, actor: Actor
) -> tuple[Shipment, bool]:
    """The shipment under the lock of its delivery, and whether the intent is new."""
    found = one(shipping.shipments(actor).filter(id=shipment_id))
    if found is None:
        raise Refused("not_found", what="发货记录")
    delivery = _locked(found.delivery_id, actor)
    found.refresh_from_db()
    found.delivery = delivery
    if claim(key, verb, (shipment_id, body)) is not None:
        return found, False
    settle(key, "shipment", found.pk)
    return found, True


def _locked(delivery_id: int, actor: Actor) -> SalesDelivery:
    rows = queries.deliveries(actor).select_for_update(of=("self",), no_key=True)
    delivery = one(rows.filter(id=delivery_id))
    if delivery is None:
        raise Refused("not_found", what="销售出库单")
    demand(actor, MAY, warehouse_id=delivery.warehouse_id)
    return delivery


def _numbers(delivery: SalesDelivery, sending: Sending) -> list[str]:
    """The tracking numbers, each once; one empty number for goods that travel without.

    Raises Refused: field_invalid, tracking_no_taken (of this delivery already).
    """
    numbers = list(dict.fromkeys(sending.tracking_nos))
    if len(numbers) > MOST_PARCELS:
        reason = f"一次最多 {MOST_PARCELS} 个"
        raise Refused("field_invalid", "tracking_no", what="物流单号", reason=reason)
    for number in numbers:
        checked_text(number, "tracking_no", "物流单号", 60)
    live = delivery.shipments.exclude(state=ShipmentState.WITHDRAWN)
    taken = live.filter(tracking_no__in=numbers).values_list("tracking_no", flat=True).first()
    if taken:
        raise Refused("tracking_no_taken", "tracking_no", text=taken)
    return numbers or [""]


def _sent_by(sending: Sending, delivery: SalesDelivery) -> list[Shipment]:
    numbers = sending.tracking_nos or ("",)
    return list(delivery.shipments.filter(tracking_no__in=numbers, carrier=sending.carrier.strip()))


def _refuse_day(on: date, earliest: date, today: date, field: str) -> None:
    if on > today:
        raise Refused("date_in_future", field, dated=on.isoformat(), today=today.isoformat())
    if on < earliest:
        raise Refused("shipped_before", field, on=on.isoformat(), earliest=earliest.isoformat())


def _refuse_unless(state: ShipmentState, shipment: Shipment) -> None:
    if shipment.state != state:
        raise Refused("shipment_state", state_label=ShipmentState(shipment.state).label)


def _short(text: str, field: str, what: str) -> str:
    plain = text.strip()
    return checked_text(plain, field, what, 200) if plain else ""


def _note(  # noqa: PLR0913 - the columns of one event
    shipment: Shipment,
    state: ShipmentState,
    dated: date,
    actor: Actor,
    *,
    signed_by: str = "",
    text: str = "",
) -> None:
    insert_row(
        ShipmentEvent(
            shipment=shipment,
            state=state.value,
            dated=dated,
            signed_by=signed_by,
            text=text,
            created_by_id=actor.id,
            created_by_name=actor.name,
        )
    )
    if shipment.state != state:
        shipment.state = state.value
        shipment.save(update_fields=["state"])


def _say(delivery: SalesDelivery, deed: str, actor: Actor, *, reason: str) -> None:
    subject = Subject(delivery.kind, delivery.pk, delivery.number or "")
    audit.record(actor, f"{delivery.kind}.{deed}", subject, reason=reason)
