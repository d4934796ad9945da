"""以销定购: what customers ordered and nothing covers becomes requisitions, once."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q

from hengcang.documents.actions import derived_uuid
from hengcang.documents.attempts import action
from hengcang.documents.drafts import MAX_LINES, Draft, LineDraft
from hengcang.documents.flow import Status
from hengcang.documents.intents import claim, settle
from hengcang.documents.sources import lock_sources, refuse_closed
from hengcang.identity.access import demand
from hengcang.kernel.actor import Actor
from hengcang.kernel.errors import Refused, RefusedLines
from hengcang.kernel.numbers import shown
from hengcang.kernel.rounding import ZERO
from hengcang.ledger.queries import stocked
from hengcang.purchasing import queries as purchasing
from hengcang.purchasing.actions.requisitions import save_requisition_for
from hengcang.purchasing.models import (
    PurchaseRequisition,
    PurchaseRequisitionLine,
    RequisitionCover,
)
from hengcang.purchasing.rules import Cover, covered, fitted
from hengcang.sales import queries as sales
from hengcang.sales.models import SalesOrder, SalesOrderLine
from hengcang.sales.places import PLACE, goes_from

Place = tuple[int, int]  # warehouse, item
LIVE = (Status.DRAFT, Status.PENDING, Status.APPROVED)


@dataclass(frozen=True, slots=True)
class SalesNeed:
    """What must be bought for one line of an approved sales order. Base units.

    `open` is not delivered; `held` reserved for it; `stock` the free stock that falls to it, older
    due dates first; `requested` on its way through requisitions; `needed` the rest.
    """

    line: SalesOrderLine
    open: Decimal
    held: Decimal
    stock: Decimal
    requested: Decimal

    @property
    def needed(self) -> Decimal:
        return self.open - self.held - self.stock - self.requested


def uncovered_sales_lines(actor: Actor, warehouse_id: int | None = None) -> list[SalesNeed]:
    """Lines the actor may see that neither stock nor requisitions cover, the most urgent first.

    Raises Refused("forbidden").
    """
    demand(actor, "sales_order.view")
    visible = set(_approved(SalesOrder.objects.visible_to(actor)))
    lines = _waiting(actor, warehouse_id)
    return [
        need
        for need in _needs(actor, lines)
        if need.needed > 0 and need.line.document_id in visible
    ]


def _approved(orders: Any) -> Iterable[int]:
    rows = orders.filter(status=Status.APPROVED)
    return rows.values_list("id", flat=True)  # type: ignore[no-any-return]


def _waiting(actor: Actor, warehouse_id: int | None) -> list[SalesOrderLine]:
    """All lines that share the stock, whoever's: free stock is given out once."""
    rows = SalesOrderLine.objects.filter(
        document__status=Status.APPROVED, quantity__gt=F("qty_fulfilled")
    )
    if warehouse_id is not None:
        rows = rows.filter(goes_from([warehouse_id]))
    if actor.warehouse_ids is not None:
        rows = rows.filter(goes_from(actor.warehouse_ids))
    rows = rows.select_related(
        "document__partner", "document__warehouse", "warehouse", "item__base_uom"
    )
    return list(rows.order_by(F("document__due_date").asc(nulls_last=True), "id"))


def _needs(actor: Actor, lines: list[SalesOrderLine]) -> list[SalesNeed]:
    free, requested = _free(actor, lines), _requested({line.pk for line in lines})
    found = []
    for line in lines:
        place = (line.place_id, line.item_id)
        left = line.quantity - line.qty_fulfilled - line.qty_reserved
        own = min(left, requested.own.get(line.pk, ZERO))
        requested.spare[place] += requested.own.get(line.pk, ZERO) - own
        found.append((line, place, left, own))
    needs = []
    for line, place, left, own in found:
        stock = _taken(free, place, left - own)
        other = _taken(requested.spare, place, left - own - stock)
        needs.append(
            SalesNeed(
                line, line.quantity - line.qty_fulfilled, line.qty_reserved, stock, own + other
            )
        )
    return needs


def _taken(pool: dict[Place, Decimal], place: Place, wanted: Decimal) -> Decimal:
    taken = min(pool[place], wanted)
    pool[place] -= taken
    return taken


def _free(actor: Actor, lines: list[SalesOrderLine]) -> dict[Place, Decimal]:
    """Available stock by place: one query a warehouse."""
    items: dict[int, set[int]] = defaultdict(set)
    for line in lines:
        items[line.place_id].add(line.item_id)
    free: dict[Place, Decimal] = defaultdict(lambda: ZERO)
    for warehouse_id, ids in items.items():
        for item_id, found in stocked(actor, warehouse_id, sorted(ids)).items():
            free[warehouse_id, item_id] = max(found.available, ZERO)
    return free


@dataclass
class _Requested:
    """What is on its way for sales lines: by line, and what is asked for lines that are gone."""

    own: dict[int, Decimal]
    spare: dict[Place, Decimal]


