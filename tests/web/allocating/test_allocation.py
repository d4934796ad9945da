"""要货单, 配货 and 要货进度, as pages and API show them."""

import re
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from hengcang.books.models import Book
from hengcang.register.verify import verify_books
from hengcang.stock.models import ShopRequest, StockTransfer
from tests.api.clients import api_as
from tests.api.rows import nothing_written
from tests.conftest import BookClient
from tests.documents.trade import received
from tests.integration.files import workbook
from tests.stock.requested import figures, requested
from tests.web.conftest import Login
from tests.web.documents.forms import field_error, form, htmx, line, saved
from tests.worlds import World, world

PAGE = "/stock/allocation"


@pytest.fixture
def made(book: Book) -> World:
    return world(warehouses=3)


def head(made: World, shop: int = 1) -> dict[str, str]:
    return {
        "warehouse": str(made.warehouses[shop].pk),
        "to_warehouse": str(made.warehouses[0].pk),
        "due_date": "2026-12-01",
        "why": "货架空了",
    }


def posted(made: World, *requests: ShopRequest, quantity: str = "4") -> dict[str, str]:
    """The page as it is posted with so much for every line."""
    answer = {"intent": str(uuid4()), "warehouse": str(made.warehouses[0].pk)}
    for request in requests:
        for ln in request.lines.all():
            answer |= {f"quantity-{ln.pk}": quantity, f"uom-{ln.pk}": str(ln.item_uom_id)}
    return answer


def test_a_shop_asks_on_its_page_and_sees_what_it_has(
    web: BookClient, made: World, login: Login
) -> None:
    received(made, "7", "3", place=1)
    login("STOREKEEPER", warehouse_ids=[made.warehouses[1].pk])
    page = web.get("/shop-requests/new").content.decode()
    assert "要货门店" in page
    assert "供货仓库" in page
    filled = form(made, "shop-requests", line(made, "4", price=""), **head(made))
    pk = saved(web, "/shop-requests/new", filled | {"verb": "submit"})
    found: Any = ShopRequest.objects.get(pk=pk)
    assert (found.status, found.reason, str(found.due_date)) == (
        "pending",
        "货架空了",
        "2026-12-01",
    )
    page = web.get(f"/shop-requests/{pk}").content.decode()
    assert "未配" in page
    assert 'value="approve"' not in page
    wrong = filled | {"to_warehouse": str(made.warehouses[1].pk), "intent": str(uuid4())}
    with nothing_written():
        answer = htmx(web, "/shop-requests/new", wrong)
        other = filled | {"warehouse": str(made.warehouses[2].pk), "intent": str(uuid4())}
        refused = htmx(web, "/shop-requests/new", other)
    assert "请换一个供货仓库" in field_error(answer, "to_warehouse")
    assert refused.status_code in (404, 422)
    assert web.get(PAGE).status_code == 200
    assert web.get(f"{PAGE}?warehouse={made.warehouses[0].pk}").status_code == 404


def test_headquarters_allocates_and_the_papers_are_linked(
    web: BookClient, made: World, login: Login
) -> None:
    received(made, "6", "3")
    near, far = requested(made, "8"), requested(made, "4", shop=2)
    login("STOREKEEPER", warehouse_ids=[made.warehouses[0].pk])
    page = web.get(PAGE).content.decode()
    assert "共要 12，可用 6，按比例 8×6÷12≈4，取整 4" in page
    for request, share in ((near, "4"), (far, "2")):
        assert re.search(rf'name="quantity-{request.lines.get().pk}" value="{share}"', page)
    asked = posted(made, near) | posted(made, far, quantity="2")
    answer = htmx(web, PAGE, asked)
    assert answer.headers["HX-Redirect"].endswith("/stock-transfers/?status=draft")
    assert figures(near) == [(8, 4, 0)]
    assert figures(far) == [(4, 2, 0)]
    htmx(web, PAGE, asked)
    assert StockTransfer.objects.count() == 2
    sent = StockTransfer.objects.get(to_warehouse=made.warehouses[1])
    assert str(near.number) in web.get(f"/stock-transfers/{sent.pk}").content.decode()
    seen = web.get(f"/shop-requests/{near.pk}").content.decode()
    assert f"/stock-transfers/{sent.pk}" in seen
    assert "已配未发" in seen
    listed = web.get("/stock/request-progress").content.decode()
    assert str(near.number) in listed
    assert "已配未发" in listed
    assert web.get("/stock/request-progress?all=1&shop=x&after=y").status_code == 200
    again = web.get(f"/stock-transfers/new?from={near.pk}").content.decode()
    assert 'name="lines-0-source"' in again
    assert verify_books() == []


