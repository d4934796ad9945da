"""The company kept on paper: every document and promise, judged and valued by the oracle alone.

A verb either changes the paper or raises No with every reason that holds against it. Nothing here
imports what it is compared with.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from tests.properties import oracle
from tests.properties.oracle import Fact, Replayed
from tests.properties.sheets import NOUGHT, Document, DocumentLine, No, Order, Place


@dataclass
class Paper:
    """All of it. Scope "company" or "warehouse"; money in cents."""

    scope: str
    go_live: date
    today: date
    tolerance: int = 0
    closed: set[tuple[int, int]] = field(default_factory=set)
    facts: list[Fact] = field(default_factory=list)
    place_of: dict[int, Place] = field(default_factory=dict)
    reserved: dict[Place, Fraction] = field(default_factory=lambda: defaultdict(Fraction))
    on_order: dict[Place, Fraction] = field(default_factory=lambda: defaultdict(Fraction))
    receivable: int = 0
    payable: int = 0
    worth: Replayed = field(default_factory=Replayed)
    documents: list[Document] = field(default_factory=list)
    orders: list[Order] = field(default_factory=list)

    # ---- orders

    def approve(self, order: Order) -> Order:
        self.orders.append(order)
        if order.sells:
            self._reserve(order)
        else:
            for line in order.lines:
                self.on_order[(line.item, order.warehouse)] += line.quantity
        return order

    def reserve(self, order: Order) -> Order:
        _unless(order.status == "approved", "wrong_status")
        self._reserve(order)
        return order

    def take_back(self, order: Order) -> Order:
        _unless(order.status == "approved", "wrong_status")
        _unless(not order.touched, "order_started")
        self._release(order)
        order.status = "draft"
        return order

    def close(self, order: Order) -> Order:
        _unless(order.status == "approved", "wrong_status")
        self._release(order)
        order.status = "closed_forced"
        return order

    def _reserve(self, order: Order) -> None:
        for line in order.lines:
            place = order.place(line)
            free = self.on_hand(place) - self.reserved[place]
            more = max(NOUGHT, min(line.open - line.reserved, free))
            line.reserved += more
            self.reserved[place] += more

    def _release(self, order: Order) -> None:
        for line in order.lines:
            place = order.place(line)
            self.reserved[place] -= line.reserved
            line.reserved = NOUGHT
            if not order.sells:
                self.on_order[place] -= line.open

    # ---- documents

    def receive(self, document: Document, values: list[int]) -> Document:
        """A receipt: `values` are what its lines are worth in stock, cents."""
        codes = self._against_order(document, "over_order")
        facts = self._facts(document, 1, values)
        self._post(document, facts, codes, {})
        self._fulfil(document, 1)
        self.payable += sum(line.gross for line in document.lines)
        return document

    def deliver(self, document: Document) -> Document:
        codes = self._against_order(document, "more_than_ordered")
        left: dict[int, Fraction] = {}
        for line in document.lines:
            if line.order_line is not None:
                mine = left.setdefault(id(line.order_line), line.order_line.reserved)
                line.consumed = min(line.quantity, mine)
                left[id(line.order_line)] -= line.consumed
        self._post(document, self._facts(document, -1), codes, self._unreserve(document))
        self._fulfil(document, 1)
        self.receivable += sum(line.gross for line in document.lines)
        return document

    def give_back(self, document: Document, values: list[int] | None) -> Document:
        """A return, to its delivery's lines or (with stated values) to none."""
        codes = set()
        if document.delivery is not None and document.delivery.status != "posted":
            codes.add("source_not_open")
        for line in document.lines:
            origin = line.returns
            if origin is not None and line.quantity > origin.quantity - origin.returned:
                codes.add("more_than_delivered")
        self._post(document, self._facts(document, 1, values), codes, {})
        for line in document.lines:
            if line.returns is not None:
                line.returns.returned += line.quantity
                line.returns.given_back += line.gross
                line.returns.untaxed += line.tax
                line.returns.off_back += line.off
        if document.delivery is not None:
            document.delivery.returns.append(document)
        self.receivable -= sum(line.gross for line in document.lines)
        return document

    def send_back(self, document: Document) -> Document:
        """Goods go back to the supplier: to their receipt's lines, or to none."""
        receipt = document.delivery
        codes = set()
        if receipt is not None and receipt.status != "posted":
            codes.add("source_not_open")
        wanted: dict[int, Fraction] = defaultdict(Fraction)
        for line in document.lines:
            if line.returns is not None:
                wanted[id(line.returns)] += line.quantity
                if wanted[id(line.returns)] > line.returns.quantity - line.returns.returned:
                    codes.add("more_than_received")
        self._post(document, self._facts(document, -1), codes, {})
        for line in document.lines:
            if line.returns is not None:
                line.returns.returned += line.quantity
        if receipt is not None:
            receipt.returns.append(document)
        self.payable -= sum(line.gross for line in document.lines)
        return document

    def other(self, document: Document, values: list[int] | None) -> Document:
        sign = 1 if document.kind == "other_receipt" else -1
        self._post(document, self._facts(document, sign, values), set(), {})
        return document

    def reverse(self, document: Document) -> Document:
        """The mirror image, dated as the original while its month is open, else today."""
        _unless(document.status == "posted", "wrong_status")
        _unless(not document.is_reversal, "reversal_not_reversible")
        codes = set()
        if any(r.status == "posted" for r in document.returns):
            codes.add("has_followers")
        closed = (document.dated.year, document.dated.month) in self.closed
        twin = Document(
            document.kind,
            self.today if closed else document.dated,
            document.warehouse,
            [
                DocumentLine(
                    ln.item, ln.quantity, -ln.gross, order_line=ln.order_line, consumed=ln.consumed
                )
                for ln in document.lines
            ],
            order=document.order,
            is_reversal=True,
        )
        facts = []
        for number, line in enumerate(reversed(document.lines)):
            booked = self.facts[line.fact]
            position = len(self.facts) + number
            back = -booked.quantity
            facts.append(Fact(position, twin.dated, booked.key, back, None, line.fact, undoes=True))
            self.place_of[position] = self.place_of[line.fact]
        self._post(twin, facts, codes, {}, book=False)
        self._reserve_again(document)
        self._after_reversal(document)
        document.status, document.twin = "reversed", twin
        return twin

    def _after_reversal(self, document: Document) -> None:
        gross = sum(line.gross for line in document.lines)
        if document.kind == "receipt":
            self.payable -= gross
            self._fulfil(document, -1)
        elif document.kind == "delivery":
            self.receivable -= gross
            self._fulfil(document, -1)
        elif document.kind == "return":
            self.receivable += gross
            self._taken_again(document)
        elif document.kind == "exchange":
            came = sum(line.gross for line in document.lines if line.comes_back)
            self.receivable += 2 * came - gross
            self._taken_again(document)
        elif document.kind == "purchase_return":
            self.payable += gross
            self._taken_again(document)

    def _taken_again(self, document: Document) -> None:
        for line in document.lines:
            if line.returns is not None:
                line.returns.returned -= line.quantity
                line.returns.given_back -= line.gross
                line.returns.untaxed -= line.tax
                line.returns.off_back -= line.off

    def close_month(self, month: tuple[int, int]) -> None:
        self.closed.add(month)

    def reopen_month(self, month: tuple[int, int]) -> None:
        self.closed.remove(month)

    # ---- what it all comes to

    def on_hand(self, place: Place) -> Fraction:
        return sum((f.quantity for f in self.facts if self.place_of[f.position] == place), NOUGHT)

    def _key(self, item: int, warehouse: int) -> tuple[int, int | None]:
        return (item, warehouse if self.scope == "warehouse" else None)

    def _facts(
        self, document: Document, sign: int, values: Sequence[int | None] | None = None
    ) -> list[Fact]:
        facts = []
        for number, line in enumerate(document.lines):
            position = len(self.facts) + number
            line.fact = position
            self.place_of[position] = (line.item, document.warehouse)
            facts.append(
                Fact(
                    position,
                    document.dated,
                    self._key(line.item, document.warehouse),
                    line.quantity if line.comes_back else sign * line.quantity,
                    value=values[number] if values else None,
                    origin=line.returns.fact if line.returns else None,
                )
            )
        return facts

    def _post(
        self,
        document: Document,
        facts: list[Fact],
        codes: set[str],
        unreserved: dict[Place, Fraction],
        *,
        book: bool = True,
    ) -> None:
        codes = codes | self._against_dates(document.dated, facts)
        codes |= self._against_shelves(facts, unreserved)
        if codes:
            raise No(codes)
        try:
            worth = oracle.replayed([*self.facts, *facts])
        except oracle.OverReturned:
            raise No({"over_returned"}) from None
        self.worth = worth
        self.facts += facts
        for place, change in unreserved.items():
            self.reserved[place] += change
        if book:
            self.documents.append(document)

    def _against_dates(self, dated: date, facts: list[Fact]) -> set[str]:
        codes = set()
        if dated < self.go_live:
            codes.add("before_go_live")
        if dated > self.today:
            codes.add("date_in_future")
        if (dated.year, dated.month) in self.closed:
            codes.add("period_closed")
        if any(f.origin is not None and self.facts[f.origin].dated > dated for f in facts):
            codes.add("origin_later")
        return codes

    def _against_shelves(self, facts: list[Fact], unreserved: dict[Place, Fraction]) -> set[str]:
        codes = set()
        every = sorted([*self.facts, *facts], key=lambda f: (f.dated, f.position))
        leaving = {self.place_of[f.position] for f in facts if f.quantity < 0}
        for place in leaving | {p for p, change in unreserved.items() if change > 0}:
            running, lowest = NOUGHT, NOUGHT
            for fact in every:
                if self.place_of[fact.position] == place:
                    running += fact.quantity
                    lowest = min(lowest, running)
            if running < 0 or running < self.reserved[place] + unreserved.get(place, NOUGHT):
                codes.add("insufficient_stock")
            if lowest < 0 and place in leaving:
                codes.add("insufficient_stock_later")
        return codes

    def _against_order(self, document: Document, code: str) -> set[str]:
        if document.order is None:
            return set()
        wanted: dict[int, Fraction] = defaultdict(Fraction)
        codes = set()
        # A complete order takes more goods as far as it tolerates them.
        living = {"approved"} if document.order.sells else {"approved", "closed"}
        if document.order.status not in living:
            codes.add("source_not_open")
        for line in document.lines:
            assert line.order_line is not None
            wanted[id(line.order_line)] += line.quantity
            more = 0 if document.order.sells else self.tolerance
            most = line.order_line.quantity * (1 + Fraction(more, 100)) - line.order_line.done
            if wanted[id(line.order_line)] > most:
                codes.add("over_tolerance" if more else code)
        return codes

    def _unreserve(self, document: Document) -> dict[Place, Fraction]:
        """A delivery uses up what was reserved for its order lines."""
        changes: dict[Place, Fraction] = defaultdict(Fraction)
        if document.order is not None:
            for line in document.lines:
                assert line.order_line is not None
                changes[document.order.place(line.order_line)] -= line.consumed
        return changes

    def _reserve_again(self, document: Document) -> None:
        """Of a living order, as far as its goods are still there."""
        order = document.order
        if document.kind != "delivery" or order is None or order.status == "closed_forced":
            return
        for line in document.lines:
            assert line.order_line is not None
            place = order.place(line.order_line)
            more = max(NOUGHT, min(line.consumed, self.on_hand(place) - self.reserved[place]))
            line.order_line.reserved += more
            self.reserved[place] += more

    def _fulfil(self, document: Document, sign: int) -> None:
        order = document.order
        if order is None:
            return
        order.touched = True
        dead = order.status == "closed_forced"
        for line in document.lines:
            assert line.order_line is not None
            open_before = line.order_line.open
            line.order_line.done += sign * line.quantity
            line.order_line.billed += sign * line.gross
            line.order_line.taxed += sign * line.tax
            line.order_line.carried += sign * line.off
            if order.sells and sign > 0:
                line.order_line.reserved -= line.consumed
            if not order.sells and not dead:
                gone = open_before - line.order_line.open
                self.on_order[(line.item, order.warehouse)] -= gone
        if not dead:
            complete = all(line.open == 0 for line in order.lines)
            order.status = "closed" if complete else "approved"


def _unless(fine: bool, code: str) -> None:
    if not fine:
        raise No({code})
