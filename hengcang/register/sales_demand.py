"""以销定购: what nothing covers of what customers ordered becomes requisitions, once."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

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
from hengcang.purchasing import queries as purchasing
from hengcang.purchasing.actions.requisitions import save_requisition_for
from hengcang.purchasing.models import PurchaseRequisition
from hengcang.register.sales_needs import needs
from hengcang.sales import queries as sales
from hengcang.sales.models import SalesOrderLine
from hengcang.sales.places import PLACE


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
    needed = {need.line_id: need.needed for need in needs(actor)}
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
