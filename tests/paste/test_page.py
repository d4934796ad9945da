"""粘贴下单 in the browser and by API: read, corrected, made once, and nothing written before."""

import json
import re
from uuid import uuid4

import pytest

from hengcang.books.models import Book
from hengcang.compliance.models import AuditLine
from hengcang.register.verify import verify_books
from hengcang.sales.models import CustomerAlias, CustomerItemCode, SalesOrder, SalesOrderLine
from tests.conftest import BookClient
from tests.paste.shop import Shop, shop
from tests.web.conftest import Login, _today, login

__all__ = ["_today", "login"]
PAGE = "/paste-order"
TEXT = "老板好\n可口可乐330ml 5箱\n可乐 2箱\n雪碧2L 不要了"


def _form(made: Shop, **more: str) -> dict[str, str]:
    head = {
        "partner": str(made.customers["K06"]),
        "warehouse": str(made.world.warehouses[0].pk),
        "intent": str(uuid4()),
        "text": TEXT,
        "verb": "read",
    }
    return head | more


def _made(made: Shop, **more: str) -> dict[str, str]:
    rows = {
        "item-1": str(made.item("YL001")),
        "quantity-1": "5",
        "unit-1": "箱",
        "item-2": "",
        "other-2": str(made.item("YL003")),
        "quantity-2": "2",
        "unit-2": "箱",
    }
    return _form(made, verb="make", read_text=TEXT, **(rows | more))


def test_a_text_is_read_and_nothing_is_written(book: Book, web: BookClient, login: Login) -> None:
    made = shop()
    login("SALES")
    traces = AuditLine.objects.count()
    page = web.post(PAGE, _form(made))
    text = page.content.decode()
    assert page.status_code == 200
    assert "确定 1 行，请核对 0 行，待选择 1 行，忽略 2 段" in text
    assert "名称和规格一致" in text
    assert "已取消" in text
    assert "问候" in text
    assert (SalesOrder.objects.count(), AuditLine.objects.count()) == (0, traces)


