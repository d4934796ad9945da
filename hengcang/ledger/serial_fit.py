"""Whether the pieces a line names fit it: as many as it moves, and each where it should be."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from hengcang.documents.drafts import MAX_LINES
from hengcang.kernel.errors import Refused, RefusedLines
from hengcang.kernel.numbers import shown
from hengcang.ledger.entries import Account, Place, Posting
from hengcang.ledger.keys import Resolved
from hengcang.ledger.serial_refusals import Piece, refusal_of


@dataclass(slots=True)
class Half:
    """What a document's line does to the goods: out of one key, into another, or both."""

    out: Resolved | None = None
    into: Resolved | None = None

    @property
    def line(self) -> Resolved:
        """The entry that says how many, and what it follows."""
        found = self.out or self.into
        assert found is not None
        return found


class Sent(NamedTuple):
    """A move of the line that another line follows."""

    step: int
    serial_id: int


Origin = tuple[str, int, int]
Origins = Mapping[Origin, set[Sent]]


def line_of(entry_line: int) -> int:
    """The document's line behind an entry; its second half bears the line and MAX_LINES."""
    return (entry_line - 1) % MAX_LINES + 1


def origin_of(posting: Posting, half: Half) -> Origin | None:
    """The line of another document that this line follows."""
    for r in (half.out, half.into):
        follows = r.line.follows if r else None
        if follows and (follows.kind, follows.id) != (posting.source.kind, posting.source.id):
            return follows.kind, follows.id, line_of(follows.line)
    return None


class Checks:
    """Everything that is wrong with the pieces of a posting, told at once."""

    def __init__(self, posting: Posting, sent: Origins) -> None:
        self.posting, self.sent = posting, sent
        self.counts: list[Refused] = []
        self.wrong: list[tuple[str, Piece, Half]] = []

    def line(self, line: int, half: Half, pieces: list[Piece], names: Mapping[int, str]) -> None:
        needed, item_id = abs(half.line.line.quantity), half.line.line.key.item_id
        fitting = [piece for piece in pieces if piece.item_id == item_id]
        if Decimal(len(fitting)) != needed or len(fitting) != len(pieces):
            self.counts.append(
                Refused(
                    "serial_count",
                    "lines",
                    item_id=item_id,
                    item_name=names[item_id],
                    line=line,
                    needed=shown(needed),
                    count=len(fitting),
                )
            )
        origin = origin_of(self.posting, half)
        for piece in fitting:
            for code, is_wrong in _WRONG:
                if is_wrong(self, half, piece, origin):
                    self.wrong.append((code, piece, half))
                    break

    def refuse(self) -> None:
        """Raises Refused, or RefusedLines."""
        if not self.counts and not self.wrong:
            return
        refusals = self.counts + refusal_of(self.posting, self.wrong)
        raise refusals[0] if len(refusals) == 1 else RefusedLines(refusals)

    def is_unknown(self, half: Half, piece: Piece, origin: Origin | None) -> bool:
        return piece.serial_id is None and (half.out is not None or origin is not None)

    def is_gone(self, half: Half, piece: Piece, origin: Origin | None) -> bool:
        return half.out is not None and piece.stock_id is None

    def is_elsewhere(self, half: Half, piece: Piece, origin: Origin | None) -> bool:
        return half.out is not None and piece.stock_id != half.out.stock_id

    def is_in_stock(self, half: Half, piece: Piece, origin: Origin | None) -> bool:
        return half.out is None and piece.stock_id is not None

    def is_foreign(self, half: Half, piece: Piece, origin: Origin | None) -> bool:
        """Not on the line that is followed; goods that come back must have left by it last."""
        if origin is None:
            return False
        moves = self.sent.get(origin, set())
        if half.into is None and self._owes():
            return all(sent.serial_id != piece.serial_id for sent in moves)
        return Sent(piece.stands_on or 0, piece.serial_id or 0) not in moves

    def is_of_other(self, half: Half, piece: Piece, origin: Origin | None) -> bool:
        """It cannot come in this way: it is with somebody else, or another document is due."""
        return half.out is None and not _may_come(self.posting, piece)

    def is_later(self, half: Half, piece: Piece, origin: Origin | None) -> bool:
        return piece.dated is not None and piece.dated > self.posting.dated

    def _owes(self) -> bool:
        return any(m.account is Account.PAYABLE for m in self.posting.money)


_WRONG: tuple[tuple[str, Callable[[Checks, Half, Piece, Origin | None], bool]], ...] = (
    ("serial_unknown", Checks.is_unknown),
    ("serial_gone", Checks.is_gone),
    ("serial_elsewhere", Checks.is_elsewhere),
    ("serial_in_stock", Checks.is_in_stock),
    ("serial_not_of_origin", Checks.is_foreign),
    ("serial_of_other", Checks.is_of_other),
    ("serial_later", Checks.is_later),
)


def _may_come(posting: Posting, piece: Piece) -> bool:
    """Whether a piece that is not in stock may come in by this posting."""
    place = piece.place or Place.NEW
    accounts = {m.account for m in posting.money}
    if Account.RECEIVABLE in accounts:
        mine = piece.partner_id in {m.partner_id for m in posting.money}
        return place == Place.NEW or (place == Place.CUSTOMER and mine)
    if Account.PAYABLE in accounts:
        return place in {Place.NEW, Place.SUPPLIER}
    return place in {Place.NEW, Place.ISSUED, Place.LOST}
