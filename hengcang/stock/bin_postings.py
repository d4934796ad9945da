"""What bin moves do to stock: the same goods in another bin, at no cost event. Pure."""

from dataclasses import replace

from hengcang.documents.drafts import MAX_LINES
from hengcang.ledger.entries import Posting, Source, SourceLine, StockLine
from hengcang.ledger.places import key_of
from hengcang.stock.bin_models import BinMove, BinMoveLine

SECOND_HALF = MAX_LINES
"""A line's second entry, where its goods come in, bears its position and this."""


def bin_move_posting(move: BinMove, lines: list[BinMoveLine]) -> Posting:
    """Every line leaves its bin and lies in the other; both halves are in one cost key."""
    return Posting(
        source=Source(move.kind, move.pk),
        dated=move.dated,
        stock=tuple(half for line in lines for half in _halves(move, line)),
    )


def _halves(move: BinMove, line: BinMoveLine) -> tuple[StockLine, StockLine]:
    left = key_of(line, move.warehouse_id)
    return (
        StockLine(line.position, left, -line.quantity),
        StockLine(
            SECOND_HALF + line.position,
            replace(left, bin_id=line.to_bin_id),
            line.quantity,
            follows=SourceLine(move.kind, move.pk, line.position),
        ),
    )
