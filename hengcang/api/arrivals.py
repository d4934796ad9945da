"""今日到货: what arrival notices say comes within a week, and what is late."""

from datetime import date

from django.utils.timezone import localdate
from ninja import Query, Router
from pydantic import Field

from hengcang.api.access import ApiRequest
from hengcang.api.documents.told import Ref
from hengcang.api.errors import answers
from hengcang.api.reading import MAX_ID
from hengcang.api.shapes import Asked, Told
from hengcang.api.showing import PlainOut
from hengcang.purchasing.arrivals import ArrivingFilter, arriving

router = Router(tags=["采购"])


class ComingTold(Told):
    """还没到齐的一行，基本单位。"""

    line_id: int
    code: str
    name: str
    spec: str
    uom: str
    batch_no: str
    announced: PlainOut
    received: PlainOut
    open: PlainOut
    order_id: int
    order_number: str


class ArrivingTold(Told):
    """一张已审核、还没到齐的到货通知。"""

    id: int
    number: str
    due_date: date
    days_left: int = Field(description="离预计到货还有几天；负数为逾期天数。")
    partner: Ref
    warehouse: Ref
    carrier: str
    tracking_no: str
    version: int
    lines: list[ComingTold]


class ArrivingAsked(Asked):
    """Which notices."""

    warehouse_id: int | None = Field(None, le=MAX_ID)
    partner_id: int | None = Field(None, le=MAX_ID)


HEAD = ("id", "number", "due_date", "partner", "warehouse", "carrier", "tracking_no", "version")


@router.get("/arrivals", response=answers(200, list[ArrivingTold]), summary="今日到货")
def arrivals(request: ApiRequest, asked: Query[ArrivingAsked]) -> object:
    """今天、逾期和未来 7 天到货的通知，先到的在前。"""
    today = localdate()
    wanted = ArrivingFilter(today, asked.warehouse_id, asked.partner_id)
    return [
        {name: getattr(each.notice, name) for name in HEAD}
        | {"days_left": each.days_left(today), "lines": list(each.lines)}
        for each in arriving(request.auth, wanted)
    ]
