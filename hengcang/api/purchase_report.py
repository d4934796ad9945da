"""采购报表: of any days, and those made by themselves."""

from datetime import date, datetime

from ninja import Query, Router
from pydantic import Field

from hengcang.api.access import ApiRequest
from hengcang.api.errors import answers
from hengcang.api.paging import Page, Paged, cut, key_of
from hengcang.api.reading import Day
from hengcang.api.shapes import Asked, Told
from hengcang.api.showing import CostOut, PlainOut
from hengcang.purchasing.report import (
    By,
    ReportAsk,
    kept_report,
    kept_reports,
    kept_rows,
    purchase_report,
)

router = Router(tags=["采购"])


class SummaryTold(Told):
    """一行采购汇总；数量按基本单位，只在按商品时有。"""

    code: str
    name: str
    papers: int
    quantity: PlainOut
    net: CostOut
    tax: CostOut
    gross: CostOut
    returned_quantity: PlainOut
    returned_net: CostOut
    returned_gross: CostOut


class PurchaseReportTold(Told):
    """采购报表：金额大的在前（按月时按先后），最后是合计。"""

    rows: list[SummaryTold]
    total: SummaryTold


class KeptReportTold(Told):
    """一份自动生成的采购报表。"""

    id: int
    first: date
    last: date
    created_at: datetime


class ReportAsked(Asked):
    """Rows of what, and of which days."""

    by: By = By.SUPPLIER
    first: Day
    last: Day


class KeptAsked(Asked):
    """Rows of what."""

    by: By = Field(By.SUPPLIER, description="supplier 或 item。")


@router.get("/purchase-report", response=answers(200, PurchaseReportTold), summary="采购报表")
def report(request: ApiRequest, asked: Query[ReportAsked]) -> object:
    return purchase_report(request.auth, ReportAsk(asked.by, asked.first, asked.last))


@router.get(
    "/purchase-reports", response=answers(200, Page[KeptReportTold]), summary="自动生成的采购报表"
)
def kept(request: ApiRequest, asked: Query[Paged]) -> object:
    rows = kept_reports(request.auth)
    if after := key_of(asked.next, date, int):
        rows = rows.filter(last__lte=after[0]).exclude(last=after[0], id__gte=after[1])
    return cut(list(rows[: asked.limit + 1]), asked.limit, lambda row: (row.last, row.pk))


@router.get(
    "/purchase-reports/{int:report_id}",
    response=answers(200, list[SummaryTold]),
    summary="自动生成的采购报表：各行，最后是合计",
)
def one(request: ApiRequest, report_id: int, asked: Query[KeptAsked]) -> object:
    return kept_rows(kept_report(request.auth, report_id), asked.by)
