"""采购报表 on the pages, as a file and by programs."""

import pytest

from hengcang.books.models import Book
from hengcang.kernel.actor import SYSTEM
from hengcang.purchasing.actions.policy import PolicyDraft, save_purchase_policy
from hengcang.purchasing.actions.reports import make_due_report
from hengcang.purchasing.watching_models import PurchaseReport
from tests.api.clients import api_as
from tests.conftest import BookClient
from tests.documents.trade import received, sent_back
from tests.web.conftest import Login
from tests.worlds import GO_LIVE, TODAY, World, world

PAGE = "/purchase-report/"


@pytest.fixture
def made(book: Book) -> World:
    found = world()
    sent_back(found, received(found, "5", "8"), "1")
    received(found, "3", "7", GO_LIVE)
    return found


def test_this_month_and_any_days(web: BookClient, login: Login, made: World) -> None:
    login("BUYER")
    page = web.get(PAGE).content.decode()
    assert "40.00" in page
    assert "32.00" in page
    assert "61.00" in web.get(f"{PAGE}?from=2026-09-01").content.decode()
    for by in ("item", "month", "supplier", "nonsense"):
        assert web.get(f"{PAGE}?by={by}").status_code == 200
    reversed_days = web.get(f"{PAGE}?from=2026-11-20&to=2026-11-01").content.decode()
    assert "早于起始日期" in reversed_days
    assert "不是有效日期" in web.get(f"{PAGE}?from=2026-13-01").content.decode()


def test_the_file(web: BookClient, login: Login, made: World) -> None:
    item = made.items[0]
    item.name = "=1+1"
    item.save()
    login("BUYER")
    answer = web.get(f"{PAGE}file?by=item&from=2026-09-01&to={TODAY}")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("编码,商品,入库单（张）,入库数量")
    assert lines[1] == "S001,'=1+1,2,8.000000,61.00,0.00,61.00,1.000000,8.00,8.00"
    assert lines[-1].startswith(",合计,2,8.000000,61.00")
    assert web.get(f"{PAGE}file?from=2026-11-20&to=2026-11-01").status_code == 422
    assert web.get(f"{PAGE}file?from=x").status_code == 422


def test_kept_ones(web: BookClient, login: Login, made: World) -> None:
    save_purchase_policy(PolicyDraft(report_every="month"), 1, actor=SYSTEM)
    assert make_due_report(on=TODAY, actor=SYSTEM)
    kept = PurchaseReport.objects.get()
    login("PURCHASE_LEAD")
    assert "2026-10-01 至 2026-10-31" in web.get(f"{PAGE}kept/").content.decode()
    assert "合计" in web.get(f"{PAGE}kept/{kept.pk}?by=item").content.decode("utf-8-sig")
    assert web.get(f"{PAGE}kept/999999").status_code == 404


def test_who_may_not_see_costs(web: BookClient, login: Login, made: World) -> None:
    login("STOREKEEPER")
    for path in ("", "file", "kept/", "kept/1"):
        assert web.get(PAGE + path).status_code == 403


def test_programs(book: Book, made: World) -> None:
    save_purchase_policy(PolicyDraft(report_every="month"), 1, actor=SYSTEM)
    kept = make_due_report(on=TODAY, actor=SYSTEM)
    assert kept is not None
    owner = api_as(book.code, "OWNER")
    told = owner.told("/purchase-report?by=item&first=2026-09-01&last=2026-11-30")
    assert told["rows"][0]["quantity"] == "8"
    assert (told["total"]["gross"], told["total"]["returned_gross"]) == ("61.00", "8.00")
    assert owner.get("/purchase-report?first=2026-09-01").status_code == 422
    assert owner.get("/purchase-report?first=2026-09-31&last=2026-11-30").status_code == 422
    assert owner.get("/purchase-report?first=2026-09-02&last=2026-09-01").status_code == 422
    (row,) = owner.told("/purchase-reports")["rows"]
    assert row["id"] == kept.pk
    assert owner.told(f"/purchase-reports/{kept.pk}")[-1]["gross"] == "0.00"
    keeper = api_as(book.code, "STOREKEEPER")
    assert keeper.get("/purchase-report?first=2026-09-01&last=2026-11-30").status_code == 403
    assert keeper.get("/purchase-reports").status_code == 403
