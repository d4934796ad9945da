"""到货通知 on the pages: from orders, the editor, the desk of what comes today, one click."""

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from hengcang.ledger.models import StockEntry
from hengcang.partners.models import SupplierProfile
from hengcang.purchasing.models import ArrivalNotice, PurchaseReceipt
from hengcang.register.verify import verify_books
from tests.conftest import BookClient
from tests.documents.trade import bought
from tests.integration.files import workbook
from tests.purchasing.announced import announced, came
from tests.web.conftest import Login
from tests.web.documents.forms import cell_error, field_error, form, htmx, line, saved, told
from tests.worlds import TODAY, World, world

NEW = "/arrival-notices/new"


def _page(web: BookClient, path: str) -> str:
    return str(web.get(path).content.decode())


def _notice_form(made: World, *lines: dict[str, str], **head: str) -> dict[str, str]:
    days = {"due_date": TODAY.isoformat(), "carrier": "顺丰", "tracking_no": "SF1"}
    return form(made, "purchase", *lines, **(days | {"why": ""} | head))


def test_from_an_order_to_the_receipt(web: BookClient, login: Login) -> None:
    made = world()
    order = bought(made, "10")
    login("BUYER")
    path = f"{NEW}?from={order.pk}"
    assert path in _page(web, f"/purchase-orders/{order.pk}")
    page = _page(web, path)
    assert 'value="10"' in page
    assert "单价口径" not in page
    source = str(order.lines.get().pk)
    typed = line(made, "6", "") | {"source": source}
    notice = saved(web, NEW, _notice_form(made, typed, verb="approve"))
    page = _page(web, f"/arrival-notices/{notice}")
    for text in ("SF1", "顺丰", "未到", f"/purchase-receipts/new?notice={notice}"):
        assert text in page
    assert not StockEntry.objects.exists()
    login()
    new = f"/purchase-receipts/new?notice={notice}"
    page = _page(web, new)
    assert 'value="6"' in page
    number = ArrivalNotice.objects.get().number
    assert f'<option value="{notice}" selected>{number}' in page
    typed = line(made, "4", "10") | {"source": source}
    posted = form(made, "purchase", typed, why="", verb="post", notice=str(notice))
    receipt = saved(web, "/purchase-receipts/new", posted)
    assert str(number) in _page(web, f"/purchase-receipts/{receipt}")
    assert str(PurchaseReceipt.objects.get().number) in _page(web, f"/arrival-notices/{notice}")
    assert ArrivalNotice.objects.get().lines.get().qty_fulfilled == 4
    assert "部分" in _page(web, f"/arrival-notices/{notice}")
    assert verify_books() == []


def test_several_orders_are_ticked(web: BookClient, login: Login) -> None:
    made = world()
    one, two, away = bought(made, "10"), bought(made, "4", item=1), bought(made, "1", place=1)
    login("BUYER")
    assert str(two.number) in _page(web, "/arrivals/orders")
    answer = web.post("/arrivals/orders", {"id": [str(one.pk), str(two.pk)]})
    assert answer.status_code == 302
    assert f"?from={one.pk}&from={two.pk}" in answer.headers["Location"]
    page = _page(web, f"{NEW}?from={one.pk}&from={two.pk}")
    assert 'value="10"' in page
    assert 'value="4"' in page
    answer = web.get(f"{NEW}?from={one.pk}&from={away.pk}")
    assert "一张到货通知只能是同一供应商" in answer.content.decode()


def test_what_is_wrong_stands_where_it_is_wrong(web: BookClient, login: Login) -> None:
    made = world()
    order = bought(made, "10")
    login()
    typed = line(made, "6", "")
    answer = htmx(web, NEW, _notice_form(made, typed, due_date=""))
    assert "预计到货" in field_error(answer, "due_date") + told(answer)
    answer = htmx(web, NEW, _notice_form(made, line(made, "6", "", item=1)))
    assert "没有这个商品未到货" in cell_error(answer, 0, "item")
    much = line(made, "11", "") | {"source": str(order.lines.get().pk)}
    answer = htmx(web, NEW, _notice_form(made, much, verb="approve"))
    assert (answer.status_code, "最多还可通知 10" in told(answer)) == (409, True)
    answer = htmx(web, NEW, _notice_form(made, typed, carrier="顺" * 61))
    assert answer.status_code == 422
    assert not ArrivalNotice.objects.exists()


def _intent(page: str) -> str:
    match = re.search(r'name="intent" value="([0-9a-f-]+)"', page)
    assert match
    return match[1]


