"""Random transfers between three warehouses, against goods kept on paper, after every step.

The paper knows shelves, what is on the way and what every entry is worth by its own replay; it
shares no code with the ledger.
"""

from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule, run_state_machine_as_test

from hengcang.books.models import Book
from hengcang.books.switch import using_book
from hengcang.documents.drafts import Draft, Outcome
from hengcang.documents.reversal import Undo
from hengcang.kernel.actor import SYSTEM
from hengcang.kernel.errors import Refused
from hengcang.ledger.models import CostScope
from hengcang.places.transit import transit_id
from hengcang.stock import transfer_postings
from hengcang.stock.actions import transfer_receipts, transfers
from tests.documents.trade import issued, received
from tests.properties import oracle, real
from tests.properties.company import Company
from tests.properties.oracle import Fact, line_money
from tests.worlds import TODAY, World, line, target, world

days = st.sampled_from([date(2026, 11, n) for n in (3, 5, 8, 12)] + [TODAY])
quantities = st.sampled_from(["1", "2", "3", "5", "0.333333"])
prices = st.sampled_from(["10", "3.3333", "0.125", "0.01"])


@dataclass
class Sent:
    """A transfer of one line. `facts`: where its two entries stand on paper."""

    row: Any
    ends: tuple[int, int]
    dated: date
    quantity: Fraction
    left: Fraction
    facts: tuple[int, int] = (-1, -1)
    reversed: bool = False
    receipts: list["Came"] = field(default_factory=list)


@dataclass
class Came:
    row: Any
    dated: date
    quantity: Fraction
    outcome: Outcome
    facts: list[int] = field(default_factory=list)
    reversed: bool = False


