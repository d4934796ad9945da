"""到货通知: which there are, what comes when, and how one is filled in or received."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, cast
from uuid import UUID

from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce

from hengcang.books.rows import one
from hengcang.documents.drafts import Draft, LineDraft
from hengcang.documents.flow import Status
from hengcang.documents.following import following_draft, wanted_of
from hengcang.documents.sources import in_unit_of
from hengcang.identity.access import demand
from hengcang.kernel.actor import Actor
from hengcang.kernel.errors import Refused, RefusedLines
from hengcang.purchasing import queries
from hengcang.purchasing.announced import announced_of, expected_day
from hengcang.purchasing.models import (
    ArrivalNotice,
    ArrivalNoticeLine,
    PurchaseOrder,
    PurchaseOrderLine,
)

AHEAD = timedelta(days=7)


def notices(actor: Actor) -> QuerySet[ArrivalNotice]:
    """Arrival notices the actor may see, newest first. Raises Refused("forbidden")."""
    demand(actor, "arrival_notice.view")
    rows = ArrivalNotice.objects.visible_to(actor).select_related("partner__supplier", "warehouse")
    return cast("QuerySet[ArrivalNotice]", rows.order_by("-dated", "-id"))


def notice(actor: Actor, notice_id: int) -> ArrivalNotice:
    """One notice. Raises Refused: forbidden, not_found."""
    found = one(notices(actor).filter(id=notice_id))
    if found is None:
        raise Refused("not_found", what="到货通知")
    return found


def notice_draft(actor: Actor, order_ids: Collection[int], *, on: date, client_uuid: UUID) -> Draft:
    """A notice of all that is open and not announced of these orders, filled in.

    Raises Refused: forbidden, not_found, source_not_open, orders_differ (of several suppliers or
    warehouses), nothing_to_announce.
    """
    orders = [queries.order(actor, order_id) for order_id in dict.fromkeys(order_ids)]
    _refuse_unlike(orders)
    rows = queries.order_lines(actor).filter(document__in=[order.pk for order in orders])
    lines = {line.pk: line for line in rows}
    said = announced_of(lines)
    wanted = {pk: _left(line, said) for pk, line in lines.items()}
    wanted = {pk: left for pk, left in wanted.items() if left > 0}
    if not wanted:
        raise Refused("nothing_to_announce", numbers="、".join(str(order) for order in orders))
    first = orders[0]
    filled = following_draft(first, lines, wanted, on=on, client_uuid=client_uuid)
    due = [day for pk in wanted if (day := lines[pk].due_date or lines[pk].document.due_date)]
    # The prices are those of the orders, whatever taxes their prices include.
    plain = tuple(replace(line, price=None, carried=Decimal(0)) for line in filled.lines)
    outside = first.external_no if len(orders) == 1 else ""
    return replace(filled, lines=plain, due_date=expected_day(due, on), external_no=outside)


def _left(line: PurchaseOrderLine, said: Mapping[int, Any]) -> Decimal:
    left: Decimal = line.quantity - line.qty_fulfilled
    return left - said[line.pk].quantity if line.pk in said else left


def _refuse_unlike(orders: list[PurchaseOrder]) -> None:
    first = orders[0]
    for order in orders:
        if order.status != Status.APPROVED:
            label = order.get_status_display()
            raise Refused("source_not_open", number=order.number or "草稿", status_label=label)
        if order.partner_id != first.partner_id or order.warehouse_id != first.warehouse_id:
            raise Refused(
                "orders_differ",
                number=order.number or "",
                partner=f"{order.partner.name}、{order.warehouse.name}",
                other_number=first.number or "",
                other=f"{first.partner.name}、{first.warehouse.name}",
            )


def with_order_lines(actor: Actor, draft: Draft) -> Draft:
    """The draft, every line for an order line: the one it names, else the first due of that item
    that is open with the supplier there and that no other line has taken.

    Raises RefusedLines with order_line_missing.
    """
    loose = {line.item_id for line in draft.lines if line.source_line_id is None}
    if not loose or draft.partner_id is None:
        return draft
    free = _open_lines(actor, draft, loose)
    named = {line.source_line_id for line in draft.lines}
    found: list[LineDraft] = []
    refusals: list[Refused] = []
    for position, line in enumerate(draft.lines, start=1):
        if line.source_line_id is None:
            here = free.get(line.item_id, [])
            pk = next((pk for pk in here if pk not in named), None)
            if pk is None:
                refusals.append(Refused("order_line_missing", f"lines.{position}.item"))
                continue
            named.add(pk)
            line = replace(line, source_line_id=pk)
        found.append(line)
    if refusals:
        raise RefusedLines(refusals)
    return replace(draft, lines=tuple(found))


def _open_lines(actor: Actor, draft: Draft, item_ids: Collection[int]) -> dict[int, list[int]]:
    """Open lines of approved orders of the supplier for that warehouse, by item, the first due
    first.
    """
    rows = queries.order_lines(actor).filter(
        document__status=Status.APPROVED,
        document__partner_id=draft.partner_id or 0,
        document__warehouse_id=draft.warehouse_id,
        item_id__in=item_ids,
        qty_fulfilled__lt=F("quantity"),
    )
    due = Coalesce("due_date", "document__due_date")
    found: dict[int, list[int]] = defaultdict(list)
    for pk, item_id in rows.order_by(due.asc(nulls_last=True), "id").values_list("id", "item_id"):
        found[item_id].append(pk)
    return found


def receipt_of_notice(
    actor: Actor,
    found: ArrivalNotice,
    quantities: Mapping[int, Decimal],
    *,
    on: date,
    client_uuid: UUID,
) -> Draft:
    """A receipt of these lines of the notice (base units; empty: all that has not come), filled in.

    Raises Refused("source_line_unknown") for a line of another notice or with nothing left.
    """
    assert actor is not None
    rows = found.lines.select_related("item_uom").order_by("position")
    lines = {line.pk: line for line in rows}
    wanted = wanted_of(lines, quantities, "qty_fulfilled")
    return Draft(
        client_uuid=client_uuid,
        dated=on,
        warehouse_id=found.warehouse_id,
        partner_id=found.partner_id,
        prices_include_tax=found.prices_include_tax,
        external_no=found.external_no,
        notice_id=found.pk,
        lines=tuple(_come_in(lines[pk], quantity) for pk, quantity in wanted.items()),
    )


def _come_in(line: ArrivalNoticeLine, quantity: Decimal) -> LineDraft:
    in_unit, uom_id = in_unit_of(line, quantity)
    return LineDraft(
        item_id=line.item_id,
        quantity=in_unit,
        item_uom_id=uom_id,
        source_line_id=line.source_line_id,
        batch_no=line.batch_no,
        mfg_date=line.mfg_date,
        expiry_date=line.expiry_date,
        note=line.note,
    )


def notice_column(actor: Actor, draft: Draft) -> dict[str, int | None]:
    """The column of a receipt that says which notice its goods were announced by.

    Raises Refused: forbidden, not_found, notice_elsewhere.
    """
    if draft.notice_id is None:
        return {"notice_id": None}
    found = notice(actor, draft.notice_id)
    if (found.partner_id, found.warehouse_id) != (draft.partner_id, draft.warehouse_id):
        raise Refused(
            "notice_elsewhere",
            "notice",
            number=found.number or "草稿",
            partner=found.partner.name,
            warehouse=found.warehouse.name,
        )
    return {"notice_id": found.pk}


@dataclass(frozen=True, slots=True)
class ArrivingFilter:
    """What comes until a week after `on`, and what is late; None means every warehouse."""

    on: date
    warehouse_id: int | None = None
    partner_id: int | None = None
    limit: int = 200


@dataclass(frozen=True, slots=True)
class Coming:
    """One line of a notice that has not come in whole, base units."""

    line_id: int
    code: str
    name: str
    spec: str
    uom: str
    batch_no: str
    announced: Decimal
    received: Decimal
    order_id: int
    order_number: str

    @property
    def open(self) -> Decimal:
        return self.announced - self.received


@dataclass(frozen=True, slots=True)
class Arriving:
    """One approved notice with what is still to come of it."""

    notice: ArrivalNotice
    lines: tuple[Coming, ...]

    def days_left(self, on: date) -> int:
        """Until it is expected; negative: so many days late."""
        return (self.notice.due_date - on).days


COMING = (
    "id",
    "item__code",
    "item__name",
    "item__spec",
    "item__base_uom__name",
    "batch_no",
    "quantity",
    "qty_fulfilled",
    "source_line__document_id",
    "source_line__document__number",
)


def arriving(actor: Actor, wanted: ArrivingFilter) -> list[Arriving]:
    """Approved notices that are late, or expected within a week, the first expected first.

    Two queries. Raises Refused("forbidden").
    """
    rows = notices(actor).filter(status=Status.APPROVED, due_date__lte=wanted.on + AHEAD)
    if wanted.warehouse_id is not None:
        rows = rows.filter(warehouse_id=wanted.warehouse_id)
    if wanted.partner_id is not None:
        rows = rows.filter(partner_id=wanted.partner_id)
    found = list(rows.order_by("due_date", "id")[: wanted.limit])
    lines = ArrivalNoticeLine.objects.filter(
        document__in=[each.pk for each in found], qty_fulfilled__lt=F("quantity")
    )
    coming: dict[int, list[Coming]] = defaultdict(list)
    for row in lines.order_by("document_id", "position").values_list("document_id", *COMING):
        coming[row[0]].append(Coming(*row[1:]))
    return [Arriving(each, tuple(coming[each.pk])) for each in found]
