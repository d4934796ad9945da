"""盘点计划: which goods are due, and how far a plan has come."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Max, QuerySet

from hengcang.documents.flow import Status
from hengcang.identity.access import demand
from hengcang.kernel.actor import Actor
from hengcang.kernel.errors import Refused
from hengcang.ledger import counting
from hengcang.stock.models import CountPlan, StockCountLine
from hengcang.stock.rules import Counting, abc_classes, due_items

SALES = ("sales_delivery", "sales_return", "sales_exchange")
YEAR = timedelta(days=365)
OPEN = [Status.COUNTING.value, Status.REVIEW.value]


def count_plans(actor: Actor) -> QuerySet[CountPlan]:
    """The plans of the actor's warehouses, by warehouse. Raises Refused("forbidden")."""
    demand(actor, "stock_count.view")
    rows = CountPlan.objects.select_related("warehouse").order_by("warehouse__code")
    if actor.warehouse_ids is not None:
        rows = rows.filter(warehouse_id__in=actor.warehouse_ids)
    return rows


def count_plan(actor: Actor, plan_id: int) -> CountPlan:
    """One plan. Raises Refused: forbidden, not_found."""
    found = count_plans(actor).filter(id=plan_id).first()
    if found is None:
        raise Refused("not_found", what="盘点计划")
    return found


def days_of(plan: CountPlan) -> dict[str, int]:
    """Every how many days each class is counted."""
    return {"A": plan.a_days, "B": plan.b_days, "C": plan.c_days}


def planned(plan: CountPlan, on: date) -> list[Counting]:
    """What lies in the plan's warehouse, with its class on that day and its last counting."""
    held = list(dict.fromkeys(e.key.item_id for e in counting.expected(plan.warehouse_id)))
    sold = counting.issued_value(plan.warehouse_id, SALES, on - YEAR)
    classes = abc_classes(sold, plan.a_percent, plan.b_percent)
    rows = StockCountLine.objects.filter(
        document__warehouse_id=plan.warehouse_id,
        document__status=Status.POSTED,
        document__reversal_of=None,
        counted__isnull=False,
    )
    last = dict(rows.order_by().values_list("item_id").annotate(last=Max("document__dated")))
    return [Counting(item, classes.get(item, "C"), last.get(item)) for item in held]


def due_today(plan: CountPlan, on: date) -> list[int]:
    """The items to count on that day; what is on an open count already is not due."""
    rows = StockCountLine.objects.filter(
        document__warehouse_id=plan.warehouse_id, document__status__in=OPEN
    )
    busy = set(rows.order_by().values_list("item_id", flat=True))
    items = [one for one in planned(plan, on) if one.item_id not in busy]
    return due_items(items, days_of(plan), on, plan.most_a_day)


@dataclass(frozen=True, slots=True)
class Progress:
    """How many items of a class there are, how many were counted within its days, how many wait."""

    abc: str
    days: int
    items: int
    counted: int
    due: int


def progress(actor: Actor, plan: CountPlan, on: date) -> list[Progress]:
    """The three classes of a plan the actor was shown."""
    assert actor is not None
    items, days = planned(plan, on), days_of(plan)
    told = []
    for abc in "ABC":
        mine = [one for one in items if one.abc == abc]
        waits = [one for one in mine if (due := one.due(days)) is not None and due <= on]
        told.append(Progress(abc, days[abc], len(mine), len(mine) - len(waits), len(waits)))
    return told
