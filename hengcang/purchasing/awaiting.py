"""待检: goods of receipts that nobody has inspected yet, and what rejected ones became."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, cast
from uuid import UUID

from django.db.models import (
    DecimalField,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
)
from django.db.models.functions import Coalesce

from hengcang.documents.drafts import Draft, LineDraft
from hengcang.documents.flow import Status
from hengcang.documents.lines import BuiltLine
from hengcang.documents.sources import in_unit_of
from hengcang.identity.access import demand
from hengcang.kernel.actor import Actor
from hengcang.kernel.errors import Refused
from hengcang.kernel.numbers import shown
from hengcang.kernel.rounding import ZERO, to_cent
from hengcang.ledger.entries import StockStatus
from hengcang.ledger.held import held_as
from hengcang.purchasing.models import PurchaseReceipt, PurchaseReceiptLine, PurchaseReturnLine

QC, DEFECT, GOOD = (s.value for s in (StockStatus.QC, StockStatus.DEFECT, StockStatus.GOOD))
IN_THE_BOOKS = (Status.POSTED, Status.REVERSED)  # a return and its reversal cancel out


def to_be_inspected(lines: list[BuiltLine]) -> list[BuiltLine]:
    """The lines; goods of items that need inspection come in as 待检 unless said to be worse."""
    return [replace(ln, draft=replace(ln.draft, stock_status=QC)) if _waits(ln) else ln
            for ln in lines]  # fmt: skip


def _waits(line: BuiltLine) -> bool:
    return line.item.needs_inspection and line.draft.stock_status == StockStatus.GOOD


def _to_inspect(lines: QuerySet[PurchaseReceiptLine]) -> QuerySet[Any]:
    """The lines that came in 待检, with `to_inspect`: neither inspected nor sent back unseen."""
    back = PurchaseReturnLine.objects.filter(
        source_line=OuterRef("pk"), stock_status=QC, document__status__in=IN_THE_BOOKS
    )
    unseen = back.order_by().values("source_line").annotate(sum=Sum("quantity")).values("sum")
    exact = DecimalField(max_digits=18, decimal_places=6)
    gone = Coalesce(Subquery(unseen), Value(ZERO), output_field=exact)
    left = ExpressionWrapper(F("quantity") - F("qty_inspected") - gone, output_field=exact)
    rows = lines.filter(stock_status=QC, quantity__gt=0, qty_inspected__lt=F("quantity"))
    return rows.annotate(to_inspect=left).filter(to_inspect__gt=0)


def awaiting_lines(actor: Actor) -> QuerySet[Any]:
    """Lines of posted receipts in scope with something to inspect, as `to_inspect` base units."""
    demand(actor, "quality_inspection.view")
    visible = PurchaseReceipt.objects.visible_to(actor).filter(status=Status.POSTED)
    return _to_inspect(PurchaseReceiptLine.objects.filter(document__in=visible.order_by()))


def still_unseen(item_ids: Collection[int] | None = None) -> dict[int, Decimal]:
    """By receipt line of these items (None: of all), what of it stands 待检 to this day; lines of
    which nothing does are absent.

    Goods that a status change released, that were scrapped, counted away or moved elsewhere are
    not, and no document says of which receipt they were: the oldest are gone first. Two queries.
    """
    lines = PurchaseReceiptLine.objects.filter(document__status=Status.POSTED)
    if item_ids is not None:
        lines = lines.filter(item_id__in=item_ids)
    rows = _to_inspect(lines).order_by("-document__dated", "-id")
    found = list(
        rows.values_list("id", "item_id", "document__warehouse_id", "batch_id", "to_inspect")
    )
    held = held_as(StockStatus.QC, {row[1] for row in found}) if found else {}
    unseen: dict[int, Decimal] = {}
    for line_id, *place, left in found:
        there = held.get((place[0], place[1], place[2]), ZERO)
        if there > 0:
            unseen[line_id] = min(left, there)
            held[place[0], place[1], place[2]] = there - unseen[line_id]
    return unseen


def _unseen_of_receipt(actor: Actor, receipt_id: int) -> dict[int, Decimal]:
    """By line of the receipt, what of it is to be inspected. Raises Refused("forbidden")."""
    items = dict(awaiting_lines(actor).filter(document_id=receipt_id).values_list("id", "item_id"))
    if not items:
        return {}
    return {pk: left for pk, left in still_unseen(set(items.values())).items() if pk in items}


def awaits_inspection(actor: Actor, receipt_id: int) -> bool:
    """Whether any line of the receipt has something to inspect."""
    return bool(_unseen_of_receipt(actor, receipt_id))


def refuse_over_inspection(
    sources: Mapping[int, PurchaseReceiptLine], wanted: Mapping[int, Decimal]
) -> None:
    """Raises Refused("more_than_to_inspect") for a locked line with less to inspect than wanted."""
    rows = _to_inspect(PurchaseReceiptLine.objects.filter(id__in=wanted).order_by())
    left = dict(rows.values_list("id", "to_inspect"))
    for line_id, quantity in wanted.items():
        if quantity > left.get(line_id, ZERO):
            line = sources[line_id]
            raise Refused(
                "more_than_to_inspect",
                "lines",
                item_id=line.item_id,
                item_name=line.item.name,
                open=shown(left.get(line_id, ZERO)),
                needed=shown(quantity),
            )


def unseen_of(lines: Iterable[PurchaseReturnLine]) -> dict[int, Decimal]:
    """What these lines of a return send back without any inspection, by receipt line."""
    sums: dict[int, Decimal] = {}
    for line in lines:
        if line.source_line_id is not None and line.stock_status == QC:
            sums[line.source_line_id] = sums.get(line.source_line_id, ZERO) + line.quantity
    return sums


def inspection_draft(
    actor: Actor, receipt: PurchaseReceipt, *, on: date, client_uuid: UUID
) -> Draft:
    """The inspection of all that still awaits it on a receipt, filled in: none rejected.

    Raises Refused: forbidden, nothing_to_inspect.
    """
    unseen = _unseen_of_receipt(actor, receipt.pk)
    rows = PurchaseReceiptLine.objects.filter(id__in=unseen).order_by("position")
    lines = []
    for row in rows.select_related("item_uom", "batch", "bin"):
        in_unit, uom_id = in_unit_of(row, unseen[row.pk])
        batch_no = row.batch.batch_no if row.batch else ""
        lines.append(
            LineDraft(row.item_id, in_unit, uom_id, source_line_id=row.pk, batch_no=batch_no)
        )
    if not lines:
        raise Refused("nothing_to_inspect", number=receipt.number or "")
    return Draft(client_uuid, on, receipt.warehouse_id, tuple(lines))


def as_inspected(
    actor: Actor, draft: Draft, lines: Mapping[int, PurchaseReceiptLine], *, chosen: bool
) -> Draft:
    """A return to the supplier of what came in 待检: of the statuses its goods have now.

    Rejected goods go first; where nobody `chose` lines, only they go. Then what stands 待检 still,
    then what was accepted or released. Three queries, none for receipts without inspection.
    """
    seen = [line for line in lines.values() if line.stock_status == QC]
    if not seen:
        return draft
    assert actor is not None
    gone, unseen = _sent_back_defective(lines), still_unseen({line.item_id for line in seen})
    bad = {pk: ln.qty_rejected - gone.get(pk, ZERO) for pk, ln in lines.items()}
    only_bad = not chosen and any(left > 0 for left in bad.values())
    told: list[LineDraft] = []
    for typed in draft.lines:
        source = lines[typed.source_line_id or 0]
        if source.stock_status != QC:
            told += [] if only_bad else [typed]
            continue
        shares = [(DEFECT, bad[source.pk])]
        shares += [] if only_bad else [(QC, unseen.get(source.pk, ZERO)), (GOOD, None)]
        told += _as_now(typed, source, shares)
    return replace(draft, lines=tuple(told))


def _as_now(
    typed: LineDraft, source: PurchaseReceiptLine, shares: list[tuple[str, Decimal | None]]
) -> list[LineDraft]:
    """The line, once for each status its goods have: as much of each as there is (None: no end), in
    that order.
    """
    whole = left = _base(typed, source)
    parts: list[LineDraft] = []
    for status, most in shares:
        part = left if most is None else min(left, most)
        if part <= 0:
            continue
        left -= part
        quantity, uom_id = in_unit_of(source, part)
        carried = to_cent(typed.carried * part / whole)
        which: dict[str, Any] = {"stock_status": status, "carried": carried}
        which |= {"bin_code": ""} if status == DEFECT else {}
        parts.append(replace(typed, quantity=quantity, item_uom_id=uom_id, **which))
    return parts


def _base(typed: LineDraft, source: PurchaseReceiptLine) -> Decimal:
    if typed.item_uom_id is None:
        return typed.quantity
    unit = source.item_uom
    return typed.quantity * unit.ratio_num / unit.ratio_den


def _sent_back_defective(ids: Iterable[int]) -> dict[int, Decimal]:
    rows = PurchaseReturnLine.objects.filter(
        source_line__in=list(ids), stock_status=DEFECT, document__status__in=IN_THE_BOOKS
    )
    sums = rows.order_by().values_list("source_line").annotate(sum=Sum("quantity"))
    return cast("dict[int, Decimal]", dict(sums))


@dataclass(frozen=True, slots=True)
class AwaitingFilter:
    """Which lines; None means all. `after`: (dated, line id) of the last row seen."""

    partner_id: int | None = None
    warehouse_id: int | None = None
    after: tuple[date, int] | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class Awaiting:
    """One line of a receipt with goods to inspect, base units."""

    line_id: int
    receipt_id: int
    number: str
    dated: date
    position: int
    partner: str
    warehouse: str
    item_id: int
    code: str
    name: str
    spec: str
    uom: str
    batch_no: str | None
    received: Decimal
    inspected: Decimal
    rejected: Decimal
    to_inspect: Decimal


COLUMNS = (
    "id",
    "document_id",
    "document__number",
    "document__dated",
    "position",
    "document__partner__name",
    "document__warehouse__name",
    "item_id",
    "item__code",
    "item__name",
    "item__spec",
    "item__base_uom__name",
    "batch__batch_no",
    "quantity",
    "qty_inspected",
    "qty_rejected",
    "to_inspect",
)


def awaiting(actor: Actor, wanted: AwaitingFilter) -> list[Awaiting]:
    """One page of what is to be inspected, the longest waiting first.

    Raises Refused("forbidden").
    """
    unseen = still_unseen()
    rows = awaiting_lines(actor).filter(id__in=unseen)
    if wanted.partner_id is not None:
        rows = rows.filter(document__partner_id=wanted.partner_id)
    if wanted.warehouse_id is not None:
        rows = rows.filter(document__warehouse_id=wanted.warehouse_id)
    if wanted.after is not None:
        dated, line_id = wanted.after
        rows = rows.filter(Q(document__dated__gt=dated) | Q(document__dated=dated, id__gt=line_id))
    rows = rows.order_by("document__dated", "id")
    page = rows.values_list(*COLUMNS)[: wanted.limit]
    return [Awaiting(*(*row[:-1], unseen[row[0]])) for row in page]
