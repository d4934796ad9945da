"""质检: what comes in 待检, is accepted or rejected in parts, goes back, and is undone."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from hengcang.books.models import Book
from hengcang.kernel.actor import SYSTEM
from hengcang.kernel.errors import Refused, RefusedLines
from hengcang.kernel.refusals import sentence
from hengcang.ledger.models import CostBalance
from hengcang.places.models import BinLocation
from hengcang.purchasing.actions import inspections, receipts, returns
from hengcang.purchasing.awaiting import (
    AwaitingFilter,
    awaiting,
    awaits_inspection,
    inspection_draft,
)
from hengcang.purchasing.models import QualityInspection
from hengcang.purchasing.queries import return_draft
from hengcang.purchasing.rules import score_of
from hengcang.purchasing.scorecard import score
from hengcang.register.verify import verify_books
from hengcang.sales.actions import deliveries
from tests.documents.trade import bought, delivered, reversed_
from tests.purchasing.inspected import came_unseen, inspected, judged_draft, to_inspect
from tests.stock.adjusted import available, by_status, changed
from tests.worlds import TODAY, World, draft, line, target, world

D = Decimal


@pytest.fixture
def shop(book: Book) -> World:
    made = world()
    to_inspect(made)
    return made


def code_of(act: Any) -> tuple[str, str]:
    with pytest.raises(Refused) as told:
        act()
    refusal = told.value.refusals[0] if isinstance(told.value, RefusedLines) else told.value
    return refusal.code, refusal.field or ""


def left(made: World) -> list[tuple[Decimal, Decimal]]:
    """Inspected and still to inspect, line by line."""
    assert made.items
    return [(row.inspected, row.to_inspect) for row in awaiting(SYSTEM, AwaitingFilter())]


def test_what_needs_inspection_comes_in_unseen_and_is_not_for_sale(shop: World) -> None:
    came_unseen(shop, "10")
    assert by_status(shop) == {"qc": 10}
    order = bought(shop, "5")
    receipts.receive_order(order.pk, {}, on=TODAY, client_uuid=uuid4(), actor=SYSTEM)
    assert by_status(shop) == {"qc": 15}
    assert available(shop) == (0, 0)
    assert code_of(lambda: delivered(shop, "1"))[0] == "insufficient_stock"
    assert left(shop) == [(0, 10), (0, 5)]
    assert verify_books() == []


def test_only_good_goods_are_sold(shop: World) -> None:
    came_unseen(shop, "10")
    typed = line(shop.items[0], "1", "20", stock_status="qc")
    filled = draft(shop.warehouses[0], [typed], partner=shop.customer)
    act = lambda: deliveries.save_delivery(filled, actor=SYSTEM)  # noqa: E731
    assert code_of(act) == ("not_for_sale", "lines.1.stock_status")
    assert by_status(shop) == {"qc": 10}


def test_it_is_accepted_and_rejected_in_parts(shop: World) -> None:
    receipt = came_unseen(shop, "10")
    first = inspected(shop, receipt, "6", "2")
    assert first.number == "ZJD202611-0001"
    assert by_status(shop) == {"qc": 4, "good": 4, "defect": 2}
    assert available(shop) == (4, 0)
    assert left(shop) == [(6, 4)]
    with pytest.raises(Refused) as told:
        inspected(shop, receipt, "5")
    assert told.value.code == "more_than_to_inspect"
    assert "还有 4 待检" in sentence(told.value)
    inspected(shop, receipt, "4")
    assert (by_status(shop), left(shop)) == ({"good": 8, "defect": 2}, [])
    held = CostBalance.objects.get(item=shop.items[0])
    assert (held.quantity, held.value) == (10, D("30.00"))
    assert verify_books() == []


def test_it_is_undone_before_its_receipt_is(shop: World) -> None:
    receipt = came_unseen(shop, "10")
    judged = inspected(shop, receipt, "6", "2")
    with pytest.raises(Refused) as told:
        reversed_(receipt)
    assert told.value.code == "has_inspections"
    twin = reversed_(judged)
    only = twin.lines.get()
    assert (only.quantity, only.rejected, only.reject_cause) == (-6, -2, "划伤")
    assert (by_status(shop), left(shop)) == ({"qc": 10}, [(0, 10)])
    reversed_(receipt)
    assert by_status(shop) == {}
    assert verify_books() == []


def test_it_cannot_be_undone_once_its_goods_are_sold(shop: World) -> None:
    receipt = came_unseen(shop, "10")
    judged = inspected(shop, receipt, "6")
    delivered(shop, "3")
    assert code_of(lambda: reversed_(judged))[0] == "insufficient_stock"
    assert by_status(shop) == {"qc": 4, "good": 3}
    assert verify_books() == []


def returned(receipt: Any, quantities: dict[int, Decimal]) -> Any:
    receipt.refresh_from_db()
    return returns.return_receipt(
        receipt.pk, quantities, on=TODAY, client_uuid=uuid4(), actor=SYSTEM
    )


def test_what_was_rejected_goes_back_to_the_supplier(shop: World) -> None:
    receipt = came_unseen(shop, "10")
    inspected(shop, receipt, "6", "2")
    back = returned(receipt, {})  # nothing chosen: what is no good
    assert [(ln.quantity, ln.stock_status) for ln in back.lines.all()] == [(2, "defect")]
    assert by_status(shop) == {"qc": 4, "good": 4}
    filled = return_draft(SYSTEM, receipt, {}, on=TODAY, client_uuid=uuid4())
    assert [(ln.quantity, ln.stock_status) for ln in filled.lines] == [(4, "qc"), (4, "good")]
    unseen = replace(filled.lines[0], quantity=D(3), stock_status="qc")
    saved = returns.save_return(replace(filled, lines=(unseen,)), actor=SYSTEM)
    returns.post_return(target(saved), actor=SYSTEM)
    assert left(shop) == [(6, 1)]
    assert code_of(lambda: inspected(shop, receipt, "2"))[0] == "more_than_to_inspect"
    more = replace(filled, client_uuid=uuid4(), lines=(replace(unseen, quantity=D(2)),))
    saved = returns.save_return(more, actor=SYSTEM)
    came_unseen(shop, "5")  # of another receipt: not its goods
    assert code_of(lambda: returns.post_return(target(saved), actor=SYSTEM))[0] == (
        "more_than_to_inspect"
    )
    assert verify_books() == []


def test_rejected_goods_may_be_put_elsewhere(shop: World) -> None:
    place, item = shop.warehouses[0], shop.items[0]
    place.uses_bins, item.tracks_batch = True, True
    place.save()
    item.save()
    for code in ("A-1", "X-9"):
        BinLocation.objects.create(warehouse=place, code=code)
    receipt = came_unseen(shop, "10", batch_no="B1", bin_code="A-1")
    wrong = judged_draft(shop, receipt, "4", "1", to_bin_code="Z-1")
    assert code_of(lambda: inspections.save_inspection(wrong, actor=SYSTEM)) == (
        "bin_unknown",
        "lines.1.to_bin_code",
    )
    inspected(shop, receipt, "4", "1", to_bin_code="X-9")
    back = returned(receipt, {}).lines.get()
    assert (back.bin.code, back.batch.batch_no, back.quantity) == ("X-9", "B1", 1)
    assert by_status(shop) == {"qc": 6, "good": 3}
    assert verify_books() == []


def test_what_is_wrong_is_refused_and_nothing_is_written(shop: World) -> None:
    receipt = came_unseen(shop, "10")

    def told(**more: Any) -> tuple[str, str]:
        filled = judged_draft(shop, receipt, "4", **more)
        return code_of(lambda: inspections.save_inspection(filled, actor=SYSTEM))

    assert told(rejected="5") == ("more_rejected", "lines.1.rejected")
    assert told(rejected="1", reject_cause=" ") == ("reject_cause_missing", "lines.1.reject_cause")
    plain = came_unseen(shop, "1", stock_status="frozen")
    filled = judged_draft(shop, plain, "1")
    missing = ("inspection_source_missing", "lines.1.source_line")
    assert code_of(lambda: inspections.save_inspection(filled, actor=SYSTEM)) == missing
    assert not QualityInspection.objects.exists()
    assert verify_books() == []


def test_goods_released_by_hand_cannot_be_inspected_twice(shop: World) -> None:
    receipt = came_unseen(shop, "10")
    changed(shop, "8", "good", "qc")
    assert code_of(lambda: inspected(shop, receipt, "3"))[0] == "insufficient_of_key"
    inspected(shop, receipt, "2")
    assert by_status(shop) == {"good": 10}
    assert verify_books() == []


def test_an_intent_is_booked_once_and_a_stale_page_is_told(shop: World) -> None:
    receipt = came_unseen(shop, "10")
    filled = judged_draft(shop, receipt, "4", "1")
    first = inspections.save_inspection(filled, actor=SYSTEM)
    assert inspections.save_inspection(filled, actor=SYSTEM).pk == first.pk
    stale = target(first)
    inspections.change_inspection(stale, filled, actor=SYSTEM)
    assert code_of(lambda: inspections.post_inspection(stale, actor=SYSTEM))[0] == "stale_version"
    assert by_status(shop) == {"qc": 10}


def test_the_acceptance_rate_is_the_quality_of_the_supplier(shop: World) -> None:
    assert score_of(0, 0, D(1), None, D(4)).parts[0].points == 80
    assert score_of(0, 0, D(6), None, D(4)).parts[0].points == 70
    receipt = came_unseen(shop, "10")
    inspected(shop, receipt, "5", "1")
    (quality, _) = score(SYSTEM, shop.supplier.pk, on=TODAY).parts
    assert (quality.points, "合格率 80.0%" in quality.reason) == (0, True)


def waiting() -> list[Decimal]:
    return [row.to_inspect for row in awaiting(SYSTEM, AwaitingFilter())]


def test_goods_released_by_a_status_change_await_nothing(shop: World) -> None:
    older = came_unseen(shop, "10", dated=TODAY - timedelta(days=1))
    newer = came_unseen(shop, "4")
    assert waiting() == [10, 4]
    released = changed(shop, "7", "good", "qc")
    assert waiting() == [3, 4]  # nobody says of which receipt: the oldest go first
    assert [ln.quantity for ln in _inspection(older).lines] == [3]
    changed(shop, "4", "frozen", "qc")
    assert waiting() == [3]
    assert not awaits_inspection(SYSTEM, older.pk)
    assert awaits_inspection(SYSTEM, newer.pk)
    reversed_(released)
    assert waiting() == [6, 4]
    assert verify_books() == []


def _inspection(receipt: Any) -> Any:
    return inspection_draft(SYSTEM, receipt, on=TODAY, client_uuid=uuid4())


def test_what_goes_back_is_of_the_status_it_has(shop: World) -> None:
    receipt = came_unseen(shop, "10")
    inspected(shop, receipt, "4", "1")
    changed(shop, "2", "good", "qc")
    line_id = receipt.lines.get().pk

    def proposed(quantities: dict[int, Decimal]) -> list[tuple[Decimal, str]]:
        filled = return_draft(SYSTEM, receipt, quantities, on=TODAY, client_uuid=uuid4())
        return [(each.quantity, each.stock_status) for each in filled.lines]

    assert proposed({}) == [(1, "defect")]
    assert proposed({line_id: D(10)}) == [(1, "defect"), (4, "qc"), (5, "good")]
    assert proposed({line_id: D(3)}) == [(1, "defect"), (2, "qc")]
    returned(receipt, {})
    assert proposed({}) == [(4, "qc"), (5, "good")]
    back = returned(receipt, {line_id: D(9)})
    assert sum(ln.amount_incl_tax for ln in back.lines.all()) == 27
    assert waiting() == []
    reversed_(back)
    assert waiting() == [4]
    assert verify_books() == []
