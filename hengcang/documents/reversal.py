"""Undoing a posted document: a mirror document of the same kind, with its own number."""

from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from hengcang.books.inserting import insert_row, insert_rows
from hengcang.documents.actions import mirror_header
from hengcang.documents.line_serials import mirror_serials
from hengcang.documents.lines import mirrored_columns
from hengcang.documents.models import Document
from hengcang.kernel.actor import Actor
from hengcang.kernel.codes import refuse_long
from hengcang.kernel.errors import Refused

D = TypeVar("D", bound=Document)
LONGEST_REASON = 200


@dataclass(frozen=True, slots=True)
class Undo:
    """Why and as which intent a posted document is undone. `today` is the business date now.

    `not_before`: what followed the document and is undone lies there; it is undone no earlier.
    """

    client_uuid: UUID
    reason: str
    today: date
    not_before: date = date.min


def mirror(document: D, dated: date, undo: Undo, *, actor: Actor) -> D:
    """A draft of the reversal with every line negated, still to be posted.

    Raises Refused: reason_missing, field_invalid (too long a reason), reversal_not_reversible.
    """
    if not undo.reason.strip():
        raise Refused("reason_missing", "reason")
    refuse_long(undo.reason, "reason", "原因", LONGEST_REASON)
    if getattr(document, "reversal_of_id", None) is not None:
        raise Refused("reversal_not_reversible")
    columns = mirror_header(document, undo.client_uuid, undo.reason, actor=actor)
    model: Any = type(document)
    twin: D = insert_row(model(dated=dated, reversal_of=document, **columns))
    line_model = model.lines.rel.related_model
    insert_rows(
        [
            line_model(document=twin, **mirrored_columns(line), **_own_columns(line))
            for line in line_model.objects.filter(document=document)
        ]
    )
    mirror_serials(document, twin)
    return twin


def _own_columns(line: Any) -> dict[str, Any]:
    """What only some kinds of lines carry, mirrored where it is a quantity or money."""
    own: dict[str, Any] = {name: getattr(line, name) for name in line.mirrored}
    own |= {name: -getattr(line, name) for name in line.negated}
    if hasattr(line, "is_gift"):
        own |= {"is_gift": line.is_gift, "is_sample": line.is_sample}
    if hasattr(line, "to_bin_id"):
        own["to_bin_id"] = line.to_bin_id
    if hasattr(line, "source_line_id"):
        own["source_line_id"] = line.source_line_id
    if getattr(line, "cost_amount", None) is not None:
        own["cost_amount"] = -line.cost_amount
    if hasattr(line, "qty_unreserved"):
        own["qty_unreserved"] = -line.qty_unreserved
    return own
