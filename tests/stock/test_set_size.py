"""A transfer of many lines is as many statements as one of a few."""

from dataclasses import replace
from uuid import uuid4

import pytest

from hengcang.books.models import Book
from hengcang.kernel.actor import SYSTEM
from hengcang.ledger.models import CostScope
from hengcang.purchasing.actions import receipts
from hengcang.register.verify import verify_books
from hengcang.stock.actions import transfer_receipts, transfers
from tests.documents.test_set_size import statements
from tests.documents.trade import reversed_
from tests.worlds import TODAY, World, draft, line, target, world


@pytest.mark.parametrize("scope", list(CostScope))
def test_statements_do_not_grow_with_lines(book: Book, scope: CostScope) -> None:
    made = world(items=60, scope=scope)
    counted = [_moved(made, size) for size in (60, 5, 60)]
    assert counted[1] == counted[2]
    assert verify_books() == []


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
