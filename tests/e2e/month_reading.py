"""The last pages of the month: every figure of stock, of cost and of money, derived by hand."""

from decimal import Decimal

from playwright.sync_api import Page, expect

from tests.e2e import steps
from tests.e2e.company import (
    BINS,
    DAIRY,
    DINGSHENG,
    DRILL,
    HUADONG,
    KIT,
    LAMP,
    LIGHTS,
    MILK,
    PAPER,
    PEN,
    SHELF,
    SHOP,
    STATIONERY,
)
from tests.e2e.month import ago


def read_stock(page: Page) -> None:
    """Good goods by place. The reversal opened the pasted order: its goods are reserved again."""
    steps.menu(page, "实时库存")
    columns = ("实存", "占用", "可用", "在途")
    shelf = {
        # 108 came, 25 + 15 and 3 went out, 6 were found, 11 given away, 1 missing, 20 moved.
        # Ten went into kits; the pasted order holds two boxes of five.
        PAPER: [108 - 25 - 15 - 3 + 6 - 11 - 1 - 20 - 10, 2 * 5, 29 - 10, 0],
        # 500 came, 20 went back, 2 too many, 100 moved, 5 in each of ten kits.
        PEN: [500 - 20 + 2 - 100 - 50, 50, 332 - 50, 0],
        # 40 came, 6 + 4 went out, 1 came back, 6 moved.
        MILK: [40 - 6 - 4 + 1 - 6, 5, 25 - 5, 0],
        # Ten were made, four sold.
        KIT: [10 - 4, 0, 6, 0],
        # Five came, two were sold, one of them came back broken, another left for it.
        DRILL: [5 - 2 - 1, 0, 2, 0],
    }
    for item, expected in shelf.items():
        assert steps.figures(steps.row(page, item, SHELF), *columns) == expected
    # 30 came, 4 were cracked and went back.
    assert steps.figures(steps.row(page, LAMP, BINS), *columns) == [30 - 4, 0, 26, 0]
    for item, there in ((PAPER, 20 - 2), (PEN, 100), (MILK, 6)):
        found = steps.figures(steps.row(page, item, SHOP), *columns)
        assert found == [there, 0, there, 0]


def read_places(page: Page) -> None:
    """The same goods by bin, batch and status."""
    steps.menu(page, "批次与库位")
    # The batch that expires first leaves first: 6 + 4 sold, 6 moved, one came back.
    milk = {("MN1001", SHELF): 25 - 6 - 4 + 1 - 6, ("MN1001", SHOP): 6, ("MN1002", SHELF): 15}
    for (batch, place), there in milk.items():
        assert steps.figures(steps.row(page, MILK, batch, place), "实存") == [there]
    for code, there in (("A-01", 16), ("B-01", 10)):
        lamps = steps.row(page, LAMP, BINS, code)
        expect(lamps.locator("td[data-label=状态]")).to_have_text("良品")
        assert steps.figures(lamps, "实存") == [there]
    expect(page.locator("tbody")).not_to_contain_text("R-01")
    for item, good, bad in ((PAPER, 29, 2), (DRILL, 2, 1)):
        assert steps.figures(steps.row(page, item, SHELF, "良品"), "实存") == [good]
        assert steps.figures(steps.row(page, item, SHELF, "不良"), "实存") == [bad]


def read_pieces(page: Page) -> None:
    """Where each of the five drills is."""
    steps.menu(page, "序列号查询")
    for number, place, where in (
        ("DZ2601", "在库", SHELF),
        ("DZ2602", "在客户处", HUADONG),
        ("DZ2603", "在库", SHELF),
        ("DZ2604", "在库", SHELF),
        ("DZ2605", "在客户处", HUADONG),
    ):
        piece = steps.row(page, number)
        expect(piece).to_contain_text(place)
        expect(piece).to_contain_text(where)
    page.get_by_role("link", name="DZ2604", exact=True).click()
    expect(page.locator("h1")).to_contain_text("DZ2604")
    expect(page.locator("main")).to_contain_text("不良")
    life = page.locator("section", has=page.locator("h2", has_text="履历")).locator("tbody tr")
    expect(life).to_have_count(3)  # came in, was sold, came back


