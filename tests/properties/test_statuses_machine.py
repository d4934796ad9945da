"""Random scrap, overages, status changes, inspections and returns, against goods kept on paper.

The paper knows how much of each status there is, what is promised, what of each receipt was
inspected, and what every entry is worth by its own replay; it shares no code with the ledger.
"""

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, ClassVar

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule, run_state_machine_as_test

from hengcang.books.models import Book
from hengcang.books.switch import using_book
from hengcang.kernel.actor import SYSTEM
from hengcang.kernel.errors import Refused
from hengcang.ledger.entries import StockStatus
from hengcang.ledger.models import CostScope
from hengcang.purchasing.actions import inspections
from hengcang.purchasing.actions import returns as purchase_returns
from hengcang.purchasing.awaiting import still_unseen
from hengcang.purchasing.inspection_postings import inspection_posting
from tests.documents.trade import reversed_, sold
from tests.properties import oracle, real
from tests.properties.company import Company
from tests.properties.oracle import Fact, line_money
from tests.properties.whole.walking import walk
from tests.purchasing.inspected import came_unseen, inspected, to_inspect
from tests.stock.adjusted import changed, found_more, scrapped
from tests.worlds import TODAY, draft, line, target, world

days = st.sampled_from([date(2026, 11, n) for n in (3, 5, 8, 12)] + [TODAY])
quantities = st.sampled_from(["1", "2", "3", "5", "0.333333"])
prices = st.sampled_from(["10", "3.3333", "0.125", "0.01"])
STATUSES = ("good", "qc", "defect", "frozen")
statuses = st.sampled_from(STATUSES)


@dataclass
class Came:
    """A receipt of one line. `unseen`: sent back without inspection."""

    row: Any
    fact: int
    quantity: Fraction
    inspected: Fraction = Fraction(0)
    unseen: Fraction = Fraction(0)
    returned: Fraction = Fraction(0)


@dataclass
class Done:
    """A posted paper, its entries, and what undoing it takes back of a receipt."""

    row: Any
    dated: date
    facts: list[int]
    came: Came | None = None
    own: dict[str, Fraction] = field(default_factory=dict)
    undone: bool = False


DONE = {
    "purchase_receipt", "quality_inspection", "rejected", "status_change", "scrap", "overage",
    "purchase_return", "undone",
}  # fmt: skip


