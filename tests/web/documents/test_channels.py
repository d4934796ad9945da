"""Channel and salesperson on the pages, and the page of channels itself."""

from hengcang.identity.models import User
from hengcang.sales.models import SalesChannel, SalesOrder
from tests.conftest import BookClient
from tests.web.conftest import Login
from tests.web.documents.forms import field_error, form, htmx, line, saved
from tests.worlds import world


def test_an_order_says_its_channel_and_whose_it_is(web: BookClient, login: Login) -> None:
    made = world()
    login()
    way = SalesChannel.objects.get(code="ONLINE")
    person = User.objects.create(username="wf", name="王芳", password="!")
    credited = {"channel": str(way.pk), "salesperson": str(person.pk)}
    asked = form(made, "sales", line(made), verb="approve", **credited)
    order_id = saved(web, "/sales-orders/new", asked)
    page = web.get(f"/sales-orders/{order_id}").content.decode()
    assert "电商" in page
    assert "王芳" in page
    assert "销售渠道" in web.get("/sales-orders/new").content.decode()
    rows = web.get(f"/sales-orders/?channel={way.pk}&salesperson={person.pk}").content.decode()
    assert rows.count("<tr data-row") == 1
    assert web.get("/sales-orders/?channel=1").content.decode().count("<tr data-row") == 0
    wrong = form(made, "sales", line(made), channel="999")
    answer = htmx(web, "/sales-orders/new", wrong)
    assert answer.status_code == 422
    assert "销售渠道" in field_error(answer, "channel")
    assert SalesOrder.objects.count() == 1


def test_channels_are_made_and_changed(web: BookClient, login: Login) -> None:
    world()
    login()
    assert "批发" in web.get("/sales-channels/").content.decode()
    web.post("/sales-channels/new", {"code": "live", "name": "直播", "is_active": "1"})
    way = SalesChannel.objects.get(code="LIVE")
    path = f"/sales-channels/{way.pk}"
    assert "直播" in web.get(path).content.decode()
    web.post(path, {"code": "LIVE", "name": "直播间", "version": "1"})
    way.refresh_from_db()
    assert (way.name, way.is_active, way.version) == ("直播间", False, 2)
    again = web.post(path, {"code": "LIVE", "name": "又改", "version": "1"})
    assert again.status_code == 409
    assert web.post("/sales-channels/new", {"code": "", "name": ""}).status_code == 422
    assert web.get("/sales-channels/999").status_code == 404


def test_a_clerk_sees_channels_and_does_not_change_them(web: BookClient, login: Login) -> None:
    world()
    login("SALES")
    assert web.get("/sales-channels/").status_code == 200
    assert web.get("/sales-channels/new").status_code == 403
