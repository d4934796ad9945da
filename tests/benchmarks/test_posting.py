"""What a document costs to post, between the bare SQL of it and the row-by-row way."""

import contextlib
import subprocess
import sys
import time
from uuid import uuid4

import pytest
from django.db import connection, connections, models, transaction

from hengcang.books.models import Book
from hengcang.catalog.models import Item, Uom
from hengcang.documents.drafts import Draft, Target
from hengcang.kernel.actor import SYSTEM
from hengcang.ledger.models import MoneyEntry, PartnerBalance, StockBalance, StockEntry
from hengcang.partners.models import CustomerProfile, Partner
from hengcang.purchasing.actions import receipts as purchase_receipts
from hengcang.register.verify import verify_books
from hengcang.sales.actions import deliveries, orders
from tests.benchmarks.measure import Figure, cpu_ms_each, say
from tests.worlds import World, draft, item, line, target, world

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(900)]
ITEMS = 200
ROUNDS = 300
EACH = 240
SECONDS = 4


@pytest.fixture
def stocked(fresh_book: Book) -> World:
    """200 items with plenty of stock in one warehouse."""
    made = world(items=ITEMS, warehouses=1)
    receive(made, made.items, "1000000")
    return made


def receive(made: World, items: list[Item], quantity: str) -> None:
    """One posted receipt without an order."""
    lines = [line(i, quantity, "10") for i in items]
    receipt = purchase_receipts.save_receipt(
        draft(made.warehouses[0], lines, partner=made.supplier), actor=SYSTEM
    )
    purchase_receipts.post_receipt(target(receipt), actor=SYSTEM)


def five(made: World, n: int) -> Draft:
    chosen = [made.items[(n * 5 + k) % len(made.items)] for k in range(5)]
    return draft(made.warehouses[0], [line(i, "1", "20") for i in chosen], partner=made.customer)


def test_a_five_line_delivery(stocked: World) -> None:
    saved = [deliveries.save_delivery(five(stocked, n), actor=SYSTEM) for n in range(ROUNDS + 20)]
    posts = iter(saved)

    def post() -> None:
        deliveries.post_delivery(target(next(posts)), actor=SYSTEM)

    cpu_ms_each(post, 20)
    say(Figure("post_5_line_delivery_cpu", cpu_ms_each(post, ROUNDS), "ms", 8))
    bare = BareSql(stocked)
    say(Figure("post_5_line_delivery_cpu_lower_bound_sql", cpu_ms_each(bare.post, ROUNDS), "ms"))
    naive = NaiveOrm(stocked)
    say(Figure("post_5_line_delivery_cpu_upper_bound_orm", cpu_ms_each(naive.post, ROUNDS), "ms"))


class BareSql:
    """The least that must happen: one conditional update, entries, money; no rules, no audit."""

    def __init__(self, made: World) -> None:
        self.ids = [i.pk for i in made.items[:5]]
        with connections["owner"].cursor() as cursor:  # the application itself may make none
            name = connection.ops.quote_name(cursor.connection.info.dbname)
            cursor.execute(f"GRANT TEMPORARY ON DATABASE {name} TO app_rw")
        with connection.cursor() as cursor:
            cursor.execute(
                "CREATE TEMP TABLE bare_stock AS SELECT id, 1000000::numeric AS quantity "
                "FROM unnest(%s::bigint[]) id",
                [self.ids],
            )
            cursor.execute("CREATE TEMP TABLE bare_entry (item bigint, quantity numeric)")
            cursor.execute("CREATE TEMP TABLE bare_money (amount numeric)")

    def post(self) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "UPDATE bare_stock SET quantity = quantity - 1 "
                "WHERE id = ANY(%s) AND quantity >= 1",
                [self.ids],
            )
            cursor.execute("INSERT INTO bare_entry SELECT unnest(%s::bigint[]), -1", [self.ids])
            cursor.execute("INSERT INTO bare_money VALUES (100)")