class Transfers(Company):
    """Item 0 only; every act is judged on paper first."""

    @initialize(scope=st.sampled_from(list(CostScope)))
    def open_books(self, scope: CostScope) -> None:
        self.world: World = world(items=1, warehouses=3, scope=scope)
        self.by_place = scope is CostScope.WAREHOUSE
        self.item = self.world.items[0].pk
        self.places = [w.pk for w in self.world.warehouses] + [transit_id()]
        self.facts: list[Fact] = []
        self.at: list[int] = []
        self.sent: list[Sent] = []
        self._stock(0, "20", "3.3333", date(2026, 11, 2))

    @rule(place=st.integers(0, 2), quantity=quantities, price=prices, dated=days)
    def buy(self, place: int, quantity: str, price: str, dated: date) -> None:
        self._stock(place, quantity, price, dated)

    @rule(place=st.integers(0, 2), quantity=quantities, dated=days)
    def use(self, place: int, quantity: str, dated: date) -> None:
        new = [self._fact(place, -Fraction(quantity), dated)]
        self._both(new, lambda: _whole(issued, self.world, quantity, dated, place=place))

    @rule(
        ends=st.sampled_from([(0, 1), (0, 2), (1, 2), (1, 0)]),
        quantity=quantities,
        dated=days,
        at_once=st.sampled_from(["ship", "ship", "move"]),
    )
    def send(self, ends: tuple[int, int], quantity: str, dated: date, at_once: str) -> None:
        size = Fraction(quantity)
        filled = Draft(
            uuid4(), dated, self.places[ends[0]], (real.line(self.item, quantity, None),)
        )
        filled = replace(filled, to_warehouse_id=self.places[ends[1]])
        saved = transfers.save_transfer(filled, actor=SYSTEM)
        new = self._carried(ends[0], 3, size, dated, None)
        came: list[Fact] = []
        if at_once == "move":
            came = self._carried(3, ends[1], size, dated, new[1].position, len(new))
        act = getattr(transfers, f"{at_once}_transfer")
        made = self._both([*new, *came], lambda: act(target(saved), actor=SYSTEM))
        if made is None:
            return
        sent = Sent(made, ends, dated, size, size, (new[0].position, new[1].position))
        if came:
            sent.left = Fraction(0)
            receipt = made.lines.get().fulfilled_by.get().document
            positions = [f.position for f in came]
            sent.receipts.append(Came(receipt, dated, size, Outcome.ARRIVED, positions))
        self.sent.append(sent)
        self._compare()

    @precondition(lambda self: any(s.left for s in self.sent))
    @rule(data=st.data(), outcome=st.sampled_from(list(Outcome)), part=quantities, dated=days)
    def arrive(self, data: Any, outcome: Outcome, part: str, dated: date) -> None:
        sent = data.draw(st.sampled_from([s for s in self.sent if s.left]))
        size = min(Fraction(part), sent.left)
        if data.draw(st.booleans()):
            size = sent.left
        text = str(Decimal(size.numerator) / size.denominator)
        end = sent.ends[0] if outcome is Outcome.SENT_BACK else sent.ends[1]
        source = sent.row.lines.get()
        typed = line(self.world.items[0], text, source_line_id=source.pk)
        stated = {"outcome": outcome.value, "reason": "破损", "responsible": "顺达"}
        filled = Draft(uuid4(), dated, self.places[end], (typed,), **stated)  # type: ignore[arg-type]
        saved = transfer_receipts.save_transfer_receipt(filled, actor=SYSTEM)
        new = self._taken(sent, outcome, end, size, dated)
        fine = dated >= sent.dated
        act = transfer_receipts.post_transfer_receipt
        made = self._both(new, lambda: act(target(saved), actor=SYSTEM), fine=fine)
        if made is not None:
            sent.left -= size
            sent.receipts.append(Came(made, dated, size, outcome, [f.position for f in new]))
            self._compare()

    def _taken(
        self, sent: Sent, outcome: Outcome, end: int, size: Fraction, dated: date
    ) -> list[Fact]:
        if outcome is not Outcome.LOST:
            return self._carried(3, end, size, dated, sent.facts[1])
        origin = sent.facts[1] if self.by_place else None
        return [self._fact(3, -size, dated, origin=origin)]

    @precondition(lambda self: self.sent)
    @rule(data=st.data())
    def take_back(self, data: Any) -> None:
        """A receipt is reversed, or a shipment when none of its receipts stands."""
        sent = data.draw(st.sampled_from([*self.sent[:3], *self.sent]))
        standing = [came for came in sent.receipts if not came.reversed]
        if standing:
            self._undo_receipt(sent, data.draw(st.sampled_from(standing)))
        elif not sent.reversed:
            last = max([sent.dated, *(came.dated for came in sent.receipts)])
            new = self._mirrored(sent.facts, last)
            if self._both(new, lambda: self._undo(transfers.reverse_transfer, sent.row)):
                sent.reversed, sent.left = True, Fraction(0)
                self._compare()

    def _undo_receipt(self, sent: Sent, came: Came) -> None:
        new = self._mirrored(came.facts, came.dated)
        act = transfer_receipts.reverse_transfer_receipt
        if self._both(new, lambda: self._undo(act, came.row)):
            came.reversed = True
            sent.left += came.quantity
            self._compare()

    def _undo(self, act: Any, row: Any) -> Any:
        row.refresh_from_db()
        return act(target(row), Undo(uuid4(), "录错", TODAY), actor=SYSTEM)

    # ---- on paper

    def _fact(self, place: int, quantity: Fraction, dated: date, **more: Any) -> Fact:
        position = len(self.facts) + more.pop("ahead", 0)
        key = (place if self.by_place else 0) if not more.pop("moves", False) else ("move", place)
        return Fact(position, dated, (place, key), quantity, **more)

    def _carried(
        self, begin: int, end: int, size: Fraction, dated: date, origin: int | None, ahead: int = 0
    ) -> list[Fact]:
        """Both halves; inside one cost key neither has any value."""
        moves = not self.by_place
        first = self._fact(begin, -size, dated, origin=origin, ahead=ahead, moves=moves)
        more = {"origin": first.position, "ahead": ahead + 1, "moves": moves}
        return [first, self._fact(end, size, dated, **more)]

    def _mirrored(self, positions: Any, dated: date) -> list[Fact]:
        booked = [self.facts[p] for p in sorted(positions, reverse=True)]
        return [
            Fact(len(self.facts) + n, dated, f.key, -f.quantity, None, f.position, undoes=True)
            for n, f in enumerate(booked)
        ]

    def _both(self, new: list[Fact], act: Any, *, fine: bool = True) -> Any:
        """Paper and books do it, or both refuse."""
        every = [*self.facts, *new]
        fine = fine and self._nothing_short(every, {_place(f) for f in new if f.quantity < 0})
        before, refusal, made = real.digest(), "", None
        try:
            made = act()
        except Refused as refused:
            refusal = refused.code
        assert fine == (not refusal), refusal or "should have been refused"
        if refusal:
            assert real.digest() == before
            return None
        self.facts = every
        self._compare_goods()
        return made

    def _nothing_short(self, facts: list[Fact], leaving: set[int]) -> bool:
        for place in leaving:
            running = Fraction(0)
            for fact in sorted(facts, key=lambda f: (f.dated, f.position)):
                running += fact.quantity if _place(fact) == place else 0
                if running < 0:
                    return False
        return True

    def _stock(self, place: int, quantity: str, price: str, dated: date) -> None:  # type: ignore[override]
        value = line_money(quantity, price, "0", includes_tax=True)[2]
        new = [self._fact(place, Fraction(quantity), dated, value=value)]
        self._both(new, lambda: _whole(received, self.world, quantity, price, dated, place=place))

    def _compare_goods(self) -> None:
        valued = [
            Fact(f.position, f.dated, _cost_key(f), f.quantity, f.value, f.origin, f.undoes)
                  for f in self.facts if not _is_move(f)]  # fmt: skip
        worth = oracle.replayed(valued)
        assert real.entries() == [
            (f.dated, f.quantity, worth.values.get(f.position), worth.variances.get(f.position, 0))
            for f in self.facts
        ]
        on_hand: dict[tuple[int, int], Fraction] = {}
        for fact in self.facts:
            place = (self.item, self.places[_place(fact)])
            on_hand[place] = on_hand.get(place, Fraction(0)) + fact.quantity
        assert real.shelves() == {place: q for place, q in on_hand.items() if q}

    def _compare(self) -> None:
        expected: dict[int, Fraction] = {}
        for sent in self.sent:
            place = self.places[sent.ends[1]]
            expected[place] = expected.get(place, Fraction(0)) + sent.left
        told = {place[1]: three[2] for place, three in real.places().items() if three[2]}
        assert told == {place: q for place, q in expected.items() if q}
        for sent in self.sent:
            sent.row.refresh_from_db()
            assert sent.row.status == _status(sent)


