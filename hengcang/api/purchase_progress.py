"""采购进度: lines of approved orders that are still awaited."""

from datetime import date

from django.utils.timezone import localdate
from ninja import Query, Router
from pydantic import Field

from hengcang.api.access import ApiRequest
from hengcang.api.errors import answers
from hengcang.api.paging import Page, Paged, cut, key_of
from hengcang.api.reading import MAX_ID
from hengcang.api.shapes import Told
from hengcang.api.showing import PlainOut
from hengcang.purchasing.progress import ProgressFilter, awaited
from hengcang.purchasing.rules import ReceiveStatus, receive_status

router = Router(tags=["采购"])


class AwaitedTold(Told):
    """一行等待到货的采购订单，基本单位。"""

    line_id: int
    order_id: int
    number: str
    position: int
    partner_id: int
    partner: str
    warehouse: str
    item_id: int
    code: str
    name: str
    spec: str
    uom: str
    due_date: date | None
    days_left: int | None = Field(description="离到货还有几天；负数为逾期天数。")
    ordered: PlainOut
    received: PlainOut
    open: PlainOut
    announced: PlainOut = Field(description="未到数量中，到货通知已通知的部分。")
    announced_on: date | None = Field(description="最后一批通知的预计到货日期。")
    on_order: PlainOut = Field(description="该商品在该仓库的在途量，含全部订单。")
    receive_status: ReceiveStatus


class ProgressAsked(Paged):
    """Which lines."""

    partner_id: int | None = Field(None, le=MAX_ID)
    item_id: int | None = Field(None, le=MAX_ID)
    late: bool = Field(False, description="只看逾期。")  # noqa: FBT003 - pydantic's default


@router.get("/purchase-progress", response=answers(200, Page[AwaitedTold]), summary="采购进度")
def purchase_progress(request: ApiRequest, asked: Query[ProgressAsked]) -> object:
    today, after = localdate(), key_of(asked.next, date, int)
    wanted = ProgressFilter(
        partner_id=asked.partner_id,
        item_id=asked.item_id,
        late_on=today if asked.late else None,
        after=(after[0], after[1]) if after else None,
        limit=asked.limit + 1,
    )
    page = cut(awaited(request.auth, wanted), asked.limit, lambda row: (row.due, row.line_id))
    page["rows"] = [
        {name: getattr(row, name) for name in AwaitedTold.model_fields if hasattr(row, name)}
        | {
            "days_left": row.days_left(today),
            "receive_status": receive_status(row.ordered, row.received),
        }
        for row in page["rows"]
    ]
    return page
