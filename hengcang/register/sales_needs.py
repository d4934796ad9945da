"""What customers ordered and neither stock nor requisitions cover, reckoned by the database."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Exists, F, OuterRef, Q

from hengcang.documents.flow import Status
from hengcang.identity.access import demand
from hengcang.kernel.actor import Actor
from hengcang.kernel.rounding import ZERO
from hengcang.purchasing.models import PurchaseRequisitionLine, RequisitionCover
from hengcang.purchasing.rules import Cover, covered, fitted
from hengcang.sales.models import SalesOrder, SalesOrderLine

LIVE = (Status.DRAFT, Status.PENDING, Status.APPROVED)


@dataclass(frozen=True, slots=True)
class Need:
    """What must be bought for one line of an approved sales order. Base units.

    `open` is not delivered; `held` reserved for it; `stock` the free stock that falls to it, older
    due dates first; `requested` on its way through requisitions; `needed` the rest.
    """

    line_id: int
    document_id: int
    open: Decimal
    held: Decimal
    stock: Decimal
    requested: Decimal

    @property
    def needed(self) -> Decimal:
        return self.open - self.held - self.stock - self.requested


@dataclass(frozen=True, slots=True)
class SalesNeed:
    """A need with the order line it is of, read whole."""

    line: SalesOrderLine
    need: Need

    @property
    def open(self) -> Decimal:
        return self.need.open

    @property
    def held(self) -> Decimal:
        return self.need.held

    @property
    def stock(self) -> Decimal:
        return self.need.stock

    @property
    def requested(self) -> Decimal:
        return self.need.requested

    @property
    def needed(self) -> Decimal:
        return self.need.needed


# All lines that share the stock, whoever's: free stock, and what is asked for lines that are gone,
# is given out once, each line in its turn taking what those before it left.
_NEEDS = """
WITH asked AS (
 SELECT * FROM unnest(%(lines)s::bigint[], %(places)s::bigint[], %(items)s::bigint[],
  %(quantities)s::numeric[]) r(line_id, place, item_id, quantity)
), own AS (
 SELECT line_id, sum(quantity) AS quantity FROM asked GROUP BY 1
), waiting AS (
 SELECT l.id, l.document_id, d.due_date, coalesce(l.warehouse_id, d.warehouse_id) AS place,
  l.item_id, l.quantity - l.qty_fulfilled AS open, l.qty_reserved AS held,
  coalesce(o.quantity, 0) AS asked,
  least(l.quantity - l.qty_fulfilled - l.qty_reserved, coalesce(o.quantity, 0)) AS own
 FROM sales_salesorder d JOIN sales_salesorderline l ON l.document_id = d.id
 LEFT JOIN own o ON o.line_id = l.id
 WHERE d.status = 'approved' AND l.quantity > l.qty_fulfilled
  AND (%(reach)s::bigint[] IS NULL
   OR coalesce(l.warehouse_id, d.warehouse_id) = ANY(%(reach)s::bigint[]))
), gone AS (
 SELECT a.place, a.item_id, sum(a.quantity) AS quantity FROM asked a
 WHERE NOT EXISTS (SELECT FROM waiting w WHERE w.id = a.line_id) GROUP BY 1, 2
), turns AS (
 SELECT w.*, w.open - w.held - w.own AS wanted,
  sum(w.open - w.held - w.own) OVER turn - (w.open - w.held - w.own) AS taken,
  sum(w.asked - w.own) OVER (PARTITION BY w.place, w.item_id) AS left_over
 FROM waiting w WINDOW turn AS (PARTITION BY w.place, w.item_id
  ORDER BY w.due_date NULLS LAST, w.id ROWS UNBOUNDED PRECEDING)
), shelf AS (
 SELECT t.*, t.left_over + coalesce(g.quantity, 0) AS spare, greatest(0, least(t.wanted,
   greatest(coalesce(a.on_hand - a.reserved, 0), 0) - t.taken)) AS stock
 FROM turns t
 LEFT JOIN ledger_availability a ON a.item_id = t.item_id AND a.warehouse_id = t.place
 LEFT JOIN gone g ON g.place = t.place AND g.item_id = t.item_id
), given AS (
 SELECT s.*, greatest(0, least(s.wanted - s.stock, s.spare
   - (sum(s.wanted - s.stock) OVER turn - (s.wanted - s.stock)))) AS other
 FROM shelf s WINDOW turn AS (PARTITION BY s.place, s.item_id
  ORDER BY s.due_date NULLS LAST, s.id ROWS UNBOUNDED PRECEDING)
)
SELECT id, document_id, open, held, stock, own + other FROM given
WHERE wanted - stock - other > 0 ORDER BY due_date NULLS LAST, id
"""


def needs(actor: Actor, warehouse_id: int | None = None) -> list[Need]:
    """Of every line in the actor's warehouses, whoever's orders: for decisions, not for showing.

    The most urgent first. Raises Refused("forbidden") without stock.view.
    """
    demand(actor, "stock.view")
    rows = _requested()
    with connection.cursor() as cursor:
        cursor.execute(
            _NEEDS,
            {
                "lines": [row[0] for row in rows],
                "places": [row[1] for row in rows],
                "items": [row[2] for row in rows],
                "quantities": [row[3] for row in rows],
                "reach": _reach(actor, warehouse_id),
            },
        )
        return [Need(*row) for row in cursor.fetchall()]


def _reach(actor: Actor, warehouse_id: int | None) -> list[int] | None:
    if warehouse_id is None:
        return None if actor.warehouse_ids is None else sorted(actor.warehouse_ids)
    return [warehouse_id] if actor.reaches(warehouse_id) else []


def uncovered(actor: Actor, warehouse_id: int | None = None) -> list[Need]:
    """Those of orders the actor may see, the most urgent first. Raises Refused("forbidden")."""
    demand(actor, "sales_order.view")
    found = needs(actor, warehouse_id)
    orders = SalesOrder.objects.visible_to(actor).filter(id__in={n.document_id for n in found})
    visible = set(orders.order_by().values_list("id", flat=True))
    return [need for need in found if need.document_id in visible]


def with_lines(actor: Actor, chosen: Sequence[Need]) -> list[SalesNeed]:
    """Needs the actor was shown, with their lines."""
    assert actor is not None
    rows = SalesOrderLine.objects.select_related(
        "document__partner", "document__warehouse", "warehouse", "item__base_uom"
    )
    lines = {line.pk: line for line in rows.filter(id__in=[need.line_id for need in chosen])}
    return [SalesNeed(lines[need.line_id], need) for need in chosen]


def uncovered_sales_lines(actor: Actor, warehouse_id: int | None = None) -> list[SalesNeed]:
    """All of them, read whole. Raises Refused("forbidden")."""
    return with_lines(actor, uncovered(actor, warehouse_id))


Requested = tuple[int | None, int, int, Decimal]


def _requested() -> list[Requested]:
    """Of requisition lines made for sales, what has not arrived yet: sales line, place, item, base
    units. A requisition closed by force still brings what was ordered of it.
    """
    rows = list(_under_way())
    arrived = _arrived([row.pk for row in rows])
    found = []
    for row in rows:
        forced = row.document.status == Status.CLOSED_FORCED
        outstanding = (row.qty_fulfilled if forced else row.quantity) - arrived.get(row.pk, ZERO)
        found.append((row.source_line_id, row.document.warehouse_id, row.item_id, outstanding))
    return found


def _under_way() -> Any:
    covers = RequisitionCover.objects.filter(
        requisition_line=OuterRef("pk"), order_line__qty_fulfilled__lt=F("order_line__quantity")
    )
    coming = Exists(covers.filter(order_line__document__status__in=LIVE))
    rows = PurchaseRequisitionLine.objects.filter(source_line_id__isnull=False)
    return rows.filter(Q(document__status__in=LIVE) | coming).select_related("document")


def _arrived(ids: Collection[int]) -> dict[int, Decimal]:
    """Base units received by requisition line; receipts serve the covers of a line in turn."""
    order_lines = RequisitionCover.objects.filter(requisition_line_id__in=ids)
    rows = RequisitionCover.objects.filter(
        order_line_id__in=order_lines.values("order_line_id")
    ).order_by("id")
    columns = ("order_line_id", "requisition_line_id", "quantity", "order_line__qty_fulfilled")
    covers, capacity = [], {}
    for order_line, requisition_line, quantity, received in rows.values_list(*columns):
        covers.append(Cover(order_line, requisition_line, quantity))
        capacity[order_line] = received
    return covered(fitted(covers, capacity))
