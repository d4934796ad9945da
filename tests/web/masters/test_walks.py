"""Walks over every address: strangers get nowhere, and costs never reach who may not see them."""

import pytest

from hengcang.books.models import Book
from tests.conftest import BookClient
from tests.web.conftest import Login
from tests.web.masters.walks import COST_FIGURES, addresses, with_costs
from tests.worlds import world

OPEN = ("/login", "/setup/", "/logout")


def test_a_stranger_gets_nowhere(book: Book, web: BookClient) -> None:
    made = world()
    for path in addresses(made, with_costs(made)):
        for method in (web.get, web.post):
            response = method(path)
            sent_to_login = response.status_code == 302 and "/login" in response["Location"]
            public = path.startswith(OPEN) and response.status_code in (200, 302, 401)
            assert sent_to_login or public or response.status_code in (404, 405), (path, response)


@pytest.mark.parametrize("role", ["STOREKEEPER", "SALES_LEAD"])
def test_costs_never_reach_who_may_not_see_them(
    book: Book, web: BookClient, login: Login, role: str
) -> None:
    made = world()
    documents = with_costs(made)
    login(role)
    opened = 0
    for path in addresses(made, documents):
        response = web.get(path)
        assert response.status_code in (200, 302, 403, 404, 405, 409, 422), (path, response)
        opened += response.status_code == 200
        page = response.content.decode(errors="replace")
        assert not [figure for figure in COST_FIGURES if figure in page], (path, page[:200])
    assert opened > 10


def test_the_walk_would_see_costs(book: Book, web: BookClient, login: Login) -> None:
    made = world()
    documents = with_costs(made)
    login("OWNER")
    showing = 0
    for path in addresses(made, documents):
        page = web.get(path).content.decode(errors="replace")
        showing += any(figure in page for figure in COST_FIGURES)
    assert showing > 15


@pytest.mark.parametrize("role", ["STOREKEEPER", "SALES", "AUDIT_ADMIN", "SECURITY_ADMIN"])
def test_settings_are_closed_to_who_may_not_change_them(
    book: Book, web: BookClient, login: Login, role: str
) -> None:
    made = world()
    login(role)
    closed = [
        "/users/",
        "/users/new",
        "/api-keys/",
        "/api-keys/new",
        "/periods/",
        "/periods/2026-09/close",
        "/periods/2026-09/reopen",
        "/warehouses/new",
        f"/warehouses/{made.warehouses[0].pk}",
        "/items/new",
        f"/items/{made.items[0].pk}/change",
        "/items/families/new",
        "/customers/new",
    ]
    if role == "SECURITY_ADMIN":  # gives roles: sees who there is
        closed.remove("/users/")
    for path in closed:
        for method in (web.get, web.post):
            assert method(path).status_code in (403, 405), path
