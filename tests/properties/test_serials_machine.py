"""Random lives of single pieces against a dict of where each one is; the books agree every time.

The dict knows places and the documents that put each piece there, nothing of states or steps.
"""

from dataclasses import dataclass, field, replace
from decimal import Decimal
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
from hengcang.ledger import serial_counting, serial_fit, serials
from hengcang.ledger.serial_models import SerialState
from hengcang.places.transit import transit_id
from hengcang.register.verify import verify_books
from hengcang.stock.actions import counts, tallies
from hengcang.stock.count_drafts import CountDraft, CountEntry, CountScope, Mode
from tests.documents.trade import REVERSE
from tests.properties.company import Company
from tests.serials.pieces import made_of, part, posted, shop
from tests.stock.counted import posted as counted_and_posted
from tests.stock.counted import said
from tests.worlds import TODAY, World, target

POOL = [f"P{n}" for n in range(5)]
MADE = ["R0", "R1"]  # pieces of the item that is made of the others
pieces = st.lists(st.sampled_from(POOL), min_size=1, max_size=3, unique=True)
products = st.sampled_from(MADE)
places = st.integers(0, 1)
conditions = st.sampled_from(["good", "defect", "qc"])


@dataclass
class Paper:
    """A posted document: what each piece was before, as (where, its condition there)."""

    row: Any
    kind: str
    moved: dict[str, tuple[str, str]]
    origin: "Paper | None" = None
    reversed: bool = False
    place: int = 0


@dataclass
class Piece:
    """Where it is (a place's number, way, or a word), its condition in stock, and the papers that
    brought it there.
    """

    at: str = "new"
    condition: str = "good"
    trail: list[Paper] = field(default_factory=list)


class Lives(Company):
    """Two warehouses, five pieces of an item, two of another that is made of them."""

    @initialize()
    def open_books(self) -> None:
        self.world: World = shop(items=2)
        self.posted_papers: list[Paper] = []
        self.pieces = {serial: Piece() for serial in POOL + MADE}
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
        origin, condition = more.pop("origin", None), more.pop("condition", "good")
        made = self._try(lambda: posted(self.world, kind, " ".join(serials), **more), fine=fine)
        if made is not None:
            paper = Paper(made, kind, {}, origin, place=more.get("place", 0))
            self._moved(paper, dict.fromkeys(serials, (to, condition)))

    def _moved(self, paper: Paper, ends: dict[str, tuple[str, str]]) -> None:
        """The paper is posted and has put these pieces there."""
        self.posted_papers.append(paper)
        for serial, (to, condition) in ends.items():
            piece = self.pieces[serial]
            paper.moved[serial] = piece.at, piece.condition
            piece.at, piece.condition = to, condition
            piece.trail.append(paper)

    def _are(self, serials: list[str], *conditions: str) -> bool:
        return all(self.pieces[serial].condition in conditions for serial in serials)

    def _all(self, serials: list[str], *wanted: str) -> bool:
        return all(self.pieces[serial].at in wanted for serial in serials)

    @rule(serials=pieces, place=places)
    def buy(self, serials: list[str], place: int) -> None:
        fine = self._all(serials, "new", "supplier")
        self._post("purchase_receipt", serials, str(place), fine, place=place)

    @rule(serials=pieces, place=places)
    def sell(self, serials: list[str], place: int) -> None:
        fine = self._all(serials, str(place)) and self._are(serials, "good")
        self._post("sales_delivery", serials, "customer", fine, place=place)

    @rule(serials=pieces, place=places)
    def scrap(self, serials: list[str], place: int) -> None:
        fine = self._all(serials, str(place))
        self._post("other_issue", serials, "issued", fine, place=place)

    @rule(serials=pieces, place=places)
    def find(self, serials: list[str], place: int) -> None:
        fine = self._all(serials, "new", "issued", "missing")
        self._post("other_receipt", serials, str(place), fine, place=place, unit_cost=5)

    @rule(serials=pieces, place=places)
    def ship(self, serials: list[str], place: int) -> None:
        to = {"to_warehouse_id": self.world.warehouses[1 - place].pk}
        condition = self.pieces[serials[0]].condition
        serials = [s for s in serials if self.pieces[s].condition == condition]  # on one line
        fine = self._all(serials, str(place))
        more = {"place": place, "header": to, "condition": condition}
        self._post("stock_transfer", serials, "way", fine, **more)

    @rule(serials=pieces, place=places, condition=conditions)
    def judge(self, serials: list[str], place: int, condition: str) -> None:
        fine = self._all(serials, str(place))
        fine = fine and all(self.pieces[s].condition != condition for s in serials)
        more = {"place": place, "condition": condition, "to_status": condition}
        if condition == "good":
            more["stock_status"] = "defect"  # what the line says; the pieces say it themselves
        self._post("status_change", serials, str(place), fine, **more)

    @rule(serials=pieces, place=places)
    def throw_away(self, serials: list[str], place: int) -> None:
        fine = self._all(serials, str(place))
        self._post("scrap", serials, "issued", fine, place=place)

    @rule(serials=pieces, place=places)
    def turn_up(self, serials: list[str], place: int) -> None:
        fine = self._all(serials, "new", "issued", "missing")
        self._post("overage", serials, str(place), fine, place=place, unit_cost=5)

    @rule(serials=pieces, place=places)
    def buy_unseen(self, serials: list[str], place: int) -> None:
        fine = self._all(serials, "new", "supplier")
        more = {"place": place, "condition": "qc", "stock_status": "qc"}
        self._post("purchase_receipt", serials, str(place), fine, **more)

    @precondition(lambda self: self._unseen())
    @rule(data=st.data(), serials=pieces, bad=pieces)
    def inspect(self, data: Any, serials: list[str], bad: list[str]) -> None:
        origin = data.draw(st.sampled_from(self._unseen()))
        bad, here = [s for s in serials if s in bad], str(origin.place)
        fine = self._all(serials, here) and self._are(serials, "qc")
        fine = fine and all(s in origin.moved for s in serials)
        done = [p for p in self._open("quality_inspection") if p.origin is origin]
        fine = fine and sum(len(p.moved) for p in done) + len(serials) <= len(origin.moved)
        source = origin.row.lines.get().pk
        stated = {"rejected_serials": tuple(bad), "reject_cause": "坏" if bad else ""}
        more = {"place": origin.place, "source_line_id": source, **stated}
        made = self._try(
            lambda: posted(self.world, "quality_inspection", " ".join(serials), **more), fine=fine
        )
        if made is not None:
            ends = {s: (here, "defect" if s in bad else "good") for s in serials}
            self._moved(Paper(made, "quality_inspection", {}, origin, place=origin.place), ends)

    def _unseen(self) -> list[Paper]:
        return [p for p in self._open("purchase_receipt") if p.row.lines.get().stock_status == "qc"]

    @rule(serials=pieces, product=products, place=places)
    def build(self, serials: list[str], product: str, place: int) -> None:
        fine = self._all(serials, str(place)) and self._all([product], "new", "apart")
        work = part(self.world, " ".join(serials))
        made = self._try(
            lambda: made_of(self.world, "assembly", product, work, place=place), fine=fine
        )
        if made is not None:
            ends = dict.fromkeys(serials, (f"in {product}", "good"))
            paper = Paper(made, "assembly", {}, place=place)
            self._moved(paper, ends | {product: (str(place), "good")})

    @rule(serials=pieces, product=products, place=places)
    def take_apart(self, serials: list[str], product: str, place: int) -> None:
        fine = self._all([product], str(place)) and self._all(serials, "new", f"in {product}")
        work = part(self.world, " ".join(serials))
        made = self._try(
            lambda: made_of(self.world, "disassembly", product, work, place=place), fine=fine
        )
        if made is not None:
            ends = dict.fromkeys(serials, (str(place), "good"))
            paper = Paper(made, "disassembly", {}, place=place)
            self._moved(paper, ends | {product: ("apart", "good")})

    @rule(serials=pieces, place=places)
    def count(self, serials: list[str], place: int) -> None:
        """What is scanned is there; what is not, of the conditions that were counted, is not."""
        here = str(place)
        there = [s for s in serials if self.pieces[s].at == here]
        strange = [s for s in serials if s not in there]
        counted = {self.pieces[s].condition for s in there} | ({"good"} if strange else set())
        lost = [
            s
            for s in POOL
            if s not in serials
            and self.pieces[s].at == here
            and self.pieces[s].condition in counted
        ]
        fine = self._all(strange, "new", "issued", "missing")
        made = self._try(lambda: counted_in(self.world, place, serials), fine=fine)
        if made is not None:
            ends = dict.fromkeys(lost, ("missing", "good"))
            paper = Paper(made, "stock_count", {}, place=place)
            self._moved(paper, ends | dict.fromkeys(strange, (here, "good")))

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
        condition = self.pieces[serials[0]].condition if fine else "good"
        self._post("transfer_receipt", serials, str(place), fine, condition=condition, **more)

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
        for serial, before in paper.moved.items():
            self.pieces[serial].at, self.pieces[serial].condition = before
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
                assert state.stock.status == piece.condition, serial
            else:
                place = "built_in" if piece.at.startswith("in ") else piece.at
                assert (state.place if state else "new") == place, serial
        assert verify_books() == []


