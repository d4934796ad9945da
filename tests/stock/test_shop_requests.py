"""Shops ask, headquarters allocates, transfers bring."""

from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from hengcang.catalog.models import ItemUom, Uom
from hengcang.documents.drafts import Outcome, Target
from hengcang.documents.flow import Status
from hengcang.documents.reversal import Undo
from hengcang.kernel.actor import SYSTEM, Actor
from hengcang.kernel.errors import Refused
from hengcang.register import queries as register
from hengcang.register.kinds import BY_CODE
from hengcang.register.verify import verify_books
from hengcang.stock.actions import shop_requests, transfers
from hengcang.stock.actions.allocating import allocate_requests
from hengcang.stock.allocation import DeskFilter, desk
from hengcang.stock.models import ShopRequest, ShopRequestLine, StockTransfer
from hengcang.stock.request_progress import RequestFilter, progress
from tests.api.rows import nothing_written
from tests.documents.trade import received, reversed_
from tests.stock.moving import taken
from tests.stock.requested import allocation, figures, request_draft, requested, status_of
from tests.worlds import TODAY, World, line, target, world

RIGHTS = frozenset({"shop_request.view", "shop_request.save", "stock_transfer.view", "stock.view"})
HQ = RIGHTS | {"shop_request.allocate", "shop_request.approve", "stock_transfer.save"}


@pytest.fixture
def made(book: object) -> World:
    return world(items=3, warehouses=3)


def at(made: World, place: int, rights: frozenset[str]) -> Actor:
    return Actor(7, "某人", rights, frozenset({made.warehouses[place].pk}))


def lines_of(request: ShopRequest) -> list[ShopRequestLine]:
    return list(request.lines.order_by("position"))


def code_of(act: Any) -> str:
    with pytest.raises(Refused) as told:
        act()
    return told.value.code


def test_a_shop_asks_and_lives_as_an_order_does(made: World) -> None:
    filled = request_draft(made, "3", "4", due_date=TODAY)
    saved = shop_requests.save_shop_request(filled, actor=SYSTEM)
    assert shop_requests.save_shop_request(filled, actor=SYSTEM) == saved
    saved = shop_requests.step_shop_request(target(saved), "submit", actor=SYSTEM)
    assert (saved.number or "").startswith("YHD")
    saved = shop_requests.step_shop_request(target(saved), "send_back", actor=SYSTEM)
    changed = replace(
        request_draft(made), lines=(line(made.items[2], "5", due_date=TODAY, note="急"),)
    )
    saved = shop_requests.change_shop_request(target(saved), changed, actor=SYSTEM)
    only = saved.lines.get()
    assert (only.quantity, only.due_date, only.note) == (Decimal(5), TODAY, "急")
    saved = shop_requests.step_shop_request(target(saved), "approve", actor=SYSTEM)
    saved = shop_requests.step_shop_request(target(saved), "take_back", actor=SYSTEM)
    saved = shop_requests.step_shop_request(target(saved), "void", actor=SYSTEM)
    assert saved.status == Status.VOIDED
    assert verify_books() == []


def test_what_is_short_is_shared_and_the_share_is_explained(made: World) -> None:
    received(made, "10", "3")
    received(made, "100", "3", item=1)
    old, young = requested(made, "9", "5"), requested(made, "6", shop=2)
    rows = desk(SYSTEM, DeskFilter(made.warehouses[0].pk))
    told = [(r.line.document_id, r.line.item.code, r.share.quantity, r.share.why) for r in rows]
    assert [row[:3] for row in told] == [
        (old.pk, "S001", Decimal(6)),
        (young.pk, "S001", Decimal(4)),
        (old.pk, "S002", Decimal(5)),
    ]
    assert told[0][3] == "共要 15，可用 10，按比例 9×10÷15≈6，取整 6"
    assert told[2][3] == "可用足够，全数配给"
    assert [r.shop.on_hand for r in rows] == [0, 0, 0]
    for chosen in ({"shop_id": made.warehouses[2].pk}, {"words": young.number or ""}):
        (only,) = desk(SYSTEM, DeskFilter(made.warehouses[0].pk, **chosen))
        assert (only.share.quantity, only.asked) == (4, 15)  # the others are not forgotten


