"""What transfers do to stock. Pure but for what they are handed.

Goods on the way stand in the transit warehouse. What arrives takes the value its own shipment
brought there, whatever else is in transit; within one cost key only quantities move.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from hengcang.documents.drafts import MAX_LINES, Outcome
from hengcang.ledger.entries import (
    Posting,
    Promise,
    PromiseLine,
    Source,
    SourceLine,
    StockKey,
    StockLine,
)
from hengcang.ledger.places import key_of, key_under_way
from hengcang.stock.models import (
    StockTransfer,
    StockTransferLine,
    TransferReceipt,
    TransferReceiptLine,
)

SECOND_HALF = MAX_LINES
"""A line's second entry, where its goods come in, bears its position and this."""


def shipment_posting(
    transfer: StockTransfer, lines: list[StockTransferLine], transit: int
) -> Posting:
    """The goods leave their warehouse at cost and stand in transit."""
    return Posting(
        source=Source(transfer.kind, transfer.pk),
        dated=transfer.dated,
        stock=tuple(
            half
            for line in lines
            for half in (
                StockLine(line.position, key_of(line, transfer.warehouse_id), -line.quantity),
                _arriving(transfer, line, key_under_way(line, transit)),
            )
        ),
    )


def transfer_receipt_posting(
    receipt: TransferReceipt,
    lines: list[TransferReceiptLine],
    sources: Mapping[int, StockTransferLine],
    transit: int,
) -> Posting:
    """The goods leave transit at what their shipment cost and, unless lost, are on a shelf."""
    stock: list[StockLine] = []
    for line in lines:
        source = sources[line.source_line_id]
        shipped = SourceLine(StockTransfer.kind, source.document_id, SECOND_HALF + source.position)
        key = key_under_way(line, transit)
        stock.append(StockLine(line.position, key, -line.quantity, follows=shipped))
        if receipt.outcome != Outcome.LOST:
            stock.append(_arriving(receipt, line, key_of(line, receipt.warehouse_id)))
    return Posting(Source(receipt.kind, receipt.pk), receipt.dated, tuple(stock))


def _arriving(
    document: StockTransfer | TransferReceipt,
    line: StockTransferLine | TransferReceiptLine,
    key: StockKey,
) -> StockLine:
    """The other half of a line: what left comes in here at the same value."""
    return StockLine(
        line=SECOND_HALF + line.position,
        key=key,
        quantity=line.quantity,
        follows=SourceLine(document.kind, document.pk, line.position),
    )


def put_on_order(
    transfer: StockTransfer, lines: Iterable[StockTransferLine]
) -> tuple[PromiseLine, ...]:
    """The receiver expects the lines; of a reversal, whose lines are negative, no longer."""
    return tuple(_expected(transfer, line, line.quantity) for line in lines)


def no_longer_expected(
    sources: Mapping[int, StockTransferLine], done: Mapping[int, Decimal]
) -> tuple[PromiseLine, ...]:
    """What is in transit no longer is not expected; what a reversal sends back there is again."""
    return tuple(
        _expected(sources[line_id].document, sources[line_id], -quantity)
        for line_id, quantity in done.items()
    )


def _expected(transfer: StockTransfer, line: StockTransferLine, quantity: Decimal) -> PromiseLine:
    return PromiseLine(
        source=SourceLine(transfer.kind, transfer.pk, line.position),
        item_id=line.item_id,
        warehouse_id=transfer.to_warehouse_id,
        promise=Promise.ON_ORDER,
        quantity=quantity,
    )
