"""客户货号: what a customer calls our items."""

from typing import Annotated, Any

from ninja import Router, Status
from pydantic import AliasPath, Field

from hengcang.api.access import ApiRequest
from hengcang.api.errors import answers
from hengcang.api.intents import EXTRA, key_in, once
from hengcang.api.reading import Id, Text
from hengcang.api.shapes import Asked, Told
from hengcang.sales import wordings as queries
from hengcang.sales.actions import wordings

router = Router(tags=["客户货号"])
ROOT = "/partners/{int:partner_id}/item-codes"


class CustomerCodeAsked(Asked):
    """一个客户货号；已有的改指新的商品。"""

    code: Annotated[Text, Field(max_length=wordings.CODE_LENGTH)]
    item_id: Id
    item_uom_id: Id | None = Field(None, description="不填为基本单位。")


class CustomerCodeTold(Told):
    """一个客户货号。"""

    id: int
    code: str
    item_id: int
    item_code: str = Field(validation_alias=AliasPath("item", "code"))
    item_name: str = Field(validation_alias=AliasPath("item", "name"))
    item_uom_id: int | None


@router.get(ROOT, response=answers(200, list[CustomerCodeTold]), summary="客户货号")
def customer_codes(request: ApiRequest, partner_id: int) -> object:
    return queries.item_codes(request.auth, partner_id).order_by("code")


@router.post(
    ROOT, response=answers(201, CustomerCodeTold), summary="保存客户货号", openapi_extra=EXTRA
)
def save_customer_code(request: ApiRequest, partner_id: int, body: CustomerCodeAsked) -> object:
    actor = request.auth
    saved: Any = once(
        key_in(request),
        "customer_item_code.save",
        (partner_id, body),
        lambda: wordings.save_item_code(
            partner_id, body.code, body.item_id, body.item_uom_id, actor=actor
        ),
        lambda found: queries.item_codes(actor, partner_id).get(pk=found),
    )
    return Status(201, queries.item_codes(actor, partner_id).get(pk=saved.pk))


@router.delete(
    ROOT + "/{int:code_id}", response=answers(200, list[CustomerCodeTold]), summary="删除客户货号"
)
def remove_customer_code(request: ApiRequest, partner_id: int, code_id: int) -> object:
    wordings.remove_item_code(partner_id, code_id, actor=request.auth)
    return queries.item_codes(request.auth, partner_id).order_by("code")
