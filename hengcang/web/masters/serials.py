"""序列号查询: find a piece by its number, and its whole life."""

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localtime
from django.views.decorators.http import require_GET

from hengcang.ledger import serial_queries as queries
from hengcang.ledger.entries import PLACE_LABELS, Place
from hengcang.ledger.genealogy import Kin, family_of
from hengcang.ledger.serial_queries import SerialFilter, SerialRow, SerialStep
from hengcang.pages.cards import Card, Kpi
from hengcang.pages.editor import Fact, Link
from hengcang.pages.forms import Field
from hengcang.pages.tables import Cell, Column, ListPage, Row, Table
from hengcang.web import shell
from hengcang.web.masters import forms, links, lists
from hengcang.web.masters.reading import id_of, text_of
from hengcang.web.requests import Request

COLUMNS = (
    Column("serial_no", "序列号"),
    Column("code", "编码"),
    Column("name", "商品"),
    Column("place", "所在"),
    Column("where", "仓库 / 往来单位"),
    Column("received_on", "首次入库"),
    Column("dated", "最近出入库"),
)
KIN = (
    Column("serial_no", "序列号"),
    Column("name", "商品"),
    Column("number", "单据"),
    Column("is_inside", "现在"),
)
STEPS = (
    Column("number", "单号"),
    Column("kind", "单据"),
    Column("dated", "日期"),
    Column("was", "从"),
    Column("becomes", "到"),
    Column("partner", "往来单位"),
    Column("posted_at", "记账时间"),
)


@require_GET
def serial_list(request: Request) -> HttpResponse:
    """Pieces by number or its beginning, 50 a page; a number of one piece alone opens it."""
    words, place = text_of(request.GET, "q").strip(), text_of(request.GET, "place")
    wanted = SerialFilter(
        words=words,
        item_id=id_of(request.GET.get("item", "")),
        place=place if place in list(Place) else "",
        after=id_of(request.GET.get("after", "")),
        limit=lists.PAGE + 1,
    )
    rows, next_url = lists.cut(
        request, queries.serials(request.actor, wanted), lambda row: str(row.id)
    )
    fields = [
        Field("q", "序列号", "search", placeholder="扫描或输入序列号，可只输开头"),
        Field("place", "所在", "select", options=forms.options(PLACE_LABELS.items(), "全部")),
    ]
    page = ListPage(
        key="serials",
        title="序列号查询",
        url=reverse("serial-list"),
        columns=COLUMNS,
        rows=[_row(row) for row in rows],
        filters=forms.filled(fields, request.GET.dict(), {}),
        next_url=next_url,
        first_url=lists.first_url(request),
        clear_url=lists.clear_url(request, "q", "place", "item"),
        empty="没有这样的序列号。商品资料中启用序列号后，入库时逐件录入。",
    )
    return lists.answer(request, page)


def _row(row: SerialRow) -> Row:
    url = reverse("serial", args=[row.id])
    cells = [
        Cell(row.serial_no, url=url),
        Cell(row.item_code),
        Cell(row.item_name),
        Cell(row.place_label, pill="approved" if row.place == Place.IN_STOCK else "done"),
        Cell(row.warehouse or row.partner),
        Cell(row.received_on.isoformat() if row.received_on else ""),
        Cell(row.dated.isoformat() if row.dated else ""),
    ]
    return Row(cells, url=url)


@require_GET
def serial_card(request: Request, serial_id: int) -> HttpResponse:
    """One piece: where it is, and every document that moved it."""
    actor = request.actor
    found = queries.serial(actor, serial_id)
    steps = queries.life_of(actor, serial_id)
    named = links.documents(actor, {(step.kind, step.source_id) for step in steps})
    others = f"{reverse('serial-list')}?{urlencode({'item': found.item_id})}"
    actions = [Link("同商品的序列号", "boxes", others)]
    if actor.may("item.view"):
        actions.insert(0, Link("商品资料", "package", reverse("item", args=[found.item_id])))
    card = Card(
        title=found.serial_no,
        subtitle=f"{found.item_code} {found.item_name}",
        pill="approved" if found.place == Place.IN_STOCK else "done",
        pill_label=found.place_label,
        actions=actions,
        kpis=[Kpi("现在", found.warehouse or found.place_label, found.partner)],
        facts=[
            Fact("批号", found.batch_no),
            Fact("库存状态", found.status_label),
            Fact("首次入库", str(found.received_on or "")),
            Fact("最近出入库", str(found.dated or "")),
            Fact("往来单位", found.partner),
        ],
        tables=[
            Table(
                "履历",
                STEPS,
                [_step(step, named[step.kind, step.source_id]) for step in reversed(steps)],
                wide=True,
            ),
            *_family(request, serial_id),
        ],
    )
    context = shell.page(request, found.serial_no, found.serial_no) | {"card": card}
    return render(request, "pages/card.html", context)


def _family(request: Request, serial_id: int) -> list[Table]:
    """What the piece is made of and part of; no tables where it is neither."""
    found = family_of(request.actor, serial_id)
    kin = [*found.parts, *found.products]
    named = links.documents(request.actor, {(one.kind, one.source_id) for one in kin})
    titled = (("由这些配件组成", found.parts), ("装在这些成品里", found.products))
    return [
        Table(title, KIN, [_kin(one, named[one.kind, one.source_id]) for one in rows], wide=True)
        for title, rows in titled
        if rows
    ]


def _kin(one: Kin, document: links.Named) -> Row:
    url = reverse("serial", args=[one.serial_id])
    note = f"同单 {one.pieces} 件成品之一" if one.pieces > 1 else ""
    cells = [
        Cell(one.serial_no, url=url),
        Cell(one.item_name, note=one.item_code),
        Cell(document.number, note=note, url=document.url),
        Cell("现在装在里面" if one.is_inside else "已拆出"),
    ]
    return Row(cells, url=url)


def _step(step: SerialStep, document: links.Named) -> Row:
    note = "红冲" if step.is_reversal else ""
    cells = [
        Cell(document.number, note=note),
        Cell(document.label),
        Cell(step.dated.isoformat()),
        Cell(step.was),
        Cell(step.becomes),
        Cell(step.partner),
        Cell(f"{localtime(step.posted_at):%Y-%m-%d %H:%M}"),
    ]
    return Row(cells, url=document.url)
