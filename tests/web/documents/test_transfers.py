"""Transfers on the page: ship, receive in parts, close a shortage, and what is wrong is said."""

import pytest

from hengcang.stock.models import StockTransfer, TransferReceipt
from tests.conftest import BookClient
from tests.documents.trade import received
from tests.stock.moving import in_transit, shipped, status_of, there
from tests.web.conftest import Login
from tests.web.documents.forms import field_error, form, htmx, line, saved, source_id, told
from tests.worlds import World, world


@pytest.fixture
def shop(web: BookClient, login: Login) -> World:
    made = world(warehouses=3)
    received(made, "10", "3")
    login()
    return made


def sending(made: World, verb: str, **more: str) -> dict[str, str]:
    ends = {"to_warehouse": str(made.warehouses[1].pk)}
    return form(made, "stock", line(made, "4", ""), **ends, verb=verb, **more)


def test_a_transfer_is_typed_shipped_and_received(web: BookClient, shop: World) -> None:
    made = saved(web, "/stock-transfers/new", sending(shop, "ship"))
    page = web.get(f"/stock-transfers/{made}").content.decode()
    assert "在途" in page
    assert f"/transfer-receipts/new?from={made}" in page
    path = f"/transfer-receipts/new?from={made}"
    source = source_id(web, path)
    part = line(shop, "3", "") | {"source": source}
    there_now = {"warehouse": str(shop.warehouses[1].pk), "why": ""}
    saved(web, "/transfer-receipts/new", form(shop, "stock", part, **there_now, verb="post"))
    transfer = StockTransfer.objects.get()
    assert (transfer.status, there(shop, 1)) == ("partial", (3, 1))
    assert "部分到货" in web.get("/stock-transfers/").content.decode()
    lost = line(shop, "1", "") | {"source": source}
    loss = there_now | {"outcome": "lost", "why": "摔碎"}
    answer = htmx(web, "/transfer-receipts/new", form(shop, "stock", lost, **loss, verb="post"))
    assert answer.status_code == 422
    assert "责任方" in field_error(answer, "responsible")
    loss |= {"responsible": "顺达物流"}
    done = saved(web, "/transfer-receipts/new", form(shop, "stock", lost, **loss, verb="post"))
    assert "在途损耗" in web.get(f"/transfer-receipts/{done}").content.decode()
    assert (status_of(transfer), in_transit(shop)) == ("closed", 0)


def test_one_button_ships_and_receives(web: BookClient, shop: World) -> None:
    saved(web, "/stock-transfers/new", sending(shop, "move"))
    assert StockTransfer.objects.get().status == "closed"
    assert there(shop, 1) == (4, 0)


def test_what_is_wrong_is_said_and_nothing_is_written(web: BookClient, shop: World) -> None:
    for ends, words in (("", "请填写调入仓库"), (str(shop.warehouses[0].pk), "请换一个调入仓库")):
        posted = sending(shop, "save") | {"to_warehouse": ends}
        answer = htmx(web, "/stock-transfers/new", posted)
        assert answer.status_code == 422
        assert words in field_error(answer, "to_warehouse")
    many = form(shop, "stock", line(shop, "11", ""), verb="ship")
    many["to_warehouse"] = str(shop.warehouses[1].pk)
    assert "可用 10" in told(htmx(web, "/stock-transfers/new", many))
    transfer = shipped(shop, "4")
    late = line(shop, "9", "") | {"source": str(transfer.lines.get().pk)}
    posted = form(shop, "stock", late, warehouse=str(shop.warehouses[1].pk), verb="post")
    answer = htmx(web, "/transfer-receipts/new", posted)
    assert answer.status_code == 409
    assert "在途还有 4" in answer.content.decode()
    assert (StockTransfer.objects.count(), TransferReceipt.objects.count()) == (1, 0)


def test_the_keeper_of_the_other_end_sees_it_and_its_goods_on_the_way(
    web: BookClient, shop: World, login: Login
) -> None:
    transfer = shipped(shop, "4")
    login("STOREKEEPER", warehouse_ids=[shop.warehouses[1].pk])
    assert "调拨单在途 1 张" in web.get("/").content.decode()
    assert str(transfer.number) in web.get("/stock-transfers/").content.decode()
    assert web.get(f"/stock-transfers/{transfer.pk}").status_code == 200
    login("STOREKEEPER", warehouse_ids=[shop.warehouses[2].pk])
    assert web.get(f"/stock-transfers/{transfer.pk}").status_code == 404
