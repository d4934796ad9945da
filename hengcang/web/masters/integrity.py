"""账实自检: the check of the whole book, now and before."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from hengcang.identity.access import demand
from hengcang.ledger import recent
from hengcang.pages.cards import Card, Kpi
from hengcang.pages.editor import Link
from hengcang.pages.tables import Cell, Column, Row, Table
from hengcang.register.actions import verify_now
from hengcang.web import clock, shell
from hengcang.web.masters import forms
from hengcang.web.requests import Request

RUNS = 30
RUN_COLUMNS = (
    Column("at", "时间"),
    Column("differences", "差异", numeric=True),
    Column("state", "结果"),
    Column("seconds", "用时", numeric=True),
)


@require_GET
def integrity(request: Request) -> HttpResponse:
    """What the last checks of the book said."""
    runs = list(recent.verifications(request.actor)[:RUNS])
    last = runs[0] if runs else None
    card = Card(
        title="账实自检",
        subtitle="逐项重算每一笔库存、成本、占用、在途和往来，与账上比对；每小时自动运行一次",
        actions=[Link("立即自检", "shield-check", reverse("verify"))],
        kpis=_kpis(last),
        tables=[
            *_differences(last),
            Table("最近的自检", RUN_COLUMNS, [_row(r) for r in runs], wide=True),
        ],
    )
    return render(request, "pages/card.html", shell.page(request, card.title) | {"card": card})


def _kpis(last: Any) -> list[Kpi]:
    if last is None:
        return [Kpi("最近一次", "还没有运行")]
    agree = last.differences == 0
    return [
        Kpi(
            "差异",
            f"{last.differences} 处",
            "账实一致" if agree else "请联系技术支持",
            tone="up" if agree else "out",
        ),
        Kpi("最近一次", clock.clock_time(last.at), f"用时 {last.seconds} 秒"),
    ]


def _differences(last: Any) -> list[Table]:
    if last is None or not last.detail:
        return []
    rows = [Row([Cell(text)]) for text in last.detail]
    return [Table("差异明细", [Column("what", "哪里对不上")], rows, wide=True)]


def _row(run: Any) -> Row:
    good = run.differences == 0
    return Row(
        [
            Cell(clock.clock_time(run.at)),
            Cell(str(run.differences)),
            Cell("一致", pill="done") if good else Cell("有差异", pill="void"),
            Cell(f"{run.seconds} 秒"),
        ]
    )


@require_http_methods(["GET", "POST"])
def verify(request: Request) -> HttpResponse:
    """Asks first, for it may take a while; then the book is checked at once."""
    demand(request.actor, "books.verify")
    if request.method == "GET":
        question = forms.Question(
            "立即自检",
            "会把整个账套从第一笔起重算一遍，不改动任何数据，期间可以照常开单。大账套可能要几十秒。",
            request.path,
            reverse("integrity"),
            "开始自检",
        )
        return forms.show(request, question.form())
    found = verify_now(actor=request.actor)
    if not found:
        return forms.done(request, reverse("integrity"), "自检完成：0 处差异，账实一致。")
    messages.error(request, f"自检完成：有 {len(found)} 处差异，见下表。")
    url = reverse("integrity")
    return (
        HttpResponseClientRedirect(url)
        if request.htmx
        else HttpResponse(status=302, headers={"Location": url})
    )