class NaiveOrm:
    """The usual way, row by row: read, check, save; posting only, no rules, no audit.

    Entries go to the ledger's own tables through the ORM inside a transaction that is taken back.
    """

    def __init__(self, made: World) -> None:
        self.balances = list(StockBalance.objects.filter(item__in=made.items[:5]))
        self.partner = made.customer
        self.template = StockEntry.objects.first()
        assert self.template is not None
        self.line = 1000

    def post(self) -> None:
        assert self.template is not None
        with transaction.atomic():
            for balance in self.balances:
                self.line += 1
                row = StockBalance.objects.select_for_update().get(pk=balance.pk)
                assert row.quantity >= 1
                row.quantity -= 1
                row.save()
                StockEntry.objects.create(
                    posting_id=self.template.posting_id,
                    line=self.line,
                    stock=row,
                    cost_id=self.template.cost_id,
                    item_id=row.item_id,
                    warehouse_id=row.warehouse_id,
                    dated=self.template.dated,
                    quantity=-1,
                )
            MoneyEntry.objects.create(
                posting_id=self.template.posting_id,
                partner=self.partner,
                account="receivable",
                amount=100,
                dated=self.template.dated,
                due=self.template.dated,
            )
            owed, _ = PartnerBalance.objects.get_or_create(
                partner=self.partner, account="receivable"
            )
            PartnerBalance.objects.filter(pk=owed.pk).update(amount=models.F("amount") + 100)
            transaction.set_rollback(True)


def test_order_to_delivery(stocked: World) -> None:
    numbers = iter(range(10_000))

    def whole() -> None:
        order = orders.save_order(five(stocked, next(numbers)), actor=SYSTEM)
        order = orders.step_order(target(order), "approve", actor=SYSTEM)
        deliveries.deliver_order(order.pk, {}, on=order.dated, client_uuid=uuid4(), actor=SYSTEM)

    cpu_ms_each(whole, 20)
    say(Figure("order_to_delivery_5_lines_cpu", cpu_ms_each(whole, 150), "ms", 25))


def test_a_document_of_1000_lines(fresh_book: Book) -> None:
    made = world(items=1, warehouses=1)
    uom = Uom.objects.get(name="个")
    items = [item(f"L{n:04d}", f"商品{n}", uom) for n in range(1000)]
    receive(made, items, "10")
    lines = [line(i, "1", "20") for i in items]
    started = time.perf_counter()
    saved = deliveries.save_delivery(
        draft(made.warehouses[0], lines, partner=made.customer), actor=SYSTEM
    )
    say(Figure("save_1000_lines", time.perf_counter() - started, "s"))
    started = time.perf_counter()
    deliveries.post_delivery(target(saved), actor=SYSTEM)
    say(Figure("post_1000_lines", time.perf_counter() - started, "s", 2))
    assert verify_books() == []


@pytest.mark.parametrize(("name", "width"), [("hot_5_items", 5), ("200_items", ITEMS)])
def test_eight_clients(stocked: World, fresh_book: Book, name: str, width: int) -> None:
    """Documents a second while 8 writers work, each a process with a customer of its own, of 3
    lines in opposite orders.
    """
    customers = [customer(f"K{t}") for t in range(8)]
    saved = [[_three(stocked, width, customers[t], n) for n in range(EACH)] for t in range(8)]
    rate = _raced(fresh_book.code, saved) / SECONDS
    say(Figure(f"8_clients_3_lines_{name}", rate, "documents/s", 200, True))
    assert verify_books() == []


def customer(code: str) -> Partner:
    """Somebody to deliver to."""
    made = Partner.objects.create(code=code, name=f"客户{code}")
    CustomerProfile.objects.create(partner=made)
    return made


def _three(made: World, width: int, buyer: Partner, n: int) -> Target:
    step = 1 if buyer.pk % 2 else -1
    chosen = [made.items[(n * 7 + k * step) % width] for k in range(3)]
    return target(
        deliveries.save_delivery(
            draft(made.warehouses[0], [line(i, "1", "20") for i in chosen], partner=buyer),
            actor=SYSTEM,
        )
    )


def _raced(code: str, saved: list[list[Target]]) -> int:
    """How many were posted in SECONDS from a common start, each list by a process of its own."""
    command = [sys.executable, "-m", "tests.benchmarks.writer", code, str(SECONDS)]
    pipe = subprocess.PIPE
    with contextlib.ExitStack() as stack:
        writers = [
            stack.enter_context(subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True))
            for _ in saved
        ]
        for writer, part in zip(writers, saved, strict=True):
            _tell(writer, " ".join(str(t.id) for t in part))
        for writer in writers:
            assert writer.stdout is not None
            assert writer.stdout.readline() == "ready\n"
        for writer in writers:
            _tell(writer, "go")
        counts = [int(writer.stdout.readline()) for writer in writers if writer.stdout]
        assert [writer.wait(timeout=120) for writer in writers] == [0] * len(writers)
        return sum(counts)


def _tell(writer: "subprocess.Popen[str]", words: str) -> None:
    assert writer.stdin is not None
    writer.stdin.write(words + "\n")
    writer.stdin.flush()
