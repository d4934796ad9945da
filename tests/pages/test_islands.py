"""The islands in a real browser, under the real content policy: what a clerk does by keyboard."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings

pytest.importorskip("playwright")
from playwright.sync_api import Page, expect, sync_playwright

from tests.pages.preview import ARGUMENTS
from tests.pages.stage import Stage, stage

CHROMIUM = "/usr/bin/chromium"
pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="needs Debian's chromium"),
]
PLAIN_FILES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    # Playwright's loop runs in this thread; Django must not take it for an async view.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with override_settings(STORAGES=PLAIN_FILES), stage() as running:
        yield running
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield launched
        launched.close()


@pytest.fixture
def page(browser: Any, address: str) -> Iterator[Page]:
    """A fresh profile; an error in the console fails the test."""
    context = browser.new_context(base_url=address, viewport={"width": 1440, "height": 900})
    context.set_default_timeout(5000)
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    opened = context.new_page()
    said: list[str] = []
    opened.on("pageerror", lambda error: said.append(str(error)))
    opened.on("console", lambda line: said.append(line.text) if _is_ours(line) else None)
    yield opened
    context.close()
    assert said == []


def _is_ours(line: Any) -> bool:
    return line.type == "error" and "422" not in line.text


def cell(page: Page, row: int, name: str) -> Any:
    return page.locator(f"tbody tr:nth-child({row}) [data-k={name}]")


def shown(page: Page, row: int, name: str) -> Any:
    return page.locator(f"tbody tr:nth-child({row}) [data-c={name}]")


def total(page: Page, name: str) -> Any:
    return page.locator(f"[data-t={name}]")


def test_a_line_is_entered_by_keyboard_alone(page: Page) -> None:
    page.goto("/new")
    cell(page, 1, "item").focus()
    page.keyboard.type("吸顶灯")
    expect(page.locator(".sug [role=option]")).to_have_count(2)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(cell(page, 1, "quantity")).to_be_focused()
    expect(shown(page, 1, "code")).to_have_text("ZM21836")
    page.keyboard.type("3")
    page.keyboard.press("Enter")
    expect(cell(page, 1, "price")).to_be_focused()
    page.keyboard.type("0.335")
    for _ in range(4):
        page.keyboard.press("Enter")
    expect(cell(page, 2, "item")).to_be_focused()
    page.keyboard.press("Shift+Enter")
    expect(cell(page, 1, "note")).to_be_focused()
    expect(shown(page, 1, "amount")).to_have_text("1.01")
    expect(total(page, "words")).to_have_text("壹元零壹分")
    expect(total(page, "quantity")).to_have_text("3")


def test_an_exact_code_needs_one_enter(page: Page) -> None:
    page.goto("/new")
    cell(page, 1, "item").fill("BG10001")
    page.keyboard.press("Enter")
    expect(cell(page, 1, "quantity")).to_be_focused()
    expect(cell(page, 1, "item")).to_have_value("得力A4 复印纸")
    cell(page, 1, "uom").select_option("2")
    expect(cell(page, 1, "price")).to_have_value("2400")


def test_rows_are_copied_cleared_and_filled_by_column(page: Page) -> None:
    page.goto("/editor")
    cell(page, 7, "quantity").focus()
    page.keyboard.press("Control+d")
    expect(cell(page, 8, "quantity")).to_be_focused()
    expect(shown(page, 8, "code")).to_have_text("BG10001")
    expect(total(page, "rows")).to_have_text("8")
    page.keyboard.press("Control+Delete")
    expect(total(page, "rows")).to_have_text("7")
    page.keyboard.press("ArrowUp")
    cell(page, 7, "discount").focus()
    page.keyboard.press("Control+b")
    page.keyboard.type("50")
    page.locator("dialog[data-bulk] input").fill("50")
    page.keyboard.press("Enter")
    expect(cell(page, 1, "discount")).to_have_value("50")
    expect(shown(page, 1, "amount")).to_have_text("62.00")


def test_a_block_from_excel_is_pasted_and_the_unknown_are_listed(page: Page) -> None:
    page.goto("/new")
    page.evaluate(
        "navigator.clipboard.writeText('编码\\t数量\\t单价\\nJD27635\\t２\\t1,123.5\\nNOPE\\t9\\t9\\nBG10001\\t3')"
    )
    cell(page, 1, "item").focus()
    page.keyboard.press("Control+v")
    expect(total(page, "rows")).to_have_text("2")
    expect(cell(page, 1, "quantity")).to_have_value("2")
    expect(cell(page, 1, "price")).to_have_value("1123.5")
    expect(shown(page, 2, "code")).to_have_text("BG10001")
    expect(page.locator(".unresolved")).to_contain_text("NOPE 9 9")


def test_the_scan_gun_adds_one_and_reports_the_unknown(page: Page) -> None:
    page.goto("/new")
    page.keyboard.press("F2")
    scan = page.locator("[data-scan]")
    expect(scan).not_to_be_focused()
    cell(page, 1, "item").focus()
    page.keyboard.press("F2")
    expect(scan).to_be_focused()
    for code, rows in (("BG10001", "1"), ("BG10001", "1"), ("JD27635", "2")):
        scan.type(f"{code}\n")
        expect(total(page, "rows")).to_have_text(rows)
    expect(cell(page, 1, "quantity")).to_have_value("2")
    scan.type("NOPE\n")
    expect(page.locator(".unresolved")).to_contain_text("NOPE")
    expect(scan).to_be_focused()


def test_a_refusal_keeps_what_was_typed_and_goes_to_the_first_bad_cell(page: Page) -> None:
    Stage.posted.clear()
    page.goto("/editor")
    cell(page, 4, "quantity").fill("99999")
    page.locator("[name=note]").fill("请周五前送到")
    page.keyboard.press("Control+s")
    expect(page.locator("[role=alert]").first).to_contain_text("有 2 行需要修正")
    expect(page.locator("[name=dated]")).to_be_focused()
    expect(page.locator("[name=note]")).to_have_value("")
    expect(cell(page, 4, "quantity")).to_have_value("99999")
    cell(page, 4, "quantity").focus()
    expect(page.locator("#tip-3-quantity")).to_be_visible()
    assert Stage.posted[0]["form"]["verb"] == "save"
    assert len(Stage.posted[0]["lines"]) == 7
    assert "lines-8-discount" not in Stage.posted[0]["form"]


def test_a_cleared_cell_shows_again_what_the_server_keeps(page: Page) -> None:
    page.goto("/editor")
    cell(page, 1, "quantity").fill("")
    page.locator("[name=note]").fill("ok")
    page.keyboard.press("Control+s")
    expect(cell(page, 1, "quantity")).to_have_value("1")
    expect(page.locator("[role=status]").first).to_contain_text("已保存")


def test_enter_in_the_head_never_saves(page: Page) -> None:
    Stage.posted.clear()
    page.goto("/editor")
    page.locator("[name=dated]").focus()
    page.keyboard.press("Enter")
    expect(page.locator("[name=due_date]")).to_be_focused()
    assert Stage.posted == []


def test_a_verb_with_a_reason_asks_for_it(page: Page) -> None:
    Stage.posted.clear()
    page.goto("/editor")
    page.get_by_role("button", name="作废").click()
    dialog = page.locator("reason-box dialog")
    expect(dialog).to_be_visible()
    dialog.get_by_role("button", name="确定").click()
    expect(dialog).to_be_visible()
    dialog.locator("textarea").fill("客户取消")
    dialog.get_by_role("button", name="确定").click()
    expect(page.locator("[role=alert]").first).to_be_visible()
    assert Stage.posted[0]["form"]["reason"] == "客户取消"
    assert Stage.posted[0]["form"]["verb"] == "void"


@pytest.mark.parametrize(
    ("typed", "date"),
    [("1124", "2026-11-24"), ("今天", "2026-11-24"), ("+7", "2026-12-01"), ("11-2", "2026-11-02")],
)
def test_a_date_is_read_as_typed(page: Page, typed: str, date: str) -> None:
    page.goto("/editor")
    page.locator("[name=due_date]").fill(typed)
    page.locator("[name=due_date]").blur()
    expect(page.locator("[name=due_date]")).to_have_value(date)


def test_the_calendar_works_by_keyboard(page: Page) -> None:
    page.goto("/editor")
    due = page.locator("[name=due_date]")
    due.focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator(".calendar")).to_be_visible()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("PageDown")
    page.keyboard.press("Enter")
    expect(due).to_have_value("2026-12-29")
    expect(page.locator(".calendar")).to_have_count(0)


def test_a_partner_is_picked_by_keyboard(page: Page) -> None:
    page.goto("/editor")
    box = page.get_by_role("combobox", name="客户")
    box.fill("南京")
    expect(page.locator(".sug.narrow [role=option]")).to_have_count(2)
    page.keyboard.press("Enter")
    expect(box).to_have_value("南京华东商贸有限公司")
    expect(page.locator("[name=partner]")).to_have_value("1")


def test_the_palette_finds_documents_functions_and_visits(page: Page) -> None:
    page.goto("/list")
    page.goto("/home")
    page.keyboard.press("Control+k")
    palette = page.locator("cmd-k dialog")
    expect(palette).to_contain_text("最近打开")
    page.keyboard.type("kxsd")
    expect(palette.locator("[role=option]")).to_have_count(1)
    page.locator("cmd-k input").fill("xs")
    expect(palette).to_contain_text("XSDD20261124-0040")
    page.keyboard.press("Enter")
    page.wait_for_url("**/editor")


def test_a_list_is_walked_selected_and_its_columns_chosen(page: Page) -> None:
    page.goto("/list")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator(".bulk")).to_contain_text("已选 1 行")
    page.keyboard.press("/")
    expect(page.locator("[data-search]")).to_be_focused()
    page.keyboard.press("Escape")
    page.locator("main summary").click()
    page.locator("[data-col=warehouse]").uncheck()
    expect(page.locator("th.c-warehouse")).to_be_hidden()
    expect(page.locator("th.c-note")).to_be_hidden()
    page.reload()
    expect(page.locator("th.c-warehouse")).to_be_hidden()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/editor")


def test_a_filter_swaps_the_rows_and_changes_the_address(page: Page) -> None:
    page.goto("/list")
    page.locator("[name=warehouse]").select_option("1")
    page.wait_for_url("**/list?*warehouse=1*")
    expect(page.locator("tbody tr")).to_have_count(30)


def test_typing_is_kept_after_a_crash(page: Page) -> None:
    page.clock.install()
    page.goto("/editor")
    cell(page, 1, "quantity").fill("77")
    page.clock.run_for(11_000)
    page.wait_for_timeout(100)
    page.reload()
    page.get_by_role("button", name="恢复").click()
    expect(cell(page, 1, "quantity")).to_have_value("77")
    expect(shown(page, 1, "code")).to_have_text("JD27635")


def test_theme_and_menu_stay_as_chosen(page: Page) -> None:
    page.goto("/home")
    page.locator("[data-theme-toggle]").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.keyboard.press("[")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page.locator("html")).to_have_attribute("data-menu", "narrow")


def test_keys_are_explained(page: Page) -> None:
    page.goto("/list")
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_contain_text("选中这一行")
    page.keyboard.press("Escape")
    expect(page.locator("#keys")).to_be_hidden()
