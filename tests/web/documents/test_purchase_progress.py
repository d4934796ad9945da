"""采购进度 and the dates of order lines on the pages."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

from hengcang.kernel.actor import SYSTEM
from hengcang.purchasing.actions import receipts
from hengcang.purchasing.models import PurchaseOrder, PurchaseOrderLine
from tests.conftest import BookClient
from tests.documents.trade import bought
from tests.web.conftest import Login
from tests.web.documents.forms import cell_error, form, htmx, line, saved
from tests.worlds import TODAY, world

ORDERS = "/purchase-orders/new"


def test_a_line_has_a_day_of_its_own(web: BookClient, login: Login) -> None:
    made = world()
    login()
    own, other = line(made, "10", "3") | {"due_date": "2026-11-20"}, line(made, "5", "3", item=1)
    posted = form(made, "purchase", own, other, due_date="2026-11-28", verb="approve")
    order_id = saved(web, ORDERS, posted)
    days = PurchaseOrderLine.objects.order_by("position").values_list("due_date", flat=True)
    assert list(days) == [date(2026, 11, 20), None]
    page = web.get(f"/purchase-orders/{order_id}").content.decode()
    assert "2026-11-20" in page
    assert page.count("未到") == 2
    progress = web.get("/purchase-progress/").content.decode()
    assert "逾期 4 天" in progress
    assert "还有 4 天" in progress
    late = web.get("/purchase-progress/?late=1").content.decode()
    assert "逾期 4 天" in late
    assert "还有 4 天" not in late


def test_an_unreadable_day_is_told_in_its_cell(web: BookClient, login: Login) -> None:
    made = world()
    login()
    wrong = line(made, "10", "3") | {"due_date": "2026-02-30"}
    answer = htmx(web, ORDERS, form(made, "purchase", wrong))
    assert answer.status_code == 422
    assert "2026-02-30" in cell_error(answer, 0, "due_date")
    assert not PurchaseOrder.objects.exists()


def test_an_order_shows_how_far_each_line_is(web: BookClient, login: Login) -> None:
    made = world()
    order = bought(made, "10")
    only = order.lines.get().pk
    receipts.receive_order(
        order.pk, {only: Decimal(4)}, on=TODAY, client_uuid=uuid4(), actor=SYSTEM
    )
    login()
    assert "部分" in web.get(f"/purchase-orders/{order.pk}").content.decode()
    assert "部分" in web.get("/purchase-progress/").content.decode()


def test_who_may_not_see_orders_sees_no_progress(web: BookClient, login: Login) -> None:
    world()
    login("SECURITY_ADMIN")
    assert web.get("/purchase-progress/").status_code == 403
