"""Order lines cover requisition lines: how that is written, and given back."""

from collections.abc import Iterable

from hengcang.books.inserting import insert_rows
from hengcang.documents.sources import add_to_lines, follow_execution, lock_sources
from hengcang.kernel.actor import Actor
from hengcang.purchasing.models import (
    PurchaseOrder,
    PurchaseOrderLine,
    PurchaseRequisitionLine,
    RequisitionCover,
)
from hengcang.purchasing.rules import Cover, Place, covered, fitted, moved


def covers_of(order: PurchaseOrder) -> list[Cover]:
    """What the order's lines cover, the oldest first."""
    rows = RequisitionCover.objects.filter(order_line__document=order).order_by("id")
    return [
        Cover(*row) for row in rows.values_list("order_line_id", "requisition_line_id", "quantity")
    ]


def write_covers(covers: Iterable[Cover]) -> None:
    """The links stand; the requisition lines, locked by the caller, know what is ordered."""
    found = list(covers)
    insert_rows(
        [
            RequisitionCover(
                order_line_id=cover.order_line_id,
                requisition_line_id=cover.requisition_line_id,
                quantity=cover.quantity,
            )
            for cover in found
        ]
    )
    add_to_lines(PurchaseRequisitionLine, qty_fulfilled=covered(found))


def lift_covers(order: PurchaseOrder) -> list[Cover]:
    """The links of a locked order are gone and returned, so that its lines may be rewritten.

    The caller writes them back with rest_covers.
    """
    found = covers_of(order)
    if found:
        RequisitionCover.objects.filter(order_line__document=order).delete()
    return found


def rest_covers(lifted: list[Cover], lines: Iterable[PurchaseOrderLine], *, actor: Actor) -> None:
    """What was lifted lies on the new lines of the same items; what has no room is given back."""
    if not lifted:
        return
    ids = {cover.requisition_line_id for cover in lifted}
    rows = PurchaseRequisitionLine.objects.filter(id__in=ids).values_list("id", "item_id")
    places = [Place(line.pk, line.item_id, line.quantity) for line in lines]
    _replace(lifted, moved(lifted, dict(rows), places), actor)


def give_back(order: PurchaseOrder, lines: Iterable[PurchaseOrderLine], *, actor: Actor) -> None:
    """The locked order covers no more than its lines have received; the rest is open again."""
    before = lift_covers(order)
    if before:
        _replace(before, fitted(before, {line.pk: line.qty_fulfilled for line in lines}), actor)


def _replace(before: list[Cover], after: list[Cover], actor: Actor) -> None:
    """Requisitions are locked after the order, in id order."""
    sources = lock_sources(
        PurchaseRequisitionLine.objects.all(), {cover.requisition_line_id for cover in before}
    )
    lost = {line_id: -quantity for line_id, quantity in covered(before).items()}
    add_to_lines(PurchaseRequisitionLine, qty_fulfilled=lost)
    write_covers(after)
    follow_execution(sources, actor=actor)
