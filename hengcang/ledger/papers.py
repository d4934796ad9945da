"""Papers whose posting is all they do: saved, changed, posted and undone alike; each is data.

For kinds without a partner and without orders to fulfil. The functions are parts of their
caller's action.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar

from django.db.models import QuerySet

from hengcang.books.inserting import insert_row, insert_rows
from hengcang.books.rows import one
from hengcang.documents.actions import (
    birth_columns,
    locked,
    recorded_birth,
    rewrite,
    step,
)
from hengcang.documents.drafts import Draft, Target
from hengcang.documents.intents import claim, settle
from hengcang.documents.line_serials import Pieces, keep_serials
from hengcang.documents.models import Document
from hengcang.documents.reversal import Undo
from hengcang.identity.access import demand
from hengcang.kernel.actor import Actor
from hengcang.kernel.errors import Refused
from hengcang.ledger import actions as ledger
from hengcang.ledger import undoing
from hengcang.ledger.entries import Posting
from hengcang.ledger.impact import Impact

D = TypeVar("D", bound=Document)


@dataclass(frozen=True, slots=True)
class Filled:
    """A document as it will be written: the columns of its header, its lines without it, and the
    serial numbers they name.
    """

    header: dict[str, Any]
    lines: list[Any]
    pieces: list[Pieces]


@dataclass(frozen=True, slots=True)
class Paper(Generic[D]):
    """What one kind has of its own.

    `rows`: those the actor may see. `filled` reads a draft, or refuses. `posting`: what the
    document and its lines do to the books.
    """

    model: type[D]
    label: str
    rows: Callable[[Actor], QuerySet[D]]
    filled: Callable[[Draft, Actor], Filled]
    posting: Callable[[D, list[Any]], Posting]


def seen(paper: Paper[D], document_id: int, *, actor: Actor) -> D:
    """One document. Raises Refused: forbidden, not_found."""
    found = one(paper.rows(actor).filter(id=document_id))
    if found is None:
        raise Refused("not_found", what=paper.label)
    return found


def save(paper: Paper[D], draft: Draft, *, actor: Actor) -> D:
    """A draft exists; the same intent again returns it.

    Raises Refused: forbidden, intent_reused, and those of the paper's own reading.
    """
    kind = paper.model.kind
    demand(actor, f"{kind}.save", warehouse_id=draft.warehouse_id)
    if (made := claim(draft.client_uuid, f"{kind}.save", draft)) is not None:
        return seen(paper, made, actor=actor)
    document = _new(paper, draft, actor)
    settle(draft.client_uuid, kind, document.pk)
    return document


def _new(paper: Paper[D], draft: Draft, actor: Actor) -> D:
    filled = paper.filled(draft, actor)
    birth = birth_columns(draft.client_uuid, actor=actor)
    document: D = insert_row(paper.model(**filled.header, **birth))
    _write(document, filled)
    recorded_birth(document, actor=actor)
    return document


def change(paper: Paper[D], target: Target, draft: Draft, *, actor: Actor) -> D:
    """The draft is as filled in.

    Raises the codes of save, not_found, stale_version, wrong_status.
    """
    demand(actor, f"{paper.model.kind}.save", warehouse_id=draft.warehouse_id)
    document = locked(paper.rows(actor), target)
    filled = paper.filled(draft, actor)
    rewrite(document, filled.header, actor=actor)
    lines: Any = document.lines  # type: ignore[attr-defined]
    lines.all().delete()
    _write(document, filled)
    return document


def _write(document: Document, filled: Filled) -> None:
    keep_serials(document, filled.pieces)
    for line in filled.lines:
        line.document = document
    insert_rows(filled.lines)


def to_post(paper: Paper[D], target: Target, *, actor: Actor) -> D:
    """The draft, locked until commit, which the actor may post.

    Raises Refused: forbidden, not_found, stale_version, wrong_status.
    """
    document = locked(paper.rows(actor), target)
    demand(actor, f"{document.kind}.post", warehouse_id=document.warehouse_id)
    document.flow.target("post", document.status)
    return document


def lines_of(document: Document) -> list[Any]:
    """Its lines, in order."""
    return list(document.lines.order_by("position"))  # type: ignore[attr-defined]


def post(paper: Paper[D], target: Target, *, actor: Actor) -> D:
    """The books carry what the paper says.

    Raises the codes of to_post and of ledger.post.
    """
    document = to_post(paper, target, actor=actor)
    ledger.post(paper.posting(document, lines_of(document)), actor=actor)
    step(document, "post", actor=actor)
    return document


def reverse(paper: Paper[D], target: Target, undo: Undo, *, actor: Actor) -> D:
    """A posted mirror document undoes it, and is returned. Raises the codes of undoing.reverse."""

    def carry(twin: D, posting: Posting) -> None:
        ledger.post(posting, actor=actor)

    return undoing.reverse(paper.rows(actor), target, undo, carry, actor=actor)


def preview(paper: Paper[D], document_id: int, *, actor: Actor) -> Impact:
    """What posting the draft would change of booked costs; nothing is written."""
    document = seen(paper, document_id, actor=actor)
    demand(actor, f"{document.kind}.post", warehouse_id=document.warehouse_id)
    return ledger.preview(paper.posting(document, lines_of(document)), actor=actor)


def preview_reversal(paper: Paper[D], document_id: int, *, on: date, actor: Actor) -> Impact:
    """What reversing it would change of booked costs; nothing is written."""
    return undoing.preview(seen(paper, document_id, actor=actor), on=on, actor=actor)
