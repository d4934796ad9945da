"""What people do with quality inspections: one function per verb."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from hengcang.documents import actions as documents
from hengcang.documents.actions import header_columns, step
from hengcang.documents.attempts import action
from hengcang.documents.drafts import Draft, Target
from hengcang.documents.flow import Status
from hengcang.documents.line_serials import REJECTED, Pieces, serials_of
from hengcang.documents.lines import BuiltLine, built_lines, line_columns
from hengcang.documents.reversal import Undo
from hengcang.documents.rules import Ratio, base_quantity
from hengcang.documents.sources import add_to_lines, fulfilled_by, lock_sources, refuse_closed
from hengcang.kernel.actor import Actor
from hengcang.kernel.errors import Refused, RefusedLines
from hengcang.kernel.numbers import shown
from hengcang.kernel.rounding import ZERO
from hengcang.ledger import actions as ledger
from hengcang.ledger import papers, undoing
from hengcang.ledger.entries import Posting
from hengcang.ledger.impact import Impact
from hengcang.ledger.papers import Filled, Paper
from hengcang.ledger.serial_goods import Inspected, awaiting, refuse_not_waiting
from hengcang.places.queries import bins_by_code
from hengcang.purchasing import queries
from hengcang.purchasing.awaiting import QC, refuse_over_inspection
from hengcang.purchasing.inspection_postings import inspection_posting
from hengcang.purchasing.models import (
    PurchaseReceipt,
    PurchaseReceiptLine,
    QualityInspection,
    QualityInspectionLine,
)


def _filled(draft: Draft, actor: Actor) -> Filled:
    """Raises the codes of headers and lines; RefusedLines with inspection_source_missing,
    more_rejected, reject_cause_missing, rejected_serials, bin_unknown.
    """
    header = header_columns(draft, actor=actor)
    built = built_lines(draft, None)
    ids = {ln.draft.source_line_id for ln in built if ln.draft.source_line_id is not None}
    known = queries.receipt_lines(actor).filter(id__in=ids, stock_status=QC, quantity__gt=0)
    sources = {ln.pk: ln for ln in known.filter(document__warehouse_id=draft.warehouse_id)}
    bins = bins_by_code(actor, draft.warehouse_id, {ln.to_bin_code for ln in draft.lines})
    built = awaiting(built, sources, PurchaseReceipt.kind)
    lines, pieces, refusals = [], [], []
    for line in built:
        try:
            lines.append(_line(line, sources, bins))
            pieces += _pieces(line, lines[-1].rejected)
        except Refused as refusal:
            refusals.append(refusal)
    if refusals:
        raise RefusedLines(refusals)
    return Filled(header, lines, pieces)


def _line(
    line: BuiltLine, sources: Mapping[int, PurchaseReceiptLine], bins: Mapping[str, int]
) -> QualityInspectionLine:
    at, typed = f"lines.{line.position}", line.draft
    source = sources.get(typed.source_line_id or 0)
    if source is None or source.item_id != line.item.pk:
        raise Refused("inspection_source_missing", f"{at}.source_line", item_name=line.item.name)
    if typed.to_bin_code and typed.to_bin_code not in bins:
        where = source.document.warehouse.name
        raise Refused(
            "bin_unknown", f"{at}.to_bin_code", bin_code=typed.to_bin_code, warehouse=where
        )
    rejected = _rejected(line, at)
    columns = line_columns(line) | {
        "batch_id": source.batch_id,
        "bin_id": source.bin_id,
        "stock_status": QC,
    }
    return QualityInspectionLine(
        source_line=source,
        rejected=rejected,
        reject_cause=typed.reject_cause,
        to_bin_id=bins.get(typed.to_bin_code),
        **columns,
    )


def _rejected(line: BuiltLine, at: str) -> Decimal:
    """Base units; not typed, as many as numbers are rejected.

    Raises Refused: quantity_inexact, more_rejected, reject_cause_missing.
    """
    typed, unit = line.draft, line.item_uom
    named = Decimal(len(typed.rejected_serials))
    if not typed.rejected and not named:
        return ZERO
    if typed.rejected < 0 or typed.rejected > typed.quantity or named > line.quantity:
        raise Refused(
            "more_rejected",
            f"{at}.rejected",
            item_name=line.item.name,
            inspected=shown(typed.quantity),
            rejected=shown(typed.rejected),
        )
    if not typed.reject_cause.strip():
        raise Refused("reject_cause_missing", f"{at}.reject_cause", item_name=line.item.name)
    if not typed.rejected:
        return named
    ratio = Ratio(unit.ratio_num, unit.ratio_den, line.item.quantity_places, line.item.name)
    return base_quantity(typed.rejected, ratio, f"{at}.rejected")


def _pieces(line: BuiltLine, rejected: Decimal) -> list[Pieces]:
    """The numbers of good pieces and of bad ones. Raises Refused("rejected_serials")."""
    all_, bad = line.draft.serials, set(line.draft.rejected_serials)
    if line.item.tracks_serials and (rejected != len(bad) or not bad <= set(all_)):
        raise Refused(
            "rejected_serials",
            f"lines.{line.position}.rejected_serials",
            item_name=line.item.name,
            rejected=shown(rejected),
            count=len(bad),
            line=line.position,
        )
    good = [serial for serial in all_ if serial not in bad]
    at, item = line.position, line.item.pk
    return [Pieces(at, item, good), Pieces(at, item, line.draft.rejected_serials, REJECTED)]


INSPECTIONS = Paper(QualityInspection, "质检单", queries.inspections, _filled, inspection_posting)


@action
def save_inspection(draft: Draft, *, actor: Actor) -> QualityInspection:
    """A draft exists; the same intent again returns it. Every line names a receipt's line 待检.

    Raises the codes of papers.save, those of headers and lines, inspection_source_missing,
    more_rejected, reject_cause_missing, rejected_serials, bin_unknown.

    A line that names no serial numbers has the first ones of its receipt's line that are 待检.
    """
    return papers.save(INSPECTIONS, draft, actor=actor)


@action
def change_inspection(target: Target, draft: Draft, *, actor: Actor) -> QualityInspection:
    """The draft is as filled in. Raises the codes of save_inspection and of papers.change."""
    return papers.change(INSPECTIONS, target, draft, actor=actor)


@action
def post_inspection(target: Target, *, actor: Actor) -> QualityInspection:
    """Accepted goods may be sold, rejected ones are defective, and the receipt's lines know it.

    Locks the inspection, its receipts, then the books. Raises the codes of papers.to_post,
    source_not_open, more_than_to_inspect, serial_not_waiting, and those of ledger.post.
    """
    inspection = papers.to_post(INSPECTIONS, target, actor=actor)
    lines = papers.lines_of(inspection)
    _carry(inspection, lines, inspection_posting(inspection, lines), actor=actor)
    step(inspection, "post", actor=actor)
    return inspection


def _carry(
    inspection: QualityInspection,
    lines: list[QualityInspectionLine],
    posting: Posting,
    *,
    actor: Actor,
) -> None:
    """The books carry the posting, the receipts' lines what was judged (or is open again)."""
    wanted = fulfilled_by(lines)
    sources = lock_sources(PurchaseReceiptLine.objects.all(), set(wanted))
    if inspection.reversal_of_id is None:
        refuse_closed(sources, Status.POSTED)
        refuse_over_inspection(sources, wanted)
        refuse_not_waiting(_inspected(inspection, lines), sources, PurchaseReceipt.kind)
    ledger.post(posting, actor=actor)
    add_to_lines(PurchaseReceiptLine, qty_inspected=wanted, qty_rejected=_rejections(lines))


