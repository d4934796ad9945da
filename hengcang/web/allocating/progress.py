"""要货进度: line by line what is allocated, shipped, in the shop, open and closed."""

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from hengcang.catalog import queries as catalog
from hengcang.pages.forms import Field, Option
from hengcang.pages.tables import Cell, Column, ListPage, Row
from hengcang.places.queries import warehouses
from hengcang.stock.request_progress import Progress, RequestFilter, progress, progress_count
from hengcang.web.buying.progress import after_of, name_of
from hengcang.web.masters import lists
from hengcang.web.masters.reading import id_of
from hengcang.web.masters.words import quantity
from hengcang.web.requests import Request

FILTERS = ("shop", "item", "all")
COLUMNS = (
    Column("number", "要货单"),
    Column("dated", "日期"),
    Column("shop", "要货门店"),
    Column("supply", "供货仓库"),
    Column("code", "编码"),
    Column("name", "商品"),
    Column("due", "需用日期"),
    Column("uom", "单位"),
    Column("requested", "要货", numeric=True),
    Column("allocated", "已配", numeric=True),
    Column("shipped", "已发", numeric=True),
    Column("arrived", "已到店", numeric=True),
    Column("open", "未配", numeric=True),
    Column("closed", "已结不发", numeric=True),
    Column("state", "执行"),
)


@require_GET
def request_progress(request: Request) -> HttpResponse:
    """Lines of approved requests, fifty a page, the newest first."""
    wanted = _wanted(request)
    rows, next_url = lists.cut(
        request,
        progress(request.actor, wanted),
        lambda row: f"{row.line.document.dated.isoformat()}.{row.line.pk}",
    )
    page = ListPage(
        key="request-progress",
        title="要货进度",
        url=reverse("request-progress"),
        columns=COLUMNS,
        rows=[_row(row) for row in rows],
        count=f"{progress_count(request.actor, wanted):,} 行",
        filters=_filters(request),
        next_url=next_url,
        first_url=lists.first_url(request),
        clear_url=lists.clear_url(request, *FILTERS),
        empty="没有这样的要货行。要货单审核后会出现在这里。",
    )
    return lists.answer(request, page)


def _wanted(request: Request) -> RequestFilter:
    get = request.GET
    return RequestFilter(
        shop_id=id_of(get.get("shop", "")),
        item_id=id_of(get.get("item", "")),
        unfinished=not get.get("all"),
        after=after_of(get.get("after", "")),
        limit=lists.PAGE + 1,
    )


def _filters(request: Request) -> list[Field]:
    get, actor = request.GET, request.actor
    item_id = id_of(get.get("item", ""))
    shops = [Option("", "全部门店")] + [Option(str(p.pk), p.name) for p in warehouses(actor)]
    return [
        Field("shop", "门店", "select", get.get("shop", ""), options=shops),
        Field(
            "item",
            "商品",
            "pick",
            value=str(item_id or ""),
            shown=name_of(catalog.item_head, actor, item_id),
            url=reverse("item-options"),
            placeholder="编码、条码、名称或拼音首字母",
        ),
        Field("all", "含已发齐、已结单的", "check", value="1" if get.get("all") else ""),
    ]


def _row(row: Progress) -> Row:
    line, request = row.line, row.line.document
    due = line.due_date or request.due_date
    url = reverse("document", args=["shop-requests", request.pk])
    return Row(
        [
            Cell(request.number or "", url=url),
            Cell(request.dated.isoformat()),
            Cell(request.warehouse.name),
            Cell(request.to_warehouse.name),
            Cell(line.item.code),
            Cell(line.item.name, note=line.item.spec),
            Cell(due.isoformat() if due else ""),
            Cell(line.item.base_uom.name),
            *(
                Cell(quantity(value))
                for value in (row.requested, row.allocated, row.shipped, row.arrived)
            ),
            Cell(quantity(row.open)),
            Cell(quantity(row.closed)),
            Cell(line.receive_label, pill="approved" if row.shipped else "pending"),
        ],
        url=url,
    )
