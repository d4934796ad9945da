"""质检 on the page: the list of what waits, the inspection filled in, and what is wrong is said."""

import pytest

from hengcang.catalog.models import Item
from hengcang.register.verify import verify_books
from tests.conftest import BookClient
from tests.documents.trade import received
from tests.purchasing.inspected import came_unseen, to_inspect
from tests.stock.adjusted import by_status
from tests.web.conftest import Login
from tests.web.documents.forms import cell_error, form, htmx, line, saved, source_id, told
from tests.worlds import World, world


@pytest.fixture
def shop(web: BookClient, login: Login) -> World:
    made = world()
    to_inspect(made)
    login()
    return made


def test_it_waits_in_the_list_and_is_inspected_from_its_receipt(
    web: BookClient, shop: World
) -> None:
    assert "没有待检的商品" in web.get("/to-inspect/").content.decode()
    receipt = came_unseen(shop, "10")
    path = f"/quality-inspections/new?from={receipt.pk}"
    assert path in web.get(f"/purchase-receipts/{receipt.pk}").content.decode()
    assert path in web.get("/to-inspect/").content.decode()
    assert 'value="10"' in web.get(path).content.decode()
    typed = line(shop, "6", "") | {"source": source_id(web, path), "rejected": "2"}
    posted = form(shop, "stock", typed, why="", verb="post")
    answer = htmx(web, "/quality-inspections/new", posted)
    assert "不合格的原因" in cell_error(answer, 0, "reject_cause")
    posted["lines-0-reject_cause"] = "划伤"
    made = saved(web, "/quality-inspections/new", posted)
    assert by_status(shop) == {"qc": 4, "good": 4, "defect": 2}
    page = web.get(f"/quality-inspections/{made}").content.decode()
    assert "划伤" in page
    assert str(receipt.number) in page
    back = web.get(f"/purchase-returns/new?from={receipt.pk}").content.decode()
    assert 'value="不良"' in back
    much = form(shop, "stock", typed | {"quantity": "7", "rejected": ""}, why="", verb="post")
    answer = htmx(web, "/quality-inspections/new", much)
    assert (answer.status_code, "还有 4 待检" in told(answer)) == (409, True)
    assert verify_books() == []


def test_a_receipt_of_other_goods_offers_no_inspection(web: BookClient, shop: World) -> None:
    receipt = received(shop, "3", "2", item=1)
    page = web.get(f"/purchase-receipts/{receipt.pk}").content.decode()
    assert f"quality-inspections/new?from={receipt.pk}" not in page
    answer = web.get(f"/quality-inspections/new?from={receipt.pk}")
    assert "没有待检的商品" in answer.content.decode()


def test_the_item_says_that_it_needs_inspection(web: BookClient, shop: World) -> None:
    path = f"/items/{shop.items[0].pk}"
    assert "不可销售的库存" not in web.get(path).content.decode()
    came_unseen(shop, "10")
    page = web.get(path).content.decode()
    assert "需质检" in page
    assert "不可销售的库存" in page
    assert "3" in page  # the unit cost counts what cannot be sold yet
    assert "另有待检、不良或冻结 10" in web.get("/stock/").content.decode()
    assert Item.objects.filter(needs_inspection=True).count() == 1


def test_who_may_not_does_not(web: BookClient, shop: World, login: Login) -> None:
    came_unseen(shop, "10")
    login("SALES")
    assert web.get("/to-inspect/").status_code == 403
    assert web.get("/quality-inspections/").status_code == 403
    login("STOREKEEPER", warehouse_ids=[shop.warehouses[1].pk])
    assert "没有待检的商品" in web.get("/to-inspect/").content.decode()
