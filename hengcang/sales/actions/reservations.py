"""Reservations that end because the goods for them are not there."""

from collections.abc import Mapping
from decimal import Decimal

from django.db.models import F

from hengcang.compliance import audit
from hengcang.compliance.audit import Act, Subject
from hengcang.documents.attempts import TryAgain
from hengcang.documents.sources import add_to_lines, lock_sources
from hengcang.kernel.actor import Actor
from hengcang.kernel.numbers import shown
from hengcang.kernel.rounding import ZERO
from hengcang.ledger.entries import PromiseLine
from hengcang.sales.models import SalesOrder, SalesOrderLine
from hengcang.sales.places import goes_from
from hengcang.sales.postings import reservation


def break_reservations(
    warehouse_id: int, missing: Mapping[int, Decimal], because: str, *, actor: Actor
) -> tuple[PromiseLine, ...]:
    """That much of each item, base units, is no longer reserved: the newest orders give way first.

    Each order has a new version and an audit line that says why. Returns the promises that end,
    for the posting that takes the goods: they are not in the books before. Part of its caller's
    action; locks the orders by id. Raises TryAgain when less is reserved than was asked for.
    """
    if not missing:
        return ()
    held = SalesOrderLine.objects.filter(
        goes_from([warehouse_id]), item_id__in=missing, qty_reserved__gt=0
    )
    ids = set(held.order_by().values_list("id", flat=True))
    lines = sorted(lock_sources(SalesOrderLine.objects.all(), ids).values(), key=_newest_first)
    left, broken = dict(missing), []
    for line in lines:
        taken = min(left[line.item_id], line.qty_reserved)
        left[line.item_id] -= taken
        if taken > 0:
            broken.append((line, taken))
    if any(quantity > ZERO for quantity in left.values()):
        raise TryAgain
    _tell(broken, because, actor)
    return tuple(reservation(line, line.document, -taken) for line, taken in broken)


def _newest_first(line: SalesOrderLine) -> tuple[int, int, int]:
    return (-line.document.dated.toordinal(), -line.document_id, -line.position)


def _tell(broken: list[tuple[SalesOrderLine, Decimal]], because: str, actor: Actor) -> None:
    """Lines and orders know, and the log says why."""
    add_to_lines(SalesOrderLine, qty_reserved={line.pk: -taken for line, taken in broken})
    orders = {line.document_id for line, _ in broken}
    SalesOrder.objects.filter(id__in=orders).update(version=F("version") + 1)
    audit.record_all(
        Act(
            actor,
            "sales_order.break_reservation",
            Subject("sales_order", line.document_id, line.document.number or ""),
            {"reason": f"{because}：{line.item.name} 少占用 {shown(taken)}"},
        )
        for line, taken in broken
    )
