"""实时库存, now or on a past day."""

from datetime import date
from decimal import Decimal

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from hengcang.catalog import queries as catalog
from hengcang.kernel.actor import Actor, FieldClass
from hengcang.kernel.errors import Refused
from hengcang.kernel.refusals import sentence
from hengcang.ledger import queries
from hengcang.ledger.history import StockThen, stock_on
from hengcang.ledger.queries import StockFilter, StockRow
from hengcang.pages.forms import Field
from hengcang.pages.tables import Cell, Column, ListPage, Row, Sum
from hengcang.places import queries as places
from hengcang.web import clock
from hengcang.web.masters import forms, lists
from hengcang.web.masters.item_ledger import ledger_url
from hengcang.web.masters.reading import day_of, id_of, text_of
from hengcang.web.masters.whereabouts import whereabouts_url
from hengcang.web.masters.words import money, price, quantity
from hengcang.web.requests import Request

FILTERS = ("q", "category", "warehouse", "zero", "on")
SEPARATOR = "~"  # codes never hold it: between item code and warehouse code in `after`


@require_GET
def stock_list(request: Request) -> HttpResponse:
    """Stock by item and warehouse, 50 rows a page, with sums over all rows of the filter."""
    typed = request.GET.get("on", "").strip()
    try:
        day = day_of(typed) if typed else clock.today()
    except Refused as refusal:
        return _unreadable(request, sentence(refusal))
    return _now(request) if day >= clock.today() else _past(request, day)


def _unreadable(request: Request, error: str) -> HttpResponse:
    """No rows at all: those of another day would be taken for the day typed."""
    page = ListPage(
        key="stock",
        title="实时库存",
        url=reverse("stock-list"),
        columns=_columns(request.actor),
        rows=[],
        filters=_filters(request, error),
        clear_url=lists.clear_url(request, *FILTERS),
        empty=error,
    )
    return lists.answer(request, page)


def _now(request: Request) -> HttpResponse:
    codes = {place.pk: place.code for place in places.warehouses(request.actor)}
    found = queries.on_hand(request.actor, _wanted(request))
    rows, next_url = lists.cut(
        request, found, lambda row: f"{row.code}{SEPARATOR}{codes[row.warehouse_id]}"
    )
    totals = queries.on_hand_totals(request.actor, _wanted(request, after=""))
    sums = [
        Sum("实存", quantity(totals.on_hand)),
        Sum("占用", quantity(totals.reserved)),
        Sum("可用", quantity(totals.available)),
        Sum("在途", quantity(totals.on_order)),
    ]
    if totals.value is not None:
        sums.append(Sum("库存金额", f"¥{money(totals.value)}"))
    page = ListPage(
        key="stock",
        title="实时库存",
        url=reverse("stock-list"),
        columns=_columns(request.actor),
        rows=[_row(request.actor, row) for row in rows],
        count=f"{totals.rows:,} 行",
        sums=sums,
        filters=_filters(request),
        next_url=next_url,
        first_url=lists.first_url(request),
        clear_url=lists.clear_url(request, *FILTERS),
        empty="没有符合条件的库存。勾选“含零库存”可以看到用过的全部商品。",
    )
    return lists.answer(request, page)


def _wanted(request: Request, after: str | None = None) -> StockFilter:
    text = text_of(request.GET, "after") if after is None else after
    item_code, _, warehouse_code = text.rpartition(SEPARATOR)
    return StockFilter(
        warehouse_id=id_of(request.GET.get("warehouse", "")),
        category_path=text_of(request.GET, "category"),
        words=text_of(request.GET, "q").strip(),
        nonzero=not request.GET.get("zero"),
        after=(item_code, warehouse_code) if text else None,
        limit=lists.PAGE + 1,
    )


