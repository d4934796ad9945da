"""The pages 批次与库位 and 近效期, and what the API says of the same."""

from datetime import timedelta

import pytest
from django.utils.timezone import localdate

from hengcang.books.models import Book
from tests.api.clients import api_as
from tests.conftest import BookClient
from tests.documents.test_set_size import statements
from tests.stock.batched import dairy, put
from tests.web.conftest import Login
from tests.web.masters.test_stock_and_money import text
from tests.worlds import TODAY, World


@pytest.fixture
def full(book: Book) -> World:
    made = dairy()
    put(made, "30", "L2", "B-1", expiry_date=TODAY + timedelta(days=400))
    put(made, "20", "L1", "A-1", expiry_date=TODAY + timedelta(days=10))
    put(made, "7", "K1", n=1, place=1, expiry_date=TODAY - timedelta(days=3), cost="4")
    return made


def test_the_stock_list_opens_into_its_keys(web: BookClient, full: World, login: Login) -> None:
    login("OWNER")
    item, place = full.items[0].pk, full.warehouses[0].pk
    address = f"/stock/places?item={item}&amp;warehouse={place}"
    assert address in web.get("/stock/").content.decode()
    said = text(web, f"/stock/places?item={item}&warehouse={place}")
    assert "共 2 行 实存 50" in said
    assert "A-1 L1" in said
    assert "K1" not in said
    assert "B-1 L2" in text(web, "/stock/places?bin=b-1")
    assert "这里没有库存" in text(web, "/stock/places?status=qc")
    assert web.get("/stock/places?item=abc&after=x&status=nonsense&batch=%00").status_code == 200
    assert web.get("/stock/places?item=999999").status_code == 404
    assert "批次与库位" in text(web, f"/items/{item}")
    boxes = web.get("/stock/places?bin=b-1").content.decode()
    assert 'name="batch" value="" placeholder="批号：开头几位"' in boxes
    assert 'name="bin" value="b-1" placeholder="库位：开头几位"' in boxes


def test_what_expires(web: BookClient, full: World, login: Login) -> None:
    login("OWNER")
    said = text(web, "/stock/expiry")
    assert said.index("已过期 3 天") < said.index("L1")
    assert "共 2 行 已过期 1 行 数量 27 金额 ¥228.00" in said
    assert f"/items/{full.items[1].pk}" in web.get("/stock/expiry").content.decode()
    assert "共 1 行" in text(web, "/stock/expiry?state=expired")
    assert web.get("/stock/expiry?after=nonsense&within=x").status_code == 200


def test_no_value_without_the_right(web: BookClient, full: World, login: Login) -> None:
    login("STOREKEEPER")
    said = text(web, "/stock/expiry")
    assert "228.00" not in said
    assert "28.00" not in said


def test_pages_stay_within_few_statements(web: BookClient, full: World, login: Login) -> None:
    login("OWNER")
    for n in range(30):
        put(full, "1", f"M{n}", "A-1", expiry_date=TODAY)
    for path in ("/stock/places", "/stock/expiry"):
        with statements() as seen:
            web.get(path)
        assert len(seen) <= 12, path


def test_the_api_says_the_same(book: Book, full: World) -> None:
    owner, keeper = api_as(book.code, "OWNER"), api_as(book.code, "STOREKEEPER")
    first = owner.told("/stock-places?limit=2")
    assert [(r["batch_no"], r["bin_code"], r["on_hand"]) for r in first["rows"]] == [
        ("L1", "A-1", "20"),
        ("L2", "B-1", "30"),
    ]
    rest = owner.told(f"/stock-places?limit=2&next={first['next']}")
    assert [r["batch_no"] for r in rest["rows"]] == ["K1"]
    assert rest["next"] is None
    assert owner.told("/stock-places?status=qc")["rows"] == []
    assert owner.get("/stock-places?status=lost").status_code == 422
    assert owner.get("/stock-places?next=zzz").status_code == 422
    told = owner.told("/expiring-batches?limit=1")
    expired = TODAY - timedelta(days=3) - localdate()  # the API counts by the clock
    assert told["rows"][0]["days_to_expiry"] == expired.days
    assert told["rows"][0]["value"] == "28.00"
    assert told["totals"] == {"rows": 2, "expired": 1, "quantity": "27", "value": "228.00"}
    assert owner.told(f"/expiring-batches?next={told['next']}")["rows"][0]["batch_no"] == "L1"
    assert owner.get("/expiring-batches?within=-1").status_code == 422
    hidden = keeper.told("/expiring-batches")
    assert hidden["rows"][0]["value"] is None
    assert hidden["totals"]["value"] is None
