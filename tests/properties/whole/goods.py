"""The whole company's goods and promises on paper: plain dictionaries, own words, own arithmetic.

Nothing here imports what it is compared with. Quantities are fractions of a base unit.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any, NamedTuple

Place = tuple[int, int]  # item, warehouse
NOUGHT = Fraction(0)
SHORT = {
    "insufficient_stock", "insufficient_stock_later", "insufficient_of_key", "goods_not_placed",
}  # fmt: skip


class Key(NamedTuple):
    """One heap of goods. Bin and batch by what people call them; "" for none."""

    item: int
    warehouse: int
    bin: str = ""
    batch: str = ""
    status: str = "good"

    @property
    def place(self) -> Place:
        return (self.item, self.warehouse)


class Entry(NamedTuple):
    """Goods came to a heap (+) or left it (−) on a day, by a document of that kind."""

    dated: date
    key: Key
    quantity: Fraction
    kind: str = ""


Move = tuple[Key, Fraction]


@dataclass
class Line:
    """One line that promises: of `quantity`, `done` was executed and `held` is reserved."""

    item: int
    quantity: Fraction
    row: int = 0  # its id in the books
    done: Fraction = NOUGHT
    held: Fraction = NOUGHT
    covers: list[tuple["Line", Fraction]] = field(default_factory=list)
    source: "Line | None" = None

    @property
    def left(self) -> Fraction:
        return max(NOUGHT, self.quantity - self.done)


@dataclass
class Order:
    """A document that promises: requisition, request, quote, order, transfer."""

    kind: str
    row: Any
    warehouse: int
    lines: list[Line]
    status: str = "draft"
    touched: bool = False

    def expected(self) -> Iterable[tuple[Place, Fraction]]:
        """What its warehouse shall get by it."""
        if self.kind == "purchase_order" and self.status == "approved":
            for line in self.lines:
                yield (line.item, self.warehouse), line.left
        if self.kind == "stock_transfer" and self.status != "reversed":
            for line in self.lines:
                yield (line.item, self.warehouse), line.left

    def settle(self, complete: str) -> None:
        """Its status follows what was executed of it."""
        if self.status in {"approved", complete}:
            self.status = "approved" if any(line.left for line in self.lines) else complete


@dataclass
class Paper:
    """A posted document. `left`: what may still follow each of its heaps; `undo`: what else is to
    be done when it is reversed, beside its goods.
    """

    kind: str
    row: Any
    dated: date
    moves: list[Move]
    undo: list[Callable[[], None]] = field(default_factory=list)
    origin: "Paper | None" = None
    followers: list["Paper"] = field(default_factory=list)
    undone: bool = False
    left: list[Fraction] = field(default_factory=list)
    unseen: list[Fraction] = field(default_factory=list)  # 待检 of each, neither seen nor back
    seen: Fraction = NOUGHT
    serials: tuple[str, ...] = ()

    def followed(self) -> bool:
        return any(not paper.undone for paper in self.followers)


@dataclass
class Goods:
    """Every movement that stands, every promise, every posted document."""

    go_live: date
    today: date
    entries: list[Entry] = field(default_factory=list)
    orders: list[Order] = field(default_factory=list)
    papers: list[Paper] = field(default_factory=list)
    closed: set[tuple[int, int]] = field(default_factory=set)
    expires: dict[str, date] = field(default_factory=dict)
    late: bool = False  # something was reversed under another day than its own

    # ---- what there is

    def heaps(self) -> dict[Key, Fraction]:
        sums: dict[Key, Fraction] = defaultdict(Fraction)
        for entry in self.entries:
            sums[entry.key] += entry.quantity
        return {key: quantity for key, quantity in sums.items() if quantity}

    def on_hand(self, place: Place) -> Fraction:
        return sum(
            (e.quantity for e in self.entries if e.key.place == place and e.key.status == "good"),
            NOUGHT,
        )

    def reserved(self) -> dict[Place, Fraction]:
        sums: dict[Place, Fraction] = defaultdict(Fraction)
        for order in self.orders:
            for line in order.lines:
                sums[(line.item, order.warehouse)] += line.held
        return sums

    def expected(self) -> dict[Place, Fraction]:
        sums: dict[Place, Fraction] = defaultdict(Fraction)
        for order in self.orders:
            for place, quantity in order.expected():
                sums[place] += quantity
        return sums

    def hold(self, order: Order) -> None:
        """What is free is reserved for its open lines, one after the other."""
        for line in order.lines:
            place = (line.item, order.warehouse)
            free = self.on_hand(place) - self.reserved()[place]
            line.held += max(NOUGHT, min(line.left - line.held, free))

    # ---- what may be done

    def day_of_undoing(self, dated: date) -> date:
        return self.today if (dated.year, dated.month) in self.closed else dated

    def reasons(
        self, dated: date, moves: list[Move], freed: dict[Place, Fraction] | None = None
    ) -> set[str]:
        """Why these goods cannot move on that day; `freed`: reservations this takes up."""
        found = set()
        if dated < self.go_live:
            found.add("before_go_live")
        if dated > self.today:
            found.add("date_in_future")
        if (dated.year, dated.month) in self.closed:
            found.add("period_closed")
        if self._runs_short(dated, moves) or self._breaks_word(moves, freed or {}):
            found |= SHORT
        return found

    def _runs_short(self, dated: date, moves: list[Move]) -> bool:
        change: dict[Key, Fraction] = defaultdict(Fraction)
        for key, quantity in moves:
            change[key] += quantity
        for key in {key for key, quantity in moves if quantity < 0}:
            before = [e for e in self.entries if e.key == key and e.dated <= dated]
            running = sum((e.quantity for e in before), change[key])
            lowest = running
            after = [e for e in self.entries if e.key == key and e.dated > dated]
            for entry in sorted(after, key=lambda e: e.dated):
                running += entry.quantity
                lowest = min(lowest, running)
            if lowest < 0:
                return True
        return False

    def _breaks_word(self, moves: list[Move], freed: dict[Place, Fraction]) -> bool:
        """Less good stock than what stays reserved."""
        change: dict[Place, Fraction] = defaultdict(Fraction)
        for key, quantity in moves:
            if key.status == "good":
                change[key.place] += quantity
        held = self.reserved()
        return any(
            self.on_hand(place) + more < held[place] - freed.get(place, NOUGHT)
            for place, more in change.items()
        )

    def carry(self, dated: date, moves: list[Move], kind: str) -> None:
        self.entries += [Entry(dated, key, quantity, kind) for key, quantity in moves]

    # ---- which goods

    def first_to_expire(self, ask: Key, quantity: Fraction, on: date | None) -> list[Move]:
        """The heaps a quantity leaves by itself, each with what leaves it (−); bin and batch of
        `ask` are taken as said when they are. What is not there is taken of no batch and no bin.
        """

        def fits(key: Key) -> bool:
            good_until = self.expires.get(key.batch)
            return (
                key.place == ask.place
                and key.status == ask.status
                and ask.batch in ("", key.batch)
                and ask.bin in ("", key.bin)
                and not (on and good_until and good_until < on)
            )

        def order(key: Key) -> tuple[Any, ...]:
            day = self.expires.get(key.batch, date.max)
            return (key.batch != "", day, key.batch, key.bin == "", key.bin)

        moves, left = [], quantity
        heaps = self.heaps()
        for key in sorted(filter(fits, heaps), key=order):
            part = min(left, heaps[key])
            if part > 0:
                moves.append((key, -part))
                left -= part
        if left > 0 or not moves:
            moves.append((ask, -left))
        return moves
