"""Pages with made-up but real-looking data: what the pictures and the accessibility check show."""

from decimal import Decimal
from typing import Any

from hengcang.pages.bars import bars
from hengcang.pages.cards import (
    Card,
    Choice,
    Hit,
    Home,
    Kpi,
    Ledger,
    LedgerRow,
    Suggestion,
    Todo,
)
from hengcang.pages.editor import Fact, Link
from hengcang.pages.forms import Field, FormPage, Option, Section, Step
from hengcang.pages.tables import BulkVerb, Cell, Column, ListPage, Row, Sum, Tab, Table
from tests.pages.sample_documents import (
    ITEMS,
    TIMELINE,
    delivered,
    editor,
    errors,
    line,
    new,
)
from tests.pages.sample_frame import PARTNERS, WAREHOUSES, base

STATES: list[Any] = [
    ("草稿", "draft", 0),
    ("待审核", "pending", 0),
    ("已审核", "approved", 60),
    ("已完成", "done", 100),
    ("作废", "void", 0),
]
LIST_COLUMNS = [
    Column("number", "单号", sort_url="?sort=number"),
    Column("partner", "客户"),
    Column("dated", "单据日期", sort_url="?sort=dated", sorted="descending"),
    Column("due", "交货日期"),
    Column("warehouse", "仓库"),
    Column("handler", "业务员"),
    Column("amount", "金额（元）", numeric=True),
    Column("status", "状态"),
    Column("progress", "出库进度"),
    Column("note", "备注", hidden=True),
]


def list_row(n: int) -> Row:
    state, pill, percent = STATES[n % 5]
    cells = [
        Cell(f"XSDD20261124-{40 - n:04d}"), Cell(PARTNERS[n % 4]), Cell("2026-11-24"),
        Cell(f"2026-11-{25 + n % 5}"), Cell(WAREHOUSES[n % 3]), Cell("陈晓雯"),
        Cell(f"{142679 + n * 331:,}.56"), Cell(state, pill=pill),
        Cell(f"{percent}%", percent=percent), Cell("" if n % 3 else "请周五前送到"),
    ]  # fmt: skip
    return Row(cells, id=str(n), url="editor")


def list_page() -> dict[str, Any]:
    filters = [
        Field("q", "搜索", "search", placeholder="单号、客户名或拼音首字母"),
        Field(
            "warehouse", "仓库", "select", options=[Option("", "全部仓库"), Option("1", "杭州总仓")]
        ),
        Field("partner", "客户", "pick", url="options"),
        Field("from", "开始日期", "date", value="2026-11-01"),
        Field("to", "结束日期", "date"),
    ]
    page = ListPage(
        key="sales-orders", title="销售订单", url="list", columns=LIST_COLUMNS,
        rows=[list_row(n) for n in range(30)], count="1,104 张",
        sums=[Sum("金额合计", "52,104,044.85")],
        tabs=[
            Tab("全部", "list", current=True), Tab("草稿", "list", count=3), Tab("待审核", "list"),
        ],
        filters=filters, next_url="list?after=x", new_url="new", new_label="新建订单",
        export_url="list", bulk_url="bulk",
        bulk=[BulkVerb("approve", "批量审核"), BulkVerb("void", "批量作废")],
    )  # fmt: skip
    return {**base("list", "销售订单", "销售"), "page": page}


def empty_list() -> dict[str, Any]:
    page = ListPage(
        key="sales-deliveries", title="销售出库", url="empty", columns=LIST_COLUMNS, rows=[],
        new_url="new", new_label="新建出库单",
        empty="还没有出库单。可以从已审核的订单下推，也可以直接新建。",
    )  # fmt: skip
    return {**base("empty", "销售出库", "销售"), "page": page}


