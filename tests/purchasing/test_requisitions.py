"""Requisitions: who needs what, and which orders cover it."""

from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from hengcang.documents.drafts import Target
from hengcang.documents.flow import Status
from hengcang.kernel.actor import SYSTEM, Actor, FieldClass
from hengcang.kernel.errors import Refused
from hengcang.partners.models import Partner, SupplierProfile
from hengcang.purchasing.actions import orders, requisitions
from hengcang.purchasing.actions import receipts as purchase_receipts
from hengcang.purchasing.actions.merging import Merge, MergeLine, merge_requisitions
from hengcang.purchasing.models import (
    PurchaseOrder,
    PurchaseRequisition,
    PurchaseRequisitionLine,
    RequisitionCover,
)
from hengcang.register import queries as register
from hengcang.register.kinds import BY_CODE
from hengcang.register.verify import verify_books
from tests.api.rows import nothing_written
from tests.worlds import TODAY, World, draft, line, target, world

BUYER = Actor(
    7,
    "采购员",
    frozenset({"purchase_order.save", "purchase_order.view", "purchase_requisition.view"}),
    None,
    frozenset({FieldClass.COST}),
)


@pytest.fixture
def made(book: object) -> World:
    return world(items=3)


def requested(made: World, *quantities: str, place: int = 0, **more: Any) -> PurchaseRequisition:
    """An approved requisition: the quantity of the first items, in order."""
    lines = [line(item, q) for item, q in zip(made.items, quantities, strict=False)]
    wanted = replace(draft(made.warehouses[place], lines), **more)
    saved = requisitions.save_requisition(wanted, actor=SYSTEM)
    return requisitions.step_requisition(target(saved), "approve", actor=SYSTEM)


def other_supplier() -> Partner:
    partner = Partner.objects.create(code="V002", name="义乌日用品")
    SupplierProfile.objects.create(partner=partner, credit_days=0)
    return partner


def merge_of(*lines: tuple[PurchaseRequisitionLine, Partner, str]) -> Merge:
    return Merge(
        uuid4(),
        TODAY,
        tuple(MergeLine(ln.pk, partner.pk, Decimal(quantity)) for ln, partner, quantity in lines),
    )


def open_of(requisition: PurchaseRequisition) -> list[Decimal]:
    return [ln.quantity - ln.qty_fulfilled for ln in requisition.lines.order_by("position")]


def status_of(document: PurchaseRequisition | PurchaseOrder) -> str:
    document.refresh_from_db()
    return document.status


def test_a_requisition_needs_no_price_and_lives_as_an_order_does(made: World) -> None:
    made.items[0].purchase_price = None
    made.items[0].save()
    wanted = replace(
        draft(made.warehouses[0], [line(made.items[0], "3", supplier_id=made.supplier.pk)]),
        due_date=TODAY,
    )
    saved = requisitions.save_requisition(wanted, actor=SYSTEM)
    assert requisitions.save_requisition(wanted, actor=SYSTEM) == saved
    saved = requisitions.step_requisition(target(saved), "submit", actor=SYSTEM)
    assert (saved.number or "").startswith("QGD")
    saved = requisitions.step_requisition(target(saved), "send_back", actor=SYSTEM)
    changed = draft(made.warehouses[0], [line(made.items[0], "4")])
    saved = requisitions.change_requisition(target(saved), changed, actor=SYSTEM)
    only = saved.lines.get()
    assert (only.quantity, only.supplier_id) == (Decimal(4), made.supplier.pk)
    saved = requisitions.step_requisition(target(saved), "void", actor=SYSTEM)
    assert saved.status == Status.VOIDED
    assert verify_books() == []


