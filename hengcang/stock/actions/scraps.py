"""What people do with scrap: one function per verb."""

from datetime import date

from hengcang.documents.actions import header_columns, void
from hengcang.documents.attempts import action
from hengcang.documents.drafts import Draft, Target
from hengcang.documents.lines import built_lines, line_columns, pieces_of
from hengcang.documents.reversal import Undo
from hengcang.kernel.actor import Actor
from hengcang.kernel.errors import Refused
from hengcang.ledger import papers
from hengcang.ledger.goods import taken_out
from hengcang.ledger.impact import Impact
from hengcang.ledger.papers import Filled, Paper
from hengcang.stock import queries
from hengcang.stock.adjustment_postings import scrap_posting
from hengcang.stock.models import Scrap, ScrapLine


def _filled(draft: Draft, actor: Actor) -> Filled:
    """Raises Refused: reason_missing, and those of headers, lines and goods."""
    header = header_columns(draft, actor=actor)
    if not draft.reason.strip():
        raise Refused("reason_missing", "reason")
    lines = taken_out(built_lines(draft, None), header["warehouse"], usable_on=None)
    return Filled(header, [ScrapLine(**line_columns(line)) for line in lines], pieces_of(lines))


SCRAPS = Paper(Scrap, "报损单", queries.scraps, _filled, scrap_posting)


@action
def save_scrap(draft: Draft, *, actor: Actor) -> Scrap:
    """A draft exists; the same intent again returns it. It states why the goods are of no use.

    Raises the codes of papers.save, reason_missing, and those of headers and lines.
    """
    return papers.save(SCRAPS, draft, actor=actor)


@action
def change_scrap(target: Target, draft: Draft, *, actor: Actor) -> Scrap:
    """The draft is as filled in. Raises the codes of save_scrap and of papers.change."""
    return papers.change(SCRAPS, target, draft, actor=actor)


@action
def post_scrap(target: Target, *, actor: Actor) -> Scrap:
    """The goods, of whatever status, have left at cost. Raises the codes of papers.post."""
    return papers.post(SCRAPS, target, actor=actor)


@action
def reverse_scrap(target: Target, undo: Undo, *, actor: Actor) -> Scrap:
    """A posted mirror document undoes it, and is returned: the goods are back at the cost they
    left at. Raises the codes of undoing.reverse.
    """
    return papers.reverse(SCRAPS, target, undo, actor=actor)


@action
def void_scrap(target: Target, *, actor: Actor, reason: str = "") -> Scrap:
    """The draft will never be posted; the log says why. Raises the codes of documents.void."""
    return void(queries.scraps(actor), target, actor=actor, reason=reason)


def preview_scrap(scrap_id: int, *, actor: Actor) -> Impact:
    """What posting the draft would change of booked costs; nothing is written."""
    return papers.preview(SCRAPS, scrap_id, actor=actor)


def preview_scrap_reversal(document_id: int, *, on: date, actor: Actor) -> Impact:
    """What reversing it would change of booked costs; nothing is written."""
    return papers.preview_reversal(SCRAPS, document_id, on=on, actor=actor)
