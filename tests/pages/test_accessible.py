"""axe finds nothing on any sample page nor in open boxes: dark on the desk, light on the phone."""

from collections.abc import Iterator
from typing import Any

import pytest

pytest.importorskip("playwright")
from playwright.sync_api import Page

from tests.pages import samples
from tests.pages.preview import AXE, SIZES, violations
from tests.pages.test_islands import CHROMIUM, address, browser, pytestmark

__all__ = ["CHROMIUM", "address", "browser"]
pytestmark = [
    *pytestmark,
    pytest.mark.skipif(not AXE.exists(), reason="needs npm ci in frontend/"),
]
LOOKS = [("desk", "dark"), ("phone", "light")]


@pytest.fixture(params=LOOKS, ids="-".join, scope="module")
def context(request: Any, browser: Any, address: str) -> Iterator[Any]:
    size, theme = request.param
    width, height = SIZES[size]
    opened = browser.new_context(
        base_url=address,
        viewport={"width": width, "height": height},
        color_scheme=theme,
        bypass_csp=True,  # axe is injected
    )
    yield opened
    opened.close()


@pytest.fixture
def page(context: Any) -> Iterator[Page]:
    opened = context.new_page()
    opened.set_default_timeout(5000)
    yield opened
    opened.close()


@pytest.mark.parametrize("name", samples.PAGES)
def test_a_page_is_accessible(page: Page, name: str) -> None:
    page.goto(f"/{name}")
    assert violations(page) == []


OPENED = {
    "palette": ("/home", lambda page: page.keyboard.press("Control+k")),
    "keys": ("/list", lambda page: page.keyboard.press("?")),
    "columns": ("/list", lambda page: page.locator("main summary").click()),
    "selection": ("/list", lambda page: page.locator("[name=id]").first.check()),
    "calendar": ("/editor", lambda page: page.locator("[name=due_date]").press("ArrowDown")),
    "items": (
        "/editor",
        lambda page: page.locator("#line-7 [data-k=item]").fill("灯"),
    ),
    "partners": ("/editor", lambda page: page.locator("#f-partner").fill("南京")),
    "stock": ("/editor", lambda page: page.locator("#line-1 [data-peek]").click()),
    "paste": ("/editor", lambda page: page.locator("[data-paste]").click()),
    "reason": ("/editor", lambda page: page.locator("[data-reason]").click()),
}


@pytest.mark.parametrize("box", OPENED)
def test_an_open_box_is_accessible(page: Page, box: str) -> None:
    address, act = OPENED[box]
    page.goto(address)
    act(page)
    page.wait_for_timeout(300)
    assert violations(page) == []
