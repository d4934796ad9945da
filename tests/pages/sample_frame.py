"""The frame of the sample pages, and names they share."""

from typing import Any

from hengcang.pages.shell import Crumb, MenuGroup, MenuItem, Shell

MENU = [
    ("", [("工作台", "home", "house")]),
    (
        "销售",
        [
            ("销售订单", "list", "shopping-cart"),
            ("销售出库", "empty", "truck"),
            ("销售退货", "delivered", "undo-2"),
            ("客户", "partner", "users"),
        ],
    ),
    (
        "采购",
        [("采购订单", "editor", "file-text"), ("采购入库", "errors", "package-check")],
    ),
    (
        "库存",
        [
            ("实时库存", "stock", "warehouse"),
            ("库存台账", "ledger", "book-open"),
            ("其他入库", "new", "file-input"),
            ("其他出库", "bulk", "file-output"),
        ],
    ),
    ("资料", [("商品", "item", "package"), ("商品资料", "form", "tag")]),
]
BADGES = {"销售订单": 12, "采购入库": 3}


def shell(current: str = "") -> Shell:
    groups = [
        MenuGroup(label, [_entry(name, page, icon, current) for name, page, icon in items])
        for label, items in MENU
    ]
    phone = [
        MenuItem("首页", "home", "house", current == "home"),
        MenuItem("订单", "list", "shopping-cart", current == "list"),
        MenuItem("库存", "stock", "warehouse", current == "stock"),
    ]
    actions = [MenuItem("开销售单", "new", hint="kxsd"), MenuItem("采购入库", "new", hint="cgrk")]
    return Shell(
        book_code="demo", book_name="杭州恒远商贸", user_name="陈晓雯", today="2026-11-24",
        menu=groups, home_url="home", palette_url="palette", logout_url="logout",
        actions=actions, phone=phone,
    )  # fmt: skip


def _entry(name: str, page: str, icon: str, current: str) -> MenuItem:
    return MenuItem(name, page, icon, page == current, BADGES.get(name, 0), "xsdd")


def base(current: str, title: str, *path: str) -> dict[str, Any]:
    crumbs = [Crumb(label, "list") for label in path] + [Crumb(title)]
    return {"shell": shell(current), "title": title, "crumbs": crumbs}


PARTNERS = ["嘉兴鼎盛超市连锁", "南京华东商贸有限公司", "上海金桥超市连锁", "南京顺丰达五金经营部"]
WAREHOUSES = ["杭州总仓", "义乌前置仓", "宁波保税仓"]
