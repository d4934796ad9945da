"""What people and the clock do with standing orders."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid5

from hengcang.books.inserting import insert_row, insert_rows
from hengcang.books.rows import one
from hengcang.compliance import audit
from hengcang.compliance.audit import Subject
from hengcang.documents.attempts import action
from hengcang.documents.drafts import Draft, LineDraft
from hengcang.documents.intents import claim, settle
from hengcang.identity.access import demand
from hengcang.kernel.actor import Actor
from hengcang.kernel.codes import checked_text
from hengcang.kernel.errors import Refused, RefusedLines
from hengcang.kernel.refusals import sentence
from hengcang.sales import queries, standing
from hengcang.sales.actions.orders import save_order
from hengcang.sales.models import SalesOrder
from hengcang.sales.rhythm import next_date
from hengcang.sales.standing_models import Rhythm, StandingOrder, StandingOrderLine

NAMES = UUID("3b3f2a0e-6c0d-4b0b-8a53-6f7d3f1f8c52")
MOST = 52
MISSED = 60  # orders made at once for days on which nothing ran


@dataclass(frozen=True, slots=True)
class RhythmDraft:
    """How often, from when and until when, as filled in."""

    rhythm: str
    every: int
    next_on: date
    until: date | None = None
    note: str = ""
    is_active: bool = True


@action
def save_standing_order(
    order_id: int, draft: RhythmDraft, *, client_uuid: UUID, today: date, actor: Actor
) -> StandingOrder:
    """What the customer ordered is ordered again by this rhythm; gifts and samples are not.

    The same intent again returns it. Raises Refused: forbidden, not_found, no_lines,
    field_invalid, validity_backwards, not_before_today.
    """
    demand(actor, "sales_order.save")
    if (made := claim(client_uuid, "standing_order.save", (order_id, draft))) is not None:
        return standing.standing_order(actor, made)
    order = queries.order(actor, order_id)
    demand(actor, "sales_order.save", warehouse_id=order.warehouse_id)
    lines = list(order.lines.exclude(queries.FREE).order_by("position"))
    if not lines:
        raise Refused("no_lines", "lines")
    kept = insert_row(
        StandingOrder(
            partner_id=order.partner_id,
            warehouse_id=order.warehouse_id,
            created_by_id=actor.id,
            created_by_name=actor.name,
            **_columns(draft, today),
        )
    )
    insert_rows(
        [
            StandingOrderLine(
                standing=kept,
                position=position,
                item_id=line.item_id,
                item_uom_id=line.item_uom_id,
                quantity_in_unit=line.quantity_in_unit,
            )
            for position, line in enumerate(lines, start=1)
        ]
    )
    settle(client_uuid, "standing_order", kept.pk)
    audit.record(actor, "standing_order.create", _subject(kept), order=order.pk)
    return kept


@action
def change_standing_order(
    standing_id: int, version: int, draft: RhythmDraft, *, today: date, actor: Actor
) -> StandingOrder:
    """The rhythm is as filled in; one that is not active makes nothing. Locks it.

    Raises the codes of save_standing_order, stale_version.
    """
    kept = _locked(standing_id, actor)
    demand(actor, "sales_order.save", warehouse_id=kept.warehouse_id)
    if kept.version != version:
        raise Refused("stale_version", "version", version=kept.version, seen=version)
    for name, value in _columns(draft, today).items():
        setattr(kept, name, value)
    kept.trouble = ""
    kept.version += 1
    kept.save()
    audit.record(actor, "standing_order.change", _subject(kept), active=kept.is_active)
    return kept


@action
def make_due_order(standing_id: int, *, on: date, actor: Actor) -> list[SalesOrder]:
    """A draft stands for every date of the rhythm up to that day, made once however often this
    runs; what cannot be made is said on the standing order and tried again.

    Locks it. Raises Refused: forbidden, not_found.
    """
    demand(actor, "sales_order.save")
    kept = _locked(standing_id, actor)
    made: list[SalesOrder] = []
    trouble = ""
    while kept.is_active and kept.next_on <= on and len(made) < MISSED:
        try:
            made.append(save_order(_draft(kept), actor=actor))
        except Refused as refusal:
            first = refusal.refusals[0] if isinstance(refusal, RefusedLines) else refusal
            trouble = sentence(first)[:300]
            break
        kept.next_on = next_date(kept.next_on, kept.rhythm, kept.every, kept.day)
        kept.is_active = kept.until is None or kept.next_on <= kept.until
    if made or trouble != kept.trouble:
        kept.trouble = trouble
        kept.version += 1
        kept.save()
        audit.record(
            actor,
            "standing_order.make",
            _subject(kept),
            orders=[o.pk for o in made],
            reason=trouble,
        )
    return made


def make_due_orders(*, on: date, actor: Actor) -> list[SalesOrder]:
    """Every standing order has its drafts up to that day, each in a transaction of its own."""
    return [
        order
        for standing_id in standing.due(actor, on)
        for order in make_due_order(standing_id, on=on, actor=actor)
    ]


def _draft(kept: StandingOrder) -> Draft:
    """One order, known by its standing order and its date."""
    return Draft(
        client_uuid=uuid5(NAMES, f"{kept.pk} {kept.next_on}"),
        dated=kept.next_on,
        warehouse_id=kept.warehouse_id,
        partner_id=kept.partner_id,
        due_date=kept.next_on,
        note=f"定期订单 {kept.note}".strip(),
        lines=tuple(
            LineDraft(
                item_id=line.item_id,
                item_uom_id=line.item_uom_id,
                quantity=line.quantity_in_unit,
            )
            for line in kept.lines.all()
        ),
    )


def _locked(standing_id: int, actor: Actor) -> StandingOrder:
    rows = standing.standing_orders(actor).select_for_update(of=("self",), no_key=True)
    kept = one(rows.filter(id=standing_id))
    if kept is None:
        raise Refused("not_found", what="定期订单")
    return kept


def _columns(draft: RhythmDraft, today: date) -> dict[str, object]:
    if draft.rhythm not in Rhythm.values:
        raise Refused("field_invalid", "rhythm", what="周期", reason="请选择按周或按月。")
    if not 1 <= draft.every <= MOST:
        raise Refused("field_invalid", "every", what="间隔", reason=f"应为 1 到 {MOST}。")
    if draft.is_active and draft.next_on < today:
        raise Refused("not_before_today", "next_on", today=today.isoformat())
    if draft.until is not None and draft.until < draft.next_on:
        since, until = draft.next_on.isoformat(), draft.until.isoformat()
        raise Refused("validity_backwards", "until", since=since, until=until)
    note = draft.note.strip()
    return {
        "rhythm": draft.rhythm,
        "every": draft.every,
        "day": draft.next_on.day,
        "next_on": draft.next_on,
        "until": draft.until,
        "note": checked_text(note, "note", "备注", 200) if note else "",
        "is_active": draft.is_active,
    }


def _subject(kept: StandingOrder) -> Subject:
    return Subject("standing_order", kept.pk, str(kept))
