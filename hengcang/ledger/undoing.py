"""How every posted document is undone: the same order of locks and steps for each kind."""

from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

from django.db.models import QuerySet

from hengcang.documents.actions import locked, step
from hengcang.documents.drafts import Target
from hengcang.documents.intents import claim, settle
from hengcang.documents.models import Document
from hengcang.documents.reversal import Undo, mirror
from hengcang.identity.access import demand
from hengcang.kernel.actor import Actor
from hengcang.kernel.errors import Refused
from hengcang.ledger import actions as ledger
from hengcang.ledger import reversal
from hengcang.ledger.entries import Posting, Source
from hengcang.ledger.impact import Impact

D = TypeVar("D", bound=Document)
GONE = "红冲 {number} 要退回的货已经出库或被占用，请先红冲之后用掉它的单据，或先入库"


def reverse(
    rows: QuerySet[D],
    target: Target,
    undo: Undo,
    carry: Callable[[D, Posting], None],
    *,
    actor: Actor,
) -> D:
    """The document is undone by a posted mirror document, which is returned; once per intent.

    `rows` are those the actor may see; `carry` brings the mirrored posting into the books and
    along the source lines. Dated as the original while its month is open, else today. Raises
    Refused: forbidden, not_found, stale_version, wrong_status, reason_missing,
    reversal_not_reversible, has_followers, and those of ledger.post.
    """
    kind = rows.model.kind
    made = claim(undo.client_uuid, f"{kind}.reverse", (target.id, undo.reason))
    if made is not None:
        return rows.get(pk=made)
    document = locked(rows, target)
    demand(actor, f"{kind}.reverse", warehouse_id=document.warehouse_id)
    document.flow.target("reverse", document.status)
    dated = reversal.reversal_date(max(document.dated, undo.not_before), undo.today)
    twin = mirror(document, dated, undo, actor=actor)
    mirrored = reversal.mirrored(Source(kind, document.pk), Source(kind, twin.pk), dated)
    try:
        carry(twin, mirrored)
    except Refused as refusal:
        raise _of_a_reversal(refusal, document) from refusal
    step(document, "reverse", actor=actor, reason=undo.reason)
    step(twin, "mirror" if "mirror" in document.flow.steps else "post", actor=actor)
    settle(undo.client_uuid, kind, twin.pk)
    return twin


def _of_a_reversal(refusal: Refused, document: Document) -> Refused:
    """The refusal; of goods that have left it says which papers stand in the way."""
    if "advice" in refusal.facts:
        refusal.facts |= {"advice": GONE.format(number=document.number), "instead": ""}
    return refusal


def preview(document: Any, *, on: date, actor: Actor) -> Impact:
    """What reversing the document would change of booked costs; nothing is written.

    Raises Refused: forbidden, not_found.
    """
    kind = document.kind
    demand(actor, f"{kind}.reverse", warehouse_id=document.warehouse_id)
    dated = reversal.reversal_date(document.dated, on)
    try:
        posting = reversal.mirrored(Source(kind, document.pk), Source(kind, 0), dated)
    except Refused as refusal:
        return Impact(blocked=refusal)
    return ledger.preview(posting, actor=actor)
