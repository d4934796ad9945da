"""Months: closed in order, reopened with a reason; and the terms chosen at go-live."""

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from hengcang.identity import queries as identity
from hengcang.identity.access import demand
from hengcang.kernel.errors import Refused
from hengcang.ledger import queries
from hengcang.ledger.periods import close_period, reopen_period
from hengcang.pages.cards import Card
from hengcang.pages.editor import Fact, Link
from hengcang.pages.tables import Cell, Column, Row, Table
from hengcang.web import clock, shell
from hengcang.web.masters import forms
from hengcang.web.masters.reading import Reader, day_of
from hengcang.web.requests import Request

COLUMNS = (
    Column("month", "会计期间"),
    Column("state", "状态"),
    Column("closed", "结账时间"),
    Column("by", "结账人"),
)


@require_GET
def period_list(request: Request) -> HttpResponse:
    """All months, newest first; the next to close and the last closed have their buttons."""
    actor = request.actor
    if not actor.may("period.reopen"):
        demand(actor, "period.close")
    terms = queries.terms()
    months = list(queries.periods(actor))
    names = identity.names_of(actor, [m.closed_by_id for m in months if m.closed_by_id])
    card = Card(
        title="会计期间",
        subtitle=terms.company_name,
        actions=_links(request, months),
        facts=[
            Fact("启用日期", terms.go_live_date.isoformat()),
            Fact("纳税人身份", terms.get_taxpayer_display()),
            Fact("成本方法", terms.get_cost_method_display()),
            Fact("成本范围（不能更改）", terms.get_cost_scope_display()),
        ],
        tables=[Table("月份", COLUMNS, [_row(month, names) for month in months])],
    )
    return render(request, "pages/card.html", shell.page(request, card.title) | {"card": card})


def _links(request: Request, months: list[Any]) -> list[Link]:
    """Months are closed from the first to the last and reopened the other way round."""
    found = []
    closed = [m for m in months if m.closed_at is not None]
    to_close = [m for m in months if m.closed_at is None]
    if closed and request.actor.may("period.reopen"):
        month = f"{closed[0].month:%Y-%m}"
        found.append(Link(f"反结账 {month}", "undo-2", reverse("period-reopen", args=[month])))
    if to_close and request.actor.may("period.close"):
        month = f"{to_close[-1].month:%Y-%m}"
        if to_close[-1].month < clock.today().replace(day=1):
            found.append(
                Link(f"结账 {month}", "circle-check", reverse("period-close", args=[month]))
            )
    return found


def _row(period: Any, names: dict[int, str]) -> Row:
    closed_at = period.closed_at
    by = names.get(period.closed_by_id or 0, "系统") if closed_at else ""
    state = Cell("已结账", pill="done") if closed_at else Cell("未结账", pill="draft")
    when = clock.clock_time(closed_at) if closed_at else ""
    return Row([Cell(f"{period}"), state, Cell(when), Cell(by)])


@require_http_methods(["GET", "POST"])
def period_close(request: Request, month: str) -> HttpResponse:
    """Asks first; then the month is frozen."""
    demand(request.actor, "period.close")
    question = forms.Question(
        f"结账 {month}",
        f"结账后 {month} 的单据不能再新增、修改或红冲，期末结存会固定下来。"
        "建议先运行账实自检。需要时可以反结账。",
        request.path,
        reverse("period-list"),
        "结账",
    )
    if request.method == "GET":
        return forms.show(request, question.form())
    reader = Reader(request.POST.dict())
    try:
        close_period(_month(month), today=clock.today(), actor=request.actor)
    except Refused as refusal:
        reader.refuse(refusal, "")
        return forms.refused(request, question.form(), reader.errors)
    return forms.done(request, reverse("period-list"), f"{month} 已结账。")


@require_http_methods(["GET", "POST"])
def period_reopen(request: Request, month: str) -> HttpResponse:
    """Asks for a reason; then the month is open again."""
    demand(request.actor, "period.reopen")
    question = forms.Question(
        f"反结账 {month}",
        f"反结账后 {month} 的单据可以再改动，已经交出去的报表可能因此不符。原因会记入审计日志。",
        request.path,
        reverse("period-list"),
        "反结账",
        with_reason=True,
    )
    if request.method == "GET":
        return forms.show(request, question.form())
    reader = Reader(request.POST.dict())
    reason = reader.text("reason")
    try:
        reopen_period(_month(month), reason, actor=request.actor)
    except Refused as refusal:
        reader.refuse(refusal, refusal.field or "")
        return forms.refused(request, question.form(reason), reader.errors)
    return forms.done(request, reverse("period-list"), f"{month} 已反结账。")


def _month(text: str) -> date:
    try:
        return day_of(f"{text}-01")
    except Refused:
        raise Refused("not_found", what="会计期间") from None
