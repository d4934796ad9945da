"""A transfer of many lines is as many statements as one of a few."""

from dataclasses import replace
from decimal import Decimal
from uuid import uuid4

import pytest

from hengcang.books.models import Book
from hengcang.kernel.actor import SYSTEM
from hengcang.ledger.models import CostScope
from hengcang.purchasing.actions import inspections, receipts
from hengcang.register.verify import verify_books
from hengcang.stock.actions import (
    overages,
    scraps,
    status_changes,
    transfer_receipts,
    transfers,
)
from tests.documents.test_set_size import statements
from tests.documents.trade import reversed_
from tests.worlds import TODAY, World, draft, line, target, world


@pytest.mark.parametrize("scope", list(CostScope))
def test_statements_do_not_grow_with_lines(book: Book, scope: CostScope) -> None:
    made = world(items=60, scope=scope)
    counted = [_moved(made, size) for size in (60, 5, 60)]
    assert counted[1] == counted[2]
    assert verify_books() == []


def test_adjustments_and_inspections_do_not_grow_either(book: Book) -> None:
    made = world(items=60)
    for item in made.items:
        item.needs_inspection = True
        item.save()
    counted = [_judged(made, size) for size in (60, 5, 60)]
    assert counted[1] == counted[2]
    assert verify_books() == []


def _judged(made: World, size: int) -> list[int]:
    """Statements to receive and inspect, freeze, find more, scrap, and undo that."""
    place, items = made.warehouses[0], made.items[:size]
    lines = [line(item, "9", "3.33") for item in items]
    bought = receipts.save_receipt(draft(place, lines, partner=made.supplier), actor=SYSTEM)
    receipts.post_receipt(target(bought), actor=SYSTEM)
    judged = [
        replace(line(ln.item, "6", source_line_id=ln.pk), rejected=Decimal(2), reject_cause="划伤")
        for ln in bought.lines.select_related("item")
    ]
    frozen = [line(item, "3", to_status="frozen") for item in items]
    more = [line(item, "1") for item in items]
    broken = [line(item, "2", stock_status="frozen") for item in items]
    counts = []
    for save, post, typed in (
        (inspections.save_inspection, inspections.post_inspection, judged),
        (status_changes.save_status_change, status_changes.post_status_change, frozen),
        (overages.save_overage, overages.post_overage, more),
        (scraps.save_scrap, scraps.post_scrap, broken),
    ):
        with statements() as seen:
            saved = save(draft(place, typed, reason="待查"), actor=SYSTEM)
            post(target(saved), actor=SYSTEM)
        counts.append(len(seen))
    with statements() as seen:
        reversed_(saved)
    return [*counts, len(seen)]


def _moved(made: World, size: int) -> list[int]:
    """Statements to ship, receive, undo the receipt and undo the shipment."""
    lines = [line(item, "2", "3.33") for item in made.items[:size]]
    bought = receipts.save_receipt(
        draft(made.warehouses[0], lines, partner=made.supplier), actor=SYSTEM
    )
    receipts.post_receipt(target(bought), actor=SYSTEM)
    filled = replace(draft(made.warehouses[0], lines), to_warehouse_id=made.warehouses[1].pk)
    saved = transfers.save_transfer(filled, actor=SYSTEM)
    counts = []
    with statements() as seen:
        transfers.ship_transfer(target(saved), actor=SYSTEM)
    counts.append(len(seen))
    with statements() as seen:
        came = transfer_receipts.receive_transfer(
            saved.pk, {}, on=TODAY, client_uuid=uuid4(), actor=SYSTEM
        )
    counts.append(len(seen))
    for document in (came, saved):
        with statements() as seen:
            reversed_(document)
        counts.append(len(seen))
    return counts
