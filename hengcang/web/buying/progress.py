"""采购进度: what is still to come in, and how late it is."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from hengcang.catalog import queries as catalog
from hengcang.kernel.actor import Actor
from hengcang.kernel.errors import Refused
from hengcang.pages.forms import Field
from hengcang.pages.tables import Cell, Column, ListPage, Row, Sum
from hengcang.partners import queries as partners
from hengcang.purchasing.progress import (
    Awaited,
    ProgressFilter,
    awaited,
    awaited_count,
)
from hengcang.purchasing.rules import RECEIVE_LABELS, receive_status
from hengcang.web import clock
from hengcang.web.masters import lists
from hengcang.web.masters.reading import day_of, id_of
from hengcang.web.masters.words import quantity
from hengcang.web.requests import Request

FILTERS = ("partner", "item", "late")


@require_GET
def purchase_progress(request: Request) -> HttpResponse:
    """Open lines of approved orders, fifty a page, the most urgent first."""
    actor, today = request.actor, clock.today()
    wanted = _wanted(request, today)
    rows, next_url = lists.cut(
        request, awaited(actor, wanted), lambda row: f"{row.due.isoformat()}.{row.line_id}"
    )
    count = awaited_count(actor, wanted, today)
    page = ListPage(
        key="purchase-progress",
        title="采购进度",
        url=reverse("purchase-progress"),
        columns=COLUMNS,
        rows=[_row(row, today) for row in rows],
        count=f"{count.lines:,} 行",
        sums=[Sum("逾期未到", f"{count.late:,} 行")],
        filters=_filters(request, actor),
        next_url=next_url,
        first_url=lists.first_url(request),
        clear_url=lists.clear_url(request, *FILTERS),
        empty="没有等待到货的采购订单。",
    )
    return lists.answer(request, page)


COLUMNS = (
    Column("number", "采购订单"),
    Column("partner", "供应商"),
    Column("code", "编码"),
    Column("name", "商品"),
    Column("warehouse", "仓库"),
    Column("due", "到货日期"),
    Column("left", "离到货"),
    Column("uom", "单位"),
    Column("ordered", "订购", numeric=True),
    Column("received", "已入库", numeric=True),
    Column("open", "未到", numeric=True),
    Column("announced", "已通知", numeric=True),
    Column("on_order", "在途（全部订单）", numeric=True),
    Column("status", "执行"),
)


def _wanted(request: Request, today: date) -> ProgressFilter:
    return ProgressFilter(
        partner_id=id_of(request.GET.get("partner", "")),
        item_id=id_of(request.GET.get("item", "")),
        late_on=today if request.GET.get("late") else None,
        after=after_of(request.GET.get("after", "")),
        limit=lists.PAGE + 1,
    )


def after_of(text: str) -> tuple[date, int] | None:
    """The place in the list an address names; None for what is none."""
    day, _, line_id = text.partition(".")
    try:
        found = id_of(line_id)
        return (day_of(day), found) if found else None
    except Refused:
        return None


def _filters(request: Request, actor: Actor) -> list[Field]:
    get = request.GET
    partner_id, item_id = id_of(get.get("partner", "")), id_of(get.get("item", ""))
    return [
        Field(
            "partner",
            "供应商",
            "pick",
            value=str(partner_id or ""),
            shown=name_of(partners.partner, actor, partner_id),
            url=f"{reverse('partner-options')}?role=supplier",
            placeholder="编码、名称或拼音首字母",
        ),
        Field(
            "item",
            "商品",
            "pick",
            value=str(item_id or ""),
            shown=name_of(catalog.item_head, actor, item_id),
            url=reverse("item-options"),
            placeholder="编码、条码、名称或拼音首字母",
        ),
        Field("late", "只看逾期", "check", value="1" if get.get("late") else ""),
    ]


def name_of(read: Callable[[Actor, int], Any], actor: Actor, chosen: int | None) -> str:
    """The name of what the filter names; empty for what is not there or not to be seen."""
    if chosen is None:
        return ""
    try:
        return str(read(actor, chosen).name)
    except Refused:
        return ""


def _row(row: Awaited, today: date) -> Row:
    url = reverse("document", args=["purchase-orders", row.order_id])
    left = row.days_left(today)
    state = receive_status(row.ordered, row.received)
    return Row(
        [
            Cell(row.number, url=url),
            Cell(row.partner),
            Cell(row.code),
            Cell(row.name, note=row.spec),
            Cell(row.warehouse),
            Cell(row.due_date.isoformat() if row.due_date else "未定"),
            Cell(days_words(left), tone="out" if left is not None and left < 0 else ""),
            Cell(row.uom),
            Cell(quantity(row.ordered)),
            Cell(quantity(row.received)),
            Cell(quantity(row.open)),
            _announced(row),
            Cell(quantity(row.on_order)),
            Cell(RECEIVE_LABELS[state], pill="approved" if row.received else "pending"),
        ],
        url=url,
    )


def _announced(row: Awaited) -> Cell:
    """How much of what is open is announced, and for which day."""
    if not row.announced or row.announced_on is None:
        return Cell("")
    return Cell(quantity(row.announced), note=f"{row.announced_on:%m-%d} 到")


def days_words(left: int | None) -> str:
    """How far off a due date is."""
    if left is None:
        return ""
    if left == 0:
        return "今天到货"
    return f"还有 {left} 天" if left > 0 else f"逾期 {-left} 天"
