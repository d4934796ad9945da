"""以销定购: sales order lines that nothing covers; the chosen ones become requisitions."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from hengcang.identity.access import demand
from hengcang.kernel.errors import Refused, RefusedLines
from hengcang.kernel.refusals import sentence
from hengcang.pages.forms import Field, Option
from hengcang.pages.tables import BulkVerb, Cell, Column, ListPage, Row
from hengcang.places.queries import warehouses
from hengcang.register.sales_demand import SalesRequest, request_for_sales
from hengcang.register.sales_needs import SalesNeed, uncovered, with_lines
from hengcang.web import clock
from hengcang.web.masters import lists
from hengcang.web.masters.reading import id_of
from hengcang.web.masters.words import quantity
from hengcang.web.requests import Request

MOST = 200
COLUMNS = (
    Column("number", "销售订单"),
    Column("partner", "客户"),
    Column("item", "商品"),
    Column("warehouse", "仓库"),
    Column("due", "交货日期"),
    Column("open", "未出库", numeric=True),
    Column("held", "已占用", numeric=True),
    Column("stock", "可用库存分到", numeric=True),
    Column("requested", "请购在途", numeric=True),
    Column("needed", "需采购", numeric=True),
)


@require_http_methods(["GET", "POST"])
def for_sales(request: Request) -> HttpResponse:
    """What must be bought for orders, the most urgent first; POST requests the ticked lines."""
    if request.method == "POST":
        return _requested(request)
    place = id_of(request.GET.get("warehouse", ""))
    needs = uncovered(request.actor, place)
    places = [Option("", "全部仓库")]
    places += [Option(str(p.pk), p.name) for p in warehouses(request.actor)]
    saves = request.actor.may("purchase_requisition.save")
    page = ListPage(
        key="for-sales",
        title="以销定购",
        subtitle="已审核销售订单里，占用、可用库存和请购都不够的行；勾选后生成请购单草稿，每个仓库一张",
        url=reverse("for-sales"),
        columns=COLUMNS,
        rows=[_row(need) for need in with_lines(request.actor, needs[:MOST])],
        count=f"{len(needs):,} 行",
        filters=[
            Field("warehouse", "仓库", "select", request.GET.get("warehouse", ""), options=places)
        ],
        clear_url=lists.clear_url(request, "warehouse"),
        bulk_url=reverse("for-sales"),
        bulk=[BulkVerb("request", "生成请购单")] if saves else (),
        empty="没有要为销售订单采购的商品。",
    )
    return lists.answer(request, page)


def _row(need: SalesNeed) -> Row:
    line, order = need.line, need.line.document
    late = bool(order.due_date and order.due_date < clock.today())
    unit = line.item.base_uom.name
    return Row(
        [
            Cell(order.number or ""),
            Cell(order.partner.name),
            Cell(line.item.name, note=f"{line.item.code} {line.item.spec}".strip()),
            Cell((line.warehouse or order.warehouse).name),
            Cell(order.due_date.isoformat() if order.due_date else "", tone="out" if late else ""),
            Cell(quantity(need.open)),
            Cell(quantity(need.held)),
            Cell(quantity(need.stock)),
            Cell(quantity(need.requested)),
            Cell(quantity(need.needed, unit)),
        ],
        id=str(line.pk),
        url=reverse("document", args=["sales-orders", order.pk]),
    )


def _requested(request: Request) -> HttpResponse:
    """All that is needed of the ticked lines is requested; who comes second is told."""
    demand(request.actor, "purchase_requisition.save")
    chosen = {found for text in request.POST.getlist("id") if (found := id_of(text))}
    needs = [need for need in uncovered(request.actor) if need.line_id in chosen]
    quantities = tuple((need.line_id, need.needed) for need in needs)
    try:
        made = request_for_sales(
            SalesRequest(uuid4(), clock.today(), quantities), actor=request.actor
        )
    except Refused as refusal:
        if refusal.code == "forbidden":
            raise
        for part in refusal.refusals if isinstance(refusal, RefusedLines) else [refusal]:
            messages.error(request, sentence(part))
        return redirect(reverse("for-sales"))
    messages.success(request, f"已生成 {len(made)} 张请购单草稿，审核后到「合并采购」下单。")
    return redirect(_where(made))


def _where(made: list[Any]) -> str:
    if len(made) == 1:
        return reverse("document", args=["purchase-requisitions", made[0].pk])
    return reverse("document-list", args=["purchase-requisitions"]) + "?status=draft"
