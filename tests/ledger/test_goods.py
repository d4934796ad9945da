"""Batches, bins and statuses: what comes in says which, what goes out takes the first to expire."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hengcang.books.models import Book
from hengcang.catalog.models import Batch
from hengcang.documents.rules import Amounts, Shelf, first_to_expire, parts_of
from hengcang.kernel.actor import SYSTEM
from hengcang.kernel.errors import Refused, RefusedLines
from hengcang.kernel.refusals import sentence
from hengcang.ledger.models import Availability, StockBalance
from hengcang.places.models import BinLocation, Warehouse
from hengcang.purchasing.actions import receipts
from hengcang.purchasing.actions import returns as purchase_returns
from hengcang.register.verify import verify_books
from hengcang.sales.actions import deliveries, orders, returns
from hengcang.stock.actions import other_issues, transfers
from tests.documents.trade import reversed_
from tests.worlds import TODAY, World, draft, line, target, world

TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture
def milk(book: Book) -> World:
    """One item by batch with 180 days of shelf life, in a place with two bins."""
    made = world(items=1, warehouses=1)
    item = made.items[0]
    item.tracks_batch, item.shelf_life_days = True, 180
    item.save()
    place = made.warehouses[0]
    BinLocation.objects.bulk_create([BinLocation(warehouse=place, code=c) for c in ("A-1", "B-1")])
    place.uses_bins = True
    place.save()
    return made


def came_in(made: World, quantity: str, **which: Any) -> Any:
    lines = [line(made.items[0], quantity, "10", **which)]
    saved = receipts.save_receipt(
        draft(made.warehouses[0], lines, partner=made.supplier), actor=SYSTEM
    )
    return receipts.post_receipt(target(saved), actor=SYSTEM)


def went_out(made: World, quantity: str, **which: Any) -> Any:
    lines = [line(made.items[0], quantity, "20", **which)]
    saved = deliveries.save_delivery(
        draft(made.warehouses[0], lines, partner=made.customer), actor=SYSTEM
    )
    return deliveries.post_delivery(target(saved), actor=SYSTEM)


def shelves(made: World) -> dict[tuple[str, str], Decimal]:
    rows = StockBalance.objects.filter(quantity__gt=0).order_by("id")
    numbers = dict(Batch.objects.values_list("id", "batch_no"))
    codes = dict(BinLocation.objects.values_list("id", "code"))
    return {
        (numbers.get(r.batch_id or 0, ""), codes.get(r.bin_id or 0, "")): r.quantity for r in rows
    }


def test_the_first_to_expire_goes_first_over_batches_and_bins(milk: World) -> None:
    came_in(milk, "30", batch_no="L2", mfg_date=date(2026, 11, 1), bin_code="B-1")
    came_in(milk, "20", batch_no="L1", mfg_date=date(2026, 10, 1), bin_code="B-1")
    came_in(milk, "20", batch_no="L1", bin_code="A-1")
    delivery = went_out(milk, "50")
    lines = list(delivery.lines.select_related("batch", "bin"))
    told = [(str(ln.batch), str(ln.bin), ln.quantity) for ln in lines]
    assert told == [("L1", "A-1", 20), ("L1", "B-1", 20), ("L2", "B-1", 10)]
    assert sum(ln.amount_incl_tax for ln in lines) == delivery.amount_incl_tax == 1000
    assert Batch.objects.get(batch_no="L1").expiry_date == date(2026, 10, 1) + timedelta(days=180)
    assert shelves(milk) == {("L2", "B-1"): 20}
    reversed_(delivery)
    assert shelves(milk) == {("L2", "B-1"): 30, ("L1", "B-1"): 20, ("L1", "A-1"): 20}
    assert verify_books() == []


def test_an_order_is_delivered_by_the_same_rule_and_comes_back_into_its_batch(milk: World) -> None:
    came_in(milk, "5", batch_no="L1", expiry_date=TOMORROW)
    came_in(milk, "5", batch_no="L2", expiry_date=TOMORROW + timedelta(days=1))
    saved = orders.save_order(
        draft(milk.warehouses[0], [line(milk.items[0], "8", "20")], partner=milk.customer),
        actor=SYSTEM,
    )
    order = orders.step_order(target(saved), "approve", actor=SYSTEM)
    delivery = deliveries.deliver_order(
        order.pk, {}, on=TODAY, client_uuid=order.client_uuid.__class__(int=7), actor=SYSTEM
    )
    order.refresh_from_db()
    assert order.status == "closed"
    first, second = delivery.lines.select_related("batch")
    assert (str(first.batch), first.quantity) == ("L1", 5)
    back = line(milk.items[0], "2", source_line_id=second.pk, stock_status="defect")
    returned = returns.save_return(
        draft(milk.warehouses[0], [back], partner=milk.customer), actor=SYSTEM
    )
    returned = returns.post_return(target(returned), actor=SYSTEM)
    came = returned.lines.get()
    assert (came.batch_id, came.stock_status) == (second.batch_id, "defect")
    available = Availability.objects.get(item=milk.items[0])
    assert available.on_hand == 2  # what is defective cannot be sold
    assert verify_books() == []


def test_what_cannot_be_sold_is_refused_with_the_reason(milk: World) -> None:
    came_in(milk, "5", batch_no="OLD", expiry_date=TODAY - timedelta(days=1))
    with pytest.raises(RefusedLines) as told:
        went_out(milk, "1", batch_no="OLD")
    (expired,) = told.value.refusals
    assert expired.code == "batch_expired"
    assert "OLD" in sentence(expired)
    with pytest.raises(RefusedLines) as told:
        went_out(milk, "1", batch_no="NONE")
    assert told.value.refusals[0].code == "batch_unknown"
    with pytest.raises(RefusedLines) as told:
        went_out(milk, "1", bin_code="Z-9")
    assert told.value.refusals[0].code == "bin_unknown"
    with pytest.raises(RefusedLines) as told:
        came_in(milk, "1")
    assert told.value.refusals[0].code == "batch_missing"
    with pytest.raises(RefusedLines) as told:
        came_in(milk, "1", batch_no="OLD", expiry_date=TOMORROW)
    assert told.value.refusals[0].code == "batch_dates_differ"
    with pytest.raises(Refused) as short:
        went_out(milk, "1")  # there is only what has expired
    assert short.value.code == "goods_not_placed"
    came_in(milk, "2", batch_no="NEW", expiry_date=TOMORROW)
    with pytest.raises(Refused) as short:
        went_out(milk, "3", batch_no="NEW")
    assert short.value.code == "insufficient_of_key"
    assert "NEW" in sentence(short.value)
    assert shelves(milk) == {("OLD", ""): 5, ("NEW", ""): 2}
    assert verify_books() == []


def test_expired_goods_are_scrapped_first(milk: World) -> None:
    came_in(milk, "5", batch_no="OLD", expiry_date=TODAY - timedelta(days=1))
    came_in(milk, "5", batch_no="NEW", expiry_date=TOMORROW)
    saved = other_issues.save_other_issue(
        draft(milk.warehouses[0], [line(milk.items[0], "6")], reason="过期报废"), actor=SYSTEM
    )
    other_issues.post_other_issue(target(saved), actor=SYSTEM)
    assert shelves(milk) == {("NEW", ""): 4}


quantities = st.decimals("0.001", 100, places=3)


@given(quantities, st.lists(quantities, max_size=5))
def test_parts_add_up_to_what_was_asked(quantity: Decimal, there: list[Decimal]) -> None:
    found = [Shelf(n, None, None, q) for n, q in enumerate(there)]
    parts = first_to_expire(quantity, found)
    assert sum(q for _, q in parts) == quantity
    assert all(q <= shelf.quantity for shelf, q in parts if shelf)
    gross = Decimal("99.99")
    money = parts_of(Amounts(Decimal("88.49"), Decimal("11.50"), gross), [q for _, q in parts])
    assert sum(m.gross for m in money if m) == gross
    assert all(m.net + m.tax == m.gross for m in money if m)


def test_transfers_and_returns_to_suppliers_keep_the_batch(milk: World) -> None:
    there = Warehouse.objects.create(code="W9", name="门店")
    receipt = came_in(milk, "10", batch_no="L1", expiry_date=TOMORROW, bin_code="A-1")
    came_in(milk, "10", batch_no="L0", expiry_date=TODAY)
    sent = replace(
        draft(milk.warehouses[0], [line(milk.items[0], "4", batch_no="L1")]),
        to_warehouse_id=there.pk,
    )
    transfer = transfers.save_transfer(sent, actor=SYSTEM)
    transfers.move_transfer(target(transfer), actor=SYSTEM)
    arrived = StockBalance.objects.get(warehouse=there, quantity__gt=0)
    assert (arrived.batch_id, arrived.bin_id, arrived.quantity) == (
        Batch.objects.get(batch_no="L1").pk,
        None,
        4,
    )
    back = purchase_returns.return_receipt(
        receipt.pk,
        {receipt.lines.get().pk: Decimal(5)},
        on=TODAY,
        client_uuid=uuid4(),
        actor=SYSTEM,
    )
    assert str(back.lines.get().batch) == "L1"
    assert shelves(milk) == {("L0", ""): 10, ("L1", ""): 4, ("L1", "A-1"): 1}
    assert verify_books() == []
