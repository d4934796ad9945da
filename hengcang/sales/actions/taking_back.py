"""What comes back from a customer, on a return or an exchange: parts of their actions."""

from decimal import Decimal

from hengcang.documents.flow import Status
from hengcang.documents.lines import BuiltLine
from hengcang.documents.parts import source_ids, with_rests
from hengcang.documents.sources import (
    add_to_lines,
    fulfilled_by,
    lock_sources,
    refuse_closed,
    refuse_excess,
    refuse_foreign,
)
from hengcang.kernel.actor import Actor
from hengcang.kernel.errors import Refused
from hengcang.kernel.numbers import storable
from hengcang.kernel.rounding import to_cent
from hengcang.ledger import actions as ledger
from hengcang.ledger.entries import Posting
from hengcang.ledger.serial_goods import still_out
from hengcang.sales import queries
from hengcang.sales.models import (
    SalesDelivery,
    SalesDeliveryLine,
    SalesExchange,
    SalesExchangeLine,
    SalesReturn,
    SalesReturnLine,
)

PARTS = (SalesReturnLine, SalesExchangeLine)
"""The lines that take back goods of a delivery's line."""


def of_their_origin(lines: list[BuiltLine], actor: Actor) -> list[BuiltLine]:
    """Lines that come back name the pieces of their delivery lines and have their part of its
    money, whatever returns and exchanges took of it before.
    """
    ids = source_ids(lines)
    named = queries.delivery_lines(actor).filter(id__in=ids)
    sources = {row.pk: row for row in named} if ids else {}
    lines = still_out(lines, sources, SalesDelivery.kind)
    return with_rests(lines, sources, PARTS, "qty_returned")


def refuse_foreign_deliveries(lines: list[BuiltLine], partner_id: int, actor: Actor) -> None:
    """Raises Refused("source_line_unknown") for a line of another customer or out of scope."""
    known = queries.delivery_lines(actor).filter(document__partner_id=partner_id, quantity__gt=0)
    refuse_foreign(lines, known)


def give_back(document: SalesReturn | SalesExchange, posting: Posting, actor: Actor) -> None:
    """The books carry the posting, the delivery lines what came back (or went again).

    Locks the deliveries, then the books. Raises Refused: source_not_open, more_than_delivered, and
    those of ledger.post.
    """
    wanted = fulfilled_by(document.lines.all())
    sources = lock_sources(SalesDeliveryLine.objects.all(), set(wanted))
    if document.reversal_of_id is None:
        refuse_closed(sources, Status.POSTED)
        refuse_excess("more_than_delivered", sources, "qty_returned", wanted)
    ledger.post(posting, actor=actor)
    add_to_lines(SalesDeliveryLine, qty_returned=wanted)


def stated_cost(line: BuiltLine, reason: str) -> Decimal | None:
    """None for a line with its origin; else the stated cost of the whole line, to the cent.

    Raises Refused: reason_missing, cost_missing, number_too_large.
    """
    if line.draft.source_line_id is not None:
        return None
    field = f"lines.{line.position}.unit_cost"
    if not reason.strip():
        raise Refused("reason_missing", "reason")
    if line.draft.unit_cost is None:
        raise Refused("cost_missing", field, item_name=line.item.name)
    return storable(to_cent(line.quantity * line.draft.unit_cost), field)
