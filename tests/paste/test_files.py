"""A customer's file is read as if it had been pasted: same matcher, same confidence, same page."""

from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from hengcang.books.models import Book
from hengcang.integration.spreadsheets.orders import order_text
from hengcang.sales.models import SalesOrder
from tests.conftest import BookClient
from tests.integration.files import csv_of, workbook
from tests.web.conftest import Login, _today, login
from tests.worlds import World, world

__all__ = ["_today", "login"]
ROWS = (["货号", "品名", "数量", "单位", "金额"], ["S001", "商品1", 5, "个", "=C2*20"])


def send(web: BookClient, made: World, content: bytes, name: str, verb: str = "file") -> Any:
    fields = {
        "partner": str(made.customer.pk),
        "warehouse": str(made.warehouses[0].pk),
        "intent": str(uuid4()),
        "verb": verb,
    }
    return web.post("/paste-order", fields | {"file": SimpleUploadedFile(name, content)})


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (workbook(["嘉兴鼎盛订货单"], *ROWS), "订单.xlsx"),
        (csv_of(*ROWS, encoding="gb18030"), "订单.csv"),
        ("商品1 5个\nS002 3个，谢谢".encode("gb18030"), "订单.txt"),
    ],
)
def test_files_are_read_like_pastes(
    book: Book, web: BookClient, login: Login, content: bytes, name: str
) -> None:
    made = world()
    login()
    pasted = {
        "partner": str(made.customer.pk),
        "warehouse": str(made.warehouses[0].pk),
        "intent": str(uuid4()),
        "verb": "read",
        "text": order_text(content, name),
    }
    uploaded = send(web, made, content, name).content.decode()
    read = web.post("/paste-order", pasted).content.decode()
    assert "确定" in uploaded
    assert _table(uploaded) == _table(read)
    assert not SalesOrder.objects.exists()


def _table(page: str) -> str:
    return page[page.index("读出的行") : page.index("</form>")]


def test_computed_cells_say_nothing() -> None:
    assert order_text(workbook(["S001", "=1+1", "个"]), "a.xlsx") == "S001\t\t个"


def test_an_order_is_made_of_what_was_read(book: Book, web: BookClient, login: Login) -> None:
    made = world()
    login()
    content = workbook(*ROWS)
    text = order_text(content, "a.xlsx")
    fields = {
        "partner": str(made.customer.pk),
        "warehouse": str(made.warehouses[0].pk),
        "intent": str(uuid4()),
        "verb": "make",
        "text": text,
        "read_text": text,
    }
    assert web.post("/paste-order", fields).status_code == 302
    assert str(SalesOrder.objects.get().lines.get().quantity.normalize()) == "5"


@pytest.mark.parametrize(
    ("content", "name"), [(b"PK\x03\x04x", "a.xlsx"), (b"\x00\xff", "a.txt"), (b"", "a.csv")]
)
def test_bad_files_are_a_sentence(
    book: Book, web: BookClient, login: Login, content: bytes, name: str
) -> None:
    made = world()
    login()
    answer = send(web, made, content, name)
    assert answer.status_code in (200, 422)
    assert not SalesOrder.objects.exists()
