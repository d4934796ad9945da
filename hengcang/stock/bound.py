"""Transfer lines that are allocated to lines of shops' requests: what that changes of these."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from hengcang.documents.drafts import Draft
from hengcang.documents.flow import Status
from hengcang.documents.lines import BuiltLine
from hengcang.documents.sources import (
    add_to_lines,
    follow_execution,
    fulfilled_by,
    lock_sources,
    refuse_closed,
    refuse_excess,
    refuse_foreign,
)
from hengcang.kernel.actor import Actor
from hengcang.kernel.rounding import ZERO
from hengcang.stock import asking
from hengcang.stock.models import ShopRequestLine, StockTransferLine

Quantities = Mapping[int, Decimal]
Sources = dict[int, ShopRequestLine]


def refuse_strange(draft: Draft, lines: Iterable[BuiltLine], actor: Actor) -> None:
    """Raises Refused("source_line_unknown") unless every named line is one of a request from where
    the transfer goes to where it leaves, and of the same item.
    """
    ends = {
        "document__warehouse_id": draft.to_warehouse_id,
        "document__to_warehouse_id": draft.warehouse_id,
    }
    known = asking.request_lines(actor).filter(**ends)
    refuse_foreign(lines, known.select_related(None))


def allocate(now: Quantities, before: Quantities) -> None:
    """The request lines are allocated what a transfer's draft holds now instead of before.

    Base units by request line. Locks their requests in id order. Raises Refused: source_not_open,
    more_than_requested, of lines that are to get more.
    """
    changes = {pk: now.get(pk, ZERO) - before.get(pk, ZERO) for pk in {*now, *before}}
    changes = {pk: change for pk, change in changes.items() if change}
    sources: Sources = lock_sources(ShopRequestLine.objects.all(), set(changes))
    more = {pk: change for pk, change in changes.items() if change > 0}
    refuse_closed({pk: sources[pk] for pk in more}, Status.APPROVED)
    refuse_excess("more_than_requested", sources, "qty_allocated", more)
    add_to_lines(ShopRequestLine, qty_allocated=changes)


def held_by(lines: Iterable[StockTransferLine]) -> dict[int, Decimal]:
    """Base units by request line that these stored lines hold."""
    return fulfilled_by(lines)


def locked(lines: Iterable[Any]) -> Sources:
    """The request lines that transfer lines name, read under the lock of their requests."""
    ids = {line.source_line_id for line in lines if line.source_line_id is not None}
    return lock_sources(ShopRequestLine.objects.all(), ids)


def shipped(sources: Sources, lines: Iterable[StockTransferLine], *, actor: Actor) -> None:
    """The locked requests know what was shipped of them, and are complete when all was."""
    add_to_lines(ShopRequestLine, qty_fulfilled=fulfilled_by(lines))
    follow_execution(sources, actor=actor)


def shipped_back(sources: Sources, lines: Iterable[StockTransferLine], *, actor: Actor) -> None:
    """The lines of a shipment's reversal, which are negative: what it held is open again."""
    back = fulfilled_by(lines)
    add_to_lines(ShopRequestLine, qty_fulfilled=back, qty_allocated=back)
    follow_execution(sources, actor=actor)
