"""What there has been with a customer: bought, how often, at what price, and what came back."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Max, Min, QuerySet, Sum, Value

from hengcang.documents.drafts import Direction
from hengcang.documents.flow import Status
from hengcang.identity.access import demand
from hengcang.kernel.actor import Actor
from hengcang.kernel.rounding import ZERO
from hengcang.sales import queries
from hengcang.sales.models import (
    SalesDelivery,
    SalesDeliveryLine,
    SalesExchange,
    SalesExchangeLine,
    SalesOrder,
    SalesOrderLine,
    SalesReturn,
)
from hengcang.sales.queries import LastPrice

ITEMS = 50


@dataclass(frozen=True, slots=True)
class Bought:
    """What a customer bought of one item: base units, amounts incl. tax, on how many deliveries.

    `last` is the newest price; None where the item was only given away.
    """

    item_id: int
    code: str
    name: str
    spec: str
    uom: str
    times: int
    quantity: Decimal
    returned: Decimal
    amount: Decimal
    first_on: date
    last_on: date
    last: LastPrice | None

    @property
    def every_days(self) -> int | None:
        """Days from one purchase to the next on average; None before the second."""
        if self.times < 2:
            return None
        return (self.last_on - self.first_on).days // (self.times - 1)


COLUMNS = ("item_id", "item__code", "item__name", "item__spec", "item__base_uom__name")


def bought(actor: Actor, partner_id: int, *, limit: int = ITEMS) -> list[Bought]:
    """Items the customer bought or got in exchange within the actor's scope, the latest first; four
    queries at most.

    Raises Refused("forbidden").
    """
    demand(actor, "sales_delivery.view")
    papers = _posted(SalesDelivery.objects.visible_to(actor), partner_id)
    delivered = _by_item(SalesDeliveryLine.objects.filter(document__in=papers), Sum("qty_returned"))
    found = {row[0]: row for row in delivered[:limit]}
    for row in _swapped(actor, partner_id):
        before = found.get(row[0]) or delivered.filter(item_id=row[0]).first()
        found[row[0]] = _added(before, row) if before else row
    rows = sorted(found.values(), key=lambda row: (-row[10].toordinal(), row[0]))[:limit]
    last = queries.last_prices(actor, partner_id, [row[0] for row in rows]) if rows else {}
    return [_bought(row, last.get(row[0])) for row in rows]


def _by_item(lines: QuerySet[Any], returned: Any) -> QuerySet[Any]:
    """Columns of Bought but the last, the latest item first."""
    named = lines.order_by().values_list(*COLUMNS)
    sums = named.annotate(
        times=Count("document", distinct=True),
        whole=Sum("quantity"),
        back=returned,
        amount=Sum("amount_incl_tax"),
        first_on=Min("document__dated"),
        last_on=Max("document__dated"),
    )
    found: QuerySet[Any] = sums.order_by("-last_on", "item_id")
    return found


def _swapped(actor: Actor, partner_id: int) -> list[tuple[Any, ...]]:
    """What the customer got in exchange, none of it known to have come back."""
    papers = _posted(SalesExchange.objects.visible_to(actor), partner_id)
    lines = SalesExchangeLine.objects.filter(document__in=papers, direction=Direction.OUT)
    return list(_by_item(lines, Value(ZERO)))


def _added(one: tuple[Any, ...], other: tuple[Any, ...]) -> tuple[Any, ...]:
    sums = tuple(a + b for a, b in zip(one[5:9], other[5:9], strict=True))
    return (*one[:5], *sums, min(one[9], other[9]), max(one[10], other[10]))


def _bought(row: tuple[Any, ...], last: LastPrice | None) -> Bought:
    columns: tuple[Any, ...] = (*row, last)
    return Bought(*columns)


@dataclass(frozen=True, slots=True)
class Trade:
    """What went to a customer and came back since a day, incl. tax, 2 dp, by posted documents."""

    deliveries: int
    delivered: Decimal
    returned: Decimal
    last_on: date | None

    @property
    def return_rate(self) -> Decimal | None:
        """Percent of what was delivered that came back, 1 dp; None where nothing was delivered."""
        if not self.delivered:
            return None
        return (self.returned * 100 / self.delivered).quantize(Decimal("0.1"))


def trade(actor: Actor, partner_id: int, *, since: date) -> Trade:
    """The customer's trade within the actor's scope, both sides of exchanges in it.

    Raises Refused("forbidden").
    """
    demand(actor, "sales_delivery.view")
    out = _posted(SalesDelivery.objects.visible_to(actor), partner_id).filter(dated__gte=since)
    back = _posted(SalesReturn.objects.visible_to(actor), partner_id).filter(dated__gte=since)
    sums = out.aggregate(n=Count("pk"), amount=Sum("amount_incl_tax"), last=Max("dated"))
    came_back = back.aggregate(amount=Sum("amount_incl_tax"))["amount"] or ZERO
    both = _posted(SalesExchange.objects.visible_to(actor), partner_id).filter(dated__gte=since)
    swapped = both.aggregate(out=Sum("out_amount"), back=Sum("back_amount"), last=Max("dated"))
    last = max(filter(None, (sums["last"], swapped["last"])), default=None)
    return Trade(
        sums["n"],
        (sums["amount"] or ZERO) + (swapped["out"] or ZERO),
        came_back + (swapped["back"] or ZERO),
        last,
    )


@dataclass(frozen=True, slots=True)
class OpenOrder:
    """An approved order of which something is to be delivered; `open_amount` incl. tax, 2 dp."""

    order_id: int
    number: str
    dated: date
    due_date: date | None
    open_amount: Decimal


def open_orders(actor: Actor, partner_id: int) -> list[OpenOrder]:
    """The customer's orders under way, the oldest first. Raises Refused("forbidden")."""
    demand(actor, "sales_order.view")
    orders = SalesOrder.objects.visible_to(actor).filter(
        partner_id=partner_id, status=Status.APPROVED
    )
    rows = (
        SalesOrderLine.objects.filter(
            document__in=orders.order_by(), qty_fulfilled__lt=F("quantity")
        )
        .order_by()
        .values_list("document_id", "document__number", "document__dated", "document__due_date")
        .annotate(
            open=Sum(F("amount_incl_tax") * (F("quantity") - F("qty_fulfilled")) / F("quantity"))
        )
        .order_by("document__dated", "document_id")
    )
    return [_open_order(row) for row in rows]


def _open_order(row: tuple[Any, ...]) -> OpenOrder:
    columns: tuple[Any, ...] = (*row[:4], row[4].quantize(Decimal("0.01")))
    return OpenOrder(*columns)


def _posted(papers: QuerySet[Any], partner_id: int) -> QuerySet[Any]:
    """Documents that stand: neither reversed nor a reversal."""
    return papers.filter(
        partner_id=partner_id, status=Status.POSTED, reversal_of__isnull=True
    ).order_by()
