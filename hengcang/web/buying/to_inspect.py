"""待检: what came in and nobody has inspected, with the way to inspect it."""

from datetime import date

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from hengcang.kernel.actor import Actor
from hengcang.kernel.errors import Refused
from hengcang.pages.forms import Field
from hengcang.pages.tables import Cell, Column, ListPage, Row
from hengcang.partners import queries as partners
from hengcang.purchasing.awaiting import Awaiting, AwaitingFilter, awaiting
from hengcang.web.masters import lists
from hengcang.web.masters.reading import day_of, id_of
from hengcang.web.masters.words import quantity
from hengcang.web.requests import Request


@require_GET
def to_inspect(request: Request) -> HttpResponse:
    """Lines of receipts with goods to inspect, fifty a page, the longest waiting first."""
    actor = request.actor
    wanted = AwaitingFilter(
        partner_id=id_of(request.GET.get("partner", "")),
        after=_after(request.GET.get("after", "")),
        limit=lists.PAGE + 1,
    )
    rows, next_url = lists.cut(
        request, awaiting(actor, wanted), lambda row: f"{row.dated.isoformat()}.{row.line_id}"
    )
    inspects = actor.may("quality_inspection.save")
    page = ListPage(
        key="to-inspect",
        title="待检",
        url=reverse("to-inspect"),
        columns=COLUMNS,
        rows=[_row(row, inspects=inspects) for row in rows],
        filters=[_partner_filter(actor, wanted.partner_id)],
        next_url=next_url,
        first_url=lists.first_url(request),
        clear_url=lists.clear_url(request, "partner"),
        empty="没有待检的商品。需质检的商品采购入库后会列在这里。",
    )
    return lists.answer(request, page)


COLUMNS = (
    Column("act", "操作"),
    Column("number", "采购入库单"),
    Column("dated", "入库日期"),
    Column("partner", "供应商"),
    Column("warehouse", "仓库"),
    Column("code", "编码"),
    Column("name", "商品"),
    Column("batch", "批号"),
    Column("uom", "单位"),
    Column("received", "入库", numeric=True),
    Column("inspected", "已检", numeric=True),
    Column("rejected", "不合格", numeric=True),
    Column("to_inspect", "待检", numeric=True),
)


def _after(text: str) -> tuple[date, int] | None:
    day, _, line_id = text.partition(".")
    try:
        found = id_of(line_id)
        return (day_of(day), found) if found else None
    except Refused:
        return None


def _partner_filter(actor: Actor, partner_id: int | None) -> Field:
    shown = ""
    if partner_id is not None:
        try:
            shown = str(partners.partner(actor, partner_id).name)
        except Refused:
            shown = ""
    return Field(
        "partner",
        "供应商",
        "pick",
        value=str(partner_id or ""),
        shown=shown,
        url=f"{reverse('partner-options')}?role=supplier",
        placeholder="编码、名称或拼音首字母",
    )


def _row(row: Awaiting, *, inspects: bool) -> Row:
    receipt = reverse("document", args=["purchase-receipts", row.receipt_id])
    new = f"{reverse('document-new', args=['quality-inspections'])}?from={row.receipt_id}"
    return Row(
        [
            Cell("质检", url=new) if inspects else Cell("待检", pill="pending"),
            Cell(row.number, url=receipt),
            Cell(row.dated.isoformat()),
            Cell(row.partner),
            Cell(row.warehouse),
            Cell(row.code),
            Cell(row.name, note=row.spec),
            Cell(row.batch_no or ""),
            Cell(row.uom),
            Cell(quantity(row.received)),
            Cell(quantity(row.inspected)),
            Cell(quantity(row.rejected)),
            Cell(quantity(row.to_inspect)),
        ],
        url=new if inspects else receipt,
    )
