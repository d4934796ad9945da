"""The frame of every page: the menu by permissions, the path above, who is logged in.

A page says `render(request, template, shell.page(request, title, *trail) | {...})`. The menu entry
whose address the page's address begins with is the current one; its group and label start the path.
Entries name the url they lead to; one whose url does not exist is left out.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from hengcang.kernel.actor import Actor
from hengcang.kernel.search import initials_forms
from hengcang.pages.shell import Crumb, MenuGroup, MenuItem, Shell
from hengcang.register.kinds import BY_PLURAL, KINDS
from hengcang.web import clock
from hengcang.web.requests import Request


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the menu: shown to holders of any of `permissions`; without any, to everybody."""

    label: str
    url: str  # a url name
    icon: str
    permissions: tuple[str, ...] = ()
    kind: str = ""  # the plural of a document kind: the url's argument


def _documents(label: str, plural: str, icon: str) -> Entry:
    view = f"{BY_PLURAL[plural].code}.view"
    return Entry(label, "document-list", icon, (view,), plural)


HOME = Entry("工作台", "home", "house")
ALL_DOCUMENTS = Entry(
    "全部单据", "all-documents", "layers", tuple(f"{kind.code}.view" for kind in KINDS)
)
GROUP_ICONS = {
    "销售": "shopping-cart",
    "采购": "handshake",
    "库存": "warehouse",
    "资金": "wallet",
    "设置": "settings",
}
OPEN_GROUPS = "hc_menu"  # the cookie that remembers them: xs.kc
MENU: tuple[tuple[str, tuple[Entry, ...]], ...] = (
    ("", (HOME, ALL_DOCUMENTS)),
    (
        "销售",
        (
            _documents("报价", "sales-quotes", "file-text"),
            _documents("销售订单", "sales-orders", "shopping-cart"),
            Entry("定期订单", "standing-list", "calendar", ("sales_order.view",)),
            Entry("粘贴下单", "paste-order", "clipboard-check", ("sales_order.save",)),
            _documents("销售出库", "sales-deliveries", "truck"),
            Entry("拣货单", "pick-list", "boxes", ("sales_order.view",)),
            Entry("物流签收", "shipment-list", "truck", ("sales_delivery.view",)),
            _documents("销售退货", "sales-returns", "undo-2"),
            _documents("换货", "sales-exchanges", "refresh-cw"),
            Entry("销售渠道", "channel-list", "settings", ("sales_channel.view",)),
            Entry("客户", "customer-list", "users", ("partner.view",)),
            Entry("价格本", "price-list-list", "file-text", ("price.view",)),
        ),
    ),
    (
        "采购",
        (
            _documents("请购单", "purchase-requisitions", "file-text"),
            Entry("以销定购", "for-sales", "shopping-cart", ("purchase_requisition.save",)),
            Entry("合并采购", "requisition-merge", "boxes", ("purchase_order.save",)),
            _documents("询价单", "rfqs", "send"),
            _documents("供应商报价", "supplier-quotes", "file-text"),
            _documents("采购订单", "purchase-orders", "file-text"),
            Entry("采购进度", "purchase-progress", "calendar", ("purchase_order.view",)),
            Entry("到货提醒", "purchase-reminders", "clipboard-check", ("purchase_order.view",)),
            _documents("到货通知", "arrival-notices", "truck"),
            Entry("今日到货", "arrivals", "package-check", ("arrival_notice.view",)),
            _documents("采购入库", "purchase-receipts", "package-check"),
            Entry("待检", "to-inspect", "package", ("quality_inspection.view",)),
            _documents("质检单", "quality-inspections", "clipboard-check"),
            _documents("采购退货", "purchase-returns", "undo-2"),
            Entry("供应商价格表", "supplier-price-list", "scroll-text", ("supplier_price.view",)),
            Entry("供应商", "supplier-list", "handshake", ("partner.view",)),
            Entry("采购报表", "purchase-report", "scroll-text", ("purchase_report.view",)),
            Entry("采购设置", "purchase-policy", "settings", ("purchase_policy.save",)),
        ),
    ),
    (
        "库存",
        (
            Entry("实时库存", "stock-list", "warehouse", ("stock.view",)),
            Entry("批次与库位", "stock-places", "boxes", ("stock.view",)),
            Entry("批次追溯", "batch-list", "search", ("stock.view",)),
            Entry("近效期", "expiry-list", "calendar", ("stock.view",)),
            Entry("库存台账", "item-ledger", "scroll-text", ("stock.view",)),
            Entry("序列号查询", "serial-list", "clipboard-check", ("stock.view",)),
            _documents("其他入库", "other-receipts", "file-input"),
            _documents("其他出库", "other-issues", "file-output"),
            _documents("报损", "scraps", "file-output"),
            _documents("报溢", "overages", "file-input"),
            _documents("状态调整", "status-changes", "shield-check"),
            _documents("要货单", "shop-requests", "shopping-cart"),
            Entry("配货", "allocation", "boxes", ("shop_request.allocate",)),
            Entry("要货进度", "request-progress", "calendar", ("shop_request.view",)),
            _documents("调拨单", "stock-transfers", "truck"),
            _documents("调拨入库", "transfer-receipts", "package-check"),
            _documents("移库", "bin-moves", "boxes"),
            Entry("上架", "put-away", "package-check", ("bin_move.save",)),
            _documents("组装", "assemblies", "boxes"),
            _documents("拆卸", "disassemblies", "boxes"),
            Entry("物料清单", "parts-list-list", "scroll-text", ("parts_list.view",)),
            Entry("齐套检查", "kit", "clipboard-check", ("parts_list.view",)),
            _documents("盘点", "stock-counts", "clipboard-check"),
            Entry("盘点计划", "count-plan-list", "calendar", ("stock_count.view",)),
            Entry("商品", "item-list", "package", ("item.view",)),
            Entry("仓库", "warehouse-list", "boxes", ("warehouse.view",)),
        ),
    ),
    ("资金", (Entry("应收应付", "money-list", "wallet", ("money.view",)),)),
    (
        "设置",
        (
            Entry("用户", "user-list", "user", ("user.manage", "role.manage")),
            Entry("角色与权限", "role-list", "shield-check", ("role.manage",)),
            Entry("会计期间", "period-list", "calendar", ("period.close", "period.reopen")),
            Entry("审计日志", "audit-log", "book-open", ("audit.view",)),
            Entry("账实自检", "integrity", "clipboard-check", ("books.verify",)),
            Entry("API 密钥", "key-list", "settings", ("api_key.manage",)),
        ),
    ),
)
PHONE = ("sales-orders", "sales-deliveries", "purchase-receipts", "stock-list", "item-list")
PHONE_ENTRIES = 4


