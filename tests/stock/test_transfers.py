"""调拨: goods leave, stand in transit, arrive in parts, are lost or sent back, and are undone."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from hengcang.books.models import Book
from hengcang.documents.drafts import Outcome
from hengcang.kernel.actor import SYSTEM, Actor
from hengcang.kernel.errors import Refused
from hengcang.ledger.models import CostBalance, CostScope, EntryCost, PostingRecord, StockEntry
from hengcang.ledger.queries import StockFilter, on_hand, on_hand_totals
from hengcang.places import actions as places
from hengcang.places.drafts import WarehouseDraft
from hengcang.places.models import Warehouse
from hengcang.register.verify import verify_books
from hengcang.stock.actions import other_issues, transfer_receipts, transfers
from tests.documents.trade import delivered, received, reversed_
from tests.stock.moving import in_transit, shipped, status_of, taken, there, transfer_draft
from tests.worlds import TODAY, World, draft, line, target, world

D = Decimal


def day(number: int) -> date:
    return date(2026, 11, number)


@pytest.fixture(params=list(CostScope))
def company(book: Book, request: pytest.FixtureRequest) -> World:
    made = world(warehouses=3, scope=request.param)
    received(made, "10", "3.3333", day(1))
    return made


@pytest.fixture
def by_warehouse(book: Book) -> World:
    return world(warehouses=3, scope=CostScope.WAREHOUSE)


def held(made: World, place: int) -> tuple[Decimal, Decimal]:
    balance = CostBalance.objects.get(scope_warehouse=made.warehouses[place])
    return balance.quantity, balance.value


def code_of(act: object) -> str:
    with pytest.raises(Refused) as refused:
        act()  # type: ignore[operator]
    return refused.value.code


def test_goods_in_transit_are_expected_and_belong_to_nobody(company: World) -> None:
    transfer = shipped(company, "4")
    assert (transfer.status, transfer.number) == ("in_transit", "DBD202611-0001")
    assert there(company, 0) == (6, 0)
    assert there(company, 1) == (0, 4)
    assert in_transit(company) == 4
    assert verify_books() == []


def test_goods_in_transit_are_available_to_nobody(company: World) -> None:
    shipped(company, "4")
    rows = {row.warehouse: row for row in on_hand(SYSTEM, StockFilter())}
    assert (rows["在途仓"].on_hand, rows["在途仓"].available) == (4, 0)
    assert (rows["2号仓"].on_order, rows["2号仓"].available) == (4, 0)
    totals = on_hand_totals(SYSTEM, StockFilter())
    assert (totals.on_hand, totals.available) == (10, 6)


def test_receipts_in_parts_lead_the_transfer_on(company: World) -> None:
    transfer = shipped(company, "4")
    first = taken(transfer, "1")
    assert (status_of(transfer), first.number) == ("partial", "DBRK202611-0001")
    assert there(company, 1) == (1, 3)
    taken(transfer, "3")
    assert status_of(transfer) == "closed"
    assert (there(company, 1), in_transit(company)) == ((4, 0), 0)
    assert verify_books() == []


def test_more_than_was_shipped_never_arrives(company: World) -> None:
    transfer = shipped(company, "4")
    taken(transfer, "3")
    assert code_of(lambda: taken(transfer, "2")) == "more_than_shipped"
    taken(transfer, "1")
    assert code_of(lambda: taken(transfer, "1")) == "source_not_open"
    assert code_of(lambda: taken(shipped(company, "1"), "1", dated=day(2))) == "origin_later"


@pytest.mark.parametrize("outcome", [Outcome.LOST, Outcome.SENT_BACK])
def test_a_shortage_is_closed_as_a_loss_or_sent_back(company: World, outcome: Outcome) -> None:
    transfer = shipped(company, "4")
    taken(transfer, "3")
    short = taken(transfer, "1", outcome)
    back = D(1) if outcome is Outcome.SENT_BACK else D(0)
    assert status_of(transfer) == "closed"
    assert (there(company, 0), there(company, 1)) == ((6 + back, 0), (3, 0))
    assert in_transit(company) == 0
    only = transfer.lines.get()
    assert (only.qty_fulfilled, only.qty_lost, only.qty_sent_back) == (4, 1 - back, back)
    assert short.responsible == ("" if back else "顺达物流")
    assert verify_books() == []


def test_a_loss_states_reason_and_who_answers_for_it(company: World) -> None:
    transfer = shipped(company, "4")
    lost = Outcome.LOST
    assert code_of(lambda: taken(transfer, "1", lost, reason=" ")) == "reason_missing"
    assert code_of(lambda: taken(transfer, "1", lost, responsible="")) == "responsible_missing"
    assert PostingRecord.objects.count() == 2


def test_a_loss_costs_what_the_goods_cost(company: World) -> None:
    loss = taken(shipped(company, "4"), "4", Outcome.LOST)
    entry = StockEntry.objects.get(posting__kind=loss.kind, posting__source_id=loss.pk)
    assert EntryCost.objects.get(entry=entry).value == D("-13.33")


def test_each_shipment_keeps_its_own_cost_in_transit(by_warehouse: World) -> None:
    received(by_warehouse, "3", "3.3333", day(1))
    dear = shipped(by_warehouse, "3", day(2))
    received(by_warehouse, "3", "1", day(3))
    cheap = shipped(by_warehouse, "3", day(4))
    taken(cheap, "3", dated=day(5))
    assert held(by_warehouse, 1) == (3, D("3.00"))
    parts = []
    for number in (6, 7, 8):
        taken(dear, "1", dated=day(number))
        parts.append(held(by_warehouse, 1)[1])
    assert parts == [D("6.33"), D("9.67"), D("13.00")]
    assert verify_books() == []


def test_a_back_dated_receipt_re_costs_what_has_arrived(by_warehouse: World) -> None:
    received(by_warehouse, "10", "10", day(1))
    transfer = shipped(by_warehouse, "4", day(5))
    taken(transfer, "3", dated=day(6))
    delivery = delivered(by_warehouse, "1", day(7), place=1)
    received(by_warehouse, "10", "20", day(2))
    assert held(by_warehouse, 1) == (2, D("30.00"))
    entry = StockEntry.objects.get(posting__kind=delivery.kind)
    assert EntryCost.objects.get(entry=entry).value == D("-15.00")
    assert verify_books() == []


def test_inside_one_cost_key_a_transfer_is_no_cost_event(book: Book) -> None:
    made = world()
    received(made, "10", "10", day(1))
    taken(shipped(made, "4"), "4")
    assert not EntryCost.objects.filter(entry__posting__kind__contains="transfer").exists()
    assert CostBalance.objects.get().value == 100


def test_one_person_ships_and_receives_in_one_act(company: World) -> None:
    saved = transfers.save_transfer(transfer_draft(company, "4"), actor=SYSTEM)
    moved = transfers.move_transfer(target(saved), actor=SYSTEM)
    assert moved.status == "closed"
    assert (there(company, 0), there(company, 1)) == ((6, 0), (4, 0))
    assert verify_books() == []


def test_a_receipt_is_undone_and_then_the_shipment(company: World) -> None:
    transfer = shipped(company, "4")
    first, second = taken(transfer, "1"), taken(transfer, "3", Outcome.LOST)
    assert code_of(lambda: reversed_(transfer)) == "wrong_status"
    reversed_(second)
    assert status_of(transfer) == "partial"
    reversed_(first)
    assert status_of(transfer) == "in_transit"
    assert (there(company, 1), in_transit(company)) == ((0, 4), 4)
    twin = reversed_(transfer)
    assert (status_of(transfer), status_of(twin)) == ("reversed", "closed")
    assert twin.to_warehouse_id == transfer.to_warehouse_id
    assert (there(company, 0), there(company, 1), in_transit(company)) == ((10, 0), (0, 0), 0)
    assert CostBalance.objects.exclude(value=0).get().value == D("33.33")
    assert code_of(lambda: reversed_(twin)) in {"wrong_status", "reversal_not_reversible"}
    assert verify_books() == []


def test_a_shipment_is_undone_no_earlier_than_its_receipts(company: World) -> None:
    transfer = shipped(company, "4", day(2))
    reversed_(taken(transfer, "4", dated=day(5)))
    twin = reversed_(transfer)
    assert twin.dated == day(5)
    assert (there(company, 0), in_transit(company)) == ((10, 0), 0)
    assert verify_books() == []


def test_what_arrived_and_left_again_cannot_be_undone(company: World) -> None:
    transfer = shipped(company, "4")
    arrived = taken(transfer, "4")
    delivered(company, "3", place=1)
    assert code_of(lambda: reversed_(arrived)) == "insufficient_stock"


def test_the_same_intent_ships_once(company: World) -> None:
    filled = transfer_draft(company, "4")
    saved = transfers.save_transfer(filled, actor=SYSTEM)
    assert transfers.save_transfer(filled, actor=SYSTEM).pk == saved.pk
    transfers.ship_transfer(target(saved), actor=SYSTEM)
    assert code_of(lambda: transfers.ship_transfer(target(saved), actor=SYSTEM)) == "stale_version"
    assert in_transit(company) == 4


def test_a_transfer_goes_somewhere_else(company: World) -> None:
    here = transfer_draft(company, "1", ends=(0, 0))
    assert code_of(lambda: transfers.save_transfer(here, actor=SYSTEM)) == "same_warehouse"
    nowhere = replace(here, to_warehouse_id=None)
    assert code_of(lambda: transfers.save_transfer(nowhere, actor=SYSTEM)) == "field_missing"


def test_nobody_names_keeps_or_sells_from_the_transit_warehouse(company: World) -> None:
    shipped(company, "4")
    transit = Warehouse.objects.get(is_transit=True)
    filled = draft(transit, [line(company.items[0], "1")], reason="试试")
    assert code_of(lambda: other_issues.save_other_issue(filled, actor=SYSTEM)) == (
        "warehouse_transit"
    )
    ends = replace(transfer_draft(company, "1"), to_warehouse_id=transit.pk)
    assert code_of(lambda: transfers.save_transfer(ends, actor=SYSTEM)) == "warehouse_transit"
    assert code_of(lambda: places.disable_warehouse(transit.pk, actor=SYSTEM)) == (
        "warehouse_transit"
    )
    mine = WarehouseDraft("Z1", "我的")
    assert code_of(
        lambda: places.change_warehouse(transit.pk, transit.version, mine, actor=SYSTEM)
    ) == ("warehouse_transit")


def keeper(*warehouse_ids: int) -> Actor:
    verbs = ("stock_transfer.view", "stock_transfer.save", "stock_transfer.ship",
             "transfer_receipt.view", "transfer_receipt.save", "transfer_receipt.post")  # fmt: skip
    return Actor(7, "仓管", frozenset(verbs), frozenset(warehouse_ids))


def test_each_side_acts_in_its_own_warehouse(company: World) -> None:
    a, b, c = (keeper(place.pk) for place in company.warehouses)
    filled = transfer_draft(company, "4")
    assert code_of(lambda: transfers.save_transfer(filled, actor=b)) == "not_found"
    saved = transfers.save_transfer(filled, actor=a)
    assert code_of(lambda: transfers.ship_transfer(target(saved), actor=b)) == "not_found"
    transfer = transfers.ship_transfer(target(saved), actor=a)
    assert code_of(lambda: taken(transfer, "1", actor=a)) == "not_found"
    assert code_of(lambda: taken(transfer, "1", actor=c)) == "not_found"
    taken(transfer, "1", actor=b)
    assert code_of(lambda: taken(transfer, "1", Outcome.SENT_BACK, actor=b)) == "not_found"
    taken(transfer, "3", Outcome.SENT_BACK, actor=a)
    assert (there(company, 0), there(company, 1)) == ((9, 0), (1, 0))
    assert code_of(lambda: transfers.move_transfer(target(saved), actor=c)) == "not_found"


def test_who_may_only_ship_does_not_move_in_one_step(company: World) -> None:
    saved = transfers.save_transfer(transfer_draft(company, "4"), actor=SYSTEM)
    a = keeper(company.warehouses[0].pk)
    assert code_of(lambda: transfers.move_transfer(target(saved), actor=a)) == "not_found"
    assert status_of(saved) == "draft"
    assert there(company, 0) == (10, 0)


def test_a_receipt_names_the_lines_of_its_transfer(company: World) -> None:
    transfer = shipped(company, "4")
    loose = draft(company.warehouses[1], [line(company.items[0], "1")])
    save = transfer_receipts.save_transfer_receipt
    assert code_of(lambda: save(loose, actor=SYSTEM)) == "source_missing"
    named = line(company.items[0], "1", source_line_id=transfer.lines.get().pk)
    elsewhere = draft(company.warehouses[2], [named])
    assert code_of(lambda: save(elsewhere, actor=SYSTEM)) == "source_line_unknown"
    strange = replace(draft(company.warehouses[1], [named]), outcome="eaten")
    assert code_of(lambda: save(strange, actor=SYSTEM)) == "outcome_unknown"


def test_insufficient_stock_is_not_shipped(company: World) -> None:
    saved = transfers.save_transfer(transfer_draft(company, "11"), actor=SYSTEM)
    assert code_of(lambda: transfers.ship_transfer(target(saved), actor=SYSTEM)) == (
        "insufficient_stock"
    )
    assert status_of(saved) == "draft"
    assert saved.dated == TODAY
