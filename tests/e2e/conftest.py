"""A real browser on the real pages of a book of its own."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("playwright")
from playwright.sync_api import Page, expect, sync_playwright

from hengcang.books.models import Book
from hengcang.identity.models import Role, User
from hengcang.identity.roles import TEMPLATES
from hengcang.web import clock
from tests.conftest import BookClient
from tests.e2e.serving import served
from tests.pages.preview import ARGUMENTS
from tests.worlds import TODAY

CHROMIUM = "/usr/bin/chromium"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here is a person's job in a browser."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.e2e)
            if not Path(CHROMIUM).exists():
                item.add_marker(pytest.mark.skip(reason="needs Debian's chromium"))


@pytest.fixture(scope="session")
def address(template: str) -> Iterator[str]:
    with served() as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield launched
        launched.close()


expect.set_options(timeout=15_000)  # also where several workers share two cores
Enter = Callable[[str], Page]


@pytest.fixture
def enter(
    fresh_book: Book, address: str, browser: Any, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Enter]:
    """Opens the book's pages as a new user with a role; an error in the console fails the test."""
    monkeypatch.setattr(clock, "today", lambda: TODAY)  # as in the books
    contexts: list[Any] = []
    said: list[str] = []

    def open_as(role: str) -> Page:
        inside = f"/b/{fresh_book.code}/"
        context = browser.new_context(
            base_url=f"{address}{inside}", viewport={"width": 1440, "height": 900}
        )
        contexts.append(context)
        session = _session(fresh_book, role)
        cookie = {"name": "hc_session", "value": session, "domain": "127.0.0.1", "path": inside}
        context.add_cookies([cookie])
        context.set_default_timeout(10_000)
        context.set_default_navigation_timeout(60_000)  # the first page of a process is slow
        page: Page = context.new_page()
        page.on("pageerror", lambda error: said.append(str(error)))
        return page

    yield open_as
    for context in contexts:
        context.close()
    assert said == []


def _session(book: Book, code: str) -> str:
    template = next(t for t in TEMPLATES if t.code == code)
    role = Role.objects.create(
        code=template.code,
        name=template.name,
        permissions=list(template.permissions),
        field_classes=list(template.field_classes),
        own_partners_only=template.own_partners_only,
    )
    user = User.objects.create(username=code.lower(), name="陈晓雯")
    user.roles.add(role)
    client = BookClient(book.code)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client.cookies["hc_session"].value
