"""近效期: what expires soon or has expired, the first first."""

from datetime import date

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from hengcang.kernel.actor import Actor, FieldClass
from hengcang.ledger.whereabouts import (
    NEAR_DAYS,
    Expiring,
    ExpiryFilter,
    expiring,
    expiring_totals,
)
from hengcang.pages.forms import Field
from hengcang.pages.tables import Cell, Column, ListPage, Row, Sum
from hengcang.places import queries as places
from hengcang.web import clock
from hengcang.web.masters import forms, lists
from hengcang.web.masters.reading import day_of, id_of, text_of
from hengcang.web.masters.whereabouts import whereabouts_url
from hengcang.web.masters.words import money, quantity
from hengcang.web.requests import Request

FILTERS = ("q", "warehouse", "within", "state")
SEPARATOR = "~"
WITHIN = ((7, "7 天内"), (30, "30 天内"), (90, "90 天内"), (180, "180 天内"))
STATES = (("expired", "已过期"), ("near", "未过期"))


@require_GET
def expiry_list(request: Request) -> HttpResponse:
    """Batches near their expiry or past it, by warehouse, 50 rows a page, with sums."""
    actor, today = request.actor, clock.today()
    wanted = _wanted(request)
    found = expiring(actor, wanted, on=today)
    rows, next_url = lists.cut(request, found, _position)
    totals = expiring_totals(actor, wanted, on=today)
    sums = [Sum("已过期", f"{totals.expired:,} 行"), Sum("数量", quantity(totals.quantity))]
    if totals.value is not None:
        sums.append(Sum("金额", f"¥{money(totals.value)}"))
    page = ListPage(
        key="expiry",
        title="近效期与过期",
        subtitle=f"天数不选时按各商品的近效期天数，没设的按 {NEAR_DAYS} 天",
        url=reverse("expiry-list"),
        columns=_columns(actor),
        rows=[_row(actor, row) for row in rows],
        count=f"{totals.rows:,} 行",
        sums=sums,
        filters=_filters(request),
        next_url=next_url,
        first_url=lists.first_url(request),
        clear_url=lists.clear_url(request, *FILTERS),
        empty="没有快到期或已过期的库存。",
    )
    return lists.answer(request, page)


def _position(row: Expiring) -> str:
    return SEPARATOR.join((row.expiry_date.isoformat(), str(row.batch_id), str(row.warehouse_id)))


def _after(text: str) -> tuple[date, int, int] | None:
    """The position in an address; a wrong one is the first page."""
    day, _, rest = text.partition(SEPARATOR)
    batch, _, warehouse = rest.partition(SEPARATOR)
    batch_id, warehouse_id = id_of(batch), id_of(warehouse)
    if not day or batch_id is None or warehouse_id is None:
        return None
    return day_of(day, "after"), batch_id, warehouse_id


def _wanted(request: Request) -> ExpiryFilter:
    within = request.GET.get("within", "")
    state = request.GET.get("state", "")
    return ExpiryFilter(
        warehouse_id=id_of(request.GET.get("warehouse", "")),
        within=next((days for days, _ in WITHIN if str(days) == within), None),
        expired={"expired": True, "near": False}.get(state),
        words=text_of(request.GET, "q"),
        after=_after(request.GET.get("after", "")),
        limit=lists.PAGE + 1,
    )


def _filters(request: Request) -> list[Field]:
    warehouses = [(w.pk, w.name) for w in places.warehouses(request.actor)]
    fields = [
        Field("q", "搜索", "search", placeholder="商品或批号"),
        Field("warehouse", "仓库", "select", options=forms.options(warehouses, "全部仓库")),
        Field("within", "还有", "select", options=forms.options(WITHIN, "按商品设定")),
        Field("state", "状态", "select", options=forms.options(STATES, "近效期与过期")),
    ]
    return forms.filled(fields, request.GET.dict(), {})


def _columns(actor: Actor) -> list[Column]:
    columns = [
        Column("code", "编码"),
        Column("name", "商品"),
        Column("spec", "规格"),
        Column("batch", "批号"),
        Column("made", "生产日期", hidden=True),
        Column("expiry", "有效期至"),
        Column("days", "剩余天数", numeric=True),
        Column("warehouse", "仓库"),
        Column("uom", "单位"),
        Column("quantity", "数量", numeric=True),
    ]
    if actor.sees(FieldClass.COST):
        columns.append(Column("value", "金额", numeric=True))
    return columns


def _row(actor: Actor, row: Expiring) -> Row:
    days = row.days_to_expiry
    said = f"{days}" if days >= 0 else f"已过期 {-days} 天"
    cells = [
        Cell(row.code),
        Cell(row.name, url=reverse("item", args=[row.item_id])),
        Cell(row.spec),
        Cell(row.batch_no, url=reverse("batch", args=[row.batch_id])),
        Cell(row.mfg_date.isoformat() if row.mfg_date else ""),
        Cell(row.expiry_date.isoformat()),
        Cell(said, tone="out" if days < 0 else "low"),
        Cell(row.warehouse),
        Cell(row.uom),
        Cell(quantity(row.quantity)),
    ]
    if actor.sees(FieldClass.COST):
        cells.append(Cell(money(row.value)))
    return Row(cells, url=whereabouts_url(row.item_id, row.warehouse_id))