def test_allocating_makes_a_draft_per_shop_and_binds_its_lines(made: World) -> None:
    received(made, "10", "3")
    near, far = requested(made, "6", "2"), requested(made, "4", shop=2)
    wanted = allocation(made, (lines_of(near)[0], "5"), (lines_of(far)[0], "4"))
    found = allocate_requests(wanted, actor=SYSTEM)
    assert [t.to_warehouse_id for t in found] == [w.pk for w in made.warehouses[1:]]
    assert {t.status for t in found} == {Status.DRAFT}
    assert figures(near) == [(6, 5, 0), (2, 0, 0)]
    assert figures(far) == [(4, 4, 0)]
    (left,) = [r for r in desk(SYSTEM, DeskFilter(made.warehouses[0].pk)) if r.supply.planned]
    assert (left.open, left.supply.free, left.supply.planned) == (1, 1, 9)
    assert left.is_in_units
    with nothing_written():
        assert allocate_requests(wanted, actor=SYSTEM) == found
    transfers.ship_transfer(target(found[1]), actor=SYSTEM)
    assert (status_of(far), figures(far)) == (Status.CLOSED, [(4, 4, 4)])
    taken(found[1], "4")
    seen = progress(SYSTEM, RequestFilter(unfinished=False))
    assert [(p.requested, p.allocated, p.shipped, p.arrived, p.open) for p in seen] == [
        (4, 4, 4, 4, 0),
        (2, 0, 0, 0, 2),
        (6, 5, 0, 0, 1),
    ]
    assert verify_books() == []


def test_papers_lead_to_each_other_for_both_ends(made: World) -> None:
    received(made, "10", "3")
    wanted = requested(made, "6")
    (sent,) = allocate_requests(allocation(made, (lines_of(wanted)[0], "6")), actor=SYSTEM)
    for who in (SYSTEM, at(made, 1, RIGHTS), at(made, 0, RIGHTS)):
        after = register.chain(who, BY_CODE["shop_request"], wanted)
        before = register.chain(who, BY_CODE["stock_transfer"], sent)
        assert [(k.relation, k.document.document_id) for k in after] == [("follower", sent.pk)]
        assert [(k.relation, k.document.document_id) for k in before] == [("source", wanted.pk)]
    assert register.chain(at(made, 2, RIGHTS), BY_CODE["shop_request"], wanted) == []


def test_what_a_transfer_gives_up_is_open_again(made: World) -> None:
    received(made, "20", "3")
    wanted = requested(made, "6")
    (source,) = lines_of(wanted)
    (sent,) = allocate_requests(allocation(made, (source, "6")), actor=SYSTEM)
    less = replace(
        request_draft(made),
        warehouse_id=made.warehouses[0].pk,
        to_warehouse_id=made.warehouses[1].pk,
        lines=(line(made.items[0], "4", source_line_id=source.pk),),
    )
    sent = transfers.change_transfer(target(sent), less, actor=SYSTEM)
    assert figures(wanted) == [(6, 4, 0)]
    more = replace(less, lines=(line(made.items[0], "7", source_line_id=source.pk),))
    assert (
        code_of(lambda: transfers.change_transfer(target(sent), more, actor=SYSTEM))
        == "more_than_requested"
    )
    sent.refresh_from_db()
    sent = transfers.ship_transfer(target(sent), actor=SYSTEM)
    assert (status_of(wanted), figures(wanted)) == (Status.APPROVED, [(6, 4, 4)])
    (rest,) = allocate_requests(allocation(made, (source, "2")), actor=SYSTEM)
    transfers.ship_transfer(target(rest), actor=SYSTEM)
    assert status_of(wanted) == Status.CLOSED
    reversed_(sent)
    assert (status_of(wanted), figures(wanted)) == (Status.APPROVED, [(6, 2, 2)])
    (last,) = allocate_requests(allocation(made, (source, "1")), actor=SYSTEM)
    transfers.void_transfer(target(last), actor=SYSTEM)
    assert figures(wanted) == [(6, 2, 2)]
    assert verify_books() == []


