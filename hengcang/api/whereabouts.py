"""Stock by batch, bin and status, and what of it expires."""

from dataclasses import replace
from datetime import date
from typing import Literal

from django.utils.timezone import localdate
from ninja import Query, Router
from pydantic import Field

from hengcang.api.access import ApiRequest
from hengcang.api.errors import answers
from hengcang.api.paging import Page, Paged, cut, key_of
from hengcang.api.reading import MAX_ID, Text60
from hengcang.api.shapes import Told
from hengcang.api.showing import CostOut, PlainOut
from hengcang.ledger import whereabouts as books
from hengcang.ledger.entries import StockStatus
from hengcang.ledger.whereabouts import ExpiryFilter, WhereFilter

router = Router(tags=["库存"])


class PlaceTold(Told):
    """一个商品在一个仓库的一个库位、一个批次、一种状态的库存，基本单位。"""

    stock_id: int
    item_id: int
    code: str
    name: str
    spec: str
    uom: str
    warehouse_id: int
    warehouse: str
    bin_code: str
    batch_id: int | None
    batch_no: str
    mfg_date: date | None
    expiry_date: date | None
    days_to_expiry: int | None = Field(description="离过期还有几天；负数为已过期天数。")
    is_near: bool = Field(description="已进入近效期或已过期。")
    status: str
    on_hand: PlainOut
    reserved: PlainOut = Field(description="订单占用该商品在该仓库的总量；占用不落到批次。")


class PlacesAsked(Paged):
    """Which stock keys."""

    item_id: int | None = Field(None, ge=1, le=MAX_ID)
    warehouse_id: int | None = Field(None, ge=1, le=MAX_ID)
    status: StockStatus | None = None
    batch_no: Text60 = Field("", description="批号的开头。")
    bin_code: Text60 = Field("", description="库位编码的开头。")
    words: Text60 = ""


@router.get(
    "/stock-places", response=answers(200, Page[PlaceTold]), summary="库存按批次、库位、状态"
)
def stock_places(request: ApiRequest, asked: Query[PlacesAsked]) -> object:
    after = key_of(asked.next, int)
    wanted = WhereFilter(
        item_id=asked.item_id,
        warehouse_id=asked.warehouse_id,
        status=asked.status or "",
        batch_no=asked.batch_no,
        bin_code=asked.bin_code,
        words=asked.words,
        after=after[0] if after else None,
        limit=asked.limit + 1,
    )
    rows = books.whereabouts(request.auth, wanted, on=localdate())
    return cut(rows, asked.limit, lambda row: (row.stock_id,))


class ExpiringTold(Told):
    """一个批次在一个仓库的近效期或过期库存，基本单位。"""

    batch_id: int
    batch_no: str
    item_id: int
    code: str
    name: str
    spec: str
    uom: str
    warehouse_id: int
    warehouse: str
    mfg_date: date | None
    expiry_date: date
    days_to_expiry: int
    quantity: PlainOut
    value: CostOut


class ExpiringTotalsTold(Told):
    """筛选结果的合计，不只本页。"""

    rows: int
    expired: int
    quantity: PlainOut
    value: CostOut


class ExpiringPage(Page[ExpiringTold]):
    """一页近效期与过期库存。"""

    totals: ExpiringTotalsTold


class ExpiringAsked(Paged):
    """What expires."""

    warehouse_id: int | None = Field(None, ge=1, le=MAX_ID)
    within: int | None = Field(
        None, ge=0, le=3650, description="多少天内到期；不填按各商品的近效期天数。"
    )
    state: Literal["", "expired", "near"] = Field("", description="expired：只要已过期的。")
    words: Text60 = ""


@router.get("/expiring-batches", response=answers(200, ExpiringPage), summary="近效期与过期库存")
def expiring_batches(request: ApiRequest, asked: Query[ExpiringAsked]) -> object:
    actor, today = request.auth, localdate()
    after = key_of(asked.next, date, int, int)
    wanted = ExpiryFilter(
        warehouse_id=asked.warehouse_id,
        within=asked.within,
        expired={"expired": True, "near": False}.get(asked.state),
        words=asked.words,
        limit=asked.limit + 1,
    )
    totals = books.expiring_totals(actor, wanted, on=today)
    page_of = replace(wanted, after=(after[0], after[1], after[2]) if after else None)
    rows = books.expiring(actor, page_of, on=today)
    page = cut(rows, asked.limit, lambda row: (row.expiry_date, row.batch_id, row.warehouse_id))
    return page | {"totals": totals}
