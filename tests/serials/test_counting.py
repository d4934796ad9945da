"""Goods with serial numbers are counted piece by piece, while they move."""

from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction

from hengcang.kernel.actor import SYSTEM
from hengcang.kernel.errors import Refused
from hengcang.kernel.refusals import sentence
from hengcang.places.models import BinLocation
from hengcang.register.verify import verify_books
from hengcang.stock.actions import counts, tallies
from hengcang.stock.count_drafts import CountEntry, Mode, Recount, Which
from hengcang.stock.models import StockTally
from hengcang.stock.piece_models import TallyPiece
from hengcang.stock.piece_variance import piece_variance
from tests.documents.trade import reversed_
from tests.serials.pieces import numbers, posted, received, shop, sold, steps, where
from tests.stock.counted import posted as counted_and_posted
from tests.stock.counted import said, started
from tests.worlds import World, target

pytestmark = pytest.mark.usefixtures("book")


def scan(count: Any, made: World, serials: str, mode: Mode = Mode.ADD, **more: Any) -> None:
    pieces = numbers(serials)
    quantity = Decimal(more.pop("quantity", len(pieces)))
    entry = CountEntry(made.items[0].pk, quantity, serials=pieces, **more)
    tallies.record_counts(count.pk, [entry], mode, uuid4(), actor=SYSTEM)


def refused(work: Any, *arguments: Any, **more: Any) -> set[str]:
    """The codes; nothing is recorded."""
    before = StockTally.objects.count(), TallyPiece.objects.count()
    with pytest.raises(Refused) as told, transaction.atomic():
        work(*arguments, **more)
    assert before == (StockTally.objects.count(), TallyPiece.objects.count())
    return {part.code for part in getattr(told.value, "refusals", [told.value])}


def told(count: Any) -> dict[str, str]:
    count.refresh_from_db()
    return {one.serial_no: one.finding for one in piece_variance(SYSTEM, count)}


def finish(count: Any, made: World, **more: Any) -> Any:
    return counted_and_posted(said(count, made.items[0], **more))


def test_missing_and_found_pieces_are_adjusted_by_name() -> None:
    made = shop()
    received(made, "A1-4")
    count = started(made)
    scan(count, made, "A1-2")
    scan(count, made, "A4 N1")
    assert told(count) == {"A3": "missing", "N1": "found"}
    done = finish(count, made)
    assert (where("A3"), where("N1"), where("A1")) == ("missing", "in_stock", "in_stock")
    assert len(steps("A1")) == 1, "what is in its place does not move"
    line = done.lines.get()
    assert (line.counted, line.book, line.quantity) == (4, 4, 0)
    assert told(done) == {"A3": "missing", "N1": "found"}
    assert verify_books() == []
    reversed_(done)
    assert (where("A3"), where("N1")) == ("in_stock", "new")
    assert verify_books() == []


def test_only_whole_numbers_of_named_pieces_are_recorded() -> None:
    made = shop()
    received(made, "A1-4")
    count = started(made)
    assert refused(scan, count, made, "", quantity=3) == {"count_serials"}
    assert refused(scan, count, made, "A1", quantity=2) == {"count_serials"}
    assert refused(scan, count, made, "A1 A1") == {"serial_twice"}
    assert refused(scan, count, made, "A1", quantity=-1) == {"serial_not_counted"}
    scan(count, made, "A1")
    assert refused(scan, count, made, "A2 A1") == {"serial_counted"}
    entry = CountEntry(made.items[1].pk, Decimal(1), serials=("A1",))
    work = tallies.record_counts
    assert refused(work, count.pk, [entry], Mode.ADD, uuid4(), actor=SYSTEM) == {
        "serials_not_tracked"
    }
    scan(count, made, "A1", quantity=-1)
    scan(count, made, "A2 A1")
    assert verify_books() == []


