"""The pages and the API of a count whose goods are kept by batch, bin and status."""

from typing import Any
from uuid import uuid4

import pytest

from hengcang.books.models import Book
from hengcang.catalog.models import Batch
from hengcang.register.verify import verify_books
from hengcang.stock.models import StockCount, StockTally
from tests.api.clients import api_as
from tests.conftest import BookClient
from tests.stock.batched import dairy, keys, put
from tests.stock.counted import started
from tests.web.conftest import Login
from tests.web.test_counts import press, record
from tests.worlds import TODAY, World


@pytest.fixture
def milk(book: Book) -> World:
    made = dairy()
    put(made, "20", "L1", "A-1")
    put(made, "10", "L1", "B-1")
    put(made, "30", "L2", "B-1", expiry_date=TODAY)
    return made


def test_scanned_by_batch_and_bin_then_reviewed_line_by_line(
    web: BookClient, login: Login, milk: World
) -> None:
    login()
    count = started(milk)
    page = web.get(f"/stock-counts/{count.pk}").content.decode()
    for field in ('name="batch"', 'name="bin"', 'name="status"', 'name="new"'):
        assert field in page
    assert "批号 L1 · 库位 A-1" in page
    answer: Any = record(web, count, code="S001", step="scan", quantity="18", batch="L1", bin="a-1")
    assert answer.status_code == 302
    shown = web.get(answer["Location"]).content.decode()
    assert 'id="c-bin" name="bin" value="A-1"' in shown
    assert 'name="batch" value="L1"' in shown
    item = milk.items[0].pk
    record(web, count, item=item, step="-1", batch="L1", bin="A-1")
    record(web, count, item=item, step="set", quantity="31", batch="L2")
    new = {"batch": "N1", "bin": "B-1", "new": "1", "made": "2026-11-01"}
    record(web, count, item=item, step="set", quantity="2", **new)
    assert Batch.objects.get(batch_no="N1").expiry_date is not None
    press(web, count, "submit")
    page = web.get(f"/stock-counts/{count.pk}").content.decode()
    line = count.lines.get(batch__batch_no="L2")
    said = {f"cause-{line.position}": "点错", f"who-{line.position}": "李仓管"}
    assert press(web, count, "explain", row=f"{line.position}~{item}", **said).status_code == 302
    assert count.lines.filter(cause="点错").count() == 1
    assert press(web, count, "recount", recount=line.position).status_code == 302
    record(web, count, item=item, step="set", quantity="30", batch="L2", bin="B-1")
    press(web, count, "submit")
    assert press(web, count, "post").status_code == 302
    assert keys(milk) == {
        ("L1", "A-1", "good"): 17,
        ("L1", "B-1", "good"): 10,
        ("L2", "B-1", "good"): 30,
        ("N1", "B-1", "good"): 2,
    }
    assert verify_books() == []


def test_what_is_not_clear_is_said_and_nothing_is_written(
    web: BookClient, login: Login, milk: World
) -> None:
    login()
    count = started(milk)
    for fields, words in (
        ({}, "不止一处"),
        ({"batch": "L9"}, "没有批号 L9"),
        ({"batch": "L1", "bin": "Z"}, "没有库位 Z"),
        ({"batch": "L2", "made": "昨天"}, "昨天"),
        ({"batch": "长" * 41}, "批号"),
    ):
        answer = record(web, count, code="S001", step="scan", **fields)
        assert answer.status_code == 422, fields
        assert words in answer.content.decode()
    assert not StockTally.objects.exists()
    assert not Batch.objects.filter(batch_no="L9").exists()


def test_a_blind_counter_sees_keys_and_no_book(web: BookClient, login: Login, milk: World) -> None:
    login()
    count = started(milk)
    login("STOREKEEPER")
    page = web.get(f"/stock-counts/{count.pk}").content.decode()
    assert "批号 L1 · 库位 A-1" in page
    assert "账面" not in page.replace("账上没有的新批次", "")
    assert StockCount.objects.get().status == "counting"


def test_the_api_counts_by_key(book: Book, milk: World) -> None:
    owner = api_as(book.code, "OWNER")
    item = milk.items[0].pk
    body = {"dated": str(TODAY), "warehouse_id": milk.warehouses[0].pk}
    root = f"/stock-counts/{owner.made('/stock-counts', body)['id']}"

    def tally(**which: Any) -> Any:
        entry = {"item_id": item, "quantity": "4", **which}
        return owner.post(
            f"{root}/tallies", {"entries": [entry], "client_uuid": str(uuid4()), "mode": "set"}
        )

    for which, code in (
        ({}, "count_key_open"),
        ({"batch_no": "L9"}, "count_batch_unknown"),
        ({"batch_no": "L2", "stock_status": "lost"}, "field_invalid"),
        ({"batch_no": "L2", "expiry_date": "2027-01-01"}, "batch_dates_differ"),
    ):
        answer = tally(**which)
        assert answer.status_code == 422, answer.content.decode()
        assert answer.json()["code"] == code
    assert tally(batch_no="L1", bin_code="b-1").status_code == 200
    told = tally(batch_no="N2", bin_code="A-1", is_new=True, expiry_date="2027-01-01").json()
    rows = owner.told(f"{root}/lines")["rows"]
    seen = {(r["batch_no"], r["bin_code"]): (r["counted"], r["book"]) for r in rows}
    assert seen["L1", "B-1"] == ("4", "10")
    assert seen["N2", "A-1"] == ("4", "0")
    told = owner.made(f"{root}/submit", {"version": told["version"]})
    again = {"version": told["version"], "lines": [rows[0]["position"]]}
    told = owner.made(f"{root}/recount", again)
    assert told["status"] == "counting"
    wrong = {"version": told["version"], "lines": [], "item_ids": []}
    assert owner.post(f"{root}/recount", wrong).status_code in {409, 422}
    told = owner.made(f"{root}/submit", {"version": told["version"]})
    line = {"item_id": item, "line": rows[-1]["position"], "cause": "新到", "responsible": "李"}
    asked = {"version": told["version"], "lines": [line]}
    assert owner.put(f"{root}/explanations", asked).status_code == 200
    assert verify_books() == []