def test_the_order_is_made_once_and_the_choice_remembered(
    book: Book, web: BookClient, login: Login
) -> None:
    made = shop()
    login("SALES")
    form = _made(made)
    answers = [web.post(PAGE, form) for _ in range(2)]
    order = SalesOrder.objects.get()
    assert [a.status_code for a in answers] == [302, 302]
    assert {a["Location"].rpartition("/")[2] for a in answers} == {str(order.pk)}
    lines = [
        (line.item.code, str(line.quantity))
        for line in SalesOrderLine.objects.filter(document_id=order.pk)
    ]
    assert lines == [("YL001", "120.000000"), ("YL003", "12.000000")]
    alias = CustomerAlias.objects.get(partner_id=made.customers["K06"])
    assert (alias.phrase, alias.item.code, alias.chosen_by_name) == ("可乐", "YL003", "陈晓雯")
    again = web.post(PAGE, _form(made)).content.decode()
    assert "您上次选择过" in again
    assert verify_books() == []


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"other-2": ""}, "请填写商品，或勾选「不要」"),
        ({"quantity-1": "五"}, "不是有效数字"),
        ({"quantity-1": "0"}, "数量必须大于 0"),
        ({"quantity-1": "-1"}, "数量必须大于 0"),
        ({"quantity-1": "0.3"}, "请改填最接近的"),
        ({"unit-1": ""}, "请填写单位"),
        ({"unit-1": "件"}, "可用：罐、箱"),
        ({"other-2": "999999999"}, "没有该商品"),
        ({"other-2": "99999999999999999999999"}, "请填写商品"),
        ({"intent": "x"}, "请刷新页面后重新提交"),
        ({"warehouse": ""}, "请填写仓库"),
        ({"partner": ""}, "请填写客户"),
        ({"read_text": "另一段"}, "文字在读取之后改动过"),
        ({"skip-1": "1", "skip-2": "1"}, "单据没有明细"),
        ({"text": "x\n" * 5_000}, "粘贴的内容太长"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_written(
    book: Book, web: BookClient, login: Login, more: dict[str, str], said: str
) -> None:
    made = shop()
    login("SALES")
    traces = AuditLine.objects.count()
    page = web.post(PAGE, _made(made) | more)
    assert page.status_code == 422
    assert said in page.content.decode()
    assert SalesOrder.objects.count() == 0
    assert AuditLine.objects.count() == traces


def test_only_those_who_write_orders_paste(book: Book, web: BookClient, login: Login) -> None:
    made = shop()
    login("STOREKEEPER")
    assert web.get(PAGE).status_code == 403
    assert web.post(PAGE, _form(made)).status_code == 403


def test_a_supplier_or_a_stranger_is_no_customer(book: Book, web: BookClient, login: Login) -> None:
    made = shop()
    login("SALES")
    for partner, status in ((made.world.supplier.pk, 422), (10**9, 404)):
        page = web.post(PAGE, _form(made, partner=str(partner)))
        assert page.status_code == status


def test_a_customers_words_are_seen_added_and_deleted(
    book: Book, web: BookClient, login: Login
) -> None:
    made = shop()
    login("SALES")
    partner = made.customers["K01"]
    url = f"/customers/{partner}/wordings"
    page = web.get(url).content.decode()
    assert "MJ1001" in page
    assert "小红罐" in page
    card = web.get(f"/customers/{partner}").content.decode()
    assert "/wordings" in card
    item = str(made.item("YL020"))
    good = {"verb": "save", "code": "MJ9", "item": item, "unit": "箱"}
    for bad in ({"code": ""}, {"item": ""}, {"unit": "打"}, {"code": "a b"}):
        assert web.post(url, good | bad).status_code == 422
    assert not CustomerItemCode.objects.filter(code="MJ9").exists()
    assert web.post(url, good).status_code == 302
    code = CustomerItemCode.objects.get(code="MJ9")
    assert web.post(url, {"verb": f"remove-{code.pk}"}).status_code == 302
    assert not CustomerItemCode.objects.filter(code="MJ9").exists()
    alias = CustomerAlias.objects.filter(partner_id=partner).latest("id")
    assert web.post(url, {"verb": f"forget-{alias.pk}"}).status_code == 302
    assert not CustomerAlias.objects.filter(pk=alias.pk).exists()
    assert web.post(url, {"verb": "forget-1000000"}).status_code == 404


def test_the_api_reads_and_the_order_goes_the_usual_way(
    book: Book, web: BookClient, login: Login
) -> None:
    made = shop()
    login("SALES")
    answer = _post(web, {"partner_id": made.customers["K06"], "text": TEXT})
    assert answer.status_code == 200
    lines = answer.json()["lines"]
    assert [line["confidence"] for line in lines] == ["ignored", "certain", "unsure", "ignored"]
    sure = lines[1]
    assert (sure["good"]["code"], sure["quantity"], sure["unit"]["name"]) == ("YL001", "5", "箱")
    assert sure["unit"]["id"] == made.uom("YL001", "箱")
    assert {good["code"] for good in lines[2]["candidates"]} >= {"YL001", "YL005"}
    assert SalesOrder.objects.count() == 0


@pytest.mark.parametrize(
    ("more", "status", "code"),
    [
        ({"text": "x\n" * 5_000}, 422, "paste_too_long"),
        ({"text": "\x00"}, 422, "field_invalid"),
        ({"text": 5}, 422, "field_invalid"),
        ({"partner_id": "1"}, 422, "field_invalid"),
        ({"partner_id": 10**9}, 404, "not_found"),
        ({"extra": 1}, 422, "field_invalid"),
    ],
)
def test_the_api_refuses_what_is_no_reading(
    book: Book, web: BookClient, login: Login, more: dict, status: int, code: str
) -> None:
    made = shop()
    login("SALES")
    answer = _post(web, {"partner_id": made.customers["K06"], "text": "可乐"} | more)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def _post(web: BookClient, body: dict):
    web.get("/")
    return web.post(
        "/api/v1/sales-orders/readings", json.dumps(body), content_type="application/json"
    )


def test_the_page_has_a_row_for_every_line(book: Book, web: BookClient, login: Login) -> None:
    made = shop()
    login("OWNER")
    text = "\n".join(f"LS0620 {n}包" for n in range(1, 101))
    page = web.post(PAGE, _form(made, text=text)).content.decode()
    assert len(re.findall(r'name="quantity-\d+"', page)) == 100
