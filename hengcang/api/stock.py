"""Stock now, and the ledger of an item."""

from dataclasses import asdict, replace
from datetime import date, datetime

from django.utils.timezone import localdate
from ninja import Query, Router
from pydantic import Field

from hengcang.api.access import ApiRequest
from hengcang.api.errors import answers
from hengcang.api.paging import Paged, cut, key_of, mark
from hengcang.api.reading import MAX_ID, Day, Text60, Text200
from hengcang.api.shapes import Told
from hengcang.api.showing import CostOut, CostPriceOut, PlainOut
from hengcang.catalog import queries as catalog
from hengcang.ledger import queries
from hengcang.ledger.history import LedgerFilter, ledger_of
from hengcang.ledger.queries import StockFilter
from hengcang.places import queries as places
from hengcang.register import queries as register

router = Router(tags=["库存"])


class StockTold(Told):
    """一个商品在一个仓库的即时库存，基本单位。"""

    item_id: int
    code: str
    name: str
    spec: str
    uom: str
    category: str
    warehouse_id: int
    warehouse: str
    on_hand: PlainOut
    reserved: PlainOut
    available: PlainOut
    on_order: PlainOut
    apart: PlainOut = Field(description="待检、不良和冻结的数量，不含在 on_hand 内。")
    value: CostOut
    unit_cost: CostPriceOut


class StockTotalsTold(Told):
    """筛选结果的合计，不只本页。"""

    rows: int
    on_hand: PlainOut
    reserved: PlainOut
    available: PlainOut = Field(description="不含调拨在途。")
    on_order: PlainOut
    value: CostOut


class StockPage(Told):
    """一页即时库存。"""

    rows: list[StockTold]
    totals: StockTotalsTold
    next: str | None


class StockAsked(Paged):
    """Which stock."""

    warehouse_id: int | None = Field(None, le=MAX_ID)
    item_id: int | None = Field(None, le=MAX_ID)
    category_path: Text200 = ""
    words: Text60 = ""
    nonzero: bool = True


@router.get("/stock-balances", response=answers(200, StockPage), summary="即时库存")
def stock_balances(request: ApiRequest, asked: Query[StockAsked]) -> object:
    actor, after = request.auth, key_of(asked.next, str, str)
    wanted = StockFilter(
        warehouse_id=asked.warehouse_id,
        item_ids=None if asked.item_id is None else (asked.item_id,),
        category_path=asked.category_path,
        words=asked.words,
        nonzero=asked.nonzero,
        limit=asked.limit + 1,
    )
    totals = queries.on_hand_totals(actor, wanted)
    rows = queries.on_hand(actor, replace(wanted, after=(after[0], after[1]) if after else None))
    codes = {warehouse.pk: warehouse.code for warehouse in places.warehouses(actor)}
    page = cut(rows, asked.limit, lambda row: (row.code, codes[row.warehouse_id]))
    return page | {"totals": totals}


class LedgerRowTold(Told):
    """一笔库存流水和其后的结存。"""

    position: int = Field(description="流水序号")
    dated: date
    posted_at: datetime
    kind: str
    source_id: int
    number: str | None
    warehouse_id: int
    warehouse: str
    quantity: PlainOut
    running: PlainOut
    value: CostOut
    running_value: CostOut
    variance: CostOut


class LedgerPage(Told):
    """一个商品的库存台账：期初、流水、期末。"""

    opening: PlainOut
    opening_value: CostOut
    rows: list[LedgerRowTold]
    total_in: PlainOut
    total_out: PlainOut
    closing: PlainOut
    closing_value: CostOut
    next: str | None


class LedgerAsked(Paged):
    """Which movements."""

    warehouse_id: int | None = Field(None, le=MAX_ID)
    dated_from: Day | None = Field(None, description="不填为启用日期。")
    dated_to: Day | None = Field(None, description="不填为今天。")


@router.get("/item-ledgers/{int:item_id}", response=answers(200, LedgerPage), summary="库存台账")
def item_ledger(request: ApiRequest, item_id: int, asked: Query[LedgerAsked]) -> object:
    actor = request.auth
    item = catalog.item(actor, item_id)
    after = key_of(asked.next, date, int)
    found = ledger_of(
        actor,
        LedgerFilter(
            item_id=item.pk,
            since=asked.dated_from or queries.terms().go_live_date,
            until=asked.dated_to or localdate(),
            warehouse_id=asked.warehouse_id,
            after=(after[0], after[1]) if after else None,
            limit=asked.limit,
        ),
    )
    names = register.named(actor, {(row.kind, row.source_id) for row in found.rows})
    rows = [
        asdict(row) | {"number": numbered.number if numbered else None}
        for row in found.rows
        for numbered in [names.get((row.kind, row.source_id))]
    ]
    last = found.rows[-1] if found.has_more and found.rows else None
    return asdict(found) | {
        "rows": rows,
        "next": mark((last.dated, last.position)) if last else None,
    }
