"""Every address: strangers are stopped, no role finds a broken one."""

import re

import pytest

from hengcang.books.models import Book
from hengcang.identity.roles import TEMPLATES
from tests.api.clients import Api, api_as, api_of, user_with
from tests.api.rows import nothing_written
from tests.api.walks import Operation, Shop, filled, operations
from tests.worlds import World


def body_of(operation: Operation) -> dict[str, object] | None:
    """Enough for a verb; any other operation refuses it."""
    return None if operation.method == "GET" else {"version": 1, "reason": "试"}


CALM = {200, 201, 403, 404, 409, 422}


@pytest.fixture
def shop(owner: Api, company: World) -> Shop:
    return filled(owner, company)


def test_there_is_a_lot_to_walk() -> None:
    assert len(operations()) > 120


def test_a_stranger_is_stopped_everywhere(book: Book) -> None:
    for operation in operations():
        path = operation.path.replace("{month}", "2026-09")
        path = re.sub(r"\{[a-z_]+\}", "1", path)
        body = body_of(operation)
        for prefix in ("/api/v1", f"/b/{book.code}/api/v1"):
            response = Api(book.code, prefix=prefix).send(operation.method, path, body)
            assert response.status_code == 401, operation
            assert response.json()["code"] in ("not_logged_in", "no_api_key")
            assert "Location" not in response


@pytest.mark.parametrize("role", [template.code for template in TEMPLATES])
def test_no_role_finds_a_broken_address(book: Book, shop: Shop, role: str) -> None:
    user = user_with(role, name="walker", warehouse_ids=[shop.ids["warehouses"]])
    api = api_of(book.code, user)
    for operation in operations():
        for address in shop.addresses(operation):
            response = api.send(operation.method, address, body_of(operation))
            assert response.status_code in CALM, (operation, response.content.decode())


def test_who_may_nothing_reads_and_writes_nothing(book: Book, shop: Shop) -> None:
    api = api_as(book.code)
    with nothing_written():
        for operation in operations():
            for address in shop.addresses(operation):
                response = api.send(operation.method, address, body_of(operation))
                free = response.status_code == 200
                assert not free or operation.path in FREE, operation


FREE = {"/me", "/book", "/periods", "/documents"}  # the last is empty for them
