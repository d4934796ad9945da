"""Stock, ledger, money, months, the log and the check: what the pages say agrees with the books."""

import re
from datetime import date

import pytest
from django.db import connection

from hengcang.books.models import Book
from hengcang.identity.models import ApiKey, Role, User
from hengcang.kernel.actor import SYSTEM
from hengcang.ledger.models import Period, Verification
from hengcang.purchasing.actions import receipts as purchase_receipts
from hengcang.sales.actions import deliveries
from tests.conftest import BookClient
from tests.web.conftest import Login
from tests.worlds import World, draft, line, target, world

SEPTEMBER, OCTOBER = date(2026, 9, 10), date(2026, 10, 20)


@pytest.fixture
def traded(book: Book) -> World:
    """Bought 40 in September into W1 and 10 into W2; sold 7 of W1 in October."""
    made = world()
    item, (first, second) = made.items[0], made.warehouses
    for place, quantity in ((first, "40"), (second, "10")):
        bought = draft(place, [line(item, quantity, "10")], SEPTEMBER, made.supplier)
        purchase_receipts.post_receipt(
            target(purchase_receipts.save_receipt(bought, actor=SYSTEM)), actor=SYSTEM
        )
    sold = draft(first, [line(item, "7", "20")], OCTOBER, made.customer)
    deliveries.post_delivery(target(deliveries.save_delivery(sold, actor=SYSTEM)), actor=SYSTEM)
    return made


def text(web: BookClient, path: str) -> str:
    """The page without its tags, blanks squeezed."""
    page = web.get(path).content.decode()
    return " ".join(re.sub(r"<[^>]*>", " ", page).split())


def test_stock_is_summed_over_the_filter(web: BookClient, traded: World, login: Login) -> None:
    login("OWNER")
    said = text(web, "/stock/")
    assert "共 2 行 实存 43 占用 0 可用 43 在途 0 库存金额 ¥430.00" in said
    one = text(web, f"/stock/?warehouse={traded.warehouses[1].pk}")
    assert "共 1 行 实存 10" in one


def test_stock_of_a_past_day(web: BookClient, traded: World, login: Login) -> None:
    login("OWNER")
    assert "2026-09-30 当天结束时" in text(web, "/stock/?on=2026-09-30")
    assert "结存数量 50 库存金额 ¥500.00" in text(web, "/stock/?on=2026-09-30")
    assert "结存数量 43 库存金额 ¥430.00" in text(web, "/stock/?on=2026-10-31")
    assert "当天没有库存" in text(web, "/stock/?on=2026-09-09")


def test_only_the_own_warehouses_are_shown(web: BookClient, traded: World, login: Login) -> None:
    own, other = traded.warehouses[1], traded.warehouses[0]
    login("STOREKEEPER", warehouse_ids=[own.pk])
    said = text(web, "/stock/")
    assert "实存 10" in said
    assert other.name not in said
    item = traded.items[0].pk
    assert other.name not in text(web, f"/items/{item}")
    assert web.get(f"/stock/ledger?item={item}&warehouse={other.pk}").status_code == 404
    assert "期初 0" in text(web, f"/stock/ledger?item={item}&from=2026-09-01")
    assert web.get(f"/warehouses/{other.pk}").status_code in (403, 404)


def test_the_ledger_runs_and_agrees(web: BookClient, traded: World, login: Login) -> None:
    login("OWNER")
    item, place = traded.items[0].pk, traded.warehouses[0].pk
    said = text(web, f"/stock/ledger?item={item}&from=2026-10-01&to=2026-10-31")
    assert "期初 50 500.00" in said
    assert "XSCK202610-0001 嘉兴鼎盛超市 7 70.00 43 10.00 430.00" in said
    assert "本期合计 0 0.00 7 70.00 43 430.00" in said
    assert "与实时库存一致" in said
    one = text(web, f"/stock/ledger?item={item}&warehouse={place}&from=2026-10-01")
    assert "期初 40" in one
    assert "选“全部仓库”看结存金额" in one  # a company-wide average has no balance by warehouse


def test_a_ledger_that_does_not_add_up_says_so(
    web: BookClient, traded: World, login: Login
) -> None:
    login("OWNER")
    item = traded.items[0].pk
    with connection.cursor() as cursor:
        cursor.execute("UPDATE ledger_stockbalance SET quantity = quantity + 1")
    assert "与实时库存不一致" in text(web, f"/stock/ledger?item={item}")


def test_the_ledger_goes_on_over_pages(web: BookClient, traded: World, login: Login) -> None:
    login("OWNER")
    item, place = traded.items[1], traded.warehouses[0]
    for _ in range(53):
        bought = draft(place, [line(item, "1", "10")], partner=traded.supplier)
        saved = purchase_receipts.save_receipt(bought, actor=SYSTEM)
        purchase_receipts.post_receipt(target(saved), actor=SYSTEM)
    page = web.get(f"/stock/ledger?item={item.pk}").content.decode()
    assert page.count("data-row") == 50
    following = page.partition('rel="next"')[0].rpartition('href="')[2].partition('"')[0]
    rest = web.get(following.replace("&amp;", "&")).content.decode()
    assert rest.count("data-row") == 3
    assert "53" in rest
    money = web.get(f"/money/{traded.supplier.pk}").content.decode()
    older = money.partition("?before=")[2].partition('"')[0]
    rest = web.get(f"/money/{traded.supplier.pk}?before={older}").content.decode()
    assert (money.count("CGRK"), rest.count("CGRK")) == (50, 5)


