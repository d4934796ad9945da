"""Login, lockout, logout, passwords."""

from typing import Any

import pytest
from django.contrib.auth import SESSION_KEY

from hengcang.books.models import Book
from hengcang.identity.actions import UserDraft, copy_role_templates, create_user, provide_user
from hengcang.identity.models import User
from hengcang.identity.queries import actor_of
from tests.conftest import BookClient
from tests.worlds import world

PASSWORD, WRONG = "mu-tou-ren-1979", "not-it-at-all"


@pytest.fixture
def user(book: Book) -> User:
    """Somebody with a password of his own choice."""
    world()
    copy_role_templates()
    return provide_user(UserDraft("zhoumin", "周敏", ("OWNER",), password=PASSWORD))


def post(web: BookClient, password: str, **more: str) -> Any:
    return web.post("/login", {"username": "zhoumin", "password": password, **more})


def test_the_right_password_opens_a_fresh_session(web: BookClient, user: User) -> None:
    web.get("/login")
    planted = web.session
    planted["mark"] = "1"
    planted.save()
    web.cookies["hc_session"] = planted.session_key or ""
    response = post(web, PASSWORD)
    assert response.status_code == 302
    assert web.session.session_key != planted.session_key
    assert web.session[SESSION_KEY] == str(user.pk)


def test_a_wrong_password_says_one_sentence_for_all(web: BookClient, user: User) -> None:
    known = post(web, WRONG)
    unknown = web.post("/login", {"username": "nobody", "password": WRONG})
    for response in (known, unknown):
        assert response.status_code == 401
        assert "用户名或密码不正确" in response.content.decode()
    assert WRONG not in known.content.decode()


def test_five_wrong_passwords_lock_even_the_right_one(web: BookClient, user: User) -> None:
    answers = [post(web, WRONG).status_code for _ in range(5)]
    assert answers[:4] == [401] * 4
    locked = post(web, PASSWORD)
    assert locked.status_code == 429
    assert "请 15 分钟后再试" in locked.content.decode()
    assert locked["Retry-After"] == "900"
    assert SESSION_KEY not in web.session


@pytest.mark.parametrize(
    "wanted",
    ["https://example.com/", "//example.com/", "/b/other/items/", "javascript:alert(1)", "/items/"],
)
def test_next_never_leaves_the_book(web: BookClient, user: User, wanted: str) -> None:
    response = post(web, PASSWORD, next=wanted)
    assert response["Location"] == f"/b/{web.code}/"


def test_next_leads_to_a_page_of_the_book(web: BookClient, user: User) -> None:
    wanted = f"/b/{web.code}/items/?q=1"
    assert web.get("/items/?q=1")["Location"].endswith(
        "/login?next=" + wanted.replace("?", "%3F").replace("=", "%3D")
    )
    assert post(web, PASSWORD, next=wanted)["Location"] == wanted


def test_logging_out_takes_a_post_and_ends_the_session(web: BookClient, user: User) -> None:
    post(web, PASSWORD)
    assert web.get("/logout").status_code == 405
    assert web.post("/logout")["Location"].endswith("/login")
    assert SESSION_KEY not in web.session


def test_the_own_password_needs_the_old_one(web: BookClient, user: User) -> None:
    post(web, PASSWORD)
    bad = web.post("/password", {"old_password": WRONG, "password": "x1" * 8, "again": "y"})
    page = bad.content.decode()
    assert bad.status_code == 422
    assert "当前密码不正确" in page
    assert "两次输入的密码不同" in page
    weak = web.post("/password", {"old_password": PASSWORD, "password": "123", "again": "123"})
    assert weak.status_code == 422
    assert "密码不够安全" in weak.content.decode()
    fresh = "hong-shao-rou-88"
    good = web.post("/password", {"old_password": PASSWORD, "password": fresh, "again": fresh})
    assert good.status_code == 302
    user.refresh_from_db()
    assert user.check_password(fresh)
    assert web.get("/").status_code == 200


def test_a_changed_password_ends_other_sessions(web: BookClient, user: User) -> None:
    other = BookClient(web.code)
    post(web, PASSWORD)
    post(other, PASSWORD)
    fresh = "hong-shao-rou-88"
    web.post("/password", {"old_password": PASSWORD, "password": fresh, "again": fresh})
    assert other.get("/").status_code == 302


def test_a_given_password_is_changed_before_anything_else(web: BookClient, user: User) -> None:
    create_user(
        UserDraft("litao", "李涛", ("STOREKEEPER",), password=PASSWORD), actor=actor_of(user)
    )
    web.post("/login", {"username": "litao", "password": PASSWORD})
    assert web.get("/stock/")["Location"].endswith("/password")
    assert "管理员为您设置的密码" in web.get("/password").content.decode()
    fresh = "hong-shao-rou-88"
    web.post("/password", {"old_password": PASSWORD, "password": fresh, "again": fresh})
    assert web.get("/stock/").status_code == 200


def test_odd_input_is_only_wrong(web: BookClient, user: User) -> None:
    for name, password in (
        ("zhou\x00min", "x"),
        ("zhoumin", "a\x00b"),
        ("", ""),
        ("周" * 500, "x"),
    ):
        response = web.post("/login", {"username": name, "password": password})
        assert response.status_code in (401, 429)
