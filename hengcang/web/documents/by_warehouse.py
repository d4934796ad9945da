"""按仓出库: what is open of an order by warehouse, and the deliveries of all of them at once."""

from collections.abc import Iterable
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from hengcang.documents.flow import Status
from hengcang.identity.access import demand
from hengcang.kernel.actor import Actor
from hengcang.kernel.errors import Refused, RefusedLines
from hengcang.kernel.refusals import sentence
from hengcang.ledger.queries import stocked
from hengcang.pages.editor import Link
from hengcang.pages.tables import Cell, Column, Row, Table
from hengcang.sales import queries as sales
from hengcang.sales.actions.deliveries import deliver_by_warehouse
from hengcang.web import clock, reading, shell
from hengcang.web.masters.words import quantity
from hengcang.web.requests import Request

COLUMNS = (
    Column("warehouse", "出库仓"),
    Column("code", "编码"),
    Column("item", "商品"),
    Column("open", "未出库", numeric=True),
    Column("reserved", "已占用", numeric=True),
    Column("available", "另可用", numeric=True),
)


@require_http_methods(["GET", "POST"])
def by_warehouse(request: Request, order_id: int) -> HttpResponse:
    """What is open of the order, by warehouse; POST delivers and posts all of it."""
    demand(request.actor, "sales_delivery.save")
    order = sales.order(request.actor, order_id)
    if request.method == "POST":
        return _delivered(request, order)
    rows = sales.open_order_lines(request.actor, order_id).select_related(
        "document__warehouse", "warehouse", "item__base_uom"
    )
    lines = sorted(rows, key=lambda line: (line.place_id, line.position))
    table = Table("按仓未出库", COLUMNS, _rows(request.actor, lines), empty="没有未出库的明细。")
    context = {
        "table": table,
        "order": order,
        "count": len({line.place_id for line in lines}),
        "intent": str(uuid4()),
        "can_deliver": lines and order.status == Status.APPROVED,
        "back": reverse("document", args=["sales-orders", order_id]),
    }
    here = f"{order} 按仓出库"
    return render(request, "web/by_warehouse.html", shell.page(request, here, here) | context)


def link(actor: Actor, document: Any, lines: Iterable[Any]) -> Link | None:
    """The way to this page, for an approved order of which a line goes from elsewhere."""
    if document.kind != "sales_order" or document.status != Status.APPROVED:
        return None
    if not actor.may("sales_delivery.save"):
        return None
    if not any(line.warehouse_id for line in lines):
        return None
    return Link("按仓出库", "", reverse("order-by-warehouse", args=[document.pk]))


def _rows(actor: Actor, lines: list[Any]) -> list[Row]:
    free: dict[tuple[int, int], Any] = {}
    for place in {line.place_id for line in lines}:
        if actor.may("stock.view") and actor.reaches(place):
            found = stocked(actor, place, [ln.item_id for ln in lines if ln.place_id == place])
            free |= {(place, item): each.available for item, each in found.items()}
    return [_row(line, free.get((line.place_id, line.item_id))) for line in lines]


def _row(line: Any, available: Any) -> Row:
    unit = line.item.base_uom.name
    return Row(
        [
            Cell((line.warehouse or line.document.warehouse).name),
            Cell(line.item.code),
            Cell(line.item.name, note=line.item.spec),
            Cell(quantity(line.quantity - line.qty_fulfilled, unit)),
            Cell(quantity(line.qty_reserved)),
            Cell("" if available is None else quantity(available)),
        ]
    )


def _delivered(request: Request, order: Any) -> HttpResponse:
    here = reverse("order-by-warehouse", args=[order.pk])
    try:
        made = deliver_by_warehouse(
            order.pk,
            {},
            on=clock.today(),
            client_uuid=reading.intent_of(request.POST.get("intent", "")),
            actor=request.actor,
        )
    except Refused as refusal:
        if refusal.code == "forbidden":
            raise
        for part in refusal.refusals if isinstance(refusal, RefusedLines) else [refusal]:
            messages.error(request, sentence(part))
        return redirect(here)
    numbers = "、".join(str(delivery) for delivery in made)
    messages.success(request, f"已出库过账 {len(made)} 张：{numbers}。")
    return redirect(reverse("document", args=["sales-orders", order.pk]))
