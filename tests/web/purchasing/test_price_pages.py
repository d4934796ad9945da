"""供应商价格表 as pages and API show it."""

from decimal import Decimal

import pytest

from hengcang.books.models import Book
from hengcang.kernel.actor import SYSTEM
from hengcang.purchasing.actions.prices import save_supplier_prices
from hengcang.purchasing.models import SupplierPrice
from tests.api.clients import api_as
from tests.api.rows import nothing_written
from tests.conftest import BookClient
from tests.purchasing.test_prices import listed
from tests.web.conftest import Login
from tests.web.documents.forms import form, htmx, saved
from tests.web.documents.forms import line as form_line
from tests.worlds import World, world

D = Decimal


@pytest.fixture
def made(book: Book) -> World:
    return world()


def test_prices_are_pasted_from_a_sheet(web: BookClient, made: World, login: Login) -> None:
    login("BUYER")
    head = {"partner": str(made.supplier.pk), "partner_typed": "", "includes_tax": "1"}
    sheet = "商品编码\t单价\t起始数量\nS001\t9.5\t\t个\t10\t5\t7\t2026-11-01\t\nS002\t3\t100\n"
    answer = htmx(web, "/purchasing/prices/paste", head | {"rows": sheet})
    assert answer.headers["HX-Redirect"].endswith("/purchasing/prices/")
    assert sorted(SupplierPrice.objects.values_list("price", "moq", "min_quantity")) == [
        (D(3), None, D(100)),
        (D("9.5"), D(10), D(0)),
    ]
    page = web.get(f"/purchasing/prices/?item={made.items[0].pk}").content.decode()
    assert "9.50" in page
    assert "商品2" not in page
    with nothing_written():
        answer = htmx(web, "/purchasing/prices/paste", head | {"rows": "S001\t1\nS009\t1\nS001,x"})
    assert answer.status_code == 422
    told = answer.content.decode()
    assert "第 2 行" in told
    assert "第 3 行" in told


def test_one_price_is_kept_as_a_form(web: BookClient, made: World, login: Login) -> None:
    login("BUYER")
    posted = {
        "partner": str(made.supplier.pk),
        "item": "S001",
        "price": "9",
        "includes_tax": "0",
        "valid_from": "2026-11-01",
    }
    with nothing_written():
        wrong = htmx(web, "/purchasing/prices/new", posted | {"valid_to": "2026-10-01"})
    assert "早于起始日期" in wrong.content.decode()
    assert htmx(web, "/purchasing/prices/new", posted).headers["HX-Redirect"]
    row = SupplierPrice.objects.get()
    assert (row.includes_tax, row.price) == (False, D(9))
    assert 'value="S001"' in web.get(f"/purchasing/prices/{row.pk}").content.decode()
    htmx(web, f"/purchasing/prices/{row.pk}/remove", {})
    assert not SupplierPrice.objects.exists()
    login("STOREKEEPER")
    assert web.get("/purchasing/prices/").status_code == 403
    assert web.post("/purchasing/prices/new", posted).status_code == 403


def test_the_reason_stands_beside_the_line_and_at_the_suggestion(
    web: BookClient, made: World, login: Login
) -> None:
    save_supplier_prices([listed(made, "8", moq=D(24))], actor=SYSTEM)
    login("BUYER")
    pk = saved(
        web, "/purchase-orders/new", form(made, "purchase-orders", form_line(made, "5", "8.5"))
    )
    assert "8 价格表；低于起订量 24，可订 24" in web.get(f"/purchase-orders/{pk}").content.decode()
    found = web.get(f"/suggest/items/purchase-orders?q=S001&partner={made.supplier.pk}")
    assert "8 价格表" in found.content.decode()
    login("STOREKEEPER")
    hidden = web.get(f"/suggest/items/purchase-orders?q=S001&partner={made.supplier.pk}")
    assert "价格表" not in hidden.content.decode()


def test_programs_keep_the_list(book: Book, made: World) -> None:
    owner, stranger = api_as(book.code, "OWNER"), api_as(book.code)
    row = {
        "partner_id": made.supplier.pk,
        "item_id": made.items[0].pk,
        "price": "9.5",
        "valid_from": "2026-11-01",
    }
    answer = owner.put("/supplier-prices", {"rows": [row]})
    assert answer.status_code == 200, answer.content.decode()
    assert answer.json()[0]["price"] == "9.5"
    assert owner.told("/supplier-prices?on=2026-10-01")["rows"] == []
    (found,) = owner.told("/supplier-prices?on=2026-11-01")["rows"]
    with nothing_written():
        wrong = owner.put("/supplier-prices", {"rows": [row, row | {"price": 1.5e3}]})
        assert wrong.status_code == 422
        assert stranger.get("/supplier-prices").status_code == 403
    assert owner.post(f"/supplier-prices/{found['id']}/remove", {}).status_code == 200
