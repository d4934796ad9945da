"""Every page of master data, stock, money and settings: it opens, and cheaply."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hengcang.identity.models import Role
from hengcang.kernel.actor import SYSTEM
from hengcang.purchasing.actions import receipts as purchase_receipts
from hengcang.sales.actions import deliveries
from tests.conftest import BookClient
from tests.web.conftest import Login
from tests.worlds import World, draft, line, target, world

MOST_QUERIES = 12


@pytest.fixture
def traded(book: object) -> World:
    """A world where goods came in and went out."""
    made = world()
    first, second = made.items
    place = made.warehouses[0]
    bought = draft(place, [line(first, "40", "10"), line(second, "5", "3")], partner=made.supplier)
    purchase_receipts.post_receipt(
        target(purchase_receipts.save_receipt(bought, actor=SYSTEM)), actor=SYSTEM
    )
    sold = draft(place, [line(first, "7", "20")], partner=made.customer)
    deliveries.post_delivery(target(deliveries.save_delivery(sold, actor=SYSTEM)), actor=SYSTEM)
    return made


def pages(made: World) -> dict[str, str]:
    item, place = made.items[0].pk, made.warehouses[0].pk
    return {
        "/items/": "商品1",
        "/items/?q=s001&state=all&category=x": "没有符合条件的商品",
        "/items/?after=S001": "商品2",
        "/items/new": "新建商品",
        f"/items/{item}": "各仓库存",
        f"/items/{item}/change": "修改商品",
        f"/items/{item}/disable": "停用 商品1",
        f"/items/{item}/enable": "启用 商品1",
        "/items/options?q=S001": "商品1",
        f"/items/new?copy={item}": "商品1",
        "/items/families/": "还没有多规格款",
        "/items/families/new": "生成商品",
        "/customers/": "嘉兴鼎盛超市",
        "/customers/new": "新建往来单位",
        f"/customers/{made.customer.pk}": "应收余额",
        f"/customers/{made.customer.pk}/change": "修改往来单位",
        f"/customers/{made.customer.pk}/disable": "停用",
        "/suppliers/": "杭州文具批发",
        f"/suppliers/{made.supplier.pk}": "应付余额",
        "/partners/options?role=customer": "嘉兴鼎盛超市",
        "/warehouses/": "1号仓",
        "/warehouses/new": "新建仓库",
        f"/warehouses/{place}": "修改仓库",
        "/stock/": "库存金额",
        f"/stock/?warehouse={place}&zero=1": "33",
        "/stock/?on=2026-10-31": "当天没有库存",
        "/stock/?on=昨天": "不是有效日期",
        "/stock/ledger": "请先选一个商品",
        f"/stock/ledger?item={item}": "与实时库存一致",
        f"/stock/ledger?item={item}&warehouse={place}&from=2026-09-01&to=2026-11-24": "CGRK",
        "/money/": "140.00",
        f"/money/{made.customer.pk}": "应收明细",
        "/periods/": "结账 2026-09",
        "/periods/2026-09/close": "结账后",
        "/periods/2026-09/reopen": "原因",
        "/audit/": "审计日志",
        "/audit/?kind=sales_delivery&q=XSCK": "销售出库单",
        "/users/": "陈晓雯",
        "/users/new": "初始密码",
        "/roles/": "角色与权限",
        "/api-keys/": "还没有密钥",
        "/api-keys/new": "签发密钥",
        "/integrity/": "最近的自检",
        "/integrity/verify": "开始自检",
        "/password": "修改密码",
    }


def test_every_page_opens_with_few_queries(traded: World, web: BookClient, login: Login) -> None:
    user = login("OWNER")
    expected = pages(traded) | {
        f"/users/{user.pk}": "修改用户",
        f"/roles/{Role.objects.get(code='OWNER').pk}": "老板的权限",
    }
    costly = {}
    for path, text in expected.items():
        with CaptureQueriesContext(
            connection,
        ) as queries:
            response = web.get(path)
        assert response.status_code == 200, (
            path,
            response.status_code,
            response.content.decode()[:500],
        )
        assert text in response.content.decode(), (path, text)
        if len(queries) > MOST_QUERIES:
            costly[path] = [len(queries), *(q["sql"][:200] for q in queries)]
    assert not costly, costly
