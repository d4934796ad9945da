"""One order, several warehouses: reserved, seen and delivered where each line goes from."""

from dataclasses import replace
from decimal import Decimal
from uuid import uuid4

import pytest

from hengcang.documents.reversal import Undo
from hengcang.kernel.actor import SYSTEM, Actor
from hengcang.kernel.errors import Refused, RefusedLines
from hengcang.ledger.queries import stocked
from hengcang.register.promises import promised_dates
from hengcang.register.sales_needs import uncovered_sales_lines
from hengcang.register.verify import verify_books
from hengcang.sales import figures, queries
from hengcang.sales.actions import deliveries, orders
from hengcang.sales.models import SalesDelivery, SalesOrder
from hengcang.sales.picking import pick_list
from tests.documents.trade import received
from tests.worlds import TODAY, World, draft, line, target, world

D = Decimal
VERBS = ("view", "save", "approve", "post")


@pytest.fixture
def made(book) -> World:
    return world(warehouses=3)


def filled(made: World, *places: int | None) -> SalesOrder:
    """One piece after the other of the items in turn, from these warehouses (None: the order's)."""
    lines = [
        line(
            made.items[n % 2],
            "3",
            "10",
            warehouse_id=None if place is None else made.warehouses[place].pk,
        )
        for n, place in enumerate(places)
    ]
    return orders.save_order(draft(made.warehouses[0], lines, partner=made.customer), actor=SYSTEM)


def approved(made: World, *places: int | None) -> SalesOrder:
    return orders.step_order(target(filled(made, *places)), "approve", actor=SYSTEM)


def reserved(made: World, place: int, item: int) -> Decimal:
    found = stocked(SYSTEM, made.warehouses[place].pk, [made.items[item].pk])
    return found[made.items[item].pk].reserved if found else D(0)


def stock(made: World) -> None:
    for place in range(2):
        for item in range(2):
            received(made, "5", "1", item=item, place=place)


def keeper(made: World, *places: int) -> Actor:
    allowed = frozenset(
        f"{kind}.{verb}" for kind in ("sales_order", "sales_delivery") for verb in VERBS
    )
    return Actor(7, "仓管", allowed, frozenset(made.warehouses[n].pk for n in places))


def test_every_line_is_reserved_where_it_goes_from(made: World) -> None:
    stock(made)
    order = approved(made, None, 1, 0)
    own = list(order.lines.order_by("position").values_list("warehouse_id", flat=True))
    assert own == [None, made.warehouses[1].pk, None]
    assert (reserved(made, 0, 0), reserved(made, 0, 1), reserved(made, 1, 1)) == (5, 0, 3)
    orders.step_order(target(order), "take_back", actor=SYSTEM)
    assert (reserved(made, 0, 0), reserved(made, 1, 1)) == (0, 0)
    assert verify_books() == []


def test_one_delivery_a_warehouse_in_one_act(made: World) -> None:
    stock(made)
    order = approved(made, None, 1)
    with pytest.raises(Refused) as refused:
        deliveries.deliver_order(order.pk, {}, on=TODAY, client_uuid=uuid4(), actor=SYSTEM)
    assert refused.value.code == "several_warehouses"
    key = uuid4()
    for _ in range(2):
        papers = deliveries.deliver_by_warehouse(
            order.pk, {}, on=TODAY, client_uuid=key, actor=SYSTEM
        )
        assert [paper.warehouse_id for paper in papers] == [w.pk for w in made.warehouses[:2]]
    assert SalesDelivery.objects.count() == 2
    order.refresh_from_db()
    assert (order.status, reserved(made, 0, 0), reserved(made, 1, 1)) == ("closed", 0, 0)
    deliveries.reverse_delivery(target(papers[1]), Undo(uuid4(), "退回", TODAY), actor=SYSTEM)
    assert reserved(made, 1, 1) == 3
    assert verify_books() == []


def test_all_warehouses_or_none(made: World) -> None:
    received(made, "5", "1")
    order = approved(made, None, 1)
    with pytest.raises(Refused) as refused:
        deliveries.deliver_by_warehouse(order.pk, {}, on=TODAY, client_uuid=uuid4(), actor=SYSTEM)
    assert refused.value.code == "insufficient_stock"
    assert SalesDelivery.objects.count() == 0
    assert verify_books() == []


def test_a_keeper_sees_and_delivers_what_goes_from_the_own_warehouse(made: World) -> None:
    stock(made)
    order = approved(made, None, 1)
    there, nowhere = keeper(made, 1), keeper(made, 2)
    assert list(queries.orders(there)) == [order]
    assert list(queries.orders(nowhere)) == []
    proposed = queries.delivery_draft(there, order, {}, on=TODAY, client_uuid=uuid4())
    assert (proposed.warehouse_id, len(proposed.lines)) == (made.warehouses[1].pk, 1)
    with pytest.raises(Refused) as refused:
        deliveries.deliver_by_warehouse(order.pk, {}, on=TODAY, client_uuid=uuid4(), actor=there)
    assert refused.value.code == "not_found"
    assert SalesDelivery.objects.count() == 0
    own = {order.lines.get(warehouse__isnull=False).pk: D(3)}
    paper = deliveries.deliver_order(order.pk, own, on=TODAY, client_uuid=uuid4(), actor=there)
    assert paper.warehouse_id == made.warehouses[1].pk
    assert verify_books() == []


def test_nobody_promises_from_a_warehouse_out_of_scope(made: World) -> None:
    typed = [line(made.items[0], "1", "10", warehouse_id=made.warehouses[1].pk)]
    seller = keeper(made, 0)
    with pytest.raises(RefusedLines) as refused:
        orders.save_order(draft(made.warehouses[0], typed, partner=made.customer), actor=seller)
    assert refused.value.refusals[0].field == "lines.1.warehouse"
    order = filled(made, 1)
    with pytest.raises(Refused) as refused_step:
        orders.step_order(target(order), "approve", actor=seller)
    assert refused_step.value.code == "not_found"
    made.warehouses[1].is_active = False
    made.warehouses[1].save()
    with pytest.raises(RefusedLines):
        orders.change_order(
            target(order),
            replace(draft(made.warehouses[0], typed, partner=made.customer)),
            actor=SYSTEM,
        )


def test_lists_of_what_is_missing_name_the_lines_warehouse(made: World) -> None:
    received(made, "5", "1")
    order = approved(made, None, 1)
    [need] = uncovered_sales_lines(SYSTEM)
    assert (need.line.place_id, need.needed) == (made.warehouses[1].pk, D(3))
    assert uncovered_sales_lines(SYSTEM, made.warehouses[0].pk) == []
    [short] = figures.shortages(SYSTEM, limit=5)
    assert (short.warehouse, short.missing) == ("2号仓", D(3))
    answers = promised_dates(SYSTEM, order.pk, TODAY)
    assert [answer.promised_date for answer in answers] == [TODAY, None]
    picks = pick_list(SYSTEM, "sales_order", [order.pk], ()).picks
    assert [pick.warehouse for pick in picks] == ["1号仓", "2号仓"]
