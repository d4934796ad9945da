"""One piece and many hands: it is sold once, and comes in once."""

from decimal import Decimal
from functools import partial
from uuid import uuid4

from hengcang.books.models import Book
from hengcang.kernel.actor import SYSTEM
from hengcang.kernel.errors import Refused
from hengcang.ledger.serial_models import SerialEntry, SerialState
from hengcang.register.verify import verify_books
from hengcang.sales.actions import deliveries
from hengcang.sales.models import SalesDelivery
from hengcang.stock.actions import tallies
from hengcang.stock.count_drafts import CountEntry, Mode
from hengcang.stock.models import StockTally
from hengcang.stock.piece_models import TallyPiece
from tests.concurrency.crowd import crowd
from tests.documents.trade import sold as ordered
from tests.serials.pieces import SAVE, filled, making, part, received, shop, steps
from tests.stock.counted import started
from tests.worlds import TODAY, target


def test_a_piece_is_sold_once_whoever_is_quickest(fresh_book: Book) -> None:
    made = shop()
    received(made, "A1-4")
    save, post = SAVE["sales_delivery"]
    drafts = [save(filled(made, "sales_delivery", "A1"), actor=SYSTEM) for _ in range(4)]
    done = crowd(fresh_book.code, [partial(post, target(d), actor=SYSTEM) for d in drafts])
    assert sum(isinstance(each, SalesDelivery) for each in done) == 1, done
    assert {each.code for each in done if isinstance(each, Refused)} == {"serial_gone"}, done
    assert len(steps("A1")) == 2
    assert verify_books() == []


def test_a_new_number_comes_in_once_in_one_of_two_warehouses(fresh_book: Book) -> None:
    made = shop()
    works = [partial(received, made, "N1 N2", place=n % 2) for n in range(4)]
    done = crowd(fresh_book.code, works)
    assert sum(not isinstance(each, Exception) for each in done) == 1, done
    refused = [each for each in done if isinstance(each, Refused)]
    assert len(refused) == 3, done
    assert SerialState.objects.count() == 2
    assert SerialEntry.objects.count() == 2
    assert verify_books() == []


def test_many_orders_delivered_at_once_take_different_pieces(fresh_book: Book) -> None:
    made = shop()
    received(made, "A1-8")
    orders = [ordered(made, "2") for _ in range(4)]
    works = [
        partial(deliveries.deliver_order, o.pk, {}, on=TODAY, client_uuid=uuid4(), actor=SYSTEM)
        for o in orders
    ]
    done = crowd(fresh_book.code, works)
    assert all(isinstance(each, SalesDelivery) for each in done), done
    assert SerialState.objects.filter(place="customer").count() == 8
    assert verify_books() == []


def test_a_piece_goes_into_one_of_two_products(fresh_book: Book) -> None:
    made = shop(items=2)
    received(made, "A1")
    save, post = SAVE["assembly"]
    drafts = [
        save(making(made, product, part(made, "A1")), actor=SYSTEM) for product in ("P1", "P2")
    ]
    done = crowd(fresh_book.code, [partial(post, target(d), actor=SYSTEM) for d in drafts])
    assert sum(not isinstance(each, Exception) for each in done) == 1, done
    assert {each.code for each in done if isinstance(each, Refused)} == {"serial_gone"}, done
    assert verify_books() == []


def test_a_piece_is_counted_once_whoever_scans_it(fresh_book: Book) -> None:
    made = shop()
    received(made, "A1-2")
    count = started(made)
    entry = CountEntry(made.items[0].pk, Decimal(1), serials=("A1",))
    works = [
        partial(tallies.record_counts, count.pk, [entry], Mode.ADD, uuid4(), actor=SYSTEM)
        for _ in range(4)
    ]
    done = crowd(fresh_book.code, works)
    assert sum(not isinstance(each, Exception) for each in done) == 1, done
    assert {each.code for each in done if isinstance(each, Refused)} == {"serial_counted"}, done
    assert TallyPiece.objects.count() == StockTally.objects.count() == 1
    assert verify_books() == []
