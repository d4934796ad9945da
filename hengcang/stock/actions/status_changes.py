"""What people do with status changes: one function per verb."""

from collections.abc import Iterable
from datetime import date

from hengcang.documents.actions import header_columns, void
from hengcang.documents.attempts import action
from hengcang.documents.drafts import Draft, LineDraft, Target
from hengcang.documents.lines import built_lines, line_columns, pieces_of
from hengcang.documents.reversal import Undo
from hengcang.kernel.actor import Actor
from hengcang.kernel.errors import Refused, RefusedLines
from hengcang.ledger import papers
from hengcang.ledger.entries import STATUS_LABELS, StockStatus
from hengcang.ledger.goods import taken_out
from hengcang.ledger.impact import Impact
from hengcang.ledger.papers import Filled, Paper
from hengcang.stock import queries
from hengcang.stock.adjustment_postings import status_change_posting
from hengcang.stock.models import StatusChange, StatusChangeLine


def _filled(draft: Draft, actor: Actor) -> Filled:
    """Raises Refused: reason_missing; RefusedLines with to_status_missing, stock_status_unknown,
    status_unchanged; those of headers, lines and goods.
    """
    header = header_columns(draft, actor=actor)
    if not draft.reason.strip():
        raise Refused("reason_missing", "reason")
    built = built_lines(draft, None)
    _refuse_wrong((n, ln) for n, ln in enumerate(draft.lines, start=1))
    lines = taken_out(built, header["warehouse"], usable_on=None)
    _refuse_wrong((ln.position, ln.draft) for ln in lines)  # a piece says itself what it was
    return Filled(
        header,
        [StatusChangeLine(to_status=ln.draft.to_status, **line_columns(ln)) for ln in lines],
        pieces_of(lines),
    )


def _refuse_wrong(lines: Iterable[tuple[int, LineDraft]]) -> None:
    """Raises RefusedLines."""
    refusals = [refusal for n, ln in lines if (refusal := _wrong(ln, n)) is not None]
    if refusals:
        raise RefusedLines(refusals)


def _wrong(line: LineDraft, number: int) -> Refused | None:
    at = f"lines.{number}.to_status"
    if not line.to_status:
        return Refused("to_status_missing", at)
    if line.to_status not in set(StockStatus):
        return Refused("stock_status_unknown", at, stock_status=line.to_status[:20])
    if line.to_status == line.stock_status:
        return Refused("status_unchanged", at, status=STATUS_LABELS[StockStatus(line.to_status)])
    return None


STATUS_CHANGES = Paper(
    StatusChange, "状态调整单", queries.status_changes, _filled, status_change_posting
)


@action
def save_status_change(draft: Draft, *, actor: Actor) -> StatusChange:
    """A draft exists; the same intent again returns it. Every line says what its goods become,
    the document why.

    Raises the codes of papers.save and of reading: reason_missing, to_status_missing,
    status_unchanged, stock_status_unknown, and those of headers and lines.
    """
    return papers.save(STATUS_CHANGES, draft, actor=actor)


@action
def change_status_change(target: Target, draft: Draft, *, actor: Actor) -> StatusChange:
    """The draft is as filled in. Raises the codes of save_status_change and papers.change."""
    return papers.change(STATUS_CHANGES, target, draft, actor=actor)


@action
def post_status_change(target: Target, *, actor: Actor) -> StatusChange:
    """The goods are of their new status, in the same batch and bin; nothing is re-costed.

    What is promised to customers stays good: insufficient_stock says how much is available.
    Raises the codes of papers.post.
    """
    return papers.post(STATUS_CHANGES, target, actor=actor)


@action
def reverse_status_change(target: Target, undo: Undo, *, actor: Actor) -> StatusChange:
    """A posted mirror document undoes it, and is returned: the goods are what they were.

    Raises the codes of undoing.reverse.
    """
    return papers.reverse(STATUS_CHANGES, target, undo, actor=actor)


@action
def void_status_change(target: Target, *, actor: Actor, reason: str = "") -> StatusChange:
    """The draft will never be posted; the log says why. Raises the codes of documents.void."""
    return void(queries.status_changes(actor), target, actor=actor, reason=reason)


def preview_status_change(change_id: int, *, actor: Actor) -> Impact:
    """What posting the draft would change of booked costs; nothing is written."""
    return papers.preview(STATUS_CHANGES, change_id, actor=actor)


def preview_status_change_reversal(document_id: int, *, on: date, actor: Actor) -> Impact:
    """What reversing it would change of booked costs; nothing is written."""
    return papers.preview_reversal(STATUS_CHANGES, document_id, on=on, actor=actor)
