"""What purchase documents do to stock, promises and money. Pure but for reading their own lines."""

from collections.abc import Iterable
from decimal import Decimal

from hengcang.kernel.calendar import days_after
from hengcang.kernel.rounding import ZERO
from hengcang.ledger.entries import (
    Account,
    InputTax,
    MoneyLine,
    Posting,
    Promise,
    PromiseLine,
    Source,
    SourceLine,
    StockLine,
)
from hengcang.ledger.places import key_of
from hengcang.purchasing.models import (
    PurchaseOrder,
    PurchaseOrderLine,
    PurchaseReceipt,
    PurchaseReceiptLine,
    PurchaseReturn,
    PurchaseReturnLine,
)


def receipt_posting(
    receipt: PurchaseReceipt,
    lines: list[PurchaseReceiptLine],
    valuation: InputTax,
    credit_days: int,
) -> Posting:
    """Goods come in at net where input tax is deducted, else at gross; we owe the gross."""
    deducted = valuation is InputTax.DEDUCTED
    return Posting(
        source=Source(receipt.kind, receipt.pk),
        dated=receipt.dated,
        stock=tuple(
            StockLine(
                line=line.position,
                key=key_of(line, receipt.warehouse_id),
                quantity=line.quantity,
                value_in=line.net_amount if deducted else line.amount_incl_tax,
            )
            for line in lines
        ),
        money=(
            MoneyLine(
                receipt.partner_id,
                Account.PAYABLE,
                receipt.amount_incl_tax,
                days_after(receipt.dated, credit_days),
            ),
        ),
    )


def return_posting(
    returned: PurchaseReturn, lines: list[PurchaseReturnLine], credit_days: int
) -> Posting:
    """Goods leave at the cost of their receipt line, or at the average; we owe less."""
    return Posting(
        source=Source(returned.kind, returned.pk),
        dated=returned.dated,
        stock=tuple(
            StockLine(
                line=line.position,
                key=key_of(line, returned.warehouse_id),
                quantity=-line.quantity,
                follows=_origin(line),
            )
            for line in lines
        ),
        money=(
            MoneyLine(
                returned.partner_id,
                Account.PAYABLE,
                -returned.amount_incl_tax,
                days_after(returned.dated, credit_days),
            ),
        ),
    )


def _origin(line: PurchaseReturnLine) -> SourceLine | None:
    source = line.source_line
    if source is None:
        return None
    return SourceLine(PurchaseReceipt.kind, source.document_id, source.position)


def on_order(line: PurchaseOrderLine, order: PurchaseOrder, quantity: Decimal) -> PromiseLine:
    """`quantity` more (+) or fewer (−) base units of the line are on order."""
    return PromiseLine(
        source=SourceLine(order.kind, order.pk, line.position),
        item_id=line.item_id,
        warehouse_id=order.warehouse_id,
        promise=Promise.ON_ORDER,
        quantity=quantity,
    )


def open_on_order(
    order: PurchaseOrder, lines: Iterable[PurchaseOrderLine], sign: int
) -> tuple[PromiseLine, ...]:
    """The open part of every line, put on order (sign 1) or taken off (sign −1)."""
    return tuple(
        on_order(line, order, sign * (line.quantity - line.qty_fulfilled))
        for line in lines
        if line.quantity > line.qty_fulfilled
    )


def arrived(
    sources: dict[int, PurchaseOrderLine], wanted: dict[int, Decimal]
) -> tuple[PromiseLine, ...]:
    """What arrived is no longer on order; what a reversal sends back is again.

    What came in beyond the order never was. `sources` carry what had arrived before.
    """
    changes = {i: _no_longer_open(sources[i], quantity) for i, quantity in wanted.items()}
    return tuple(
        on_order(sources[line_id], sources[line_id].document, -change)
        for line_id, change in changes.items()
        if change != ZERO
    )


def _no_longer_open(line: PurchaseOrderLine, arrived: Decimal) -> Decimal:
    ordered, done = Decimal(line.quantity), Decimal(line.qty_fulfilled)
    return min(done + arrived, ordered) - min(done, ordered)
