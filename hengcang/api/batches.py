"""Batches: found, corrected, traced."""

from datetime import date
from typing import Annotated

from ninja import Query, Router
from pydantic import Field

from hengcang.api.access import ApiRequest
from hengcang.api.errors import answers
from hengcang.api.intents import EXTRA, key_in, once
from hengcang.api.paging import Page, Paged, cut, key_of
from hengcang.api.reading import MAX_ID, Day, Text, Text60, Text200, Whole
from hengcang.api.shapes import Asked, Told
from hengcang.api.showing import PlainOut
from hengcang.ledger import batches as books
from hengcang.ledger.batch_changes import LONGEST_NUMBER, BatchDraft, correct_batch
from hengcang.ledger.batches import BatchFilter
from hengcang.register.recall import customers_of, suppliers_of

router = Router(tags=["批次"])
MOVES = 200


class BatchTold(Told):
    """一个批次，和数据范围内的现存数量。"""

    id: int
    batch_no: str
    item_id: int
    code: str
    name: str
    spec: str
    uom: str
    mfg_date: date | None
    expiry_date: date | None
    on_hand: PlainOut


class BatchesAsked(Paged):
    """Which batches."""

    item_id: int | None = Field(None, ge=1, le=MAX_ID)
    words: Text60 = Field("", description="批号或商品编码的开头，或商品名称。")


@router.get("", response=answers(200, Page[BatchTold]), summary="批次：列表")
def batches(request: ApiRequest, asked: Query[BatchesAsked]) -> object:
    after = key_of(asked.next, int)
    wanted = BatchFilter(asked.item_id, asked.words, after[0] if after else None, asked.limit + 1)
    return cut(books.batches(request.auth, wanted), asked.limit, lambda row: (row.id,))


class TracedTold(Told):
    """一家往来单位与这个批次。"""

    partner_id: int
    code: str
    name: str
    moved: PlainOut = Field(description="发出或收进的数量，基本单位。")
    returned: PlainOut
    still: PlainOut = Field(description="发出减退回。")
    documents: int
    first: date
    last: date


class BatchMoveTold(Told):
    """这个批次的一笔出入库。"""

    dated: date
    kind: str
    source_id: int
    warehouse: str
    bin_code: str
    status: str
    quantity: PlainOut


class BatchLifeTold(Told):
    """一个批次的资料与去向：供应商、客户（召回名单）、最近 200 笔出入库。"""

    id: int
    batch_no: str
    item_id: int
    mfg_date: date | None
    expiry_date: date | None
    version: int
    customers: list[TracedTold]
    suppliers: list[TracedTold]
    moves: list[BatchMoveTold]


@router.get("/{int:batch_id}", response=answers(200, BatchLifeTold), summary="批次：查看与追溯")
def batch(request: ApiRequest, batch_id: int) -> object:
    return _life(request, batch_id)


def _life(request: ApiRequest, batch_id: int) -> dict[str, object]:
    actor = request.auth
    found = books.batch(actor, batch_id)
    return {
        "id": found.pk,
        "batch_no": found.batch_no,
        "item_id": found.item_id,
        "mfg_date": found.mfg_date,
        "expiry_date": found.expiry_date,
        "version": found.version,
        "customers": customers_of(actor, batch_id),
        "suppliers": suppliers_of(actor, batch_id),
        "moves": books.moves_of(actor, batch_id, limit=MOVES),
    }


class BatchAsked(Asked):
    """更正批次：给出全部字段、原因和您看到的版本。"""

    batch_no: Annotated[Text, Field(max_length=LONGEST_NUMBER)]
    mfg_date: Day | None = None
    expiry_date: Day | None = None
    reason: Text200
    version: Whole


@router.put(
    "/{int:batch_id}",
    response=answers(200, BatchLifeTold),
    summary="更正批次",
    openapi_extra=EXTRA,
)
def change_batch(request: ApiRequest, batch_id: int, body: BatchAsked) -> object:
    actor = request.auth
    draft = BatchDraft(body.batch_no, body.mfg_date, body.expiry_date, body.reason)
    once(
        key_in(request),
        "batch.change",
        (batch_id, body.version, draft),
        lambda: correct_batch(batch_id, body.version, draft, actor=actor),
        lambda found: books.batch(actor, found),
    )
    return _life(request, batch_id)
