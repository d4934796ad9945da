"""What people do with other issues: one function per verb."""

from datetime import date
from typing import Any

from hengcang.books.inserting import insert_row, insert_rows
from hengcang.documents.actions import (
    birth_columns,
    header_columns,
    locked,
    recorded_birth,
    rewrite,
    step,
    void,
)
from hengcang.documents.attempts import action
from hengcang.documents.drafts import Draft, Target
from hengcang.documents.intents import claim, settle
from hengcang.documents.lines import BuiltLine, built_lines, keep_pieces, line_columns
from hengcang.documents.reversal import Undo
from hengcang.identity.access import demand
from hengcang.kernel.actor import Actor
from hengcang.kernel.errors import Refused
from hengcang.ledger import actions as ledger
from hengcang.ledger import undoing
from hengcang.ledger.entries import Posting
from hengcang.ledger.goods import taken_out
from hengcang.ledger.impact import Impact
from hengcang.stock import queries
from hengcang.stock.models import OtherIssue, OtherIssueLine
from hengcang.stock.postings import other_issue_posting


@action
def save_other_issue(draft: Draft, *, actor: Actor) -> OtherIssue:
    """A draft exists; the same intent again returns it.

    The document states its reason. Raises Refused: forbidden, intent_reused, reason_missing, and
    those of headers and lines.
    """
    demand(actor, "other_issue.save", warehouse_id=draft.warehouse_id)
    if (made := claim(draft.client_uuid, "other_issue.save", draft)) is not None:
        return queries.other_issue(actor, made)
    header, lines = _filled(draft, actor)
    issue = insert_row(OtherIssue(**header, **birth_columns(draft.client_uuid, actor=actor)))
    _write_lines(issue, lines)
    settle(draft.client_uuid, issue.kind, issue.pk)
    recorded_birth(issue, actor=actor)
    return issue


@action
def change_other_issue(target: Target, draft: Draft, *, actor: Actor) -> OtherIssue:
    """The draft is as filled in.

    Raises the codes of save_other_issue, not_found, stale_version, wrong_status.
    """
    demand(actor, "other_issue.save", warehouse_id=draft.warehouse_id)
    issue: OtherIssue = locked(queries.other_issues(actor), target)
    header, lines = _filled(draft, actor)
    rewrite(issue, header, actor=actor)
    issue.lines.all().delete()
    _write_lines(issue, lines)
    return issue


@action
def post_other_issue(target: Target, *, actor: Actor) -> OtherIssue:
    """The goods have left at cost.

    Raises Refused: forbidden, not_found, stale_version, wrong_status, and those of ledger.post.
    """
    issue: OtherIssue = locked(queries.other_issues(actor), target)
    demand(actor, "other_issue.post", warehouse_id=issue.warehouse_id)
    OtherIssue.flow.target("post", issue.status)
    ledger.post(other_issue_posting(issue, list(issue.lines.all())), actor=actor)
    step(issue, "post", actor=actor)
    return issue


@action
def reverse_other_issue(target: Target, undo: Undo, *, actor: Actor) -> OtherIssue:
    """A posted mirror document undoes it, and is returned. The goods come back at the cost they
    left at.

    Raises the codes of undoing.reverse.
    """

    def carry(twin: OtherIssue, posting: Posting) -> None:
        ledger.post(posting, actor=actor)

    return undoing.reverse(queries.other_issues(actor), target, undo, carry, actor=actor)


@action
def void_other_issue(target: Target, *, actor: Actor, reason: str = "") -> OtherIssue:
    """The draft will never be posted; the log says why. Raises the codes of documents.void."""
    return void(queries.other_issues(actor), target, actor=actor, reason=reason)


def preview_other_issue(issue_id: int, *, actor: Actor) -> Impact:
    """What posting the draft would change of booked costs; nothing is written."""
    issue = queries.other_issue(actor, issue_id)
    demand(actor, "other_issue.post", warehouse_id=issue.warehouse_id)
    return ledger.preview(other_issue_posting(issue, list(issue.lines.all())), actor=actor)


def preview_other_issue_reversal(document_id: int, *, on: date, actor: Actor) -> Impact:
    """What reversing it would change of booked costs; nothing is written."""
    return undoing.preview(queries.other_issue(actor, document_id), on=on, actor=actor)


def _filled(draft: Draft, actor: Actor) -> tuple[dict[str, Any], list[BuiltLine]]:
    header = header_columns(draft, actor=actor)
    if not draft.reason.strip():
        raise Refused("reason_missing", "reason")
    lines = built_lines(draft, None)
    return header, taken_out(lines, header["warehouse"], usable_on=None)


def _write_lines(issue: OtherIssue, lines: list[BuiltLine]) -> None:
    keep_pieces(issue, lines)
    insert_rows([OtherIssueLine(document=issue, **line_columns(line)) for line in lines])
