"""What scrap, overages and status changes do to stock. Pure but for what they are handed."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from hengcang.documents.drafts import MAX_LINES
from hengcang.ledger.entries import Posting, Source, SourceLine, StockKey, StockLine, StockStatus
from hengcang.ledger.places import key_of
from hengcang.stock.models import (
    Overage,
    OverageLine,
    Scrap,
    ScrapLine,
    StatusChange,
    StatusChangeLine,
)


def scrap_posting(scrap: Scrap, lines: Sequence[ScrapLine]) -> Posting:
    """Goods of the stated status leave at cost."""
    stock = [StockLine(ln.position, key_of(ln, scrap.warehouse_id), -ln.quantity) for ln in lines]
    return Posting(Source(scrap.kind, scrap.pk), scrap.dated, tuple(stock))


def overage_posting(overage: Overage, lines: Sequence[OverageLine]) -> Posting:
    """Goods come in at `cost_amount`, which is known of every line by now."""
    stock = [
        StockLine(ln.position, key_of(ln, overage.warehouse_id), ln.quantity, ln.cost_amount)
        for ln in lines
    ]
    return Posting(Source(overage.kind, overage.pk), overage.dated, tuple(stock))


def status_change_posting(change: StatusChange, lines: Sequence[StatusChangeLine]) -> Posting:
    """Goods stay in their batch and bin, and are of another status: no cost event."""
    source = Source(change.kind, change.pk)
    stock = [half for line in lines for half in _changed(source, line, change.warehouse_id)]
    return Posting(source, change.dated, tuple(stock))


def _changed(source: Source, line: StatusChangeLine, warehouse_id: int) -> Iterator[StockLine]:
    key = key_of(line, warehouse_id)
    yield StockLine(line.position, key, -line.quantity)
    to_key: StockKey = replace(key, status=StockStatus(line.to_status))
    yield StockLine(
        MAX_LINES + line.position,  # a line's second entry
        to_key,
        line.quantity,
        follows=SourceLine(source.kind, source.id, line.position),
    )
