"""What people do with purchase receipts: one function per verb."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from hengcang.books.inserting import insert_row, insert_rows
from hengcang.documents.actions import (
    birth_columns,
    locked,
    locked_and_lines,
    recorded_birth,
    refuse_unless_draft,
    rewrite,
    step,
    trade_header_columns,
    void,
)
from hengcang.documents.attempts import action, swift_action
from hengcang.documents.discounts import discounted, money_columns
from hengcang.documents.drafts import Draft, Target
from hengcang.documents.flow import Status
from hengcang.documents.following import (
    following_draft,
    following_header,
    goods_of,
    locked_with_lines,
)
from hengcang.documents.intents import claim, settle
from hengcang.documents.lines import (
    BuiltLine,
    built_lines,
    keep_pieces,
    lines_of_goods,
    purchase_price,
    trade_columns,
)
from hengcang.documents.parties import credit_days_of
from hengcang.documents.parts import source_ids, with_rests
from hengcang.documents.reversal import Undo
from hengcang.documents.sources import (
    add_to_lines,
    follow_execution,
    fulfilled_by,
    lock_sources,
    refuse_closed,
    refuse_foreign,
)
from hengcang.identity.access import demand
from hengcang.kernel.actor import Actor
from hengcang.kernel.errors import Refused
from hengcang.ledger import actions as ledger
from hengcang.ledger import queries as books
from hengcang.ledger import undoing
from hengcang.ledger.entries import Posting
from hengcang.ledger.goods import brought_in
from hengcang.ledger.impact import Impact
from hengcang.purchasing import queries
from hengcang.purchasing.announced import notice_lines_for
from hengcang.purchasing.announced_receipts import Announced
from hengcang.purchasing.approving import granted_facts
from hengcang.purchasing.arrivals import notice_column
from hengcang.purchasing.awaiting import to_be_inspected
from hengcang.purchasing.models import (
    PurchaseOrderLine,
    PurchaseReceipt,
    PurchaseReceiptLine,
)
from hengcang.purchasing.over_price import over_price_facts
from hengcang.purchasing.postings import arrived, receipt_posting
from hengcang.purchasing.tolerance import wanted_of_order


@action
def save_receipt(draft: Draft, *, actor: Actor) -> PurchaseReceipt:
    """A draft receipt exists; the same intent again returns it.

    Raises as save_order, source_line_unknown, notice_elsewhere.
    """
    demand(actor, "purchase_receipt.save", warehouse_id=draft.warehouse_id)
    if (made := claim(draft.client_uuid, "purchase_receipt.save", draft)) is not None:
        return queries.receipt(actor, made)
    receipt = _new(draft, actor)
    settle(draft.client_uuid, receipt.kind, receipt.pk)
    return receipt


@action
def change_receipt(target: Target, draft: Draft, *, actor: Actor) -> PurchaseReceipt:
    """The draft receipt is as filled in.

    Raises the codes of save_receipt, not_found, stale_version, wrong_status.
    """
    demand(actor, "purchase_receipt.save", warehouse_id=draft.warehouse_id)
    receipt: PurchaseReceipt = locked(queries.receipts(actor), target)
    draft = queries.with_order_prices(actor, draft)
    header = _header(draft, actor)
    lines = brought_in(_built(draft, actor), header["warehouse"])
    rewrite(receipt, header | money_columns(lines, draft), actor=actor)
    receipt.lines.all().delete()
    _refuse_foreign(receipt, lines, actor)
    _write_lines(receipt, lines)
    return receipt


@swift_action
def post_receipt(target: Target, *, actor: Actor) -> PurchaseReceipt:
    """The goods are in stock at their cost, the supplier is owed, the order lines are fulfilled.

    Locks the receipt, its notice, its orders, then the books. Raises Refused: forbidden, not_found,
    stale_version, wrong_status, source_not_open, over_order, over_tolerance, over_double,
    RefusedLines with over_price (lines without an order), and those of ledger.post.
    """
    visible = queries.receipts(actor).select_related(None)
    receipt, lines = locked_and_lines(visible, target, PurchaseReceiptLine)
    demand(actor, "purchase_receipt.post", warehouse_id=receipt.warehouse_id)
    PurchaseReceipt.flow.target("post", receipt.status)
    return _posted(receipt, lines, actor)


@swift_action
def receive_order(
    order_id: int, quantities: dict[int, Decimal], *, on: date, client_uuid: UUID, actor: Actor
) -> PurchaseReceipt:
    """Some or all of an approved order is received and posted in one act.

    `quantities` maps order line ids to base units; empty means all that is open. A complete order
    takes more of the lines that are named, as far as it is tolerated. Raises as save_receipt and
    post_receipt.
    """
    demand(actor, "purchase_receipt.save")
    body = (order_id, sorted(quantities.items()), on)
    if (made := claim(client_uuid, "purchase_order.receive", body)) is not None:
        return queries.receipt(actor, made)
    visible = queries.orders(actor)
    order, lines = locked_with_lines(visible, order_id, PurchaseOrderLine)
    demand(actor, "purchase_receipt.post", warehouse_id=order.warehouse_id)
    wanted = wanted_of_order(lines, quantities)
    sources = {pk: lines[pk] for pk in wanted}
    facts = _refuse_unfit(sources, wanted, actor)
    draft = following_draft(order, lines, wanted, on=on, client_uuid=client_uuid)
    built = lines_of_goods(draft, goods_of(sources.values(), draft), purchase_price)
    built = with_rests(built, sources, PurchaseReceiptLine, "qty_fulfilled")
    built = brought_in(to_be_inspected(built), order.warehouse)
    receipt = _born(following_header(draft, order, "supplier"), draft, built, actor)
    written = _write_lines(receipt, built)
    recorded_birth(receipt, actor=actor)
    _carry(written, _posting(receipt, written), sources, actor)
    step(receipt, "post", actor=actor, **facts)
    settle(client_uuid, receipt.kind, receipt.pk)
    return receipt


@action
def reverse_receipt(target: Target, undo: Undo, *, actor: Actor) -> PurchaseReceipt:
    """A posted mirror document undoes it, and is returned. The goods leave at the receipt's cost,
    the supplier is owed less, the order lines are open again.

    Raises the codes of undoing.reverse, and has_inspections.
    """

    def carry(twin: PurchaseReceipt, posting: Posting) -> None:
        _refuse_inspected(twin)
        _fulfil(twin, list(twin.lines.all()), posting, actor)

    return undoing.reverse(queries.receipts(actor), target, undo, carry, actor=actor)


@action
def void_receipt(target: Target, *, actor: Actor, reason: str = "") -> PurchaseReceipt:
    """The draft will never be posted; the log says why. Raises the codes of documents.void."""
    return void(queries.receipts(actor), target, actor=actor, reason=reason)


def preview_receipt(receipt_id: int, *, actor: Actor) -> Impact:
    """What posting the draft receipt would change of booked costs; nothing is written."""
    receipt = queries.receipt(actor, receipt_id)
    demand(actor, "purchase_receipt.post", warehouse_id=receipt.warehouse_id)
    return ledger.preview(_posting(receipt, list(receipt.lines.all())), actor=actor)


def preview_receipt_reversal(document_id: int, *, on: date, actor: Actor) -> Impact:
    """What reversing it would change of booked costs; nothing is written."""
    return undoing.preview(queries.receipt(actor, document_id), on=on, actor=actor)


def _new(draft: Draft, actor: Actor) -> PurchaseReceipt:
    draft = queries.with_order_prices(actor, draft)
    header = _header(draft, actor)
    lines = brought_in(_built(draft, actor), header["warehouse"])
    receipt = _born(header, draft, lines, actor)
    _refuse_foreign(receipt, lines, actor)
    _write_lines(receipt, lines)
    recorded_birth(receipt, actor=actor)
    return receipt


def _header(draft: Draft, actor: Actor) -> dict[str, Any]:
    return trade_header_columns(draft, "supplier", actor=actor) | notice_column(actor, draft)


def _built(draft: Draft, actor: Actor) -> list[BuiltLine]:
    lines = to_be_inspected(built_lines(draft, purchase_price))
    named = queries.order_lines(actor).filter(id__in=source_ids(lines))
    sources = {row.pk: row for row in named} if source_ids(lines) else {}
    return discounted(with_rests(lines, sources, PurchaseReceiptLine, "qty_fulfilled"), draft)


def _born(
    header: dict[str, Any], draft: Draft, lines: list[BuiltLine], actor: Actor
) -> PurchaseReceipt:
    return insert_row(
        PurchaseReceipt(
            **header,
            **money_columns(lines, draft),
            **birth_columns(draft.client_uuid, actor=actor),
        )
    )


def _posting(receipt: PurchaseReceipt, lines: list[PurchaseReceiptLine]) -> Posting:
    credit_days = credit_days_of(receipt.partner_id, "supplier")
    return receipt_posting(receipt, lines, books.input_tax(), credit_days)


def _posted(
    receipt: PurchaseReceipt, lines: list[PurchaseReceiptLine], actor: Actor
) -> PurchaseReceipt:
    refuse_unless_draft(receipt)
    # What an order agreed was weighed when the order was approved.
    unordered = [line for line in lines if line.source_line_id is None]
    facts = over_price_facts(unordered, includes_tax=receipt.prices_include_tax, actor=actor)
    facts |= _fulfil(receipt, lines, _posting(receipt, lines), actor)
    step(receipt, "post", actor=actor, **facts)
    return receipt


def _fulfil(
    receipt: PurchaseReceipt, lines: list[PurchaseReceiptLine], posting: Posting, actor: Actor
) -> dict[str, object]:
    """The books carry the posting and the lines of orders and notice what it fulfils (or takes
    back); what the audit says of it is returned.
    """
    facts: dict[str, object] = {}
    announced = Announced.locked(lines)
    wanted = fulfilled_by(lines)
    sources = lock_sources(PurchaseOrderLine.objects.all(), set(wanted))
    if receipt.reversal_of_id is None:
        announced.refuse_closed()
        facts = _refuse_unfit(sources, wanted, actor)
    _carry(lines, posting, sources, actor)
    announced.follow(actor)
    return facts


def _refuse_inspected(twin: PurchaseReceipt) -> None:
    """Raises Refused("has_inspections"): the goods of the receipt are no longer 待检."""
    original = twin.reversal_of
    assert original is not None
    if original.lines.filter(qty_inspected__gt=0).exists():
        raise Refused("has_inspections", number=original.number or "")


def _refuse_unfit(
    sources: dict[int, PurchaseOrderLine], wanted: dict[int, Decimal], actor: Actor
) -> dict[str, object]:
    """What the audit says. Raises Refused: source_not_open, and those of granted_facts."""
    refuse_closed(sources, Status.APPROVED, Status.CLOSED)
    return granted_facts(sources, wanted, actor)


def _carry(
    lines: list[PurchaseReceiptLine],
    posting: Posting,
    sources: dict[int, PurchaseOrderLine],
    actor: Actor,
) -> None:
    """The books carry the posting; the locked order lines what it fulfils (or takes back)."""
    wanted = fulfilled_by(lines)
    promised = {
        i: q for i, q in wanted.items() if sources[i].document.status != Status.CLOSED_FORCED
    }
    ledger.post(replace(posting, promises=arrived(sources, promised)), actor=actor)
    add_to_lines(PurchaseOrderLine, qty_fulfilled=wanted)
    follow_execution(sources, actor=actor)


def _refuse_foreign(receipt: PurchaseReceipt, lines: list[BuiltLine], actor: Actor) -> None:
    """Raises Refused("source_line_unknown") for a line of another partner or out of scope."""
    known = queries.order_lines(actor).filter(document__partner_id=receipt.partner_id)
    refuse_foreign(lines, known)


def _write_lines(receipt: PurchaseReceipt, lines: list[BuiltLine]) -> list[PurchaseReceiptLine]:
    keep_pieces(receipt, lines)
    taken = [(ln.position, ln.draft.source_line_id, ln.draft.batch_no) for ln in lines]
    announced = notice_lines_for(receipt.notice_id, taken)
    return insert_rows(
        [
            PurchaseReceiptLine(
                document=receipt,
                source_line_id=line.draft.source_line_id,
                notice_line_id=announced.get(line.position),
                **trade_columns(line),
            )
            for line in lines
        ]
    )
