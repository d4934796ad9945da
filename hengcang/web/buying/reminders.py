"""到货提醒: what should have come or is about to, and what was done about it."""

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from hengcang.kernel.errors import Refused
from hengcang.pages.tables import Cell, Column, ListPage, Pill, Row, Tab
from hengcang.purchasing import reminders
from hengcang.purchasing.actions.reminders import close_reminder
from hengcang.purchasing.reminders import CLOSED_LABELS, ReminderCount, ReminderFilter
from hengcang.purchasing.watching import STAGE_LABELS, Stage
from hengcang.web import clock
from hengcang.web.buying.progress import after_of, days_words
from hengcang.web.masters import forms, lists
from hengcang.web.masters.reading import Reader
from hengcang.web.masters.words import quantity
from hengcang.web.requests import Request

COLUMNS = (
    Column("stage", "阶段"),
    Column("number", "采购订单"),
    Column("partner", "供应商"),
    Column("code", "编码"),
    Column("name", "商品"),
    Column("due", "到货日期"),
    Column("left", "离到货"),
    Column("open", "未到", numeric=True),
    Column("assignee", "负责人"),
    Column("dated", "提醒日期"),
    Column("closed", "处理"),
)
PILLS: dict[str, Pill] = {Stage.SOON: "approved", Stage.LATE: "pending", Stage.ESCALATED: "void"}
TABS = (("", "我的"), ("all", "全部"), ("closed", "已处理"))


@require_GET
def reminder_list(request: Request) -> HttpResponse:
    """The actor's own by default, fifty a page, the longest due first."""
    actor, today = request.actor, clock.today()
    view = request.GET.get("view", "")
    wanted = ReminderFilter(
        is_open=view != "closed",
        mine=view not in ("all", "closed"),
        after=after_of(request.GET.get("after", "")),
        limit=lists.PAGE + 1,
    )
    rows, next_url = lists.cut(
        request, reminders.reminders(actor, wanted), lambda row: f"{row.due.isoformat()}.{row.pk}"
    )
    page = ListPage(
        key="purchase-reminders",
        title="到货提醒",
        url=reverse("purchase-reminders"),
        columns=COLUMNS,
        rows=[_row(request, row, today) for row in rows],
        tabs=_tabs(view, reminders.reminder_count(actor)),
        next_url=next_url,
        first_url=lists.first_url(request),
        kept=lists.kept(request, "view"),
        empty="没有等您处理的到货提醒。",
    )
    return lists.answer(request, page)


def _tabs(view: str, count: ReminderCount) -> list[Tab]:
    url, counts = reverse("purchase-reminders"), {"": count.mine, "all": count.all}
    current = view if view in dict(TABS) else ""
    return [
        Tab(label, f"{url}?view={name}" if name else url, name == current, counts.get(name))
        for name, label in TABS
    ]


def _row(request: Request, row: Any, today: date) -> Row:
    line, order = row.order_line, row.order_line.document
    left = (row.due - today).days
    document = reverse("document", args=["purchase-orders", order.pk])
    return Row(
        [
            Cell(STAGE_LABELS[Stage(row.stage)], pill=PILLS[row.stage]),
            Cell(order.number or "", url=document),
            Cell(order.partner.name),
            Cell(line.item.code),
            Cell(line.item.name, note=line.item.spec),
            Cell(row.due.isoformat(), note=_announced(row)),
            Cell(days_words(left), tone="out" if left < 0 else ""),
            Cell(quantity(max(line.quantity - line.qty_fulfilled, lists.ZERO), _uom(row))),
            Cell("采购主管" if row.stage == Stage.ESCALATED else row.assignee_name),
            Cell(row.dated.isoformat()),
            _closed(request, row),
        ],
        url=document,
        muted=row.closed_on is not None,
    )


def _announced(row: Any) -> str:
    """How much of what is open is announced, and for which day."""
    if row.closed_on is not None or not row.announced:
        return ""
    return f"已通知 {quantity(row.announced)}，{row.announced_on:%m-%d} 到"


def _uom(row: Any) -> str:
    return str(row.order_line.item.base_uom.name)


def _closed(request: Request, row: Any) -> Cell:
    """How it was closed, or where to close it."""
    if row.closed_on is None:
        url = reverse("purchase-reminder-close", args=[row.pk])
        return Cell("处理", url=url) if reminders.may_close(request.actor, row) else Cell("")
    said = f"{row.closed_on} {row.closed_by_name} {row.note}".strip()
    return Cell(CLOSED_LABELS[row.closed_why], note=said)


@require_http_methods(["GET", "POST"])
def reminder_close(request: Request, reminder_id: int) -> HttpResponse:
    """Asks how it was seen to; then it is closed."""
    found = reminders.reminder(request.actor, reminder_id)
    line = found.order_line
    question = forms.Question(
        "处理到货提醒",
        f"{line.document.number} {line.item.name}，{found.due} 到货，还有 "
        f"{quantity(line.quantity - line.qty_fulfilled, _uom(found))} 未到。写明怎么处理的。",
        request.path,
        reverse("purchase-reminders"),
        "已处理",
        with_reason=True,
    )
    if request.method == "GET":
        return forms.show(request, question.form())
    reader = Reader(request.POST.dict())
    try:
        close_reminder(found.pk, reader.text("reason"), on=clock.today(), actor=request.actor)
    except Refused as refusal:
        if refusal.code == "forbidden":
            raise
        reader.refuse(refusal, "reason")
        return forms.refused(request, question.form(reader.text("reason")), reader.errors)
    return forms.done(request, reverse("purchase-reminders"), "已处理。")
