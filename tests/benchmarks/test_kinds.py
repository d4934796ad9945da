"""A document of 1,000 lines of every kind of the register: saved, then posted or approved."""

import time
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from django.db import connections

from hengcang.api.documents.kinds import ACTS
from hengcang.books.models import Book
from hengcang.kernel.actor import SYSTEM
from hengcang.register.counting import post_stock_count
from hengcang.register.kinds import KINDS
from hengcang.register.verify import verify_books
from hengcang.stock.actions import counts, tallies
from hengcang.stock.count_drafts import CountDraft, CountEntry, Mode
from hengcang.stock.models import StockCount
from tests.benchmarks.measure import Figure, say
from tests.benchmarks.papers import FILLED, LINES, thousand
from tests.worlds import TODAY, World, target

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(900)]
BUDGET_S = 2


@pytest.fixture
def made(fresh_book: Book) -> World:
    company = thousand()
    with connections["owner"].cursor() as cursor:  # as a server does by itself after a while
        cursor.execute("ANALYZE")
    return company


def test_a_thousand_lines_of_every_kind(made: World) -> None:
    assert {*FILLED, "stock_count"} == {kind.code for kind in KINDS}, "a kind is not measured"
    done: dict[str, Any] = {}
    for code, fill in FILLED.items():
        acts, filled = ACTS[code], fill(made, done)
        saved = _timed(f"save_1000_lines_{code}", partial(acts.save, filled, actor=SYSTEM))
        step = partial(acts.steps[acts.then], target(saved), actor=SYSTEM)
        done[code] = _timed(f"{acts.then}_1000_lines_{code}", step)
    _count(made)
    assert verify_books() == []


def _count(made: World) -> None:
    """A count has no lines that are typed: it lists what is there and is told what was found."""

    def start() -> StockCount:
        planned = CountDraft(uuid4(), TODAY, made.warehouses[1].pk)
        count = counts.save_stock_count(planned, actor=SYSTEM)
        return counts.start_stock_count(target(count), actor=SYSTEM)

    count = _timed("save_1000_lines_stock_count", start)
    assert count.lines.count() == LINES
    entries = [CountEntry(item.pk, Decimal(n % 3)) for n, item in enumerate(made.items[1:])]
    _timed(
        "record_1000_lines_stock_count",
        lambda: tallies.record_counts(count.pk, entries, Mode.SET, uuid4(), actor=SYSTEM),
    )

    def post() -> None:
        count.refresh_from_db()
        counts.submit_stock_count(target(count), actor=SYSTEM)
        count.refresh_from_db()
        post_stock_count(target(count), actor=SYSTEM)

    _timed("post_1000_lines_stock_count", post)


def _timed(name: str, act: Callable[[], Any]) -> Any:
    started_at = time.perf_counter()
    answer = act()
    say(Figure(name, time.perf_counter() - started_at, "s", BUDGET_S))
    return answer