@pytest.mark.parametrize(
    ("quantity", "sentence"),
    [
        ("1e5", "不是有效数字"),
        ("-1", "必须大于 0"),
        ("9", "要货未配还有 8"),
        ("7", "可配 6"),
    ],
)
def test_what_is_wrong_is_told_at_the_row(
    web: BookClient, made: World, login: Login, quantity: str, sentence: str
) -> None:
    received(made, "6", "3")
    wanted = requested(made, "8")
    login("STOREKEEPER")
    with nothing_written():
        answer = htmx(web, PAGE, posted(made, wanted, quantity=quantity))
    assert answer.status_code in (409, 422)
    told = re.search(r'class="err"[^>]*>([^<]*)<', answer.content.decode())
    assert told
    assert sentence in told[1]
    assert f'value="{quantity}"' in answer.content.decode()


def test_nothing_given_and_no_place_are_told(web: BookClient, made: World, login: Login) -> None:
    login("STOREKEEPER")
    with nothing_written():
        answer = htmx(web, PAGE, {"intent": str(uuid4()), "warehouse": str(made.warehouses[0].pk)})
        nowhere = htmx(web, PAGE, {"intent": str(uuid4())})
    assert "没有明细" in answer.content.decode()
    assert "请填写供货仓库" in nowhere.content.decode()


def test_only_who_may_allocate_allocates(web: BookClient, made: World, login: Login) -> None:
    wanted = requested(made, "8")
    login("PURCHASE_LEAD")
    with nothing_written():
        assert web.get(PAGE).status_code == 403
        assert web.post(PAGE, posted(made, wanted)).status_code == 403
    page = web.get(f"/shop-requests/{wanted.pk}").content.decode()
    assert 'value="close"' in page
    assert "/stock/allocation" not in page


def test_programs_ask_and_allocate_once(book: Book, made: World) -> None:
    received(made, "6", "3")
    owner = api_as(book.code, "OWNER")
    asked = {"item_id": made.items[0].pk, "quantity": "8", "due_date": "2026-12-24"}
    body: dict[str, Any] = {
        "dated": "2026-11-24",
        "warehouse_id": made.warehouses[1].pk,
        "to_warehouse_id": made.warehouses[0].pk,
        "lines": [asked],
        "then": "approve",
    }
    told = owner.made("/shop-requests", body)
    assert told["to_warehouse"]["id"] == made.warehouses[0].pk
    assert told["lines"][0]["due_date"] == "2026-12-24"
    (row,) = owner.told(f"/allocation-lines?warehouse_id={made.warehouses[0].pk}")
    assert (row["proposed"], row["qty_open"], row["supply_available"]) == ("6", "8", "6")
    lines = [{"line_id": row["line_id"], "quantity": row["proposed"]}]
    given = {"dated": "2026-11-24", "warehouse_id": made.warehouses[0].pk, "lines": lines}
    given["client_uuid"] = str(uuid4())
    first = owner.made("/allocations", given)
    assert owner.made("/allocations", given)["transfers"] == first["transfers"]
    assert StockTransfer.objects.count() == 1
    with nothing_written():
        answer = owner.post("/allocations", given | {"client_uuid": str(uuid4())})
    assert answer.status_code in (409, 422)
    assert "要货未配还有 2" in answer.content.decode()
    (left,) = owner.told("/request-progress")["rows"]
    assert (left["qty_allocated"], left["qty_open"], left["qty_closed"]) == ("6", "2", "0")
    chain = owner.told(f"/shop-requests/{told['id']}")["chain"]
    assert [link["kind"] for link in chain] == ["stock_transfer"]
    assert Decimal(owner.told(f"/shop-requests/{told['id']}")["lines"][0]["qty_allocated"]) == 6


def test_a_file_of_requests_becomes_drafts(web: BookClient, made: World, login: Login) -> None:
    login("STOREKEEPER")
    sheet = workbook(
        ["要货门店", "供货仓库", "单据日期", "商品编码", "要货数量", "本行需用日期", "行备注"],
        ["W2", "1号仓", "2026-11-24", "S001", 3, "2026-12-01", "急"],
        [None, None, None, "S002", 4, None, None],
    )
    file = SimpleUploadedFile("a.xlsx", sheet)
    assert web.post("/shop-requests/import", {"file": file}).status_code == 302
    found: Any = ShopRequest.objects.get()
    assert (found.warehouse, found.to_warehouse) == (made.warehouses[1], made.warehouses[0])
    lines = list(found.lines.values_list("quantity", "due_date", "note"))
    assert lines == [(3, date(2026, 12, 1), "急"), (4, None, "")]
