"""以销定购: what customers ordered and nothing covers is requested, once."""

from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from hengcang.books.models import Book
from hengcang.documents.flow import Status
from hengcang.kernel.actor import SYSTEM, Actor
from hengcang.kernel.errors import Refused, RefusedLines
from hengcang.purchasing.actions import orders as purchase_orders
from hengcang.purchasing.actions import receipts as purchase_receipts
from hengcang.purchasing.actions import requisitions
from hengcang.purchasing.actions.merging import merge_requisitions
from hengcang.purchasing.models import PurchaseRequisition, PurchaseRequisitionLine
from hengcang.register import queries as register
from hengcang.register.kinds import BY_CODE
from hengcang.register.sales_demand import SalesRequest, request_for_sales
from hengcang.register.sales_needs import uncovered_sales_lines
from hengcang.register.verify import verify_books
from hengcang.sales.actions import orders
from tests.api.clients import api_as
from tests.api.rows import nothing_written
from tests.conftest import BookClient
from tests.documents.trade import received, sold
from tests.purchasing.test_requisitions import merge_of
from tests.worlds import TODAY, World, draft, line, target, world

D = Decimal


@pytest.fixture
def made(book: Book) -> World:
    return world()


def needed() -> list[Decimal]:
    return [need.needed for need in uncovered_sales_lines(SYSTEM)]


def request_all(actor: Actor = SYSTEM) -> list[Any]:
    wanted = tuple((n.line.pk, n.needed) for n in uncovered_sales_lines(SYSTEM))
    return request_for_sales(SalesRequest(uuid4(), TODAY, wanted), actor=actor)


def test_free_stock_goes_to_the_first_due_and_the_rest_is_needed(made: World) -> None:
    sold(made, "4")
    sold(made, "4")
    received(made, "5", "10")  # on the shelf since, held by nobody
    sold(made, "2", item=1, place=1)
    assert needed() == [D(3), D(2)]
    assert [need.stock for need in uncovered_sales_lines(SYSTEM)] == [D(1), D(0)]


def test_a_need_is_requested_once_until_the_goods_are_here(made: World) -> None:
    order = sold(made, "10")
    wish = SalesRequest(uuid4(), TODAY, ((order.lines.get().pk, D(10)),))
    (wanted,) = request_for_sales(wish, actor=SYSTEM)
    assert needed() == []
    with nothing_written():
        assert request_for_sales(wish, actor=SYSTEM) == [wanted]
        with pytest.raises(RefusedLines) as told:
            request_for_sales(replace(wish, client_uuid=uuid4()), actor=SYSTEM)
    assert told.value.refusals[0].code == "sales_line_covered"
    wanted = requisitions.step_requisition(target(wanted), "approve", actor=SYSTEM)
    only = wanted.lines.get()
    (bought,) = merge_requisitions(merge_of((only, made.supplier, "10")), actor=SYSTEM)
    assert needed() == []
    bought = purchase_orders.step_order(target(bought), "approve", actor=SYSTEM)
    purchase_receipts.receive_order(
        bought.pk, {bought.lines.get().pk: D(6)}, on=TODAY, client_uuid=uuid4(), actor=SYSTEM
    )
    assert needed() == []  # six are free stock, four are under way
    bought.refresh_from_db()
    purchase_orders.step_order(target(bought), "close", actor=SYSTEM, reason="断货")
    assert needed() == []  # the requisition has four open again
    wanted.refresh_from_db()
    requisitions.step_requisition(target(wanted), "close", actor=SYSTEM, reason="不订了")
    assert needed() == [D(4)]
    assert verify_books() == []


def test_a_voided_requisition_no_longer_covers(made: World) -> None:
    sold(made, "10")
    (wanted,) = request_all()
    requisitions.step_requisition(target(wanted), "void", actor=SYSTEM)
    assert needed() == [D(10)]


