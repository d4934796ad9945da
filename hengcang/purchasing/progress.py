"""采购进度: lines of approved orders that are still awaited, the most urgent first."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from hengcang.documents.flow import Status
from hengcang.identity.access import demand
from hengcang.kernel.actor import Actor
from hengcang.kernel.rounding import ZERO
from hengcang.ledger.recent import on_order_at
from hengcang.purchasing.announced import watched_due, with_announced
from hengcang.purchasing.models import PurchaseOrder, PurchaseOrderLine

NEVER = date.max  # lines without a date come last


@dataclass(frozen=True, slots=True)
class ProgressFilter:
    """Which lines; None means all. `late_on`: only those due before that day.

    `after`: (due or NEVER, line id) of the last row seen.
    """

    partner_id: int | None = None
    item_id: int | None = None
    late_on: date | None = None
    after: tuple[date, int] | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class Awaited:
    """One line, base units. `announced`: of what is open, what notices say is on its way, until
    `announced_on`. `on_order`: of the item in that warehouse, over all orders.
    """

    line_id: int
    order_id: int
    number: str
    position: int
    partner_id: int
    partner: str
    warehouse_id: int
    warehouse: str
    item_id: int
    code: str
    name: str
    spec: str
    uom: str
    due: date
    ordered: Decimal
    received: Decimal
    announced: Decimal
    announced_on: date | None
    on_order: Decimal

    @property
    def open(self) -> Decimal:
        return self.ordered - self.received

    @property
    def due_date(self) -> date | None:
        return None if self.due == NEVER else self.due

    def days_left(self, today: date) -> int | None:
        """Until it is due; negative: so many days late. None without a date."""
        return None if self.due == NEVER else (self.due - today).days


def awaited(actor: Actor, wanted: ProgressFilter) -> list[Awaited]:
    """One page of open lines, by due date. Raises Refused("forbidden")."""
    rows = _rows(actor, wanted)
    if wanted.after is not None:
        due, line_id = wanted.after
        rows = rows.filter(Q(due__gt=due) | Q(due=due, id__gt=line_id))
    rows = with_announced(rows.order_by("due", "id"))
    found = list(rows.values_list(*COLUMNS)[: wanted.limit])
    promised = on_order_at(actor, [(row[ITEM], row[WAREHOUSE]) for row in found])
    return [_line(row, promised.get((row[ITEM], row[WAREHOUSE]), ZERO)) for row in found]


def _line(row: tuple[Any, ...], on_order: Decimal) -> Awaited:
    return Awaited(*(*row, on_order))


COLUMNS = (
    "id",
    "document_id",
    "document__number",
    "position",
    "document__partner_id",
    "document__partner__name",
    "document__warehouse_id",
    "document__warehouse__name",
    "item_id",
    "item__code",
    "item__name",
    "item__spec",
    "item__base_uom__name",
    "due",
    "quantity",
    "qty_fulfilled",
    "announced",
    "announced_on",
)
ITEM, WAREHOUSE = COLUMNS.index("item_id"), COLUMNS.index("document__warehouse_id")


@dataclass(frozen=True, slots=True)
class Due:
    """An open line with a date, and who made its order. What is announced in whole is due on the
    last day it is announced for, if that is later.
    """

    line_id: int
    due: date
    creator_id: int
    creator: str


def due_until(actor: Actor, day: date) -> list[Due]:
    """Open lines due on that day or before. Raises Refused("forbidden")."""
    rows = with_announced(_rows(actor, ProgressFilter(late_on=day + timedelta(days=1))))
    rows = rows.annotate(watched=watched_due(F("due"))).filter(watched__lte=day)
    names = ("id", "watched", "document__created_by_id", "document__created_by_name")
    return [Due(*row) for row in rows.values_list(*names)]


@dataclass(frozen=True, slots=True)
class AwaitedCount:
    """Over all pages of a filter: how many lines are open, and how many of them are late."""

    lines: int
    late: int


def awaited_count(actor: Actor, wanted: ProgressFilter, today: date) -> AwaitedCount:
    """Raises Refused("forbidden")."""
    late = Count("id", filter=Q(due__lt=today))
    found: dict[str, Any] = _rows(actor, wanted).aggregate(lines=Count("id"), late=late)
    return AwaitedCount(found["lines"], found["late"])


def _rows(actor: Actor, wanted: ProgressFilter) -> QuerySet[Any]:
    demand(actor, "purchase_order.view")
    orders = PurchaseOrder.objects.visible_to(actor).filter(status=Status.APPROVED)
    if wanted.partner_id is not None:
        orders = orders.filter(partner_id=wanted.partner_id)
    rows = PurchaseOrderLine.objects.filter(
        document__in=orders.order_by(), qty_fulfilled__lt=F("quantity")
    )
    if wanted.item_id is not None:
        rows = rows.filter(item_id=wanted.item_id)
    dated = rows.annotate(due=Coalesce("due_date", "document__due_date", Value(NEVER)))
    if wanted.late_on is not None:
        dated = dated.filter(due__lt=wanted.late_on)
    return dated.order_by()
