"""The stock of a whole warehouse is read another way than a page of it, and says the same."""

from dataclasses import replace
from decimal import Decimal

from hengcang.books.models import Book
from hengcang.kernel.actor import SYSTEM
from hengcang.ledger.queries import FEW, StockFilter, on_hand, on_hand_totals
from tests.documents.trade import delivered, received
from tests.worlds import world


def test_a_page_and_the_whole_agree(book: Book) -> None:
    made = world(items=3, warehouses=2)
    for n in range(3):
        received(made, "7", "1.43", item=n)
        received(made, "5", "2.17", item=n, place=1)
        delivered(made, "3", item=n)
    page = StockFilter()
    rows = on_hand(SYSTEM, page)
    assert len(rows) == 6
    assert on_hand(SYSTEM, replace(page, limit=FEW + 1)) == rows
    one = replace(page, warehouse_id=made.warehouses[1].pk)
    assert on_hand(SYSTEM, replace(one, limit=FEW + 1)) == on_hand(SYSTEM, one)
    totals = on_hand_totals(SYSTEM, page)
    assert (totals.rows, totals.on_hand) == (6, Decimal(27))
    assert totals.value == 3 * (Decimal("20.86") - Decimal("5.22"))
