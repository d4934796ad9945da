"""What a delivery does to the orders it fulfils: parts of the actions on deliveries."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from hengcang.books.inserting import insert_row, insert_rows
from hengcang.documents.actions import birth_columns
from hengcang.documents.discounts import money_columns
from hengcang.documents.drafts import Draft
from hengcang.documents.flow import Status
from hengcang.documents.lines import BuiltLine, keep_pieces, sold_columns
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
from hengcang.ledger import actions as ledger
from hengcang.ledger.entries import Posting, PromiseLine
from hengcang.sales import queries
from hengcang.sales.models import SalesDelivery, SalesDeliveryLine, SalesOrderLine
from hengcang.sales.postings import reservation
from hengcang.sales.rules import consumed


def born_delivery(
    header: dict[str, Any], draft: Draft, lines: list[BuiltLine], actor: Actor
) -> SalesDelivery:
    return insert_row(
        SalesDelivery(
            **header,
            **money_columns(lines, draft),
            **birth_columns(draft.client_uuid, actor=actor),
        )
    )


def fulfil(
    delivery: SalesDelivery, lines: list[SalesDeliveryLine], posting: Posting, actor: Actor
) -> None:
    """The books carry the posting, the order lines what it fulfils and consumes (or gives back)."""
    wanted = fulfilled_by(lines)
    sources = lock_sources(SalesOrderLine.objects.all(), set(wanted))
    if delivery.reversal_of_id is None:
        refuse_unfit(sources, wanted)
        _note_consumption(lines, sources)
    carried(lines, posting, sources, actor)


def carried(
    lines: list[SalesDeliveryLine],
    posting: Posting,
    sources: dict[int, SalesOrderLine],
    actor: Actor,
) -> None:
    """The books carry the posting; the locked order lines what it fulfils and consumes."""
    wanted = fulfilled_by(lines)
    promises, reserved = reservations(lines, sources)
    posted = ledger.post(replace(posting, promises=promises), actor=actor)
    granted = (p.quantity for p in posted.promises)
    reserved = dict(zip(reserved, granted, strict=True))
    add_to_lines(SalesOrderLine, qty_fulfilled=wanted, qty_reserved=reserved)
    follow_execution(sources, actor=actor)


def _note_consumption(lines: list[SalesDeliveryLine], sources: dict[int, SalesOrderLine]) -> None:
    """Each line knows how much of its order line's reservation it consumes, and keeps it."""
    consume(lines, sources)
    consumption = {line.pk: line.qty_unreserved for line in lines}
    add_to_lines(SalesDeliveryLine, qty_unreserved=consumption)


def refuse_unfit(sources: dict[int, SalesOrderLine], wanted: dict[int, Decimal]) -> None:
    refuse_closed(sources, Status.APPROVED)
    refuse_excess("more_than_ordered", sources, "qty_fulfilled", wanted)


def consume(lines: list[SalesDeliveryLine], sources: dict[int, SalesOrderLine]) -> None:
    left = {line_id: line.qty_reserved for line_id, line in sources.items()}
    for line in lines:
        if line.source_line_id is not None:
            line.qty_unreserved = consumed(line.quantity, left[line.source_line_id])
            left[line.source_line_id] -= line.qty_unreserved


def reservations(
    lines: list[SalesDeliveryLine], sources: dict[int, SalesOrderLine]
) -> tuple[tuple[PromiseLine, ...], dict[int, Decimal]]:
    """Reservations consumed, or given back by a reversal unless the order has ended meanwhile.

    Given back as far as available: what was delivered from elsewhere may have been sold here since.
    """
    changes: dict[int, Decimal] = {}
    for line in lines:
        source_id = line.source_line_id
        if source_id is None or not line.qty_unreserved:
            continue
        ended = sources[source_id].document.status == Status.CLOSED_FORCED
        if line.qty_unreserved > ZERO or not ended:
            changes[source_id] = changes.get(source_id, ZERO) - line.qty_unreserved
    promises = tuple(
        reservation(sources[i], sources[i].document, change, up_to_available=change > 0)
        for i, change in changes.items()
    )
    return promises, changes


def refuse_foreign_orders(delivery: SalesDelivery, lines: list[BuiltLine], actor: Actor) -> None:
    """Raises Refused("source_line_unknown") for a line of another partner or out of scope."""
    known = queries.order_lines(actor).filter(document__partner_id=delivery.partner_id)
    refuse_foreign(lines, known)


def write_delivery_lines(
    delivery: SalesDelivery, built: list[BuiltLine], sources: dict[int, SalesOrderLine]
) -> list[SalesDeliveryLine]:
    """Lines whose order lines are locked know at once what they consume of the reservations."""
    lines = [
        SalesDeliveryLine(
            document=delivery, source_line_id=line.draft.source_line_id, **sold_columns(line)
        )
        for line in built
    ]
    if sources:
        consume(lines, sources)
    keep_pieces(delivery, built)
    return insert_rows(lines)
