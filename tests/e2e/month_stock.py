"""What happens between the walls: found, given away, counted, moved, put together."""

import re

from playwright.sync_api import Page, expect

from tests.e2e import steps
from tests.e2e.company import HUADONG, KIT, MILK, PAPER, PEN, SHELF, SHOP
from tests.e2e.month import Month, ago
from tests.e2e.steps import Goods, edit, follow, new, press, send


def finds_and_gives(month: Month) -> None:
    """Paper found and paper given away: written by the keeper, posted by the accountant."""
    at_cost = (("price", "15"),)
    head = {"warehouse": SHELF, "dated": ago(6), "why": "清库找到"}
    other(month, "other-receipts", head, Goods(PAPER, "6", at_cost))
    head = {"warehouse": SHELF, "dated": ago(5), "why": "办公领用"}
    other(month, "other-issues", head, Goods(PAPER, "11"))


def other(month: Month, plural: str, head: dict[str, str], *lines: Goods) -> None:
    new(month.keeper, plural, head, *lines)
    month.keeper.keyboard.press("Control+s")
    expect(month.keeper).to_have_url(re.compile(r"/\d+$"))
    page = month.books
    page.goto(f"{plural}/?status=draft")
    page.locator("tbody td.lead a").first.click()
    month.no[plural] = send(page, "已审核")


def counts(month: Month) -> None:
    """Two items are counted blind while three packs leave; one is counted again."""
    page = month.keeper
    page.goto("stock-counts/new")
    steps.fill_head(page, warehouse=SHELF, scope="指定商品", items="BG10001\nBG10002")
    press(page, "开始盘点")
    expect(page.locator(".title")).to_contain_text("盲盘")
    month.no["count"] = steps.number(page)
    # 60 + 48 - 25 - 15 - 10 + 6 - 11 = 53 good packs should stand there; one is missing.
    tally(page, "BG10001", "52")
    expect(page.locator("main")).not_to_contain_text("账面")
    head = {"partner": HUADONG, "warehouse": SHELF}
    new(month.seller, "sales-deliveries", head, Goods(PAPER, "3"))
    month.no["in between"] = send(month.seller, "已审核")
    # 500 - 50 - 20 = 430 pens; two more are there.
    tally(page, "BG10002", "432")
    press_below(page, "提交复核", "待复核")
    page = month.books
    steps.open_document(page, "stock-counts", month.no["count"])
    good = steps.row(page, PAPER, without="不良")  # two packs that came back lie beside them
    assert steps.figures(good, "实盘", "账面", "差异") == [52, 53, -1]
    assert steps.figures(steps.row(page, PEN), "实盘", "账面", "差异") == [432, 430, 2]
    good.get_by_role("checkbox").check()
    page.locator("#c-reason").fill("再数一遍")
    press_below(page, "复盘所选", "盘点中")
    page = month.keeper
    steps.open_document(page, "stock-counts", month.no["count"])
    tally(page, "BG10001", "49")
    press_below(page, "提交复核", "待复核")
    page = month.books
    steps.open_document(page, "stock-counts", month.no["count"])
    good = steps.row(page, PAPER, without="不良")
    assert steps.figures(good, "实盘", "账面", "差异") == [49, 50, -1]
    for item, cause in ((PAPER, "受潮报废未登记"), (PEN, "赠品未入账")):
        page.get_by_label(f"{item} 差异原因").fill(cause)
        page.get_by_label(f"{item} 责任人").fill("周建国")
    press_below(page, "审核过账", "已审核")


def tally(page: Page, code: str, quantity: str) -> None:
    page.locator("#c-code").fill(code)
    page.locator("#c-quantity").fill(quantity)
    page.keyboard.press("Enter")
    expect(page.locator(".count-item")).to_contain_text(f"{code} ")
    expect(page.locator(".count-item [name=quantity]")).to_have_value(quantity)


def press_below(page: Page, label: str, status: str) -> None:
    page.get_by_role("button", name=label).click()
    expect(page.locator(".title .pill").first).to_have_text(status)


def moves(month: Month) -> None:
    """Goods go to the shop; all but two packs of paper arrive, those two are lost."""
    page, no = month.keeper, month.no
    head = {"warehouse": SHELF, "to_warehouse": SHOP}
    goods = Goods(PAPER, "20"), Goods(PEN, "100"), Goods(MILK, "6")
    new(page, "stock-transfers", head, *goods)
    no["transfer"] = send(page, "在途")
    follow(page, "stock-transfers", no["transfer"], "调入")
    edit(page, Goods(PAPER, "18"), Goods(PEN, "100"), Goods(MILK, "6"))
    no["arrived"] = send(page, "已审核")
    lost = {"outcome": "在途损耗", "responsible": "顺达物流", "why": "路上淋湿"}
    follow(page, "stock-transfers", no["transfer"], "调入", **lost)
    edit(page, Goods(PAPER, "2"))
    no["lost"] = send(page, "已审核")
    steps.open_document(page, "stock-transfers", no["transfer"])
    expect(page.locator(".title .pill").first).to_have_text("已完成")


def makes(month: Month) -> None:
    """What a kit is made of, told once; ten are put together of it, with 20.00 of work."""
    page = month.boss
    page.goto("parts-lists/new")
    steps.choose(page, page.locator("#f-item"), KIT)
    page.locator("#f-lines").fill("BG10001\t1\nBG10002\t5")
    page.keyboard.press("Control+s")
    expect(steps.row(page, KIT)).to_contain_text("晨光中性笔 × 5")
    page = month.keeper
    head = {"product": KIT, "warehouse": SHELF, "product_quantity": "10", "extra_cost": "20"}
    new(page, "assemblies", head)
    page.keyboard.press("Control+s")  # without parts: those of the list
    expect(page.locator("[name=lines-1-quantity]")).to_have_value("50")
    expect(page.locator("[name=lines-0-quantity]")).to_have_value("10")
    month.no["kits"] = send(page, "已审核")
