"""What an inspection does to stock. Pure but for reading its own lines."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from hengcang.documents.drafts import MAX_LINES
from hengcang.documents.line_serials import REJECTED
from hengcang.ledger.entries import Posting, Source, SourceLine, StockLine, StockStatus
from hengcang.ledger.places import key_of
from hengcang.purchasing.models import QualityInspection, QualityInspectionLine

GOOD, BAD = MAX_LINES, 2 * MAX_LINES
"""What comes of a line's goods bears its position and one of these."""


def inspection_posting(
    inspection: QualityInspection, lines: Sequence[QualityInspectionLine]
) -> Posting:
    """Inspected goods are good ones or defective; their cost stays what it was."""
    source = Source(inspection.kind, inspection.pk)
    stock = [part for line in lines for part in _judged(source, line, inspection.warehouse_id)]
    return Posting(source, inspection.dated, tuple(stock))


def _judged(source: Source, line: QualityInspectionLine, warehouse_id: int) -> Iterator[StockLine]:
    key = key_of(line, warehouse_id)
    yield StockLine(line.position, key, -line.quantity)
    origin = SourceLine(source.kind, source.id, line.position)
    good = replace(key, status=StockStatus.GOOD)
    bad = replace(key, status=StockStatus.DEFECT, bin_id=line.to_bin_id or key.bin_id)
    if accepted := line.quantity - line.rejected:
        yield StockLine(GOOD + line.position, good, accepted, follows=origin)
    if line.rejected:
        yield StockLine(BAD + line.position, bad, line.rejected, follows=origin, part=REJECTED)