def test_an_order_written_anew_is_still_covered(made: World) -> None:
    order = sold(made, "10")
    request_all()
    order = orders.step_order(target(order), "take_back", actor=SYSTEM)
    anew = draft(made.warehouses[0], [line(made.items[0], "12", "20")], partner=made.customer)
    order = orders.change_order(target(order), anew, actor=SYSTEM)
    orders.step_order(target(order), "approve", actor=SYSTEM)
    assert needed() == [D(2)]


def test_a_form_keeps_what_its_lines_are_for_and_cannot_claim_it(made: World) -> None:
    order = sold(made, "10")
    forged = draft(
        made.warehouses[0], [line(made.items[0], "9", source_line_id=order.lines.get().pk)]
    )
    requisitions.save_requisition(forged, actor=SYSTEM)
    assert needed() == [D(10)]
    (wanted,) = request_all()
    edited = draft(made.warehouses[0], [line(made.items[0], "4"), line(made.items[0], "6")])
    requisitions.change_requisition(target(wanted), edited, actor=SYSTEM)
    assert needed() == [D(6)]


def test_the_papers_lead_to_each_other(made: World) -> None:
    order = sold(made, "10")
    (wanted,) = request_all()
    after = register.chain(SYSTEM, BY_CODE["sales_order"], order)
    before = register.chain(SYSTEM, BY_CODE["purchase_requisition"], wanted)
    assert [(k.relation, k.document.document_id) for k in after] == [("follower", wanted.pk)]
    assert [(k.relation, k.document.document_id) for k in before] == [("source", order.pk)]


def test_only_who_may_requests_and_only_in_the_own_warehouses(made: World) -> None:
    order = sold(made, "10")
    wish = SalesRequest(uuid4(), TODAY, ((order.lines.get().pk, D(1)),))
    rights = frozenset({"sales_order.view", "stock.view", "purchase_requisition.save"})
    elsewhere = Actor(1, "甲", rights, frozenset({made.warehouses[1].pk}))
    assert uncovered_sales_lines(elsewhere) == []
    with nothing_written():
        for actor, code in (
            (elsewhere, "source_line_unknown"),
            (replace(elsewhere, permissions=rights - {"purchase_requisition.save"}), "forbidden"),
        ):
            with pytest.raises(Refused, match=code):
                request_for_sales(wish, actor=actor)
        with pytest.raises(Refused, match="no_lines"):
            request_for_sales(replace(wish, quantities=()), actor=SYSTEM)


def test_page_and_programs_request(
    book: Book, web: BookClient, made: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    from hengcang.identity.models import User
    from hengcang.web import clock

    monkeypatch.setattr(clock, "today", lambda: TODAY)
    order = sold(made, "10")
    owner, stranger = api_as(book.code, "OWNER"), api_as(book.code)
    (row,) = owner.told("/uncovered-sales-lines")
    assert (row["source_line_id"], row["needed"]) == (order.lines.get().pk, "10")
    body = {
        "dated": "2026-11-24",
        "lines": [{"source_line_id": row["source_line_id"], "quantity": "4"}],
        "client_uuid": str(uuid4()),
    }
    told = owner.made("/sales-requisitions", body)
    assert owner.made("/sales-requisitions", body) == told
    with nothing_written():
        assert stranger.post("/sales-requisitions", body).status_code == 403
        over = body | {"client_uuid": str(uuid4())}
        over["lines"] = [{"source_line_id": row["source_line_id"], "quantity": "7"}]
        assert owner.post("/sales-requisitions", over).status_code == 409
    web.force_login(
        User.objects.get(username="owner"), backend="django.contrib.auth.backends.ModelBackend"
    )
    page = web.get("/purchasing/for-sales").content.decode()
    assert str(order.number) in page
    answer = web.post("/purchasing/for-sales", {"verb": "request", "id": row["source_line_id"]})
    assert answer.status_code == 302
    assert PurchaseRequisition.objects.filter(status=Status.DRAFT).count() == 2
    quantities = PurchaseRequisitionLine.objects.order_by("id").values_list("quantity", flat=True)
    assert list(quantities) == [D(4), D(6)]
    with nothing_written():
        web.post("/purchasing/for-sales", {"verb": "request", "id": row["source_line_id"]})
