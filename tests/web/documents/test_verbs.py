"""Verbs on stored documents: undoing, voiding, back-dating, copying, following."""

from decimal import Decimal

import pytest

from hengcang.ledger.models import StockEntry
from hengcang.purchasing.models import PurchaseReceipt
from hengcang.sales.models import SalesDelivery, SalesOrder
from hengcang.stock.models import OtherIssue, OtherReceiptLine
from tests.conftest import BookClient
from tests.web.conftest import Login
from tests.web.documents.forms import form, htmx, line, saved, saved_id
from tests.web.documents.test_permissions import bought, delivered, ordered
from tests.worlds import world


def press(made: object, verb: str, version: int, **more: str) -> dict[str, str]:
    """What a document that is only read posts."""
    return {
        "intent": "6f1de9c2-2f0f-4f5f-9f39-0d6a2f1f0001",
        "version": str(version),
        "verb": verb,
        "reason": "",
    } | more


def test_a_posted_document_is_undone_by_a_mirror(web: BookClient, login: Login) -> None:
    made = world()
    bought(made)
    delivery_id = delivered(made)
    login()
    path = f"/sales-deliveries/{delivery_id}"
    impact = web.get(f"{path}/impact/reverse")
    assert "不影响已入账的成本" in impact.content.decode()

    answer = htmx(web, path, press(made, "reverse", 2))
    assert answer.status_code == 422
    assert "请填写原因" in answer.content.decode()

    twin_id = saved_id(htmx(web, path, press(made, "reverse", 2, reason="客户退单")))
    assert SalesDelivery.objects.get(pk=delivery_id).status == "reversed"
    page = web.get(f"/sales-deliveries/{twin_id}").content.decode()
    assert "-80.00" in page
    assert "被红冲" in page
    assert 'value="reverse"' not in page
    assert "客户退单" in web.get(path).content.decode()


def test_a_back_dated_posting_is_asked_about_first(web: BookClient, login: Login) -> None:
    made = world()
    login()
    early = form(made, "purchase", line(made, "100", "10"), dated="2026-11-02", verb="post")
    saved(web, "/purchase-receipts/new", early)
    saved(
        web,
        "/sales-deliveries/new",
        form(made, "sales", line(made, "10"), dated="2026-11-20", verb="post"),
    )
    entries = StockEntry.objects.count()
    late = form(made, "purchase", line(made, "100", "20"), dated="2026-11-10", verb="post")
    answer = htmx(web, "/purchase-receipts/new", late)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "将重新计算之后 1 张单据、1 笔出库的成本，合计 +50.00 元" in page
    assert StockEntry.objects.count() == entries
    assert PurchaseReceipt.objects.count() == 1  # not even the draft

    token = page.split('name="confirmed" value="')[1].split('"')[0]
    saved(web, "/purchase-receipts/new", late | {"confirmed": token})
    assert StockEntry.objects.count() == entries + 1


def test_yes_to_another_impact_is_no_yes(web: BookClient, login: Login) -> None:
    made = world()
    login()
    for kind, path, typed, dated in (
        ("purchase", "/purchase-receipts/new", line(made, "100", "10"), "2026-11-02"),
        ("sales", "/sales-deliveries/new", line(made, "10"), "2026-11-20"),
    ):
        saved(web, path, form(made, kind, typed, dated=dated, verb="post"))
    late = form(made, "purchase", line(made, "100", "20"), dated="2026-11-10", verb="post")
    answer = htmx(web, "/purchase-receipts/new", late | {"confirmed": "1-1-0.01"})
    assert answer.status_code == 409


@pytest.mark.parametrize("plural", ["sales-orders", "sales-deliveries"])
def test_a_draft_is_voided_with_its_reason(web: BookClient, login: Login, plural: str) -> None:
    made = world()
    login()
    document_id = saved(web, f"/{plural}/new", form(made, "sales", line(made)))
    path = f"/{plural}/{document_id}"
    posted = form(made, "sales", line(made, "NaN"), version="1", verb="void", reason="开错了")
    assert htmx(web, path, posted).headers["HX-Redirect"].endswith(path)
    page = web.get(path).content.decode()
    assert "已作废" in page
    assert "作废（开错了）" in page


def test_what_is_saved_can_be_saved_again(web: BookClient, login: Login) -> None:
    made = world()
    login()
    order_id = saved(web, "/sales-orders/new", form(made, "sales", line(made)))
    again = form(made, "sales", line(made, "7"), version="1", due_date="2026-12-01")
    answer = htmx(web, f"/sales-orders/{order_id}", again)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "已保存" in page
    assert 'name="version" value="2"' in page
    assert "壹佰肆拾元整" in page
    order = SalesOrder.objects.get()
    assert str(order.due_date) == "2026-12-01"
    assert order.lines.get().quantity == 7


def test_a_copy_starts_anew(web: BookClient, login: Login) -> None:
    made = world()
    order_id = ordered(made)
    login()
    page = web.get(f"/sales-orders/new?copy={order_id}").content.decode()
    assert 'name="lines-0-quantity" data-k="quantity" value="4"' in page
    assert 'name="version" value=""' in page


def test_only_an_approved_order_is_delivered(web: BookClient, login: Login) -> None:
    made = world()
    login()
    order_id = saved(web, "/sales-orders/new", form(made, "sales", line(made)))
    answer = web.get(f"/sales-deliveries/new?from={order_id}")
    assert answer.status_code == 409
    assert "当前为「草稿」" in answer.content.decode()


def test_other_papers_come_and_go(web: BookClient, login: Login) -> None:
    made = world()
    login()
    receipt_id = saved(
        web, "/other-receipts/new", form(made, "other", line(made, "8", "2.5"), verb="post")
    )
    assert OtherReceiptLine.objects.get().cost_amount == Decimal("20.00")
    assert "20.00" in web.get(f"/other-receipts/{receipt_id}").content.decode()
    issue_id = saved(
        web, "/other-issues/new", form(made, "other", line(made, "3", ""), verb="post")
    )
    assert OtherIssue.objects.get().status == "posted"
    assert "7.50" in web.get(f"/other-issues/{issue_id}").content.decode()


def test_other_papers_need_their_reason(web: BookClient, login: Login) -> None:
    made = world()
    login()
    answer = htmx(web, "/other-receipts/new", form(made, "other", line(made), why=""))
    assert answer.status_code == 422
    assert 'id="e-why">请填写原因' in answer.content.decode()


def test_a_return_without_origin_states_its_cost(web: BookClient, login: Login) -> None:
    made = world()
    login()
    answer = htmx(web, "/sales-returns/new", form(made, "sales", line(made, "2")))
    assert answer.status_code == 422
    assert "成本单价" in answer.content.decode()
    stated = line(made, "2") | {"unit_cost": "9"}
    return_id = saved(web, "/sales-returns/new", form(made, "sales", stated, verb="post"))
    assert "18.00" in web.get(f"/sales-returns/{return_id}").content.decode()
