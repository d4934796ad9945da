"""What people do with other receipts: one function per verb."""

from datetime import date
from decimal import Decimal
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
from hengcang.documents.lines import BuiltLine, built_lines, keep_pieces, line_columns, stated_cost
from hengcang.documents.reversal import Undo
from hengcang.identity.access import demand
from hengcang.kernel.actor import Actor
from hengcang.kernel.errors import Refused
from hengcang.ledger import actions as ledger
from hengcang.ledger import undoing
from hengcang.ledger.entries import Posting
from hengcang.ledger.goods import brought_in
from hengcang.ledger.impact import Impact
from hengcang.stock import queries
from hengcang.stock.models import OtherReceipt, OtherReceiptLine
from hengcang.stock.postings import other_receipt_posting


@action
def save_other_receipt(draft: Draft, *, actor: Actor) -> OtherReceipt:
    """A draft exists; the same intent again returns it.

    Every line states its unit cost, the document its reason. Raises Refused: forbidden,
    intent_reused, reason_missing, cost_missing, and those of headers and lines.
    """
    demand(actor, "other_receipt.save", warehouse_id=draft.warehouse_id)
    if (made := claim(draft.client_uuid, "other_receipt.save", draft)) is not None:
        return queries.other_receipt(actor, made)
    header, lines = _filled(draft, actor)
    receipt = insert_row(OtherReceipt(**header, **birth_columns(draft.client_uuid, actor=actor)))
    _write_lines(receipt, lines)
    settle(draft.client_uuid, receipt.kind, receipt.pk)
    recorded_birth(receipt, actor=actor)
    return receipt


@action
def change_other_receipt(target: Target, draft: Draft, *, actor: Actor) -> OtherReceipt:
    """The draft is as filled in.

    Raises the codes of save_other_receipt, not_found, stale_version, wrong_status.
    """
    demand(actor, "other_receipt.save", warehouse_id=draft.warehouse_id)
    receipt: OtherReceipt = locked(queries.other_receipts(actor), target)
    header, lines = _filled(draft, actor)
    rewrite(receipt, header, actor=actor)
    receipt.lines.all().delete()
    _write_lines(receipt, lines)
    return receipt


@action
def post_other_receipt(target: Target, *, actor: Actor) -> OtherReceipt:
    """The goods are in stock at the stated cost.

    Raises Refused: forbidden, not_found, stale_version, wrong_status, and those of ledger.post.
    """
    receipt: OtherReceipt = locked(queries.other_receipts(actor), target)
    demand(actor, "other_receipt.post", warehouse_id=receipt.warehouse_id)
    OtherReceipt.flow.target("post", receipt.status)
    ledger.post(other_receipt_posting(receipt, list(receipt.lines.all())), actor=actor)
    step(receipt, "post", actor=actor)
    return receipt


@action
def reverse_other_receipt(target: Target, undo: Undo, *, actor: Actor) -> OtherReceipt:
    """A posted mirror document undoes it, and is returned. The goods leave at the cost they came
    in at.

    Raises the codes of undoing.reverse.
    """

    def carry(twin: OtherReceipt, posting: Posting) -> None:
        ledger.post(posting, actor=actor)

    return undoing.reverse(queries.other_receipts(actor), target, undo, carry, actor=actor)


@action
def void_other_receipt(target: Target, *, actor: Actor, reason: str = "") -> OtherReceipt:
    """The draft will never be posted; the log says why. Raises the codes of documents.void."""
    return void(queries.other_receipts(actor), target, actor=actor, reason=reason)


def preview_other_receipt(receipt_id: int, *, actor: Actor) -> Impact:
    """What posting the draft would change of booked costs; nothing is written."""
    receipt = queries.other_receipt(actor, receipt_id)
    demand(actor, "other_receipt.post", warehouse_id=receipt.warehouse_id)
    return ledger.preview(other_receipt_posting(receipt, list(receipt.lines.all())), actor=actor)


def preview_other_receipt_reversal(document_id: int, *, on: date, actor: Actor) -> Impact:
    """What reversing it would change of booked costs; nothing is written."""
    return undoing.preview(queries.other_receipt(actor, document_id), on=on, actor=actor)


def _filled(draft: Draft, actor: Actor) -> tuple[dict[str, Any], list[BuiltLine]]:
    header = header_columns(draft, actor=actor)
    if not draft.reason.strip():
        raise Refused("reason_missing", "reason")
    return header, brought_in(built_lines(draft, None), header["warehouse"])


def _write_lines(receipt: OtherReceipt, lines: list[BuiltLine]) -> None:
    keep_pieces(receipt, lines)
    insert_rows(
        [
            OtherReceiptLine(document=receipt, cost_amount=_cost(line), **line_columns(line))
            for line in lines
        ]
    )


def _cost(line: BuiltLine) -> Decimal:
    """Cost of the line, 2 dp. Raises Refused: cost_missing, number_too_large."""
    cost = stated_cost(line)
    if cost is None:
        field = f"lines.{line.position}.unit_cost"
        raise Refused("cost_missing", field, item_name=line.item.name)
    return cost