def test_closed_by_force_nothing_more_is_allocated_but_what_is_may_go(made: World) -> None:
    received(made, "20", "3")
    wanted = requested(made, "6")
    (source,) = lines_of(wanted)
    (sent,) = allocate_requests(allocation(made, (source, "4")), actor=SYSTEM)
    wanted.refresh_from_db()
    assert (
        code_of(lambda: shop_requests.step_shop_request(target(wanted), "take_back", actor=SYSTEM))
        == "request_allocated"
    )
    assert (
        code_of(lambda: shop_requests.step_shop_request(target(wanted), "close", actor=SYSTEM))
        == "reason_missing"
    )
    stale = Target(wanted.pk, 1)
    assert (
        code_of(
            lambda: shop_requests.step_shop_request(stale, "close", actor=SYSTEM, reason="不要了")
        )
        == "stale_version"
    )
    shop_requests.step_shop_request(target(wanted), "close", actor=SYSTEM, reason="不要了")
    again = allocation(made, (source, "1"))
    assert code_of(lambda: allocate_requests(again, actor=SYSTEM)) == "source_not_open"
    transfers.ship_transfer(target(sent), actor=SYSTEM)
    (seen,) = progress(SYSTEM, RequestFilter(unfinished=False))
    assert (seen.shipped, seen.open, seen.closed) == (4, 0, 2)
    assert status_of(wanted) == Status.CLOSED_FORCED
    sent.refresh_from_db()
    transfers.reverse_transfer(target(sent), Undo(uuid4(), "错", TODAY), actor=SYSTEM)
    (seen,) = progress(SYSTEM, RequestFilter(unfinished=False))
    assert (seen.allocated, seen.open, seen.closed) == (0, 0, 6)
    assert verify_books() == []


def test_goods_lost_on_the_way_did_not_arrive(made: World) -> None:
    received(made, "20", "3")
    wanted = requested(made, "6")
    (sent,) = allocate_requests(allocation(made, (lines_of(wanted)[0], "6")), actor=SYSTEM)
    sent = transfers.ship_transfer(target(sent), actor=SYSTEM)
    taken(sent, "1", Outcome.LOST)
    taken(sent, "3")
    (seen,) = progress(SYSTEM, RequestFilter(unfinished=False, request_id=wanted.pk))
    assert (seen.shipped, seen.arrived) == (6, 3)


def test_what_may_not_be_allocated_is_refused_and_nothing_is_written(made: World) -> None:
    received(made, "5", "3")
    received(made, "50", "3", item=1)
    wanted, other = requested(made, "6", "2"), request_draft(made, "3", shop=2)
    first, second = lines_of(wanted)
    draft_only = shop_requests.save_shop_request(other, actor=SYSTEM)
    hq = at(made, 0, HQ)
    cases = (
        ("no_lines", allocation(made), SYSTEM),
        ("lines_refused", allocation(made, (second, "3")), SYSTEM),
        ("lines_refused", allocation(made, (first, "6")), SYSTEM),
        ("lines_refused", allocation(made, (second, "1"), (second, "1")), SYSTEM),
        ("lines_refused", allocation(made, (second, "0")), SYSTEM),
        ("source_not_open", allocation(made, (lines_of(draft_only)[0], "1")), SYSTEM),
        (
            "source_line_unknown",
            replace(allocation(made, (second, "1")), warehouse_id=made.warehouses[2].pk),
            SYSTEM,
        ),
        ("forbidden", allocation(made, (second, "1")), at(made, 0, RIGHTS)),
        ("not_found", allocation(made, (second, "1")), at(made, 1, HQ)),
    )
    with nothing_written():
        for code, asked, who in cases:
            assert code_of(lambda a=asked, w=who: allocate_requests(a, actor=w)) == code
    asked = allocation(made, (second, "1"))
    (sent,) = allocate_requests(asked, actor=hq)
    assert sent.lines.get().source_line_id == second.pk
    changed = replace(asked, lines=(replace(asked.lines[0], quantity=Decimal(2)),))
    assert code_of(lambda: allocate_requests(changed, actor=hq)) == "intent_reused"
    assert verify_books() == []


