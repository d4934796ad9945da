"""What a customer sent, as lines of an order; the order itself is made by POST /sales-orders."""

from typing import Annotated

from ninja import Router
from pydantic import Field

from hengcang.api.access import ApiRequest
from hengcang.api.errors import answers
from hengcang.api.reading import Id, Text
from hengcang.api.shapes import Asked, Told
from hengcang.api.showing import PlainOut
from hengcang.sales.pasting.reading import Confidence
from hengcang.sales.readings import reading

router = Router(tags=["销售订单"])
MAX_TEXT = 1_000_000  # a longer one is no text; the rules refuse far less, and say how much


class ReadingAsked(Asked):
    """客户发来的文字，或从表格复制的行（制表符分列）。"""

    partner_id: Id
    text: Annotated[Text, Field(max_length=MAX_TEXT)]


class GoodUnitTold(Told):
    """一个单位；`num`/`den` 是它等于多少基本单位。"""

    id: int
    name: str
    num: int
    den: int


class GoodTold(Told):
    """一个商品和它的单位，基本单位在前。"""

    id: int
    code: str
    name: str
    spec: str
    units: list[GoodUnitTold]


class ReadLineTold(Told):
    """一段文字读成什么。

    certain 确定，likely 请核对，unsure 待选择（candidates 是候选），ignored 忽略。
    """

    line: int
    text: str
    confidence: Confidence
    reason: str
    good: GoodTold | None
    quantity: PlainOut | None
    unit: GoodUnitTold | None
    candidates: list[GoodTold]


class ReadingTold(Told):
    """全部文字，按原来的顺序，一段不少。"""

    lines: list[ReadLineTold]


@router.post(
    "/sales-orders/readings",
    response=answers(200, ReadingTold),
    summary="销售订单：读取客户发来的文字（不写入）",
    operation_id="sales_order_reading",
)
def read_text(request: ApiRequest, body: ReadingAsked) -> object:
    return {"lines": reading(request.auth, body.partner_id, body.text)}
