"""Arrival notices around other documents: what a receipt comes by, and the ways to and from it."""

from datetime import date
from typing import Any
from uuid import UUID

from django.urls import reverse

from hengcang.documents.drafts import Draft
from hengcang.documents.flow import Status
from hengcang.kernel.actor import Actor
from hengcang.kernel.errors import Refused
from hengcang.pages.editor import Link
from hengcang.pages.forms import Option
from hengcang.purchasing import arrivals, queries
from hengcang.purchasing.tolerance import tolerated_left
from hengcang.register.kinds import Kind
from hengcang.web.reading import id_of

OFFERED = 20


def saved(document: Any) -> dict[str, str]:
    """What a stored document says of how goods travel, or of the notice it came by."""
    if document.kind == "arrival_notice":
        return {"carrier": document.carrier, "tracking_no": document.tracking_no}
    if getattr(document, "notice_id", None) is None:
        return {}
    return {"notice": str(document.notice_id), "notice_name": str(document.notice)}


def choices(actor: Actor, kind: Kind, head: dict[str, str]) -> list[Option]:
    """The approved notices of the receipt's supplier for its warehouse, and the one it has."""
    supplier, place = id_of(head.get("partner", "")), id_of(head.get("warehouse", ""))
    if kind.code != "purchase_receipt" or supplier is None or not actor.may("arrival_notice.view"):
        return chosen(head)
    rows = arrivals.notices(actor).filter(
        status=Status.APPROVED, partner_id=supplier, warehouse_id=place or 0
    )
    found = [Option(str(row.pk), _label(row)) for row in rows[:OFFERED]]
    own = head.get("notice", "")
    if own and own not in {option.value for option in found}:
        found.append(Option(own, _name(actor, own)))
    return [Option("", "不按到货通知"), *found] if found else []


def chosen(head: dict[str, str]) -> list[Option]:
    """Only what is chosen, for a document that is read."""
    if not head.get("notice"):
        return []
    return [Option(head["notice"], head.get("notice_name") or head["notice"])]


def _label(row: Any) -> str:
    return f"{row.number} {row.due_date:%m-%d}"


def _name(actor: Actor, text: str) -> str:
    try:
        return str(arrivals.notice(actor, id_of(text) or 0))
    except Refused:
        return text


def receipt_by(actor: Actor, notice_id: int, on: date, intent: UUID) -> Draft:
    """A receipt of all that has not come. Raises Refused: source_not_open, not_found."""
    found = arrivals.notice(actor, notice_id)
    if found.status != Status.APPROVED:
        label = found.get_status_display()
        raise Refused("source_not_open", number=found.number or "草稿", status_label=label)
    return arrivals.receipt_of_notice(actor, found, {}, on=on, client_uuid=intent)


def links(actor: Actor, document: Any) -> list[Link]:
    """From a notice to its receipt; from a complete order to what may still come beyond it."""
    if not actor.may("purchase_receipt.save"):
        return []
    new = reverse("document-new", args=["purchase-receipts"])
    if document.kind == "arrival_notice" and document.status == Status.APPROVED:
        return [Link("入库", "", f"{new}?notice={document.pk}", primary=True)]
    if document.kind == "purchase_order" and document.status == Status.CLOSED:
        lines = queries.order_lines(actor).filter(document_id=document.pk)
        if tolerated_left(lines):
            return [Link("超收入库", "", f"{new}?from={document.pk}")]
    return []
