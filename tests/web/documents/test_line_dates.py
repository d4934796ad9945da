"""Every line of a sales order may be wanted on a day of its own."""

from datetime import date

from hengcang.sales.models import SalesOrder
from tests.conftest import BookClient
from tests.web.conftest import Login
from tests.web.documents.forms import cell_error, form, htmx, line, saved
from tests.worlds import world

NEW = "/sales-orders/new"


def test_lines_are_wanted_on_days_of_their_own(web: BookClient, login: Login) -> None:
    made = world()
    login()
    lines = (line(made) | {"due_date": "2026-12-03"}, line(made, item=1))
    asked = form(made, "sales", *lines, due_date="2026-12-01")
    order_id = saved(web, NEW, asked)
    order = SalesOrder.objects.get()
    assert list(order.lines.values_list("due_date", flat=True)) == [date(2026, 12, 3), None]
    path = f"/sales-orders/{order_id}"
    assert 'name="lines-0-due_date"' in web.get(path).content.decode()
    again = asked | {"version": "1", "verb": "approve"}
    assert htmx(web, path, again).status_code == 200
    assert "2026-12-03" in web.get(path).content.decode()
    promised = web.get(path).content.decode()
    assert "承诺交期" in promised
    assert "还缺 10 没有采购" in promised
    copied = web.get(f"{NEW}?copy={order_id}").content.decode()
    assert "2026-12-03" not in copied


def test_a_day_that_is_none_is_told_in_its_cell(web: BookClient, login: Login) -> None:
    made = world()
    login()
    answer = htmx(web, NEW, form(made, "sales", line(made) | {"due_date": "3 Dec"}))
    assert answer.status_code == 422
    assert "不是有效日期" in cell_error(answer, 0, "due_date")
    assert SalesOrder.objects.count() == 0
