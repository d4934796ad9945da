"""Transfers by many at once: nothing arrives twice, nobody waits for ever."""

from collections import Counter
from functools import partial
from uuid import uuid4

from hengcang.books.models import Book
from hengcang.kernel.actor import SYSTEM
from hengcang.kernel.errors import Refused
from hengcang.places.models import Warehouse
from hengcang.register.verify import verify_books
from hengcang.stock.actions import transfer_receipts
from hengcang.stock.models import StockTransfer
from tests.concurrency.crowd import crowd
from tests.documents.trade import received
from tests.stock.moving import in_transit, shipped, status_of, taken, there
from tests.worlds import TODAY, world


def test_the_first_to_ship_make_one_transit_warehouse(fresh_book: Book) -> None:
    made = world(items=4)
    for number in range(4):
        received(made, "10", "3", item=number)
    works = [partial(shipped, made, "2", item=number) for number in range(4)]
    done = crowd(fresh_book.code, works)
    assert all(isinstance(each, StockTransfer) for each in done), done
    assert Warehouse.objects.filter(is_transit=True).count() == 1
    assert verify_books() == []


def test_what_is_on_the_way_arrives_once(fresh_book: Book) -> None:
    made = world()
    received(made, "10", "3")
    transfer = shipped(made, "4")

    def receive() -> object:
        return transfer_receipts.receive_transfer(
            transfer.pk, {}, on=TODAY, client_uuid=uuid4(), actor=SYSTEM
        )

    works = [receive] * 3 + [partial(taken, transfer, "3") for _ in range(3)]
    done = crowd(fresh_book.code, works)
    refused = [each.code for each in done if isinstance(each, Refused)]
    assert set(refused) <= {"more_than_shipped", "source_not_open", "source_line_unknown"}, done
    assert len(refused) >= 4
    arrived = there(made, 1)[0]
    assert arrived + in_transit(made) == 4
    assert status_of(transfer) in {"partial", "closed"}
    assert verify_books() == []


def test_both_ways_at_once_and_receipts_between(fresh_book: Book) -> None:
    made = world(items=3)
    for place in (0, 1):
        for number in range(3):
            received(made, "50", "3", item=number, place=place)

    def work(number: int) -> Counter[str]:
        done: Counter[str] = Counter()
        ends = (0, 1) if number % 2 else (1, 0)
        for turn in range(8):
            transfer = shipped(made, "2", item=(turn + number) % 3, ends=ends)
            taken(transfer, "1")
            done["moved"] += 1
        return done

    outcomes = crowd(fresh_book.code, [partial(work, number) for number in range(4)])
    assert outcomes == [Counter(moved=8)] * 4, outcomes
    assert sum(in_transit(made, number) for number in range(3)) == 32
    assert verify_books() == []
