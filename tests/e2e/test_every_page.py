"""Every page there is, in a browser: axe finds nothing, nothing is wider than the window, and the
console is silent; on the desk and on the phone, light and dark.
"""

from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
from playwright.sync_api import Page

from hengcang.books.models import Book
from hengcang.identity.models import User
from tests.conftest import BookClient
from tests.e2e.conftest import Enter
from tests.pages.preview import AXE, SIZES, WIDER, violations
from tests.web.masters.walks import named_addresses, with_costs
from tests.web.whole_pages import whole_pages
from tests.worlds import World, world

PARTS = 8  # so that each part ends well within a test's time
SET_UP = frozenset({"login", "setup"})  # pages for who is not logged in: see test_axe
PAPER = "document-print"
pytestmark = pytest.mark.skipif(not AXE.exists(), reason="needs npm ci in frontend/")


@pytest.mark.timeout(240)
@pytest.mark.parametrize("part", range(PARTS))
def test_every_page_is_accessible(fresh_book: Book, enter: Enter, part: int) -> None:
    made = world()
    documents = with_costs(made)
    page = enter("OWNER")
    pages = known_pages(fresh_book, made, documents)
    said: list[str] = []
    page.on("console", lambda heard: said.append(heard.text) if heard.type == "error" else None)
    found = [
        f"{path} {wrong}"
        for name, path in pages[part::PARTS]
        for wrong in looked_at(page, path, fits=name != PAPER)
    ]
    assert "\n".join([*found, *said]) == ""


KNOWN: list[tuple[str, str]] = []
"""The pages, once found: a book filled in the same way has the same addresses."""


def known_pages(book: Book, made: World, documents: dict[str, int]) -> list[tuple[str, str]]:
    client = BookClient(book.code)
    client.force_login(User.objects.get(), backend="django.contrib.auth.backends.ModelBackend")
    if KNOWN:
        list(named_addresses(made, documents))  # makes what the addresses are of
    else:
        found = whole_pages(client, made, documents)
        KNOWN.extend(each for each in found if each[0] not in SET_UP)
    return KNOWN


def looked_at(page: Page, path: str, *, fits: bool) -> Iterator[str]:
    """What is wrong with a page in any of its looks. Papers are as wide as paper is."""
    response = page.goto(path.removeprefix("/"))
    if response is None or not response.ok:
        yield "cannot be opened"
    themes: tuple[Any, ...] = ("light", "dark")
    for (size, (width, height)), theme in product(SIZES.items(), themes):
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")  # no colour in between
        for problem in violations(page):
            yield f"{size} {theme}: {problem}"
        if fits and theme == "light" and page.evaluate(WIDER):
            yield f"{size}: wider than the window"
