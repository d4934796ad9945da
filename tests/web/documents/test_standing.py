"""定期订单 on the page: from an order, listed, changed, and its drafts made."""

from datetime import timedelta
from uuid import uuid4

from hengcang.sales.models import SalesOrder
from hengcang.sales.standing_models import StandingOrder
from tests.conftest import BookClient
from tests.web.conftest import Login
from tests.web.documents.forms import form, htmx, line, saved
from tests.worlds import TODAY, world

DAY = TODAY.isoformat()


def test_from_an_order_to_its_drafts(web: BookClient, login: Login) -> None:
    made = world()
    login()
    asked = form(made, "sales", line(made, "3", "15"))
    order_id = saved(web, "/sales-orders/new", asked)
    htmx(web, f"/sales-orders/{order_id}", asked | {"version": "1", "verb": "approve"})
    new = f"/sales-orders/{order_id}/standing"
    assert new in web.get(f"/sales-orders/{order_id}").content.decode()
    assert "设为定期" in web.get(new).content.decode()
    rhythm = {"rhythm": "monthly", "every": "1", "next_on": DAY, "is_active": "1",
              "intent": str(uuid4())}  # fmt: skip
    for _ in range(2):
        assert web.post(new, rhythm).status_code == 302
    kept = StandingOrder.objects.get()
    assert "每 1 月" in web.get("/standing-orders/").content.decode()
    assert "生成" in web.get("/standing-orders/due").content.decode()
    for _ in range(2):
        assert web.post("/standing-orders/due", {}).status_code == 302
    assert SalesOrder.objects.filter(status="draft").count() == 1
    here = f"/standing-orders/{kept.pk}"
    assert 'value="2"' in web.get(here).content.decode()
    late = (TODAY + timedelta(days=9)).isoformat()
    change = rhythm | {"version": "2", "next_on": late}
    assert web.post(here, change).status_code == 302
    assert web.post(here, change).status_code == 409


def test_what_is_wrong_is_told_and_nothing_written(web: BookClient, login: Login) -> None:
    made = world()
    login()
    order_id = saved(web, "/sales-orders/new", form(made, "sales", line(made)))
    new = f"/sales-orders/{order_id}/standing"
    good = {"rhythm": "weekly", "every": "1", "next_on": DAY, "is_active": "1",
            "intent": str(uuid4())}  # fmt: skip
    yesterday = (TODAY - timedelta(days=1)).isoformat()
    for wrong, sentence in (
        ({"next_on": ""}, "请填写下次日期"),
        ({"next_on": yesterday}, "不能早于今天"),
        ({"every": "1.5"}, "不是有效数字"),
        ({"every": "99"}, "1 到 52"),
        ({"rhythm": "x"}, "按周或按月"),
    ):
        answer = web.post(new, good | wrong)
        assert answer.status_code == 422
        assert sentence in answer.content.decode()
    assert StandingOrder.objects.count() == 0
    assert web.get("/standing-orders/999").status_code == 404
    login("AUDIT_ADMIN")
    assert web.get("/standing-orders/").status_code == 403
    assert web.get(new).status_code == 403
