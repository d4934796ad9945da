"""A receipt entered late, before 1,000, 10,000 and 100,000 later movements of the item."""

import time
from decimal import Decimal

import pytest
from django.db import transaction

from hengcang.books.models import Book
from hengcang.kernel.actor import SYSTEM
from hengcang.ledger.models import EntryCost, StockEntry
from hengcang.register.verify import verify_books
from hengcang.stock.actions import other_receipts
from tests.benchmarks.ledgers import FIRST_DAY, fill
from tests.benchmarks.measure import Figure, say
from tests.worlds import World, draft, line, target, world

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(1800)]


@pytest.mark.parametrize(("later", "budget"), [(1_000, 0.05), (10_000, 0.2), (100_000, 1.0)])
def test_a_late_receipt(fresh_book: Book, later: int, budget: float) -> None:
    made = world(items=1, warehouses=1, since=FIRST_DAY)
    fill(made, later)
    bought = [line(made.items[0], "100", unit_cost=Decimal("17.77"))]
    saved = other_receipts.save_other_receipt(
        draft(made.warehouses[0], bought, FIRST_DAY, reason="补录"), actor=SYSTEM
    )
    impact = _timed(lambda: other_receipts.preview_other_receipt(saved.pk, actor=SYSTEM))
    posted = _timed(lambda: other_receipts.post_other_receipt(target(saved), actor=SYSTEM))
    say(Figure(f"back_date_before_{later}_movements", posted, "s", budget))
    say(Figure(f"impact_preview_before_{later}_movements", impact, "s"))
    if later == 1_000:
        say(Figure("naive_replay_of_1000_movements", _timed(lambda: _naive_replay(made)), "s"))
    assert verify_books() == []


def _timed(work) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _naive_replay(made: World) -> None:
    """The usual way: every later row read, valued and saved one by one."""
    quantity, value = Decimal(0), Decimal(0)
    with transaction.atomic():
        entries = StockEntry.objects.filter(item=made.items[0]).order_by("dated", "position")
        for entry in entries:
            if entry.value_in is not None:
                quantity, value = quantity + entry.quantity, value + entry.value_in
                continue
            cost = (value * -entry.quantity / quantity).quantize(Decimal("0.01"))
            row = EntryCost.objects.get(entry=entry)
            row.value = -cost
            row.save()
            quantity, value = quantity + entry.quantity, value - cost
        transaction.set_rollback(True)
