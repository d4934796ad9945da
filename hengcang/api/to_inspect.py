"""待检: goods of receipts that nobody has inspected yet."""

from dataclasses import asdict
from datetime import date

from ninja import Query, Router
from pydantic import Field

from hengcang.api.access import ApiRequest
from hengcang.api.errors import answers
from hengcang.api.paging import Page, Paged, cut, key_of
from hengcang.api.reading import MAX_ID
from hengcang.api.shapes import Told
from hengcang.api.showing import PlainOut
from hengcang.purchasing.awaiting import AwaitingFilter, awaiting

router = Router(tags=["采购"])


class AwaitingTold(Told):
    """一行有待检商品的采购入库，基本单位。"""

    line_id: int
    receipt_id: int
    number: str
    dated: date
    position: int
    partner: str
    warehouse: str
    item_id: int
    code: str
    name: str
    spec: str
    uom: str
    batch_no: str | None
    received: PlainOut
    inspected: PlainOut
    rejected: PlainOut
    to_inspect: PlainOut = Field(description="还没有检验、也没有退回的数量。")


class AwaitingAsked(Paged):
    """Which lines."""

    partner_id: int | None = Field(None, le=MAX_ID)
    warehouse_id: int | None = Field(None, le=MAX_ID)


@router.get("/to-inspect", response=answers(200, Page[AwaitingTold]), summary="待检清单")
def to_inspect(request: ApiRequest, asked: Query[AwaitingAsked]) -> object:
    after = key_of(asked.next, date, int)
    wanted = AwaitingFilter(
        partner_id=asked.partner_id,
        warehouse_id=asked.warehouse_id,
        after=(after[0], after[1]) if after else None,
        limit=asked.limit + 1,
    )
    page = cut(awaiting(request.auth, wanted), asked.limit, lambda row: (row.dated, row.line_id))
    page["rows"] = [asdict(row) for row in page["rows"]]
    return page
