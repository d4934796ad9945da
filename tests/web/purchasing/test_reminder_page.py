"""到货提醒 on the pages and by programs."""

from datetime import timedelta

from hengcang.books.models import Book
from hengcang.kernel.actor import SYSTEM
from hengcang.purchasing.actions.reminders import make_reminders
from hengcang.purchasing.watching_models import PurchaseReminder
from tests.api.clients import api_as
from tests.conftest import BookClient
from tests.web.conftest import Login
from tests.web.documents.forms import form, line, saved
from tests.worlds import TODAY, World, world

LIST = "/purchase-reminders/"


def _late(web: BookClient, made: World, days: int = 2) -> PurchaseReminder:
    due = (TODAY - timedelta(days=days)).isoformat()
    posted = form(made, "purchase", line(made, "10", "3"), due_date=due, verb="approve")
    saved(web, "/purchase-orders/new", posted)
    make_reminders(on=TODAY, actor=SYSTEM)
    return PurchaseReminder.objects.get()


def test_it_is_seen_handled_and_kept(web: BookClient, login: Login) -> None:
    made = world()
    login("PURCHASE_LEAD")
    found = _late(web, made)
    page = web.get(LIST).content.decode()
    assert "逾期 2 天" in page
    assert "到货提醒 1 条" in web.get("/").content.decode()
    close = f"{LIST}{found.pk}/close"
    assert web.get(close).status_code == 200
    assert web.post(close, {"reason": ""}).status_code == 422
    assert web.post(close, {"reason": "周五到"}).status_code == 302
    assert "没有等您处理的到货提醒" in web.get(LIST).content.decode()
    assert "周五到" in web.get(f"{LIST}?view=closed").content.decode()
    assert web.post(close, {"reason": "又一次"}).status_code == 422
    assert "到货提醒 1 条" not in web.get("/").content.decode()


def test_an_escalated_one_is_for_the_lead(web: BookClient, login: Login) -> None:
    made = world()
    login()
    found = _late(web, made, days=30)
    login("BUYER")
    assert "没有等您处理" in web.get(LIST).content.decode()
    assert "已升级" in web.get(f"{LIST}?view=all").content.decode()
    assert web.post(f"{LIST}{found.pk}/close", {"reason": "催了"}).status_code == 403
    login("SECURITY_ADMIN")
    assert web.get(LIST).status_code == 403
    assert web.get(f"{LIST}{found.pk}/close").status_code == 403


def test_odd_addresses(web: BookClient, login: Login) -> None:
    made = world()
    login()
    _late(web, made)
    for odd in ("?after=x", "?after=2026-99-99.1", "?view=nothing", "?after=2026-11-01.99"):
        assert web.get(LIST + odd).status_code == 200, odd
    assert web.get(f"{LIST}999999/close").status_code == 404


def test_programs(book: Book, web: BookClient, login: Login) -> None:
    made = world()
    login()
    found = _late(web, made)
    owner = api_as(book.code, "OWNER")
    (row,) = owner.told("/purchase-reminders")["rows"]
    assert (row["stage"], row["ordered"], row["item"]["code"]) == ("late", "10", "S001")
    assert owner.told("/purchase-reminders?mine=true")["rows"] == []
    one = f"/purchase-reminders/{found.pk}/close"
    assert owner.post(one, {"note": ""}).status_code == 422
    assert owner.post(one, {"note": "好", "more": 1}).status_code == 422
    assert api_as(book.code, "STOREKEEPER").post(one, {"note": "好"}).status_code == 403
    assert owner.post(one, {"note": "周五到"}).json()["closed_why"] == "by_hand"
    assert owner.post(one, {"note": "周五到"}).status_code == 409
    assert owner.told("/purchase-reminders?closed=true")["rows"][0]["note"] == "周五到"
