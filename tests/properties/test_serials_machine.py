"""Random lives of single pieces against a dict of where each one is; the books agree every time.

The dict knows places and the documents that put each piece there, nothing of states or steps.
"""

from dataclasses import dataclass, field, replace
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule, run_state_machine_as_test

from hengcang.books.models import Book
from hengcang.books.switch import using_book
from hengcang.documents.reversal import Undo
from hengcang.kernel.actor import SYSTEM
from hengcang.kernel.errors import Refused
from hengcang.ledger import serial_fit, serials
from hengcang.ledger.serial_models import SerialState
from hengcang.places.transit import transit_id
from hengcang.register.verify import verify_books
from tests.documents.trade import REVERSE
from tests.properties.company import Company
from tests.serials.pieces import posted, shop
from tests.worlds import TODAY, World, target

POOL = [f"P{n}" for n in range(5)]
pieces = st.lists(st.sampled_from(POOL), min_size=1, max_size=3, unique=True)
places = st.integers(0, 1)


@dataclass
class Paper:
    """A posted document: what it took each piece from, and put it to."""

    row: Any
    kind: str
    moved: dict[str, tuple[str, str]]
    origin: "Paper | None" = None
    reversed: bool = False
    place: int = 0


@dataclass
class Piece:
    """Where it is (a place's number, way, or a word), and the papers that brought it there."""

    at: str = "new"
    trail: list[Paper] = field(default_factory=list)


