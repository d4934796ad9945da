"""What it costs to look: stock now, stock then, the ledger of an item; at growing ledgers."""

import os
import statistics
import time
from collections.abc import Callable
from datetime import date

import pytest

from hengcang.books.models import Book
from hengcang.catalog.models import Item, ItemUom, Uom
from hengcang.kernel.actor import SYSTEM
from hengcang.kernel.calendar import months_between
from hengcang.ledger import kept
from hengcang.ledger import queries as books
from hengcang.ledger.history import LedgerFilter, ledger_of, stock_on
from hengcang.ledger.kept_models import KeptDay
from hengcang.ledger.periods import close_period, reopen_period
from hengcang.ledger.queries import StockFilter
from hengcang.register.verify import verify_books
from tests.benchmarks.ledgers import FIRST_DAY, analysed, fill
from tests.benchmarks.measure import Figure, cpu_ms_each, say
from tests.worlds import TODAY, World, world

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(7200)]
ITEMS = 5_000
SIZES = (100_000, 1_000_000, 10_000_000)


def stocked(items: int = ITEMS) -> World:
    """A live book of that many items in one warehouse."""
    made = world(items=1, warehouses=1, since=FIRST_DAY)
    uom = Uom.objects.get(name="个")
    more = Item.objects.bulk_create(
        [
            Item(code=f"B{n:05d}", name=f"商品{n}", base_uom=uom, tax_rate=0)
            for n in range(items - 1)
        ]
    )
    ItemUom.objects.bulk_create([ItemUom(item=i, uom=uom) for i in more])
    made.items += more
    return made


def median_ms(work: Callable[[], object], rounds: int = 7) -> float:
    """Wall time of the middle round, milliseconds."""
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        work()
        times.append((time.perf_counter() - started) * 1000)
    return statistics.median(times)


def test_looking_at_stock_as_the_ledger_grows(fresh_book: Book) -> None:
    made = stocked()
    written = 0
    for size in SIZES if os.environ.get("HENGCANG_BENCH_LARGE") else SIZES[:2]:
        fill(made, size - written, base=written // 100)
        written = size
        if size == SIZES[0]:
            assert verify_books() == []
        _say_all(made, f"{size // 1000}k_rows")


def _say_all(made: World, label: str) -> None:
    whole = StockFilter(warehouse_id=made.warehouses[0].pk, limit=ITEMS)
    page = StockFilter(warehouse_id=made.warehouses[0].pk)
    one = LedgerFilter(made.items[7].pk, date(2026, 11, 1), date(2026, 11, 24))
    assert len(books.on_hand(SYSTEM, whole)) == ITEMS
    _say(f"stock_on_hand_5000_items_{label}", lambda: books.on_hand(SYSTEM, whole), 60)
    _say(f"stock_page_50_rows_{label}", lambda: books.on_hand(SYSTEM, page))
    _say(f"stock_totals_{label}", lambda: books.on_hand_totals(SYSTEM, page))
    _say(f"item_ledger_page_{label}", lambda: ledger_of(SYSTEM, one))
    then = date(2026, 10, 15)
    _say(f"past_day_no_month_closed_{label}", lambda: stock_on(SYSTEM, then))
    closed = months_between(FIRST_DAY, TODAY)[:-2]
    for month in closed:
        close_period(month, today=TODAY, actor=SYSTEM)
    kept.keep_days()
    analysed("stockofday", "costofday", "keptday")
    _say(f"stock_and_value_on_a_past_day_{label}", lambda: stock_on(SYSTEM, then), 300)
    for month in reversed(closed):  # so that the next size can be written
        reopen_period(month, "更多流水", actor=SYSTEM)
    KeptDay.objects.all().delete()


def _say(name: str, work: Callable[[], object], budget: float | None = None) -> None:
    """The wait, and beside it the CPU of both sides, which other work on the machine moves less."""
    say(Figure(name, median_ms(work), "ms", budget))
    say(Figure(f"{name}_cpu", cpu_ms_each(work, 7), "ms", budget))
