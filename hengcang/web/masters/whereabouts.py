"""库存明细: where the goods are, by batch, bin and status."""

from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from hengcang.catalog import queries as catalog
from hengcang.ledger.entries import STATUS_LABELS, StockStatus
from hengcang.ledger.whereabouts import (
    Whereabouts,
    WhereFilter,
    whereabouts,
    whereabouts_totals,
)
from hengcang.pages.forms import Field
from hengcang.pages.tables import Cell, Column, ListPage, Row, Sum, Tone
from hengcang.places import queries as places
from hengcang.web import clock
from hengcang.web.masters import forms, lists
from hengcang.web.masters.item_ledger import ledger_url
from hengcang.web.masters.reading import id_of, text_of
from hengcang.web.masters.words import quantity
from hengcang.web.requests import Request

FILTERS = ("q", "item", "warehouse", "status", "batch", "bin")
COLUMNS = (
    Column("code", "编码"),
    Column("name", "商品"),
    Column("spec", "规格", hidden=True),
    Column("warehouse", "仓库"),
    Column("bin", "库位"),
    Column("batch", "批号"),
    Column("made", "生产日期", hidden=True),
    Column("expiry", "有效期至"),
    Column("days", "剩余天数", numeric=True),
    Column("status", "状态"),
    Column("uom", "单位"),
    Column("on_hand", "实存", numeric=True),
    Column("reserved", "本仓占用", numeric=True),
)


def whereabouts_url(item_id: int, warehouse_id: int | None = None) -> str:
    """Where the goods of an item are, in one warehouse or in all."""
    query = {"item": str(item_id)} | ({"warehouse": str(warehouse_id)} if warehouse_id else {})
    return f"{reverse('stock-places')}?{urlencode(query)}"


@require_GET
def stock_places(request: Request) -> HttpResponse:
    """Stock keys that hold goods, 50 rows a page, with the sum of the filter."""
    wanted = _wanted(request)
    found = whereabouts(request.actor, wanted, on=clock.today())
    rows, next_url = lists.cut(request, found, lambda row: str(row.stock_id))
    totals = whereabouts_totals(request.actor, wanted)
    page = ListPage(
        key="stock-places",
        title="批次与库位",
        subtitle=_subtitle(request, wanted),
        url=reverse("stock-places"),
        columns=COLUMNS,
        rows=[_row(row) for row in rows],
        count=f"{totals.rows:,} 行",
        sums=[Sum("实存", quantity(totals.on_hand))],
        filters=_filters(request),
        next_url=next_url,
        first_url=lists.first_url(request),
        clear_url=lists.clear_url(request, *FILTERS),
        kept=lists.kept(request, "item"),
        empty="这里没有库存。",
    )
    return lists.answer(request, page)


def _subtitle(request: Request, wanted: WhereFilter) -> str:
    if wanted.item_id is None:
        return "占用按商品与仓库计，不落到批次"
    item = catalog.item_head(request.actor, wanted.item_id)
    return f"{item.code} {item.name}"


def _wanted(request: Request) -> WhereFilter:
    status = request.GET.get("status", "")
    return WhereFilter(
        item_id=id_of(request.GET.get("item", "")),
        warehouse_id=id_of(request.GET.get("warehouse", "")),
        status=status if status in {s.value for s in StockStatus} else "",
        batch_no=text_of(request.GET, "batch"),
        bin_code=text_of(request.GET, "bin"),
        words=text_of(request.GET, "q"),
        after=id_of(request.GET.get("after", "")),
        limit=lists.PAGE + 1,
    )


def _filters(request: Request) -> list[Field]:
    warehouses = [(w.pk, w.name) for w in places.warehouses(request.actor)]
    statuses = [(status.value, label) for status, label in STATUS_LABELS.items()]
    fields = [
        Field("q", "搜索", "search", placeholder="编码、条码、名称或拼音"),
        Field("warehouse", "仓库", "select", options=forms.options(warehouses, "全部仓库")),
        Field("status", "状态", "select", options=forms.options(statuses, "全部状态")),
        Field("batch", "批号", placeholder="开头几位"),
        Field("bin", "库位", placeholder="开头几位"),
    ]
    return forms.filled(fields, request.GET.dict(), {})


def _row(row: Whereabouts) -> Row:
    days = "" if row.days_to_expiry is None else str(row.days_to_expiry)
    cells = [
        Cell(row.code),
        Cell(row.name, url=reverse("item", args=[row.item_id])),
        Cell(row.spec),
        Cell(row.warehouse),
        Cell(row.bin_code),
        Cell(row.batch_no, url=reverse("batch", args=[row.batch_id]) if row.batch_id else ""),
        Cell(row.mfg_date.isoformat() if row.mfg_date else ""),
        Cell(row.expiry_date.isoformat() if row.expiry_date else ""),
        Cell(days, tone=_tone(row)),
        Cell(STATUS_LABELS[StockStatus(row.status)], tone="" if row.status == "good" else "low"),
        Cell(row.uom),
        Cell(quantity(row.on_hand), tone="out" if row.on_hand < 0 else ""),
        Cell(quantity(row.reserved) if row.reserved else ""),
    ]
    return Row(cells, url=ledger_url(row.item_id, row.warehouse_id))


def _tone(row: Whereabouts) -> Tone:
    if row.days_to_expiry is None:
        return ""
    return "out" if row.days_to_expiry < 0 else "low" if row.is_near else ""