def _whole(act: Any, *arguments: Any, **more: Any) -> Any:
    """Saved and posted, or neither."""
    with transaction.atomic():
        return act(*arguments, **more)


def _is_move(fact: Fact) -> bool:
    return isinstance(_cost_key(fact), tuple)


def _place(fact: Fact) -> int:
    place: int = fact.key[0]  # type: ignore[index]
    return place


def _cost_key(fact: Fact) -> Any:
    return fact.key[1]  # type: ignore[index]


def _status(sent: Sent) -> str:
    if sent.reversed:
        return "reversed"
    return "closed" if not sent.left else "in_transit" if sent.left == sent.quantity else "partial"


def _run(book: Book, examples: int, steps: int, phases: Any = tuple(Phase)) -> None:
    with using_book(book.code):
        run_state_machine_as_test(
            Transfers,
            settings=settings(
                max_examples=examples,
                stateful_step_count=steps,
                deadline=None,
                phases=phases,
                suppress_health_check=list(HealthCheck),
                print_blob=True,
            ),
        )


@pytest.mark.timeout(400)
def test_transfers_equal_the_paper_after_every_step(kept_book: Book) -> None:
    _run(kept_book, examples=20, steps=20)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_machine_sees_goods_that_arrive_at_the_average_of_the_road(
    kept_book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = transfer_postings.transfer_receipt_posting

    def wrong(*arguments: Any) -> Any:
        posting = right(*arguments)
        return replace(
            posting,
            stock=tuple(
                replace(half, follows=None) if half.quantity < 0 else half for half in posting.stock
            ),
        )

    monkeypatch.setattr(transfer_receipts, "transfer_receipt_posting", wrong)
    with pytest.raises(AssertionError):
        _run(kept_book, examples=200, steps=30, phases=[Phase.generate])
