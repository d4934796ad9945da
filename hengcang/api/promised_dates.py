"""承诺交期: when the lines of a sales order can be delivered."""

from datetime import date

from django.utils.timezone import localdate
from ninja import Router
from pydantic import Field

from hengcang.api.access import ApiRequest
from hengcang.api.errors import answers
from hengcang.api.shapes import Told
from hengcang.register.promises import promised_dates

router = Router(tags=["销售订单"])


class PromisedTold(Told):
    """一行的承诺交期。"""

    line_id: int
    promised_date: date | None = Field(description="可以交齐的第一天；空为还看不到。")
    reason: str


@router.get(
    "/sales-orders/{int:order_id}/promised-dates",
    response=answers(200, list[PromisedTold]),
    summary="销售订单：承诺交期",
)
def sales_order_promised_dates(request: ApiRequest, order_id: int) -> object:
    return promised_dates(request.auth, order_id, localdate())
