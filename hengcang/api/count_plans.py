"""Count plans: how often the goods of a warehouse are counted, and how far that is."""

from typing import Any

from django.utils.timezone import localdate
from ninja import Router
from pydantic import Field

from hengcang.api.access import ApiRequest
from hengcang.api.errors import answers
from hengcang.api.intents import EXTRA, key_in, once
from hengcang.api.reading import Flag, Id, Whole
from hengcang.api.shapes import Asked, Told
from hengcang.kernel.actor import Actor
from hengcang.stock import plans
from hengcang.stock.actions.plans import PlanDraft, make_due_count, save_count_plan

router = Router(tags=["盘点计划"])


class CountPlanAsked(Asked):
    """一个仓库的盘点计划；天数为 0 表示这一类不盘。"""

    warehouse_id: Id
    a_days: Whole = 30
    b_days: Whole = 90
    c_days: Whole = 180
    a_percent: Whole = 80
    b_percent: Whole = 95
    most_a_day: Whole = 50
    is_active: Flag = True


class ProgressTold(Told):
    """一类商品的盘点进度。"""

    abc: str
    days: int
    items: int
    counted: int
    waiting: int = Field(validation_alias="due", description="到期还没盘的商品数。")


class CountPlanTold(Told):
    """一个仓库的盘点计划与进度。"""

    id: int
    warehouse_id: int
    warehouse: str
    a_days: int
    b_days: int
    c_days: int
    a_percent: int
    b_percent: int
    most_a_day: int
    is_active: bool
    progress: list[ProgressTold]


class DueCountTold(Told):
    """今天的盘点单；没有到期的商品时 id 为 null。"""

    id: int | None
    number: str | None


@router.get("", response=answers(200, list[CountPlanTold]), summary="盘点计划")
def count_plans(request: ApiRequest) -> object:
    actor = request.auth
    return [_told(actor, plan) for plan in plans.count_plans(actor)]


@router.put(
    "", response=answers(200, CountPlanTold), summary="设置一个仓库的盘点计划", openapi_extra=EXTRA
)
def save_plan(request: ApiRequest, body: CountPlanAsked) -> object:
    actor, draft = request.auth, PlanDraft(**dict(body))
    saved = once(
        key_in(request),
        "count_plan.save",
        draft,
        lambda: save_count_plan(draft, actor=actor),
        lambda found: plans.count_plan(actor, found),
    )
    return _told(actor, plans.count_plan(actor, saved.pk))


@router.post("/{int:plan_id}/due", response=answers(200, DueCountTold), summary="生成今日盘点单")
def make_due(request: ApiRequest, plan_id: int) -> object:
    made = make_due_count(plan_id, on=localdate(), actor=request.auth)
    return {"id": made.pk, "number": made.number} if made else {"id": None, "number": None}


def _told(actor: Actor, plan: Any) -> dict[str, Any]:
    names = PlanDraft.__dataclass_fields__
    return {name: getattr(plan, name) for name in names} | {
        "id": plan.pk,
        "warehouse": plan.warehouse.name,
        "progress": plans.progress(actor, plan, localdate()),
    }
