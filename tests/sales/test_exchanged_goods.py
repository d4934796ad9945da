"""Which goods an exchange means: batches, pieces, what a sheet says."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from hengcang.books.models import Book
from hengcang.catalog.models import Batch, Item
from hengcang.kernel.actor import SYSTEM
from hengcang.kernel.errors import Refused
from hengcang.ledger.serial_models import SerialState
from hengcang.purchasing.actions import receipts
from hengcang.register.recall import customers_of
from hengcang.register.verify import verify_books
from hengcang.sales.actions import deliveries
from hengcang.sales.models import SalesExchange
from tests.documents.trade import reversed_
from tests.sales.exchanged import exchanged, out
from tests.serials.pieces import received, shop, sold, where
from tests.worlds import TODAY, World, draft, line, target, world

D = Decimal


def _batched() -> World:
    """Two of batch A, which expires first, and six of B."""
    made = world()
    Item.objects.filter(pk=made.items[0].pk).update(tracks_batch=True)
    made.items[0].refresh_from_db()
    lines = [
        line(made.items[0], "2", "6", batch_no="A", expiry_date=date(2027, 1, 1)),
        line(made.items[0], "6", "9", batch_no="B", expiry_date=date(2027, 6, 1)),
    ]
    saved = receipts.save_receipt(
        draft(made.warehouses[0], lines, partner=made.supplier), actor=SYSTEM
    )
    receipts.post_receipt(target(saved), actor=SYSTEM)
    return made


def test_batches_come_back_as_they_left_and_go_out_first_to_expire(book: Book) -> None:
    made = _batched()
    sale = draft(
        made.warehouses[0], [line(made.items[0], "2", "20", batch_no="B")], partner=made.customer
    )
    delivery = deliveries.post_delivery(
        target(deliveries.save_delivery(sale, actor=SYSTEM)), actor=SYSTEM
    )
    origin = delivery.lines.get()
    back = line(made.items[0], "1", source_line_id=origin.pk, direction="back")
    exchange = exchanged(made, back, out(made, "3", "33.34", item=0))
    told = exchange.lines.order_by("position").values_list(
        "position", "direction", "batch__batch_no", "quantity", "amount_incl_tax"
    )
    assert list(told) == [
        (1, "back", "B", D(1), D("-20.00")),
        (2, "out", "A", D(2), D("66.68")),
        (3, "out", "B", D(1), D("33.34")),
    ]
    batch = Batch.objects.get(batch_no="B")
    (customer,) = customers_of(SYSTEM, batch.pk)
    assert (customer.moved, customer.returned, customer.still) == (D(3), D(1), D(2))
    reversed_(exchange)
    (customer,) = customers_of(SYSTEM, batch.pk)
    assert (customer.moved, customer.returned) == (D(2), D(0))
    assert verify_books() == []


def test_pieces_go_both_ways(book: Book) -> None:
    made = shop()
    received(made, "A1-4", price="6")
    origin = sold(made, "A1 A2").lines.get()
    swapped = line(
        made.items[0], "1", "10", source_line_id=origin.pk, direction="back", serials=("A2",)
    )
    swapped = replace(swapped, stock_status="")
    exchange = exchanged(made, swapped, out(made, "1", "10", item=0, serials=("A4",)))
    assert [where(no) for no in ("A1", "A2", "A3", "A4")] == [
        "customer",
        "in_stock",
        "in_stock",
        "customer",
    ]
    state = SerialState.objects.select_related("stock").get(serial__serial_no="A2")
    assert state.stock is not None
    assert state.stock.status == "defect"
    assert SerialState.objects.get(serial__serial_no="A4").partner_id == made.customer.pk
    reversed_(exchange)
    assert [where(no) for no in ("A2", "A4")] == ["customer", "in_stock"]
    assert verify_books() == []


def test_a_piece_that_never_left_does_not_come_back(book: Book) -> None:
    made = shop()
    received(made, "A1-4", price="6")
    origin = sold(made, "A1 A2").lines.get()
    wrong = [
        (("A3",), ("A4",), "serial_in_stock"),
        (("A3",), (), "serial_twice"),  # the one chosen to go out
        ((), (), "serial_count"),
    ]
    for named, goes, code in wrong:
        back = line(
            made.items[0], "1", "10", source_line_id=origin.pk, direction="back", serials=named
        )
        with pytest.raises(Refused) as refused:
            exchanged(made, back, out(made, "1", "10", item=0, serials=goes))
        codes = {each.code for each in getattr(refused.value, "refusals", [refused.value])}
        assert codes == {code}
    assert not SalesExchange.objects.filter(status="posted").exists()
    assert where("A1") == "customer"
    assert verify_books() == []


def test_backdated_goods_take_the_cost_of_their_day(book: Book) -> None:
    made = world()
    for day, price in (("2026-10-01", "6"), ("2026-11-10", "12")):
        saved = receipts.save_receipt(
            draft(
                made.warehouses[0],
                [line(made.items[0], "5", price)],
                date.fromisoformat(day),
                made.supplier,
            ),
            actor=SYSTEM,
        )
        receipts.post_receipt(target(saved), actor=SYSTEM)
    loose = line(made.items[0], "1", "20", direction="back", unit_cost=D(6))
    early = exchanged(
        made, loose, out(made, "2", "20", item=0), dated=date(2026, 10, 5), reason="补录"
    )
    assert early.dated < TODAY
    assert verify_books() == []
