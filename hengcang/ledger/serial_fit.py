"""Whether the pieces a line names fit it: as many as it moves, and each where it should be."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from hengcang.documents.drafts import MAX_LINES
from hengcang.kernel.actor import Actor
from hengcang.kernel.errors import Refused, RefusedLines
from hengcang.kernel.numbers import shown
from hengcang.kernel.rounding import ZERO
from hengcang.ledger.entries import PRODUCT, Account, Place, Posting
from hengcang.ledger.keys import Resolved
from hengcang.ledger.serial_refusals import Piece, refusal_of


@dataclass(slots=True)
class Half:
    """What a document's line does to some pieces: out of one key, into another, or both."""

    out: Resolved | None = None
    into: Resolved | None = None

    @property
    def line(self) -> Resolved:
        """The entry that says how many, and what it follows."""
        found = self.into or self.out
        assert found is not None
        return found


Group = tuple[int, int]
"""Pieces that go one way: the document's line, and which part of the numbers that it names."""


class Made(NamedTuple):
    """What an assembly made: the item, and the pieces where they have numbers."""

    item_id: int
    serial_ids: frozenset[int]


class Sent(NamedTuple):
    """A move of the line that another line follows."""

    step: int
    serial_id: int


Origin = tuple[str, int, int]
Origins = Mapping[Origin, set[Sent]]
Makings = Mapping[tuple[str, int], Made]
"""What was made by the assemblies that pieces went into, by document."""


def line_of(entry_line: int) -> int:
    """The document's line behind an entry; its second half bears the line and MAX_LINES."""
    return (entry_line - 1) % MAX_LINES + 1 if entry_line else PRODUCT


def halves_of(resolved: Sequence[Resolved], item_ids: Collection[int]) -> dict[Group, Half]:
    """What the entries of these items do to pieces; one that comes in and follows another of the
    posting is the end of its way.
    """
    halves: dict[Group, Half] = {}
    carried = set()
    for r in resolved:
        if r.line.quantity > 0 and r.line.key.item_id in item_ids:
            out = None if r.inner is None else resolved[r.inner]
            carried |= set() if r.inner is None else {r.inner}
            halves[_group(r)] = Half(out, r)
    for nth, r in enumerate(resolved):
        if r.line.quantity < 0 and nth not in carried and r.line.key.item_id in item_ids:
            halves[_group(r)] = Half(r)
    return halves


def _group(r: Resolved) -> Group:
    of = r.line.of_line
    return (line_of(r.line.line) if of is None else of), r.line.part


def origin_of(posting: Posting, half: Half) -> Origin | None:
    """The line of another document that this line follows."""
    for r in (half.out, half.into):
        follows = r.line.follows if r else None
        if follows and (follows.kind, follows.id) != (posting.source.kind, posting.source.id):
            return follows.kind, follows.id, line_of(follows.line)
    return None


class Checks:
    """Everything that is wrong with the pieces of a posting, told at once."""

    def __init__(self, posting: Posting, sent: Origins, makings: Makings, actor: Actor) -> None:
        self.posting, self.sent, self.makings, self.actor = posting, sent, makings, actor
        self.product: Sequence[Piece] = ()
        """The pieces that are taken apart."""
        self.counts: list[Refused] = []
        self.wrong: list[tuple[str, Piece, Half]] = []

    def line(self, line: int, half: Half, pieces: list[Piece], names: Mapping[int, str]) -> None:
        needed, item_id = abs(half.line.line.quantity), half.line.line.key.item_id
        fitting = [piece for piece in pieces if piece.item_id == item_id]
        if Decimal(len(fitting)) != needed or len(fitting) != len(pieces):
            self._miscounted(line, item_id, names[item_id], needed, len(fitting))
        origin = origin_of(self.posting, half)
        for piece in fitting:
            for code, is_wrong in _WRONG:
                if is_wrong(self, half, piece, origin):
                    self.wrong.append((code, piece, half))
                    break

    def surplus(self, pieces: Sequence[Piece], names: Mapping[int, str]) -> None:
        """Pieces are named that the posting does not move."""
        for piece in pieces[:1]:
            name = names.get(piece.item_id, "")
            self._miscounted(piece.line, piece.item_id, name, ZERO, len(pieces))

    def _miscounted(self, line: int, item_id: int, name: str, needed: Decimal, count: int) -> None:
        facts = {"item_id": item_id, "item_name": name, "line": line, "needed": shown(needed)}
        self.counts.append(Refused("serial_count", "lines", count=count, **facts))

    def refuse(self) -> None:
        """Raises Refused, or RefusedLines."""
        if not self.counts and not self.wrong:
            return
        refusals = self.counts + refusal_of(self.posting, self.wrong, self.actor)
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
        if half.out is not None:
            return False
        if half.line.line.share is not None:
            return not self._may_be_made(half, piece)
        return not _may_come(self.posting, piece)

    def _may_be_made(self, half: Half, piece: Piece) -> bool:
        """Whether an assembly may make it, or it may come out of what is taken apart."""
        place = piece.place or Place.NEW
        if half.line.line.line == PRODUCT:
            return place in {Place.NEW, Place.APART}
        made = self.makings.get((piece.kind or "", piece.source_id or 0))
        if place != Place.BUILT_IN or made is None:
            return place == Place.NEW
        whole = {p.serial_id for p in self.product}
        same = made.item_id == self._product_item()
        return same and (not made.serial_ids or not whole.isdisjoint(made.serial_ids))

    def _product_item(self) -> int | None:
        lines = (line for line in self.posting.stock if line.line == PRODUCT)
        return next((line.key.item_id for line in lines), None)

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
    return place in {Place.NEW, Place.ISSUED, Place.LOST, Place.MISSING}
