"""报损, 报溢 and 状态调整: what they do to goods and costs, what they refuse, and their undoing."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from hengcang.books.models import Book
from hengcang.identity import actions as identity
from hengcang.kernel.actor import SYSTEM, Actor, FieldClass
from hengcang.kernel.errors import Refused, RefusedLines
from hengcang.kernel.refusals import sentence
from hengcang.ledger.models import CostBalance, StockEntry
from hengcang.places.models import BinLocation
from hengcang.purchasing.actions import receipts
from hengcang.register.verify import verify_books
from hengcang.stock.actions import overages, scraps, status_changes
from hengcang.stock.models import OverageLine, Scrap, ScrapLine, StatusChange
from tests.documents.trade import cost, issued, received, reversed_, sold
from tests.stock.adjusted import available, by_status, changed, found_more, scrapped
from tests.worlds import TODAY, World, draft, line, target, world

D = Decimal


@pytest.fixture
def shop(book: Book) -> World:
    """Ten of the first item at 3, in one place of two."""
    made = world(items=2)
    received(made, "10", "3")
    return made


def code_of(act: Any) -> tuple[str, str]:
    """The refusal's code and field; of the first line where several are wrong."""
    with pytest.raises(Refused) as told:
        act()
    refusal = told.value.refusals[0] if isinstance(told.value, RefusedLines) else told.value
    return refusal.code, refusal.field or ""


def test_scrap_takes_goods_of_any_status_out_at_cost(shop: World) -> None:
    changed(shop, "4", "defect")
    changed(shop, "2", "frozen")
    scrap = scrapped(shop, "3", stock_status="defect")
    assert scrap.number == "BSD202611-0001"
    assert by_status(shop) == {"good": 4, "defect": 1, "frozen": 2}
    assert cost(scrap) == D("9.00")
    assert available(shop) == (4, 0)  # what was no good was not for sale
    twin = reversed_(scrap)
    assert (twin.number, cost(twin)) == ("BSD202611-0002", D("-9.00"))
    assert by_status(shop) == {"good": 4, "defect": 4, "frozen": 2}
    assert verify_books() == []


def test_scrap_states_a_reason_and_takes_no_more_than_is_there(shop: World) -> None:
    filled = draft(shop.warehouses[0], [line(shop.items[0], "1")])
    assert code_of(lambda: scraps.save_scrap(filled, actor=SYSTEM)) == ("reason_missing", "reason")
    with pytest.raises(Refused) as told:
        scrapped(shop, "1", stock_status="defect")
    assert told.value.code == "insufficient_of_key"
    assert "不良" in sentence(told.value)
    assert not Scrap.objects.exclude(number=None).exists()
    assert code_of(lambda: scrapped(shop, "11"))[0] == "insufficient_stock"


def test_an_overage_comes_in_at_the_stated_cost_or_at_the_average(shop: World) -> None:
    stated = found_more(shop, "2", "4.5")
    assert stated.number == "BYD202611-0001"
    assert cost(stated) == D("-9.00")
    at_average = found_more(shop, "4")  # 39.00 / 12 each
    assert cost(at_average) == D("-13.00")
    assert at_average.lines.get().cost_amount == D("13.00")
    assert CostBalance.objects.get(item=shop.items[0]).value == D("52.00")
    assert cost(reversed_(at_average)) == D("13.00")
    assert by_status(shop) == {"good": 12}
    assert verify_books() == []


def test_an_overage_without_any_average_asks_for_the_cost(shop: World) -> None:
    unknown = line(shop.items[1], "2")
    filled = draft(shop.warehouses[0], [unknown], reason="多发")
    saved = overages.save_overage(filled, actor=SYSTEM)
    blocked = overages.preview_overage(saved.pk, actor=SYSTEM).blocked
    assert blocked is not None
    assert code_of(lambda: overages.post_overage(target(saved), actor=SYSTEM)) == (
        "cost_missing",
        "lines.1.unit_cost",
    )
    priced = replace(filled, lines=(replace(unknown, unit_cost=D("1.5")),))
    saved = overages.change_overage(target(saved), priced, actor=SYSTEM)
    assert overages.preview_overage(saved.pk, actor=SYSTEM).blocked is None
    overages.post_overage(target(saved), actor=SYSTEM)
    assert OverageLine.objects.get().cost_amount == D("3.00")
    assert verify_books() == []


def test_a_status_change_moves_goods_and_no_cost(shop: World) -> None:
    before = CostBalance.objects.get(item=shop.items[0])
    frozen = changed(shop, "4", "frozen")
    assert frozen.number == "ZTTZ202611-0001"
    assert by_status(shop) == {"good": 6, "frozen": 4}
    assert available(shop) == (6, 0)
    after = CostBalance.objects.get(item=shop.items[0])
    assert (after.quantity, after.value) == (before.quantity, before.value)
    entries = StockEntry.objects.filter(posting__kind="status_change")
    assert all(entry.is_move for entry in entries)
    changed(shop, "3", "good", "frozen")
    assert by_status(shop) == {"good": 9, "frozen": 1}
    with pytest.raises(Refused) as told:  # its goods are partly free again
        reversed_(frozen)
    assert told.value.code == "insufficient_of_key"
    changed(shop, "3", "frozen")
    reversed_(frozen)
    assert by_status(shop) == {"good": 10}
    assert verify_books() == []


