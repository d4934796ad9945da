"""Serial numbers on the pages: typed, kept, counted, refused in their cell, found again."""

import re

import pytest

from hengcang.documents.models import LineSerial
from hengcang.ledger.models import PostingRecord
from hengcang.ledger.serial_models import SerialState
from hengcang.register.verify import verify_books
from tests.conftest import BookClient
from tests.serials.pieces import received, shop, where
from tests.web.conftest import Login
from tests.web.documents.forms import form, htmx, line, saved, told
from tests.worlds import World


@pytest.fixture
def made(web: BookClient, login: Login) -> World:
    world = shop()
    login()
    return world


def typed(made: World, serials: str, quantity: str) -> dict[str, str]:
    return line(made, quantity) | {"serials": serials}


def test_a_draft_keeps_what_is_typed_and_says_how_many(web: BookClient, made: World) -> None:
    path = "/purchase-receipts/new"
    assert 'data-k="serials"' in web.get(path).content.decode()
    draft = saved(web, path, form(made, "purchase", typed(made, "A1\r\nA2", "3")))
    page = web.get(f"/purchase-receipts/{draft}").content.decode()
    assert re.search(r"<textarea[^>]*>A1\nA2</textarea>", page)
    assert "2 / 3" in page
    answer = htmx(
        web,
        f"/purchase-receipts/{draft}",
        form(made, "purchase", typed(made, "A1\nA2", "3"), verb="post", version="1"),
    )
    assert answer.status_code == 422
    assert "数量 3，序列号 2 个" in told(answer)
    assert re.search(r"<textarea[^>]*aria-invalid[^>]*>A1\nA2</textarea>", answer.content.decode())
    assert not PostingRecord.objects.exists()
    assert LineSerial.objects.count() == 2
    saved_again = form(made, "purchase", typed(made, "A7*3", "3"), verb="post", version="1")
    assert htmx(web, f"/purchase-receipts/{draft}", saved_again).status_code == 200
    assert where("A9") == "in_stock"
    page = web.get(f"/purchase-receipts/{draft}").content.decode()
    assert "3 个</summary>" in page
    assert "A8" in page
    assert verify_books() == []


def test_wrong_pieces_are_told_in_their_cell(web: BookClient, made: World) -> None:
    received(made, "A1-2")
    wrong = form(made, "sales", typed(made, "A1\nX1\nX2", "3"), verb="post")
    answer = htmx(web, "/sales-deliveries/new", wrong)
    assert answer.status_code == 422
    assert "X1" in told(answer)
    assert "X2" in told(answer)
    twice = form(made, "sales", typed(made, "A1\nA1", "2"))
    assert "重复" in told(htmx(web, "/sales-deliveries/new", twice))
    run = form(made, "sales", typed(made, "A*5", "2"))
    assert "连续编号" in told(htmx(web, "/sales-deliveries/new", run))
    assert SerialState.objects.count() == 2


def test_a_delivery_proposes_and_a_piece_is_found(web: BookClient, made: World) -> None:
    received(made, "A1-3")
    draft = saved(web, "/sales-deliveries/new", form(made, "sales", typed(made, "", "2")))
    page = web.get(f"/sales-deliveries/{draft}").content.decode()
    assert re.search(r"<textarea[^>]*>A1\nA2</textarea>", page)
    changed = form(made, "sales", typed(made, "A3\nA1", "2"), verb="post", version="1")
    assert htmx(web, f"/sales-deliveries/{draft}", changed).status_code == 200
    found = web.get("/serials/?q=A3").content.decode()
    assert "在客户处" in found
    piece = SerialState.objects.get(serial__serial_no="A3").pk
    life = web.get(f"/serials/{piece}").content.decode()
    assert "XSCK" in life
    assert "CGRK" in life
    assert f"/sales-deliveries/{draft}" in life
    assert made.customer.name in life
    assert "A3" not in web.get("/serials/?q=A1").content.decode()
    assert web.get("/serials/?q=%25").status_code == 200
    assert web.get("/serials/?q=%00&after=x&place=y&item=z").status_code in {200, 422}
    assert web.get("/serials/999999").status_code == 404
