"""What is posted stays as it was posted, whoever holds the application's password."""

import psycopg
import pytest

from hengcang.books import where
from hengcang.books.models import Book
from hengcang.kernel.actor import SYSTEM
from hengcang.stock.actions import bin_moves
from tests.documents.trade import delivered, quoted, received
from tests.stock.counted import posted, record, started
from tests.stock.moving import shipped, taken
from tests.worlds import TODAY, World, draft, line, target, world

ATTEMPTS = (
    "UPDATE sales_salesdelivery SET amount_incl_tax = 1",
    "UPDATE sales_salesdelivery SET dated = dated - 1",
    "UPDATE sales_salesdelivery SET status = 'draft'",
    "DELETE FROM sales_salesdelivery",
    "UPDATE sales_salesdeliveryline SET quantity = 1",
    "UPDATE sales_salesdeliveryline SET price = 1, qty_returned = 0",
    "DELETE FROM sales_salesdeliveryline",
    "DELETE FROM purchasing_purchasereceiptline",
    "DELETE FROM sales_salesquote",
    "UPDATE stock_stocktransfer SET to_warehouse_id = 3",
    "UPDATE stock_stocktransfer SET status = 'draft'",
    "DELETE FROM stock_stocktransfer",
    "UPDATE stock_stocktransferline SET quantity = 9",
    "DELETE FROM stock_stocktransferline",
    "UPDATE stock_transferreceipt SET outcome = 'lost'",
    "DELETE FROM stock_transferreceiptline",
    "UPDATE stock_stockcountline SET counted = 1",
    "DELETE FROM stock_stockcountline",
    "UPDATE stock_stocktally SET quantity = 1",
    "UPDATE stock_stocktally SET is_current = false",
    "DELETE FROM stock_stocktally",
    "UPDATE stock_binmove SET dated = dated - 1",
    "UPDATE stock_binmoveline SET to_bin_id = NULL",
    "DELETE FROM stock_binmoveline",
    "UPDATE documents_numberseries SET last = last - 1",
    "DELETE FROM documents_numberseries",
    "DELETE FROM documents_intent",
    "UPDATE ledger_bookterms SET go_live_date = '2020-01-01'",
    "DELETE FROM ledger_verification",
)


@pytest.fixture
def traded(fresh_book: Book) -> World:
    made = world(warehouses=3)
    received(made, "10", "3", TODAY)
    taken(shipped(made, "2"), "1")
    delivered(made, "4", TODAY)
    quoted(made, "1")
    count = started(made)
    record(count, made, "3")
    posted(count)
    _shelved(made)
    return made


def _shelved(made: World) -> None:
    place = made.warehouses[0]
    place.bins.create(code="A-1")
    place.uses_bins = True
    place.save()
    typed = line(made.items[0], "1", to_bin_code="A-1")
    move = bin_moves.save_bin_move(draft(place, [typed]), actor=SYSTEM)
    bin_moves.post_bin_move(target(move), actor=SYSTEM)


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_the_application_cannot_rewrite(traded: World, fresh_book: Book, attempt: str) -> None:
    refused = (psycopg.errors.InsufficientPrivilege, psycopg.DatabaseError)
    with where.dsn_of(fresh_book.code).connect() as session, pytest.raises(refused) as problem:
        session.execute(attempt)
    assert problem.value.sqlstate in {"HC001", "HC003", "42501"}
