"""Many at once: nothing is sold twice, nothing deadlocks, nothing is booked twice."""

import itertools
import random
import time
from collections import Counter
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from hengcang.books.models import Book
from hengcang.documents import attempts
from hengcang.kernel.actor import SYSTEM
from hengcang.kernel.errors import Refused
from hengcang.ledger.models import Availability, PostingRecord, StockBalance, StockEntry
from hengcang.ledger.periods import close_period, reopen_period
from hengcang.purchasing.actions import receipts as purchase_receipts
from hengcang.sales import queries as sales
from hengcang.sales.actions import deliveries
from hengcang.sales.models import SalesDelivery
from tests.concurrency.crowd import crowd
from tests.documents.trade import delivered, given_back, issued, received, reversed_, sold
from tests.worlds import TODAY, World, draft, item, line, target

D = Decimal


def _count_retries(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every time an action is run again, and why."""
    seen: list[str] = []
    passes = attempts._passes

    def watched(problem: Exception) -> bool:
        again = passes(problem)
        if again:
            seen.append(getattr(problem.__cause__, "sqlstate", None) or type(problem).__name__)
        return again

    monkeypatch.setattr(attempts, "_passes", watched)
    return seen


def _opposite(made: World, number: int, seconds: float) -> Callable[[], Counter[str]]:
    """Documents of several lines, items rising or falling, in and out, now and before."""
    chance = random.Random(number)

    def work() -> Counter[str]:
        done: Counter[str] = Counter()
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            ordered = sorted(
                chance.sample(made.items, 4), key=lambda i: i.pk, reverse=number % 2 > 0
            )
            place = made.warehouses[chance.randrange(2)]
            dated = chance.choice([TODAY, TODAY, TODAY, date(2026, 11, 3)])
            try:
                if chance.random() < 0.5:
                    lines = [line(i, str(chance.randint(1, 3)), "3.33") for i in ordered]
                    saved = purchase_receipts.save_receipt(
                        draft(place, lines, dated, made.supplier), actor=SYSTEM
                    )
                    posted: Any = purchase_receipts.post_receipt(target(saved), actor=SYSTEM)
                else:
                    lines = [line(i, str(chance.randint(1, 3)), "20") for i in ordered]
                    sale = deliveries.save_delivery(
                        draft(place, lines, dated, made.customer), actor=SYSTEM
                    )
                    posted = deliveries.post_delivery(target(sale), actor=SYSTEM)
                done["posted"] += 1
                if chance.random() < 0.2:
                    reversed_(posted)
                    done["reversed"] += 1
            except Refused as refused:
                done[refused.code] += 1
        return done

    return work


def _run_opposite(made: World, book: Book, seconds: float, monkeypatch: pytest.MonkeyPatch) -> None:
    retries = _count_retries(monkeypatch)
    outcomes = crowd(book.code, [_opposite(made, n, seconds) for n in range(8)])
    problems = [o for o in outcomes if isinstance(o, BaseException)]
    assert problems == []
    total: Counter[str] = sum(outcomes, Counter())
    print(f"\n8 threads, {seconds:.0f} s: {dict(total)}, retries {dict(Counter(retries))}")  # noqa: T201
    assert "40P01" not in retries, "a deadlock, even if retried"
    assert total["posted"] > 10
    assert set(total) <= {"posted", "reversed", "insufficient_stock", "insufficient_stock_later"}
    entries = sum(StockEntry.objects.values_list("quantity", flat=True), D(0))
    assert entries == sum(StockBalance.objects.values_list("quantity", flat=True), D(0))


def test_pain_4_documents_in_opposite_orders_never_deadlock(
    open_world: World, fresh_book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    _run_opposite(open_world, fresh_book, 5, monkeypatch)


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_pain_4_documents_in_opposite_orders_never_deadlock_for_a_minute(
    open_world: World, fresh_book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    _run_opposite(open_world, fresh_book, 60, monkeypatch)


def test_pain_6_the_last_units_go_to_exactly_as_many(open_world: World, fresh_book: Book) -> None:
    received(open_world, "10", "5")
    outcomes = crowd(fresh_book.code, [lambda: delivered(open_world, "1")] * 24)
    gone = [o for o in outcomes if isinstance(o, SalesDelivery)]
    refused = [o for o in outcomes if isinstance(o, Refused)]
    assert (len(gone), len(refused)) == (10, 14), outcomes
    assert {r.code for r in refused} == {"insufficient_stock"}
    assert refused[0].facts["item_code"] == "S001"
    numbers = sorted(str(s.number) for s in gone)
    assert numbers == [f"XSCK202611-{n:04d}" for n in range(1, 11)]


def test_pain_24_one_intent_of_sixteen_threads_is_one_document(
    open_world: World, fresh_book: Book
) -> None:
    received(open_world, "10", "5")
    order = sold(open_world, "5")
    intent = uuid4()

    def deliver() -> SalesDelivery:
        return deliveries.deliver_order(order.pk, {}, on=TODAY, client_uuid=intent, actor=SYSTEM)

    outcomes = crowd(fresh_book.code, [deliver] * 16)
    assert len({o.pk for o in outcomes}) == 1
    assert SalesDelivery.objects.count() == 1
    assert PostingRecord.objects.filter(kind="sales_delivery").count() == 1


def test_pain_5_reserving_and_delivering_the_last_units_never_oversell(
    open_world: World, fresh_book: Book
) -> None:
    received(open_world, "10", "5")
    works: list[Callable[[], Any]] = [lambda: sold(open_world, "3")] * 6
    works += [lambda: delivered(open_world, "2")] * 6
    random.Random(1).shuffle(works)
    outcomes = crowd(fresh_book.code, works)
    strange = [o for o in outcomes if isinstance(o, Exception) and not isinstance(o, Refused)]
    assert strange == []
    row = Availability.objects.get(item=open_world.items[0], warehouse=open_world.warehouses[0])
    assert row.on_hand >= row.reserved >= 0
    gone = [o for o in outcomes if isinstance(o, SalesDelivery)]
    assert row.on_hand == 10 - 2 * len(gone)
    reserved = [ln.qty_reserved for o in sales.orders(SYSTEM) for ln in o.lines.all()]
    assert sum(reserved, D(0)) == row.reserved


def test_first_postings_of_new_items_at_once_make_each_row_once(
    open_world: World, fresh_book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    retries = _count_retries(monkeypatch)
    uom = open_world.items[0].base_uom
    for round_ in range(5):
        fresh = [item(f"N{round_}{n}", "新品", uom) for n in range(8)]

        def receive(number: int, fresh: list[Any] = fresh) -> Any:
            ordered = fresh if number % 2 else fresh[::-1]
            saved = purchase_receipts.save_receipt(
                draft(
                    open_world.warehouses[number % 2],
                    [line(i, "1", "5") for i in ordered],
                    partner=open_world.supplier,
                ),
                actor=SYSTEM,
            )
            return purchase_receipts.post_receipt(target(saved), actor=SYSTEM)

        outcomes = crowd(fresh_book.code, [lambda n=n: receive(n) for n in range(8)])  # type: ignore[misc]
        assert [o for o in outcomes if isinstance(o, Exception)] == []
        assert StockBalance.objects.filter(item__in=fresh).count() == 16
    assert "40P01" not in retries


def test_pain_31_a_month_closes_between_postings_never_during_one(
    open_world: World, fresh_book: Book
) -> None:
    september = date(2026, 9, 20)
    received(open_world, "500", "5", date(2026, 9, 2))

    def close() -> None:
        for _ in range(4):
            close_period(date(2026, 9, 1), today=TODAY, actor=SYSTEM)
            time.sleep(0.05)
            reopen_period(date(2026, 9, 1), "补录", actor=SYSTEM)
            time.sleep(0.05)
        close_period(date(2026, 9, 1), today=TODAY, actor=SYSTEM)

    def sell() -> Counter[str]:
        done: Counter[str] = Counter()
        for _ in range(12):
            try:
                delivered(open_world, "1", september)
                done["posted"] += 1
            except Refused as refused:
                done[refused.code] += 1
        return done

    closer, *sellers = crowd(fresh_book.code, [close, *[sell] * 4])
    assert closer is None
    total: Counter[str] = sum(sellers, Counter())
    assert set(total) <= {"posted", "period_closed"}
    assert sum(total.values()) == 48
    left = StockBalance.objects.get(item=open_world.items[0], warehouse=open_world.warehouses[0])
    assert left.quantity == 500 - total["posted"]


def test_two_who_undo_the_same_document_leave_one_reversal(
    open_world: World, fresh_book: Book
) -> None:
    receipt = received(open_world, "10", "5")
    outcomes = crowd(fresh_book.code, [lambda: reversed_(receipt)] * 6)
    codes = Counter(o.code if isinstance(o, Refused) else type(o).__name__ for o in outcomes)
    assert codes["PurchaseReceipt"] == 1
    assert set(codes) <= {"PurchaseReceipt", "stale_version", "wrong_status"}
    assert StockBalance.objects.get().quantity == 0


def test_a_return_and_the_undoing_of_its_delivery_do_not_both_succeed(
    open_world: World, fresh_book: Book
) -> None:
    received(open_world, "10", "5")
    for _ in range(5):
        delivery = delivered(open_world, "2")
        outcomes = crowd(
            fresh_book.code,
            [lambda d=delivery: given_back(open_world, d, "2"), lambda d=delivery: reversed_(d)],  # type: ignore[misc]
        )
        refused = [o for o in outcomes if isinstance(o, Exception)]
        assert len(refused) == 1, outcomes
        assert isinstance(refused[0], Refused)


def test_back_dates_and_issues_at_once_end_as_if_entered_in_some_order(
    open_world: World, fresh_book: Book
) -> None:
    received(open_world, "50", "5", date(2026, 11, 1))
    early = [date(2026, 11, n) for n in range(2, 10)]
    works: list[Callable[[], Any]] = [
        *[lambda d=d: received(open_world, "3", "7.77", d) for d in early],  # type: ignore[misc]
        *[lambda d=d: issued(open_world, "2", d) for d in early],  # type: ignore[misc]
    ]
    outcomes = crowd(fresh_book.code, works)
    assert [o for o in outcomes if isinstance(o, Exception)] == []
    positions = list(StockEntry.objects.order_by("position").values_list("posting_id", flat=True))
    assert len(set(positions)) == len(list(itertools.chain(works))) + 1
