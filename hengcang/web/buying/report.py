"""采购报表: of any days, and those made by themselves; both as files for a spreadsheet."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from io import StringIO
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from hengcang.identity.access import demand
from hengcang.kernel.errors import Refused
from hengcang.kernel.refusals import sentence
from hengcang.pages.forms import Field
from hengcang.pages.tables import Cell, Column, ListPage, Row, Sum, Tab
from hengcang.purchasing.report import (
    BY_LABELS,
    NUMBERS,
    By,
    Report,
    ReportAsk,
    Summary,
    kept_report,
    kept_reports,
    kept_rows,
    purchase_report,
)
from hengcang.web import clock
from hengcang.web.masters import forms, lists, words
from hengcang.web.masters.reading import day_of, id_of
from hengcang.web.requests import Request

LABELS = {
    "papers": "入库单（张）",
    "quantity": "入库数量",
    "net": "不含税金额",
    "tax": "税额",
    "gross": "价税合计",
    "returned_quantity": "退货数量",
    "returned_net": "退货不含税",
    "returned_gross": "退货价税合计",
}
COUNTED = ("quantity", "returned_quantity")


@dataclass
class _Asked:
    """What the address asks for; days that cannot be read are said."""

    ask: ReportAsk
    errors: dict[str, str] = field(default_factory=dict)


def _asked(request: Request) -> _Asked:
    get, today = request.GET, clock.today()
    wanted = get.get("by", "")
    by = By(wanted) if wanted in set(By) else By.SUPPLIER
    asked = _Asked(ReportAsk(by, today.replace(day=1), today))
    days: dict[str, date] = {}
    for name, usual in (("from", asked.ask.first), ("to", asked.ask.last)):
        try:
            days[name] = day_of(get[name], name) if get.get(name, "").strip() else usual
        except Refused as refusal:
            asked.errors[name], days[name] = sentence(refusal), usual
    asked.ask = ReportAsk(by, days["from"], days["to"])
    return asked


@require_GET
def report(request: Request) -> HttpResponse:
    """What was bought in a span of days, fifty rows a page."""
    asked = _asked(request)
    found = _found(request, asked)
    start = id_of(request.GET.get("after", "")) or 0
    rows = found.rows[start : start + lists.PAGE + 1]
    shown, next_url = lists.cut(request, rows, lambda _: str(start + lists.PAGE))
    page = ListPage(
        key=f"purchase-report-{asked.ask.by}",
        title="采购报表",
        url=reverse("purchase-report"),
        columns=_columns(asked.ask.by),
        rows=[_row(row, asked.ask.by) for row in shown],
        count=f"{len(found.rows):,} 行",
        sums=[
            Sum("价税合计", words.money(found.total.gross)),
            Sum("退货", words.money(found.total.returned_gross)),
            Sum("净额", words.money(found.total.remains)),
        ],
        tabs=_tabs("live"),
        filters=_filters(request, asked),
        next_url=next_url,
        first_url=lists.first_url(request),
        export_url=_export(request),
        empty="".join(asked.errors.values()) or "这段时间没有采购入库或退货。",
    )
    return lists.answer(request, page)


def _found(request: Request, asked: _Asked) -> Report:
    """Nothing where a day is wrong: what is wrong is said instead."""
    if asked.errors:
        demand(request.actor, "purchase_report.view")
        return Report()
    try:
        return purchase_report(request.actor, asked.ask)
    except Refused as refusal:
        if refusal.code != "dates_reversed":
            raise
        asked.errors["to"] = sentence(refusal)
        return Report()


def _export(request: Request) -> str:
    query = request.GET.copy()
    query.pop("after", None)
    return f"{reverse('purchase-report-file')}?{query.urlencode()}"


def _tabs(here: str) -> list[Tab]:
    tabs = (("live", "查询", "purchase-report"), ("kept", "已生成", "purchase-report-list"))
    return [Tab(label, reverse(url), name == here) for name, label, url in tabs]


def _columns(by: By) -> list[Column]:
    head = [Column("code", "月份")] if by == By.MONTH else [Column("code", "编码")]
    if by != By.MONTH:
        head.append(Column("name", "供应商" if by == By.SUPPLIER else "商品"))
    return head + [Column(name, LABELS[name], numeric=True) for name in _names(by)]


def _names(by: By) -> Sequence[str]:
    return [name for name in NUMBERS if by == By.ITEM or name not in COUNTED]


def _row(row: Summary, by: By) -> Row:
    head = [Cell(row.code)] if by == By.MONTH else [Cell(row.code), Cell(row.name)]
    return Row([*head, *(Cell(_text(row, name)) for name in _names(by))], total=row.name == "合计")


def _text(row: Summary, name: str) -> str:
    value = getattr(row, name)
    if name == "papers":
        return f"{value:,}"
    return words.quantity(value) if name in COUNTED else words.money(value)


def _filters(request: Request, asked: _Asked) -> list[Field]:
    get, errors = request.GET, asked.errors
    first, last = asked.ask.first.isoformat(), asked.ask.last.isoformat()
    return [
        Field(
            "by",
            "汇总",
            "select",
            value=asked.ask.by.value,
            options=forms.options((by.value, label) for by, label in BY_LABELS.items()),
        ),
        Field("from", "从", "date", get.get("from") or first, error=errors.get("from", "")),
        Field("to", "到", "date", get.get("to") or last, error=errors.get("to", "")),
    ]


@require_GET
def report_file(request: Request) -> HttpResponse:
    """The same rows, all of them, as CSV. Raises Refused for days that cannot be."""
    asked = _asked(request)
    for name in asked.errors:
        day_of(request.GET[name], name)
    ask = asked.ask
    found = purchase_report(request.actor, ask)
    return _file([*found.rows, found.total], ask.by, f"{ask.first}-{ask.last}")


def _file(rows: Iterable[Summary], by: By, days: str) -> HttpResponse:
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(column.label for column in _columns(by))
    for row in rows:
        head = [row.code or row.name] if by == By.MONTH else [row.code, row.name]
        figures = [
            f"{getattr(row, name):f}" if name != "papers" else row.papers for name in _names(by)
        ]
        writer.writerow([*map(_harmless, head), *figures])
    answer = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="purchases-{by}-{days}.csv"'
    return answer


def _harmless(text: str) -> str:
    """A name that a spreadsheet would take for a formula stays a name."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


