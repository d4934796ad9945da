"""Shops ask, headquarters allocates, transfers ship, arrive and are undone, against a paper of
its own: requested = allocated + open, after every step; the books agree with themselves at the end.
"""

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from hengcang.books.models import Book
from hengcang.books.switch import using_book
from hengcang.documents.reversal import Undo
from hengcang.kernel.actor import SYSTEM
from hengcang.kernel.errors import Refused
from hengcang.stock import bound
from hengcang.stock.actions import shop_requests, transfers
from hengcang.stock.actions.allocating import allocate_requests
from hengcang.stock.allocation import DeskFilter, desk
from hengcang.stock.models import ShopRequest, ShopRequestLine, StockTransfer
from tests.documents.trade import received
from tests.properties.company import Company
from tests.stock.requested import allocation, request_draft, requested
from tests.worlds import TODAY, World, line, target, world

quantities = st.integers(1, 6)


@dataclass
class Wish:
    """A request of one line, on paper."""

    pk: int
    line: int
    shop: int
    asked: int
    forced: bool = False


@dataclass
class Trip:
    """A transfer of one line for a wish."""

    pk: int
    wish: Wish
    quantity: int
    state: str = "draft"


class Requests(Company):
    """One item, one supplying warehouse, two shops; every act is judged on paper first."""

    @initialize()
    def open_books(self) -> None:  # type: ignore[override]
        self.world: World = world(items=1, warehouses=3)
        self.there = 0
        self.wishes: list[Wish] = []
        self.trips: list[Trip] = []
        self.buy(8)
        self.ask(1, 5)
        self.ask(2, 4)

    @rule(quantity=quantities)
    def buy(self, quantity: int) -> None:
        received(self.world, str(quantity), "3")
        self.there += quantity

    @rule(shop=st.sampled_from([1, 2]), quantity=quantities)
    def ask(self, shop: int, quantity: int) -> None:
        made = requested(self.world, str(quantity), shop=shop)
        self.wishes.append(Wish(made.pk, made.lines.get().pk, shop, quantity))
        self.compare()

    @precondition(lambda self: self.wishes)
    @rule(data=st.data(), quantity=quantities)
    def allocate(self, data: Any, quantity: int) -> None:
        wish = data.draw(st.sampled_from(self.wishes))
        source = ShopRequestLine.objects.get(pk=wish.line)
        asked = allocation(self.world, (source, str(quantity)))
        free = max(self.there - self.planned(), 0)
        fine = self.takes(wish) and quantity <= min(self.open(wish), free)
        made = self.both(fine, lambda: allocate_requests(asked, actor=SYSTEM))
        if made:
            self.trips.append(Trip(made[0].pk, wish, quantity))
        self.compare()

    @rule()
    def take_the_proposal(self) -> None:
        """All of it at once is never refused, and never more than is there."""
        rows = [
            r for r in desk(SYSTEM, DeskFilter(self.world.warehouses[0].pk)) if r.share.quantity
        ]
        given = [(r.line, str(r.share.quantity)) for r in rows]
        free = max(self.there - self.planned(), 0)
        wanted = sum(self.open(w) for w in self.wishes if self.takes(w))
        assert sum((r.share.quantity for r in rows), Decimal(0)) == min(free, wanted)
        if not given:
            return
        made = allocate_requests(allocation(self.world, *given), actor=SYSTEM)
        by_line = {w.line: w for w in self.wishes}
        for transfer in made:
            self.split(transfer, by_line)
        self.compare()

    def split(self, transfer: StockTransfer, by_line: dict[int, Wish]) -> None:
        rows = list(transfer.lines.all())
        for row in rows:
            self.trips.append(
                Trip(transfer.pk, by_line[row.source_line_id or 0], int(row.quantity))
            )

    @precondition(lambda self: self.in_state("draft"))
    @rule(data=st.data(), verb=st.sampled_from(["ship", "ship", "ship", "void", "change"]))
    def act(self, data: Any, verb: str) -> None:
        pk = data.draw(st.sampled_from(self.in_state("draft")))
        trips = [t for t in self.trips if t.pk == pk]
        paper = StockTransfer.objects.get(pk=pk)
        if verb == "void":
            transfers.void_transfer(target(paper), actor=SYSTEM)
            self.become(trips, "gone")
        elif verb == "ship":
            whole = sum(t.quantity for t in trips)
            act = lambda: transfers.ship_transfer(target(paper), actor=SYSTEM)  # noqa: E731
            if self.both(whole <= self.there, act):
                self.become(trips, "shipped")
                self.there -= whole
        elif len(trips) == 1:
            self.change(paper, trips[0], data.draw(quantities))
        self.compare()

    def change(self, paper: StockTransfer, trip: Trip, quantity: int) -> None:
        typed = line(self.world.items[0], str(quantity), source_line_id=trip.wish.line)
        filled = replace(
            request_draft(self.world, lines=(typed,)),
            warehouse_id=paper.warehouse_id,
            to_warehouse_id=paper.to_warehouse_id,
        )
        more = quantity - trip.quantity
        fine = more <= 0 or (self.takes(trip.wish) and more <= self.open(trip.wish))
        act = lambda: transfers.change_transfer(target(paper), filled, actor=SYSTEM)  # noqa: E731
        if self.both(fine, act):
            trip.quantity = quantity

    @precondition(lambda self: self.in_state("shipped"))
    @rule(data=st.data())
    def undo(self, data: Any) -> None:
        pk = data.draw(st.sampled_from(self.in_state("shipped")))
        paper = StockTransfer.objects.get(pk=pk)
        transfers.reverse_transfer(target(paper), Undo(uuid4(), "错", TODAY), actor=SYSTEM)
        trips = [t for t in self.trips if t.pk == pk]
        self.become(trips, "gone")
        self.there += sum(t.quantity for t in trips)
        self.compare()

    @precondition(lambda self: self.wishes)
    @rule(data=st.data(), verb=st.sampled_from(["close", "take_back"]))
    def end(self, data: Any, verb: str) -> None:
        wish = data.draw(st.sampled_from(self.wishes))
        row = ShopRequest.objects.get(pk=wish.pk)
        named = any(t.wish is wish for t in self.trips)
        fine = self.takes(wish) and not (verb == "take_back" and named)
        act = lambda: shop_requests.step_shop_request(  # noqa: E731
            target(row), verb, actor=SYSTEM, reason="不要了"
        )
        if self.both(fine, act):
            if verb == "take_back":
                self.wishes.remove(wish)
            else:
                wish.forced = True
        self.compare()

    # ---- on paper

    def in_state(self, state: str) -> list[int]:
        return sorted({t.pk for t in self.trips if t.state == state})

    def become(self, trips: list[Trip], state: str) -> None:
        for trip in trips:
            trip.state = state

    def planned(self) -> int:
        return sum(t.quantity for t in self.trips if t.state == "draft")

    def of(self, wish: Wish, *states: str) -> int:
        return sum(t.quantity for t in self.trips if t.wish is wish and t.state in states)

    def open(self, wish: Wish) -> int:
        return wish.asked - self.of(wish, "draft", "shipped")

    def takes(self, wish: Wish) -> bool:
        return not wish.forced and self.of(wish, "shipped") < wish.asked

    def both(self, fine: bool, act: Any) -> Any:
        """Paper and books do it, or both refuse and nothing has changed."""
        refused, made = "", None
        try:
            with transaction.atomic():
                made = act()
        except Refused as refusal:
            refused = refusal.code
        assert fine == (not refused), refused or "should have been refused"
        return made

    def compare(self) -> None:
        rows = {row.pk: row for row in ShopRequestLine.objects.select_related("document")}
        for wish in self.wishes:
            row, sent = rows[wish.line], self.of(wish, "shipped")
            held = self.of(wish, "draft", "shipped")
            assert (row.quantity, row.qty_allocated, row.qty_fulfilled) == (wish.asked, held, sent)
            expected = "closed" if sent == wish.asked else "approved"
            assert row.document.status == ("closed_forced" if wish.forced else expected)


def _run(book: Book, examples: int, steps: int, phases: Any = tuple(Phase)) -> None:
    with using_book(book.code):
        run_state_machine_as_test(
            Requests,
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
def test_requests_equal_the_paper_after_every_step(kept_book: Book) -> None:
    _run(kept_book, examples=12, steps=20)


@pytest.mark.timeout(400)
def test_the_machine_sees_a_reversal_that_gives_nothing_back(
    kept_book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    def wrong(sources: Any, lines: Any, *, actor: Any) -> None:
        bound.shipped(sources, lines, actor=actor)

    monkeypatch.setattr(bound, "shipped_back", wrong)
    with pytest.raises(AssertionError):
        _run(kept_book, examples=80, steps=30, phases=[Phase.generate])