def home() -> dict[str, Any]:
    days = [(f"11-{n:02d}", Decimal(4000 + (n * 7919) % 6000)) for n in range(1, 25)]
    board = Home(
        greeting="早上好，晓雯", summary="今天有 4 件事等您处理",
        quick=[Link("采购入库", "package-check", "new"), Link("销售出库", "truck", "new"),
               Link("开销售单", "plus", "new")],
        kpis=[Kpi("今日销售额", "¥86,420.50", "比上周二 +12.4%", url="list"),
              Kpi("库存金额", "¥3,284,910.00", "2,318 种商品", url="stock"),
              Kpi("应收余额", "¥742,180.00", "逾期 ¥96,400.00", url="list"),
              Kpi("应付余额", "¥318,020.00", "", url="list"),
              Kpi("缺货", "27 种", "可用为零", tone="out", url="stock")],
        bars=bars("近 24 天销售额", "近 24 天销售额，最高一天 9,877.00 元", days),
        todos=[Todo("审核销售订单 12 张", "list", "最早 2 小时前", "warn"),
               Todo("采购订单 CGDD20261120-0003 逾期 3 天", "list", "影响 4 种商品", "bad"),
               Todo("草稿 3 张", "list", "今天")],
        tables=[_alerts(), _alerts()], books_agree=True, checked_at="2026-11-24 09:00",
    )  # fmt: skip
    return {**base("home", "工作台"), "home": board}


def _alerts() -> Table:
    columns = [
        Column("item", "商品"),
        Column("q", "可用", numeric=True),
        Column("s", "占用", numeric=True),
    ]
    rows = [
        Row([Cell("得力A4 复印纸", note="70g"), Cell("0 包", tone="out"), Cell("36")], url="item"),
        Row(
            [Cell("南孚碱性电池", note="5号 8粒"), Cell("42 卡", tone="low"), Cell("")], url="item"
        ),
    ]
    return Table("库存预警", columns, rows, more_url="stock", more_label="全部")


def stock() -> dict[str, Any]:
    columns = [
        Column("code", "编码"), Column("name", "商品"), Column("spec", "规格"),
        Column("warehouse", "仓库"), Column("on_hand", "实存", numeric=True),
        Column("reserved", "占用", numeric=True), Column("available", "可用", numeric=True),
        Column("on_order", "在途", numeric=True), Column("unit", "单位"),
        Column("cost", "成本金额", numeric=True),
    ]  # fmt: skip
    rows = [
        Row([Cell(code), Cell(name, url="item"), Cell(spec), Cell("杭州总仓"), Cell(available),
             Cell("12"), Cell(available, tone="out" if available == "0" else ""), Cell("300"),
             Cell(unit), Cell("12,300.00")], url="item")
        for code, name, spec, unit, available, _, _ in ITEMS
    ]  # fmt: skip
    filters = [
        Field("q", "搜索", "search", placeholder="编码、条码、名称、规格或拼音首字母"),
        Field("warehouse", "仓库", "select", options=[Option("", "全部仓库")]),
        Field("zero", "显示零库存", "check"),
    ]
    page = ListPage(
        key="stock", title="实时库存", url="stock", columns=columns, rows=rows, count="2,318 种",
        sums=[Sum("成本金额", "3,284,910.00")], filters=filters, export_url="stock",
    )  # fmt: skip
    return {**base("stock", "实时库存", "库存"), "page": page}


def ledger() -> dict[str, Any]:
    rows = [
        LedgerRow("2026-11-02", "采购入库单", "CGRK20261102-0001", "delivered", "杭州立信日化",
                  "400", "10,400.00", "", "", "440", "26.0000", "11,440.00"),
        LedgerRow("2026-11-24", "销售出库单", "XSCK20261124-0011", "delivered", PARTNERS[0],
                  "", "", "73", "1,898.00", "367", "26.0000", "9,542.00"),
    ]  # fmt: skip
    filters = [
        Field("item", "商品", "pick", value="6", shown="得力A4 复印纸", url="options"),
        Field("warehouse", "仓库", "select", options=[Option("1", "杭州总仓")]),
        Field("from", "开始日期", "date", value="2026-11-01"),
        Field("to", "结束日期", "date", value="2026-11-30"),
    ]
    page = Ledger(
        title="得力A4 复印纸", subtitle="BG10001 70g 500张", url="ledger", filters=filters,
        rows=rows,
        opening_quantity="40", opening_amount="1040", total_in="400", total_in_amount="10400",
        total_out="73", total_out_amount="1898", closing_quantity="367", closing_amount="9542",
        checked_at="2026-11-24 10:31", item_url="item", export_url="ledger",
    )  # fmt: skip
    return {**base("ledger", "库存台账", "库存"), "ledger": page}


