"""What the company buys: wished for, ordered, received in parts, inspected, shelved, sent back."""

from playwright.sync_api import Page, expect

from tests.e2e import steps
from tests.e2e.company import (
    BINS,
    DAIRY,
    DRILL,
    LAMP,
    LIGHTS,
    MILK,
    PAPER,
    PEN,
    SHELF,
    STATIONERY,
)
from tests.e2e.month import Month, ago
from tests.e2e.steps import Goods, edit, follow, new, send


def buys(month: Month) -> None:
    """The keeper asks, the buyer orders from two suppliers, goods arrive in parts and over."""
    page, no = month.keeper, month.no
    head = {"warehouse": SHELF, "dated": ago(22), "due_date": ago(12), "why": "月初备货"}
    new(
        page,
        "purchase-requisitions",
        head,
        Goods(PAPER, "100"),
        Goods(PEN, "500"),
        Goods(MILK, "40"),
    )
    no["wish"] = send(page, "待审核")
    page = month.buyer
    steps.open_document(page, "purchase-requisitions", no["wish"])
    send(page, "已审核")
    merge(page)
    paper = (("due_date", ago(18)),)
    pens = (("due_date", ago(14)),)
    no["paper"] = order(page, STATIONERY, Goods(PAPER, "100", paper), Goods(PEN, "500", pens))
    no["milk"] = order(page, DAIRY, Goods(MILK, "40", pens))
    receive(month, "paper", ago(18), Goods(PAPER, "60"), Goods(PEN, "200"))
    first = (("batch_no", "MN1001"), ("mfg_date", ago(40)), ("expiry_date", ago(-140)))
    receive(month, "milk", ago(18), Goods(MILK, "25", first))
    # 60 + 48 is 108 of 100 ordered: 8 % over, 10 % are tolerated.
    receive(month, "paper", ago(14), Goods(PAPER, "48"), Goods(PEN, "300"))
    second = (("batch_no", "MN1002"), ("mfg_date", ago(20)), ("expiry_date", ago(-160)))
    receive(month, "milk", ago(14), Goods(MILK, "15", second))


def merge(page: Page) -> None:
    steps.menu(page, "合并采购")
    expect(page.locator("tbody tr")).to_have_count(3)
    for item, supplier in ((PAPER, STATIONERY), (PEN, STATIONERY), (MILK, DAIRY)):
        row = page.locator("tbody tr", has_text=item)
        row.locator("input[type=checkbox]").check()
        steps.choose(page, row.locator("[role=combobox]"), supplier)
    page.keyboard.press("Control+s")
    expect(page.locator("body")).to_contain_text("已生成 2 张采购订单草稿")


def order(page: Page, supplier: str, *lines: Goods) -> str:
    """The draft of a supplier gets its dates and is approved."""
    page.goto("purchase-orders/?status=draft")
    page.locator("tr", has_text=supplier).locator("td.lead a").click()
    expect(page.locator("#f-partner")).to_have_value(supplier)
    steps.fill_head(page, dated=ago(21), due_date=ago(14))
    edit(page, *lines)
    return send(page, "已审核")


def receive(month: Month, what: str, day: str, *lines: Goods) -> None:
    page = month.keeper
    follow(page, "purchase-orders", month.no[what], "入库", dated=day)
    edit(page, *lines)
    month.no[f"{what} {day}"] = send(page, "已审核")


def inspects(month: Month) -> None:
    """Lamps arrive 待检: four of thirty are cracked, the good ones are shelved, those go back."""
    page, no = month.buyer, month.no
    head = {"partner": LIGHTS, "warehouse": BINS, "dated": ago(20), "due_date": ago(16)}
    new(page, "purchase-orders", head, Goods(LAMP, "30"))
    no["lamps"] = send(page, "已审核")
    receive(month, "lamps", ago(16), Goods(LAMP, "30"))
    page = month.keeper
    steps.menu(page, "待检")
    waiting = steps.row(page, LAMP)
    assert steps.figures(waiting, "入库", "已检", "不合格", "待检") == [30, 0, 0, 30]
    waiting.get_by_role("link").first.click()
    expect(page.locator("h1")).to_have_text("新建质检单")
    steps.fill_head(page, dated=ago(16))
    cracked = (("rejected", "4"), ("reject_cause", "灯罩开裂"), ("to_bin_code", "R-01"))
    edit(page, Goods(LAMP, "30", cracked))
    no["inspection"] = send(page, "已审核")
    steps.menu(page, "待检")
    expect(page.locator(".empty")).to_contain_text("没有待检的商品")
    shelves(month)
    receipt = no[f"lamps {ago(16)}"]
    follow(page, "purchase-receipts", receipt, "退货", dated=ago(15), why="灯罩开裂")
    there = (("bin_code", "R-01"), ("stock_status", "不良"))
    edit(page, Goods(LAMP, "4", there))
    no["lamps back"] = send(page, "已审核")


def shelves(month: Month) -> None:
    """What lies in no bin is listed; the 26 good lamps go into two bins."""
    page = month.keeper
    steps.menu(page, "上架")
    steps.fill_head(page, warehouse=BINS)
    page.get_by_role("button", name="列出未上架的货").click()
    expect(page.locator(".pill").first).to_have_text("草稿")
    expect(page.locator("[name=lines-0-quantity]")).to_have_value("26")
    steps.fill_head(page, dated=ago(16))
    edit(page, Goods(LAMP, "16", (("to_bin_code", "A-01"),)))
    steps.add(page, 1, Goods(LAMP, "10", (("to_bin_code", "B-01"),)))
    month.no["shelved"] = send(page, "已审核")


def receives_pieces(month: Month) -> None:
    """Five drills come with their numbers, written as a run."""
    head = {"partner": LIGHTS, "warehouse": SHELF, "dated": ago(10), "due_date": ago(9)}
    new(month.buyer, "purchase-orders", head, Goods(DRILL, "5"))
    month.no["drills"] = send(month.buyer, "已审核")
    pieces = (("serials", "DZ2601*5"),)
    receive(month, "drills", ago(9), Goods(DRILL, "5", pieces))