class Statuses(Company):
    """Item 0 in one place, which needs inspection. `did`: how often each verb was done."""

    did: ClassVar[Counter[str]] = Counter()

    @initialize(scope=st.sampled_from(list(CostScope)))
    def open_books(self, scope: CostScope) -> None:
        self.world = world(items=1, warehouses=1, scope=scope)
        to_inspect(self.world)
        self.facts: list[Fact] = []
        self.reserved = Fraction(0)
        self.came: list[Came] = []
        self.done: list[Done] = []
        self.find("20", "3.3333", date(2026, 11, 2))

    # ---- what people do

    @rule(quantity=quantities, price=prices, dated=days)
    def receive(self, quantity: str, price: str, dated: date) -> None:
        value = line_money(quantity, price, "0", includes_tax=True)[2]
        new = [self._fact("qc", Fraction(quantity), dated, value=value)]
        row = self._both(new, lambda: came_unseen(self.world, quantity, price, dated))
        if row is not None:
            came = Came(row, new[0].position, Fraction(quantity))
            self.came.append(came)
            self._keep(row, dated, new, came)

    @precondition(lambda self: self.came)
    @rule(data=st.data(), part=quantities, bad=st.sampled_from([0, 1, 2]), dated=days)
    def inspect(self, data: Any, part: str, bad: int, dated: date) -> None:
        came = data.draw(st.sampled_from(self.came))
        size = Fraction(part)
        rejected = size * bad / 2
        rejected = Fraction(int(rejected * 10**6), 10**6)
        new = [self._fact("qc", -size, dated, moves=True)]
        for status, quantity in (("good", size - rejected), ("defect", rejected)):
            if quantity:
                more = {"ahead": len(new), "moves": True, "origin": new[0].position}
                new.append(self._fact(status, quantity, dated, **more))
        fine = self._stands(came) and size <= came.quantity - came.inspected - came.unseen
        text = str(Decimal(rejected.numerator) / rejected.denominator)
        row = self._both(
            new, lambda: inspected(self.world, came.row, part, text, dated=dated), fine=fine
        )
        if row is not None:
            self.did["rejected"] += rejected > 0
            came.inspected += size
            self._keep(row, dated, new, came, inspected=size)

    @rule(begin=statuses, end=statuses, quantity=quantities, dated=days)
    def change(self, begin: str, end: str, quantity: str, dated: date) -> None:
        if begin == end:
            return
        size = Fraction(quantity)
        first = self._fact(begin, -size, dated, moves=True)
        second = self._fact(end, size, dated, ahead=1, moves=True, origin=first.position)
        new = [first, second]
        row = self._both(new, lambda: changed(self.world, quantity, end, begin, dated))
        if row is not None:
            self._keep(row, dated, new)

    @rule(status=statuses, quantity=quantities, dated=days)
    def scrap(self, status: str, quantity: str, dated: date) -> None:
        new = [self._fact(status, -Fraction(quantity), dated)]
        row = self._both(new, lambda: scrapped(self.world, quantity, dated, stock_status=status))
        if row is not None:
            self._keep(row, dated, new)

    @rule(quantity=quantities, price=st.none() | prices, dated=days)
    def find(self, quantity: str, price: str | None, dated: date) -> None:
        value = self._value(quantity, price)
        new = [self._fact("good", Fraction(quantity), dated, value=value or 0)]
        row = self._both(
            new, lambda: found_more(self.world, quantity, price, dated), fine=value is not None
        )
        if row is not None:
            self._keep(row, dated, new)

    @rule(quantity=quantities)
    def promise(self, quantity: str) -> None:
        """An order holds what is there, and no more."""
        sold(self.world, quantity)
        self.reserved += max(
            Fraction(0), min(Fraction(quantity), self._there("good") - self.reserved)
        )
        self._compare()

    @precondition(lambda self: self.came)
    @rule(data=st.data(), status=st.sampled_from(["good", "qc", "defect"]), part=quantities,
          dated=days)  # fmt: skip
    def send_back(self, data: Any, status: str, part: str, dated: date) -> None:
        came = data.draw(st.sampled_from(self.came))
        size, unseen = Fraction(part), Fraction(part) if status == "qc" else Fraction(0)
        new = [self._fact(status, -size, dated, origin=came.fact)]
        fine = self._stands(came) and size <= came.quantity - came.returned
        fine = fine and unseen <= came.quantity - came.inspected - came.unseen
        fine = fine and dated >= self.facts[came.fact].dated
        row = self._both(new, lambda: self._returned(came, part, status, dated), fine=fine)
        if row is not None:
            came.returned += size
            came.unseen += unseen
            self._keep(row, dated, new, came, returned=size, unseen=unseen)

    def _returned(self, came: Came, part: str, status: str, dated: date) -> Any:
        source = came.row.lines.get().pk
        typed = line(self.world.items[0], part, source_line_id=source, stock_status=status)
        filled = draft(self.world.warehouses[0], [typed], dated, self.world.supplier)
        saved = purchase_returns.save_return(filled, actor=SYSTEM)
        return purchase_returns.post_return(target(saved), actor=SYSTEM)

    @precondition(lambda self: any(not d.undone for d in self.done))
    @rule(data=st.data())
    def take_back(self, data: Any) -> None:
        done = data.draw(st.sampled_from([d for d in self.done if not d.undone]))
        came = done.came
        is_receipt = came is not None and came.row is done.row
        fine = not (is_receipt and came and (came.inspected or came.returned))
        new = self._mirrored(done)
        if self._both(new, lambda: reversed_(done.row), fine=fine) is not None:
            done.undone = True
            self.did["undone"] += 1
            for name, quantity in done.own.items():
                setattr(came, name, getattr(came, name) - quantity)
            self._compare()

    # ---- on paper

    def _keep(
        self, row: Any, dated: date, new: list[Fact], came: Came | None = None, **own: Fraction
    ) -> None:
        self.did[row.kind] += 1
        self.done.append(Done(row, dated, [f.position for f in new], came, own))
        self._compare()

    def _stands(self, came: Came) -> bool:
        return not any(d.undone for d in self.done if d.row is came.row)

    def _fact(self, status: str, quantity: Fraction, dated: date, **more: Any) -> Fact:
        position = len(self.facts) + more.pop("ahead", 0)
        key = (status, "move" if more.pop("moves", False) else "cost")
        return Fact(position, dated, key, quantity, **more)

    def _mirrored(self, done: Done) -> list[Fact]:
        booked = [self.facts[p] for p in sorted(done.facts, reverse=True)]
        return [
            Fact(len(self.facts) + n, done.dated, f.key, -f.quantity, None, f.position, undoes=True)
            for n, f in enumerate(booked)
        ]

    def _worth(self) -> Any:
        valued = [
            Fact(f.position, f.dated, 0, f.quantity, f.value, f.origin, f.undoes)
            for f in self.facts
            if f.key[1] == "cost"  # type: ignore[index]
        ]
        return oracle.replayed(valued)

    def _value(self, quantity: str, price: str | None) -> int | None:
        """Cents: at the stated cost, else at the average of now."""
        if price is not None:
            return int(line_money(quantity, price, "0", includes_tax=True)[2])
        worth = self._worth()
        if worth.quantity.get(0, 0) <= 0:
            return None
        exact = Fraction(quantity) * worth.value[0] / worth.quantity[0]
        return int(exact + Fraction(1, 2))

    def _there(self, status: str) -> Fraction:
        return sum((f.quantity for f in self.facts if f.key[0] == status), Fraction(0))  # type: ignore[index]

    def _both(self, new: list[Fact], act: Any, *, fine: bool = True) -> Any:
        """Paper and books do it, or both refuse and no row has changed."""
        fine = fine and self._nothing_short([*self.facts, *new], new)
        before, refusal, made = real.digest(), "", None
        try:
            with transaction.atomic():
                made = act()
        except Refused as refused:
            refusal = refused.code
        assert fine == (not refusal), refusal or "should have been refused"
        if refusal:
            assert real.digest() == before
            return None
        self.facts += new
        return made

    def _nothing_short(self, facts: list[Fact], new: list[Fact]) -> bool:
        """No status runs below nothing on any day, and what is promised is there."""
        for status in {f.key[0] for f in new if f.quantity < 0}:  # type: ignore[index]
            running = Fraction(0)
            for fact in sorted(facts, key=lambda f: (f.dated, f.position)):
                running += fact.quantity if fact.key[0] == status else 0  # type: ignore[index]
                if running < 0:
                    return False
        out = sum((f.quantity for f in new if f.key[0] == "good"), Fraction(0))  # type: ignore[index]
        return out >= 0 or self._there("good") + out >= self.reserved

    def _compare(self) -> None:
        worth = self._worth()
        assert real.entries() == [
            (f.dated, f.quantity, worth.values.get(f.position), worth.variances.get(f.position, 0))
            for f in self.facts
        ]
        found = real.rows("SELECT status, quantity FROM ledger_stockbalance WHERE quantity <> 0")
        assert {s: Fraction(q) for s, q in found} == {
            s: there for s in STATUSES if (there := self._there(s))
        }
        (held,) = real.rows("SELECT on_hand, reserved FROM ledger_availability")
        assert tuple(map(Fraction, held)) == (self._there("good"), self.reserved)
        open_ = [c.quantity - c.inspected - c.unseen for c in self.came if self._stands(c)]
        waiting = sum(map(Fraction, still_unseen().values()), Fraction(0))
        assert waiting == min(sum(open_, Fraction(0)), self._there("qc"))
        for came in self.came:
            told = came.row.lines.get()
            assert (told.qty_inspected, told.qty_returned) == (came.inspected, came.returned)


