"""采购设置: the limits and days purchasing is held to."""

from typing import Literal

from ninja import Router
from pydantic import Field

from hengcang.api.access import ApiRequest
from hengcang.api.errors import answers
from hengcang.api.reading import Percent, Whole
from hengcang.api.shapes import Asked, Told
from hengcang.api.showing import PlainOut
from hengcang.purchasing.actions.policy import PolicyDraft, policy_to_keep, save_purchase_policy

router = Router(tags=["采购"])


class PurchasePolicyAsked(Asked):
    """采购设置；null 为不检查、不提醒。"""

    version: Whole
    over_price_rate: Percent | None = Field(None, description="可高于上次进价的百分比。")
    remind_days_before: Whole | None = None
    escalate_days_after: Whole | None = None
    report_every: Literal["", "week", "month"] = Field("", description="空：不自动生成。")


class PurchasePolicyTold(Told):
    """采购设置。"""

    version: int
    over_price_rate: PlainOut | None
    remind_days_before: int | None
    escalate_days_after: int | None
    report_every: str


@router.get("/purchase-policy", response=answers(200, PurchasePolicyTold), summary="采购设置")
def policy(request: ApiRequest) -> object:
    return policy_to_keep(actor=request.auth)


@router.put("/purchase-policy", response=answers(200, PurchasePolicyTold), summary="保存采购设置")
def save(request: ApiRequest, body: PurchasePolicyAsked) -> object:
    asked = {name: value for name, value in dict(body).items() if name != "version"}
    return save_purchase_policy(PolicyDraft(**asked), body.version, actor=request.auth)
