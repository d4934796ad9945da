"""What people do with returns to suppliers: one function per verb."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from hengcang.books.inserting import insert_row, insert_rows
from hengcang.catalog.models import Item, ItemUom
from hengcang.documents import actions as documents
from hengcang.documents.actions import locked, step
from hengcang.documents.attempts import action
from hengcang.documents.discounts import discounted, money_columns
from hengcang.documents.drafts import Draft, Target
from hengcang.documents.flow import Status
from hengcang.documents.intents import claim, settle
from hengcang.documents.lines import BuiltLine, built_lines, keep_pieces, trade_columns
from hengcang.documents.parties import credit_days_of
from hengcang.documents.parts import source_ids, with_rests
from hengcang.documents.reversal import Undo
from hengcang.documents.sources import (
    add_to_lines,
    fulfilled_by,
    lock_sources,
    refuse_closed,
    refuse_excess,
    refuse_foreign,
)
from hengcang.identity.access import demand
from hengcang.kernel.actor import Actor
from hengcang.kernel.errors import Refused
from hengcang.ledger import actions as ledger
from hengcang.ledger import undoing
from hengcang.ledger.entries import Posting
from hengcang.ledger.goods import taken_out
from hengcang.ledger.impact import Impact
from hengcang.ledger.serial_goods import came_with
from hengcang.purchasing import queries
from hengcang.purchasing.awaiting import refuse_over_inspection, unseen_of
from hengcang.purchasing.models import (
    PurchaseReceipt,
    PurchaseReceiptLine,
    PurchaseReturn,
    PurchaseReturnLine,
)
from hengcang.purchasing.postings import return_posting


@action
def save_return(draft: Draft, *, actor: Actor) -> PurchaseReturn:
    """A draft return exists; the same intent again returns it.

    Lines with a source line go back to that receipt; others need a reason and a price. Raises
    as save_order, and source_line_unknown, reason_missing, price_missing, return_price_hidden.
    """
    demand(actor, "purchase_return.save", warehouse_id=draft.warehouse_id)
    made = claim(draft.client_uuid, "purchase_return.save", draft)
    if made is None:
        returned = _new(draft, actor)
        settle(draft.client_uuid, returned.kind, returned.pk)
        return returned
    return queries.purchase_return(actor, made)


@action
def change_return(target: Target, draft: Draft, *, actor: Actor) -> PurchaseReturn:
    """The draft return is as filled in.

    Raises the codes of save_return, not_found, stale_version, wrong_status.
    """
    demand(actor, "purchase_return.save", warehouse_id=draft.warehouse_id)
    returned: PurchaseReturn = locked(queries.returns(actor), target)
    columns, lines = _filled(draft, actor)
    documents.rewrite(returned, columns, actor=actor)
    returned.lines.all().delete()
    _write_lines(returned, lines, actor)
    return returned


@action
def post_return(target: Target, *, actor: Actor) -> PurchaseReturn:
    """The goods have left at the cost they came in at, and the supplier is owed less.

    Locks the return, its receipts, then the books. Raises Refused: forbidden, not_found,
    stale_version, wrong_status, source_not_open, more_than_received, and those of ledger.post.
    """
    returned: PurchaseReturn = locked(queries.returns(actor), target)
    demand(actor, "purchase_return.post", warehouse_id=returned.warehouse_id)
    PurchaseReturn.flow.target("post", returned.status)
    return _posted(returned, actor)


@action
def return_receipt(
    receipt_id: int, quantities: dict[int, Decimal], *, on: date, client_uuid: UUID, actor: Actor
) -> PurchaseReturn:
    """Some or all of a posted receipt goes back and is posted in one act.

    `quantities` maps receipt line ids to base units; empty means all that is not yet returned.
    Raises as save_return and post_return.
    """
    demand(actor, "purchase_return.save")
    receipt = queries.receipt(actor, receipt_id)
    demand(actor, "purchase_return.post", warehouse_id=receipt.warehouse_id)
    asked = (receipt_id, sorted(quantities.items()), on)
    made = claim(client_uuid, "purchase_receipt.return", asked)
    if made is not None:
        return queries.purchase_return(actor, made)
    draft = queries.return_draft(actor, receipt, quantities, on=on, client_uuid=client_uuid)
    returned = _posted(_new(draft, actor), actor)
    settle(client_uuid, returned.kind, returned.pk)
    return returned


@action
def reverse_return(target: Target, undo: Undo, *, actor: Actor) -> PurchaseReturn:
    """A posted mirror document undoes it, and is returned. The goods are here again at the cost
    they left at, and the supplier is owed for them.

    Raises the codes of undoing.reverse.
    """
    return undoing.reverse(
        queries.returns(actor),
        target,
        undo,
        lambda twin, posting: _send_back(twin, posting, actor),
        actor=actor,
    )


@action
def void_return(target: Target, *, actor: Actor, reason: str = "") -> PurchaseReturn:
    """The draft will never be posted; the log says why. Raises the codes of documents.void."""
    return documents.void(queries.returns(actor), target, actor=actor, reason=reason)


def preview_return(return_id: int, *, actor: Actor) -> Impact:
    """What posting the draft return would change of booked costs; nothing is written."""
    returned = queries.purchase_return(actor, return_id)
    demand(actor, "purchase_return.post", warehouse_id=returned.warehouse_id)
    return ledger.preview(_posting(returned), actor=actor)


def preview_return_reversal(document_id: int, *, on: date, actor: Actor) -> Impact:
    """What reversing it would change of booked costs; nothing is written."""
    return undoing.preview(queries.purchase_return(actor, document_id), on=on, actor=actor)


def _filled(draft: Draft, actor: Actor) -> tuple[dict[str, Any], list[BuiltLine]]:
    """The header's columns with its sums, and the lines.

    Raises Refused("reason_missing") when a line goes back to no receipt and nobody says why.
    """
    if not draft.reason.strip() and any(ln.source_line_id is None for ln in draft.lines):
        raise Refused("reason_missing", "reason")
    header = documents.trade_header_columns(draft, "supplier", actor=actor)
    lines = built_lines(queries.with_receipt_prices(actor, draft), _no_usual_price)
    lines = came_with(lines, queries.receipt_lines(actor), PurchaseReceipt.kind)
    named = source_ids(lines)
    rows = queries.receipt_lines(actor).filter(id__in=named) if named else ()
    lines = with_rests(lines, {ln.pk: ln for ln in rows}, PurchaseReturnLine, "qty_returned")
    lines = taken_out(discounted(lines, draft), header["warehouse"], usable_on=None)
    return header | money_columns(lines, draft), lines


def _no_usual_price(item: Item, uom: ItemUom) -> None:
    """What the supplier gives back for goods is on the receipt, or stated."""


def _new(draft: Draft, actor: Actor) -> PurchaseReturn:
    columns, lines = _filled(draft, actor)
    birth = documents.birth_columns(draft.client_uuid, actor=actor)
    returned = insert_row(PurchaseReturn(**columns, **birth))
    _write_lines(returned, lines, actor)
    documents.recorded_birth(returned, actor=actor)
    return returned


def _posted(returned: PurchaseReturn, actor: Actor) -> PurchaseReturn:
    _send_back(returned, _posting(returned), actor)
    step(returned, "post", actor=actor)
    return returned


def _posting(returned: PurchaseReturn) -> Posting:
    lines = list(returned.lines.select_related("source_line"))
    return return_posting(returned, lines, credit_days_of(returned.partner_id, "supplier"))


def _send_back(returned: PurchaseReturn, posting: Posting, actor: Actor) -> None:
    """The books carry the posting, the receipt lines what went back (or came again)."""
    lines = list(returned.lines.all())
    wanted = fulfilled_by(lines)
    sources = lock_sources(PurchaseReceiptLine.objects.all(), set(wanted))
    if returned.reversal_of_id is None:
        refuse_closed(sources, Status.POSTED)
        refuse_excess("more_than_received", sources, "qty_returned", wanted)
        if unseen := unseen_of(lines):
            refuse_over_inspection(sources, unseen)
    ledger.post(posting, actor=actor)
    add_to_lines(PurchaseReceiptLine, qty_returned=wanted)


def _write_lines(returned: PurchaseReturn, lines: list[BuiltLine], actor: Actor) -> None:
    """Raises Refused("source_line_unknown") for a line of another supplier or out of scope."""
    known = queries.receipt_lines(actor).filter(document__partner_id=returned.partner_id)
    refuse_foreign(lines, known.filter(quantity__gt=0))
    keep_pieces(returned, lines)
    insert_rows(
        [
            PurchaseReturnLine(
                document=returned, source_line_id=line.draft.source_line_id, **trade_columns(line)
            )
            for line in lines
        ]
    )