def _filters(request: Request, error: str = "") -> list[Field]:
    warehouses = [(w.pk, w.name) for w in places.warehouses(request.actor)]
    paths = [(c.path, c.path) for c in catalog.categories(request.actor)]
    fields = [
        Field("q", "搜索", "search", placeholder="编码、条码、名称或拼音"),
        Field("warehouse", "仓库", "select", options=forms.options(warehouses, "全部仓库")),
        Field("category", "类别", "select", options=forms.options(paths, "全部类别")),
        Field("on", "查过去某天", "date", error=error),
        Field("zero", "含零库存", "check"),
    ]
    return forms.filled(fields, request.GET.dict(), {})


def _columns(actor: Actor) -> list[Column]:
    columns = [
        Column("code", "编码"),
        Column("name", "商品"),
        Column("spec", "规格"),
        Column("category", "类别", hidden=True),
        Column("warehouse", "仓库"),
        Column("uom", "单位"),
        Column("on_hand", "实存", numeric=True),
        Column("reserved", "占用", numeric=True),
        Column("available", "可用", numeric=True),
        Column("on_order", "在途", numeric=True),
    ]
    if actor.sees(FieldClass.COST):
        columns += [
            Column("unit_cost", "成本单价", numeric=True),
            Column("value", "库存金额", numeric=True),
        ]
    return columns


def _row(actor: Actor, row: StockRow) -> Row:
    url = ledger_url(row.item_id, row.warehouse_id)
    cells = [
        Cell(row.code),
        Cell(row.name, url=reverse("item", args=[row.item_id])),
        Cell(row.spec),
        Cell(row.category),
        Cell(row.warehouse),
        Cell(row.uom),
        Cell(
            quantity(row.on_hand),
            tone="out" if row.on_hand < 0 else "",
            note=f"另有待检、不良或冻结 {quantity(row.apart)}" if row.apart else "",
            url=whereabouts_url(row.item_id, row.warehouse_id),
        ),
        Cell(_unless_zero(row.reserved)),
        Cell(quantity(row.available), tone="out" if row.available <= 0 else ""),
        Cell(_unless_zero(row.on_order)),
    ]
    if actor.sees(FieldClass.COST):
        cells += [Cell(price(row.unit_cost)), Cell(money(row.value))]
    return Row(cells, url=url)


def _unless_zero(value: Decimal) -> str:
    return quantity(value) if value else ""


def _past(request: Request, day: date) -> HttpResponse:
    """What was there at the end of a past day, by item."""
    actor = request.actor
    warehouse_id = id_of(request.GET.get("warehouse", ""))
    everything = stock_on(actor, day, warehouse_id=warehouse_id)
    after = text_of(request.GET, "after")
    rest = [row for row in everything if row.code > after]
    rows, next_url = lists.cut(request, rest, lambda row: row.code)
    columns = [
        Column("code", "编码"),
        Column("name", "商品"),
        Column("quantity", "当日结存", numeric=True),
    ]
    sums = [Sum("结存数量", quantity(sum((r.quantity for r in everything), start=lists.ZERO)))]
    values = [row.value for row in everything if row.value is not None]
    if actor.sees(FieldClass.COST) and values:
        columns.append(Column("value", "当日库存金额", numeric=True))
        sums.append(Sum("库存金额", f"¥{money(sum(values, start=lists.ZERO))}"))
    page = ListPage(
        key="stock-past",
        title="实时库存",
        subtitle=f"{day.isoformat()} 当天结束时",
        url=reverse("stock-list"),
        columns=columns,
        rows=[_past_row(row, len(columns)) for row in rows],
        count=f"{len(everything):,} 种",
        sums=sums,
        filters=[f for f in _filters(request) if f.name in ("warehouse", "on")],
        next_url=next_url,
        first_url=lists.first_url(request),
        clear_url=lists.clear_url(request, *FILTERS),
        empty=f"{day.isoformat()} 当天没有库存。",
    )
    return lists.answer(request, page)


def _past_row(row: StockThen, width: int) -> Row:
    cells = [
        Cell(row.code),
        Cell(row.name, url=reverse("item", args=[row.item_id])),
        Cell(quantity(row.quantity)),
        Cell(money(row.value)),
    ]
    return Row(cells[:width], url=ledger_url(row.item_id, None))
