"""Pieces that are scrapped, found, of another status, in another bin, or inspected."""

from decimal import Decimal
from typing import Any, cast
from uuid import uuid4

import pytest

from hengcang.kernel.actor import SYSTEM, Actor
from hengcang.kernel.errors import Refused, RefusedLines
from hengcang.kernel.refusals import sentence
from hengcang.ledger.serial_models import SerialState
from hengcang.ledger.serial_queries import life_of
from hengcang.places.models import BinLocation
from hengcang.purchasing.actions import inspections
from hengcang.register.verify import verify_books
from hengcang.stock.actions import bin_moves, other_issues, scraps
from tests.documents.trade import reversed_
from tests.purchasing.inspected import judged_draft, to_inspect
from tests.serials.pieces import filled, numbers, posted, received, shop, sold, steps, where
from tests.serials.test_moves import refusal
from tests.worlds import TODAY, World, target

pytestmark = pytest.mark.usefixtures("book")


def key_of(serial: str) -> tuple[str, str]:
    """Status and bin of a piece in stock."""
    stock = SerialState.objects.get(serial__serial_no=serial).stock
    assert stock is not None
    place = BinLocation.objects.filter(id=stock.bin_id or 0).first()
    return stock.status, place.code if place else ""


def codes(told: Refused) -> set[str]:
    return {part.code for part in getattr(told, "refusals", [told])}


def test_scrapped_pieces_are_gone_and_can_be_found_again() -> None:
    made = shop()
    received(made, "A1-3")
    scrap = posted(made, "scrap", "A2")
    assert where("A2") == "issued"
    assert codes(refusal(posted, made, "scrap", "A2 X1")) == {"serial_gone", "serial_unknown"}
    assert codes(refusal(posted, made, "scrap", "A1", quantity="2")) == {"serial_count"}
    posted(made, "scrap", quantity="1")
    assert where("A1") == "issued", "first in, first out"
    posted(made, "overage", "A1 N1", unit_cost=4)
    assert steps("N1") == [("new", "in_stock")]
    assert codes(refusal(posted, made, "overage", "A3", unit_cost=4)) == {"serial_in_stock"}
    reversed_(scrap)
    assert where("A2") == "in_stock"
    assert verify_books() == []


def test_a_status_change_takes_the_very_pieces_that_are_named() -> None:
    made = shop()
    received(made, "A1-3")
    change = posted(made, "status_change", "A2", to_status="defect")
    assert key_of("A2") == ("defect", "")
    assert key_of("A1") == ("good", "")
    assert codes(refusal(sold, made, "A2")) == {"not_for_sale"}
    told = refusal(posted, made, "status_change", "A2", to_status="defect")
    assert codes(told) == {"status_unchanged"}
    posted(made, "status_change", quantity="1", stock_status="defect", to_status="frozen")
    assert key_of("A2") == ("frozen", "")
    assert refusal(reversed_, change).code == "serial_moved_on"
    assert verify_books() == []


@pytest.fixture
def shelves(book: object) -> World:
    """Bins X and Y in the first warehouse; A1 to A3 lie in none."""
    made = shop()
    place = made.warehouses[0]
    place.uses_bins = True
    place.save()
    for code in "XY":
        BinLocation.objects.create(warehouse=place, code=code)
    received(made, "A1-3")
    return made


def test_pieces_are_put_into_bins_by_name_or_as_they_came(shelves: World) -> None:
    move = posted(shelves, "bin_move", "A2", to_bin_code="X")
    assert key_of("A2") == ("good", "X")
    told = refusal(posted, shelves, "bin_move", "A2", to_bin_code="X")
    assert codes(told) == {"bin_move_same"}
    posted(shelves, "bin_move", quantity="2", to_bin_code="Y")
    assert key_of("A1") == key_of("A3") == ("good", "Y"), "those that lay in no bin"
    posted(shelves, "bin_move", "A2", to_bin_code="Y")
    assert refusal(reversed_, move).code == "serial_moved_on"
    assert verify_books() == []


def test_everything_that_lies_in_no_bin_is_put_away_with_its_numbers(shelves: World) -> None:
    posted(shelves, "bin_move", "A1", to_bin_code="X")
    place = shelves.warehouses[0]
    draft = bin_moves.put_away(place.pk, on=TODAY, client_uuid=uuid4(), actor=SYSTEM)
    bin_moves.post_bin_move(target(draft), actor=SYSTEM)
    assert {key_of(serial) for serial in ("A1", "A2", "A3")} == {("good", "X")}
    assert verify_books() == []


