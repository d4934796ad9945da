"""Free stock and what is requested go to lines in turn, as a person with a pencil would do it."""

import random
from collections import defaultdict
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from hengcang.books.models import Book
from hengcang.documents.flow import Status
from hengcang.kernel.actor import SYSTEM
from hengcang.ledger.models import Availability
from hengcang.purchasing.models import PurchaseRequisitionLine
from hengcang.register.sales_demand import SalesRequest, request_for_sales
from hengcang.register.sales_needs import needs, uncovered
from hengcang.sales.actions import orders
from hengcang.sales.models import SalesOrderLine
from tests.documents.trade import received
from tests.worlds import TODAY, World, draft, line, target, world

D = Decimal
Pool = dict[tuple[int, int], Decimal]


@pytest.mark.parametrize("seed", range(6))
def test_the_database_reckons_as_the_pencil(book: Book, seed: int) -> None:
    made, chance = world(items=2, warehouses=2), random.Random(seed)
    for _ in range(14):
        _something_happens(made, chance)
    told = {n.line_id: (n.open, n.held, n.stock, n.requested) for n in needs(SYSTEM)}
    assert told == _pencil()
    assert [n.line_id for n in uncovered(SYSTEM)] == [n.line_id for n in needs(SYSTEM)]


def _something_happens(made: World, chance: random.Random) -> None:
    item, place, some = chance.randrange(2), chance.randrange(2), str(chance.randint(1, 9))
    what = chance.choice(["order", "order", "order", "receive", "request", "take back"])
    open_needs = needs(SYSTEM)
    if what == "order":
        due = chance.choice([None, TODAY + timedelta(days=chance.randint(0, 3))])
        wanted = draft(
            made.warehouses[place], [line(made.items[item], some, "20")], partner=made.customer
        )
        saved = orders.save_order(replace(wanted, due_date=due), actor=SYSTEM)
        orders.step_order(target(saved), "approve", actor=SYSTEM)
    elif what == "receive":
        received(made, some, "10", item=item, place=place)
    elif what == "request" and open_needs:
        need = chance.choice(open_needs)
        wish = ((need.line_id, min(need.needed, D(some))),)
        request_for_sales(SalesRequest(uuid4(), TODAY, wish), actor=SYSTEM)
    elif what == "take back" and open_needs:
        order = SalesOrderLine.objects.get(pk=chance.choice(open_needs).line_id).document
        orders.step_order(target(order), "take_back", actor=SYSTEM)


def _pencil() -> dict[int, tuple[Decimal, ...]]:
    rows = SalesOrderLine.objects.select_related("document").filter(
        document__status=Status.APPROVED
    )
    far = TODAY + timedelta(days=99)
    lines = sorted(rows, key=lambda row: (row.document.due_date or far, row.pk))
    asked: dict[int, Decimal] = defaultdict(D)
    spare: Pool = defaultdict(D)
    for wanted in PurchaseRequisitionLine.objects.exclude(source_line_id=None):
        if wanted.source_line_id in {row.pk for row in lines}:
            asked[wanted.source_line_id] += wanted.quantity
        else:
            spare[wanted.document.warehouse_id, wanted.item_id] += wanted.quantity
    free: Pool = defaultdict(D)
    for shelf in Availability.objects.all():
        free[shelf.warehouse_id, shelf.item_id] = max(shelf.on_hand - shelf.reserved, D(0))
    own = {row.pk: min(row.quantity - row.qty_reserved, asked[row.pk]) for row in lines}
    for row in lines:
        spare[row.place_id, row.item_id] += asked[row.pk] - own[row.pk]
    found: dict[int, tuple[Decimal, ...]] = {}
    for row in lines:
        place = (row.place_id, row.item_id)
        left = row.quantity - row.qty_reserved - own[row.pk]
        stock = min(free[place], left)
        free[place] -= stock
        other = min(spare[place], left - stock)
        spare[place] -= other
        if left - stock - other > 0:
            found[row.pk] = (row.quantity, row.qty_reserved, stock, own[row.pk] + other)
    return found
