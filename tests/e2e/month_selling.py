"""What the company sells: quoted, pasted, discounted, sent, signed for, taken back, swapped."""

from playwright.sync_api import Page, expect

from tests.e2e import steps
from tests.e2e.company import DINGSHENG, DRILL, HUADONG, KIT, MILK, PAPER, PEN, SHELF
from tests.e2e.month import Month, ago
from tests.e2e.steps import Goods, add, edit, follow, new, press, send


def sells(month: Month) -> None:
    """A quotation becomes an order that leaves in two parts; a pasted text becomes another."""
    page, no = month.seller, month.no
    head = {"partner": HUADONG, "warehouse": SHELF, "dated": ago(13), "valid_until": ago(-17)}
    new(page, "sales-quotes", head, Goods(PAPER, "40"), Goods(MILK, "10"))
    no["quote"] = send(page, "已审核")
    press(page, "下单")
    expect(page.locator("h1")).to_have_text("新建销售订单")
    steps.fill_head(page, dated=ago(13), due_date=ago(11))
    no["order"] = send(page, "已审核")
    deliver(month, "order", ago(12), Goods(PAPER, "25"), Goods(MILK, "6"))
    deliver(month, "order", ago(11), Goods(PAPER, "15"), Goods(MILK, "4"))
    no["pasted"] = paste(page, "您好，得力A4复印纸 2箱，晨光中性笔50支，蒙牛纯牛奶 5箱，谢谢")
    deliver(month, "pasted", ago(10), Goods(PAPER, "2"), Goods(PEN, "50"), Goods(MILK, "5"))


def deliver(month: Month, what: str, day: str, *lines: Goods) -> None:
    page = month.keeper
    follow(page, "sales-orders", month.no[what], "出库", dated=day)
    edit(page, *lines)
    month.no[f"{what} {day}"] = send(page, "已审核")


def paste(page: Page, text: str) -> str:
    """What a customer wrote in a chat, as an order."""
    steps.menu(page, "粘贴下单")
    steps.choose(page, page.locator("#f-partner"), DINGSHENG)
    steps.fill_head(page, warehouse=SHELF)
    page.locator("#f-text").fill(text)
    press(page, "读取")
    expect(page.get_by_role("table", name="读出的行").locator("tbody tr")).to_have_count(3)
    press(page, "生成销售订单草稿")
    expect(page.locator(".pill").first).to_have_text("草稿")
    steps.fill_head(page, dated=ago(10))
    return send(page, "已审核")


def takes_back(month: Month) -> None:
    """Damaged paper and a box of milk come back; pens go back to their supplier."""
    page, no = month.keeper, month.no
    follow(
        page,
        "sales-deliveries",
        no[f"order {ago(12)}"],
        "退货",
        dated=ago(8),
        why="外包装破损",
    )
    edit(page, Goods(PAPER, "2", (("stock_status", "不良"),)), Goods(MILK, "1"))
    no["back"] = send(page, "已审核")
    receipt = no[f"paper {ago(14)}"]
    follow(page, "purchase-receipts", receipt, "退货", dated=ago(8), why="笔芯断墨")
    edit(page, Goods(PEN, "20"))
    no["sent back"] = send(page, "已审核")


def discounts(month: Month) -> None:
    """Kits and two drills by their numbers, less 50 on the whole and the odd 4."""
    page, no = month.seller, month.no
    head = {"partner": HUADONG, "warehouse": SHELF}
    new(page, "sales-orders", head, Goods(KIT, "4"), Goods(DRILL, "2"))
    # 4 × 56.50 + 2 × 339.00 = 226.00 + 678.00 = 904.00; 904.00 − 50.00 − 4.00 = 850.00.
    page.locator("[name=bill_discount]").fill("50")
    page.locator("[name=rounding_off]").fill("4")
    expect(page.locator("[data-t=amount]")).to_have_text("904.00")
    expect(page.locator("[data-t=due]")).to_have_text("850.00")
    expect(page.locator("[data-t=words]")).to_have_text("捌佰伍拾元整")
    no["gifts"] = send(page, "已审核")
    page = month.keeper
    follow(page, "sales-orders", no["gifts"], "出库")
    taken = (("serials", "DZ2602\nDZ2604"),)
    edit(page, Goods(KIT, "4"), Goods(DRILL, "2", taken))
    no["gifts out"] = send(page, "已审核")


def signs(month: Month) -> None:
    """The parcel has a number, and somebody at the customer's signs for it."""
    page, no = month.keeper, month.no
    steps.open_document(page, "sales-deliveries", no["gifts out"])
    press(page, "物流签收")
    press(page, "登记发货")
    steps.fill_head(page, carrier="顺丰", tracking_no="SF1402600017")
    page.keyboard.press("Control+s")
    sent = steps.row(page, "SF1402600017")
    expect(sent).to_contain_text("待签收")
    steps.menu(page, "物流签收")  # what nobody has signed for
    steps.row(page, "SF1402600017").locator("td.lead a").first.click()
    expect(page.locator("h1")).to_contain_text("SF1402600017")
    steps.fill_head(page, act="签收", signed_by="李敏", text="外箱压痕，货物完好")
    page.keyboard.press("Control+s")
    expect(steps.row(page, "SF1402600017")).to_contain_text("已签收")
    steps.menu(page, "物流签收")
    expect(page.locator(".empty")).to_contain_text("没有符合条件的发货记录")
    steps.open_document(page, "sales-orders", no["gifts"])
    expect(page.locator(".chain")).to_contain_text("已签收")


def exchanges(month: Month) -> None:
    """A drill that does not start is swapped: DZ2604 comes back 不良, DZ2605 leaves for it."""
    page, no = month.boss, month.no
    follow(page, "sales-deliveries", no["gifts out"], "换货", why="不通电，换一台")
    broken = (("stock_status", "不良"), ("serials", "DZ2604"))
    edit(page, Goods(DRILL, "1", broken))
    other = (("price", "318.75"), ("serials", "DZ2605"))
    add(page, 2, Goods(DRILL, "1", other))  # below the kits, which stay, and the drill
    no["swapped"] = send(page, "已审核")
    # 678.00 − 54.00 × 678 ÷ 904 = 637.50 for two: 318.75 for one.
    expect(page.locator("[data-t=back]")).to_have_text("318.75")
    expect(page.locator("[data-t=out]")).to_have_text("318.75")
    expect(page.locator("[data-t=due]")).to_have_text("0.00")


def undoes(month: Month) -> None:
    """The pasted order's delivery never left: it is reversed, and the order is open again."""
    page, no = month.books, month.no
    steps.open_document(page, "sales-deliveries", no[f"pasted {ago(10)}"])
    press(page, "红冲")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("红字单据")
    dialog.locator("textarea").fill("客户临时取消")
    page.keyboard.press("Control+Enter")
    expect(page.locator("h1")).not_to_contain_text(no[f"pasted {ago(10)}"])
    no["reversal"] = steps.number(page)
