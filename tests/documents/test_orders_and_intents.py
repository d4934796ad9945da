"""Orders, intents, numbers and versions: what a person could trip over."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from hengcang.books.models import Book
from hengcang.compliance import queries as compliance
from hengcang.documents.intents import body_hash
from hengcang.documents.reversal import Undo
from hengcang.kernel.actor import SYSTEM
from hengcang.kernel.errors import Refused, RefusedLines
from hengcang.ledger.models import Availability
from hengcang.purchasing.actions import orders as purchase_orders
from hengcang.purchasing.actions import receipts as purchase_receipts
from hengcang.register.verify import verify_books
from hengcang.sales.actions import deliveries, orders, returns
from tests.documents.trade import bought, delivered, received, reversed_, sold
from tests.worlds import TODAY, World, draft, line, target, world

D = Decimal


@pytest.fixture
def made(book: Book) -> World:
    return world(warehouses=2)


def _free(made: World, place: int = 0) -> tuple[Decimal, Decimal]:
    row = Availability.objects.get(item=made.items[0], warehouse=made.warehouses[place])
    return row.reserved, row.on_order


@pytest.mark.parametrize("verb", ["complete", "reopen"])
def test_nobody_presses_what_follows_from_execution(made: World, verb: str) -> None:
    received(made, "5", "10")
    order = sold(made, "5")
    with pytest.raises(Refused) as refused:
        orders.step_order(target(order), verb, actor=SYSTEM)
    assert refused.value.code == "wrong_status"
    asked = bought(made, "5")
    with pytest.raises(Refused) as refused:
        purchase_orders.step_order(target(asked), verb, actor=SYSTEM)
    assert refused.value.code == "wrong_status"
    assert verify_books() == []


def test_reserving_leaves_a_trace_and_a_new_version(made: World) -> None:
    order = sold(made, "5")
    received(made, "5", "10")
    seen = order.version
    order = orders.reserve_order(target(order), actor=SYSTEM)
    assert _free(made) == (5, 0)
    assert order.version == seen + 1
    verbs = [row.verb for row in compliance.timeline(SYSTEM, "sales_order", order.pk)]
    assert verbs[-1] == "sales_order.reserve"
    with pytest.raises(Refused) as refused:
        orders.reserve_order(replace(target(order), version=seen), actor=SYSTEM)
    assert refused.value.code == "stale_version"


def test_a_numbered_draft_may_move_to_another_month(made: World) -> None:
    """The number is a label: it stays, and so does the series."""
    order = bought(made, "5")
    order = purchase_orders.step_order(target(order), "take_back", actor=SYSTEM)
    other = draft(
        made.warehouses[0],
        [line(made.items[0], "5", "10")],
        date(2026, 10, 8),
        made.supplier,
    )
    order = purchase_orders.change_order(target(order), other, actor=SYSTEM)
    assert order.number == "CGDD202611-0001"
    assert verify_books() == []
    order = purchase_orders.step_order(target(order), "approve", actor=SYSTEM)
    assert order.number == "CGDD202611-0001"
    assert bought(made, "1").number == "CGDD202611-0002"
    assert verify_books() == []


def test_pain_35_a_voided_number_is_never_given_again(made: World) -> None:
    order = orders.save_order(
        draft(made.warehouses[0], [line(made.items[0], "5", "20")], partner=made.customer),
        actor=SYSTEM,
    )
    order = orders.step_order(target(order), "submit", actor=SYSTEM)
    assert order.number == "XSDD202611-0001"
    orders.step_order(target(order), "void", actor=SYSTEM)
    assert sold(made, "1").number == "XSDD202611-0002"
    assert verify_books() == []


def test_one_amount_has_one_hash_however_it_is_written(made: World) -> None:
    first = draft(made.warehouses[0], [line(made.items[0], "5", "20")], partner=made.customer)
    again = replace(first, lines=(line(made.items[0], "5.000", "20.0000"),))
    other = replace(first, lines=(line(made.items[0], "5.001", "20"),))
    assert body_hash("x", first) == body_hash("x", again)
    assert body_hash("x", first) != body_hash("x", other)
    assert orders.save_order(first, actor=SYSTEM).pk == orders.save_order(again, actor=SYSTEM).pk


def test_pain_24_the_same_undo_twice_is_one_reversal(made: World) -> None:
    receipt = received(made, "5", "10")
    undo = Undo(uuid4(), "录错", TODAY)
    first = purchase_receipts.reverse_receipt(target(receipt), undo, actor=SYSTEM)
    again = purchase_receipts.reverse_receipt(target(receipt), undo, actor=SYSTEM)
    assert first.pk == again.pk
    assert verify_books() == []


def test_a_stale_page_changes_nothing(made: World) -> None:
    saved = deliveries.save_delivery(
        draft(made.warehouses[0], [line(made.items[0], "5", "20")], partner=made.customer),
        actor=SYSTEM,
    )
    seen = target(saved)
    more = draft(made.warehouses[0], [line(made.items[0], "6", "20")], partner=made.customer)
    deliveries.change_delivery(seen, more, actor=SYSTEM)
    for act in (deliveries.post_delivery, deliveries.void_delivery):
        with pytest.raises(Refused) as refused:
            act(seen, actor=SYSTEM)
        assert refused.value.code == "stale_version"


def test_a_reversal_is_not_reversed(made: World) -> None:
    twin = reversed_(received(made, "5", "10"))
    with pytest.raises(Refused) as refused:
        reversed_(twin)
    assert refused.value.code == "reversal_not_reversible"
    assert verify_books() == []


def test_pain_5_closing_an_order_lets_go_of_all_it_held(made: World) -> None:
    received(made, "10", "10")
    order = sold(made, "8")
    pk = order.lines.get().pk
    first = deliveries.deliver_order(
        order.pk, {pk: D(3)}, on=TODAY, client_uuid=uuid4(), actor=SYSTEM
    )
    order.refresh_from_db()
    orders.step_order(target(order), "close", actor=SYSTEM, reason="客户取消")
    assert _free(made) == (0, 0)
    reversed_(first)  # a dead order gets nothing back
    assert _free(made) == (0, 0)
    assert verify_books() == []


def test_pain_5_receipts_of_a_closed_order_promise_nothing_again(made: World) -> None:
    order = bought(made, "10")
    pk = order.lines.get().pk
    receipt = purchase_receipts.receive_order(
        order.pk, {pk: D(4)}, on=TODAY, client_uuid=uuid4(), actor=SYSTEM
    )
    order.refresh_from_db()
    purchase_orders.step_order(target(order), "close", actor=SYSTEM, reason="供应商断货")
    reversed_(receipt)
    assert _free(made) == (0, 0)
    assert verify_books() == []


@pytest.mark.parametrize(
    ("quantity", "price", "more"),
    [
        ("-5", "20", {}),
        ("0", "20", {}),
        ("5", "-20", {}),
        ("5", "20", {"discount_rate": D("-1")}),
        ("5", "20", {"discount_rate": D("100.01")}),
        ("5", "20", {"tax_rate": D("-13")}),
        ("0.0000001", "20", {}),
    ],
)
def test_an_unreal_line_is_refused_by_the_action_itself(
    made: World, quantity: str, price: str, more: dict[str, Any]
) -> None:
    """Whoever calls: page, API, loader or program."""
    typed = line(made.items[0], quantity, price, **more)
    for save, partner in (
        (orders.save_order, made.customer),
        (deliveries.save_delivery, made.customer),
        (purchase_receipts.save_receipt, made.supplier),
    ):
        with pytest.raises(RefusedLines):
            save(draft(made.warehouses[0], [typed], partner=partner), actor=SYSTEM)


def test_a_return_states_no_negative_cost(made: World) -> None:
    typed = line(made.items[0], "5", "20", unit_cost=D("-1"))
    filled = draft(made.warehouses[0], [typed], partner=made.customer, reason="无源单")
    with pytest.raises(Refused):
        returns.save_return(filled, actor=SYSTEM)


def test_pain_17_a_delivery_from_elsewhere_is_undone_although_the_shelf_was_sold(
    made: World,
) -> None:
    """The order reserved here and was served from there: what was held here may be gone by now."""
    received(made, "5", "10")
    received(made, "5", "10", place=1)
    order = sold(made, "5")
    typed = line(made.items[0], "5", "20", source_line_id=order.lines.get().pk)
    saved = deliveries.save_delivery(
        draft(made.warehouses[1], [typed], partner=made.customer), actor=SYSTEM
    )
    served = deliveries.post_delivery(target(saved), actor=SYSTEM)
    assert _free(made) == (0, 0)
    delivered(made, "5")
    reversed_(served)
    assert verify_books() == []


def test_the_preview_of_a_delivery_counts_what_is_reserved_for_its_own_order(made: World) -> None:
    received(made, "10", "10")
    order = sold(made, "10")
    typed = line(made.items[0], "10", "20", source_line_id=order.lines.get().pk)
    saved = deliveries.save_delivery(
        draft(made.warehouses[0], [typed], partner=made.customer), actor=SYSTEM
    )
    assert deliveries.preview_delivery(saved.pk, actor=SYSTEM).blocked is None
    other = deliveries.save_delivery(
        draft(made.warehouses[0], [line(made.items[0], "1", "20")], partner=made.customer),
        actor=SYSTEM,
    )
    blocked = deliveries.preview_delivery(other.pk, actor=SYSTEM).blocked
    assert blocked is not None
    assert blocked.code == "insufficient_stock"
    assert deliveries.post_delivery(target(saved), actor=SYSTEM).status == "posted"