def item() -> dict[str, Any]:
    columns = [
        Column("w", "仓库"),
        *(Column(key, key, numeric=True) for key in ("实存", "占用", "可用", "在途")),
    ]
    stocks = [
        Row([Cell("杭州总仓"), Cell("367"), Cell("36"), Cell("331"), Cell("0")]),
        Row([Cell("合计"), Cell("367"), Cell("36"), Cell("331"), Cell("0")], total=True),
    ]
    card = Card(
        title="得力A4 复印纸", subtitle="BG10001", pill="done", pill_label="启用", edit_url="form",
        actions=[Link("库存台账", "book-open", "ledger")],
        kpis=[Kpi("实存", "367 包"), Kpi("占用", "36 包"), Kpi("可用", "331 包"),
              Kpi("在途", "0 包"),
              Kpi("成本单价", "26.0000")],
        facts=[Fact("规格", "70g 500张"), Fact("类别", "办公 › 纸品"), Fact("品牌", "得力"),
               Fact("单位", "包，箱 = 5 包"), Fact("条码", "6921734977908"),
               Fact("助记码", "dla4fyz"),
               Fact("税率", "13%"), Fact("备注", "")],
        tables=[Table("各仓库存", columns, stocks, more_url="stock"), _alerts()], timeline=TIMELINE,
    )  # fmt: skip
    return {**base("item", "得力A4 复印纸", "资料", "商品"), "card": card}


def partner() -> dict[str, Any]:
    card = Card(
        title="嘉兴鼎盛超市连锁", subtitle="KH0007", pill="done", pill_label="启用",
        edit_url="form",
        actions=[Link("开销售单", "plus", "new")],
        kpis=[Kpi("应收余额", "128,460.00"), Kpi("剩余信用", "431,398.00"),
              Kpi("本月销售", "86,420.50")],
        facts=[Fact("联系人", "王经理"), Fact("电话", "138****0007"), Fact("账期", "月结 30 天")],
        tables=[_alerts()],
    )  # fmt: skip
    return {**base("partner", "嘉兴鼎盛超市连锁", "资料", "客户"), "card": card}


def form() -> dict[str, Any]:
    page = FormPage(
        title="修改商品", save_url="save", cancel_url="item", version="2", intent="i-2",
        errors=["有 1 处需要修正。"],
        sections=[
            Section("基本", [
                Field("code", "商品编码", value="BG10001", required=True,
                      error="编码 BG10001 已被“得力复印纸”使用"),
                Field("name", "名称", value="得力A4 复印纸", required=True, span=2),
                Field("spec", "规格型号", value="70g 500张"),
                Field("category", "类别", "select", value="1", options=[Option("1", "办公")]),
                Field("tax_rate", "税率%", "number", value="13"),
                Field("is_active", "启用", "check", value="1"),
            ]),
            Section("条码", [Field("barcodes", "条码", "textarea", value="6921734977908", span=2,
                                   help="每行一个；箱码写成“条码 箱”")]),
        ],
    )  # fmt: skip
    return {**base("form", "修改商品", "资料", "商品"), "form": page}


