"""How long a count sheet of 20,000 lines takes: read, checked, stamped, reviewed and posted."""

import time
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connections

from hengcang.books.models import Book
from hengcang.catalog.models import Item, ItemUom, Uom
from hengcang.kernel.actor import SYSTEM
from hengcang.kernel.errors import RefusedLines
from hengcang.register.counting import post_stock_count
from hengcang.register.verify import verify_books
from hengcang.stock.actions import other_receipts
from hengcang.stock.actions.counts import submit_stock_count
from hengcang.stock.actions.tallies import record_sheet
from hengcang.stock.models import CountRules, StockCount
from tests.benchmarks.measure import Figure, say
from tests.stock.counted import started
from tests.worlds import World, draft, line, target, world

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(900)]
LINES = 20_000
AT_ONCE = 1_000


@pytest.fixture
def full(fresh_book: Book) -> World:
    """20,000 items, each with 50 pieces on the shelf."""
    made = world(items=1, warehouses=1)
    CountRules.objects.create(id=1, cause_above_value=None)
    uom = Uom.objects.get(name="个")
    items = Item.objects.bulk_create(
        Item(code=f"N{n:05d}", name=f"商品{n}", base_uom=uom, quantity_places=3)
        for n in range(LINES)
    )
    ItemUom.objects.bulk_create(ItemUom(item=i, uom=uom) for i in items)
    made.items = items
    for start in range(0, LINES, AT_ONCE):
        lines = [line(i, "50", unit_cost=Decimal("7.77")) for i in items[start : start + AT_ONCE]]
        receipt = other_receipts.save_other_receipt(
            draft(made.warehouses[0], lines, reason="期初"), actor=SYSTEM
        )
        other_receipts.post_other_receipt(target(receipt), actor=SYSTEM)
    with connections["owner"].cursor() as cursor:  # as a server does by itself after a while
        cursor.execute("ANALYZE")
    return made


def test_a_count_of_20_000_lines(full: World) -> None:
    count = started(full)
    wrong = "\n".join(f"N{n:05d}\tabc" if n % 2 else f"X{n:05d}\t1" for n in range(LINES))
    began = time.perf_counter()
    with pytest.raises(RefusedLines) as told:
        record_sheet(count.pk, wrong, uuid4(), actor=SYSTEM)
    assert len(told.value.refusals) == LINES
    say(Figure("count_sheet_20000_wrong_lines", time.perf_counter() - began, "s", 30))

    sheet = "\n".join(f"N{n:05d}\t{50 + n % 5 - 2}\t个\tA{n % 40}" for n in range(LINES))
    began = time.perf_counter()
    record_sheet(count.pk, sheet, uuid4(), actor=SYSTEM)
    read = time.perf_counter()
    submit_stock_count(target(StockCount.objects.get(pk=count.pk)), actor=SYSTEM)
    post_stock_count(target(StockCount.objects.get(pk=count.pk)), actor=SYSTEM)
    done = time.perf_counter()
    say(Figure("count_sheet_20000_lines_recorded", read - began, "s"))
    say(Figure("count_sheet_20000_lines_posted", done - began, "s", 30))
    assert verify_books() == []
