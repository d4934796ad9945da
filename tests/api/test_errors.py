"""Whatever goes wrong, the answer has one shape."""

from typing import Any

import pytest
from django.db import OperationalError

from hengcang.books.models import Book
from hengcang.catalog import queries as catalog
from tests.api.clients import Api, api_as
from tests.worlds import World

SHAPE = {"code", "message", "facts"}


def test_unknown_addresses_under_api(owner: Api) -> None:
    for prefix in ("/api/v1", f"/b/{owner.book}/api/v1", f"/b/{owner.book}/api"):
        for method in ("GET", "POST", "DELETE"):
            api = Api(owner.book, owner.key, prefix=prefix)
            response = api.send(method, "/no-such-thing/7", {})
            assert (response.status_code, response.json()["code"]) == (404, "no_such_place")
            assert set(response.json()) == SHAPE


def test_an_unknown_verb_or_an_id_that_is_no_number(owner: Api) -> None:
    for path in ("/sales-orders/1/explode", "/sales-orders/x", "/sales-orders/-1", "/items/1/"):
        assert owner.post(path, {}).json()["code"] == "no_such_place"


def test_a_wrong_method(owner: Api) -> None:
    response = owner.send("DELETE", "/sales-orders")
    problem = response.json()
    assert (response.status_code, problem["code"]) == (405, "method_not_allowed")
    assert set(response["Allow"].split(", ")) == {"GET", "POST"}
    assert "DELETE" in problem["message"]


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_a_body_that_is_not_json(owner: Api, kind: str) -> None:
    response = owner.client.post(
        "/api/v1/warehouses",
        "code=W9",
        content_type=kind,
        headers={"Authorization": f"Bearer {owner.key}"},
    )
    assert (response.status_code, response.json()["code"]) == (415, "body_type_unknown")


def test_a_missing_body(owner: Api) -> None:
    response = owner.send("POST", "/warehouses")
    assert response.status_code in (415, 422)
    assert set(response.json()) >= SHAPE


def test_what_nobody_foresaw(
    owner: Api, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def explode(*_: Any) -> None:
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr(catalog, "items", explode)
    response = owner.get("/items")
    problem = response.json()
    assert (response.status_code, problem["code"]) == (500, "unexpected")
    assert "secret" not in response.content.decode()
    assert problem["facts"]["incident"] in caplog.text
    assert "secret detail" in caplog.text


def test_a_busy_database(owner: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    def wait(*_: Any) -> None:
        raise OperationalError("lock timeout")

    monkeypatch.setattr(catalog, "items", wait)
    response = owner.get("/items")
    assert (response.status_code, response.json()["code"]) == (503, "busy")
    assert response["Retry-After"] == "1"


def test_a_missing_right_is_403_with_its_name(book: Book, company: World) -> None:
    problem = api_as(book.code, "SALES").get("/audit-lines").json()
    assert problem["code"] == "forbidden"
    assert "查看审计日志" in problem["message"]


def test_something_that_is_not_there(owner: Api) -> None:
    for path in ("/items/99", "/partners/99", "/sales-orders/99", "/users/99", "/warehouses/99"):
        response = owner.get(path)
        assert (response.status_code, response.json()["code"]) == (404, "not_found")


def test_ids_no_column_can_hold(owner: Api) -> None:
    huge = 10**30
    for path in (
        f"/items/{huge}",
        f"/sales-orders/{huge}",
        f"/item-ledgers/{huge}",
        f"/partner-ledgers/{huge}",
        f"/sales-orders?partner_id={huge}",
        f"/stock-balances?warehouse_id={huge}",
        f"/documents?warehouse_id={huge}",
        f"/sales-orders/{huge}/timeline",
    ):
        assert owner.get(path).status_code in (200, 404, 422), path