def bulk() -> dict[str, Any]:
    columns = [Column("n", "单号"), Column("r", "结果"), Column("w", "说明")]
    rows = [
        Row([Cell("XSDD20261124-0040"), Cell("已审核", pill="approved"), Cell("")], url="editor"),
        Row([Cell("XSDD20261124-0039"), Cell("没有审核", pill="void"),
             Cell("信用额度只剩 1,200.00")], url="editor"),
    ]  # fmt: skip
    table = Table("结果", columns, rows)
    return {**base("list", "批量审核"), "done": 1, "table": table, "back_url": "list"}


def login() -> dict[str, Any]:
    return {
        "book_name": "杭州恒远商贸", "username": "chen",
        "error": "用户名或密码不对，还可以再试 4 次。", "next": "/",
        "demo": "演示账套：用户名 demo，密码见启动时的提示。",
    }  # fmt: skip


def setup() -> dict[str, Any]:
    return {
        "today": "2026-11-24",
        "form": FormPage(
            title="开账", save_url="save", save_label="建账并进入",
            steps=[Step("公司", "past"), Step("开账", "current"), Step("管理员", "next")],
            sections=[
                Section("公司", [
                    Field("company", "公司名称", value="杭州恒远商贸", required=True, span=2),
                    Field("go_live_date", "启用日期", "date", value="2026-11-01", required=True),
                    Field("warehouse", "第一个仓库", value="总仓", required=True),
                ]),
                Section("纳税人", [Field("taxpayer", "纳税人身份", "radio", value="general",
                    options=[Option("general", "一般纳税人", "进项税可抵扣"),
                             Option("small", "小规模纳税人", "按含税价入库")])]),
                Section("管理员", [
                    Field("username", "用户名", required=True),
                    Field("password", "密码", "password", required=True, error="密码至少 8 位"),
                ]),
            ],
        ),
    }  # fmt: skip


def gone() -> dict[str, Any]:
    return {
        "status": 410, "heading": "账套已归档", "sentence": "此账套已归档，不能再进入。",
        "home_url": "/",
    }  # fmt: skip


PAGES: dict[str, tuple[str, Any]] = {
    "home": ("pages/home.html", home),
    "list": ("pages/list.html", list_page),
    "empty": ("pages/list.html", empty_list),
    "stock": ("pages/list.html", stock),
    "ledger": ("pages/ledger.html", ledger),
    "editor": ("pages/editor.html", editor),
    "new": ("pages/editor.html", new),
    "errors": ("pages/editor.html", errors),
    "delivered": ("pages/editor.html", delivered),
    "item": ("pages/card.html", item),
    "partner": ("pages/card.html", partner),
    "form": ("pages/form.html", form),
    "bulk": ("pages/bulk.html", bulk),
    "login": ("pages/login.html", login),
    "setup": ("pages/setup.html", setup),
    "gone": ("pages/error.html", gone),
    "404": ("404.html", dict),
}


def suggestions(text: str) -> dict[str, Any]:
    found = [
        Suggestion(
            id=str(n), code=code, name=name, spec=spec, uoms=line(n).uoms, price=price, last=price,
            available=available, unit=unit, tone=line(n).tone, tax="13",
            exact=code == text.upper(),
        )
        for n, (code, name, spec, unit, available, price, _) in enumerate(ITEMS)
        if text in name or code.startswith(text.upper())
    ]  # fmt: skip
    return {"items": found, "query": text}


def answers(codes: list[str]) -> list[dict[str, Any] | None]:
    known = {item.code: item.answer() for item in suggestions("")["items"]}
    return [known.get(code) for code in codes]


def options(text: str) -> dict[str, Any]:
    found = [Choice(str(n), name, f"KH{n:04d}") for n, name in enumerate(PARTNERS) if text in name]
    return {"options": found, "query": text}


def palette(text: str) -> dict[str, Any]:
    hits = [Hit("XSDD20261124-0040", "editor", "销售订单 · 嘉兴鼎盛超市连锁")]
    return {"groups": [("单据", hits)] if text.upper().startswith("XS") else [], "query": text}
