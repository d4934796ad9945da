"""A document of a thousand lines is as many statements as one of five."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
from django.db import connection

from hengcang.books.models import Book
from hengcang.catalog.models import Item, ItemUom, Uom
from hengcang.kernel.actor import SYSTEM
from hengcang.purchasing.actions import receipts as purchase_receipts
from hengcang.register.verify import verify_books
from hengcang.sales.actions import deliveries, orders
from tests.documents.trade import reversed_
from tests.worlds import TODAY, World, draft, line, target, world

MOST = {"save": 20, "post": 35, "reverse": 55, "approve": 20}


@pytest.fixture
def made(book: Book) -> World:
    small = world(items=1)
    uom = Uom.objects.get()
    small.items = Item.objects.bulk_create(
        [
            Item(code=f"K{n:04d}", name=f"商品{n}", base_uom=uom, tax_rate=0, sale_price=20)
            for n in range(1000)
        ]
    )
    ItemUom.objects.bulk_create([ItemUom(item=i, uom=uom) for i in small.items])
    return small


@contextmanager
def statements() -> Iterator[list[str]]:
    seen: list[str] = []

    def note(execute: Any, sql: str, *arguments: Any) -> Any:
        if not sql.startswith(("SAVEPOINT", "RELEASE")):
            seen.append(sql)
        return execute(sql, *arguments)

    with connection.execute_wrapper(note):
        yield seen


def _traded(made: World, size: int, dated: date) -> dict[str, int]:
    """Statements by verb, for documents of `size` lines."""
    counts: dict[str, int] = {}
    lines = [line(i, "2", "3.33") for i in made.items[:size]]

    def counted(name: str, act: Callable[[], Any]) -> Any:
        started = time.perf_counter()
        with statements() as seen:
            done = act()
        counts[name] = len(seen)
        took = f"{time.perf_counter() - started:.2f} s"
        print(f"{size} lines, {name}: {len(seen)} statements, {took}")  # noqa: T201
        return done

    filled = draft(made.warehouses[0], lines, dated, made.supplier)
    receipt = counted("save receipt", lambda: purchase_receipts.save_receipt(filled, actor=SYSTEM))
    counted("post receipt", lambda: purchase_receipts.post_receipt(target(receipt), actor=SYSTEM))
    asked = draft(made.warehouses[0], lines, dated, made.customer)
    order = counted("save order", lambda: orders.save_order(asked, actor=SYSTEM))
    order = counted(
        "approve order", lambda: orders.step_order(target(order), "approve", actor=SYSTEM)
    )
    sold = [
        line(row.item, "2", "20", source_line_id=row.pk)
        for row in order.lines.select_related("item").order_by("position")
    ]
    filled_sale = draft(made.warehouses[0], sold, dated, made.customer)
    sale = counted("save delivery", lambda: deliveries.save_delivery(filled_sale, actor=SYSTEM))
    sale = counted("post delivery", lambda: deliveries.post_delivery(target(sale), actor=SYSTEM))
    counted("reverse delivery", lambda: reversed_(sale))
    return counts


@pytest.mark.timeout(400)
def test_pain_22_a_thousand_lines_are_as_many_statements_as_five(made: World) -> None:
    few = _traded(made, 5, TODAY)
    many = _traded(made, 1000, TODAY)
    for name, count in many.items():
        # bulk inserts of thousand lines go in a few batches
        assert count <= few[name] + 4, (name, few[name], count)
        assert count <= MOST[name.split()[0]], (name, count)
    assert verify_books() == []


def test_pain_1_a_back_date_is_no_more_statements_whatever_follows(made: World) -> None:
    """Recalculation is one window in the same transaction, not a queue of steps."""
    first = [line(made.items[0], "100", "3.33")]

    def receive(dated: date, lines: Any) -> int:
        filled = draft(made.warehouses[0], lines, dated, made.supplier)
        saved = purchase_receipts.save_receipt(filled, actor=SYSTEM)
        with statements() as seen:
            purchase_receipts.post_receipt(target(saved), actor=SYSTEM)
        return len(seen)

    in_order = receive(date(2026, 11, 1), first)
    counts = []
    for rounds in (3, 30):
        for n in range(rounds):
            filled = draft(
                made.warehouses[0],
                [line(made.items[0], "1", "20")],
                date(2026, 11, 10 + n % 10),
                made.customer,
            )
            saved = deliveries.save_delivery(filled, actor=SYSTEM)
            deliveries.post_delivery(target(saved), actor=SYSTEM)
        counts.append(receive(date(2026, 11, 2), [line(made.items[0], "1", "7.77")]))
    assert counts[0] == counts[1]
    assert counts[1] <= in_order + 3
    assert verify_books() == []
