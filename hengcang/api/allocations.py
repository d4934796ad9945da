"""Open lines of shops' requests with a proposal for each, their progress, and allocating them."""

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
from hengcang.api.paging import Page, Paged, cut, key_of
from hengcang.api.reading import MAX_ID, ClientUuid, Day, Id, Quantity, Text60
from hengcang.api.shapes import Asked, Told
from hengcang.api.showing import PlainOut
from hengcang.stock.actions.allocating import Allocation, AllocationLine, allocate_requests
from hengcang.stock.allocation import DeskFilter, DeskLine, desk
from hengcang.stock.request_progress import Progress, RequestFilter, progress

router = Router(tags=["要货单"])
TRANSFER_ROW = SHAPES["stock_transfer"].row


class DeskAsked(Asked):
    """Which open lines."""

    warehouse_id: int = Field(le=MAX_ID, description="供货仓库。")
    shop_id: int | None = Field(None, le=MAX_ID)
    words: Text60 = Field("", description="商品或要货单号。")


class DeskTold(Told):
    """一行还没有配完的要货，数量都是基本单位。"""

    line_id: int
    document_id: int
    number: str
    shop: Ref
    item: Ref
    item_uom_id: int
    due_date: date | None
    quantity: PlainOut
    qty_allocated: PlainOut
    qty_open: PlainOut
    shop_on_hand: PlainOut
    shop_on_order: PlainOut
    supply_available: PlainOut = Field(description="可用量减已配未发，不小于 0。")
    supply_planned: PlainOut = Field(description="已配货、还没有调出的调拨单草稿。")
    asked_in_all: PlainOut = Field(description="各店还没配的该商品共多少。")
    proposed: PlainOut = Field(description="建议配货：够则全数，不够按比例取整，余数先给早要的。")
    why: str


class AllocationLineAsked(Asked):
    """给一行要货配多少。"""

    line_id: Id
    quantity: Quantity
    item_uom_id: Id | None = Field(None, description="要货行的单位；不填为基本单位。")


class AllocationAsked(Asked):
    """从一个仓库给要货行配货。"""

    dated: Day
    warehouse_id: Id = Field(description="供货仓库。")
    lines: Annotated[list[AllocationLineAsked], Counted]
    client_uuid: ClientUuid | None = None


class AllocatedMade(Told):
    """生成的调拨单草稿，每个门店一张。"""

    transfers: list[TRANSFER_ROW]  # type: ignore[valid-type]


class RequestProgressAsked(Paged):
    """Which lines."""

    shop_id: int | None = Field(None, le=MAX_ID)
    item_id: int | None = Field(None, le=MAX_ID)
    document_id: int | None = Field(None, le=MAX_ID)
    all: bool = Field(False, description="含已发齐、已结单的。")  # noqa: FBT003 - pydantic's default


class RequestProgressTold(Told):
    """一行要货执行到哪里，基本单位：要货 = 已配 + 未配 + 已结不发。"""

    line_id: int
    document_id: int
    number: str
    dated: date
    shop: Ref
    item: Ref
    due_date: date | None
    quantity: PlainOut
    qty_allocated: PlainOut
    qty_shipped: PlainOut
    qty_arrived: PlainOut
    qty_open: PlainOut
    qty_closed: PlainOut


@router.get(
    "/allocation-lines",
    response=answers(200, list[DeskTold]),
    summary="待配的要货行与建议，按商品，早要的在前，最多 300 行",
)
def allocation_lines(request: ApiRequest, asked: Query[DeskAsked]) -> object:
    wanted = DeskFilter(asked.warehouse_id, asked.shop_id, asked.words)
    return [_told(each) for each in desk(request.auth, wanted)]


def _line(line: Any) -> dict[str, Any]:
    return {
        "line_id": line.pk,
        "document_id": line.document_id,
        "number": line.document.number or "",
        "shop": line.document.warehouse,
        "item": line.item,
        "item_uom_id": line.item_uom_id,
        "due_date": line.due_date or line.document.due_date,
        "quantity": line.quantity,
        "qty_allocated": line.qty_allocated,
    }


def _told(each: DeskLine) -> dict[str, Any]:
    return _line(each.line) | {
        "qty_open": each.open,
        "shop_on_hand": each.shop.on_hand,
        "shop_on_order": each.shop.on_order,
        "supply_available": each.supply.free,
        "supply_planned": each.supply.planned,
        "asked_in_all": each.asked,
        "proposed": each.share.quantity,
        "why": each.share.why,
    }


@router.post(
    "/allocations",
    response=answers(201, AllocatedMade),
    summary="配货：每个门店生成一张调拨单草稿",
    openapi_extra=EXTRA,
)
def allocate(request: ApiRequest, body: AllocationAsked) -> object:
    lines = tuple(
        AllocationLine(line.line_id, line.quantity, line.item_uom_id) for line in body.lines
    )
    key = key_for(request, body.client_uuid)
    wanted = Allocation(key, body.dated, body.warehouse_id, lines)
    return Status(201, {"transfers": allocate_requests(wanted, actor=request.auth)})


@router.get(
    "/request-progress", response=answers(200, Page[RequestProgressTold]), summary="要货进度"
)
def request_progress(request: ApiRequest, asked: Query[RequestProgressAsked]) -> object:
    after = key_of(asked.next, date, int)
    wanted = RequestFilter(
        shop_id=asked.shop_id,
        item_id=asked.item_id,
        request_id=asked.document_id,
        unfinished=not asked.all,
        after=(after[0], after[1]) if after else None,
        limit=asked.limit + 1,
    )
    rows = progress(request.auth, wanted)
    page = cut(rows, asked.limit, lambda row: (row.line.document.dated, row.line.pk))
    page["rows"] = [_progressed(row) for row in page["rows"]]
    return page


def _progressed(row: Progress) -> dict[str, Any]:
    named = ("shipped", "arrived", "open", "closed")
    dated = {"dated": row.line.document.dated}
    return _line(row.line) | dated | {f"qty_{name}": getattr(row, name) for name in named}
