"""When the lines of a sales order can be delivered: sales and purchasing seen together."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.db.models import F, Sum

from hengcang.documents.flow import Status
from hengcang.kernel.actor import Actor
from hengcang.kernel.rounding import ZERO
from hengcang.ledger.queries import stocked
from hengcang.purchasing.models import PurchaseOrderLine
from hengcang.sales import queries as sales
from hengcang.sales.models import SalesOrder, SalesOrderLine
from hengcang.sales.promising import Incoming, Promised, Wanted, promised

ALIVE = frozenset({Status.DRAFT, Status.PENDING, Status.APPROVED})


def promised_dates(actor: Actor, order_id: int, today: date) -> list[Promised]:
    """For every open line of an order, in order; two statements and two more a warehouse.

    Nothing for an order that is over, or for lines from warehouses out of scope. Suppliers and
    prices are not told. Raises Refused: forbidden (also without stock.view), not_found.
    """
    order = sales.order(actor, order_id)
    return promised_lines(actor, order, order.lines.order_by("position"), today)


def promised_lines(
    actor: Actor, order: SalesOrder, order_lines: Iterable[SalesOrderLine], today: date
) -> list[Promised]:
    """The same for an order and its lines that the actor has read already."""
    lines = list(order_lines) if order.status in ALIVE else []
    wanted: dict[int, dict[int, list[Wanted]]] = defaultdict(lambda: defaultdict(list))
    for line in lines:
        line.document = order
        if line.quantity > line.qty_fulfilled and actor.reaches(line.place_id):
            still = line.quantity - line.qty_fulfilled
            of_item = wanted[line.place_id][line.item_id]
            of_item.append(Wanted(line.pk, still, line.qty_reserved))
    answers = [
        answer
        for place, items in sorted(wanted.items())
        for answer in _from(actor, place, items, today)
    ]
    places = {line.pk: line.position for line in lines}
    return sorted(answers, key=lambda answer: places[answer.line_id])


def _from(
    actor: Actor, warehouse_id: int, wanted: dict[int, list[Wanted]], today: date
) -> list[Promised]:
    """The answers for the lines that go from one warehouse, by item."""
    free = stocked(actor, warehouse_id, list(wanted))
    coming = _incoming(warehouse_id, list(wanted))
    return [
        answer
        for item_id, of_item in wanted.items()
        for answer in promised(
            of_item,
            free[item_id].available if item_id in free else ZERO,
            coming[item_id],
            today,
        )
    ]


def _incoming(warehouse_id: int, item_ids: list[int]) -> dict[int, list[Incoming]]:
    """What approved purchase orders still bring to a warehouse, by item and date."""
    rows = (
        PurchaseOrderLine.objects.filter(
            document__status=Status.APPROVED,
            document__warehouse_id=warehouse_id,
            item_id__in=item_ids,
            quantity__gt=F("qty_fulfilled"),
        )
        .order_by()
        .values_list("item_id", "document__due_date")
        .annotate(open=Sum(F("quantity") - F("qty_fulfilled")))
    )
    found: dict[int, list[Incoming]] = defaultdict(list)
    for item_id, on, quantity in rows:
        found[item_id].append(Incoming(Decimal(quantity), on))
    return found