def _inspected(
    inspection: QualityInspection, lines: list[QualityInspectionLine]
) -> list[Inspected]:
    """The lines that name pieces."""
    named = serials_of(inspection.kind, inspection.pk).lines
    return [
        Inspected(ln.position, ln.source_line_id, named[ln.position])
        for ln in lines
        if ln.position in named
    ]


def _rejections(lines: list[QualityInspectionLine]) -> dict[int, Decimal]:
    sums: dict[int, Decimal] = {}
    for line in lines:
        sums[line.source_line_id] = sums.get(line.source_line_id, ZERO) + line.rejected
    return sums


@action
def reverse_inspection(target: Target, undo: Undo, *, actor: Actor) -> QualityInspection:
    """A posted mirror document undoes it, and is returned: its goods are 待检 again.

    Raises the codes of undoing.reverse.
    """

    def carry(twin: QualityInspection, posting: Posting) -> None:
        _carry(twin, papers.lines_of(twin), posting, actor=actor)

    return undoing.reverse(queries.inspections(actor), target, undo, carry, actor=actor)


@action
def void_inspection(target: Target, *, actor: Actor, reason: str = "") -> QualityInspection:
    """The draft will never be posted; the log says why. Raises the codes of documents.void."""
    return documents.void(queries.inspections(actor), target, actor=actor, reason=reason)


def preview_inspection(inspection_id: int, *, actor: Actor) -> Impact:
    """What posting the draft would change of booked costs; nothing is written."""
    return papers.preview(INSPECTIONS, inspection_id, actor=actor)


def preview_inspection_reversal(document_id: int, *, on: date, actor: Actor) -> Impact:
    """What reversing it would change of booked costs; nothing is written."""
    return papers.preview_reversal(INSPECTIONS, document_id, on=on, actor=actor)
