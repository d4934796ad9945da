"""报损单, 报溢单 and 状态调整单 on the page: typed, posted, and what is wrong is said."""

import pytest

from hengcang.catalog.models import ItemUom, Uom
from hengcang.ledger.models import CostBalance
from hengcang.register.verify import verify_books
from hengcang.stock.models import Overage, Scrap, StatusChange
from tests.conftest import BookClient
from tests.documents.trade import received, sold
from tests.stock.adjusted import by_status, changed
from tests.web.conftest import Login
from tests.web.documents.forms import cell_error, field_error, form, htmx, line, saved, told
from tests.worlds import World, world


@pytest.fixture
def shop(web: BookClient, login: Login) -> World:
    made = world()
    received(made, "10", "3")
    login()
    return made


def test_goods_are_frozen_and_their_page_says_so(web: BookClient, shop: World) -> None:
    page = web.get("/status-changes/new").content.decode()
    assert "调整为" in page
    typed = line(shop, "4", "") | {"to_status": "冻结"}
    made = saved(web, "/status-changes/new", form(shop, "stock", typed, why="待查", verb="post"))
    assert by_status(shop) == {"good": 6, "frozen": 4}
    shown = web.get(f"/status-changes/{made}").content.decode()
    assert "ZTTZ202611-0001" in shown
    assert "冻结" in shown
    copied = web.get(f"/status-changes/new?copy={made}").content.decode()
    assert 'value="冻结"' in copied
    assert "ZTTZ202611-0001" in web.get("/status-changes/").content.decode()


def test_scrap_of_defective_goods(web: BookClient, shop: World) -> None:
    changed(shop, "4", "defect")
    assert "状态" in web.get("/scraps/new").content.decode()
    typed = line(shop, "3", "") | {"stock_status": "不良"}
    made = saved(web, "/scraps/new", form(shop, "stock", typed, why="摔坏", verb="post"))
    assert by_status(shop) == {"good": 6, "defect": 1}
    page = web.get(f"/scraps/{made}").content.decode()
    assert "9.00" in page  # at cost
    assert "不良" in page


def test_an_overage_without_a_cost_comes_in_at_the_average(web: BookClient, shop: World) -> None:
    made = saved(
        web, "/overages/new", form(shop, "stock", line(shop, "2", ""), why="多发", verb="post")
    )
    assert by_status(shop) == {"good": 12}
    assert "6.00" in web.get(f"/overages/{made}").content.decode()


@pytest.mark.parametrize("kind", ["overages", "other-receipts"])
def test_a_cost_is_of_the_unit_it_is_typed_in(web: BookClient, shop: World, kind: str) -> None:
    box = ItemUom.objects.create(
        item=shop.items[1], uom=Uom.objects.create(name="箱"), ratio_num=12
    )
    typed = line(shop, "2", "120", item=1) | {"uom": str(box.pk)}
    made = saved(web, f"/{kind}/new", form(shop, "stock", typed, why="多发", verb="post"))
    held = CostBalance.objects.get(item=shop.items[1])
    assert (held.quantity, held.value) == (24, 240)
    assert "240.00" in web.get(f"/{kind}/{made}").content.decode()


def test_what_is_wrong_is_said_and_nothing_is_written(web: BookClient, shop: World) -> None:
    sold(shop, "7")
    unsaid = form(shop, "stock", line(shop, "4", ""), why="待查", verb="save")
    answer = htmx(web, "/status-changes/new", unsaid)
    assert (answer.status_code, "请填写调整后的状态" in cell_error(answer, 0, "to_status")) == (
        422,
        True,
    )
    odd = form(shop, "stock", line(shop, "4", "") | {"to_status": "丢了"}, why="x", verb="save")
    answer = htmx(web, "/status-changes/new", odd)
    assert "没有库存状态" in cell_error(answer, 0, "to_status")
    much = form(shop, "stock", line(shop, "4", "") | {"to_status": "冻结"}, why="x", verb="post")
    answer = htmx(web, "/status-changes/new", much)
    assert answer.status_code == 409
    assert "可用 3 " in told(answer)
    silent = form(shop, "stock", line(shop, "1", ""), why="", verb="save")
    assert "请填写原因" in field_error(htmx(web, "/scraps/new", silent), "why")
    nothing = form(shop, "stock", line(shop, "1", "", item=1), why="多发", verb="post")
    answer = htmx(web, "/overages/new", nothing)
    assert "成本单价" in cell_error(answer, 0, "price")
    for model in (Scrap, Overage, StatusChange):
        assert not model.objects.exists(), model
    assert verify_books() == []


def test_who_may_not_does_not(web: BookClient, shop: World, login: Login) -> None:
    login("SALES")
    assert web.get("/scraps/").status_code == 403
    answer = htmx(web, "/scraps/new", form(shop, "stock", line(shop, "1", ""), why="x"))
    assert answer.status_code == 403
    login("STOREKEEPER")
    made = saved(web, "/scraps/new", form(shop, "stock", line(shop, "1", ""), why="x"))
    page = web.get(f"/scraps/{made}").content.decode()
    assert "审核过账" not in page