def test_open_lines_become_one_order_per_supplier_and_items_are_summed(made: World) -> None:
    first, second = requested(made, "10", "5"), requested(made, "7")
    ten, five = first.lines.order_by("position")
    seven = second.lines.get()
    merge = merge_of(
        (ten, made.supplier, "10"), (seven, made.supplier, "7"), (five, other_supplier(), "2")
    )
    found = merge_requisitions(merge, actor=SYSTEM)
    assert [o.partner.code for o in found] == ["V001", "V002"]
    summed = found[0].lines.get()
    assert (summed.quantity, summed.price) == (Decimal(17), Decimal(10))
    covers = RequisitionCover.objects.filter(order_line=summed).order_by("id")
    assert [(c.requisition_line_id, c.quantity) for c in covers] == [(ten.pk, 10), (seven.pk, 7)]
    assert open_of(first) == [Decimal(0), Decimal(3)]
    assert status_of(first) == Status.APPROVED
    assert status_of(second) == Status.CLOSED
    assert verify_books() == []
    with nothing_written():
        assert merge_requisitions(merge, actor=SYSTEM) == found


def test_each_warehouse_has_its_own_order(made: World) -> None:
    near, far = requested(made, "1"), requested(made, "2", place=1)
    merge = merge_of((near.lines.get(), made.supplier, "1"), (far.lines.get(), made.supplier, "2"))
    found = merge_requisitions(merge, actor=SYSTEM)
    assert [o.warehouse for o in found] == made.warehouses


def test_ordering_a_whole_carton_covers_the_line_and_no_more(made: World) -> None:
    wanted = requested(made, "10")
    (order,) = merge_requisitions(merge_of((wanted.lines.get(), made.supplier, "12")), actor=SYSTEM)
    assert order.lines.get().quantity == 12
    assert open_of(wanted) == [Decimal(0)]
    assert RequisitionCover.objects.get().quantity == 10
    assert verify_books() == []


def test_what_an_order_no_longer_holds_is_open_again(made: World) -> None:
    first, second = requested(made, "10"), requested(made, "7")
    merge = merge_of(
        (first.lines.get(), made.supplier, "10"), (second.lines.get(), made.supplier, "7")
    )
    (order,) = merge_requisitions(merge, actor=SYSTEM)
    less = draft(made.warehouses[0], [line(made.items[0], "12")], partner=made.supplier)
    order = orders.change_order(target(order), less, actor=SYSTEM)
    assert open_of(first) + open_of(second) == [Decimal(0), Decimal(5)]
    assert (status_of(first), status_of(second)) == (Status.CLOSED, Status.APPROVED)
    assert verify_books() == []
    other = draft(made.warehouses[0], [line(made.items[1], "12")], partner=made.supplier)
    order = orders.change_order(target(order), other, actor=SYSTEM)
    assert open_of(first) + open_of(second) == [Decimal(10), Decimal(7)]
    assert not RequisitionCover.objects.exists()
    assert verify_books() == []


def test_a_voided_order_gives_back_and_a_taken_back_one_still_holds(made: World) -> None:
    wanted = requested(made, "10")
    (order,) = merge_requisitions(merge_of((wanted.lines.get(), made.supplier, "10")), actor=SYSTEM)
    order = orders.step_order(target(order), "approve", actor=SYSTEM)
    order = orders.step_order(target(order), "take_back", actor=SYSTEM)
    assert status_of(wanted) == Status.CLOSED
    orders.step_order(target(order), "void", actor=SYSTEM, reason="供应商断货")
    assert (status_of(wanted), open_of(wanted)) == (Status.APPROVED, [Decimal(10)])
    assert verify_books() == []


def test_a_closed_order_gives_back_what_never_came(made: World) -> None:
    wanted = requested(made, "10")
    (order,) = merge_requisitions(merge_of((wanted.lines.get(), made.supplier, "10")), actor=SYSTEM)
    order = orders.step_order(target(order), "approve", actor=SYSTEM)
    purchase_receipts.receive_order(
        order.pk, {order.lines.get().pk: Decimal(6)}, on=TODAY, client_uuid=uuid4(), actor=SYSTEM
    )
    order.refresh_from_db()
    orders.step_order(target(order), "close", actor=SYSTEM, reason="供应商断货")
    assert (status_of(wanted), open_of(wanted)) == (Status.APPROVED, [Decimal(4)])
    assert verify_books() == []


def test_the_papers_lead_to_each_other(made: World) -> None:
    wanted = requested(made, "10")
    (order,) = merge_requisitions(merge_of((wanted.lines.get(), made.supplier, "10")), actor=SYSTEM)
    after = register.chain(SYSTEM, BY_CODE["purchase_requisition"], wanted)
    before = register.chain(SYSTEM, BY_CODE["purchase_order"], order)
    assert [(k.relation, k.document.document_id) for k in after] == [("follower", order.pk)]
    assert [(k.relation, k.document.document_id) for k in before] == [("source", wanted.pk)]


