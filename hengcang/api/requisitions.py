"""Open requisition lines, and turning them into purchase orders."""

from datetime import date
from typing import Annotated, Any

from ninja import Query, Router, Status
from pydantic import Field

from hengcang.api.access import ApiRequest
from hengcang.api.documents.asked import Counted
from hengcang.api.documents.endpoints import SHAPES
from hengcang.api.documents.told import Ref
from hengcang.api.errors import answers
from hengcang.api.intents import EXTRA, key_for
from hengcang.api.reading import ClientUuid, Day, Id, Price, Quantity, Text60
from hengcang.api.shapes import Asked, Told
from hengcang.api.showing import PlainOut
from hengcang.purchasing.actions.merging import Merge, MergeLine, merge_requisitions
from hengcang.purchasing.wanted import (
    WantedFilter,
    open_requisition_lines,
    proposed_suppliers,
)

router = Router(tags=["请购单"])
ORDER_ROW = SHAPES["purchase_order"].row


class WantedAsked(Asked):
    """Which open lines."""

    words: Text60 = Field("", description="商品或请购单号。")
    warehouse_id: int | None = None


class WantedTold(Told):
    """一行还没有订完的请购。"""

    line_id: int
    document_id: int
    number: str
    warehouse_id: int
    item: Ref
    item_uom_id: int
    uom: str
    due_date: date | None
    quantity: PlainOut = Field(description="请购数量，基本单位。")
    qty_fulfilled: PlainOut = Field(description="已订数量，基本单位。")
    supplier_id: int | None = Field(description="建议的供应商。")
    reason: str = Field(description="为什么建议这家。")


class MergeLineAsked(Asked):
    """向一家供应商订购一行请购。"""

    line_id: Id
    supplier_id: Id
    quantity: Quantity = Field(description="按请购行的单位。")
    price: Price | None = Field(None, description="含税单价；不填取默认进价。")


class MergeAsked(Asked):
    """把请购行合并成采购订单草稿。"""

    dated: Day
    lines: Annotated[list[MergeLineAsked], Counted]
    client_uuid: ClientUuid | None = None


class MergedTold(Told):
    """生成的采购订单草稿，每家供应商、每个仓库一张。"""

    orders: list[ORDER_ROW]  # type: ignore[valid-type]


@router.get(
    "/open-requisition-lines",
    response=answers(200, list[WantedTold]),
    summary="待订的请购行，最急的在前，最多 200 行",
)
def open_lines(request: ApiRequest, asked: Query[WantedAsked]) -> object:
    actor = request.auth
    lines = open_requisition_lines(actor, WantedFilter(asked.words, asked.warehouse_id))
    proposals = proposed_suppliers(actor, lines)
    return [_told(line, proposals.get(line.pk)) for line in lines]


def _told(line: Any, proposal: Any) -> dict[str, Any]:
    return {
        "line_id": line.pk,
        "document_id": line.document_id,
        "number": line.document.number or "",
        "warehouse_id": line.document.warehouse_id,
        "item": line.item,
        "item_uom_id": line.item_uom_id,
        "uom": line.item_uom.uom.name,
        "due_date": line.due_date or line.document.due_date,
        "quantity": line.quantity,
        "qty_fulfilled": line.qty_fulfilled,
        "supplier_id": proposal.partner_id if proposal else None,
        "reason": proposal.why if proposal else "",
    }


@router.post(
    "/requisition-merges",
    response=answers(201, MergedTold),
    summary="合并请购行为采购订单草稿",
    openapi_extra=EXTRA,
)
def merge(request: ApiRequest, body: MergeAsked) -> object:
    lines = tuple(
        MergeLine(line.line_id, line.supplier_id, line.quantity, line.price) for line in body.lines
    )
    key = key_for(request, body.client_uuid)
    found = merge_requisitions(Merge(key, body.dated, lines), actor=request.auth)
    return Status(201, {"orders": found})
