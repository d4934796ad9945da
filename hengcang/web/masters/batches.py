"""批次: find one, correct what was written down, and trace where its goods came from and went."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from hengcang.catalog import queries as catalog
from hengcang.compliance.queries import timeline
from hengcang.identity.access import demand
from hengcang.kernel.actor import Actor
from hengcang.kernel.errors import Refused
from hengcang.ledger import batches as books
from hengcang.ledger.batch_changes import BatchDraft, correct_batch
from hengcang.ledger.batches import BatchFilter, BatchRow
from hengcang.ledger.entries import STATUS_LABELS, StockStatus
from hengcang.ledger.whereabouts import Whereabouts, WhereFilter, whereabouts
from hengcang.pages.cards import Card, Kpi
from hengcang.pages.editor import Fact, Link
from hengcang.pages.forms import Field, FormPage, Section
from hengcang.pages.tables import Cell, Column, ListPage, Row, Table
from hengcang.register.recall import Traced, customers_of, suppliers_of
from hengcang.web import clock, shell
from hengcang.web.masters import forms, links, lists, trail
from hengcang.web.masters.reading import Reader, id_of, text_of
from hengcang.web.masters.words import quantity
from hengcang.web.requests import Request

MOVES, PLACES = 200, 200
COLUMNS = (
    Column("batch", "批号"),
    Column("code", "编码"),
    Column("name", "商品"),
    Column("spec", "规格"),
    Column("made", "生产日期"),
    Column("expiry", "有效期至"),
    Column("on_hand", "现存", numeric=True),
    Column("uom", "单位"),
)


@require_GET
def batch_list(request: Request) -> HttpResponse:
    """Batches by number, item code or name, the newest first, 50 rows a page."""
    wanted = BatchFilter(
        item_id=id_of(request.GET.get("item", "")),
        words=text_of(request.GET, "q"),
        after=id_of(request.GET.get("after", "")),
        limit=lists.PAGE + 1,
    )
    found = books.batches(request.actor, wanted)
    rows, next_url = lists.cut(request, found, lambda row: str(row.id))
    item = catalog.item_head(request.actor, wanted.item_id) if wanted.item_id else None
    search = [Field("q", "搜索", "search", placeholder="批号、商品编码或名称")]
    page = ListPage(
        key="batches",
        title="批次",
        subtitle=f"{item.code} {item.name}" if item else "",
        url=reverse("batch-list"),
        columns=COLUMNS,
        rows=[_row(row) for row in rows],
        filters=forms.filled(search, request.GET.dict(), {}),
        next_url=next_url,
        first_url=lists.first_url(request),
        clear_url=lists.clear_url(request, "q", "item"),
        kept=lists.kept(request, "item"),
        empty="没有这样的批次。批次在入库时填写批号后产生。",
    )
    return lists.answer(request, page)


def _row(row: BatchRow) -> Row:
    cells = [
        Cell(row.batch_no, url=reverse("batch", args=[row.id])),
        Cell(row.code),
        Cell(row.name, url=reverse("item", args=[row.item_id])),
        Cell(row.spec),
        Cell(_day(row.mfg_date)),
        Cell(_day(row.expiry_date)),
        Cell(quantity(row.on_hand)),
        Cell(row.uom),
    ]
    return Row(cells, url=reverse("batch", args=[row.id]), muted=not row.on_hand)


def _day(day: Any) -> str:
    return day.isoformat() if day else ""


@require_GET
def batch_card(request: Request, batch_id: int) -> HttpResponse:
    """A batch: where it lies, who supplied it, who has it, and every document it moved on."""
    actor = request.actor
    batch = books.batch(actor, batch_id)
    wanted = WhereFilter(item_id=batch.item_id, batch_no=batch.batch_no, limit=PLACES)
    found = whereabouts(actor, wanted, on=clock.today())
    places = [row for row in found if row.batch_id == batch_id]
    unit = batch.item.base_uom.name
    customers, suppliers = customers_of(actor, batch_id), suppliers_of(actor, batch_id)
    out = sum((row.still for row in customers), start=lists.ZERO)
    left = sum((row.on_hand for row in places), start=lists.ZERO)
    card = Card(
        title=f"批号 {batch.batch_no}",
        subtitle=f"{batch.item.code} {batch.item.name} {batch.item.spec}".strip(),
        actions=[Link("商品", "package", reverse("item", args=[batch.item_id]))],
        edit_url=reverse("batch-change", args=[batch_id]) if actor.may("batch.save") else "",
        kpis=[
            Kpi("现存", quantity(left, unit)),
            Kpi("在客户处", quantity(out, unit), f"{len(customers)} 家客户"),
        ],
        facts=[
            Fact("生产日期", _day(batch.mfg_date) or "未填"),
            Fact("有效期至", _day(batch.expiry_date) or "未填"),
        ],
        tables=[
            _places(places),
            _traced("召回名单：发给了谁", "customer", customers, ("已发", "已退", "在客户处")),
            _traced("来自哪家供应商", "supplier", suppliers, ("已收", "已退", "净收")),
            _moves(actor, batch_id),
        ],
        timeline=trail.events(timeline(actor, "batch", batch_id)),
    )
    context = shell.page(request, card.title, card.title) | {"card": card}
    return render(request, "pages/card.html", context)


def _places(rows: Sequence[Whereabouts]) -> Table:
    columns = [
        Column("warehouse", "仓库"),
        Column("bin", "库位"),
        Column("status", "状态"),
        Column("on_hand", "实存", numeric=True),
    ]
    cells = [
        Row(
            [
                Cell(row.warehouse),
                Cell(row.bin_code),
                Cell(STATUS_LABELS[StockStatus(row.status)]),
                Cell(quantity(row.on_hand, row.uom)),
            ]
        )
        for row in rows
    ]
    return Table("现在在哪里", columns, cells, empty="已经没有库存。")


def _traced(title: str, side: str, rows: Sequence[Traced], words: Sequence[str]) -> Table:
    moved, returned, still = words
    columns = [
        Column("partner", "客户" if side == "customer" else "供应商"),
        Column("moved", moved, numeric=True),
        Column("returned", returned, numeric=True),
        Column("still", still, numeric=True),
        Column("documents", "单据", numeric=True),
        Column("days", "日期"),
    ]
    cells = [
        Row(
            [
                Cell(row.name, note=row.code),
                Cell(quantity(row.moved)),
                Cell(quantity(row.returned) if row.returned else ""),
                Cell(quantity(row.still)),
                Cell(str(row.documents)),
                Cell(" – ".join(dict.fromkeys((_day(row.first), _day(row.last))))),
            ],
            url=reverse(f"{side}-card", args=[row.partner_id]),
        )
        for row in rows
    ]
    return Table(title, columns, cells, empty="没有。", wide=True)


def _moves(actor: Actor, batch_id: int) -> Table:
    moves = books.moves_of(actor, batch_id, limit=MOVES)
    named = links.documents(actor, {(move.kind, move.source_id) for move in moves})
    columns = [
        Column("number", "单号"),
        Column("kind", "单据"),
        Column("dated", "日期"),
        Column("partner", "往来单位"),
        Column("warehouse", "仓库"),
        Column("bin", "库位"),
        Column("status", "状态"),
        Column("quantity", "数量", numeric=True),
    ]
    rows = []
    for move in moves:
        document = named[move.kind, move.source_id]
        sign = "+" if move.quantity > 0 else ""
        cells = [
            Cell(document.number),
            Cell(document.label),
            Cell(move.dated.isoformat()),
            Cell(document.partner),
            Cell(move.warehouse),
            Cell(move.bin_code),
            Cell(STATUS_LABELS[StockStatus(move.status)]),
            Cell(f"{sign}{quantity(move.quantity)}"),
        ]
        rows.append(Row(cells, url=document.url))
    return Table(f"出入库（最近 {MOVES} 笔）", columns, rows, empty="还没有出入库。", wide=True)


@require_http_methods(["GET", "POST"])
def batch_change(request: Request, batch_id: int) -> HttpResponse:
    """The batch as corrected, with the reason, or the form again with what is wrong."""
    demand(request.actor, "batch.save")
    batch = books.batch(request.actor, batch_id)
    if request.method == "GET":
        values = {
            "batch_no": batch.batch_no,
            "made": _day(batch.mfg_date),
            "expiry": _day(batch.expiry_date),
        }
        return forms.show(request, _page(request, values, batch))
    posted = request.POST.dict()
    reader = Reader(posted)
    draft = BatchDraft(
        batch_no=reader.text("batch_no") or batch.batch_no,  # not sent where it is fixed
        mfg_date=reader.day("made"),
        expiry_date=reader.day("expiry"),
        reason=reader.text("reason"),
    )
    version = reader.whole("version") or 0
    if not reader.errors:
        try:
            correct_batch(batch_id, version, draft, actor=request.actor)
        except Refused as refusal:
            if refusal.code == forms.STALE:
                return forms.conflict(request, _page(request, posted, batch), refusal)
            reader.refuse(refusal)
        else:
            return forms.done(request, reverse("batch", args=[batch_id]), "已更正。")
    return forms.refused(request, _page(request, posted, batch), reader.errors)


def _page(request: Request, values: dict[str, str], batch: Any) -> FormPage:
    used = books.is_used(request.actor, batch.pk)
    note = "已有出入库，批号不能再改；日期更正后，近效期与先到期先出立即按新日期。"
    fields = [
        Field("batch_no", "批号", required=True, readonly=used),
        Field("made", "生产日期", "date"),
        Field("expiry", "有效期至", "date"),
        Field("reason", "更正原因", "textarea", required=True, span=3),
    ]
    return FormPage(
        title=f"更正批次 {batch.batch_no}",
        save_url=request.path,
        sections=[Section("", forms.filled(fields, values, {}), note=note if used else "")],
        cancel_url=reverse("batch", args=[batch.pk]),
        version=str(values.get("version") or batch.version),
    )