def _run(book: Book, examples: int, steps: int, phases: Any = tuple(Phase)) -> None:
    how = settings(
        max_examples=examples,
        deadline=None,
        phases=phases,
        suppress_health_check=list(HealthCheck),
        print_blob=True,
    )
    with using_book(book.code):
        walk(Statuses, steps, how)


@pytest.mark.timeout(400)
def test_statuses_equal_the_paper_after_every_step(kept_book: Book) -> None:
    with using_book(kept_book.code):
        run_state_machine_as_test(
            Statuses,
            settings=settings(
                max_examples=15,
                stateful_step_count=20,
                deadline=None,
                suppress_health_check=list(HealthCheck),
                print_blob=True,
            ),
        )


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_walks_through_every_verb_equal_the_paper(kept_book: Book) -> None:
    Statuses.did.clear()
    _run(kept_book, examples=40, steps=25)
    assert {verb for verb in DONE if Statuses.did[verb] < 3} == set(), dict(Statuses.did)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_machine_sees_rejected_goods_that_are_good(
    kept_book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = inspection_posting

    def wrong(*arguments: Any) -> Any:
        posting = right(*arguments)
        good = [replace(ln, key=replace(ln.key, status=StockStatus.GOOD)) for ln in posting.stock]
        return replace(posting, stock=(posting.stock[0], *good[1:]))

    monkeypatch.setattr(inspections, "inspection_posting", wrong)
    with pytest.raises(AssertionError):
        _run(kept_book, examples=100, steps=20, phases=[Phase.generate])
