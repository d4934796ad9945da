"""Bad input through the page: a sentence at its place, the right status, nothing written."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from hengcang.compliance.models import AuditLine
from hengcang.documents.models import Intent
from hengcang.kernel.actor import SYSTEM
from hengcang.ledger.periods import close_period
from hengcang.partners.models import Partner
from hengcang.sales.models import SalesDelivery, SalesOrder
from tests.conftest import BookClient
from tests.web.conftest import Login
from tests.web.documents.forms import cell_error, field_error, form, htmx, line, saved, told
from tests.worlds import GO_LIVE, TODAY, World, world

ORDERS = "/sales-orders/new"
DELIVERIES = "/sales-deliveries/new"


def refused(web: BookClient, path: str, posted: dict[str, str]) -> Any:
    """The answer, after making sure that nothing was written."""
    before = _written()
    answer = htmx(web, path, posted)
    assert answer.status_code >= 400
    assert _written() == before
    return answer


def _written() -> tuple[int, ...]:
    papers = (SalesOrder, SalesDelivery, Intent, AuditLine)
    return tuple(model.objects.count() for model in papers)


CELLS = [
    ("quantity", "NaN", "「NaN」不是有效数字"),
    ("quantity", "１２", "「１２」不是有效数字"),
    ("quantity", "1e5", "「1e5」不是有效数字"),
    ("quantity", "-0", "「-0」不是有效数字"),
    ("quantity", "1,000", "「1,000」不是有效数字"),
    ("quantity", "1.0000001", "小数位过多，最多 6 位"),
    ("quantity", "-3", "数量必须大于 0"),
    ("quantity", "0", "数量必须大于 0"),
    ("quantity", "", "请填写数量"),
    ("quantity", "1" * 13, "过大"),
    ("price", "-1", "金额或单价不能为负"),
    ("price", "1.23456", "小数位过多，最多 4 位"),
    ("price", "Infinity", "不是有效数字"),
    ("discount", "101", "比率应在 0 到 100 之间"),
    ("discount", "abc", "不是有效数字"),
    ("note", "长" * 201, "最多 200 个字"),
    ("note", "a\x00b", "控制字符"),
    ("uom", "999999", "没有这个单位"),
    ("uom", "'; drop table", "没有这个单位"),
]


@pytest.mark.parametrize(("column", "typed", "sentence"), CELLS)
def test_a_bad_cell_is_told_under_the_cell(
    web: BookClient, login: Login, column: str, typed: str, sentence: str
) -> None:
    made = world()
    login()
    good, bad = line(made), line(made, item=1) | {column: typed}
    if not typed:
        bad["price"] = "20"
    answer = refused(web, ORDERS, form(made, "sales", good, bad))
    assert answer.status_code == 422
    assert sentence in cell_error(answer, 1, column)
    assert cell_error(answer, 0, column) == ""
    assert "有 1 行需要修正" in answer.content.decode()


@pytest.mark.parametrize("item", ["", "999999", "abc", "9" * 30])
def test_an_unknown_item_is_told_under_the_item(web: BookClient, login: Login, item: str) -> None:
    made = world()
    login()
    bad = line(made) | {"item": item, "typed": "6901999999999"}
    answer = refused(web, ORDERS, form(made, "sales", bad))
    assert answer.status_code == 422
    assert cell_error(answer, 0, "item") == "没有该商品，请从列表中选择。"
    assert "6901999999999" in answer.content.decode()


def test_everything_wrong_is_told_at_once(web: BookClient, login: Login) -> None:
    made = world()
    login()
    bad = line(made, quantity="abc", price="x")
    answer = refused(
        web, ORDERS, form(made, "sales", line(made, "NaN"), bad, dated="昨天", partner="")
    )
    assert answer.status_code == 422
    assert cell_error(answer, 0, "quantity")
    assert cell_error(answer, 1, "quantity")
    assert cell_error(answer, 1, "price")
    assert "不是有效日期" in field_error(answer, "dated")
    assert field_error(answer, "partner")


def test_an_unknown_barcode_is_not_found(web: BookClient, login: Login) -> None:
    world()
    login()
    answer = web.get("/scan/sales-orders?code=6901999999999")
    assert answer.status_code == 404
    assert answer.json()["message"] == (
        "没有条码为「6901999999999」的商品，请核对条码或先在商品资料中添加。"
    )


HEADS = [
    ("dated", "", "请填写单据日期"),
    ("dated", "2026-13-01", "不是有效日期"),
    ("dated", "２０２６-11-24", "不是有效日期"),
    ("dated", "20261124", "不是有效日期"),
    ("due_date", "明天", "不是有效日期"),
    ("warehouse", "", "请填写仓库"),
    ("warehouse", "999999", "找不到该仓库"),
    ("partner", "999999", "找不到该客户"),
    ("external_no", "号" * 61, "最多 60 个字"),
    ("note", "注" * 501, "最多 500 个字"),
]


@pytest.mark.parametrize(("name", "typed", "sentence"), HEADS)
def test_a_bad_field_is_told_under_the_field(
    web: BookClient, login: Login, name: str, typed: str, sentence: str
) -> None:
    made = world()
    login()
    answer = refused(web, ORDERS, form(made, "sales", line(made), **{name: typed}))
    assert answer.status_code == 422
    assert sentence in field_error(answer, name)


def test_a_date_in_a_closed_period(web: BookClient, login: Login) -> None:
    made = world()
    login()
    buy(web, made, "2026-09-05")
    close_period(GO_LIVE, today=TODAY, actor=SYSTEM)
    posted = form(made, "sales", line(made), dated="2026-09-10", verb="post")
    answer = refused(web, DELIVERIES, posted)
    assert answer.status_code == 409
    assert "2026-09 已结账" in told(answer)


def buy(web: BookClient, made: World, dated: str, quantity: str = "100") -> int:
    posted = form(made, "purchase", line(made, quantity, "10"), dated=dated, verb="post")
    return saved(web, "/purchase-receipts/new", posted)


def test_more_than_is_there_is_told_at_the_quantity(web: BookClient, login: Login) -> None:
    made = world()
    login()
    buy(web, made, "2026-11-01", "5")
    posted = form(made, "sales", line(made, "6"), verb="post")
    answer = refused(web, DELIVERIES, posted)
    assert answer.status_code == 409
    assert "可用 5 个" in cell_error(answer, 0, "quantity")


def test_1001_lines(web: BookClient, login: Login) -> None:
    made = world()
    login()
    answer = refused(web, ORDERS, form(made, "sales", *[line(made) for _ in range(1001)]))
    assert answer.status_code == 422
    assert "单据最多 1000 行，现有 1001 行" in told(answer)


def test_no_lines(web: BookClient, login: Login) -> None:
    made = world()
    login()
    answer = refused(web, ORDERS, form(made, "sales"))
    assert answer.status_code == 422
    assert "单据没有明细" in told(answer)


def test_a_stale_version_shows_what_changed(web: BookClient, login: Login) -> None:
    made = world()
    login()
    order_id = saved(web, ORDERS, form(made, "sales", line(made, "10")))
    path = f"/sales-orders/{order_id}"
    first = form(made, "sales", line(made, "12"), version="1", note="加两个")
    assert htmx(web, path, first).status_code == 200
    answer = refused(web, path, form(made, "sales", line(made, "11"), version="1"))
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "内容已被他人修改（现为第 2 版，您看到的是第 1 版）" in page
    assert "陈晓雯 在您打开之后改过这张单" in page
    assert "<td>第 1 行 数量</td><td>11</td><td>12</td>" in page
    assert "<td>备注</td><td>—</td><td>加两个</td>" in page
    assert 'name="version" value="2"' in page  # saved again, the typed content wins


def test_a_repeated_uuid_with_another_body(web: BookClient, login: Login) -> None:
    made = world()
    login()
    intent = str(uuid4())
    first = form(made, "sales", line(made, "10"), intent=intent)
    order_id = saved(web, ORDERS, first)
    assert saved(web, ORDERS, first) == order_id  # the same again is the same document
    answer = refused(web, ORDERS, form(made, "sales", line(made, "11"), intent=intent))
    assert answer.status_code == 422
    assert "同一提交标识已用于另一份内容" in told(answer)


def test_a_body_of_10_mb(web: BookClient, login: Login) -> None:
    made = world()
    login()
    posted = form(made, "sales", line(made), note="x" * 10_000_000)
    answer = refused(web, ORDERS, posted)
    assert answer.status_code == 413
    assert "提交内容过大" in answer.content.decode()


def test_a_partner_out_of_scope(web: BookClient, login: Login) -> None:
    made = world()
    other = login("OWNER")
    login("SALES")
    Partner.objects.filter(pk=made.customer.pk).update(salesperson=other)
    answer = refused(web, ORDERS, form(made, "sales", line(made)))
    assert answer.status_code == 422
    assert field_error(answer, "partner") == "找不到该客户，或它不在您的数据范围内。"


def test_a_warehouse_out_of_scope(web: BookClient, login: Login) -> None:
    made = world()
    login("SALES_LEAD", warehouse_ids=[made.warehouses[1].pk])
    answer = refused(web, ORDERS, form(made, "sales", line(made)))
    assert answer.status_code == 422
    assert "找不到该仓库" in field_error(answer, "warehouse")


@pytest.mark.parametrize(
    "change",
    [
        lambda posted: posted | {"intent": "abc"},
        lambda posted: posted | {"verb": "explode"},
        lambda posted: posted | {"version": "x"},
        lambda posted: {name: value for name, value in posted.items() if name != "intent"},
        lambda posted: posted | {"lines-99999-quantity": "1", "lines-1-bogus": "1"},
        lambda posted: posted | {"lines-0-source": "999999"},
    ],
)
def test_a_forged_form_is_refused_and_never_an_error(
    web: BookClient, login: Login, change: Callable[[dict[str, str]], dict[str, str]]
) -> None:
    made = world()
    login()
    buy(web, made, "2026-11-01")
    answer = htmx(web, DELIVERIES, change(form(made, "sales", line(made))))
    assert answer.status_code in (200, 404, 422)
