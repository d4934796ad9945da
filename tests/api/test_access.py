"""Who gets in: a good key of this book, or a session with its token. Never a redirect."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from hengcang.books.models import Book
from hengcang.identity import actions
from hengcang.identity.models import ApiKey, User
from hengcang.kernel.actor import SYSTEM
from tests.api.clients import FOREVER, Api, api_as, api_of, user_with
from tests.worlds import World


def refused(response: Any) -> tuple[int, str]:
    return response.status_code, response.json()["code"]


def test_a_key_says_who_asks(owner: Api) -> None:
    me = owner.told("/me")
    assert me["name"] == "owner"
    assert "sales_order.approve" in me["permissions"]


def test_a_key_may_stand_in_either_header(owner: Api) -> None:
    response = Client().get("/api/v1/me", headers={"X-API-Key": owner.key})
    assert response.status_code == 200


def test_a_key_works_under_the_path_of_its_book_too(owner: Api, book: Book) -> None:
    inside = Api(book.code, owner.key, prefix=f"/b/{book.code}/api/v1")
    assert inside.told("/me")["name"] == "owner"


@pytest.mark.parametrize(
    "spoil",
    [
        lambda key: key[:-1] + ("a" if key[-1] != "a" else "b"),
        lambda key: key.rpartition("_")[0] + "_",
        lambda key: key.replace("hc_", "xx_"),
        lambda key: "",
        lambda key: "hc_no-such-book_1_" + "x" * 43,
    ],
)
def test_a_wrong_key_is_401_or_names_no_book(owner: Api, spoil: Any) -> None:
    response = Api(owner.book, spoil(owner.key) or "x").get("/me")
    assert response.status_code in (401, 404)
    assert response.json()["code"] in ("not_logged_in", "no_api_key", "no_such_place")


def test_a_revoked_key_is_401_at_once(owner: Api) -> None:
    key_id = ApiKey.objects.get().pk
    assert owner.made(f"/api-keys/{key_id}/revoke", None) == {"id": key_id}
    response = owner.get("/me")
    assert refused(response) == (401, "not_logged_in")
    assert response["WWW-Authenticate"] == "Bearer"


def test_an_expired_key_is_401(book: Book, company: World) -> None:
    user = user_with("OWNER")
    issued = actions.issue_api_key(user.pk, "旧", date(2026, 1, 1), actor=SYSTEM)
    api = Api(book.code, f"hc_{book.code}_{issued.id}_{issued.secret}")
    assert refused(api.get("/me")) == (401, "not_logged_in")


def test_the_key_of_a_disabled_user_is_401(owner: Api, book: Book) -> None:
    user = user_with("SALES")
    seller = api_of(book.code, user)
    assert seller.told("/me")["name"] == "sales"
    owner.made(f"/users/{user.pk}/disable", None)
    assert refused(seller.get("/me")) == (401, "not_logged_in")


def test_a_right_taken_away_is_gone_with_the_next_request(owner: Api, book: Book) -> None:
    user = user_with("SALES")
    seller = api_of(book.code, user)
    assert seller.get("/sales-orders").status_code == 200
    user.roles.clear()
    assert refused(seller.get("/sales-orders")) == (403, "forbidden")


def session_api(book: Book, user: User, *, enforce: bool) -> Api:
    """A person logged in by the pages; with CSRF checked as in a browser."""
    client = Client(enforce_csrf_checks=enforce)
    client.defaults["HTTP_HOST"] = "localhost"
    api = Api(book.code, prefix=f"/b/{book.code}/api/v1", client=client)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return api


def test_a_session_reads_but_writes_only_with_the_token(book: Book, company: World) -> None:
    api = session_api(book, user_with("OWNER"), enforce=True)
    assert api.told("/me")["name"] == "owner"
    body = {"code": "W9", "name": "新仓"}
    assert refused(api.post("/warehouses", body)) == (403, "csrf_failed")
    session = api.client.session
    session["_csrftoken"] = "a" * 32
    session.save()
    token = {"X_CSRFToken": "a" * 32}
    assert api.post("/warehouses", body, **token).status_code == 201


def test_a_session_does_not_save_a_wrong_key(book: Book, company: World) -> None:
    api = session_api(book, user_with("OWNER"), enforce=False)
    api.key = f"hc_{book.code}_1_" + "x" * 43
    assert refused(api.get("/me")) == (401, "not_logged_in")


def test_a_first_password_must_be_changed_before(book: Book, company: World) -> None:
    user = user_with("OWNER")
    User.objects.filter(pk=user.pk).update(must_change_password=True)
    api = session_api(book, user, enforce=False)
    assert refused(api.get("/me")) == (403, "password_change_required")


def test_a_stranger_gets_401_under_the_path_of_the_book(book: Book, company: World) -> None:
    api = Api(book.code, prefix=f"/b/{book.code}/api/v1")
    response = api.get("/items")
    assert refused(response) == (401, "not_logged_in")
    assert "Location" not in response


def test_a_key_is_shown_once(owner: Api, book: Book) -> None:
    user = user_with("SALES")
    body = {"user_id": user.pk, "name": "对接", "expires_on": str(FOREVER)}
    issued = owner.made("/api-keys", body)
    assert Api(book.code, issued["key"]).told("/me")["name"] == "sales"
    listed = owner.get("/api-keys").content.decode()
    assert issued["key"].rpartition("_")[2] not in listed


def test_a_warehouse_out_of_scope_is_not_found(owner: Api, book: Book, company: World) -> None:
    near, far = company.warehouses
    keeper = api_as(book.code, "STOREKEEPER", warehouse_ids=[near.pk])
    assert [w["id"] for w in keeper.told("/warehouses")] == [near.pk]
    for path in (
        f"/warehouses/{far.pk}",
        f"/item-ledgers/{company.items[0].pk}?warehouse_id={far.pk}",
    ):
        assert refused(keeper.get(path)) == (404, "not_found")
    assert keeper.told(f"/stock-balances?warehouse_id={far.pk}")["rows"] == []
