"""What people do with bin moves: one function per verb."""

from datetime import date
from typing import Any
from uuid import UUID

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
from hengcang.documents.drafts import Draft, LineDraft, Target
from hengcang.documents.intents import claim, settle
from hengcang.documents.lines import BuiltLine, built_lines, keep_pieces, line_columns
from hengcang.documents.reversal import Undo
from hengcang.identity.access import demand
from hengcang.kernel.actor import Actor
from hengcang.kernel.errors import Refused, RefusedLines
from hengcang.ledger import actions as ledger
from hengcang.ledger import relocating, undoing
from hengcang.ledger.entries import Posting
from hengcang.ledger.impact import Impact
from hengcang.places.queries import warehouse_for
from hengcang.stock import queries
from hengcang.stock.bin_models import BinMove, BinMoveLine
from hengcang.stock.bin_postings import bin_move_posting


@action
def save_bin_move(draft: Draft, *, actor: Actor) -> BinMove:
    """A draft exists; the same intent again returns it.

    A line without a bin is of goods that lie in none; without a batch it is split over the batches
    there, the first to expire first. Raises Refused: forbidden, intent_reused, bins_not_used, and
    those of headers and lines; RefusedLines with bin_unknown, batch_unknown, bin_move_same.
    """
    demand(actor, "bin_move.save", warehouse_id=draft.warehouse_id)
    if (made := claim(draft.client_uuid, "bin_move.save", draft)) is not None:
        return queries.bin_move(actor, made)
    header, rows = _filled(draft, actor)
    move = insert_row(BinMove(**header, **birth_columns(draft.client_uuid, actor=actor)))
    _write_lines(move, rows)
    settle(draft.client_uuid, move.kind, move.pk)
    recorded_birth(move, actor=actor)
    return move


@action
def change_bin_move(target: Target, draft: Draft, *, actor: Actor) -> BinMove:
    """The draft is as filled in.

    Raises the codes of save_bin_move, not_found, stale_version, wrong_status.
    """
    demand(actor, "bin_move.save", warehouse_id=draft.warehouse_id)
    move: BinMove = locked(queries.bin_moves(actor), target)
    header, rows = _filled(draft, actor)
    rewrite(move, header, actor=actor)
    move.lines.all().delete()
    _write_lines(move, rows)
    return move


@action
def post_bin_move(target: Target, *, actor: Actor) -> BinMove:
    """The goods lie in their new bins; no cost changes.

    Raises Refused: forbidden, not_found, stale_version, wrong_status; RefusedLines with
    to_bin_missing; those of ledger.post.
    """
    move: BinMove = locked(queries.bin_moves(actor), target)
    demand(actor, "bin_move.post", warehouse_id=move.warehouse_id)
    BinMove.flow.target("post", move.status)
    lines = list(move.lines.select_related("item"))
    _refuse_without_bin(lines)
    ledger.post(bin_move_posting(move, lines), actor=actor)
    step(move, "post", actor=actor)
    return move


def _refuse_without_bin(lines: list[BinMoveLine]) -> None:
    refusals = [
        Refused("to_bin_missing", f"lines.{ln.position}.to_bin_code", item_name=ln.item.name)
        for ln in lines
        if ln.to_bin_id is None
    ]
    if refusals:
        raise RefusedLines(refusals)


@action
def reverse_bin_move(target: Target, undo: Undo, *, actor: Actor) -> BinMove:
    """A posted mirror document undoes it, and is returned: the goods lie where they were.

    Raises the codes of undoing.reverse.
    """

    def carry(twin: BinMove, posting: Posting) -> None:
        ledger.post(posting, actor=actor)

    return undoing.reverse(queries.bin_moves(actor), target, undo, carry, actor=actor)


@action
def void_bin_move(target: Target, *, actor: Actor, reason: str = "") -> BinMove:
    """The draft will never be posted; the log says why. Raises the codes of documents.void."""
    return void(queries.bin_moves(actor), target, actor=actor, reason=reason)


def preview_bin_move(move_id: int, *, actor: Actor) -> Impact:
    """What posting the draft would change of booked costs: nothing, unless it is blocked."""
    move = queries.bin_move(actor, move_id)
    demand(actor, "bin_move.post", warehouse_id=move.warehouse_id)
    return ledger.preview(bin_move_posting(move, list(move.lines.all())), actor=actor)


def preview_bin_move_reversal(document_id: int, *, on: date, actor: Actor) -> Impact:
    """What reversing it would change of booked costs; nothing is written."""
    return undoing.preview(queries.bin_move(actor, document_id), on=on, actor=actor)


@action
def put_away(warehouse_id: int, *, on: date, client_uuid: UUID, actor: Actor) -> BinMove:
    """上架: a draft names everything that lies in none of the warehouse's bins, with the bin where
    the item lies already, if there is one.

    The same intent again returns it. Raises Refused: the codes of save_bin_move,
    nothing_to_put_away.
    """
    warehouse = warehouse_for(actor, warehouse_id)
    lines = tuple(
        LineDraft(
            one.item_id,
            one.quantity,
            batch_no=one.batch_no,
            to_bin_code=one.to_bin_code,
            stock_status=one.status,
        )
        for one in relocating.unshelved(warehouse)
    )
    if not lines:
        raise Refused("nothing_to_put_away", warehouse=warehouse.name)
    draft = Draft(client_uuid, on, warehouse_id, lines, note="上架")
    return save_bin_move(draft, actor=actor)


def _filled(
    draft: Draft, actor: Actor
) -> tuple[dict[str, Any], list[tuple[BuiltLine, int | None]]]:
    header = header_columns(draft, actor=actor)
    warehouse = header["warehouse"]
    if not warehouse.uses_bins:
        raise Refused("bins_not_used", "warehouse", warehouse=warehouse.name)
    return header, relocating.relocated(built_lines(draft, None), warehouse)


def _write_lines(move: BinMove, rows: list[tuple[BuiltLine, int | None]]) -> None:
    keep_pieces(move, [line for line, _ in rows])
    insert_rows(
        [BinMoveLine(document=move, to_bin_id=to, **line_columns(line)) for line, to in rows]
    )
