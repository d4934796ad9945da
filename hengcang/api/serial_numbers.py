"""Single pieces: where they are, and every move of their lives."""

from datetime import date, datetime

from ninja import Query, Router
from pydantic import Field

from hengcang.api.access import ApiRequest
from hengcang.api.errors import answers
from hengcang.api.paging import Page, Paged, cut, key_of
from hengcang.api.reading import MAX_ID, Text60
from hengcang.api.shapes import Asked, Told
from hengcang.documents.drafts import MAX_SERIALS
from hengcang.ledger import serial_queries as queries
from hengcang.ledger.entries import Place
from hengcang.ledger.genealogy import family_of
from hengcang.ledger.serial_queries import SerialFilter
from hengcang.register import queries as register

router = Router(tags=["库存"])


class SerialTold(Told):
    """一件商品现在在哪里。"""

    id: int
    serial_no: str
    item_id: int
    item_code: str
    item_name: str
    place: str
    place_label: str
    warehouse_id: int | None
    warehouse: str
    batch_no: str
    stock_status: str
    received_on: date | None
    dated: date | None = Field(description="最后一次出入库的日期。")
    partner_id: int | None
    partner: str


class StepTold(Told):
    """一次出入库。"""

    step: int
    dated: date
    posted_at: datetime
    kind: str
    source_id: int
    number: str | None
    line: int
    was: str
    becomes: str
    is_reversal: bool
    partner_id: int | None
    partner: str


class KinTold(Told):
    """装在一起的另一件；pieces 大于 1 时，是同一张单的几件成品之一。"""

    serial_id: int
    serial_no: str
    item_code: str
    item_name: str
    kind: str
    source_id: int
    pieces: int
    is_inside: bool = Field(description="现在还装在里面。")


class LifeTold(SerialTold):
    """一件商品和它的一生；由哪些配件组成，装过哪些成品。"""

    life: list[StepTold]
    parts: list[KinTold]
    products: list[KinTold]


class SerialAsked(Paged):
    """Which pieces."""

    words: Text60 = Field("", description="序列号或其开头。")
    item_id: int | None = Field(None, le=MAX_ID)
    place: Place | None = None


@router.get("/serial-numbers", response=answers(200, Page[SerialTold]), summary="序列号查询")
def serial_numbers(request: ApiRequest, asked: Query[SerialAsked]) -> object:
    after = key_of(asked.next, int)
    wanted = SerialFilter(
        words=asked.words,
        item_id=asked.item_id,
        place=asked.place.value if asked.place else "",
        after=after[0] if after else None,
        limit=asked.limit + 1,
    )
    return cut(queries.serials(request.auth, wanted), asked.limit, lambda row: (row.id,))


class NextAsked(Asked):
    """Which numbers come next."""

    item_id: int = Field(ge=1, le=MAX_ID)
    prefix: Text60 = ""
    count: int = Field(1, ge=1, le=MAX_SERIALS)


class NextTold(Told):
    """接下来的序列号；只是建议，没有占用。"""

    serials: list[str]


@router.get("/serial-numbers/next", response=answers(200, NextTold), summary="接下来的序列号")
def next_serial_numbers(request: ApiRequest, asked: Query[NextAsked]) -> object:
    found = queries.next_serials(request.auth, asked.item_id, asked.prefix, asked.count)
    return {"serials": found}


@router.get(
    "/serial-numbers/{int:serial_id}", response=answers(200, LifeTold), summary="序列号的一生"
)
def serial_number(request: ApiRequest, serial_id: int) -> object:
    actor = request.auth
    steps = queries.life_of(actor, serial_id)
    named = register.named(actor, {(step.kind, step.source_id) for step in steps})
    found = queries.serial(actor, serial_id)
    life = [
        StepTold.model_validate(
            {name: getattr(step, name) for name in StepTold.model_fields if name != "number"}
            | {"number": document.number if document else None}
        )
        for step in steps
        for document in [named.get((step.kind, step.source_id))]
    ]
    family = family_of(actor, serial_id)
    told = {name: getattr(found, name) for name in SerialTold.model_fields}
    return told | {"life": life, "parts": family.parts, "products": family.products}
