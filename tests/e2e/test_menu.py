"""The menu at the side: groups fold, by keyboard too, and stay as they were left."""

from playwright.sync_api import expect

from tests.e2e.conftest import Enter
from tests.worlds import world


def test_groups_open_by_keyboard_and_are_remembered(enter: Enter) -> None:
    world()
    page = enter("OWNER")
    page.goto("sales-orders/")
    side = page.locator("nav.side")
    sales, stock = (side.locator("details", has_text=name) for name in ("粘贴下单", "实时库存"))
    expect(sales).to_have_attribute("open", "")
    expect(side.get_by_role("link", name="销售订单", exact=True)).to_have_attribute(
        "aria-current", "page"
    )
    expect(side.get_by_role("link", name="实时库存")).to_have_count(0)
    stock.locator("summary").focus()
    page.keyboard.press("Enter")
    link = side.get_by_role("link", name="实时库存")
    expect(link).to_be_visible()
    page.goto("")
    expect(sales).to_have_attribute("open", "")  # open when the other was opened: kept as well
    expect(link).to_be_visible()
    sales.locator("summary").click()
    page.goto("documents/")
    expect(side.get_by_role("link", name="粘贴下单")).to_have_count(0)
    expect(link).to_be_visible()
    page.goto("sales-orders/")
    expect(sales).to_have_attribute("open", "")