def open_ledger(page: Page, item: str, of: str) -> None:
    """The ledger of an item over the month, with a document that is in it."""
    steps.menu(page, "库存台账")
    steps.choose(page, page.locator(".filters [role=combobox]"), item)
    page.locator("[name=from]").fill(ago(30))
    page.locator("[name=from]").press("Enter")
    expect(page.locator("#ledger tbody")).to_contain_text(of)


def read_ledger(page: Page, no: dict[str, str]) -> None:
    """Paper at its moving average, as if the reversed delivery had never been."""
    open_ledger(page, PAPER, no[f"paper {ago(18)}"])
    costs = {
        # 60 × 20.00 + 48 × 20.00 − 40 × 20.00 + 2 × 20.00 = 1400.00 of 70 packs; 6 at 15.00 more.
        no["other-issues"]: Decimal("215.66"),  # 1490.00 × 11 ÷ 76
        no["in between"]: Decimal("58.82"),  # 1274.34 × 3 ÷ 65
        no["count"]: Decimal("19.61"),  # 1215.52 × 1 ÷ 62
        no["lost"]: Decimal("39.21"),  # 1195.91 × 2 ÷ 61
        no["kits"]: Decimal("196.05"),  # 1156.70 × 10 ÷ 59
    }
    for document, cost in costs.items():
        assert steps.figures(steps.row(page, document), "出库成本") == [cost]
    closing = steps.row(page, "本期合计")
    # 29 good ones and 2 damaged on the shelf, 18 in the shop; 1156.70 − 196.05.
    assert steps.figures(closing, "期末数量", "期末金额") == [29 + 2 + 18, Decimal("960.65")]
    expect(page.locator(".seal")).to_contain_text("一致")


def read_made(page: Page, no: dict[str, str]) -> None:
    """Ten kits cost their paper, 50 pens at 1.00 and 20.00 of work; drills keep their 200.00."""
    open_ledger(page, KIT, no["kits"])
    made = Decimal("196.05") + 50 * Decimal("1.00") + Decimal("20.00")
    sold = Decimal("106.42")  # 266.05 × 4 ÷ 10
    assert steps.figures(steps.row(page, no["kits"]), "入库金额") == [made]
    assert steps.figures(steps.row(page, no["gifts out"]), "出库成本") == [sold]
    closing = steps.row(page, "本期合计")
    assert steps.figures(closing, "期末数量", "期末金额") == [6, made - sold]
    open_ledger(page, DRILL, no[f"drills {ago(9)}"])
    closing = steps.row(page, "本期合计")
    assert steps.figures(closing, "期末数量", "期末金额") == [3, 5 * 200 - 400 + 200 - 200]
    open_ledger(page, LAMP, no[f"lamps {ago(16)}"])
    closing = steps.row(page, "本期合计")
    assert steps.figures(closing, "期末数量", "期末金额") == [26, 30 * 100 - 4 * 100]


def read_money(page: Page) -> None:
    """What is owed: tax included, the reversed delivery not among it."""
    steps.menu(page, "应收应付")
    sold = 40 * Decimal("33.90") + 10 * Decimal("67.80") + 3 * Decimal("33.90")
    came_back = 2 * Decimal("33.90") + 1 * Decimal("67.80")
    gifts = 4 * Decimal("56.50") + 2 * Decimal("339.00") - 50 - 4
    swapped = Decimal("318.75") - Decimal("318.75")
    owed = sold - came_back + gifts + swapped
    assert steps.figures(steps.row(page, HUADONG), "应收余额") == [owed]
    expect(page.locator("tbody")).not_to_contain_text(DINGSHENG)
    bought = 108 * Decimal("22.60") + 500 * Decimal("1.13") - 20 * Decimal("1.13")
    assert steps.figures(steps.row(page, STATIONERY), "应付余额") == [bought]
    assert steps.figures(steps.row(page, DAIRY), "应付余额") == [40 * Decimal("45.20")]
    lights = (30 - 4) * Decimal("113.00") + 5 * Decimal("226.00")
    assert steps.figures(steps.row(page, LIGHTS), "应付余额") == [lights]