def judged(made: World, receipt: Any, pieces: str, bad: str = "", **more: Any) -> Any:
    rejected = numbers(bad)
    stated = {"rejected_serials": rejected, "reject_cause": "划伤" if bad else ""} | more
    size = stated.pop("quantity", str(len(numbers(pieces))))
    filled = judged_draft(made, receipt, size, serials=numbers(pieces), **stated)
    saved = inspections.save_inspection(filled, actor=SYSTEM)
    return inspections.post_inspection(target(saved), actor=SYSTEM)


def test_inspected_pieces_are_good_or_bad_by_name() -> None:
    made = shop()
    to_inspect(made)
    receipt, other = received(made, "A1-4"), received(made, "B1-2")
    assert key_of("A1") == ("qc", "")
    told = refusal(judged, made, receipt, "A1-3", "A9", rejected=Decimal(1))
    assert codes(told) == {"rejected_serials"}
    told = refusal(judged, made, receipt, "A1-3", "A1", rejected=Decimal(2))
    assert codes(told) == {"rejected_serials"}
    told = cast("RefusedLines", refusal(judged, made, receipt, "A1 B1"))
    assert codes(told) == {"serial_not_waiting"}
    assert "B1" in sentence(told.refusals[0])
    first = judged(made, receipt, "A1-3", "A2")
    assert [key_of(s)[0] for s in ("A1", "A2", "A3", "A4")] == ["good", "defect", "good", "qc"]
    assert first.lines.get().rejected == 1
    codes_then = codes(refusal(judged, made, receipt, "A1"))
    assert codes_then == {"serial_not_waiting"}
    judged(made, other, "", quantity="2")
    assert [key_of(s)[0] for s in ("B1", "B2")] == ["good", "good"], "as many as are left"
    sold(made, "A1")
    assert refusal(reversed_, first).code == "serial_moved_on"
    assert verify_books() == []


def test_a_reversed_inspection_leaves_its_pieces_to_be_inspected() -> None:
    made = shop()
    to_inspect(made)
    receipt = received(made, "A1-2")
    reversed_(judged(made, receipt, "A1-2", "A2"))
    assert key_of("A1") == key_of("A2") == ("qc", "")
    judged(made, receipt, "A1", "A1")
    assert key_of("A1") == ("defect", "")
    assert verify_books() == []


LIMITED = {"other_issue.view", "other_issue.save", "other_issue.post", "scrap.view", "stock.view"}


def keeper(made: World, place: int = 0, **more: Any) -> Actor:
    """A keeper of one warehouse, who sees own partners only."""
    may = frozenset(LIMITED | {"scrap.save", "scrap.post"})
    here = frozenset({made.warehouses[place].pk})
    return Actor(7, "小李", permissions=may, warehouse_ids=here, own_partners_only=True, **more)


def test_a_refusal_names_no_warehouse_or_partner_that_is_not_the_actors() -> None:
    made = shop()
    made.customer.salesperson_id = 99
    made.customer.save()
    received(made, "A1-2")
    received(made, "B1", place=1)
    sold(made, "A1")

    def issue(serial: str, actor: Actor) -> Any:
        draft = filled(made, "other_issue", serial)
        saved = other_issues.save_other_issue(draft, actor=actor)
        return other_issues.post_other_issue(target(saved), actor=actor)

    told = sentence(refusal(issue, "B1", keeper(made)))
    assert "2号仓" not in told
    assert "另一个仓库" in told
    assert "2号仓" in sentence(refusal(issue, "B1", SYSTEM))
    told = sentence(refusal(issue, "A1", keeper(made)))
    assert made.customer.name not in told
    assert made.customer.name in sentence(refusal(issue, "A1", SYSTEM))
    actor = keeper(made)
    draft = scraps.save_scrap(filled(made, "scrap", "B1"), actor=actor)
    blocked = scraps.preview_scrap(draft.pk, actor=actor).blocked
    assert blocked is not None
    assert "2号仓" not in sentence(blocked)


def test_the_life_of_a_piece_names_no_warehouse_that_is_not_the_actors() -> None:
    made = shop()
    received(made, "A1", place=1)
    to = {"to_warehouse_id": made.warehouses[0].pk}
    transfer = posted(made, "stock_transfer", "A1", place=1, header=to)
    posted(made, "transfer_receipt", "A1", source_line_id=transfer.lines.get().pk)
    piece = SerialState.objects.get(serial__serial_no="A1").serial_id
    steps_ = [(step.was, step.becomes) for step in life_of(keeper(made), piece)]
    assert steps_ == [
        ("未入库", "另一个仓库"),
        ("另一个仓库", "在途仓"),
        ("在途仓", "1号仓"),
    ]
    assert life_of(SYSTEM, piece)[0].becomes == "2号仓"
