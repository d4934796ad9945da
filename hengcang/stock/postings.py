"""What other receipts, issues and counts do to stock. Pure but for what they are handed."""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from hengcang.documents.line_serials import Pieces
from hengcang.ledger.entries import Posting, PromiseLine, Source, SourceLine, StockLine
from hengcang.ledger.places import key_of
from hengcang.stock.models import (
    OtherIssue,
    OtherIssueLine,
    OtherReceipt,
    OtherReceiptLine,
    StockCount,
    StockCountLine,
)
from hengcang.stock.piece_differences import LinePieces


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
    """A counted line with its difference, base units, and what a gain comes in at, 2 dp; of goods
    with serial numbers, which pieces differ.
    """

    line: StockCountLine
    quantity: Decimal
    value_in: Decimal | None
    pieces: LinePieces | None = None


FOUND, LEFT, CAME = 1_000_000, 2_000_000, 3_000_000
"""Entries of pieces beside those that are missing: such as were found bear their line's position
and this; the two halves of what lies elsewhere than the books have it, a number of their own.
"""


def stock_count_posting(
    count: StockCount, adjusted: Sequence[Adjusted], freed: tuple[PromiseLine, ...]
) -> Posting:
    """What was missing leaves at cost, what was too much comes in; broken promises end."""
    return Posting(
        source=Source(count.kind, count.pk),
        dated=count.dated,
        stock=(
            *(
                StockLine(
                    line=one.line.position,
                    key=key_of(one.line, count.warehouse_id),
                    quantity=one.quantity,
                    value_in=one.value_in,
                )
                for one in adjusted
                if one.quantity and one.pieces is None
            ),
            *_piece_lines(count, adjusted),
        ),
        promises=freed,
    )


def _piece_lines(count: StockCount, adjusted: Sequence[Adjusted]) -> Iterator[StockLine]:
    """Missing pieces leave, found ones come in, others change their place at no cost event."""
    keys = {one.line.pk: key_of(one.line, count.warehouse_id) for one in adjusted}
    numbers = itertools.count(1)
    for one in adjusted:
        if one.pieces is None:
            continue
        at, key = one.line.position, keys[one.line.pk]
        if gone := Decimal(len(one.pieces.missing)):
            yield StockLine(at, key, -gone, of_line=at)
        if come := Decimal(len(one.pieces.found)):
            yield StockLine(FOUND + at, key, come, one.value_in, of_line=at, part=1)
        for part, (line_id, serials) in enumerate(one.pieces.moved.items(), start=2):
            n, size = next(numbers), Decimal(len(serials))
            left = SourceLine(count.kind, count.pk, LEFT + n)
            yield StockLine(LEFT + n, keys[line_id], -size, of_line=at, part=part)
            yield StockLine(CAME + n, key, size, follows=left, of_line=at, part=part)


def named_pieces(adjusted: Sequence[Adjusted]) -> list[Pieces]:
    """The numbers that a count's lines name, in the parts of its posting."""
    return [
        Pieces(one.line.position, one.line.item_id, serials, part)
        for one in adjusted
        if one.pieces is not None
        for part, serials in enumerate(
            [one.pieces.missing, one.pieces.found, *one.pieces.moved.values()]
        )
    ]
