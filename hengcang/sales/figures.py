"""Sums of sales for the home page."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import F, Q, QuerySet, Sum, Value

from hengcang.documents.drafts import Direction
from hengcang.documents.flow import Status
from hengcang.identity.access import demand
from hengcang.kernel.actor import Actor, FieldClass
from hengcang.kernel.rounding import ZERO
from hengcang.ledger import queries as ledger
from hengcang.sales.models import (
    SalesDelivery,
    SalesDeliveryLine,
    SalesExchange,
    SalesExchangeLine,
    SalesOrder,
    SalesOrderLine,
    SalesReturn,
    SalesReturnLine,
)
from hengcang.sales.places import PLACE, PLACE_NAME
from hengcang.sales.queries import FREE

BOOKED = (Status.POSTED, Status.REVERSED)  # a reversed paper and its reversal cancel out


@dataclass(frozen=True, slots=True)
class Turnover:
    """What was delivered less what came back on one day, and what exchanges added to it, 2 dp;
    `net` without tax.
    """

    day: date
    amount: Decimal
    net: Decimal


def turnover(actor: Actor, since: date, until: date) -> list[Turnover]:
    """One row for every day of the span, both ends included. Raises Refused("forbidden")."""
    demand(actor, "sales_delivery.view")
    sums: dict[date, tuple[Decimal, Decimal]] = {}
    delivered = _by_day(SalesDelivery.objects.visible_to(actor), 1, since, until)
    returned = _by_day(SalesReturn.objects.visible_to(actor), -1, since, until)
    exchanged = _by_day(SalesExchange.objects.visible_to(actor), 1, since, until)
    for sign, day, gross, untaxed in delivered.union(returned, exchanged, all=True):
        amount, net = sums.get(day, (ZERO, ZERO))
        sums[day] = (amount + sign * gross, net + sign * untaxed)
    days = [since + timedelta(days=n) for n in range((until - since).days + 1)]
    return [Turnover(day, *sums.get(day, (ZERO, ZERO))) for day in days]


def _by_day(papers: QuerySet[Any], sign: int, since: date, until: date) -> QuerySet[Any, Any]:
    """Sign, day, amount with tax and without."""
    booked = papers.filter(status__in=BOOKED, dated__range=(since, until)).order_by()
    days = booked.annotate(sign=Value(sign)).values_list("sign", "dated")
    found: QuerySet[Any, Any] = days.annotate(gross=Sum("amount_incl_tax"), net=Sum("net_amount"))
    return found


@dataclass(frozen=True, slots=True)
class Shortage:
    """What approved orders want of an item in a place with nothing reserved for it; base units."""

    item_id: int
    code: str
    name: str
    spec: str
    uom: str
    warehouse_id: int
    warehouse: str
    missing: Decimal


def shortages(actor: Actor, *, limit: int) -> list[Shortage]:
    """The largest back-orders first. Raises Refused("forbidden")."""
    demand(actor, "sales_order.view")
    open_orders = SalesOrder.objects.visible_to(actor).filter(status=Status.APPROVED)
    lines = SalesOrderLine.objects.filter(
        document__in=open_orders.order_by(),
        quantity__gt=F("qty_fulfilled") + F("qty_reserved"),
    )
    rows = (
        lines.order_by()
        .annotate(place=PLACE, place_name=PLACE_NAME)
        .values_list(
            "item_id",
            "item__code",
            "item__name",
            "item__spec",
            "item__base_uom__name",
            "place",
            "place_name",
        )
        .annotate(missing=Sum(F("quantity") - F("qty_fulfilled") - F("qty_reserved")))
        .order_by("-missing", "item_id")
    )
    return [Shortage(*row) for row in rows[:limit]]


@dataclass(frozen=True, slots=True)
class GivenAway:
    """Gifts or samples of one item to one customer: base units, and their booked cost, 2 dp; the
    cost is None for those who may not see it.
    """

    partner_id: int
    partner: str
    item_id: int
    item: str
    is_gift: bool
    quantity: Decimal
    cost: Decimal | None


def given_away(actor: Actor, since: date, until: date) -> list[GivenAway]:
    """What was given away in the span, both ends included, less what came back of it, by customer,
    item and kind. Raises Refused("forbidden").
    """
    demand(actor, "sales_delivery.view")
    found: dict[tuple[Any, ...], tuple[Decimal, Decimal]] = {}
    sides: tuple[tuple[int, Any, Any, Q], ...] = (
        (1, SalesDeliveryLine, SalesDelivery, Q()),
        (-1, SalesReturnLine, SalesReturn, Q()),
        (1, SalesExchangeLine, SalesExchange, Q(direction=Direction.OUT)),
        (-1, SalesExchangeLine, SalesExchange, Q(direction=Direction.BACK)),
    )
    for sign, lines, papers, which in sides:
        visible = papers.objects.visible_to(actor).filter(dated__range=(since, until))
        booked = lines.objects.filter(document__in=visible.filter(status__in=BOOKED))
        rows = booked.filter(FREE, which)
        told = list(
            rows.order_by().values_list(
                "document_id", "position", "quantity", "document__partner_id",
                "document__partner__name", "item_id", "item__name", "is_gift",
            )
        )  # fmt: skip
        costs = ledger.costs_of_papers(actor, papers.kind, {row[0] for row in told})
        for document_id, position, quantity, *named in told:
            key: tuple[Any, ...] = tuple(named)
            before = found.get(key, (ZERO, ZERO))
            # What left cost something, what came back gives it back: the ledger's sign says which.
            cost = costs.get((document_id, position), ZERO)
            found[key] = (before[0] + sign * quantity, before[1] + cost)
    sees = actor.sees(FieldClass.COST)
    sums = ((*key, quantity, cost if sees else None) for key, (quantity, cost) in found.items())
    return [GivenAway(*each) for each in sums]
