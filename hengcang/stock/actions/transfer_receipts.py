"""What people do with goods in transit: they arrive, are lost, or are sent back."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal
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
from hengcang.documents.drafts import Draft, Outcome, Target
from hengcang.documents.flow import ON_THE_WAY, Status
from hengcang.documents.following import locked_with_lines
from hengcang.documents.intents import claim, settle
from hengcang.documents.lines import BuiltLine, built_lines, keep_pieces, line_columns
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
from hengcang.ledger.goods import shelved
from hengcang.ledger.impact import Impact
from hengcang.ledger.serial_goods import still_out
from hengcang.places.transit import transit_id
from hengcang.stock import queries
from hengcang.stock.models import (
    StockTransfer,
    StockTransferLine,
    TransferReceipt,
    TransferReceiptLine,
)
from hengcang.stock.transfer_postings import no_longer_expected, transfer_receipt_posting


@action
def save_transfer_receipt(draft: Draft, *, actor: Actor) -> TransferReceipt:
    """A draft exists; the same intent again returns it.

    Every line names a line of a transfer to (or, sent back, from) its warehouse; a loss states
    reason and who answers for it. Raises Refused: forbidden, intent_reused, outcome_unknown,
    source_missing, source_line_unknown, reason_missing, responsible_missing, and those of headers
    and lines.
    """
    demand(actor, "transfer_receipt.save", warehouse_id=draft.warehouse_id)
    if (made := claim(draft.client_uuid, "transfer_receipt.save", draft)) is not None:
        return queries.transfer_receipt(actor, made)
    receipt = _new(draft, actor)
    settle(draft.client_uuid, receipt.kind, receipt.pk)
    return receipt


@action
def change_transfer_receipt(target: Target, draft: Draft, *, actor: Actor) -> TransferReceipt:
    """The draft is as filled in.

    Raises the codes of save_transfer_receipt, not_found, stale_version, wrong_status.
    """
    demand(actor, "transfer_receipt.save", warehouse_id=draft.warehouse_id)
    receipt: TransferReceipt = locked(queries.transfer_receipts(actor), target)
    header, lines = _filled(draft, actor)
    rewrite(receipt, header, actor=actor)
    receipt.lines.all().delete()
    _write_lines(receipt, lines)
    return receipt


@action
def post_transfer_receipt(target: Target, *, actor: Actor) -> TransferReceipt:
    """The goods are in transit no longer; their transfer is that much further.

    Locks the receipt, its transfers, then the books. Raises Refused: forbidden, not_found,
    stale_version, wrong_status, source_not_open, more_than_shipped, origin_later, and those of
    ledger.post.
    """
    receipt: TransferReceipt = locked(queries.transfer_receipts(actor), target)
    demand(actor, "transfer_receipt.post", warehouse_id=receipt.warehouse_id)
    TransferReceipt.flow.target("post", receipt.status)
    lines = list(receipt.lines.all())
    sources = _locked_sources(lines)
    _refuse_unfit(receipt, lines, sources)
    _carry(receipt, lines, sources, _posting(receipt, lines, sources), actor)
    step(receipt, "post", actor=actor)
    return receipt


@action
def receive_transfer(
    transfer_id: int, quantities: dict[int, Decimal], *, on: date, client_uuid: UUID, actor: Actor
) -> TransferReceipt:
    """Some or all of what is in transit has arrived, made and posted in one act.

    `quantities` maps transfer line ids to base units; empty means all that is open.
    Raises as save_transfer_receipt and post_transfer_receipt.
    """
    demand(actor, "transfer_receipt.save")
    body = (transfer_id, sorted(quantities.items()), on)
    if (made := claim(client_uuid, "stock_transfer.receive", body)) is not None:
        return queries.transfer_receipt(actor, made)
    transfer, lines = locked_with_lines(queries.transfers(actor), transfer_id, StockTransferLine)
    refuse_closed(lines, *ON_THE_WAY)
    draft = queries.receipt_draft(actor, transfer, quantities, on=on, client_uuid=client_uuid)
    demand(actor, "transfer_receipt.save", warehouse_id=draft.warehouse_id)
    receipt = _new(draft, actor)
    post_transfer_receipt(Target(receipt.pk, receipt.version), actor=actor)
    settle(client_uuid, receipt.kind, receipt.pk)
    return queries.transfer_receipt(actor, receipt.pk)


@action
def reverse_transfer_receipt(target: Target, undo: Undo, *, actor: Actor) -> TransferReceipt:
    """A posted mirror document undoes it, and is returned. The goods are in transit again.

    Raises the codes of undoing.reverse.
    """

    def carry(twin: TransferReceipt, posting: Posting) -> None:
        lines = list(twin.lines.all())
        _carry(twin, lines, _locked_sources(lines), posting, actor)

    return undoing.reverse(queries.transfer_receipts(actor), target, undo, carry, actor=actor)


@action
def void_transfer_receipt(target: Target, *, actor: Actor, reason: str = "") -> TransferReceipt:
    """The draft will never be posted; the log says why. Raises the codes of documents.void."""
    return void(queries.transfer_receipts(actor), target, actor=actor, reason=reason)


def preview_transfer_receipt(receipt_id: int, *, actor: Actor) -> Impact:
    """What posting the draft would change of booked costs; nothing is written."""
    receipt = queries.transfer_receipt(actor, receipt_id)
    demand(actor, "transfer_receipt.post", warehouse_id=receipt.warehouse_id)
    lines = list(receipt.lines.select_related("source_line__document"))
    sources = {line.source_line_id: line.source_line for line in lines}
    return ledger.preview(_posting(receipt, lines, sources), actor=actor)


def preview_transfer_receipt_reversal(document_id: int, *, on: date, actor: Actor) -> Impact:
    """What reversing it would change of booked costs; nothing is written."""
    return undoing.preview(queries.transfer_receipt(actor, document_id), on=on, actor=actor)


def _new(draft: Draft, actor: Actor) -> TransferReceipt:
    header, lines = _filled(draft, actor)
    receipt = insert_row(TransferReceipt(**header, **birth_columns(draft.client_uuid, actor=actor)))
    _write_lines(receipt, lines)
    recorded_birth(receipt, actor=actor)
    return receipt


def _filled(draft: Draft, actor: Actor) -> tuple[dict[str, Any], list[BuiltLine]]:
    header = header_columns(draft, actor=actor)
    outcome = draft.outcome or Outcome.ARRIVED.value
    if outcome not in list(Outcome):
        raise Refused("outcome_unknown", "outcome", text=outcome[:40])
    if outcome == Outcome.LOST and not draft.reason.strip():
        raise Refused("reason_missing", "reason")
    if outcome == Outcome.LOST and not draft.responsible.strip():
        raise Refused("responsible_missing", "responsible")
    lines = built_lines(draft, None)
    _refuse_foreign(draft, outcome, lines, actor)
    lines = shelved(_as_shipped(lines, actor), header["warehouse"])
    return header | {"outcome": outcome, "responsible": draft.responsible.strip()}, lines


def _as_shipped(lines: list[BuiltLine], actor: Actor) -> list[BuiltLine]:
    """What arrives is of the batch and in the status it was shipped in."""
    ids = {line.draft.source_line_id or 0 for line in lines}
    shipped = {row.pk: row for row in queries.transfer_lines(actor).filter(id__in=ids)}
    made = []
    for line in lines:
        source = shipped[line.draft.source_line_id or 0]
        typed = replace(line.draft, stock_status=source.stock_status)
        made.append(replace(line, batch_id=source.batch_id, draft=typed))
    return still_out(made, shipped, StockTransfer.kind)


def _refuse_foreign(draft: Draft, outcome: str, lines: list[BuiltLine], actor: Actor) -> None:
    """Raises Refused: source_missing, source_line_unknown."""
    for line in lines:
        if line.draft.source_line_id is None:
            raise Refused("source_missing", f"lines.{line.position}.source_line")
    end = "warehouse_id" if outcome == Outcome.SENT_BACK else "to_warehouse_id"
    known = queries.transfer_lines(actor).filter(**{f"document__{end}": draft.warehouse_id})
    refuse_foreign(lines, known)


def _write_lines(receipt: TransferReceipt, lines: list[BuiltLine]) -> None:
    keep_pieces(receipt, lines)
    rows = []
    for line in lines:
        source_id = line.draft.source_line_id
        assert source_id is not None, "_refuse_foreign has seen to it"
        rows.append(
            TransferReceiptLine(document=receipt, source_line_id=source_id, **line_columns(line))
        )
    insert_rows(rows)


def _locked_sources(lines: Iterable[TransferReceiptLine]) -> dict[int, StockTransferLine]:
    return lock_sources(StockTransferLine.objects.all(), {line.source_line_id for line in lines})


def _refuse_unfit(
    receipt: TransferReceipt,
    lines: list[TransferReceiptLine],
    sources: dict[int, StockTransferLine],
) -> None:
    refuse_closed(sources, *ON_THE_WAY)
    refuse_excess("more_than_shipped", sources, "qty_fulfilled", fulfilled_by(lines))
    shipped = max(line.document.dated for line in sources.values())
    if shipped > receipt.dated:
        days = {"dated": str(receipt.dated), "origin_dated": str(shipped)}
        raise Refused("origin_later", "dated", **days)


def _posting(
    receipt: TransferReceipt,
    lines: list[TransferReceiptLine],
    sources: dict[int, StockTransferLine],
) -> Posting:
    return transfer_receipt_posting(receipt, lines, sources, transit_id())


def _carry(
    receipt: TransferReceipt,
    lines: list[TransferReceiptLine],
    sources: dict[int, StockTransferLine],
    posting: Posting,
    actor: Actor,
) -> None:
    """The books carry the posting, the locked transfers how far they are."""
    done = fulfilled_by(lines)
    ledger.post(replace(posting, promises=no_longer_expected(sources, done)), actor=actor)
    lost = done if receipt.outcome == Outcome.LOST else {}
    back = done if receipt.outcome == Outcome.SENT_BACK else {}
    add_to_lines(StockTransferLine, qty_fulfilled=done, qty_lost=lost, qty_sent_back=back)
    _follow_arrival(sources, actor)


def _follow_arrival(sources: dict[int, StockTransferLine], actor: Actor) -> None:
    """A transfer is in transit, partly there or done, as its lines say."""
    transfers = {line.document_id: line.document for line in sources.values()}
    for transfer_id, (done, whole) in sorted(queries.arrival(actor, set(transfers)).items()):
        transfer = transfers[transfer_id]
        verb = "complete" if done == whole else "arrive" if done else "turn_back"
        if transfer.status != Status.CLOSED or verb != "complete":
            step(transfer, verb, actor=actor)
