"""移库单 on the page and over the API, and 上架."""

from uuid import uuid4

import pytest

from hengcang.books.models import Book
from hengcang.register.verify import verify_books
from hengcang.stock.bin_models import BinMove
from tests.api.clients import api_as
from tests.conftest import BookClient
from tests.stock.batched import dairy, keys, put
from tests.web.conftest import Login
from tests.web.documents.forms import form, htmx, line, saved
from tests.web.masters.test_stock_and_money import text
from tests.worlds import TODAY, World


@pytest.fixture
def milk(book: Book) -> World:
    made = dairy()
    put(made, "20", "L1")
    put(made, "10", "L1", "A-1")
    return made


def test_a_move_is_typed_and_posted(web: BookClient, login: Login, milk: World) -> None:
    login("STOREKEEPER")
    page = web.get("/bin-moves/new").content.decode()
    assert "移出库位" in page
    assert "移入库位" in page
    cells = {"batch_no": "L1", "bin_code": "A-1", "to_bin_code": "B-1"}
    posted = form(milk, "stock", line(milk, "4", "") | cells, verb="post")
    made = saved(web, "/bin-moves/new", posted)
    assert keys(milk)["L1", "B-1", "good"] == 4
    said = text(web, f"/bin-moves/{made}")
    assert "A-1" in said
    assert "B-1" in said
    assert "YKD202611-0001" in text(web, "/bin-moves/")
    for wrong, words in (
        ({"to_bin_code": "Z-9"}, "没有库位 Z-9"),
        ({"to_bin_code": "A-1"}, "同一个库位"),
        ({"to_bin_code": ""}, "没有移入库位"),
    ):
        answer = htmx(
            web,
            "/bin-moves/new",
            form(milk, "stock", line(milk, "1", "") | cells | wrong, verb="post"),
        )
        assert answer.status_code == 422, wrong
        assert words in answer.content.decode()
    assert BinMove.objects.count() == 1
    assert verify_books() == []


def test_putting_away_opens_a_draft(web: BookClient, login: Login, milk: World) -> None:
    login("SALES")
    assert web.get("/put-away").status_code == 403
    login("STOREKEEPER")
    asked = {"warehouse": str(milk.warehouses[0].pk), "intent": str(uuid4())}
    assert web.post("/put-away", asked | {"warehouse": ""}).status_code == 422
    answer = web.post("/put-away", asked)
    move = BinMove.objects.get()
    assert answer.status_code == 302
    assert answer["Location"].endswith(f"/bin-moves/{move.pk}")
    assert "L1" in web.get(f"/bin-moves/{move.pk}").content.decode()
    assert web.post("/put-away", asked).status_code == 302
    assert BinMove.objects.count() == 1


def test_the_api_moves_too(book: Book, milk: World) -> None:
    owner = api_as(book.code, "OWNER")
    body = {
        "dated": str(TODAY),
        "warehouse_id": milk.warehouses[0].pk,
        "lines": [
            {
                "item_id": milk.items[0].pk,
                "quantity": "3",
                "batch_no": "L1",
                "to_bin_code": "B-1",
            }
        ],
        "then": "post",
    }
    told = owner.made("/bin-moves", body)
    assert told["status"] == "posted"
    assert told["lines"][0]["bin_code"] is None
    assert told["lines"][0]["to_bin_code"] == "B-1"
    assert keys(milk)["L1", "B-1", "good"] == 3
    undone = owner.made(
        f"/bin-moves/{told['id']}/reverse", {"version": told["version"], "reason": "放错"}
    )
    assert undone["lines"][0]["quantity"] == "-3"
    assert keys(milk)["L1", "", "good"] == 20
    assert owner.post("/bin-moves", body | {"lines": []}).status_code == 422
    assert verify_books() == []
