"""Where the goods of a document's line are. Pure but for what it is handed."""

from dataclasses import replace

from hengcang.documents.models import DocumentLine
from hengcang.ledger.entries import StockKey, StockStatus


def key_of(line: DocumentLine, warehouse_id: int) -> StockKey:
    """The stock key of the line's goods in that warehouse: the one place that builds it."""
    return StockKey(
        line.item_id,
        warehouse_id,
        bin_id=line.bin_id,
        batch_id=line.batch_id,
        status=StockStatus(line.stock_status),
    )


def key_under_way(line: DocumentLine, transit_id: int) -> StockKey:
    """The stock key of the line's goods in the transit warehouse, which has no shelves."""
    return replace(key_of(line, transit_id), bin_id=None)
