"""Sample documents in the editor: a draft, a new one, one with errors, one that is posted."""

from decimal import Decimal
from typing import Any

from hengcang.pages.editor import (
    Columns,
    Difference,
    Doc,
    Event,
    Fact,
    Line,
    Link,
    Totals,
    Uom,
    Verb,
)
from hengcang.pages.forms import Field, Option
from tests.pages.sample_frame import base

ITEMS = [
    ("JD27635", "海尔旗舰电水壶", "1.7L", "台", "868", "123.99", "1"),
    ("BZ21441", "得力静音气泡膜", "60cm*50m", "卷", "374", "210.35", "13"),
    ("ZM19255", "维达大容量吸顶灯", "24W 圆形", "盏", "2408", "274.62", "7"),
    ("ZM21836", "史丹利加厚吸顶灯", "24W 圆形", "盏", "366", "210.69", "58"),
    ("SM10323", "公牛无线鼠标", "2.4G", "只", "0", "337.48", "6"),
    ("YL15983", "鲁花商用速溶咖啡", "15g*30", "盒", "12", "265.5", "31"),
    ("BG10001", "得力A4 复印纸", "70g 500张", "包", "367", "26.25", "40"),
]


def line(n: int, **changes: Any) -> Line:
    code, name, spec, unit, available, price, quantity = ITEMS[n]
    uoms = [Uom("1", unit), Uom("2", "箱", "2400")] if n == 6 else [Uom("1", unit)]
    tone = {"0": "out", "12": "low"}.get(available, "")
    amount = f"{Decimal(price) * Decimal(quantity):.2f}"
    known = {
        "index": str(n), "line_id": str(n), "item_id": str(n), "code": code, "name": name,
        "spec": spec, "uom_id": "1", "uoms": uoms, "available": available, "tone": tone,
        "quantity": quantity, "price": price, "last_price": price, "tax_rate": "13",
        "amount": amount,
    }  # fmt: skip
    return Line(**{**known, **changes})


HEAD = [
    Field("partner", "客户", "pick", value="7", shown="嘉兴鼎盛超市连锁", url="options",
          required=True, span=2),
    Field("warehouse", "仓库", "select", value="1", required=True,
          options=[Option("1", "杭州总仓"), Option("2", "义乌前置仓")]),
    Field("dated", "单据日期", "date", value="2026-11-24", required=True),
    Field("due_date", "交货日期", "date", value="2026-11-28"),
    Field("handler", "业务员", value="陈晓雯"),
    Field("address", "收货地址", value="浙江省杭州市余杭区良渚街道 18 号 2 仓", span=2),
    Field("terms", "结算方式", "select", value="30",
          options=[Option("30", "月结 30 天"), Option("0", "现款现货")]),
    Field("note", "备注", span=2),
    Field("external_no", "外部单号", value="PO-77820"),
]  # fmt: skip
SIDE = [
    Fact("剩余信用", "431,398.00"),
    Fact("应收余额", "128,460.00"),
    Fact("上次下单", "2026-11-19"),
]
TIMELINE = [
    Event("2026-11-24 09:12", "陈晓雯", "新建草稿"),
    Event("2026-11-24 09:30", "陈晓雯", "提交审核"),
    Event("2026-11-24 10:05", "周敏", "审核通过，占用库存 156"),
]
CHAIN = [
    Link("销售订单", "XSDD20261124-0040", "editor", "已审核", here=True),
    Link("销售出库", "XSCK20261124-0011", "delivered", "已审核"),
]
TOTALS = Totals(
    "7", "156", "28,901.09", "3,324.91", "25,576.18", "28,901.09", "贰万捌仟玖佰零壹元零玖分"
)
ADDRESSES = {
    "save_url": "save", "side_url": "side", "suggest_url": "suggest", "resolve_url": "resolve",
    "stock_url": "peek", "prices_url": "peek", "print_url": "list", "new_url": "new",
}  # fmt: skip


def document(**changes: Any) -> dict[str, Any]:
    known: dict[str, Any] = {
        "kind": "sales-orders", "kind_label": "销售订单", "number": "XSDD20261124-0040",
        "fields": HEAD, "lines": [line(n) for n in range(7)], "version": "3", "intent": "i-1",
        "side": SIDE, "totals": TOTALS, "bill_discount": "0",
        "columns": Columns(last_price=True, tax=True),
        "verbs": [
            Verb("void", "作废", danger=True, reason="作废后单号保留，不能恢复。"),
            Verb("submit", "提交审核", "send", primary=True),
        ],
    }  # fmt: skip
    doc = Doc(**{**ADDRESSES, **known, **changes})
    return {**base("list", doc.heading, "销售", "销售订单"), "doc": doc}


def editor() -> dict[str, Any]:
    return document(saved="已保存")


def new() -> dict[str, Any]:
    return document(number="", version="", lines=[], side=[], totals=Totals())


def errors() -> dict[str, Any]:
    lines = [line(n) for n in range(7)]
    lines[3] = line(3, quantity="99999", error={"quantity": "可用库存只有 366 盏"})
    lines[5] = line(5, quantity="abc", error={"quantity": "数量要写成数字，例如 12 或 0.5"})
    head = [*HEAD[:2], Field("dated", "单据日期", "date", value="2026-09-30", required=True,
            error="2026 年 9 月已结账，请改到 2026-10-01 以后"), *HEAD[3:]]  # fmt: skip
    return document(
        lines=lines, fields=head, errors=["单据没有保存。"], changed_by="周敏",
        differences=[Difference("第 2 行数量", "13", "15")],
    )  # fmt: skip


def delivered() -> dict[str, Any]:
    lines = [line(n) for n in range(6)]
    return document(
        kind_label="销售出库单", number="XSCK20261124-0011", readonly=True, lines=lines,
        status_label="已审核", status_class="approved", chain=CHAIN, timeline=TIMELINE,
        links=[Link("销售退货", "", "new")],
        verbs=[Verb("reverse", "红冲", "undo-2", danger=True, reason="红冲会生成一张红字单。")],
    )  # fmt: skip
