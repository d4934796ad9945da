"""审计日志: everything anybody did, newest first."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from hengcang.compliance import queries
from hengcang.compliance.queries import AuditFilter
from hengcang.kernel.actor import Actor
from hengcang.pages.forms import Field
from hengcang.pages.tables import Cell, Column, ListPage, Row
from hengcang.register.kinds import BY_CODE
from hengcang.web import clock
from hengcang.web.masters import forms, links, lists, trail
from hengcang.web.masters.reading import id_of, text_of
from hengcang.web.requests import Request

COLUMNS = (
    Column("at", "时间"),
    Column("who", "谁"),
    Column("verb", "做了什么"),
    Column("kind", "对象"),
    Column("label", "编号或名称"),
    Column("details", "内容"),
)


@require_GET
def audit_log(request: Request) -> HttpResponse:
    """50 lines a page; filtered by person and kind of thing."""
    wanted = AuditFilter(
        words=text_of(request.GET, "q"),
        kind=text_of(request.GET, "kind"),
        before=id_of(request.GET.get("after", "")),
        limit=lists.PAGE + 1,
    )
    found = queries.listed_lines(request.actor, wanted)
    rows, next_url = lists.cut(request, found, lambda line: str(line.pk))
    page = ListPage(
        key="audit",
        title="审计日志",
        url=reverse("audit-log"),
        columns=COLUMNS,
        rows=_rows(request.actor, rows),
        filters=_filters(request),
        next_url=next_url,
        first_url=lists.first_url(request),
        clear_url=lists.clear_url(request, "q", "kind"),
    )
    return lists.answer(request, page)


def _filters(request: Request) -> list[Field]:
    kinds = [(kind, label) for kind, label in trail.KINDS.items() if kind != "books"]
    fields = [
        Field("q", "搜索", "search", placeholder="姓名、单号或名称"),
        Field("kind", "对象", "select", options=forms.options(kinds, "全部对象")),
    ]
    return forms.filled(fields, request.GET.dict(), {})


def _rows(actor: Actor, lines: Sequence[Any]) -> list[Row]:
    """Documents by number and with their address, as far as the reader may open them."""
    keys = {(line.kind, line.subject_id) for line in lines if line.kind in BY_CODE}
    named = links.documents(actor, keys)
    return [_row(line, named.get((line.kind, line.subject_id))) for line in lines]


def _row(line: Any, document: links.Named | None) -> Row:
    label = line.label or (document.number if document else "")
    return Row(
        [
            Cell(clock.clock_time(line.at)),
            Cell(line.actor_name),
            Cell(trail.verb(line)),
            Cell(trail.kind(line)),
            Cell(label, url=document.url if document else ""),
            Cell(trail.details(line)),
        ]
    )
