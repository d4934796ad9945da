"""工作台: what waits for this person, the figures of the day, and where they come from."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from hengcang.documents.flow import ON_THE_WAY, STATUS_LABELS, Status
from hengcang.kernel.actor import Actor, FieldClass
from hengcang.ledger.margins import issued_cost
from hengcang.ledger.queries import StockFilter, last_verification, on_hand_totals
from hengcang.pages.bars import Bars, bars
from hengcang.pages.cards import Home, Kpi, Todo
from hengcang.pages.editor import Link
from hengcang.pages.tables import Cell, Column, Row, Table
from hengcang.purchasing.reminders import reminder_count
from hengcang.register import lists as register
from hengcang.register.kinds import BY_CODE
from hengcang.register.lists import Waiting
from hengcang.register.queries import documents
from hengcang.sales.figures import Turnover, shortages, turnover
from hengcang.settlement.queries import owed_totals
from hengcang.web import clock, shell
from hengcang.web.masters import links, words
from hengcang.web.requests import Request

DAYS = 30
ROWS = 8
WEEKDAYS = "一二三四五六日"
QUICK = (
    ("purchase_receipt", "采购入库", "package-check"),
    ("sales_delivery", "销售出库", "truck"),
    ("sales_order", "开销售单", "plus"),
)
SALES = ("sales_delivery", "sales_return", "sales_exchange")


@require_GET
def home(request: Request) -> HttpResponse:
    """The first page after login."""
    actor, today = request.actor, clock.today()
    waiting = register.waiting(actor, today)
    todos = list(_todos(actor, waiting))
    days = _turnover(actor, today)
    checked = _light(actor)
    view = Home(
        greeting=f"{clock.greeting()}，{actor.name}",
        summary=_summary(today, len(todos)),
        quick=_quick(actor),
        kpis=list(_kpis(actor, days, waiting, today)),
        bars=_bars(days),
        todos=todos,
        tables=list(_tables(actor)),
        books_agree=checked[0],
        checked_at=checked[1],
    )
    return render(request, "pages/home.html", shell.page(request, "工作台") | {"home": view})


def _summary(today: date, count: int) -> str:
    day = f"{today.isoformat()} 周{WEEKDAYS[today.weekday()]}"
    return f"{day} · 今天有 {count} 件事等您处理" if count else f"{day} · 没有等您处理的事"


def _quick(actor: Actor) -> list[Link]:
    return [
        Link(label, icon, reverse("document-new", args=[BY_CODE[code].plural]))
        for code, label, icon in QUICK
        if actor.may(f"{code}.save")
    ]


# Figures


def _turnover(actor: Actor, today: date) -> list[Turnover]:
    if not actor.may("sales_delivery.view"):
        return []
    return turnover(actor, today - timedelta(days=DAYS - 1), today)


def _bars(days: Sequence[Turnover]) -> Bars | None:
    if not days:
        return None
    whole = sum((day.amount for day in days), Decimal(0))
    sentence = f"近 {DAYS} 天销售额合计 {words.money(whole)} 元"
    data = [(f"{day.day:%m-%d}", day.amount) for day in days]
    return bars(f"近 {DAYS} 天销售额", sentence, data)


def _kpis(
    actor: Actor, days: Sequence[Turnover], waiting: Sequence[Waiting], today: date
) -> Iterator[Kpi]:
    if days:
        yield from _sales(actor, days, today)
    if actor.may("stock.view") and actor.sees(FieldClass.COST):
        totals = on_hand_totals(actor, StockFilter())
        note = f"{totals.rows:,} 个库存点"
        yield Kpi("库存金额", f"¥{words.money(totals.value)}", note, url=reverse("stock-list"))
    if actor.may("money.view"):
        owed = owed_totals(actor)
        note = f"应付 ¥{words.money(owed.payable)}" if actor.sees(FieldClass.COST) else ""
        yield Kpi("应收余额", f"¥{words.money(owed.receivable)}", note, url=reverse("money-list"))
    if actor.may("sales_order.view"):
        count = _count(waiting, "sales_order", Status.APPROVED)
        yield Kpi(
            "待出库订单", f"{count:,} 张", "已审核未出完", url=_list("sales_order", "approved")
        )


def _sales(actor: Actor, days: Sequence[Turnover], today: date) -> Iterator[Kpi]:
    now, before = days[-1], days[-2]
    place = f"{_list('sales_delivery')}?from={today}&to={today}"
    yield Kpi(
        "今日销售额",
        f"¥{words.money(now.amount)}",
        f"昨日 ¥{words.money(before.amount)}",
        url=place,
    )
    cost = issued_cost(actor, SALES, today, today)
    if cost is None:
        return
    margin = now.net - cost
    note = f"毛利率 {margin / now.net * 100:.1f}%" if now.net else "今天还没有出库"
    yield Kpi("今日毛利", f"¥{words.money(margin)}", note, "down" if margin < 0 else "", url=place)


def _list(code: str, status: str = "") -> str:
    url = reverse("document-list", args=[BY_CODE[code].plural])
    return f"{url}?status={status}" if status else url


def _count(waiting: Sequence[Waiting], kind: str, status: Status) -> int:
    return sum(each.count for each in waiting if (each.kind, each.status) == (kind, status))


# What waits


def _todos(actor: Actor, waiting: Sequence[Waiting]) -> Iterator[Todo]:
    for each in waiting:
        label = BY_CODE[each.kind].label
        if each.status == Status.PENDING and actor.may(f"{each.kind}.approve"):
            yield Todo(
                f"审核{label} {each.count} 张", _list(each.kind, "pending"), "待审核", "warn"
            )
        if each.status in ON_THE_WAY and actor.may("transfer_receipt.save"):
            told = STATUS_LABELS[Status(each.status)]
            yield Todo(f"{label}{told} {each.count} 张", _list(each.kind, each.status), "等待调入")
    for code, text, note in (
        ("sales_order", "销售订单过了交货日期", "已审核未出完"),
        ("purchase_order", "采购订单过了到货日期", "已审核未到齐"),
    ):
        if late := sum(each.late for each in waiting if each.kind == code):
            yield Todo(f"{text} {late} 张", _list(code, "approved"), note, "bad")
    yield from _reminders(actor)
    for each in waiting:
        if each.status == Status.DRAFT and each.mine:
            text = f"我的{BY_CODE[each.kind].label}草稿 {each.mine} 张"
            yield Todo(text, _list(each.kind, "draft"), "还没提交")


def _reminders(actor: Actor) -> Iterator[Todo]:
    """Purchases that are the actor's to chase."""
    if actor.may("purchase_order.view") and (count := reminder_count(actor)).mine:
        url, note = reverse("purchase-reminders"), f"其中逾期 {count.late} 条"
        yield Todo(f"到货提醒 {count.mine} 条", url, note, "bad" if count.late else "warn")


