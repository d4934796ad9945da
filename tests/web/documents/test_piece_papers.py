"""Serial numbers on the pages that had none: adjustments, inspections, makings and counts."""

import re
from typing import Any
from uuid import uuid4

import pytest

from hengcang.catalog.models import Item
from hengcang.documents.models import LineSerial
from hengcang.ledger.models import PostingRecord
from hengcang.ledger.serial_models import SerialState
from hengcang.register.verify import verify_books
from hengcang.stock.models import StockCount
from hengcang.stock.piece_models import TallyPiece
from tests.conftest import BookClient
from tests.serials.pieces import received, shop, where
from tests.web.conftest import Login
from tests.web.documents.forms import (
    cell_error,
    field_error,
    form,
    htmx,
    line,
    saved,
    source_id,
    told,
)
from tests.worlds import TODAY, World


@pytest.fixture
def made(web: BookClient, login: Login) -> World:
    world = shop(items=2)
    login()
    return world


def typed(made: World, serials: str, quantity: str, **more: str) -> dict[str, str]:
    return line(made, quantity, "") | {"serials": serials} | more


def status_of(serial: str) -> str:
    stock = SerialState.objects.get(serial__serial_no=serial).stock
    assert stock is not None
    return stock.status


def test_pieces_are_scrapped_found_and_of_another_status(web: BookClient, made: World) -> None:
    received(made, "A1-4")
    for path in ("scraps", "overages", "status-changes", "assemblies", "disassemblies"):
        assert 'data-k="serials"' in web.get(f"/{path}/new").content.decode(), path
    frozen = typed(made, "A2", "1", to_status="冻结")
    paper = saved(web, "/status-changes/new", form(made, "stock", frozen, why="待查", verb="post"))
    assert "A2" in web.get(f"/status-changes/{paper}").content.decode()
    assert status_of("A2") == "frozen"
    before = PostingRecord.objects.count()
    wrong = form(made, "stock", typed(made, "A1\nX1", "2"), why="坏", verb="post")
    answer = htmx(web, "/scraps/new", wrong)
    assert (answer.status_code, PostingRecord.objects.count()) == (422, before)
    assert "X1" in told(answer)
    saved(web, "/scraps/new", form(made, "stock", typed(made, "A1", "1"), why="坏", verb="post"))
    assert where("A1") == "issued"
    found = typed(made, "N1", "1") | {"unit_cost": "3"}
    saved(web, "/overages/new", form(made, "stock", found, why="多", verb="post"))
    assert where("N1") == "in_stock"
    assert verify_books() == []


def test_inspected_pieces_are_typed_with_the_bad_ones_among_them(
    web: BookClient, made: World
) -> None:
    Item.objects.filter(pk=made.items[0].pk).update(needs_inspection=True)
    made.items[0].refresh_from_db()
    receipt = received(made, "A1-3")
    path = f"/quality-inspections/new?from={receipt.pk}"
    assert 'data-k="rejected_serials"' in web.get(path).content.decode()
    judged = typed(made, "A1\nA2", "2", rejected="1", reject_cause="划伤")
    judged |= {"source": source_id(web, path), "rejected_serials": "A3"}
    posted = form(made, "stock", judged, why="", verb="post")
    before = LineSerial.objects.count()
    answer = htmx(web, "/quality-inspections/new", posted)
    assert answer.status_code == 422
    assert "不合格序列号 1 个" in cell_error(answer, 0, "rejected_serials")
    assert LineSerial.objects.count() == before
    posted["lines-0-rejected_serials"] = "A2"
    paper = saved(web, "/quality-inspections/new", posted)
    assert [status_of(s) for s in ("A1", "A2", "A3")] == ["good", "defect", "qc"]
    page = web.get(f"/quality-inspections/{paper}").content.decode()
    assert re.search(r"2 个</summary>", page)
    assert verify_books() == []


def test_a_product_and_its_parts_are_named_and_their_pages_say_so(
    web: BookClient, made: World
) -> None:
    received(made, "A1-2")
    product = {"product": str(made.items[1].pk), "product_typed": made.items[1].name}
    head: Any = product | {"product_quantity": "1", "product_serials": "P1*x", "why": ""}
    posted = form(made, "assemblies", typed(made, "A1", "1"), **head, verb="post")
    answer = htmx(web, "/assemblies/new", posted)
    assert answer.status_code == 422
    assert "P1*x" in field_error(answer, "product_serials")
    assert not LineSerial.objects.filter(kind="assembly").exists()
    posted["product_serials"] = "P1"
    paper = saved(web, "/assemblies/new", posted)
    assert "P1" in web.get(f"/assemblies/{paper}").content.decode()
    whole = SerialState.objects.get(serial__serial_no="P1").serial_id
    piece = SerialState.objects.get(serial__serial_no="A1").serial_id
    page = web.get(f"/serials/{whole}").content.decode()
    assert "由这些配件组成" in page
    assert "A1" in page
    page = web.get(f"/serials/{piece}").content.decode()
    assert "装在这些成品里" in page
    assert "已装入成品" in page
    assert verify_books() == []


def test_a_count_is_scanned_number_by_number(web: BookClient, made: World) -> None:
    received(made, "A1-3")
    fields = {"warehouse": made.warehouses[0].pk, "dated": str(TODAY), "scope": "all"}
    web.post("/stock-counts/new", fields | {"intent": str(uuid4())})
    count = StockCount.objects.get()
    path = f"/stock-counts/{count.pk}"

    def record(**more: str) -> Any:
        return web.post(f"{path}/record", {"intent": str(uuid4()), "step": "scan", **more})

    assert 'name="serials"' in web.get(path).content.decode()
    assert record(code="A1").status_code == 302
    assert record(code=made.items[0].code, serials="A2\nN1").status_code == 302
    for more, words in (
        ({"code": "A1"}, "已经盘过"),
        ({"code": "NOPE"}, "NOPE"),
        ({"code": made.items[0].code}, "逐件扫描"),
        ({"code": made.items[0].code, "serials": "A3*x"}, "A3*x"),
        ({"code": made.items[0].code, "serials": "A3", "quantity": "2"}, "逐件扫描"),
        ({"code": "A3", "quantity": "-1"}, "没有盘过"),
    ):
        answer = record(**more)
        assert answer.status_code in (404, 409, 422), more
        assert words in answer.content.decode(), more
        assert TallyPiece.objects.count() == 3
    page = web.get(path).content.decode()
    assert "序列号差异" in page
    assert "盘亏" in page
    assert "N1" in page
    assert verify_books() == []
