"""定期订单."""

from datetime import date

from django.utils.timezone import localdate
from ninja import Router, Status
from pydantic import Field

from hengcang.api.access import ApiRequest
from hengcang.api.errors import answers
from hengcang.api.intents import EXTRA, key_for, key_in, once
from hengcang.api.reading import ClientUuid, Day, Flag, Text200, Whole
from hengcang.api.shapes import Asked, Told
from hengcang.sales import standing
from hengcang.sales.actions import standing as actions
from hengcang.sales.actions.standing import RhythmDraft
from hengcang.sales.standing_models import Rhythm

router = Router(tags=["销售订单"])


class RhythmAsked(Asked):
    """周期。"""

    rhythm: Rhythm
    every: Whole = Field(1, description="每几周或几月。")
    next_on: Day = Field(description="下次日期；按月时以后都在这一天，月末不足取最后一天。")
    until: Day | None = Field(None, description="到期日，含当天；不填一直有效。")
    note: Text200 = ""
    is_active: Flag = True


class StandingAsked(RhythmAsked):
    """把一张订单的商品设为定期。"""

    client_uuid: ClientUuid | None = None


class StandingChange(RhythmAsked):
    """修改定期订单：给出全部字段和您看到的版本。"""

    version: Whole


class StandingTold(Told):
    """一个定期订单。"""

    id: int
    partner_id: int
    warehouse_id: int
    rhythm: Rhythm
    every: int
    next_on: date
    until: date | None
    note: str
    trouble: str = Field(description="上次没有生成的原因。")
    is_active: bool
    version: int


@router.get(
    "/standing-orders", response=answers(200, list[StandingTold]), summary="定期订单：下次日期在前"
)
def standing_orders(request: ApiRequest) -> object:
    return standing.standing_orders(request.auth)


@router.post(
    "/sales-orders/{int:order_id}/standing-orders",
    response=answers(201, StandingTold),
    summary="销售订单：设为定期",
    openapi_extra=EXTRA,
)
def create_standing_order(request: ApiRequest, order_id: int, body: StandingAsked) -> object:
    made = actions.save_standing_order(
        order_id,
        _draft(body),
        client_uuid=key_for(request, body.client_uuid),
        today=localdate(),
        actor=request.auth,
    )
    return Status(201, made)


@router.put(
    "/standing-orders/{int:standing_id}",
    response=answers(200, StandingTold),
    summary="修改定期订单",
    openapi_extra=EXTRA,
)
def change_standing_order(request: ApiRequest, standing_id: int, body: StandingChange) -> object:
    actor, draft = request.auth, _draft(body)
    return once(
        key_in(request),
        "standing_order.change",
        (standing_id, body.version, draft),
        lambda: actions.change_standing_order(
            standing_id, body.version, draft, today=localdate(), actor=actor
        ),
        lambda found: standing.standing_order(actor, found),
    )


def _draft(body: RhythmAsked) -> RhythmDraft:
    return RhythmDraft(
        body.rhythm.value, body.every, body.next_on, body.until, body.note, is_active=body.is_active
    )