def _light(actor: Actor) -> tuple[bool | None, str]:
    """Whether the books agreed when they were last checked, and when that was."""
    last = last_verification(actor)
    if last is None:
        return None, ""
    return last.differences == 0, f"{clock.clock_time(last.at)} 核对"


# Tables


def _tables(actor: Actor) -> Iterator[Table]:
    if actor.may("sales_order.view"):
        yield _shortages(actor)
    yield _recent(actor)


def _shortages(actor: Actor) -> Table:
    rows = [
        Row(
            [
                Cell(short.name, note=short.spec),
                Cell(short.warehouse),
                Cell(f"{words.quantity(short.missing)} {short.uom}", tone="out"),
            ],
            url=reverse("item", args=[short.item_id]) if actor.may("item.view") else "",
        )
        for short in shortages(actor, limit=ROWS)
    ]
    columns = [
        Column("item", "商品"),
        Column("warehouse", "仓库"),
        Column("missing", "订单缺货", numeric=True),
    ]
    return Table("订单缺货", columns, rows, empty="已审核的订单都有货。")


def _recent(actor: Actor) -> Table:
    rows = [
        Row(
            [
                Cell(row.number or "草稿", note=BY_CODE[row.kind].label),
                Cell(row.partner.name if row.partner else row.warehouse.name),
                Cell(_amount(actor, row.kind, row.amount)),
                Cell(STATUS_LABELS[Status(row.status)], pill=links.PILLS[row.status]),
            ],
            url=links.document_url(row.kind, row.document_id),
        )
        for row in documents(actor)[:ROWS]
    ]
    columns = [
        Column("number", "单号"),
        Column("partner", "往来单位"),
        Column("amount", "金额", numeric=True),
        Column("status", "状态"),
    ]
    more = reverse("all-documents")
    return Table("最近单据", columns, rows, more_url=more, empty="还没有单据。")


def _amount(actor: Actor, kind: str, amount: Decimal | None) -> str:
    return words.money(amount) if links.may_see_amount(actor, kind) else ""
