"""What other receipts, issues and counts do to stock. Pure but for what they are handed."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from hengcang.ledger.entries import Posting, PromiseLine, Source, StockLine
from hengcang.ledger.places import key_of
from hengcang.stock.models import (
    OtherIssue,
    OtherIssueLine,
    OtherReceipt,
    OtherReceiptLine,
    StockCount,
    StockCountLine,
)


def other_receipt_posting(receipt: OtherReceipt, lines: list[OtherReceiptLine]) -> Posting:
    """Goods come in at the stated cost."""
    return Posting(
        source=Source(receipt.kind, receipt.pk),
        dated=receipt.dated,
        stock=tuple(
            StockLine(
                line=line.position,
                key=key_of(line, receipt.warehouse_id),
                quantity=line.quantity,
                value_in=line.cost_amount,
            )
            for line in lines
        ),
    )


def other_issue_posting(issue: OtherIssue, lines: list[OtherIssueLine]) -> Posting:
    """Goods leave at cost."""
    return Posting(
        source=Source(issue.kind, issue.pk),
        dated=issue.dated,
        stock=tuple(
            StockLine(
                line=line.position,
                key=key_of(line, issue.warehouse_id),
                quantity=-line.quantity,
            )
            for line in lines
        ),
    )


@dataclass(frozen=True, slots=True)
class Adjusted:
    """A counted line with its difference, base units, and what a gain comes in at, 2 dp."""

    line: StockCountLine
    quantity: Decimal
    value_in: Decimal | None


def stock_count_posting(
    count: StockCount, adjusted: Sequence[Adjusted], freed: tuple[PromiseLine, ...]
) -> Posting:
    """What was missing leaves at cost, what was too much comes in; broken promises end."""
    return Posting(
        source=Source(count.kind, count.pk),
        dated=count.dated,
        stock=tuple(
            StockLine(
                line=one.line.position,
                key=key_of(one.line, count.warehouse_id),
                quantity=one.quantity,
                value_in=one.value_in,
            )
            for one in adjusted
            if one.quantity
        ),
        promises=freed,
    )