def test_a_place_counted_anew_replaces_its_pieces_and_a_recount_forgets_them() -> None:
    made = shop()
    received(made, "A1-3")
    count = started(made)
    scan(count, made, "A1-3", zone="东")
    scan(count, made, "A1-2", Mode.SET, zone="东")
    assert told(count) == {"A3": "missing"}
    count = counts.submit_stock_count(target(count), actor=SYSTEM)
    counts.recount_stock_count(target(count), Recount((made.items[0].pk,)), actor=SYSTEM)
    count.refresh_from_db()
    assert told(count) == {}
    scan(count, made, "A1-3")
    finish(count, made)
    assert where("A3") == "in_stock"
    assert verify_books() == []


def test_goods_move_while_they_are_counted() -> None:
    made = shop()
    received(made, "A1-5")
    count = started(made)
    scan(count, made, "A1-2")
    sold(made, "A1")  # after it was scanned
    sold(made, "A3")  # before anybody scanned it, but after its shelf was begun
    received(made, "B1")  # comes in and nobody scans it
    scan(count, made, "A4")
    assert told(count) == {"A5": "missing"}
    sold(made, "A5")
    assert told(count) == {}, "the delivery says where it is"
    finish(count, made)
    assert where("B1") == where("A2") == "in_stock"
    assert verify_books() == []


def test_a_piece_that_the_books_have_elsewhere_is_named_and_not_conjured_up() -> None:
    made = shop()
    received(made, "A1-2")
    received(made, "B1", place=1)
    sold(made, "A2")
    count = started(made)
    scan(count, made, "A1 A2 B1")
    assert told(count) == {"A2": "elsewhere", "B1": "elsewhere"}
    books = {one.serial_no: one.book_place for one in piece_variance(SYSTEM, count)}
    assert made.customer.name in books["A2"]
    assert books["B1"] == "2号仓"
    with pytest.raises(Refused) as caught, transaction.atomic():
        finish(count, made)
    parts = getattr(caught.value, "refusals", [caught.value])
    assert {part.code for part in parts} == {"serial_of_other", "serial_in_stock"}
    assert "A2" in sentence(parts[0])
    scan(count, made, "A2 B1", quantity=-2)
    finish(count, made)
    assert where("A2") == "customer"
    assert verify_books() == []


@pytest.fixture
def shelves(book: object) -> World:
    """A1 and A2 lie in bin X, B1 in bin Y."""
    made = shop()
    place = made.warehouses[0]
    place.uses_bins = True
    place.save()
    for code in "XY":
        BinLocation.objects.create(warehouse=place, code=code)
    received(made, "A1-2", bin_code="X")
    received(made, "B1", bin_code="Y")
    return made


def test_a_piece_in_the_wrong_bin_changes_its_place_and_no_cost(shelves: World) -> None:
    count = started(shelves)
    scan(count, shelves, "A1")
    scan(count, shelves, "B1 A2", which=Which(bin_code="Y"))
    assert told(count) == {"A2": "moved"}
    done = finish(count, shelves)
    assert steps("A2")[-1] == ("in_stock", "in_stock")
    lines = {line.bin.code: line.quantity for line in done.lines.select_related("bin")}
    assert lines == {"X": -1, "Y": 1}
    assert verify_books() == []
    posted(shelves, "bin_move", "A2", to_bin_code="X")
    assert verify_books() == []


def test_a_sheet_of_numbers_is_counted_or_refused_whole() -> None:
    made = shop()
    received(made, "A1-3")
    count = started(made)
    code, other = made.items[0].code, made.items[1].code
    line = "{}\t{}\t\t\t\t\t\t\t\t\t\t{}".format

    def sheet(*lines: str) -> None:
        tallies.record_sheet(count.pk, "\n".join(lines), uuid4(), actor=SYSTEM)

    assert refused(sheet, line(code, 2, "A1;A1")) == {"serial_twice"}
    assert refused(sheet, line(code, 2, "A1"), line(code, 1, "A2*x")) >= {"serial_run_unreadable"}
    assert refused(sheet, line(other, 1, "A1")) == {"serials_not_tracked"}
    sheet(line(code, 1, "A1"), line(code, 2, "A2;A3"))
    assert told(count) == {}
    finish(count, made)
    assert verify_books() == []
