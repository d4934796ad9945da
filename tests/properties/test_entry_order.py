"""Postings entered late but dated early end at the same figures as if entered in time."""

from collections.abc import Iterable
from datetime import date
from typing import Any

import pytest
from django.db import connections, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hengcang.books.models import Book
from hengcang.books.switch import using_book
from hengcang.kernel.errors import Refused
from hengcang.ledger.models import CostScope
from hengcang.register.verify import verify_books
from tests.documents.trade import delivered, issued, received
from tests.properties import real
from tests.worlds import World, world

# One act a day, so that the order of entry within a day, which counts, plays no part.
acts = st.lists(
    st.tuples(
        st.sampled_from(["in", "in", "in", "out", "issue"]),
        st.sampled_from(["1", "2", "5", "0.333333"]),
        st.sampled_from(["10", "3.3333", "7.77", "0.01"]),
        st.integers(0, 1),
    ),
    min_size=2,
    max_size=9,
)


def _enter(made: World, day: int, act: tuple[str, str, str, int]) -> None:
    kind, quantity, price, place = act
    dated = date(2026, 11, day)
    if kind == "in":
        received(made, quantity, price, dated, place=place)
    elif kind == "out":
        delivered(made, quantity, dated, place=place)
    else:
        issued(made, quantity, dated, place=place)


def _figures(scope: CostScope, entered: Iterable[tuple[int, Any]]) -> dict[str, Any] | None:
    """What the books say afterwards, entry by date; None if one was refused."""
    with transaction.atomic():
        try:
            made = world(items=1, scope=scope)
            items, places = [i.pk for i in made.items], [w.pk for w in made.warehouses]
            for day, act in entered:
                _enter(made, day, act)
            assert verify_books() == []
            return {
                "entries": sorted(real.entries()),
                "shelves": [real.shelves().get((i, p), 0) for i in items for p in places],
                "worths": sorted(real.worths().values()),
                "owed": real.owed(),
            }
        except Refused:
            return None
        finally:
            transaction.set_rollback(True)


def _check(book: Book, examples: int) -> None:
    compared = 0

    @settings(
        max_examples=examples,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    )
    @given(acts=acts, order=st.randoms(use_true_random=False), scope=st.sampled_from(CostScope))
    def agree(acts: list[Any], order: Any, scope: CostScope) -> None:
        nonlocal compared
        in_time = list(enumerate(acts, start=1))
        # Receipts first may be entered at any time; shuffled, what cannot be delivered yet waits.
        shuffled = order.sample(in_time, len(in_time))
        if order.random() < 0.5:  # else most are refused, and there is nothing to compare
            shuffled.sort(key=lambda entry: entry[1][0] != "in")
        expected, found = _figures(scope, in_time), _figures(scope, shuffled)
        if expected is not None and found is not None:
            compared += 1
            assert found == expected

    with using_book(book.code):
        agree()
        connections["default"].close()
    assert compared >= examples // 10, f"only {compared} of {examples} could be compared"


@pytest.mark.timeout(300)
def test_pain_9_the_order_of_entry_does_not_matter(kept_book: Book) -> None:
    _check(kept_book, 40)


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_pain_9_the_order_of_entry_does_not_matter_for_long(kept_book: Book) -> None:
    _check(kept_book, 500)
