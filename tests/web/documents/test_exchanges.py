"""An exchange through the page, the API and a sheet: one grid, each line 退回 or 换出."""

import re
from typing import Any

from hengcang.register.verify import verify_books
from hengcang.sales.models import SalesDelivery, SalesExchange, SalesExchangeLine
from tests.conftest import BookClient
from tests.documents.trade import delivered, received
from tests.integration.files import workbook
from tests.sales.exchanged import back, exchanged, out
from tests.web.conftest import Login
from tests.web.documents.forms import cell_error, form, htmx, line, saved
from tests.web.documents.test_imports import errors, upload
from tests.worlds import World, world

NEW = "/sales-exchanges/new"


def _company() -> tuple[World, SalesDelivery]:
    made = world()
    received(made, "10", "6")
    received(made, "10", "8", item=1)
    return made, delivered(made, "4")


def _swap(made: World, delivery: SalesDelivery, quantity: str, **head: str) -> dict[str, str]:
    came = line(made, quantity) | {"source": str(delivery.lines.get().pk), "direction": "back"}
    return form(made, "sales", came, line(made, "2", "50", item=1), why="尺码不合", **head)


def _cells(page: Any, name: str) -> list[str]:
    cells = re.findall(rf'name="lines-\d+-{name}"[^>]*value="([^"]*)"', page.content.decode())
    return [cell for cell in cells if cell]


def test_a_delivery_is_carried_on_to_an_exchange(web: BookClient, login: Login) -> None:
    made, delivery = _company()
    login()
    shown = web.get(f"/sales-deliveries/{delivery.pk}").content.decode()
    assert f"{NEW}?from={delivery.pk}" in shown
    page = web.get(f"{NEW}?from={delivery.pk}")
    assert _cells(page, "source") == [str(delivery.lines.get().pk)]
    assert (_cells(page, "quantity"), _cells(page, "stock_status")) == (["4"], ["不良"])
    text = page.content.decode()
    assert '<option value="back" selected>退回</option>' in text
    assert '退回 <b data-t="back">80.00</b>' in text
    exchange_id = saved(web, NEW, _swap(made, delivery, "3", verb="post"))
    text = web.get(f"/sales-exchanges/{exchange_id}").content.decode()
    assert "XSHH202611-0001" in text
    assert '换出 <b data-t="out">100.00</b>' in text
    assert '退回 <b data-t="back">60.00</b>' in text
    assert '应收差额 ¥<b data-t="due">40.00</b>' in text
    assert f"/sales-deliveries/{delivery.pk}" in text
    assert f"/sales-exchanges/{exchange_id}" in (
        web.get(f"/sales-deliveries/{delivery.pk}").content.decode()
    )
    assert _cells(web.get(f"{NEW}?from={delivery.pk}"), "quantity") == ["1"]
    lines = SalesExchangeLine.objects.order_by("position")
    told = [(ln.direction, ln.stock_status) for ln in lines]
    assert told == [("back", "defect"), ("out", "good")]
    assert verify_books() == []


def test_a_stored_draft_opens_as_it_was_saved_and_is_copied(web: BookClient, login: Login) -> None:
    made, delivery = _company()
    login()
    posted = _swap(made, delivery, "3") | {"lines-0-stock_status": "良品"}
    exchange_id = saved(web, NEW, posted)
    page = web.get(f"/sales-exchanges/{exchange_id}")
    assert _cells(page, "stock_status") == ["良品"]
    copied = web.get(f"{NEW}?copy={exchange_id}")
    assert _cells(copied, "source") == []
    assert copied.content.decode().count('<option value="back" selected>') == 1
    again = posted | {"version": "1", "intent": posted["intent"]}
    assert htmx(web, f"/sales-exchanges/{exchange_id}", again).status_code == 200
    assert SalesExchangeLine.objects.get(direction="back").stock_status == "good"


def test_bad_input_is_told_at_its_cell_and_nothing_is_written(
    web: BookClient, login: Login
) -> None:
    made, delivery = _company()
    login()
    wrong = _swap(made, delivery, "3") | {"lines-1-direction": "sideways"}
    answer = htmx(web, NEW, wrong)
    assert answer.status_code == 422
    assert cell_error(answer, 1, "direction") == "请选择这一行是退回还是换出。"
    answer = htmx(web, NEW, _swap(made, delivery, "5", verb="post"))
    assert answer.status_code == 409
    assert f"原出库单 {delivery.number} 可退 4，本次填写 5，请减少数量" in answer.content.decode()
    alone = form(made, "sales", line(made, "1", item=1), verb="post")
    answer = htmx(web, NEW, alone)
    assert answer.status_code == 422
    assert "只出不退请开销售出库单" in answer.content.decode()
    assert not SalesExchange.objects.exists()
    assert delivery.lines.get().qty_returned == 0
    assert verify_books() == []


def test_paper_account_and_customer_tell_both_sides(web: BookClient, login: Login) -> None:
    made, delivery = _company()
    exchange = exchanged(made, back(delivery, "3"), out(made, "2", "50"))
    login()
    paper = web.get(f"/sales-exchanges/{exchange.pk}/print").content.decode()
    assert "<td>退回</td>" in paper
    assert "换出合计：<b>100.00</b>" in paper
    assert "退回合计：<b>60.00</b>" in paper
    assert "应收差额：<b>¥40.00</b>" in paper
    account = web.get(f"/money/{made.customer.pk}").content.decode()
    assert "换出 100.00，退回 60.00" in account
    customer = web.get(f"/customers/{made.customer.pk}/history").content.decode()
    assert "XSHH202611-0001" in customer
    listed = web.get("/sales-exchanges/").content.decode()
    assert "40.00" in listed
    assert "XSHH202611-0001" in listed


def test_who_may_not_see_it_is_not_offered_it(web: BookClient, login: Login) -> None:
    _, delivery = _company()
    login("BUYER")
    assert web.get("/sales-exchanges/").status_code == 403
    assert web.get(f"{NEW}?from={delivery.pk}").status_code == 403


def test_a_sheet_says_which_way_each_line_goes(web: BookClient, login: Login) -> None:
    _, delivery = _company()
    login()
    heading = ["客户", "仓库", "单据日期", "方向", "源单号", "商品编码", "数量", "单价"]
    head = ["C001", "W1", "2026-11-24"]
    came = [*head, "退回", delivery.number, "S001", "2", ""]
    wrong = workbook(heading, came, [*head, "换进", "", "S002", "1", "25"])
    (told,) = errors(upload(web, "sales-exchanges", wrong))
    assert told[:3] == ("3", "方向", "换进")
    assert not SalesExchange.objects.exists()
    right = workbook(heading, came, [*head, "换出", "", "S002", "1", "25"])
    answer = upload(web, "sales-exchanges", right)
    assert answer.status_code in (200, 302), answer.content.decode()
    exchange: Any = SalesExchange.objects.get()
    assert (str(exchange.out_amount), str(exchange.back_amount)) == ("25.00", "40.00")
    assert exchange.lines.get(direction="back").stock_status == "defect"
