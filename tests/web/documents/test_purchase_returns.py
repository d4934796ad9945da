"""Goods back to the supplier through the page: derived from a receipt, refused when too many."""

import re
from typing import Any

from hengcang.purchasing.models import PurchaseReceipt, PurchaseReturn
from hengcang.register.verify import verify_books
from tests.conftest import BookClient
from tests.documents.trade import received
from tests.web.conftest import Login
from tests.web.documents.forms import form, htmx, line, saved
from tests.worlds import World, world

NEW = "/purchase-returns/new"


def _from(made: World, receipt: PurchaseReceipt, quantity: str, **head: str) -> dict[str, str]:
    typed = line(made, quantity, "6") | {"source": str(receipt.lines.get().pk)}
    return form(made, "purchase", typed, **head)


def _cells(page: Any, name: str) -> list[str]:
    cells = re.findall(rf'name="lines-\d+-{name}"[^>]*value="([^"]*)"', page.content.decode())
    return [cell for cell in cells if cell]


def test_a_receipt_is_carried_on_to_a_return(web: BookClient, login: Login) -> None:
    made = world()
    receipt = received(made, "10", "6")
    login()
    assert (
        f"{NEW}?from={receipt.pk}" in web.get(f"/purchase-receipts/{receipt.pk}").content.decode()
    )
    page = web.get(f"{NEW}?from={receipt.pk}")
    assert _cells(page, "source") == [str(receipt.lines.get().pk)]
    assert _cells(page, "quantity") == ["10"]
    assert "可退" in page.content.decode()
    return_id = saved(web, NEW, _from(made, receipt, "4", verb="post"))
    shown = web.get(f"/purchase-returns/{return_id}").content.decode()
    assert "24.00" in shown
    assert "CGTH202611-0001" in shown
    assert _cells(web.get(f"{NEW}?from={receipt.pk}"), "quantity") == ["6"]
    assert receipt.lines.get().qty_returned == 4
    assert verify_books() == []


def test_more_than_was_received_is_refused_and_nothing_is_written(
    web: BookClient, login: Login
) -> None:
    made = world()
    receipt = received(made, "10", "6")
    received(made, "10", "6")
    login()
    answer = htmx(web, NEW, _from(made, receipt, "10.5", verb="post"))
    assert answer.status_code == 409
    assert "可退 10，本次填写 10.5，请减少数量" in answer.content.decode()
    assert not PurchaseReturn.objects.exists()
    assert receipt.lines.get().qty_returned == 0


def test_goods_without_a_receipt_need_a_reason(web: BookClient, login: Login) -> None:
    made = world()
    received(made, "10", "6")
    login()
    bare = form(made, "purchase", line(made, "2", "6"), why="")
    answer = htmx(web, NEW, bare)
    assert answer.status_code == 422
    assert 'id="e-why">请填写原因' in answer.content.decode()
    assert not PurchaseReturn.objects.exists()
    saved(web, NEW, form(made, "purchase", line(made, "2", "6"), why="去年的货", verb="post"))


def test_the_storekeeper_sends_back_and_sees_no_price(web: BookClient, login: Login) -> None:
    made = world()
    receipt = received(made, "10", "7.31")
    login("STOREKEEPER")
    page = web.get(f"{NEW}?from={receipt.pk}").content.decode()
    assert "7.31" not in page
    return_id = saved(web, NEW, _from(made, receipt, "4", verb="post"))
    assert "29.24" not in web.get(f"/purchase-returns/{return_id}").content.decode()
    assert str(PurchaseReturn.objects.get().amount_incl_tax) == "29.24"