def test_what_is_promised_cannot_be_frozen_away(shop: World) -> None:
    sold(shop, "7")
    assert available(shop) == (10, 7)
    with pytest.raises(Refused) as told:
        changed(shop, "4", "frozen")
    assert told.value.code == "insufficient_stock"
    assert "可用 3 " in sentence(told.value)
    assert by_status(shop) == {"good": 10}
    changed(shop, "3", "defect")
    assert available(shop) == (7, 7)
    assert verify_books() == []


def test_a_change_dated_back_leaves_no_hole(shop: World) -> None:
    received(shop, "5", "4", TODAY.replace(day=3), place=1)
    issued(shop, "5", TODAY.replace(day=10), place=1)
    back = line(shop.items[0], "1", to_status="frozen")
    filled = draft(shop.warehouses[1], [back], TODAY.replace(day=5), reason="补记")
    saved = status_changes.save_status_change(filled, actor=SYSTEM)
    with pytest.raises(Refused):
        status_changes.post_status_change(target(saved), actor=SYSTEM)
    assert verify_books() == []


def test_every_line_says_what_its_goods_become(shop: World) -> None:
    def told(**which: Any) -> tuple[str, str]:
        filled = draft(shop.warehouses[0], [line(shop.items[0], "1", **which)], reason="待查")
        return code_of(lambda: status_changes.save_status_change(filled, actor=SYSTEM))

    assert told() == ("to_status_missing", "lines.1.to_status")
    assert told(to_status="good") == ("status_unchanged", "lines.1.to_status")
    assert told(to_status="lost") == ("stock_status_unknown", "lines.1.to_status")
    assert not StatusChange.objects.exists()


def test_batch_and_bin_are_kept(shop: World) -> None:
    item, place = shop.items[1], shop.warehouses[0]
    item.tracks_batch = True
    item.save()
    place.uses_bins = True
    place.save()
    BinLocation.objects.create(warehouse=place, code="A-1")
    lines = [line(item, "3", "2", batch_no=n, bin_code="A-1") for n in ("B1", "B2")]
    saved = receipts.save_receipt(draft(place, lines, partner=shop.supplier), actor=SYSTEM)
    receipts.post_receipt(target(saved), actor=SYSTEM)
    filled = draft(place, [line(item, "4", to_status="frozen")], reason="召回")
    change = status_changes.save_status_change(filled, actor=SYSTEM)
    status_changes.post_status_change(target(change), actor=SYSTEM)
    told = [
        (str(ln.batch), ln.bin and ln.bin.code, ln.quantity, ln.to_status)
        for ln in change.lines.all()
    ]
    assert told == [("B1", "A-1", 3, "frozen"), ("B2", "A-1", 1, "frozen")]
    scrap = draft(place, [line(item, "4", stock_status="frozen")], reason="召回销毁")
    gone = scraps.save_scrap(scrap, actor=SYSTEM)
    scraps.post_scrap(target(gone), actor=SYSTEM)
    assert sorted(ScrapLine.objects.values_list("batch__batch_no", "quantity")) == [
        ("B1", 3),
        ("B2", 1),
    ]
    assert verify_books() == []


def keeper(*permissions: str, places: list[int] | None = None) -> Actor:
    return Actor(
        id=7,
        name="仓管",
        permissions=frozenset(permissions),
        warehouse_ids=None if places is None else frozenset(places),
        field_classes=frozenset[FieldClass](),
    )


def test_each_verb_asks_for_its_right_and_its_warehouse(shop: World) -> None:
    filled = draft(shop.warehouses[0], [line(shop.items[0], "1")], reason="破损")
    mine = keeper("scrap.view", "scrap.save", places=[shop.warehouses[0].pk])
    saved = scraps.save_scrap(filled, actor=mine)
    assert code_of(lambda: scraps.post_scrap(target(saved), actor=mine))[0] == "forbidden"
    nobody = keeper("scrap.view")
    assert code_of(lambda: scraps.save_scrap(filled, actor=nobody))[0] == "forbidden"
    elsewhere = keeper("scrap.view", "scrap.save", "scrap.post", places=[shop.warehouses[1].pk])
    for act in (
        lambda: scraps.save_scrap(filled, actor=elsewhere),
        lambda: scraps.post_scrap(target(saved), actor=elsewhere),
    ):
        assert code_of(act)[0] == "not_found"
    assert verify_books() == []


def test_an_intent_is_booked_once_and_a_stale_page_is_told(shop: World) -> None:
    filled = draft(shop.warehouses[0], [line(shop.items[0], "1")], reason="破损")
    first = scraps.save_scrap(filled, actor=SYSTEM)
    assert scraps.save_scrap(filled, actor=SYSTEM).pk == first.pk
    other = replace(filled, reason="丢失")
    assert code_of(lambda: scraps.save_scrap(other, actor=SYSTEM))[0] == "intent_reused"
    stale = target(first)
    scraps.change_scrap(stale, replace(other, client_uuid=other.client_uuid), actor=SYSTEM)
    assert code_of(lambda: scraps.post_scrap(stale, actor=SYSTEM))[0] == "stale_version"
    first.refresh_from_db()
    scraps.void_scrap(target(first), actor=SYSTEM, reason="不用了")
    assert by_status(shop) == {"good": 10}
    assert verify_books() == []


def test_the_roles_that_a_new_book_has_may_do_it(shop: World) -> None:
    identity.copy_role_templates()
    from hengcang.identity.models import Role

    rights = {role.code: set(role.permissions) for role in Role.objects.all()}
    assert {"scrap.save", "status_change.post"} <= rights["STOREKEEPER"]
    assert "scrap.post" not in rights["STOREKEEPER"]
    assert {"scrap.post", "overage.post", "status_change.reverse"} <= rights["ACCOUNTANT"]
