"""A clerk's day by keyboard alone: order, approve, deliver, look at the stock."""

from decimal import Decimal

from playwright.sync_api import Page, expect

from hengcang.catalog.actions import save_item
from hengcang.catalog.drafts import ItemDraft
from hengcang.kernel.actor import SYSTEM
from hengcang.partners.actions import save_partner
from hengcang.partners.drafts import CustomerTerms, PartnerDraft
from hengcang.purchasing.actions import receipts as purchase_receipts
from tests.e2e.conftest import Enter
from tests.worlds import TODAY, draft, line, target, world


def stocked_world() -> None:
    """Paper and pens that pinyin finds, a hundred of each on the shelf, and a customer."""
    made = world(items=0)
    save_partner(PartnerDraft("南京华东商贸", customer=CustomerTerms(credit_days=30)), actor=SYSTEM)
    items = [
        save_item(ItemDraft(code, name, unit, sale_price=Decimal(price)), actor=SYSTEM)
        for code, name, unit, price in (
            ("BG10001", "得力A4复印纸", "包", "26"),
            ("BG10002", "晨光中性笔", "支", "2.5"),
        )
    ]
    lines = [line(item, "100", "1") for item in items]
    receipt = purchase_receipts.save_receipt(
        draft(made.warehouses[0], lines, TODAY, made.supplier), actor=SYSTEM
    )
    purchase_receipts.post_receipt(target(receipt), actor=SYSTEM)


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.getAttribute('name')"))


def choose(page: Page, letters: str, text: str) -> None:
    """Types 拼音 initials and takes the best hit."""
    page.keyboard.type(letters, delay=20)
    expect(page.locator("ul.sug:not([hidden]) [aria-selected=true]").first).to_contain_text(text)
    page.keyboard.press("Enter")


def test_an_order_by_keyboard_alone_reaches_the_shelf(enter: Enter) -> None:
    stocked_world()
    page = enter("OWNER")
    page.goto("sales-orders/")
    page.keyboard.press("n")
    expect(page.locator("h1")).to_have_text("新建销售订单")

    page.locator("#f-partner").focus()
    choose(page, "njhd", "南京华东商贸")
    for _ in range(12):
        if focused(page) == "lines-0-typed":
            break
        page.keyboard.press("Enter")
    choose(page, "dlfyz", "得力A4复印纸")
    expect(page.locator("[name=lines-0-quantity]")).to_be_focused()
    page.keyboard.type("12")
    page.keyboard.press("ArrowDown")
    page.locator("[name=lines-1-typed]").focus()
    choose(page, "cgzxb", "晨光中性笔")
    page.keyboard.type("4")
    expect(page.locator("[data-t=words]")).to_have_text("叁佰贰拾贰元整")

    page.keyboard.press("Control+Enter")
    expect(page.locator(".pill").first).to_have_text("已审核")
    expect(page.locator("h1")).to_contain_text("XSDD")

    page.keyboard.press("Control+Enter")  # go on: deliver it
    expect(page.locator("h1")).to_have_text("新建销售出库单")
    page.keyboard.press("Control+Enter")
    expect(page.locator("h1")).to_contain_text("XSCK")
    expect(page.locator(".chain")).to_contain_text("XSDD")

    page.goto("stock/")
    expect(page.locator("tr", has_text="得力A4复印纸")).to_contain_text("88")
    expect(page.locator("tr", has_text="晨光中性笔")).to_contain_text("96")


def test_what_is_wrong_is_told_at_the_cell_and_nothing_typed_is_lost(enter: Enter) -> None:
    stocked_world()
    page = enter("OWNER")
    page.goto("sales-deliveries/new")
    page.locator("#f-partner").focus()
    choose(page, "njhd", "南京华东商贸")
    page.locator("[name=lines-0-typed]").focus()
    choose(page, "dlfyz", "得力A4复印纸")
    page.keyboard.type("101")
    page.locator("[name=note]").fill("急件")
    page.keyboard.press("Control+Enter")
    cell = page.locator("[name=lines-0-quantity]")
    expect(cell).to_be_focused()
    expect(page.locator("#tip-0-quantity")).to_contain_text("可用 100 包")
    expect(page.locator("[name=note]")).to_have_value("急件")
    page.keyboard.type("100")
    page.keyboard.press("Control+Enter")
    expect(page.locator("h1")).to_contain_text("XSCK")
