"""What people do with requisitions: one function per verb."""

from collections import defaultdict
from dataclasses import replace
from typing import Any

from hengcang.books.inserting import insert_row, insert_rows
from hengcang.documents.actions import (
    birth_columns,
    header_columns,
    locked,
    recorded_birth,
    rewrite,
    step,
)
from hengcang.documents.attempts import action
from hengcang.documents.drafts import Draft, LineDraft, Target
from hengcang.documents.intents import claim, settle
from hengcang.documents.lines import built_lines, line_columns
from hengcang.documents.parties import partner_of
from hengcang.identity.access import demand
from hengcang.kernel.actor import Actor
from hengcang.kernel.errors import Refused, RefusedLines
from hengcang.partners.models import Partner
from hengcang.purchasing import queries
from hengcang.purchasing.models import PurchaseRequisition, PurchaseRequisitionLine

BASE = 0  # stands for the base unit of an item, which a form may leave out


@action
def save_requisition(draft: Draft, *, actor: Actor) -> PurchaseRequisition:
    """A draft requisition exists; the same intent again returns it. It needs no price.

    Raises Refused: forbidden, intent_reused, not_found (a supplier), and those of headers and
    lines.
    """
    lines = tuple(replace(line, source_line_id=None) for line in draft.lines)
    return save_requisition_for(replace(draft, lines=lines), actor=actor)


@action
def save_requisition_for(draft: Draft, *, actor: Actor) -> PurchaseRequisition:
    """As save_requisition; each line says for which line it is requested, which the caller knows.

    Faces do not come here: what a form claims to be for is not believed.
    """
    demand(actor, "purchase_requisition.save", warehouse_id=draft.warehouse_id)
    if (made := claim(draft.client_uuid, "purchase_requisition.save", draft)) is not None:
        return queries.requisition(actor, made)
    columns = _header(draft, actor) | birth_columns(draft.client_uuid, actor=actor)
    requisition = insert_row(PurchaseRequisition(**columns))
    _write_lines(requisition, draft, actor)
    settle(draft.client_uuid, requisition.kind, requisition.pk)
    recorded_birth(requisition, actor=actor)
    return requisition


@action
def change_requisition(target: Target, draft: Draft, *, actor: Actor) -> PurchaseRequisition:
    """The draft requisition is as filled in.

    A line that says nothing of supplier and date keeps what the line of its item and unit said.
    Raises the codes of save_requisition, stale_version, wrong_status.
    """
    demand(actor, "purchase_requisition.save", warehouse_id=draft.warehouse_id)
    requisition: PurchaseRequisition = locked(
        queries.requisitions(actor).select_related(None), target
    )
    rewrite(requisition, _header(draft, actor), actor=actor)
    draft = _with_kept_wishes(requisition, draft)
    requisition.lines.all().delete()
    _write_lines(requisition, draft, actor)
    return requisition


@action
def step_requisition(
    target: Target, verb: str, *, actor: Actor, reason: str = ""
) -> PurchaseRequisition:
    """One verb of ORDER_FLOW was done: submit, approve, send_back, take_back, close, void.

    Raises Refused: forbidden, not_found, stale_version, wrong_status, requisition_ordered (take
    back), reason_missing (close).
    """
    flow_step = PurchaseRequisition.flow.steps[verb]
    rows = queries.requisitions(actor).select_related(None)
    requisition: PurchaseRequisition = locked(rows, target)
    demand(
        actor,
        f"purchase_requisition.{flow_step.permission}",
        warehouse_id=requisition.warehouse_id,
    )
    PurchaseRequisition.flow.pressed(verb, requisition.status)
    if verb == "take_back" and requisition.lines.filter(qty_fulfilled__gt=0).exists():
        raise Refused("requisition_ordered")
    if verb == "close" and not reason.strip():
        raise Refused("reason_missing", "reason")
    step(requisition, verb, actor=actor, **({"reason": reason} if reason else {}))
    return requisition


def _header(draft: Draft, actor: Actor) -> dict[str, Any]:
    partner = None
    if draft.partner_id is not None:
        partner = partner_of(actor, draft.partner_id, "supplier")
    return header_columns(draft, actor=actor) | {"due_date": draft.due_date, "partner": partner}


def _write_lines(requisition: PurchaseRequisition, draft: Draft, actor: Actor) -> None:
    lines = built_lines(draft, None)
    _refuse_strangers(draft, actor)
    insert_rows(
        [
            PurchaseRequisitionLine(
                document=requisition,
                supplier_id=line.draft.supplier_id,
                due_date=line.draft.due_date,
                source_line_id=line.draft.source_line_id,
                **line_columns(line),
            )
            for line in lines
        ]
    )


def _refuse_strangers(draft: Draft, actor: Actor) -> None:
    """Raises RefusedLines with not_found for lines whose supplier is none the actor may name."""
    named = {line.supplier_id for line in draft.lines if line.supplier_id is not None}
    if not named:
        return
    rows = Partner.objects.visible_to(actor).filter(id__in=named, is_active=True)
    known = set(rows.filter(supplier__isnull=False).values_list("id", flat=True))
    strangers = [
        Refused("not_found", f"lines.{position}.supplier", what="供应商")
        for position, line in enumerate(draft.lines, start=1)
        if line.supplier_id is not None and line.supplier_id not in known
    ]
    if strangers:
        raise RefusedLines(strangers)


def _with_kept_wishes(requisition: PurchaseRequisition, draft: Draft) -> Draft:
    """A form that shows neither supplier nor date of a line does not lose them.

    What a line is requested for is as it was: each former line is taken up once, by item and unit.
    """
    before: dict[tuple[int, int], list[PurchaseRequisitionLine]] = defaultdict(list)
    for row in requisition.lines.select_related("item", "item_uom").order_by("position"):
        before[row.item_id, row.item_uom_id].append(row)
        if row.item_uom.uom_id == row.item.base_uom_id:
            before[row.item_id, BASE] = before[row.item_id, row.item_uom_id]

    def kept(line: LineDraft) -> LineDraft:
        former = before.get((line.item_id, line.item_uom_id or BASE))
        if not former:
            return replace(line, source_line_id=None)
        was = former.pop(0)
        line = replace(line, source_line_id=was.source_line_id)
        if line.supplier_id is not None or line.due_date is not None:
            return line
        return replace(line, supplier_id=was.supplier_id, due_date=was.due_date)

    return replace(draft, lines=tuple(kept(line) for line in draft.lines))