def counted_in(made: World, place: int, serials: list[str]) -> Any:
    """A posted count of the first item, by these pieces."""
    item = made.items[0].pk
    planned = CountDraft(
        uuid4(), TODAY, made.warehouses[place].pk, CountScope.ITEMS, item_ids=(item,)
    )
    count = counts.save_stock_count(planned, actor=SYSTEM)
    count = counts.start_stock_count(target(count), actor=SYSTEM)
    entry = CountEntry(item, Decimal(len(serials)), serials=tuple(serials))
    tallies.record_counts(count.pk, [entry], Mode.ADD, uuid4(), actor=SYSTEM)
    return counted_and_posted(said(count, made.items[0], unit_cost=Decimal(5)))


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


@pytest.mark.timeout(400)
def test_the_machine_sees_a_count_that_loses_what_was_scanned(
    kept_book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = serial_counting._DIFFER
    wrong = right.replace("WHERE k.item = n.item_id AND k.no = n.serial_no", "WHERE false")
    assert wrong != right
    monkeypatch.setattr(serial_counting, "_DIFFER", wrong)
    with pytest.raises(AssertionError):
        _run(kept_book, examples=40, phases=[Phase.generate])


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_machine_sees_parts_that_come_out_of_any_product(
    kept_book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serial_fit.Checks, "_may_be_made", lambda *_: True)
    with pytest.raises(AssertionError):
        _run(kept_book, examples=200, phases=[Phase.generate])


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_machine_sees_a_return_that_takes_a_piece_of_another_sale(
    kept_book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = tuple(check for check in serial_fit._WRONG if check[0] != "serial_not_of_origin")
    monkeypatch.setattr(serial_fit, "_WRONG", kept)
    with pytest.raises(AssertionError):
        _run(kept_book, examples=200, phases=[Phase.generate])