def test_money_is_told_with_every_document(web: BookClient, traded: World, login: Login) -> None:
    login("ACCOUNTANT")
    assert "应收合计 140.00 应付合计 500.00" in text(web, "/money/")
    said = text(web, f"/money/{traded.customer.pk}")
    assert "XSCK202610-0001 销售出库单 2026-10-20 2026-11-19 140.00 140.00" in said
    login("SALES_LEAD")
    said = text(web, "/money/")
    assert "应收合计 140.00" in said
    assert "应付余额" not in said
    assert "应付合计" not in said
    login("STOREKEEPER")
    assert web.get("/money/").status_code == 403


def test_months_close_in_order_and_reopen_with_a_reason(
    web: BookClient, traded: World, login: Login
) -> None:
    login("OWNER")
    assert web.post("/periods/2026-09/close").status_code == 302
    assert Period.objects.get(month=date(2026, 9, 1)).closed_at is not None
    assert "陈晓雯" in text(web, "/periods/")
    early = web.post("/periods/2026-11/close")
    assert early.status_code == 422
    assert "还没有结束" in early.content.decode()
    silent = web.post("/periods/2026-09/reopen", {"reason": " "})
    assert silent.status_code == 422
    assert "请填写原因" in silent.content.decode()
    assert web.post("/periods/2026-09/reopen", {"reason": "补录一张入库单"}).status_code == 302
    assert "原因：补录一张入库单" in text(web, "/audit/")
    assert web.get("/periods/2026-13/close").status_code == 200
    assert web.post("/periods/2026-13/close").status_code == 422


def test_the_check_can_be_run_now(web: BookClient, traded: World, login: Login) -> None:
    login("AUDIT_ADMIN")
    response = web.post("/integrity/verify")
    assert response["Location"].endswith("/integrity/")
    assert Verification.objects.get().differences == 0
    said = text(web, "/integrity/")
    assert "自检完成：0 处差异" in said
    with connection.cursor() as cursor:
        cursor.execute("UPDATE ledger_stockbalance SET quantity = quantity + 1")
    web.post("/integrity/verify")
    assert "库存余额 = 流水合计" in text(web, "/integrity/")
    login("STOREKEEPER")
    assert web.post("/integrity/verify").status_code == 403


def test_users_roles_and_keys(web: BookClient, traded: World, login: Login) -> None:
    owner = login("OWNER")
    place = traded.warehouses[0].pk
    filled = {"username": "litao", "name": "李涛", "password": "hong-shao-rou-88"}
    ticked = {"role-OWNER": "1", f"place-{place}": "1"}
    assert web.post("/users/new", filled | ticked).status_code == 302
    made = User.objects.get(username="litao")
    assert (made.warehouse_ids, made.must_change_password) == ([place], True)
    twice = web.post("/users/new", filled)
    assert twice.status_code == 422
    assert "已被使用" in twice.content.decode()
    off = {"name": "李涛", "everywhere": "1"}
    assert web.post(f"/users/{made.pk}", off).status_code == 302
    made.refresh_from_db()
    assert (made.is_active, made.warehouse_ids) == (False, None)
    own = web.post(f"/users/{owner.pk}", {"name": "我", "role-OWNER": "1"})
    assert own.status_code == 422
    assert "不能停用自己" in own.content.decode()


def test_a_right_taken_away_is_gone_at_the_next_click(
    web: BookClient, traded: World, login: Login
) -> None:
    keeper = login("STOREKEEPER")
    role = Role.objects.get(code="STOREKEEPER")
    login("OWNER")
    assert web.post(f"/roles/{role.pk}", {"may-stock.view": "1"}).status_code == 302
    role.refresh_from_db()
    assert (role.permissions, role.field_classes) == (["stock.view"], [])
    web.force_login(keeper, backend="django.contrib.auth.backends.ModelBackend")
    assert web.get("/items/").status_code == 403


def test_a_secret_is_shown_once(web: BookClient, traded: World, login: Login) -> None:
    user = login("OWNER")
    filled = {"name": "网店接单", "user": str(user.pk), "expires_on": "2027-11-24"}
    page = web.post("/api-keys/new", filled).content.decode()
    key = ApiKey.objects.get()
    secret = page.partition('value="')[2].partition('"')[0]
    assert secret.startswith(f"hc_{web.code}_{key.pk}_")
    assert secret not in web.get("/api-keys/").content.decode()
    assert "网店接单" in web.get("/api-keys/").content.decode()
    web.post(f"/api-keys/{key.pk}/revoke")
    assert (
        "网店接单"
        not in web.get("/api-keys/").content.decode().partition("<main")[2].partition("<tbody")[2]
    )
    bad = web.post("/api-keys/new", {"name": "", "user": "x", "expires_on": "明天"})
    assert bad.status_code == 422