class Lives(Company):
    """One item, two warehouses, five pieces."""

    @initialize()
    def open_books(self) -> None:
        self.world: World = shop()
        self.posted_papers: list[Paper] = []
        self.pieces = {serial: Piece() for serial in POOL}
        self.ids = {str(n): w.pk for n, w in enumerate(self.world.warehouses)}
        self.ids["way"] = transit_id()

    def _try(self, work: Any, *, fine: bool) -> Any:
        refused = made = None
        try:
            with transaction.atomic():
                made = work()
        except Refused as refusal:
            refused = refusal
        assert (refused is None) is fine, refused and (refused.code, refused.facts)
        return made

    def _post(self, kind: str, serials: list[str], to: str, fine: bool, **more: Any) -> None:
        origin = more.pop("origin", None)
        made = self._try(lambda: posted(self.world, kind, " ".join(serials), **more), fine=fine)
        if made is None:
            return
        moved = {serial: (self.pieces[serial].at, to) for serial in serials}
        paper = Paper(made, kind, moved, origin, place=more.get("place", 0))
        self.posted_papers.append(paper)
        for serial in serials:
            self.pieces[serial].at = to
            self.pieces[serial].trail.append(paper)

    def _all(self, serials: list[str], *wanted: str) -> bool:
        return all(self.pieces[serial].at in wanted for serial in serials)

    @rule(serials=pieces, place=places)
    def buy(self, serials: list[str], place: int) -> None:
        fine = self._all(serials, "new", "supplier")
        self._post("purchase_receipt", serials, str(place), fine, place=place)

    @rule(serials=pieces, place=places)
    def sell(self, serials: list[str], place: int) -> None:
        fine = self._all(serials, str(place))
        self._post("sales_delivery", serials, "customer", fine, place=place)

    @rule(serials=pieces, place=places)
    def scrap(self, serials: list[str], place: int) -> None:
        fine = self._all(serials, str(place))
        self._post("other_issue", serials, "issued", fine, place=place)

    @rule(serials=pieces, place=places)
    def find(self, serials: list[str], place: int) -> None:
        fine = self._all(serials, "new", "issued")
        self._post("other_receipt", serials, str(place), fine, place=place, unit_cost=5)

    @rule(serials=pieces, place=places)
    def ship(self, serials: list[str], place: int) -> None:
        to = {"to_warehouse_id": self.world.warehouses[1 - place].pk}
        fine = self._all(serials, str(place))
        self._post("stock_transfer", serials, "way", fine, place=place, header=to)

    def _open(self, kind: str) -> list[Paper]:
        return [paper for paper in self.posted_papers if paper.kind == kind and not paper.reversed]

    def _left_by(self, serials: list[str], origin: Paper) -> bool:
        """Whether that paper put every one of them where it is."""
        trails = [self.pieces[serial].trail for serial in serials]
        return all(trail and trail[-1] is origin for trail in trails)

    @precondition(lambda self: self._open("sales_delivery"))
    @rule(data=st.data(), serials=pieces, place=places)
    def give_back(self, data: Any, serials: list[str], place: int) -> None:
        origin = data.draw(st.sampled_from(self._open("sales_delivery")))
        fine = self._left_by(serials, origin)
        source = origin.row.lines.get().pk
        more = {"place": place, "source_line_id": source, "origin": origin}
        self._post("sales_return", serials, str(place), fine, **more)

    @precondition(lambda self: self._open("stock_transfer"))
    @rule(data=st.data(), serials=pieces)
    def arrive(self, data: Any, serials: list[str]) -> None:
        origin = data.draw(st.sampled_from(self._open("stock_transfer")))
        fine = self._left_by(serials, origin)
        source, place = origin.row.lines.get().pk, 1 - origin.place
        more = {"place": place, "source_line_id": source, "origin": origin}
        self._post("transfer_receipt", serials, str(place), fine, **more)

    @precondition(lambda self: any(not paper.reversed for paper in self.posted_papers))
    @rule(data=st.data())
    def reverse(self, data: Any) -> None:
        paper = data.draw(st.sampled_from([p for p in self.posted_papers if not p.reversed]))
        fine = self._left_by(list(paper.moved), paper)
        fine = fine and not any(p.origin is paper and not p.reversed for p in self.posted_papers)
        paper.row.refresh_from_db()
        undo = Undo(uuid4(), "录错", TODAY)
        made = self._try(
            lambda: REVERSE[paper.kind](target(paper.row), undo, actor=SYSTEM), fine=fine
        )
        if made is None:
            return
        paper.reversed = True
        for serial, (before, _) in paper.moved.items():
            self.pieces[serial].at = before
            self.pieces[serial].trail.pop()

    @invariant()
    def the_books_say_where_every_piece_is(self) -> None:
        if not hasattr(self, "pieces"):
            return
        known = {
            state.serial.serial_no: state
            for state in SerialState.objects.select_related("serial", "stock")
        }
        for serial, piece in self.pieces.items():
            state = known.get(serial)
            if piece.at in self.ids:
                assert state is not None
                assert state.stock is not None, serial
                assert state.stock.warehouse_id == self.ids[piece.at], serial
            else:
                assert (state.place if state else "new") == piece.at, serial
        assert verify_books() == []


def _run(book: Book, examples: int, phases: Any = tuple(Phase)) -> None:
    with using_book(book.code):
        run_state_machine_as_test(
            Lives,
            settings=settings(
                max_examples=examples,
                stateful_step_count=20,
                deadline=None,
                phases=phases,
                suppress_health_check=list(HealthCheck),
                print_blob=True,
            ),
        )


@pytest.mark.timeout(400)
def test_every_piece_is_where_the_paper_says(kept_book: Book) -> None:
    _run(kept_book, examples=20)


@pytest.mark.timeout(400)
def test_the_machine_sees_a_reversal_that_forgets_what_it_uncovered(
    kept_book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = serials._backwards

    def wrong(*arguments: Any) -> Any:
        move = right(*arguments)
        return replace(move, stands_on=move.step)

    monkeypatch.setattr(serials, "_backwards", wrong)
    with pytest.raises(AssertionError):
        _run(kept_book, examples=40, phases=[Phase.generate])


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_machine_sees_a_return_that_takes_a_piece_of_another_sale(
    kept_book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = tuple(check for check in serial_fit._WRONG if check[0] != "serial_not_of_origin")
    monkeypatch.setattr(serial_fit, "_WRONG", kept)
    with pytest.raises(AssertionError):
        _run(kept_book, examples=200, phases=[Phase.generate])
