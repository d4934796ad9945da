"""Batches, bins and statuses that move while people count, against a shelf that knows no ledger."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hengcang.kernel.actor import SYSTEM
from hengcang.ledger import counting
from hengcang.ledger.models import CostBalance
from hengcang.register.verify import verify_books
from hengcang.stock.actions import other_issues, tallies
from hengcang.stock.count_drafts import CountEntry, Mode, Which
from hengcang.stock.models import CountRules, StockCount
from tests.stock.batched import dairy, keys, put
from tests.stock.counted import posted, started
from tests.worlds import draft, line, target

Key = tuple[str, str, str]  # batch, bin, status
KEYS: list[Key] = [
    ("L1", "A-1", "good"),
    ("L1", "B-1", "good"),
    ("L2", "A-1", "good"),
    ("L2", "A-1", "defect"),
    ("N1", "B-1", "good"),  # a batch the books do not have until somebody counts it
]
NEW = KEYS[-1]
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["receive", "issue", "steal", "find", "count", "count", "post"]),
        st.sampled_from(KEYS),
        st.integers(1, 9),
    ),
    min_size=4,
    max_size=20,
)


@dataclass
class Paper:
    """What lies there in truth, what the books say, and what they will say after the count.

    Every piece costs 10, so that the money of the books is ten times their pieces.
    """

    shelf: dict[Key, int] = field(default_factory=lambda: dict.fromkeys(KEYS, 0))
    booked: dict[Key, int] = field(default_factory=lambda: dict.fromkeys(KEYS, 0))
    due: dict[Key, int] = field(default_factory=dict)

    def told(self, key: Key, change: int) -> None:
        """Goods moved and the books were told."""
        self.shelf[key] += change
        self.booked[key] += change
        if key in self.due:
            self.due[key] += change


class Story:
    """One item in a place with two bins, booked and in truth."""

    def __init__(self) -> None:
        self.made = dairy(items=1, warehouses=1)
        CountRules.objects.create(id=1, cause_above_value=None)
        self.paper = Paper()
        self.count: StockCount | None = None
        for key in KEYS[:-1]:
            self.receive(key, 20)

    def receive(self, key: Key, quantity: int) -> None:
        batch, place, status = key
        put(self.made, str(quantity), batch, place, stock_status=status)
        self.paper.told(key, quantity)

    def issue(self, key: Key, quantity: int) -> None:
        if min(self.paper.shelf[key], self.paper.booked[key]) < quantity:
            return
        batch, place, status = key
        typed = line(
            self.made.items[0],
            str(quantity),
            batch_no=batch,
            bin_code=place,
            stock_status=status,
        )
        saved = other_issues.save_other_issue(
            draft(self.made.warehouses[0], [typed], reason="领用"), actor=SYSTEM
        )
        other_issues.post_other_issue(target(saved), actor=SYSTEM)
        self.paper.told(key, -quantity)

    def steal(self, key: Key, quantity: int) -> None:
        self.paper.shelf[key] -= min(quantity, self.paper.shelf[key])

    def find(self, key: Key, quantity: int) -> None:
        self.paper.shelf[key] += quantity

    def count_(self, key: Key, _: int) -> None:
        self.count = self.count or started(self.made)
        batch, place, status = key
        which = Which(batch, place, status, is_new=key == NEW)
        entry = CountEntry(self.made.items[0].pk, Decimal(self.paper.shelf[key]), which=which)
        tallies.record_counts(self.count.pk, [entry], Mode.SET, uuid4(), actor=SYSTEM)
        self.paper.due[key] = self.paper.shelf[key]

    def post(self, *_: Any) -> None:
        if self.count is not None:
            posted(self.count)
            self.count = None
            self.paper.booked |= self.paper.due
            self.paper.due = {}

    def tell(self, step: tuple[str, Key, int]) -> None:
        name, *rest = step
        getattr(self, "count_" if name == "count" else name)(*rest)

    def agrees(self) -> None:
        booked = {key: quantity for key, quantity in self.paper.booked.items() if quantity}
        assert keys(self.made) == booked
        cost = CostBalance.objects.get(item=self.made.items[0])
        assert (cost.quantity, cost.value) == (sum(booked.values()), 10 * sum(booked.values()))


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def whole(steps: list[tuple[str, Key, int]]) -> None:
    """The books are the paper after every step."""
    story = Story()
    for step in steps:
        story.tell(step)
        story.agrees()
    story.post()
    story.agrees()
    assert verify_books() == []


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=STEPS)
def test_every_key_is_what_was_counted_and_what_moved_since(book, steps) -> None:
    with undone():
        whole(steps)


def _blind_to(**parts: None) -> Callable[..., Any]:
    """Stamps that look at a key without some of its parts."""
    stamp = counting.stamp

    def wrong(wanted: Any) -> Any:
        seen = stamp({replace(key, **parts) for key in wanted})
        return {key: seen[replace(key, **parts)] for key in wanted}

    return wrong


@pytest.mark.parametrize("parts", [{"batch_id": None}, {"bin_id": None}])
def test_a_stamp_of_another_key_is_caught(book, monkeypatch, parts: dict) -> None:
    """The seeded bug: a book read without its batch, or without its bin."""
    monkeypatch.setattr(counting, "stamp", _blind_to(**parts))
    with undone(), pytest.raises(AssertionError):
        whole([("steal", KEYS[0], 3), ("count", KEYS[0], 1), ("post", KEYS[0], 1)])