def test_the_desk_of_the_day_and_one_click(web: BookClient, login: Login) -> None:
    made = world()
    order = bought(made, "30")
    late = announced(made, (order, "5"), due=TODAY - timedelta(days=2))
    today = announced(made, (order, "6"))
    soon = announced(made, (order, "7"), due=TODAY + timedelta(days=7))
    far = announced(made, (order, "8"), due=TODAY + timedelta(days=8))
    login("STOREKEEPER")
    page = _page(web, "/arrivals/")
    assert page.index(str(late.number)) < page.index(str(today.number))
    assert page.index(str(today.number)) < page.index(str(soon.number))
    assert str(far.number) not in page
    assert "逾期 2 天" in page
    assert str(today.number) not in _page(web, f"/arrivals/?warehouse={made.warehouses[1].pk}")
    posted = {"intent": _intent(page)}
    answers = [web.post(f"/arrivals/{today.pk}/receive", posted) for _ in range(2)]
    receipt = PurchaseReceipt.objects.get()  # a double click books once
    assert [a.headers["Location"].endswith(f"/purchase-receipts/{receipt.pk}") for a in answers]
    page = _page(web, "/arrivals/")
    assert str(today.number) not in page
    answer = web.post(f"/arrivals/{today.pk}/receive", {"intent": _intent(page)}, follow=True)
    assert "已完成" in answer.content.decode()
    assert PurchaseReceipt.objects.count() == 1
    assert web.get(f"/arrivals/{late.pk}/receive").status_code == 405
    assert verify_books() == []


def test_a_receipt_that_needs_more_is_told_on_the_desk(web: BookClient, login: Login) -> None:
    made = world()
    made.items[0].tracks_batch = True
    made.items[0].save()
    notice = announced(made, (bought(made, "5"), "5"))
    login("STOREKEEPER")
    posted = {"intent": _intent(_page(web, "/arrivals/"))}
    answer = web.post(f"/arrivals/{notice.pk}/receive", posted, follow=True)
    assert "批号" in answer.content.decode()
    assert not PurchaseReceipt.objects.exists()
    assert not StockEntry.objects.exists()


def test_rights_and_scope(web: BookClient, login: Login) -> None:
    made = world()
    notice = announced(made, (bought(made, "5"), "5"))
    login("SALES")
    for path in ("/arrivals/", "/arrivals/orders", f"/arrival-notices/{notice.pk}"):
        assert web.get(path).status_code == 403, path
    assert web.post(f"/arrivals/{notice.pk}/receive", {"intent": ""}).status_code in (403, 302)
    login("STOREKEEPER", warehouse_ids=[made.warehouses[1].pk])
    assert str(notice.number) not in _page(web, "/arrivals/")
    assert web.get(f"/arrival-notices/{notice.pk}").status_code == 404
    login("STOREKEEPER")
    assert "10.00" not in _page(web, f"/arrival-notices/{notice.pk}")
    assert "50.00" not in _page(web, "/arrival-notices/")
    assert not PurchaseReceipt.objects.exists()


def test_progress_and_paper_say_it(web: BookClient, login: Login) -> None:
    made = world()
    notice = announced(made, (bought(made, "9"), "5"), due=TODAY + timedelta(days=3))
    login()
    page = _page(web, "/purchase-progress/")
    assert "已通知" in page
    assert "11-27 到" in page
    paper = _page(web, f"/arrival-notices/{notice.pk}/print")
    for text in ("到货通知", "SF1001", "顺丰", "商品1"):
        assert text in paper
    assert "¥" not in paper


def test_a_complete_order_offers_what_is_tolerated(web: BookClient, login: Login) -> None:
    made = world()
    SupplierProfile.objects.update(over_receipt_rate=Decimal(10))
    order = bought(made, "100")
    came(announced(made, (order, "100")))
    login()
    path = f"/purchase-receipts/new?from={order.pk}"
    page = _page(web, f"/purchase-orders/{order.pk}")
    assert "超收入库" in page
    assert path in page
    assert 'value="10"' in _page(web, path)
    SupplierProfile.objects.update(over_receipt_rate=Decimal(0))
    assert "超收入库" not in _page(web, f"/purchase-orders/{order.pk}")
    answer: Any = web.get(path)
    assert "已全部到货" in answer.content.decode()


def test_a_stale_page_and_a_forced_close(web: BookClient, login: Login) -> None:
    made = world()
    order = bought(made, "10")
    notice = announced(made, (order, "5"))
    login()
    path = f"/arrival-notices/{notice.pk}"
    verb = {"intent": "0f3c9c1e-8a55-5d0b-9a3a-6b8c1f6f7a42", "verb": "close", "reason": "不来了"}
    stale = htmx(web, path, verb | {"version": "1"})
    assert stale.status_code == 409
    fresh = htmx(web, path, verb | {"version": str(notice.version)})
    assert fresh.status_code == 200
    notice.refresh_from_db()
    assert notice.status == "closed_forced"


def test_a_file_of_notices_by_order_number(web: BookClient, login: Login) -> None:
    made = world()
    order = bought(made, "10")
    login()
    head = ["送货单号", "供应商", "仓库", "单据日期", "预计到货", "承运公司", "运单号"]
    first = ["S-1", "V001", "W1", "2026-11-24", "2026-11-25", "德邦", "DP9"]
    sheet = workbook(
        [*head, "源单号", "商品编码", "通知数量"],
        [*first, order.number, "S001", 6],
    )
    file = SimpleUploadedFile("a.xlsx", sheet)
    assert web.post("/arrival-notices/import", {"file": file}).status_code == 302
    notice = ArrivalNotice.objects.get()
    assert (notice.carrier, notice.tracking_no, notice.external_no) == ("德邦", "DP9", "S-1")
    assert notice.lines.get().source_line == order.lines.get()
