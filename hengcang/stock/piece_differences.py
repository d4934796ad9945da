"""Which pieces a count misses and which it found, line by line."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from hengcang.ledger.entries import StockKey
from hengcang.ledger.serial_counting import (
    CountedShelf,
    PieceFound,
    PieceState,
    Scanned,
    differing,
    tracked_of,
)
from hengcang.stock.models import StockCount
from hengcang.stock.piece_models import TallyPiece


@dataclass(slots=True)
class LinePieces:
    """What a line's pieces say. `moved`: those that lie here and by the books on another line's
    shelf, by that line's id; `found`: those that the books have on no counted shelf.
    """

    found: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    moved: dict[int, list[str]] = field(default_factory=dict)
    moved_away: int = 0

    @property
    def difference(self) -> int:
        """How many pieces more than in the books."""
        came = len(self.found) + sum(map(len, self.moved.values()))
        return came - len(self.missing) - self.moved_away


class Line(Protocol):
    """A counted line: its id, stock key and first stamp."""

    @property
    def line_id(self) -> int: ...
    @property
    def key(self) -> StockKey: ...
    @property
    def first(self) -> int: ...


def pieces_of(count: StockCount, lines: Collection[Line]) -> dict[int, LinePieces]:
    """The lines of goods with serial numbers, by id, with what their pieces say.

    One query for counts without such goods, three for others.
    """
    tracked = tracked_of({line.key.item_id for line in lines})
    mine = [line for line in lines if line.key.item_id in tracked]
    if not mine:
        return {}
    told = {line.line_id: LinePieces() for line in mine}
    for one in differing_of(count, mine):
        _add(told, one)
    return told


def _add(told: dict[int, LinePieces], one: PieceFound) -> None:
    line = told[one.line_id]
    if one.state is PieceState.MISSING:
        line.missing.append(one.serial_no)
    elif one.from_line is not None:
        line.moved.setdefault(one.from_line, []).append(one.serial_no)
        told[one.from_line].moved_away += 1
    else:
        line.found.append(one.serial_no)


def differing_of(count: StockCount, lines: Sequence[Line]) -> list[PieceFound]:
    """The pieces that differ on these lines, as plain data; two queries."""
    rows = TallyPiece.objects.filter(document=count, is_current=True)
    scanned = [
        Scanned(*row)
        for row in rows.values_list("line_id", "item_id", "serial_no", "position").order_by("id")
    ]
    shelves = [CountedShelf(line.line_id, line.key, line.first) for line in lines]
    return differing(count.warehouse_id, shelves, scanned)
