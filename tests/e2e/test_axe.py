"""axe finds nothing on the real pages: dark on the desk, light on the phone."""

from typing import Literal

import pytest
from playwright.sync_api import Page, expect

from hengcang.books.models import Book
from hengcang.identity import actions
from tests.e2e.conftest import Enter
from tests.pages.preview import AXE, SIZES, violations
from tests.web.masters.walks import with_costs
from tests.worlds import World, world

LOOKS: list[tuple[str, Literal["light", "dark"]]] = [
    ("desk", "dark"),
    ("phone", "light"),
]
pytestmark = pytest.mark.skipif(not AXE.exists(), reason="needs npm ci in frontend/")


def pages(made: World, documents: dict[str, int]) -> list[str]:
    item = made.items[0].pk
    cards = [f"{kind}/{pk}" for kind, pk in documents.items()]
    return [
        "",
        *cards,
        "sales-orders/",
        "sales-orders/new",
        "items/",
        "items/new",
        f"items/{item}",
        f"customers/{made.customer.pk}",
        "customers/new",
        "items/families/new",
        "warehouses/",
        "stock/",
        "stock/ledger",
        f"stock/ledger?item={item}",
        f"money/{made.customer.pk}",
        "periods/",
        "periods/2026-09/reopen",
        "audit/",
        "users/new",
        "roles/",
        "roles/1",
        "api-keys/new",
        "integrity/",
        "password",
    ]


@pytest.mark.parametrize(("size", "theme"), LOOKS)
def test_every_page_is_accessible(
    fresh_book: Book, enter: Enter, size: str, theme: Literal["light", "dark"]
) -> None:
    made = world()
    documents = with_costs(made)
    page = enter("OWNER")
    width, height = SIZES[size]
    page.set_viewport_size({"width": width, "height": height})
    page.emulate_media(color_scheme=theme)
    found: dict[str, list[str]] = {}
    for path in pages(made, documents):
        response = page.goto(path)
        assert response is not None
        assert response.ok, path
        if problems := violations(page):
            found[path] = problems
    assert not found


def test_a_form_that_comes_back_is_accessible(enter: Enter) -> None:
    world()
    page = enter("OWNER")
    page.goto("items/new")
    page.locator("#f-code").fill("纸")
    page.keyboard.press("Control+s")
    expect(page.locator("#e-name")).to_have_text("请填写商品名称。")
    expect(page.locator("#f-name")).to_be_focused()
    assert violations(page) == []
    page.locator("#f-name").fill("复印纸")
    page.locator("#f-base_uom").fill("包")
    page.keyboard.press("Control+s")
    expect(page.locator("#e-code")).to_contain_text("含有不允许的字符")
    expect(page.locator("#f-name")).to_have_value("复印纸")
    page.locator("#f-code").fill("A4")
    page.keyboard.press("Control+s")
    expect(page.locator("h1")).to_have_text("复印纸")


def test_a_new_company_starts_and_logs_in(fresh_book: Book, address: str, browser: object) -> None:
    link = f"{address}/b/{fresh_book.code}/setup/{actions.offer_setup()}"
    page: Page = browser.new_page()  # type: ignore[attr-defined]
    page.set_default_timeout(10_000)
    page.goto(link)
    assert violations(page) == []
    for name, value in (
        ("company", "杭州恒远商贸有限公司"),
        ("warehouse_name", "杭州总仓"),
        ("username", "chenxiaowen"),
        ("owner_name", "陈晓雯"),
        ("password", "hong-shao-rou-88"),
        ("again", "hong-shao-rou-88"),
    ):
        page.locator(f"[name={name}]").fill(value)
    page.get_by_text("每个仓库各算各的").click()
    page.get_by_role("button", name="启用账套").click()
    expect(page.locator("h1")).to_contain_text("晓雯")
    page.locator("summary.ava").click()
    page.get_by_role("button", name="退出登录").click()
    expect(page.locator("h1")).to_have_text("登录")
    assert violations(page) == []
    page.fill("#username", "chenxiaowen")
    page.fill("#password", "hong-shao-rou-88")
    page.keyboard.press("Enter")
    expect(page.locator("nav.side")).to_be_visible()
    page.close()
