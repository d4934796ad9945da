"""A count's sheet as a workbook: the same rules as pasted text, the same row numbers."""

from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile

from hengcang.books.models import Book
from hengcang.stock.models import StockTally
from tests.conftest import BookClient
from tests.integration.files import workbook
from tests.stock.counted import received, started
from tests.web.conftest import Login
from tests.worlds import world

HEAD = ["编码", "数量", "单位", "区域", "备注"]


def test_a_workbook_is_read_like_pasted_rows(book: Book, web: BookClient, login: Login) -> None:
    made = world()
    received(made, "13")
    count = started(made)
    login()

    def upload(*rows: list[object]) -> Any:
        file = SimpleUploadedFile("盘点.xlsx", workbook(HEAD, *rows))
        return web.post(f"/stock-counts/{count.pk}/sheet", {"file": file, "intent": str(uuid4())})

    wrong = upload(["S001", 12, "个", "A", "破,损"], [None], ["S999", "一", None, None, None])
    page = wrong.content.decode()
    assert wrong.status_code == 422
    assert "第 4 行" in page
    assert not StockTally.objects.exists()
    assert upload(["S001", 12.5, "个", "A", "破,损"]).status_code == 302
    tally = StockTally.objects.get()
    assert (str(tally.quantity.normalize()), tally.zone, tally.note) == ("12.5", "A", "破、损")
