"""Every piece moves with its goods, by name, and its life is on record."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from hengcang.kernel.actor import SYSTEM
from hengcang.kernel.errors import Refused, RefusedLines
from hengcang.kernel.refusals import sentence
from hengcang.ledger.models import PostingRecord
from hengcang.ledger.serial_models import SerialEntry, SerialState
from hengcang.purchasing.actions import returns
from hengcang.register.verify import verify_books
from hengcang.stock.actions import transfers
from tests.documents.trade import reversed_
from tests.serials.pieces import filled, posted, received, shop, sold, steps, where
from tests.worlds import draft, line, target

pytestmark = pytest.mark.usefixtures("book")


def refusal(work: Any, *args: Any, **more: Any) -> Refused:
    """What the work was refused with; nothing moved."""
    before = PostingRecord.objects.count(), SerialEntry.objects.count()
    with pytest.raises(Refused) as told, transaction.atomic():
        work(*args, **more)
    assert before == (PostingRecord.objects.count(), SerialEntry.objects.count())
    assert verify_books() == []
    return told.value


def test_pieces_come_in_and_leave_by_name() -> None:
    made = shop()
    received(made, "A1-3")
    sold(made, "A2")
    assert where("A2") == "customer"
    assert where("A1") == "in_stock"
    assert steps("A2") == [("new", "in_stock"), ("in_stock", "customer")]
    assert verify_books() == []


def test_a_delivery_that_names_none_takes_the_first_that_came_in() -> None:
    made = shop()
    received(made, "B1-2", dated=made_day(2))
    received(made, "A1-2", dated=made_day(1))
    delivery = sold(made, quantity="3")
    assert {s for s in ("A1", "A2", "B1", "B2") if where(s) == "customer"} == {"A1", "A2", "B1"}
    assert delivery.lines.count() == 1
    assert verify_books() == []


def made_day(day: int) -> date:

    return date(2026, 11, day)


def test_a_piece_cannot_be_sold_twice_and_the_sentence_says_by_what() -> None:
    made = shop()
    received(made, "A1-3")
    first = sold(made, "A1")
    told = refusal(sold, made, "A1")
    assert told.code == "serial_gone"
    assert first.number in sentence(told)
    assert made.customer.name in sentence(told)


def test_unknown_elsewhere_and_wrong_counts_are_told_all_at_once() -> None:
    made = shop()
    received(made, "A1-3")
    received(made, "B1-2", place=1)
    told = refusal(sold, made, "A1 B1 X9", quantity="4")
    assert isinstance(told, RefusedLines)
    assert {part.code for part in told.refusals} == {
        "serial_count",
        "serial_elsewhere",
        "serial_unknown",
    }
    elsewhere = next(p for p in told.refusals if p.code == "serial_elsewhere")
    assert "2号仓" in sentence(elsewhere)
    assert "1号仓" in sentence(elsewhere)


def test_a_piece_cannot_come_in_twice() -> None:
    made = shop()
    first = received(made, "A1-2")
    told = refusal(received, made, "A2 A3", place=1)
    assert told.code == "serial_in_stock"
    assert first.number in sentence(told)


def test_a_number_named_twice_in_a_document_is_refused_before_anything_is_saved() -> None:
    made = shop()
    told = refusal(received, made, "A1 A2 A1 A2")
    assert isinstance(told, RefusedLines)
    assert "A1" in sentence(told.refusals[0])
    assert "A2" in sentence(told.refusals[0])


def test_an_item_without_serials_takes_none() -> None:
    made = shop()
    told = refusal(received, made, "A1", item=1)
    assert isinstance(told, RefusedLines)
    assert told.refusals[0].code == "serials_not_tracked"


def test_a_return_names_pieces_of_its_origin() -> None:
    made = shop()
    received(made, "A1-4")
    first, second = sold(made, "A1-2"), sold(made, "A3")
    origin = first.lines.get()
    told = refusal(posted, made, "sales_return", "A3", source_line_id=origin.pk)
    assert told.code == "serial_not_of_origin"
    posted(made, "sales_return", "A2", source_line_id=origin.pk)
    assert where("A2") == "in_stock"
    sold(made, "A2")
    told = refusal(posted, made, "sales_return", "A2", source_line_id=origin.pk)
    assert told.code == "serial_not_of_origin"
    assert second.number
    assert verify_books() == []


def test_a_return_of_all_that_is_left_needs_no_names_and_one_of_less_does() -> None:
    made = shop()
    received(made, "A1-3")
    origin = sold(made, "A1-3").lines.get()
    told = refusal(posted, made, "sales_return", quantity="1", source_line_id=origin.pk)
    assert told.code == "serial_count"
    posted(made, "sales_return", quantity="3", source_line_id=origin.pk)
    assert where("A3") == "in_stock"
    assert verify_books() == []


def test_a_return_without_origin_takes_only_what_this_customer_has() -> None:
    made = shop()
    received(made, "A1-2")
    sold(made, "A1")
    posted(made, "sales_return", "A1 OLD", unit_cost=5)
    assert steps("OLD") == [("new", "in_stock")]
    told = refusal(received, made, "Z1 A2")
    assert told.code == "serial_in_stock"
    sold(made, "OLD")
    told = refusal(received, made, "OLD")
    assert told.code == "serial_of_other"
    assert made.customer.name in sentence(told)


def test_a_reversal_gives_pieces_back_unless_one_has_moved_on() -> None:
    made = shop()
    receipt = received(made, "A1-2")
    delivery = sold(made, "A1")
    told = refusal(reversed_, receipt)
    assert told.code == "serial_moved_on"
    assert delivery.number in sentence(told)
    reversed_(delivery)
    assert where("A1") == "in_stock"
    reversed_(receipt)
    assert where("A1") == "new"
    received(made, "A1")
    assert steps("A1")[-1] == ("new", "in_stock")
    assert verify_books() == []


def test_a_reversed_return_leaves_the_piece_with_its_customer() -> None:
    made = shop()
    received(made, "A1")
    origin = sold(made, "A1").lines.get()
    reversed_(posted(made, "sales_return", "A1", source_line_id=origin.pk))
    state = SerialState.objects.get(serial__serial_no="A1")
    assert (state.place, state.partner_id) == ("customer", made.customer.pk)
    assert verify_books() == []


def test_pieces_travel_with_a_transfer_and_arrive_or_are_lost() -> None:
    made = shop()
    received(made, "A1-4")
    to = {"to_warehouse_id": made.warehouses[1].pk}
    transfer = posted(made, "stock_transfer", "A1-3", header=to)
    source = transfer.lines.get()
    told = refusal(sold, made, "A1")
    assert told.code == "serial_elsewhere"
    posted(made, "transfer_receipt", "A1", place=1, source_line_id=source.pk)
    told = refusal(posted, made, "transfer_receipt", "A4", place=1, source_line_id=source.pk)
    assert {p.code for p in getattr(told, "refusals", [told])} <= {
        "serial_elsewhere",
        "serial_not_of_origin",
    }
    lost = {"outcome": "lost", "responsible": "承运"}
    gone = posted(made, "transfer_receipt", "A2", place=1, source_line_id=source.pk, header=lost)
    assert where("A2") == "lost"
    reversed_(gone)
    posted(made, "transfer_receipt", quantity="2", place=1, source_line_id=source.pk)
    sold(made, "A1-3", place=1)
    assert verify_books() == []


def test_a_transfer_moved_in_one_act_is_two_moves_of_each_piece() -> None:
    made = shop()
    received(made, "A1-2")

    saved = transfers.save_transfer(
        filled(made, "stock_transfer", "A1-2", header={"to_warehouse_id": made.warehouses[1].pk}),
        actor=SYSTEM,
    )
    transfers.move_transfer(target(saved), actor=SYSTEM)
    assert steps("A1") == [("new", "in_stock")] + [("in_stock", "in_stock")] * 2
    assert verify_books() == []


def test_pieces_go_back_to_their_supplier() -> None:
    made = shop()
    receipt = received(made, "A1-2")
    received(made, "B1")

    def send(serials: tuple[str, ...]) -> Any:
        typed = line(
            made.items[0], "1", None, source_line_id=receipt.lines.get().pk, serials=serials
        )
        saved = returns.save_return(
            draft(made.warehouses[0], [typed], partner=made.supplier), actor=SYSTEM
        )
        return returns.post_return(target(saved), actor=SYSTEM)

    assert refusal(send, ("B1",)).code == "serial_not_of_origin"
    send(())
    assert where("A1") == "supplier"
    received(made, "A1")
    assert verify_books() == []


def test_a_posting_cannot_be_earlier_than_the_last_move_of_a_piece() -> None:
    made = shop()
    received(made, "A1", dated=made_day(10))
    received(made, "B1", dated=made_day(1))
    told = refusal(sold, made, "A1", dated=made_day(5))
    assert told.code == "serial_later"


def test_pieces_on_several_shelves_split_the_line() -> None:
    made = shop()
    received(made, "A1-2")
    received(made, "B1", stock_status="defect")
    issue = posted(made, "other_issue", "A1 B1")
    assert sorted(issue.lines.values_list("stock_status", "quantity")) == [
        ("defect", 1),
        ("good", 1),
    ]
    assert where("B1") == "issued"
    posted(made, "other_receipt", "B1", unit_cost=3)
    assert verify_books() == []


def test_the_database_itself_refuses_a_second_sale() -> None:
    made = shop()
    receipt = received(made, "A1")
    sold(made, "A1")
    entry = SerialEntry.objects.get(step=2)
    with connection.cursor() as cursor:
        for previous, step in ((1, 2), (2, 3)):
            with pytest.raises(IntegrityError), transaction.atomic():
                cursor.execute(
                    "INSERT INTO ledger_serialentry (posting_id, line, serial_id, step, previous,"
                    " stock_before_id, place_before, place_after) "
                    "VALUES (%s, 1, %s, %s, %s, %s, 'in_stock', 'customer')",
                    [entry.posting_id, entry.serial_id, step, previous, entry.stock_before_id],
                )
        with pytest.raises(IntegrityError), transaction.atomic():
            cursor.execute(
                "UPDATE ledger_serialstate SET stock_id = %s, place = 'in_stock'",
                [entry.stock_before_id],
            )
    assert receipt.number
