"""First setup: one link, one time, all or nothing."""

from datetime import date

import pytest

from hengcang.books.models import Book
from hengcang.identity import actions
from hengcang.identity.models import Role, User
from hengcang.ledger import queries
from hengcang.places.models import Warehouse
from tests.conftest import BookClient

FILLED = {
    "company": "杭州恒远商贸有限公司",
    "go_live": "2026-11-01",
    "taxpayer": "small",
    "cost_scope": "warehouse",
    "warehouse_code": "ck01",
    "warehouse_name": "杭州总仓",
    "username": "chenxiaowen",
    "owner_name": "陈晓雯",
    "password": "hong-shao-rou-88",
    "again": "hong-shao-rou-88",
}


@pytest.fixture
def link(book: Book) -> str:
    return f"/setup/{actions.offer_setup()}"


def nothing_there() -> bool:
    return not (User.objects.exists() or Warehouse.objects.exists() or queries.is_live())


def test_the_owner_starts_the_book(web: BookClient, link: str) -> None:
    page = web.get(link).content.decode()
    assert "成本范围一旦启用就不能更改" in page
    response = web.post(link, FILLED)
    assert response.status_code == 302
    assert response["Location"] == f"/b/{web.code}/"
    terms = queries.terms()
    assert (terms.company_name, terms.cost_scope, terms.taxpayer) == (
        "杭州恒远商贸有限公司",
        "warehouse",
        "small",
    )
    assert terms.go_live_date == date(2026, 11, 1)
    assert Warehouse.objects.get().code == "CK01"
    owner = User.objects.get()
    assert set(owner.roles.values_list("code", flat=True)) == {"OWNER", "SYSTEM_ADMIN"}
    assert not owner.must_change_password
    assert Role.objects.filter(code="STOREKEEPER").exists()
    assert web.get("/").status_code == 200


def test_a_link_works_once(web: BookClient, link: str) -> None:
    web.post(link, FILLED)
    again = BookClient(web.code)
    for method in (again.get, again.post):
        response = method(link)
        assert response.status_code == 404
        assert "设置链接无效或已使用" in response.content.decode()
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("company", "", "请填写公司名称"),
        ("go_live", "2026-13-01", "不是有效日期"),
        ("go_live", "2027-01-01", "晚于今天"),
        ("cost_scope", "", "请填写这一项"),
        ("taxpayer", "boss", "请填写这一项"),
        ("warehouse_code", "仓😀", "含有不允许的字符"),
        ("username", "", "请填写用户名"),
        ("password", "12345678", "两次输入的密码不同"),
        ("again", "other", "两次输入的密码不同"),
    ],
)
def test_a_mistake_writes_nothing(
    web: BookClient, link: str, name: str, value: str, sentence: str
) -> None:
    response = web.post(link, FILLED | {name: value})
    assert response.status_code == 422
    page = response.content.decode()
    assert sentence in page
    assert FILLED["password"] not in page
    assert nothing_there()
    assert web.post(link, FILLED).status_code == 302


def test_a_weak_password_is_refused(web: BookClient, link: str) -> None:
    response = web.post(link, FILLED | {"password": "12345678", "again": "12345678"})
    assert response.status_code == 422
    assert "密码不够安全" in response.content.decode()
    assert nothing_there()


def test_the_link_of_the_command_line_leads_to_the_wizard(web: BookClient, link: str) -> None:
    response = web.get("/setup/", {"token": link.rpartition("/")[2]})
    assert response["Location"] == f"/b/{web.code}{link}"