def test_what_may_not_be_merged_is_refused_and_nothing_is_written(made: World) -> None:
    wanted, done = requested(made, "10", "5"), requested(made, "3")
    ten, five = wanted.lines.order_by("position")
    merge_requisitions(merge_of((ten, made.supplier, "10")), actor=SYSTEM)
    merge_requisitions(merge_of((done.lines.get(), made.supplier, "3")), actor=SYSTEM)
    with nothing_written():
        for code, merge, actor in (
            ("no_lines", Merge(uuid4(), TODAY, ()), SYSTEM),
            ("lines_refused", merge_of((ten, made.supplier, "1")), SYSTEM),
            ("source_not_open", merge_of((done.lines.get(), made.supplier, "1")), SYSTEM),
            ("partner_wrong_role", merge_of((five, made.customer, "1")), SYSTEM),
            (
                "forbidden",
                merge_of((five, made.supplier, "1")),
                replace(BUYER, permissions=frozenset()),
            ),
            (
                "source_line_unknown",
                merge_of((five, made.supplier, "1")),
                replace(BUYER, warehouse_ids=frozenset({made.warehouses[1].pk})),
            ),
        ):
            with pytest.raises(Refused) as told:
                merge_requisitions(merge, actor=actor)
            assert told.value.code == code
    merge = merge_of((five, made.supplier, "1"))
    merge_requisitions(merge, actor=BUYER)
    other = replace(merge, lines=(replace(merge.lines[0], quantity=Decimal(2)),))
    with pytest.raises(Refused, match="intent_reused"):
        merge_requisitions(other, actor=BUYER)
    assert verify_books() == []


def test_an_ordered_requisition_is_not_taken_back_and_a_stale_page_is_told(made: World) -> None:
    wanted = requested(made, "10", "5")
    ten = wanted.lines.order_by("position")[0]
    merge_requisitions(merge_of((ten, made.supplier, "4")), actor=SYSTEM)
    wanted.refresh_from_db()
    with pytest.raises(Refused, match="requisition_ordered"):
        requisitions.step_requisition(target(wanted), "take_back", actor=SYSTEM)
    with pytest.raises(Refused, match="stale_version"):
        requisitions.step_requisition(Target(wanted.pk, 1), "close", actor=SYSTEM, reason="x")
    with pytest.raises(Refused, match="forbidden"):
        requisitions.step_requisition(target(wanted), "close", actor=BUYER, reason="不要了")
    closed = requisitions.step_requisition(target(wanted), "close", actor=SYSTEM, reason="不要了")
    assert closed.status == Status.CLOSED_FORCED


def test_a_supplier_of_a_line_must_be_one(made: World) -> None:
    wanted = draft(made.warehouses[0], [line(made.items[0], "1", supplier_id=made.customer.pk)])
    with nothing_written(), pytest.raises(Refused, match="lines_refused"):
        requisitions.save_requisition(wanted, actor=SYSTEM)


def test_a_form_without_the_wishes_of_its_lines_keeps_them(made: World) -> None:
    uom = made.items[0].uoms.get()
    asked = line(
        made.items[0], "1", item_uom_id=uom.pk, supplier_id=made.supplier.pk, due_date=TODAY
    )
    saved = requisitions.save_requisition(draft(made.warehouses[0], [asked]), actor=SYSTEM)
    form = draft(made.warehouses[0], [line(made.items[0], "2", item_uom_id=uom.pk)])
    saved = requisitions.change_requisition(target(saved), form, actor=SYSTEM)
    only = saved.lines.get()
    assert (only.quantity, only.supplier, only.due_date) == (2, made.supplier, TODAY)


def test_a_link_that_lies_is_found(made: World) -> None:
    wanted = requested(made, "10")
    merge_requisitions(merge_of((wanted.lines.get(), made.supplier, "4")), actor=SYSTEM)
    RequisitionCover.objects.update(quantity=3)
    assert any("请购单已订" in d.check for d in verify_books())
