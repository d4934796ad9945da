"""拣货单: the page to take along the shelves, on screen or on paper."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from hengcang.kernel.errors import Refused
from hengcang.kernel.refusals import HTTP_STATUS, sentence
from hengcang.pages.tables import Cell, Column, Row, Table
from hengcang.sales.picking import Pick, PickList, pick_list
from hengcang.web import clock, shell
from hengcang.web.documents.refusals import belongs_on_form
from hengcang.web.masters import words
from hengcang.web.reading import id_of
from hengcang.web.requests import Request

KINDS = {"sales-orders": "sales_order", "sales-deliveries": "sales_delivery"}
COLUMNS = (
    Column("warehouse", "仓库"),
    Column("code", "编码"),
    Column("item", "商品"),
    Column("quantity", "应拣", numeric=True),
    Column("uom", "单位"),
    Column("papers", "单据与数量"),
    Column("picked", "实拣"),
)
LONGEST = 4000


@require_GET
def picks(request: Request) -> HttpResponse:
    """What is to be fetched for ?id= and ?numbers= of one kind; without any, the question."""
    get = request.GET
    plural = get.get("kind", "") if get.get("kind") in KINDS else "sales-orders"
    numbers = get.get("numbers", "").replace("\x00", "")[:LONGEST].replace("，", " ").upper()
    ids = [id_of(text) or 0 for text in get.getlist("id")]
    wanted = set(numbers.replace(",", " ").split())
    try:
        found, error, status = pick_list(request.actor, KINDS[plural], ids, wanted), "", 200
    except Refused as refusal:
        if not belongs_on_form(refusal):
            raise
        found, error, status = PickList((), ()), sentence(refusal), HTTP_STATUS[refusal.code]
    table = Table("拣货明细", COLUMNS, [_row(pick) for pick in found.picks], empty="没有要拣的。")
    context = {
        "table": table,
        "papers": "、".join(str(paper) for paper in found.papers),
        "printed": clock.today().isoformat(),
        "kind": plural,
        "ids": [str(number) for number in ids if number],
        "numbers": numbers,
        "error": error,
    }
    context = shell.page(request, "拣货单", "拣货单") | context
    return render(request, "web/pick_list.html", context, status=status)


def _row(pick: Pick) -> Row:
    return Row(
        [
            Cell(pick.warehouse),
            Cell(pick.code),
            Cell(pick.name, note=pick.spec),
            Cell(words.quantity(pick.quantity)),
            Cell(pick.uom),
            Cell("、".join(f"{paper} {words.quantity(part)}" for paper, part in pick.papers)),
            Cell("________"),
        ]
    )
