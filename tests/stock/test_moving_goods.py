"""Goods that move while people count, against a simulation of the shelf that knows no ledger."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hengcang.kernel.errors import Refused
from hengcang.ledger import counting, writes
from hengcang.ledger.models import StockBalance
from hengcang.register.verify import verify_books
from hengcang.stock import differences
from hengcang.stock.count_drafts import Mode
from hengcang.stock.models import CountRules, StockCount
from tests.concurrency.crowd import crowd
from tests.stock.counted import delivered, posted, received, record, started, submitted
from tests.worlds import TODAY, World, world

D = Decimal
ITEMS = 2


@dataclass
class Shelf:
    """What lies there, in truth: per item, by zone. Theft and finds are told to nobody."""

    goods: dict[tuple[int, str], int] = field(default_factory=dict)

    def of(self, item: int) -> int:
        return sum(q for (i, _), q in self.goods.items() if i == item)

    def change(self, item: int, zone: str, quantity: int) -> None:
        self.goods[(item, zone)] = self.goods.get((item, zone), 0) + quantity


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["receive", "deliver", "steal", "find", "count", "count", "post"]),
        st.integers(0, ITEMS - 1),
        st.sampled_from(["A", "B"]),
        st.integers(1, 9),
    ),
    min_size=4,
    max_size=22,
)


class Story:
    """Receipts, deliveries, thefts and counts of one warehouse, booked and in truth."""

    def __init__(self) -> None:
        self.made = world(items=ITEMS, warehouses=1)
        CountRules.objects.create(id=1, cause_above_value=None)
        self.shelf = Shelf()
        self.count: StockCount | None = None
        for item in range(ITEMS):
            for zone in "AB":
                self.receive(item, zone, 20)

    def receive(self, item: int, zone: str, quantity: int) -> None:
        received(self.made, str(quantity), item)
        self.shelf.change(item, zone, quantity)

    def deliver(self, item: int, zone: str, quantity: int) -> None:
        if self.shelf.goods[(item, zone)] < quantity:
            return
        if self.booked(item) < quantity:  # the books know less than the shelf has
            with pytest.raises(Refused, match="insufficient_stock"), transaction.atomic():
                delivered(self.made, str(quantity), item)
            return
        delivered(self.made, str(quantity), item)
        self.shelf.change(item, zone, -quantity)

    def steal(self, item: int, zone: str, quantity: int) -> None:
        taken = min(quantity, self.shelf.goods[(item, zone)])
        self.shelf.change(item, zone, -taken)

    def find(self, item: int, zone: str, quantity: int) -> None:
        self.shelf.change(item, zone, quantity)

    def count_(self, item: int, zone: str, quantity: int) -> None:
        """All of the item at once, or its two zones one after the other."""
        if self.count is None:
            self.count = started(self.made)
        if quantity % 2:
            for place in "AB":
                record(self.count, self.made, str(self.shelf.goods[(item, place)]), item, place)
        else:
            record(self.count, self.made, "0", item, "A")
            record(self.count, self.made, "0", item, "B")
            record(self.count, self.made, str(self.shelf.of(item)), item, "A")

    def post(self, *_: Any) -> None:
        if self.count is None:
            return
        posted(self.count)
        self.count = None

    def tell(self, step: tuple[str, int, str, int]) -> None:
        name, *rest = step
        getattr(self, "count_" if name == "count" else name)(*rest)

    def booked(self, item: int) -> Decimal:
        found: Decimal = StockBalance.objects.get(item=self.made.items[item]).quantity
        return found


def _whole(steps: list[tuple[str, int, str, int]]) -> None:
    """Whatever happened, a last count of everything makes the books true."""
    story = Story()
    expected: dict[int, int | None] = dict.fromkeys(range(ITEMS))
    for step in steps:
        name, item, *_ = step
        before = story.shelf.of(item)
        story.tell(step)
        change = story.shelf.of(item) - before
        _follow(expected, name, item, change, story)
        if name == "post":
            _compare(story, expected)
            expected = dict.fromkeys(range(ITEMS))
    story.post()
    _compare(story, expected)
    assert verify_books() == []


def _follow(
    expected: dict[int, int | None], name: str, item: int, change: int, story: Story
) -> None:
    """What the books will say when the count is posted: truth when counted, plus what was told."""
    if name == "count":
        expected[item] = story.shelf.of(item)
    elif name in {"receive", "deliver"} and (known := expected[item]) is not None:
        expected[item] = known + change


def _compare(story: Story, expected: dict[int, int | None]) -> None:
    for item, quantity in expected.items():
        if quantity is not None:
            assert story.booked(item) == quantity


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=STEPS)
def test_after_posting_the_books_say_what_lies_there(book, steps) -> None:
    with undone():
        _whole(steps)


def test_a_difference_against_the_book_at_posting_is_caught(book, monkeypatch) -> None:
    """The seeded bug: the book of now instead of the book of the stamp."""
    found = differences._found

    def naive(summed: Any, since: Any) -> Any:
        now = StockBalance.objects.get(item_id=summed.key.item_id).quantity
        one = found(summed, since)
        return replace(one, book=now, uncertain=False)

    monkeypatch.setattr(differences, "_found", naive)
    with undone(), pytest.raises(AssertionError):
        _whole([("count", 0, "A", 1), ("deliver", 0, "A", 3), ("post", 0, "A", 1)])


# ---- threads that sell while lines are stamped


def _ready() -> tuple[World, StockCount]:
    made = world(items=1, warehouses=1)
    CountRules.objects.create(id=1, cause_above_value=None)
    received(made, "500", dated=TODAY - timedelta(days=3))
    return made, started(made)


def test_selling_and_counting_at_the_same_moment(fresh_book) -> None:
    """Whatever the interleaving: what was counted, less what was sold after, is what is booked."""
    made, count = _ready()
    sold = [lambda: [delivered(made, "1") for _ in range(12)] for _ in range(3)]

    def counts() -> None:
        for _ in range(6):
            record(count, made, "1", mode=Mode.ADD)

    counters: list[Callable[[], Any]] = [counts, counts]
    outcomes = crowd(fresh_book.code, [*sold, *counters])
    assert [o for o in outcomes if isinstance(o, BaseException)] == []
    assert verify_books() == []  # every stamp's book is what the ledger says of that moment


def _stamp_slowly(monkeypatch: Any, between: Callable[[], None]) -> None:
    """A stamp in whose middle, after the books were read, somebody gets a chance to sell."""
    take = writes.take_positions

    def slowly(count: int) -> list[int]:
        between()
        return take(count)

    monkeypatch.setattr(counting, "take_positions", slowly)


@pytest.mark.parametrize("locked", [True, False])
def test_the_stamp_needs_its_lock(fresh_book, monkeypatch, locked: bool) -> None:
    made, count = _ready()
    yesterday = TODAY - timedelta(days=1)
    seller: list[threading.Thread] = []

    def sells_meanwhile() -> None:
        def sell() -> None:
            crowd(fresh_book.code, [lambda: delivered(made, "7", dated=yesterday)])

        seller.append(threading.Thread(target=sell))
        seller[0].start()
        seller[0].join(timeout=1.5)

    _stamp_slowly(monkeypatch, sells_meanwhile)
    if not locked:
        monkeypatch.setattr(counting, "_hold_in_share", lambda ids: None)
    record(count, made, "493")
    seller[0].join()
    monkeypatch.undo()
    submitted(count)
    posted(count)
    booked = StockBalance.objects.get(item=made.items[0]).quantity
    # 7 had left the day before and are written down just now: without the lock this falls between
    # the book that was read and the position that was taken, and is missed.
    assert (booked == 493) is locked
    assert (verify_books() == []) is locked
    connection.close()
