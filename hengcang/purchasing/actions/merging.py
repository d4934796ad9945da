"""Open lines of approved requisitions become draft purchase orders."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from hengcang.compliance import audit
from hengcang.compliance.audit import Subject
from hengcang.documents.actions import derived_uuid
from hengcang.documents.attempts import action
from hengcang.documents.drafts import MAX_LINES, Draft, LineDraft
from hengcang.documents.flow import Status
from hengcang.documents.intents import claim, settle
from hengcang.documents.rules import Ratio, base_quantity
from hengcang.documents.sources import follow_execution, lock_sources, refuse_closed
from hengcang.identity.access import demand
from hengcang.kernel.actor import Actor
from hengcang.kernel.errors import Refused, RefusedLines
from hengcang.kernel.rounding import ZERO
from hengcang.purchasing import queries
from hengcang.purchasing.actions.orders import save_order
from hengcang.purchasing.covers import write_covers
from hengcang.purchasing.models import PurchaseOrder, PurchaseRequisitionLine
from hengcang.purchasing.rules import Cover

Group = tuple[int, int]  # supplier, warehouse
Same = tuple[int, int, Decimal | None]  # item, unit, price


@dataclass(frozen=True, slots=True)
class MergeLine:
    """Order this much of a requisition line from a supplier, in the line's unit.

    `price` is per that unit, tax included; None takes the usual one. More than what is open may
    be ordered (a whole carton): the line is then fully ordered.
    """

    line_id: int
    supplier_id: int
    quantity: Decimal
    price: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Merge:
    """What to order of which requisition lines. `client_uuid`: once per intent."""

    client_uuid: UUID
    dated: date
    lines: tuple[MergeLine, ...]


@action
def merge_requisitions(merge: Merge, *, actor: Actor) -> list[PurchaseOrder]:
    """Draft orders exist, one per supplier and warehouse, and the requisition lines follow.

    Lines of the same item, unit and price are one order line; it remembers what it covers. The
    same intent again returns the same orders. Locks the requisitions in id order.
    Raises Refused: forbidden, no_lines, too_many_lines, source_line_unknown, source_not_open,
    RefusedLines with requisition_line_done and quantity_inexact, and those of save_order.
    """
    demand(actor, "purchase_order.save")
    if not merge.lines:
        raise Refused("no_lines", "lines")
    if len(merge.lines) > MAX_LINES:
        raise Refused("too_many_lines", "lines", limit=MAX_LINES, count=len(merge.lines))
    if claim(merge.client_uuid, "purchase_requisition.merge", merge) is not None:
        return _made_before(merge, actor)
    lines = queries.requisition_lines(actor)
    sources = lock_sources(lines, {line.line_id for line in merge.lines})
    refuse_closed(sources, Status.APPROVED)
    units = {line.pk: line for line in lines.filter(id__in=sources)}
    quantities = _base_quantities(merge, units)
    orders = [
        _ordered(merge, group, positions, (units, quantities), actor)
        for group, positions in sorted(_groups(merge, units).items())
    ]
    _note(sources, [order for order, _ in orders], actor)
    write_covers(_within([cover for _, covers in orders for cover in covers], sources))
    settle(merge.client_uuid, PurchaseOrder.kind, orders[0][0].pk)
    follow_execution(sources, actor=actor)
    return [order for order, _ in orders]


Known = Mapping[int, PurchaseRequisitionLine]


def _made_before(merge: Merge, actor: Actor) -> list[PurchaseOrder]:
    ids = {line.line_id for line in merge.lines}
    known = {line.pk: line for line in queries.requisition_lines(actor).filter(id__in=ids)}
    keys = [_key(merge, group) for group in _groups(merge, known)]
    return list(queries.orders(actor).filter(client_uuid__in=keys).order_by("id"))


def _key(merge: Merge, group: Group) -> UUID:
    return derived_uuid(merge.client_uuid, f"merge-{group[0]}-{group[1]}")


def _groups(merge: Merge, known: Known) -> dict[Group, list[int]]:
    """The positions of the merge's lines, from 0, by supplier and warehouse."""
    groups: dict[Group, list[int]] = defaultdict(list)
    for position, line in enumerate(merge.lines):
        if line.line_id in known:
            warehouse_id = known[line.line_id].document.warehouse_id
            groups[line.supplier_id, warehouse_id].append(position)
    return groups


def _base_quantities(merge: Merge, known: Known) -> list[Decimal]:
    """Base units per line of the merge, in its order."""
    found: list[Decimal] = []
    refusals: list[Refused] = []
    for position, line in enumerate(merge.lines, start=1):
        source = known[line.line_id]
        uom = source.item_uom
        ratio = Ratio(uom.ratio_num, uom.ratio_den, source.item.quantity_places, source.item.name)
        try:
            if source.qty_fulfilled >= source.quantity:
                raise Refused(
                    "requisition_line_done", f"lines.{position}", item_name=source.item.name
                )
            found.append(base_quantity(line.quantity, ratio, f"lines.{position}.quantity"))
        except Refused as refusal:
            refusals.append(refusal)
    if refusals:
        raise RefusedLines(refusals)
    return found


def _ordered(
    merge: Merge,
    group: Group,
    positions: list[int],
    known: tuple[Known, list[Decimal]],
    actor: Actor,
) -> tuple[PurchaseOrder, list[Cover]]:
    """One draft order, and what its lines cover."""
    sources, quantities = known
    same: dict[Same, list[int]] = defaultdict(list)
    for position in positions:
        line = merge.lines[position]
        source = sources[line.line_id]
        same[source.item_id, source.item_uom_id, line.price].append(position)
    dues = [_due(sources[merge.lines[position].line_id]) for position in positions]
    draft = Draft(
        client_uuid=_key(merge, group),
        dated=merge.dated,
        warehouse_id=group[1],
        partner_id=group[0],
        due_date=min((due for due in dues if due), default=None),
        lines=tuple(
            LineDraft(
                item_id=item,
                item_uom_id=uom,
                price=price,
                quantity=sum((merge.lines[at].quantity for at in found), start=ZERO),
            )
            for (item, uom, price), found in same.items()
        ),
    )
    order = save_order(draft, actor=actor)
    made = order.lines.order_by("position").values_list("id", flat=True)
    covers = [
        Cover(line_id, merge.lines[at].line_id, quantities[at])
        for line_id, found in zip(made, same.values(), strict=True)
        for at in found
    ]
    return order, covers


def _due(line: PurchaseRequisitionLine) -> date | None:
    return line.due_date or line.document.due_date


def _within(covers: list[Cover], sources: Known) -> list[Cover]:
    """The covers, none beyond what is open of its requisition line, and one per pair of lines."""
    left = {pk: line.quantity - line.qty_fulfilled for pk, line in sources.items()}
    found: dict[tuple[int, int], Decimal] = defaultdict(lambda: ZERO)
    for cover in covers:
        taken = min(cover.quantity, left[cover.requisition_line_id])
        left[cover.requisition_line_id] -= taken
        found[cover.order_line_id, cover.requisition_line_id] += taken
    return [Cover(*pair, quantity) for pair, quantity in found.items() if quantity > 0]


def _note(sources: Known, orders: list[PurchaseOrder], actor: Actor) -> None:
    """Each requisition says who turned it into which orders."""
    documents = {line.document_id: line.document for line in sources.values()}
    for pk, document in sorted(documents.items()):
        subject = Subject(document.kind, pk, document.number or "")
        audit.record(actor, f"{document.kind}.order", subject, orders=[o.pk for o in orders])
