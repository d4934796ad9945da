"""What must be bought for sales orders, and requesting it."""

from datetime import date
from typing import Annotated

from ninja import Query, Router, Status
from pydantic import AliasPath, Field

from hengcang.api.access import ApiRequest
from hengcang.api.documents.asked import Counted
from hengcang.api.documents.endpoints import SHAPES
from hengcang.api.documents.told import Ref
from hengcang.api.errors import answers
from hengcang.api.intents import EXTRA, key_for
from hengcang.api.reading import ClientUuid, Day, Id, Quantity
from hengcang.api.shapes import Asked, Told
from hengcang.api.showing import PlainOut
from hengcang.register.sales_demand import SalesRequest, request_for_sales
from hengcang.register.sales_needs import uncovered_sales_lines

router = Router(tags=["以销定购"])
ROW = SHAPES["purchase_requisition"].row


class NeedsAsked(Asked):
    """Which lines."""

    warehouse_id: int | None = None


class NeedTold(Told):
    """一行销售订单还需要采购多少；基本单位。"""

    source_line_id: int = Field(validation_alias=AliasPath("line", "pk"))
    document_id: int = Field(validation_alias=AliasPath("line", "document_id"))
    number: str | None = Field(validation_alias=AliasPath("line", "document", "number"))
    due_date: date | None = Field(validation_alias=AliasPath("line", "document", "due_date"))
    warehouse_id: int = Field(validation_alias=AliasPath("line", "document", "warehouse_id"))
    item: Ref = Field(validation_alias=AliasPath("line", "item"))
    open: PlainOut = Field(description="未出库数量。")
    held: PlainOut = Field(description="已占用。")
    stock: PlainOut = Field(description="分到的可用库存，交货日期早的先分。")
    requested: PlainOut = Field(description="请购在途。")
    needed: PlainOut = Field(description="需采购。")


class RequestLineAsked(Asked):
    """为一行销售订单请购。"""

    source_line_id: Id
    quantity: Quantity = Field(description="基本单位，不超过需采购数量。")


class SalesRequestAsked(Asked):
    """为销售订单请购，每个仓库一张请购单草稿。"""

    dated: Day
    lines: Annotated[list[RequestLineAsked], Counted]
    client_uuid: ClientUuid | None = None


class SalesRequestedTold(Told):
    """生成的请购单草稿。"""

    requisitions: list[ROW]  # type: ignore[valid-type]


@router.get(
    "/uncovered-sales-lines",
    response=answers(200, list[NeedTold]),
    summary="要为销售订单采购的行，最急的在前",
)
def needs(request: ApiRequest, asked: Query[NeedsAsked]) -> object:
    return uncovered_sales_lines(request.auth, asked.warehouse_id)


@router.post(
    "/sales-requisitions",
    response=answers(201, SalesRequestedTold),
    summary="以销定购：为销售订单生成请购单草稿",
    openapi_extra=EXTRA,
)
def request_lines(request: ApiRequest, body: SalesRequestAsked) -> object:
    wanted = tuple((line.source_line_id, line.quantity) for line in body.lines)
    wish = SalesRequest(key_for(request, body.client_uuid), body.dated, wanted)
    return Status(201, {"requisitions": request_for_sales(wish, actor=request.auth)})