def _requested(lines: set[int]) -> _Requested:
    """Of requisition lines made for sales: what has not arrived yet.

    A requisition closed by force still brings what was ordered of it.
    """
    found = _Requested(defaultdict(lambda: ZERO), defaultdict(lambda: ZERO))
    rows = list(_under_way())
    arrived = _arrived([row.pk for row in rows])
    for row in rows:
        forced = row.document.status == Status.CLOSED_FORCED
        whole = row.qty_fulfilled if forced else row.quantity
        outstanding = whole - arrived.get(row.pk, ZERO)
        if row.source_line_id in lines:
            found.own[row.source_line_id] += outstanding
        else:
            found.spare[row.document.warehouse_id, row.item_id] += outstanding
    return found


def _under_way() -> Any:
    covers = RequisitionCover.objects.filter(
        requisition_line=OuterRef("pk"), order_line__qty_fulfilled__lt=F("order_line__quantity")
    )
    coming = Exists(covers.filter(order_line__document__status__in=LIVE))
    rows = PurchaseRequisitionLine.objects.filter(source_line_id__isnull=False)
    return rows.filter(Q(document__status__in=LIVE) | coming).select_related("document")


def _arrived(ids: list[int]) -> dict[int, Decimal]:
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


@dataclass(frozen=True, slots=True)
class SalesRequest:
    """Request these base units for these sales order lines. `client_uuid`: once per intent."""

    client_uuid: UUID
    dated: date
    quantities: tuple[tuple[int, Decimal], ...]


@action
def request_for_sales(wish: SalesRequest, *, actor: Actor) -> list[PurchaseRequisition]:
    """Draft requisitions exist, one per warehouse, each line for its sales line.

    The same intent again returns the same. Locks the sales orders in id order, so that two people
    do not request the same need. Raises Refused: forbidden, no_lines, too_many_lines,
    source_line_unknown, source_not_open, RefusedLines with sales_line_covered.
    """
    demand(actor, "purchase_requisition.save")
    demand(actor, "sales_order.view")
    if not wish.quantities:
        raise Refused("no_lines", "lines")
    if len(wish.quantities) > MAX_LINES:
        raise Refused("too_many_lines", "lines", limit=MAX_LINES, count=len(wish.quantities))
    if claim(wish.client_uuid, "sales_order.request", wish) is not None:
        return _requested_before(wish, actor)
    lines = lock_sources(sales.order_lines(actor), {line_id for line_id, _ in wish.quantities})
    refuse_closed(lines, Status.APPROVED)
    _refuse_covered(wish, lines, actor)
    made = [
        save_requisition_for(_draft(wish, warehouse_id, group), actor=actor)
        for warehouse_id, group in sorted(_by_warehouse(wish, lines).items())
    ]
    settle(wish.client_uuid, PurchaseRequisition.kind, made[0].pk)
    return made


Wanted = list[tuple[Any, Decimal]]


def _by_warehouse(wish: SalesRequest, lines: dict[int, Any]) -> dict[int, Wanted]:
    groups: dict[int, Wanted] = defaultdict(list)
    for line_id, quantity in wish.quantities:
        groups[lines[line_id].place_id].append((lines[line_id], quantity))
    return groups


def _requested_before(wish: SalesRequest, actor: Actor) -> list[PurchaseRequisition]:
    rows = SalesOrderLine.objects.filter(id__in=[line_id for line_id, _ in wish.quantities])
    places = set(rows.annotate(place=PLACE).values_list("place", flat=True))
    keys = [_key(wish, place) for place in places]
    return list(purchasing.requisitions(actor).filter(client_uuid__in=keys).order_by("id"))


def _key(wish: SalesRequest, warehouse_id: int) -> UUID:
    return derived_uuid(wish.client_uuid, f"request-{warehouse_id}")


def _refuse_covered(wish: SalesRequest, lines: dict[int, Any], actor: Actor) -> None:
    needed = {need.line.pk: need.needed for need in _needs(actor, _waiting(actor, None))}
    refusals = []
    asked: dict[int, Decimal] = defaultdict(lambda: ZERO)
    for position, (line_id, quantity) in enumerate(wish.quantities, start=1):
        asked[line_id] += quantity
        left = max(needed.get(line_id, ZERO), ZERO)
        if asked[line_id] > left:
            name = lines[line_id].item.name
            at = f"lines.{position}.quantity"
            refusals.append(Refused("sales_line_covered", at, item_name=name, needed=shown(left)))
    if refusals:
        raise RefusedLines(refusals)


def _draft(wish: SalesRequest, warehouse_id: int, group: Wanted) -> Draft:
    numbers = list(dict.fromkeys(line.document.number for line, _ in group))
    dues = [line.document.due_date for line, _ in group if line.document.due_date]
    return Draft(
        client_uuid=_key(wish, warehouse_id),
        dated=wish.dated,
        warehouse_id=warehouse_id,
        due_date=min(dues, default=None),
        reason=f"以销定购：{'、'.join(numbers)}"[:200],
        lines=tuple(
            LineDraft(
                item_id=line.item_id,
                quantity=quantity,
                source_line_id=line.pk,
                due_date=line.document.due_date,
                note=line.document.number or "",
            )
            for line, quantity in group
        ),
    )