def test_a_shop_sees_and_makes_its_own_requests_only(made: World) -> None:
    shop = at(made, 1, RIGHTS)
    mine = shop_requests.save_shop_request(request_draft(made, "2"), actor=shop)
    with nothing_written():
        theirs = request_draft(made, "2", shop=2)
        assert code_of(lambda: shop_requests.save_shop_request(theirs, actor=shop)) == "not_found"
        itself = replace(request_draft(made, "2"), to_warehouse_id=made.warehouses[1].pk)
        assert (
            code_of(lambda: shop_requests.save_shop_request(itself, actor=shop))
            == "request_of_itself"
        )
        nobody = replace(request_draft(made, "2"), to_warehouse_id=None)
        assert (
            code_of(lambda: shop_requests.save_shop_request(nobody, actor=shop)) == "field_missing"
        )
        other = at(made, 2, RIGHTS | {"shop_request.approve"})
        for verb in ("approve", "void"):
            assert (
                code_of(
                    lambda v=verb: shop_requests.step_shop_request(target(mine), v, actor=other)
                )
                == "not_found"
            )
        assert (
            code_of(lambda: shop_requests.step_shop_request(target(mine), "approve", actor=shop))
            == "forbidden"
        )
        hq = at(made, 0, HQ)
        assert (
            code_of(lambda: shop_requests.step_shop_request(target(mine), "void", actor=hq))
            == "not_found"
        )
    shop_requests.step_shop_request(target(mine), "submit", actor=shop)
    mine.refresh_from_db()
    shop_requests.step_shop_request(target(mine), "approve", actor=hq)
    assert status_of(mine) == Status.APPROVED


def test_a_transfer_is_bound_only_to_what_its_ends_asked(made: World) -> None:
    received(made, "20", "3")
    wanted = requested(made, "6")
    (source,) = lines_of(wanted)
    base = replace(
        request_draft(made),
        warehouse_id=made.warehouses[0].pk,
        to_warehouse_id=made.warehouses[2].pk,
        lines=(line(made.items[0], "4", source_line_id=source.pk),),
    )
    there: Any = {"to_warehouse_id": made.warehouses[1].pk}
    strange = (line(made.items[1], "4", source_line_id=source.pk),)
    with nothing_written():
        for filled in (base, replace(base, **there, lines=strange)):
            assert (
                code_of(lambda f=filled: transfers.save_transfer(f, actor=SYSTEM))
                == "source_line_unknown"
            )
    transfers.save_transfer(replace(base, **there), actor=SYSTEM)
    assert figures(wanted) == [(6, 4, 0)]


def test_cartons_are_shared_whole(made: World) -> None:
    carton, _ = Uom.objects.get_or_create(name="箱")
    unit = ItemUom.objects.create(item=made.items[0], uom=carton, ratio_num=12, ratio_den=1)
    received(made, "40", "3")
    wanted = [
        requested(made, shop=shop, lines=(line(made.items[0], "3", item_uom_id=unit.pk),))
        for shop in (1, 2)
    ]
    rows = desk(SYSTEM, DeskFilter(made.warehouses[0].pk))
    assert [(r.share.quantity, r.is_in_units) for r in rows] == [(24, True), (12, True)]
    asked = allocation(made)
    lines = tuple(
        replace(given, item_uom_id=unit.pk)
        for given in allocation(made, (lines_of(wanted[0])[0], "2")).lines
    )
    (sent,) = allocate_requests(replace(asked, lines=lines), actor=SYSTEM)
    only = sent.lines.get()
    assert (only.quantity_in_unit, only.quantity) == (2, 24)


def test_a_figure_that_lies_is_found(made: World) -> None:
    received(made, "20", "3")
    wanted = requested(made, "6")
    allocate_requests(allocation(made, (lines_of(wanted)[0], "4")), actor=SYSTEM)
    ShopRequestLine.objects.update(qty_allocated=5)
    assert any("要货单已配" in d.check for d in verify_books())
    assert StockTransfer.objects.count() == 1
