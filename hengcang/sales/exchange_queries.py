"""Reads of exchanges."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import cast
from uuid import UUID

from django.db.models import QuerySet

from hengcang.books.rows import one
from hengcang.documents.drafts import Direction, Draft
from hengcang.identity.access import demand
from hengcang.kernel.actor import Actor
from hengcang.kernel.errors import Refused
from hengcang.ledger.entries import StockStatus
from hengcang.sales import queries
from hengcang.sales.models import SalesDelivery, SalesExchange


def exchanges(actor: Actor) -> QuerySet[SalesExchange]:
    """Exchanges the actor may see, newest first. Raises Refused("forbidden")."""
    demand(actor, "sales_exchange.view")
    rows = SalesExchange.objects.visible_to(actor)
    rows = rows.select_related("partner__customer", *queries.HEADER)
    return cast("QuerySet[SalesExchange]", rows.order_by("-dated", "-id"))


def exchange(actor: Actor, exchange_id: int) -> SalesExchange:
    """One exchange. Raises Refused: forbidden, not_found."""
    found = one(exchanges(actor).filter(id=exchange_id))
    if found is None:
        raise Refused("not_found", what="换货单")
    return found


@dataclass(frozen=True, slots=True)
class BothSides:
    """What an exchange's difference is made of, tax included, 2 dp; negative on a reversal."""

    out: Decimal
    back: Decimal


def exchanged(actor: Actor, exchange_ids: Collection[int]) -> dict[int, BothSides]:
    """Both sides of those exchanges the actor may see; one query, none for none."""
    if not exchange_ids or not actor.may("sales_exchange.view"):
        return {}
    rows = SalesExchange.objects.visible_to(actor).filter(id__in=exchange_ids).order_by()
    columns = rows.values_list("id", "out_amount", "back_amount")
    return {row[0]: BothSides(*row[1:]) for row in columns}


def exchange_draft(
    actor: Actor,
    delivery: SalesDelivery,
    quantities: dict[int, Decimal],
    *,
    on: date,
    client_uuid: UUID,
) -> Draft:
    """An exchange that takes back these delivery lines (base units; empty: all not yet returned) as
    defective goods; what goes out instead is still to be said.

    Raises Refused("source_line_unknown") for a line of another delivery or with nothing left.
    """
    draft = queries.return_draft(actor, delivery, quantities, on=on, client_uuid=client_uuid)
    lines = (
        replace(line, direction=Direction.BACK.value, stock_status=StockStatus.DEFECT.value)
        for line in draft.lines
    )
    return replace(draft, lines=tuple(lines))
