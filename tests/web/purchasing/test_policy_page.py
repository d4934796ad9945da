"""采购设置 on the page, and the warning a draft shows."""

from decimal import Decimal

from hengcang.kernel.actor import SYSTEM
from hengcang.purchasing.actions.policy import PolicyDraft, save_purchase_policy
from hengcang.purchasing.models import PurchaseOrder
from hengcang.purchasing.watching_models import PurchasePolicy
from tests.conftest import BookClient
from tests.documents.trade import received
from tests.web.conftest import Login
from tests.web.documents.forms import cell_error, form, htmx, line, saved
from tests.worlds import world

PAGE = "/purchasing/policy"


def test_the_settings_are_saved_and_shown(web: BookClient, login: Login) -> None:
    world()
    login()
    assert web.get(PAGE).status_code == 200
    posted = {"version": "1", "over_price_rate": "12.5", "remind_days_before": "2"}
    assert web.post(PAGE, posted).status_code == 302
    row = PurchasePolicy.objects.get()
    assert (row.over_price_rate, row.remind_days_before) == (Decimal("12.5"), 2)
    assert row.escalate_days_after is None
    assert "12.5" in web.get(PAGE).content.decode()
    assert web.post(PAGE, posted).status_code == 409


def test_bad_input_writes_nothing(web: BookClient, login: Login) -> None:
    world()
    login()
    for wrong in (
        {"over_price_rate": "abc"},
        {"over_price_rate": "-1"},
        {"over_price_rate": "1000"},
        {"remind_days_before": "1.5"},
        {"remind_days_before": "9999"},
        {"report_every": "hour"},
    ):
        assert web.post(PAGE, {"version": "1"} | wrong).status_code == 422, wrong
    assert not PurchasePolicy.objects.exists()


def test_only_who_may_set_it_sees_it(web: BookClient, login: Login) -> None:
    world()
    login("BUYER")
    assert web.get(PAGE).status_code == 403
    assert web.post(PAGE, {"version": "1"}).status_code == 403


def test_a_draft_warns_and_approving_is_refused_in_the_cell(web: BookClient, login: Login) -> None:
    made = world()
    received(made, "3", "8")
    save_purchase_policy(PolicyDraft(over_price_rate=Decimal(10)), 1, actor=SYSTEM)
    login("PURCHASE_LEAD")
    order_id = saved(web, "/purchase-orders/new", form(made, "purchase", line(made, "5", "10")))
    page = web.get(f"/purchase-orders/{order_id}").content.decode()
    assert "高 25%，上限 10%" in page
    order = PurchaseOrder.objects.get()
    posted = form(
        made, "purchase", line(made, "5", "10"), verb="approve", version=str(order.version)
    )
    answer = htmx(web, f"/purchase-orders/{order_id}", posted)
    assert answer.status_code == 422
    assert "高 25%" in cell_error(answer, 0, "price")
    assert PurchaseOrder.objects.get().status == "draft"


def test_who_may_not_see_costs_is_not_warned_of_them(web: BookClient, login: Login) -> None:
    made = world()
    received(made, "3", "8")
    save_purchase_policy(PolicyDraft(over_price_rate=Decimal(10)), 1, actor=SYSTEM)
    login("STOREKEEPER")
    assert "上限" not in web.get("/purchase-receipts/new").content.decode()