def page(request: HttpRequest, title: str, *trail: str) -> dict[str, object]:
    """Context of pages/base.html. `trail` is the path below the menu entry."""
    assert hasattr(request, "actor"), "pages with the shell need a login"
    asked: Request = request  # type: ignore[assignment]
    menu = list(_menu(asked))
    return {
        "shell": _shell(asked, menu),
        "title": title,
        "crumbs": _crumbs(menu, title, trail),
    }


def _shell(request: Request, menu: list[MenuGroup]) -> Shell:
    return Shell(
        book_code=request.book.code,
        book_name=request.book.name,
        user_name=request.actor.name,
        today=clock.today().isoformat(),
        menu=menu,
        home_url=reverse("home"),
        palette_url=reverse("palette"),
        password_url=_address(Entry("", "password", "")) or "",
        settings_url=_address(Entry("", "own-settings", "")) or "",
        logout_url=_address(Entry("", "logout", "")) or "",
        actions=functions(request.actor),
        phone=_phone(menu),
    )


def _menu(request: Request) -> Iterator[MenuGroup]:
    """The entries the actor may use, the current one marked."""
    groups = [(label, list(_items(request.actor, entries))) for label, entries in MENU]
    current = max(
        (item.url for _, items in groups for item in items if _covers(item.url, request.path)),
        key=len,
        default="",
    )
    opened = request.COOKIES.get(OPEN_GROUPS, "").split(".")
    for label, items in groups:
        if items:
            marked = [replace(item, current=item.url == current) for item in items]
            key = hint(label).partition(" ")[0]
            is_open = key in opened or any(item.current for item in marked)
            yield MenuGroup(label, marked, key, GROUP_ICONS.get(label, "menu"), is_open=is_open)


def _items(actor: Actor, entries: tuple[Entry, ...]) -> Iterator[MenuItem]:
    for entry in entries:
        if entry.permissions and not any(map(actor.may, entry.permissions)):
            continue
        if url := _address(entry):
            yield MenuItem(entry.label, url, entry.icon, hint=hint(entry.label))


def _address(entry: Entry) -> str | None:
    try:
        return reverse(entry.url, args=[entry.kind] if entry.kind else [])
    except NoReverseMatch:
        return None


def _covers(url: str, path: str) -> bool:
    return path == url or (url != reverse("home") and path.startswith(url))


def _crumbs(menu: list[MenuGroup], title: str, trail: tuple[str, ...]) -> list[Crumb]:
    path = [
        [Crumb(group.label)] * bool(group.label) + [Crumb(item.label, item.url)]
        for group in menu
        for item in group.items
        if item.current
    ]
    steps = path[0] if path else [Crumb(title)]
    return [*steps, *(Crumb(label) for label in trail if label != steps[-1].label)]


def functions(actor: Actor) -> list[MenuItem]:
    """What Ctrl+K can start: a new document of every kind the actor may write."""
    return [
        MenuItem(
            label := f"新建{kind.label}",
            reverse("document-new", args=[kind.plural]),
            "plus",
            hint=hint(label),
        )
        for kind in BY_PLURAL.values()
        if actor.may(f"{kind.code}.save")
    ]


def _phone(menu: list[MenuGroup]) -> list[MenuItem]:
    items = [item for group in menu for item in group.items]
    wanted = [items[0]] if items else []
    for place in PHONE:
        wanted += [
            item for item in items if item.url.rstrip("/").endswith(place.removesuffix("-list"))
        ]
    return list({item.url: item for item in wanted}.values())[:PHONE_ENTRIES]


@cache
def hint(label: str) -> str:
    """The 拼音 initials of a label, for Ctrl+K."""
    return " ".join(initials_forms(label))
