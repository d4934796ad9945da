"""What people and the clock do with count plans."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid5

from hengcang.compliance import audit
from hengcang.compliance.audit import Subject
from hengcang.documents.attempts import action
from hengcang.documents.drafts import Target
from hengcang.documents.parties import warehouse_of
from hengcang.identity.access import demand
from hengcang.kernel.actor import Actor
from hengcang.kernel.errors import Refused
from hengcang.stock import plans
from hengcang.stock.actions.counts import save_stock_count, start_stock_count
from hengcang.stock.count_drafts import CountDraft, CountScope
from hengcang.stock.models import CountPlan, StockCount

NAMES = UUID("7a1c7c2e-5b0e-4d53-9c1f-0f5f3c6f9a11")
MOST_DAYS, WHOLE = 1_000, 100


@dataclass(frozen=True, slots=True)
class PlanDraft:
    """A plan as filled in; days 0: the class is never counted."""

    warehouse_id: int
    a_days: int = 30
    b_days: int = 90
    c_days: int = 180
    a_percent: int = 80
    b_percent: int = 95
    most_a_day: int = 50
    is_active: bool = True


@action
def save_count_plan(draft: PlanDraft, *, actor: Actor) -> CountPlan:
    """The warehouse has this plan, the only one it has.

    Raises Refused: forbidden, not_found, warehouse_inactive, days_out_of_range, field_invalid.
    """
    demand(actor, "count_rules.save", warehouse_id=draft.warehouse_id)
    warehouse = warehouse_of(actor, draft.warehouse_id)
    for name in ("a_days", "b_days", "c_days"):
        if not 0 <= getattr(draft, name) <= MOST_DAYS:
            raise Refused("days_out_of_range", name, limit=MOST_DAYS, days=getattr(draft, name))
    if not 0 <= draft.a_percent <= draft.b_percent <= WHOLE:
        reason = "应为 0 到 100，且 A 类不大于 A 与 B 类之和。"
        raise Refused("field_invalid", "a_percent", what="金额占比", reason=reason)
    if draft.most_a_day < 1:
        raise Refused("quantity_not_positive", "most_a_day", text=str(draft.most_a_day))
    columns = {n: getattr(draft, n) for n in PlanDraft.__dataclass_fields__ if n != "warehouse_id"}
    plan, _ = CountPlan.objects.update_or_create(warehouse=warehouse, defaults=columns)
    audit.record(actor, "count_plan.change", Subject("count_plan", plan.pk, warehouse.name))
    return plan


@action
def make_due_count(plan_id: int, *, on: date, actor: Actor) -> StockCount | None:
    """The day's count of a plan is under way: made once a day, however often this runs.

    None when nothing is due. Raises Refused: forbidden, not_found, and those of counts.
    """
    plan = plans.count_plan(actor, plan_id)
    demand(actor, "stock_count.save", warehouse_id=plan.warehouse_id)
    CountPlan.objects.select_for_update(no_key=True).get(pk=plan.pk)
    intent = uuid5(NAMES, f"{plan.pk} {on}")
    made: StockCount | None = StockCount.objects.filter(client_uuid=intent).first()
    if made is not None:
        return made
    due = plans.due_today(plan, on)
    if not due:
        return None
    draft = CountDraft(
        intent, on, plan.warehouse_id, CountScope.ITEMS, item_ids=tuple(due), note="循环盘点"
    )
    count = save_stock_count(draft, actor=actor)
    return start_stock_count(Target(count.pk, count.version), actor=actor)


def make_due_counts(*, on: date, actor: Actor) -> list[StockCount]:
    """Every active plan has its count of the day, each in a transaction of its own."""
    active = list(plans.count_plans(actor).filter(is_active=True, warehouse__is_active=True))
    made = [make_due_count(plan.pk, on=on, actor=actor) for plan in active]
    return [count for count in made if count is not None]
