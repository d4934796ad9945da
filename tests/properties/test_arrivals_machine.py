"""Random arrival notices, receipts by them and by the order, and reversals, against a paper.

The paper knows of each order line what came and of each notice what is announced, received and
open: announced = received + open + closed, and on order never hears of any of it. It shares no code
with the product.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
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
from hengcang.documents import sources
from hengcang.kernel.actor import SYSTEM
from hengcang.kernel.errors import Refused
from hengcang.ledger import queries as books
from hengcang.ledger.queries import StockFilter
from hengcang.partners.models import SupplierProfile
from hengcang.purchasing.actions import arrivals, receipts
from hengcang.purchasing.arrivals import ArrivingFilter, arriving
from hengcang.purchasing.progress import ProgressFilter, awaited
from tests.documents.trade import bought, reversed_
from tests.properties.company import Company
from tests.purchasing import announced as said
from tests.worlds import TODAY, target, world

quantities = st.sampled_from(["1", "2", "3", "5", "0.333333"])
days = st.integers(-2, 9).map(lambda n: TODAY + timedelta(days=n))


@dataclass
class Ordered:
    """An order of one line."""

    row: Any
    quantity: Fraction
    done: Fraction = Fraction(0)


@dataclass
class Told:
    """A notice of one line. `status`: as the flow calls it."""

    row: Any
    order: Ordered
    quantity: Fraction
    due: date
    status: str = "draft"
    done: Fraction = Fraction(0)

    @property
    def open(self) -> Fraction:
        """What is still announced."""
        return max(Fraction(0), self.quantity - self.done) if self.status == "approved" else NONE


@dataclass
class Came:
    """A posted receipt of one line, by a notice or not."""

    row: Any
    order: Ordered
    quantity: Fraction
    told: Told | None = None
    undone: bool = False


@dataclass
class Paper:
    """Everything that was said and done."""

    orders: list[Ordered] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    came: list[Came] = field(default_factory=list)


NONE = Fraction(0)


class Arrivals(Company):
    """Item 0 in one place; half as much again may come as was ordered, or nothing more."""

    @initialize(tolerance=st.sampled_from([0, 50]))
    def open_books(self, tolerance: int) -> None:
        self.world = world(items=1, warehouses=1)
        SupplierProfile.objects.update(over_receipt_rate=tolerance)
        self.granted = 1 + Fraction(tolerance, 100)
        self.kept = Paper()
        self.order("5")

    @rule(quantity=quantities)
    def order(self, quantity: str) -> None:
        self.kept.orders.append(Ordered(bought(self.world, quantity), Fraction(quantity)))
        self._compare()

    @rule(data=st.data(), quantity=quantities, due=days)
    def tell(self, data: Any, quantity: str, due: date) -> None:
        order = data.draw(st.sampled_from(self.kept.orders))
        filled = said.notice_draft(self.world, (order.row, quantity), due=due)
        told = Told(arrivals.save_notice(filled, actor=SYSTEM), order, Fraction(quantity), due)
        self.kept.told.append(told)
        others = sum((t.open for t in self.kept.told if t.order is order), NONE)
        fine = told.quantity <= order.quantity * self.granted - order.done - others
        if self._step(told, "approve", fine=fine):
            told.status = "approved"
        self._compare()

    @precondition(lambda self: self.kept.told)
    @rule(data=st.data(), verb=st.sampled_from(["close", "take_back", "approve", "void"]))
    def step(self, data: Any, verb: str) -> None:
        told = data.draw(st.sampled_from(self.kept.told))
        begins = {"approve": "draft", "void": "draft"}.get(verb, "approved")
        fine = told.status == begins
        if verb == "take_back":
            fine = fine and not any(c.told is told for c in self.kept.came)
        if verb == "approve":
            others = sum((t.open for t in self.kept.told if t.order is told.order), NONE)
            left = told.order.quantity * self.granted - told.order.done - others
            fine = fine and told.quantity <= left
        if self._step(told, verb, fine=fine):
            ends = {"close": "closed_forced", "take_back": "draft", "void": "voided"}
            told.status = ends.get(verb, "approved")
        self._compare()

    @precondition(lambda self: self.kept.told)
    @rule(data=st.data(), part=st.none() | quantities)
    def receive(self, data: Any, part: str | None) -> None:
        live = [told for told in self.kept.told if told.status == "approved"]
        told = data.draw(st.sampled_from([*live, *live, *self.kept.told]))
        size = Fraction(part) if part else told.quantity - told.done
        fine = told.status == "approved" and self._fits(told.order, size)
        row = self._done(lambda: said.came(told.row, part or ""), fine=fine)
        if row is not None:
            told.order.done += size
            told.done += size
            self._follow(told)
            self.kept.came.append(Came(row, told.order, size, told))
        self._compare()

    @rule(data=st.data(), part=quantities)
    def receive_order(self, data: Any, part: str) -> None:
        """Goods come that nobody announced, or nobody says by which notice."""
        order, size = data.draw(st.sampled_from(self.kept.orders)), Fraction(part)
        wanted = {order.row.lines.get().pk: Decimal(part)}
        row = self._done(
            lambda: receipts.receive_order(
                order.row.pk, wanted, on=TODAY, client_uuid=uuid4(), actor=SYSTEM
            ),
            fine=self._fits(order, size),
        )
        if row is not None:
            order.done += size
            self.kept.came.append(Came(row, order, size))
        self._compare()

    @precondition(lambda self: any(not came.undone for came in self.kept.came))
    @rule(data=st.data())
    def undo(self, data: Any) -> None:
        standing = [c for c in self.kept.came if not c.undone]
        by_notice = [c for c in standing if c.told is not None]
        came = data.draw(st.sampled_from([*by_notice, *standing]))
        assert self._done(lambda: reversed_(came.row), fine=True) is not None
        came.undone = True
        came.order.done -= came.quantity
        if came.told is not None:
            came.told.done -= came.quantity
            self._follow(came.told)
        self._compare()

    def _fits(self, order: Ordered, size: Fraction) -> bool:
        return size <= order.quantity * self.granted - order.done

    def _follow(self, told: Told) -> None:
        if told.status != "closed_forced":
            told.status = "closed" if told.done >= told.quantity else "approved"

    def _step(self, told: Told, verb: str, *, fine: bool) -> bool:
        told.row.refresh_from_db()
        act = arrivals.step_notice
        return (
            self._done(
                lambda: act(target(told.row), verb, actor=SYSTEM, reason="说过了"), fine=fine
            )
            is not None
        )

    def _done(self, act: Callable[[], Any], *, fine: bool) -> Any:
        """What the act made; None where paper and product both refuse it."""
        try:
            with transaction.atomic():
                made = act()
        except Refused:
            assert not fine
            return None
        assert fine
        return made

    def _compare(self) -> None:
        for order in self.kept.orders:
            order.row.refresh_from_db()
            line = order.row.lines.get()
            assert Fraction(line.qty_fulfilled) == order.done
            assert (order.row.status == "closed") == (order.done >= order.quantity)
        for told in self.kept.told:
            told.row.refresh_from_db()
            line = told.row.lines.get()
            assert (told.row.status, Fraction(line.qty_fulfilled)) == (told.status, told.done)
        self._compare_sums()

    def _compare_sums(self) -> None:
        rows = books.on_hand(SYSTEM, StockFilter(nonzero=False))
        on_order = sum((max(NONE, o.quantity - o.done) for o in self.kept.orders), NONE)
        came = sum((o.done for o in self.kept.orders), NONE)
        assert sum((Fraction(r.on_hand) for r in rows), NONE) == came
        assert sum((Fraction(r.on_order) for r in rows), NONE) == on_order
        near = [t for t in self.kept.told if t.open and t.due <= TODAY + timedelta(days=7)]
        desk = arriving(SYSTEM, ArrivingFilter(TODAY))
        assert {e.notice.pk: Fraction(e.lines[0].open) for e in desk} == {
            t.row.pk: t.open for t in near
        }
        for row in awaited(SYSTEM, ProgressFilter(limit=500)):
            mine = [t for t in self.kept.told if t.order.row.pk == row.order_id and t.open]
            assert Fraction(row.announced) == sum((t.open for t in mine), NONE)
            assert row.announced_on == max((t.due for t in mine), default=None)


def _run(book: Book, examples: int, steps: int, phases: Any = tuple(Phase)) -> None:
    with using_book(book.code):
        run_state_machine_as_test(
            Arrivals,
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
def test_notices_equal_the_paper_after_every_step(kept_book: Book) -> None:
    _run(kept_book, examples=15, steps=20)


@pytest.mark.timeout(400)
def test_the_machine_sees_a_notice_that_does_not_open_again(
    kept_book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = sources.add_to_lines

    def only_more(model: Any, **changes: Any) -> None:
        """A reversal takes nothing back of the notice."""
        more = {i: q for i, q in changes["qty_fulfilled"].items() if q > 0}
        whole(model, qty_fulfilled=more)

    monkeypatch.setattr("hengcang.purchasing.announced_receipts.add_to_lines", only_more)
    with pytest.raises(AssertionError):
        _run(kept_book, examples=200, steps=25, phases=(Phase.generate,))
