"""客户往来: what a customer bought, and how it stands."""

from datetime import date, timedelta
from typing import Any

from django.utils.timezone import localdate
from ninja import Router
from pydantic import Field

from hengcang.api.access import ApiRequest
from hengcang.api.errors import answers
from hengcang.api.shapes import Told
from hengcang.api.showing import MoneyOut, PlainOut
from hengcang.partners import queries as partners
from hengcang.sales.customers import bought, open_orders, trade
from hengcang.settlement.credit import credit_of

router = Router(tags=["往来单位"])
YEAR = timedelta(days=365)


class BoughtTold(Told):
    """买过的一个商品，基本单位。"""

    item_id: int
    code: str
    name: str
    spec: str
    uom: str
    times: int = Field(description="出库单张数。")
    every_days: int | None = Field(description="平均几天买一次；只买过一次为 null。")
    quantity: PlainOut
    returned: PlainOut
    amount: MoneyOut
    last_on: date
    last_price: PlainOut | None = Field(description="上次成交价，按当时的单位。")


class OpenOrderTold(Told):
    """一张未完成的订单。"""

    order_id: int
    number: str
    dated: date
    due_date: date | None
    open_amount: MoneyOut


class CustomerHistoryTold(Told):
    """一个客户的往来；没有「查看应收应付」权限时，余额各项为 null。"""

    deliveries: int = Field(description="近一年出库单张数。")
    delivered: MoneyOut = Field(description="近一年销售额，含税。")
    returned: MoneyOut = Field(description="近一年退货额，含税。")
    return_rate: PlainOut | None = Field(description="退货率，百分比。")
    receivable: MoneyOut | None
    credit_left: MoneyOut | None = Field(description="剩余信用；null 为不限。")
    overdue: MoneyOut | None = Field(description="逾期未收的金额。")
    overdue_days: int | None
    open_orders: list[OpenOrderTold]
    bought: list[BoughtTold]


@router.get(
    "/customers/{int:partner_id}/history",
    response=answers(200, CustomerHistoryTold),
    summary="客户往来",
)
def customer_history(request: ApiRequest, partner_id: int) -> object:
    actor, today = request.auth, localdate()
    year = trade(actor, partner_id, since=today - YEAR)
    partners.partner(actor, partner_id)
    told: dict[str, Any] = dict.fromkeys(("receivable", "credit_left", "overdue", "overdue_days"))
    if actor.may("money.view"):
        credit = credit_of(actor, partner_id, on=today)
        told |= {
            "receivable": credit.standing.receivable,
            "credit_left": credit.standing.credit_left,
            "overdue": credit.overdue,
            "overdue_days": credit.overdue_days,
        }
    shown = ("deliveries", "delivered", "returned", "return_rate")
    items = bought(actor, partner_id)
    names = [name for name in BoughtTold.model_fields if name != "last_price"]
    return (
        told
        | {name: getattr(year, name) for name in shown}
        | {
            "open_orders": open_orders(actor, partner_id) if actor.may("sales_order.view") else [],
            "bought": [
                {name: getattr(item, name) for name in names}
                | {"last_price": item.last.price if item.last else None}
                for item in items
            ],
        }
    )