@require_GET
def kept_list(request: Request) -> HttpResponse:
    """The reports made by themselves, the newest first."""
    rows = kept_reports(request.actor)
    after = id_of(request.GET.get("after", "")) or 0
    found = list(rows[after : after + lists.PAGE + 1])
    shown, next_url = lists.cut(request, found, lambda _: str(after + lists.PAGE))
    page = ListPage(
        key="purchase-reports",
        title="采购报表",
        url=reverse("purchase-report-list"),
        columns=(
            Column("span", "期间"),
            Column("made", "生成时间"),
            Column("gross", "价税合计", numeric=True),
            Column("back", "退货", numeric=True),
            Column("file", "下载"),
            Column("items", "下载"),
        ),
        rows=[_kept(row) for row in shown],
        tabs=_tabs("kept"),
        next_url=next_url,
        first_url=lists.first_url(request),
        empty="还没有自动生成的报表，请在采购设置里选择每周或每月。",
    )
    return lists.answer(request, page)


def _kept(row: Any) -> Row:
    total = kept_rows(row, By.SUPPLIER)[-1]
    return Row(
        [
            Cell(f"{row.first} 至 {row.last}"),
            Cell(clock.clock_time(row.created_at)),
            Cell(words.money(total.gross)),
            Cell(words.money(total.returned_gross)),
            *(
                Cell(BY_LABELS[by], url=f"{reverse('purchase-report-kept', args=[row.pk])}?by={by}")
                for by in (By.SUPPLIER, By.ITEM)
            ),
        ]
    )


@require_GET
def kept_file(request: Request, report_id: int) -> HttpResponse:
    """A kept report as CSV, by supplier or ?by=item, as it was when it was made."""
    found = kept_report(request.actor, report_id)
    by = By.ITEM if request.GET.get("by") == By.ITEM else By.SUPPLIER
    return _file(kept_rows(found, by), by, f"{found.first}-{found.last}")
