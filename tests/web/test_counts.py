"""The pages of a count: scan, step, upload, review, post."""

import re
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from hengcang.register.verify import verify_books
from hengcang.stock.models import CountPlan, CountRules, StockCount, StockTally
from tests.conftest import BookClient
from tests.stock.counted import received
from tests.web.conftest import Login
from tests.worlds import TODAY, World, world


@pytest.fixture
def made(book) -> World:
    company = world()
    received(company, "13", cost="7.31")
    return company


def press(web: BookClient, count: StockCount, verb: str, **more: object):
    count.refresh_from_db()
    fields = {"verb": verb, "version": count.version, "intent": str(uuid4()), **more}
    return web.post(f"/stock-counts/{count.pk}", fields)


def counting(web: BookClient, made: World) -> Any:
    answer = web.post(
        "/stock-counts/new",
        {
            "warehouse": made.warehouses[0].pk,
            "dated": str(TODAY),
            "scope": "all",
            "intent": str(uuid4()),
        },
    )
    assert answer.status_code == 302, answer.content.decode()
    return StockCount.objects.get()


def record(web: BookClient, count: StockCount, **fields: object):
    return web.post(f"/stock-counts/{count.pk}/record", {"intent": str(uuid4()), **fields})


def test_scan_step_review_and_post(web: BookClient, login: Login, made: World) -> None:
    login()
    count = counting(web, made)
    for _ in range(2):
        assert record(web, count, code="s001", step="scan", zone="A 区").status_code == 302
    item = made.items[0].pk
    record(web, count, item=item, step="10", zone="A 区")
    record(web, count, item=item, step="-1", zone="A 区")
    page = web.get(f"/stock-counts/{count.pk}?item={item}&zone=A 区").content.decode()
    assert 'name="quantity" value="11"' in page
    record(web, count, item=item, step="set", quantity="12", zone="A 区")
    assert press(web, count, "submit").status_code == 302
    page = web.get(f"/stock-counts/{count.pk}").content.decode()
    assert "-7.31" in page
    answer = press(web, count, "explain", row=f"1~{item}", **{"cause-1": "破损"})
    assert answer.status_code == 302
    press(web, count, "recount", recount=1)
    count.refresh_from_db()
    assert count.status == "counting"
    record(web, count, item=item, step="set", quantity="12")
    press(web, count, "submit")
    assert press(web, count, "post").status_code == 302
    count.refresh_from_db()
    assert count.status == "posted"
    assert "破损" in web.get(f"/stock-counts/{count.pk}").content.decode()
    assert press(web, count, "reverse", reason="盘错").status_code == 302
    assert verify_books() == []


def test_a_wrong_sheet_names_every_line_and_writes_nothing(
    web: BookClient, login: Login, made: World
) -> None:
    login()
    count = counting(web, made)
    sheet = {"intent": str(uuid4()), "text": "S001\t1\nNOPE\t1\nS001\tx"}
    answer = web.post(f"/stock-counts/{count.pk}/sheet", sheet)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "第 2 行" in page
    assert "第 3 行" in page
    assert not StockTally.objects.exists()
    sheet = {"intent": str(uuid4()), "text": "S001\t13"}
    assert web.post(f"/stock-counts/{count.pk}/sheet", sheet).status_code == 302


def test_bad_input_writes_nothing(web: BookClient, login: Login, made: World) -> None:
    login()
    count = counting(web, made)
    for fields in (
        {"code": "NOPE", "step": "scan"},
        {"code": "", "step": "scan"},
        {"item": made.items[0].pk, "step": "1e5"},
        {"item": made.items[0].pk, "step": "set", "quantity": "-1"},
        {"item": made.items[0].pk, "step": "-1"},
        {"item": 999999, "step": "1"},
        {"item": made.items[0].pk, "step": "1", "zone": "长" * 41},
        {"item": made.items[0].pk, "step": "unit-99999"},
    ):
        answer = record(web, count, **fields)
        assert answer.status_code in {404, 422}, (fields, answer.status_code)
    assert press(web, count, "fly").status_code == 404
    assert press(web, count, "post").status_code == 409
    assert not StockTally.objects.exists()


def test_a_storekeeper_counts_blind(web: BookClient, login: Login, made: World) -> None:
    login()
    count = counting(web, made)
    login("STOREKEEPER")
    record(web, count, code="S001", step="scan")
    page = web.get(f"/stock-counts/{count.pk}").content.decode()
    assert "盲盘" in page
    assert "账面" not in page
    press(web, count, "submit")
    assert press(web, count, "post").status_code == 403
    assert "账面" not in web.get(f"/stock-counts/{count.pk}").content.decode()


def test_rules_are_for_who_may_set_them(web: BookClient, login: Login, made: World) -> None:
    login("STOREKEEPER")
    assert web.get("/stock-counts/rules").status_code == 403
    login()
    assert web.post("/stock-counts/rules", {"quantity": "5", "value": ""}).status_code == 302
    assert CountRules.objects.get().cause_above_quantity == Decimal(5)
    assert web.post("/stock-counts/rules", {"quantity": "abc"}).status_code == 422


def test_the_list_leads_to_the_page(web: BookClient, login: Login, made: World) -> None:
    login()
    count = counting(web, made)
    page = web.get("/stock-counts/").content.decode()
    assert re.search(rf'href="[^"]*/stock-counts/{count.pk}"', page)
    assert "盘点中" in page


def test_a_plan_makes_the_days_count(web: BookClient, login: Login, made: World) -> None:
    login()
    form = {"warehouse": made.warehouses[0].pk, "a_days": "30", "b_days": "90", "c_days": "180"}
    form |= {"a_percent": "80", "b_percent": "95", "most_a_day": "50", "is_active": "1"}
    assert web.post("/stock-counts/plans/save", form | {"b_percent": "x"}).status_code == 422
    assert web.post("/stock-counts/plans/save", form | {"a_percent": "96"}).status_code == 422
    assert not CountPlan.objects.exists()
    assert web.post("/stock-counts/plans/save", form).status_code == 302
    assert "到期未盘" in web.get("/stock-counts/plans").content.decode()
    plan = CountPlan.objects.get()
    for _ in range(2):
        answer = web.post(f"/stock-counts/plans/{plan.pk}/due")
        assert answer.status_code == 302
    assert StockCount.objects.count() == 1
    login("STOREKEEPER")
    assert web.get("/stock-counts/plans/save").status_code == 403
