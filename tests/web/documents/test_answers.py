"""Small answers for the grid, and what hostile addresses get."""

import json
from typing import Any

import pytest

from hengcang.catalog.actions import save_item
from hengcang.catalog.drafts import ItemDraft, UomDraft
from hengcang.kernel.actor import SYSTEM
from tests.conftest import BookClient
from tests.web.conftest import Login
from tests.web.documents.test_permissions import bought, delivered
from tests.worlds import world


def resolve(web: BookClient, body: Any, query: str = "") -> Any:
    data = body if isinstance(body, str) else json.dumps(body)
    return web.post(f"/resolve/sales-orders{query}", data, content_type="application/json")


def test_codes_and_barcodes_resolve_in_order(web: BookClient, login: Login) -> None:
    made = world()
    crate = UomDraft("箱", 24, barcodes=("16901234567892",))
    water = ItemDraft("YL1", "矿泉水", "瓶", barcodes=("6901234567892",), uoms=(crate,))
    item = save_item(water, actor=SYSTEM)
    login()
    codes = ["16901234567892", "nobody", "s001", "6901234567892", "yl1"]
    answers = resolve(web, {"codes": codes}).json()["items"]
    names = [answer and answer["name"] for answer in answers]
    assert names == ["矿泉水", None, made.items[0].name, "矿泉水", "矿泉水"]
    crate_id = str(item.uoms.get(uom__name="箱").pk)
    assert answers[0]["uom"] == crate_id
    assert answers[3]["uom"] != crate_id
    scanned = web.get("/scan/sales-orders?code=16901234567892").json()
    assert scanned["uom"] == crate_id


def test_a_suggestion_knows_stock_and_last_price(web: BookClient, login: Login) -> None:
    made = world()
    bought(made)
    delivered(made)
    login()
    query = f"q=S001&warehouse={made.warehouses[0].pk}&partner={made.customer.pk}"
    page = web.get(f"/suggest/items/sales-orders?{query}").content.decode()
    assert 'data-available="96"' in page
    assert 'data-last="20"' in page
    assert "data-exact" in page


def test_peeks(web: BookClient, login: Login) -> None:
    made = world()
    bought(made)
    delivered(made)
    login()
    item = made.items[0].pk
    assert "96" in web.get(f"/peek/stock?item={item}").content.decode()
    assert "20" in web.get(f"/peek/prices/sales-orders?item={item}").content.decode()
    query = f"item={item}&partner={made.customer.pk}"
    own = web.get(f"/peek/prices/sales-orders?{query}").content.decode()
    assert "本单位最近 10 次" in own
    assert "<summary>商品1 所有单位最近 10 次" in own
    assert "7.77" in web.get(f"/peek/prices/purchase-orders?item={item}").content.decode()
    side = web.get(f"/side/sales-orders?partner={made.customer.pk}").content.decode()
    assert "应收余额" in side
    assert "80.00" in side


HOSTILE = [
    ("/suggest/items/sales-orders?q=%00", 200),
    ("/suggest/items/sales-orders?q=%25_%5C'&warehouse=x&partner=1e9", 200),
    ("/suggest/partners?q=%00&role=boss", 200),
    ("/scan/sales-orders?code=%00", 404),
    ("/peek/stock?item=x", 404),
    ("/peek/prices/sales-orders?item=99999999999999999999", 404),
    ("/side/sales-orders?partner=abc", 200),
    ("/sales-orders/99999999999999999999", 404),
    ("/sales-orders/1/impact/explode", 404),
    ("/sales-orders/new?from=1", 404),
    ("/sales-deliveries/new?from=999999", 404),
    ("/sales-orders/new?partner=999999", 404),
    ("/sales-orders/?q=%00&after=0000-00-00.1&partner=x&warehouse=x", 200),
    ("/sales-orders/?partner=999999", 404),
    ("/palette?q=%00", 200),
    ("/nothing", 404),
]


@pytest.mark.parametrize(("path", "status"), HOSTILE)
def test_no_address_is_an_error_of_ours(
    web: BookClient, login: Login, path: str, status: int
) -> None:
    world()
    login()
    assert web.get(path).status_code == status


@pytest.mark.parametrize("body", ["", "{", "[]", '{"codes": 1}', '{"codes": [null, {"a": 1}]}'])
def test_no_body_is_an_error_of_ours(web: BookClient, login: Login, body: str) -> None:
    world()
    login()
    assert resolve(web, body).status_code in (200, 400)
