"""What people do with arrival notices: one function per verb."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from hengcang.books.inserting import insert_rows
from hengcang.documents.actions import derived_uuid, trade_header_columns
from hengcang.documents.attempts import action
from hengcang.documents.discounts import money_columns
from hengcang.documents.drafts import Draft, Target
from hengcang.documents.flow import Status
from hengcang.documents.intents import claim, settle
from hengcang.documents.lines import BuiltLine, built_lines, purchase_price, trade_columns
from hengcang.documents.sources import fulfilled_by, lock_sources, refuse_closed, refuse_foreign
from hengcang.identity.access import demand
from hengcang.kernel.actor import Actor
from hengcang.kernel.errors import Refused, RefusedLines
from hengcang.kernel.numbers import shown
from hengcang.kernel.rounding import ZERO
from hengcang.purchasing import arrivals, papers, queries
from hengcang.purchasing.actions import receipts
from hengcang.purchasing.announced import announced_of
from hengcang.purchasing.models import (
    ArrivalNotice,
    ArrivalNoticeLine,
    PurchaseOrderLine,
    PurchaseReceipt,
)
from hengcang.purchasing.papers import FilledIn, Paper
from hengcang.purchasing.tolerance import tolerances


@action
def save_notice(draft: Draft, *, actor: Actor) -> ArrivalNotice:
    """A draft notice exists; the same intent again returns it. Its lines are for order lines, at
    their prices; a line that names none is for the first due of its item.

    Raises Refused: forbidden, intent_reused, field_missing (due_date), source_line_unknown, those
    of headers and lines; RefusedLines with order_line_missing, announced_twice, batch_dates.
    """
    made: ArrivalNotice = papers.saved(PAPER, draft, actor)
    return made


@action
def change_notice(target: Target, draft: Draft, *, actor: Actor) -> ArrivalNotice:
    """The draft notice is as filled in.

    Raises the codes of save_notice, not_found, stale_version, wrong_status.
    """
    changed: ArrivalNotice = papers.changed(PAPER, target, draft, actor)
    return changed


@action
def step_notice(target: Target, verb: str, *, actor: Actor, reason: str = "") -> ArrivalNotice:
    """One verb of ORDER_FLOW was done: submit, approve, send_back, take_back, close, void.

    Approving counts the lines as announced: no more of an order line than is open and tolerated.
    Closing by force says that the rest will not come. Locks the notice, then the orders. Raises
    Refused: forbidden, not_found, stale_version, wrong_status, reason_missing (close),
    source_not_open, more_than_announceable (approve), notice_received (take_back).
    """
    found: ArrivalNotice = papers.pressed(PAPER, target, verb, actor)
    if verb == "close" and not reason.strip():
        raise Refused("reason_missing", "reason")
    if verb == "take_back" and (receipt := found.receipts.first()) is not None:
        raise Refused("notice_received", number=receipt.number or "草稿")
    if verb == "approve":
        _refuse_over_announced(found)
    stepped: ArrivalNotice = papers.stepped(found, verb, reason, actor)
    return stepped


@action
def receive_notice(
    notice_id: int, quantities: dict[int, Decimal], *, on: date, client_uuid: UUID, actor: Actor
) -> PurchaseReceipt:
    """Some or all of what a notice announced is received and posted in one act.

    `quantities` maps the notice's line ids to base units; empty means all that has not come.
    Raises as save_receipt and post_receipt; source_line_unknown when nothing is left to come.
    """
    demand(actor, "purchase_receipt.save")
    body = (notice_id, sorted(quantities.items()), on)
    if (made := claim(client_uuid, "arrival_notice.receive", body)) is not None:
        return queries.receipt(actor, made)
    rows = arrivals.notices(actor).select_related(None)
    found = rows.select_for_update(of=("self",), no_key=True).filter(id=notice_id).first()
    if found is None:
        raise Refused("not_found", what="到货通知")
    _refuse_closed(found)
    filled = arrivals.receipt_of_notice(
        actor, found, quantities, on=on, client_uuid=derived_uuid(client_uuid, "receipt")
    )
    saved = receipts.save_receipt(filled, actor=actor)
    receipt = receipts.post_receipt(Target(saved.pk, saved.version), actor=actor)
    settle(client_uuid, receipt.kind, receipt.pk)
    return receipt


def _refuse_closed(found: ArrivalNotice) -> None:
    if found.status != Status.APPROVED:
        label = found.get_status_display()
        raise Refused("source_not_open", number=found.number or "草稿", status_label=label)


def _refuse_over_announced(found: ArrivalNotice) -> None:
    """Raises Refused("more_than_announceable") when the notice, with what others announce, would
    bring more than is open of an order line and tolerated beyond it.
    """
    wanted = fulfilled_by(found.lines.all())
    sources = lock_sources(PurchaseOrderLine.objects.all(), set(wanted))
    refuse_closed(sources, Status.APPROVED, Status.CLOSED)
    allowed, said = tolerances(sources.values()), announced_of(wanted, but=found.pk)
    for line_id, quantity in wanted.items():
        line, others = sources[line_id], said.get(line_id)
        announced = others.quantity if others else ZERO
        left = allowed[line_id].most - line.qty_fulfilled - announced
        if quantity > left:
            raise Refused(
                "more_than_announceable",
                "lines",
                item_name=line.item.name,
                supplier=allowed[line_id].supplier,
                number=line.document.number or "",
                ordered=shown(line.quantity),
                received=shown(line.qty_fulfilled),
                announced=shown(announced),
                where=f"（{'、'.join(others.numbers)}）" if others else "",
                rate=shown(allowed[line_id].rate),
                open=shown(max(ZERO, left)),
                needed=shown(quantity),
            )


def _filled_in(draft: Draft, actor: Actor) -> FilledIn:
    draft = arrivals.with_order_lines(actor, draft)
    plain = tuple(replace(line, price=None, carried=ZERO) for line in draft.lines)
    draft = replace(draft, lines=plain, bill_discount=ZERO, rounding_off=ZERO)
    if draft.due_date is None:
        raise Refused("field_missing", "due_date", what="预计到货日期")
    draft = queries.with_order_prices(actor, draft)
    header = trade_header_columns(draft, "supplier", actor=actor)
    known = queries.order_lines(actor).filter(document__partner_id=header["partner"].pk)
    # Lines of an order that may still be rewritten would be gone with the next save of it.
    known = known.exclude(document__status__in=(Status.DRAFT, Status.PENDING, Status.VOIDED))
    lines = built_lines(draft, purchase_price)
    refuse_foreign(lines, known)
    _refuse_unclear(lines)
    return FilledIn(header | _own_columns(draft) | money_columns(lines, draft), _writer(lines))


def _own_columns(draft: Draft) -> dict[str, Any]:
    return {
        "due_date": draft.due_date,
        "carrier": draft.carrier.strip(),
        "tracking_no": draft.tracking_no.strip(),
    }


def _refuse_unclear(lines: list[BuiltLine]) -> None:
    """Raises RefusedLines with announced_twice for a second line of the same batch of an order
    line, batch_dates for a batch that expires before it is made.
    """
    seen: set[tuple[int | None, str]] = set()
    refusals: list[Refused] = []
    for line in lines:
        typed, at = line.draft, f"lines.{line.position}"
        if (typed.source_line_id, typed.batch_no) in seen:
            refusals.append(Refused("announced_twice", f"{at}.item", item_name=line.item.name))
        seen.add((typed.source_line_id, typed.batch_no))
        made, ends = typed.mfg_date, typed.expiry_date
        if made is not None and ends is not None and ends < made:
            days = {"mfg_date": made.isoformat(), "expiry_date": ends.isoformat()}
            refusals.append(
                Refused("batch_dates", f"{at}.expiry_date", item_name=line.item.name, **days)
            )
    if refusals:
        raise RefusedLines(refusals)


def _writer(lines: list[BuiltLine]) -> Any:
    def write(found: ArrivalNotice) -> None:
        insert_rows([ArrivalNoticeLine(document=found, **_line_columns(line)) for line in lines])

    return write


def _line_columns(line: BuiltLine) -> Mapping[str, Any]:
    typed = line.draft
    return trade_columns(line) | {
        "source_line_id": typed.source_line_id,
        "batch_no": typed.batch_no,
        "mfg_date": typed.mfg_date,
        "expiry_date": typed.expiry_date,
    }


PAPER = Paper(ArrivalNotice, arrivals.notices, _filled_in)
