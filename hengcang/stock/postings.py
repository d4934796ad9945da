"""What other receipts and issues do to stock. Pure but for what they are handed."""

from hengcang.ledger.entries import Posting, Source, StockLine
from hengcang.ledger.places import key_of
from hengcang.stock.models import OtherIssue, OtherIssueLine, OtherReceipt, OtherReceiptLine


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
