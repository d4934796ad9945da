"""What people do with transfers on the sending side: one function per verb."""

from dataclasses import replace
from datetime import date
from typing import Any

from hengcang.books.inserting import insert_row, insert_rows
from hengcang.documents.actions import (
    birth_columns,
    derived_uuid,
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
from hengcang.documents.parties import destination_of
from hengcang.documents.reversal import Undo
from hengcang.identity.access import demand
from hengcang.kernel.actor import Actor
from hengcang.ledger import actions as ledger
from hengcang.ledger import undoing
from hengcang.ledger.entries import Posting
from hengcang.ledger.goods import taken_out
from hengcang.ledger.impact import Impact
from hengcang.places.transit import transit_id
from hengcang.stock import bound, queries
from hengcang.stock.actions import transfer_receipts
from hengcang.stock.models import StockTransfer, StockTransferLine
from hengcang.stock.transfer_postings import put_on_order, shipment_posting


@action
def save_transfer(draft: Draft, *, actor: Actor) -> StockTransfer:
    """A draft exists; the same intent again returns it.

    Where the goods go need not be in the actor's scope. Lines that name a shop's request are
    allocated to it. Raises Refused: forbidden, intent_reused, same_warehouse, source_line_unknown,
    source_not_open, more_than_requested, and those of headers and lines.
    """
    demand(actor, "stock_transfer.save", warehouse_id=draft.warehouse_id)
    if (made := claim(draft.client_uuid, "stock_transfer.save", draft)) is not None:
        return queries.transfer(actor, made)
    header, lines = _filled(draft, actor)
    transfer = insert_row(StockTransfer(**header, **birth_columns(draft.client_uuid, actor=actor)))
    bound.allocate(bound.held_by(_write_lines(transfer, lines)), {})
    settle(draft.client_uuid, transfer.kind, transfer.pk)
    recorded_birth(transfer, actor=actor)
    return transfer


@action
def change_transfer(target: Target, draft: Draft, *, actor: Actor) -> StockTransfer:
    """The draft is as filled in.

    Raises the codes of save_transfer, not_found, stale_version, wrong_status.
    """
    demand(actor, "stock_transfer.save", warehouse_id=draft.warehouse_id)
    transfer: StockTransfer = locked(queries.transfers(actor), target)
    demand(actor, "stock_transfer.save", warehouse_id=transfer.warehouse_id)
    header, lines = _filled(draft, actor)
    rewrite(transfer, header, actor=actor)
    before = bound.held_by(transfer.lines.all())
    transfer.lines.all().delete()
    bound.allocate(bound.held_by(_write_lines(transfer, lines)), before)
    return transfer


@action
def ship_transfer(target: Target, *, actor: Actor) -> StockTransfer:
    """The goods have left their warehouse, stand in transit, and the receiver expects them; the
    requests they are allocated to know it.

    Raises Refused: forbidden, not_found, stale_version, wrong_status, and those of ledger.post.
    """
    transfer: StockTransfer = locked(queries.transfers(actor), target)
    demand(actor, "stock_transfer.ship", warehouse_id=transfer.warehouse_id)
    StockTransfer.flow.target("ship", transfer.status)
    lines = list(transfer.lines.all())
    sources = bound.locked(lines)
    posting = shipment_posting(transfer, lines, transit_id())
    ledger.post(replace(posting, promises=put_on_order(transfer, lines)), actor=actor)
    bound.shipped(sources, lines, actor=actor)
    step(transfer, "ship", actor=actor)
    return transfer


@action
def move_transfer(target: Target, *, actor: Actor) -> StockTransfer:
    """Shipped and received whole in one act, by one person who may do both.

    Raises the codes of ship_transfer and of transfer_receipts.receive_transfer.
    """
    transfer = ship_transfer(target, actor=actor)
    transfer_receipts.receive_transfer(
        transfer.pk,
        {},
        on=transfer.dated,
        client_uuid=derived_uuid(transfer.client_uuid, "receipt"),
        actor=actor,
    )
    return queries.transfer(actor, transfer.pk)


@action
def reverse_transfer(target: Target, undo: Undo, *, actor: Actor) -> StockTransfer:
    """A mirror document undoes the shipment, and is returned. The goods are back where they left
    at the cost they left at, nobody expects them, and requests are open for them again.

    Only while all of them are in transit: receipts are reversed first, and it is dated no earlier
    than those. Raises the codes of undoing.reverse.
    """

    def carry(twin: StockTransfer, posting: Posting) -> None:
        original = twin.reversal_of
        assert original is not None
        lines = list(twin.lines.all())
        sources = bound.locked(lines)
        expected = put_on_order(original, lines)
        ledger.post(replace(posting, promises=expected), actor=actor)
        bound.shipped_back(sources, lines, actor=actor)

    undo = replace(undo, not_before=queries.last_received(actor, target.id))
    return undoing.reverse(queries.transfers(actor), target, undo, carry, actor=actor)


@action
def void_transfer(target: Target, *, actor: Actor, reason: str = "") -> StockTransfer:
    """The draft will never be shipped; the log says why. What it held of requests is open again.

    Raises the codes of documents.void.
    """
    transfer = void(queries.transfers(actor), target, actor=actor, reason=reason)
    bound.allocate({}, bound.held_by(transfer.lines.all()))
    return transfer


def preview_transfer(transfer_id: int, *, actor: Actor) -> Impact:
    """What shipping the draft would change of booked costs; no entry is written."""
    transfer = queries.transfer(actor, transfer_id)
    demand(actor, "stock_transfer.ship", warehouse_id=transfer.warehouse_id)
    posting = shipment_posting(transfer, list(transfer.lines.all()), transit_id())
    return ledger.preview(posting, actor=actor)


def preview_transfer_reversal(document_id: int, *, on: date, actor: Actor) -> Impact:
    """What reversing it would change of booked costs; nothing is written."""
    return undoing.preview(queries.transfer(actor, document_id), on=on, actor=actor)


def _filled(draft: Draft, actor: Actor) -> tuple[dict[str, Any], list[BuiltLine]]:
    header = header_columns(draft, actor=actor)
    goes_to = destination_of(draft.to_warehouse_id, draft.warehouse_id)
    lines = built_lines(draft, None)
    bound.refuse_strange(draft, lines, actor)
    lines = taken_out(lines, header["warehouse"], usable_on=None)
    return header | {"to_warehouse": goes_to}, lines


def _write_lines(transfer: StockTransfer, lines: list[BuiltLine]) -> list[StockTransferLine]:
    keep_pieces(transfer, lines)
    return insert_rows(
        [
            StockTransferLine(
                document=transfer, source_line_id=line.draft.source_line_id, **line_columns(line)
            )
            for line in lines
        ]
    )
