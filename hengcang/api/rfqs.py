"""Who is asked, what they answer, and orders of what is chosen."""

from datetime import date
from typing import Annotated, Any

from django.utils.timezone import localdate
from ninja import Router, Status
from pydantic import Field

from hengcang.api.access import ApiRequest
from hengcang.api.documents.asked import Counted
from hengcang.api.documents.endpoints import SHAPES
from hengcang.api.documents.told import Ref
from hengcang.api.errors import answers
from hengcang.api.intents import EXTRA, key_for, key_in
from hengcang.api.reading import ClientUuid, Day, Id, Quantity
from hengcang.api.shapes import Asked, Told
from hengcang.api.showing import CostPriceOut, PlainOut
from hengcang.purchasing.actions.awarding import Award, Choice, order_choices
from hengcang.purchasing.actions.rfqs import ask_suppliers
from hengcang.purchasing.actions.supplier_quotes import list_quoted_prices
from hengcang.purchasing.comparison import CompareLine, comparison
from hengcang.purchasing.rules import PRICE
from hengcang.purchasing.watching import rounded

router = Router(tags=["询价单"])
ORDER_ROW = SHAPES["purchase_order"].row


class SuppliersAsked(Asked):
    """再问几家供应商。"""

    partner_ids: list[Id] = Field(min_length=1, max_length=50)


class AnswerTold(Told):
    """一家供应商对一行的报价；net_price 为每基本单位、折后、不含税。"""

    quote_line_id: int
    quote_id: int
    partner_id: int
    price: CostPriceOut
    net_price: CostPriceOut
    moq: PlainOut | None
    lead_time_days: int | None
    valid_until: date
    faults: list[str] = Field(description="为什么不合适；空为没有。")
    is_best: bool
    why: str


class CompareLineTold(Told):
    """询价单的一行和各家报价；数量按基本单位。"""

    line_id: int
    item: Ref
    quantity: PlainOut
    ordered: PlainOut = Field(description="已生成采购订单（未作废）的数量。")
    answers: list[AnswerTold]


class AskedTold(Told):
    """一家供应商。"""

    partner_id: int
    name: str
    asked: bool
    answered: bool


class ComparisonTold(Told):
    """比价表。"""

    suppliers: list[AskedTold]
    lines: list[CompareLineTold]


class ChoiceAsked(Asked):
    """选一行报价。"""

    quote_line_id: Id
    quantity: Quantity = Field(description="按报价行的单位。")


class AwardAsked(Asked):
    """按选中的报价生成采购订单草稿。"""

    dated: Day
    choices: Annotated[list[ChoiceAsked], Counted]
    client_uuid: ClientUuid | None = None


class AwardedTold(Told):
    """生成的采购订单草稿，每份报价一张。"""

    orders: list[ORDER_ROW]  # type: ignore[valid-type]


class ListedTold(Told):
    """写入供应商价格表的行数。"""

    rows: int


ONE = "/rfqs/{int:rfq_id}"


@router.get(f"{ONE}/comparison", response=answers(200, ComparisonTold), summary="询价单：比价表")
def compared(request: ApiRequest, rfq_id: int) -> object:
    return _told(request, rfq_id)


# Asking again asks nobody twice, and listing prices again changes none: a key is only checked.
@router.post(
    f"{ONE}/suppliers",
    response=answers(200, ComparisonTold),
    summary="询价单：再问几家供应商",
    openapi_extra=EXTRA,
)
def ask(request: ApiRequest, rfq_id: int, body: SuppliersAsked) -> object:
    key_in(request)
    ask_suppliers(rfq_id, body.partner_ids, on=localdate(), actor=request.auth)
    return _told(request, rfq_id)


@router.post(
    f"{ONE}/orders",
    response=answers(201, AwardedTold),
    summary="询价单：按选中的报价生成采购订单草稿",
    openapi_extra=EXTRA,
)
def order(request: ApiRequest, rfq_id: int, body: AwardAsked) -> object:
    choices = tuple(Choice(each.quote_line_id, each.quantity) for each in body.choices)
    award = Award(key_for(request, body.client_uuid), rfq_id, body.dated, choices)
    return Status(201, {"orders": order_choices(award, actor=request.auth)})


@router.post(
    "/supplier-quotes/{int:quote_id}/price-list",
    response=answers(200, ListedTold),
    summary="供应商报价：写入供应商价格表",
    openapi_extra=EXTRA,
)
def list_prices(request: ApiRequest, quote_id: int) -> object:
    key_in(request)
    return {"rows": len(list_quoted_prices(quote_id, actor=request.auth))}


def _told(request: ApiRequest, rfq_id: int) -> dict[str, Any]:
    found = comparison(request.auth, rfq_id, on=localdate())
    return {"suppliers": found.suppliers, "lines": [_line(line) for line in found.lines]}


def _line(line: CompareLine) -> dict[str, Any]:
    return {
        "line_id": line.line.pk,
        "item": line.line.item,
        "quantity": line.line.quantity,
        "ordered": line.ordered,
        "answers": [
            {
                "quote_line_id": answer.line.pk,
                "quote_id": answer.line.document_id,
                "partner_id": partner_id,
                "price": answer.line.price,
                "net_price": rounded(answer.offer.net, PRICE),
                "moq": answer.line.moq,
                "lead_time_days": answer.line.lead_time_days,
                "valid_until": answer.line.document.valid_until,
                "faults": answer.faults,
                "is_best": bool(line.best and line.best.offer is answer.offer),
                "why": line.best.why if line.best and line.best.offer is answer.offer else "",
            }
            for partner_id, answer in line.answers.items()
        ],
    }
