"""到货提醒: which order lines somebody has to see to, and whose they are."""

from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Coalesce

from hengcang.books.rows import one
from hengcang.documents.flow import Status
from hengcang.identity.access import demand
from hengcang.kernel.actor import Actor
from hengcang.kernel.errors import Refused
from hengcang.purchasing.announced import watched_due, with_announced
from hengcang.purchasing.models import PurchaseOrder
from hengcang.purchasing.watching import Stage
from hengcang.purchasing.watching_models import PurchaseReminder

LEAD = "purchase_reminder.lead"
CLOSED_LABELS = {
    "received": "已到货",
    "closed": "订单已结或已反审核",
    "moved": "到货日期已改",
    "announced": "已有到货通知",
    "superseded": "进入下一阶段",
    "by_hand": "已处理",
}


@dataclass(frozen=True, slots=True)
class ReminderFilter:
    """Which reminders: open ones or closed ones, only the actor's own or all in scope.

    `after`: (due, id) of the last row seen.
    """

    is_open: bool = True
    mine: bool = False
    after: tuple[date, int] | None = None
    limit: int = 50


def reminders(actor: Actor, wanted: ReminderFilter) -> list[PurchaseReminder]:
    """One page: open ones by due date, closed ones the newest first; with line, order and item.

    Raises Refused("forbidden").
    """
    rows = _scoped(actor)
    rows = rows.filter(_LIVE) if wanted.is_open else rows.filter(closed_on__isnull=False)
    if wanted.mine:
        rows = rows.filter(_own(actor))
    if wanted.after is not None:
        rows = rows.filter(_beyond(wanted))
    order = ("due", "id") if wanted.is_open else ("-due", "-id")
    return list(rows.order_by(*order)[: wanted.limit])


def _beyond(wanted: ReminderFilter) -> Q:
    assert wanted.after is not None
    due, last = wanted.after
    if wanted.is_open:
        return Q(due__gt=due) | Q(due=due, id__gt=last)
    return Q(due__lt=due) | Q(due=due, id__lt=last)


@dataclass(frozen=True, slots=True)
class ReminderCount:
    """Open ones: in scope, the actor's own, and how many of those are past their date."""

    all: int
    mine: int
    late: int


def reminder_count(actor: Actor) -> ReminderCount:
    """Raises Refused("forbidden")."""
    mine = _own(actor)
    found: dict[str, Any] = (
        _scoped(actor)
        .filter(_LIVE)
        .aggregate(
            all=Count("id"),
            mine=Count("id", filter=mine),
            late=Count("id", filter=mine & ~Q(stage=Stage.SOON)),
        )
    )
    return ReminderCount(**found)


def reminder(actor: Actor, reminder_id: int) -> PurchaseReminder:
    """One reminder, open or not. Raises Refused: forbidden, not_found."""
    found = one(_scoped(actor).filter(id=reminder_id))
    if found is None:
        raise Refused("not_found", what="到货提醒")
    return cast("PurchaseReminder", found)


def may_close(actor: Actor, row: PurchaseReminder) -> bool:
    """Whether the actor may say that it is seen to."""
    wanted = LEAD if row.stage == Stage.ESCALATED else "purchase_order.save"
    return actor.may(wanted)


def _scoped(actor: Actor) -> QuerySet[Any]:
    demand(actor, "purchase_order.view")
    orders = PurchaseOrder.objects.visible_to(actor).order_by()
    rows = PurchaseReminder.objects.filter(order_line__document__in=orders)
    due = Coalesce("order_line__due_date", "order_line__document__due_date")
    rows = with_announced(rows, "order_line")
    rows = rows.annotate(due_now=watched_due(due, "order_line__"))
    return rows.select_related(
        "order_line__document__partner",
        "order_line__document__warehouse",
        "order_line__item__base_uom",
    )


def _own(actor: Actor) -> Q:
    mine = Q(assignee_id=actor.id) & ~Q(stage=Stage.ESCALATED)
    return mine | Q(stage=Stage.ESCALATED) if actor.may(LEAD) else mine


# What came in, was closed, announced or got another date needs nobody any more, at once: the job
# of the next morning only writes that down.
_LIVE = Q(
    closed_on=None,
    due_now=F("due"),
    order_line__document__status=Status.APPROVED,
    order_line__qty_fulfilled__lt=F("order_line__quantity"),
)
