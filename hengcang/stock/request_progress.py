"""要货进度: how far every line of shops' requests is."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import F, Q, QuerySet, Sum

from hengcang.documents.flow import Status
from hengcang.identity.access import demand
from hengcang.kernel.actor import Actor
from hengcang.kernel.rounding import ZERO
from hengcang.stock import asking
from hengcang.stock.models import ShopRequestLine, StockTransferLine

ASKING = (Status.APPROVED, Status.CLOSED, Status.CLOSED_FORCED)


@dataclass(frozen=True, slots=True)
class RequestFilter:
    """Which lines; None means all. `unfinished`: not wholly shipped and not closed by force.

    `after`: (dated, line id) of the last row seen.
    """

    shop_id: int | None = None
    item_id: int | None = None
    request_id: int | None = None
    unfinished: bool = True
    after: tuple[date, int] | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class Progress:
    """One line, base units: requested = allocated + open + closed; of what is allocated so much is
    shipped, of that so much arrived.
    """

    line: ShopRequestLine
    arrived: Decimal

    @property
    def requested(self) -> Decimal:
        return Decimal(self.line.quantity)

    @property
    def allocated(self) -> Decimal:
        return Decimal(self.line.qty_allocated)

    @property
    def shipped(self) -> Decimal:
        return Decimal(self.line.qty_fulfilled)

    @property
    def open(self) -> Decimal:
        """What may still be allocated."""
        return ZERO if self._ended else self.requested - self.allocated

    @property
    def closed(self) -> Decimal:
        """What is not supplied any more, since the request was closed by force."""
        return self.requested - self.allocated if self._ended else ZERO

    @property
    def _ended(self) -> bool:
        return bool(self.line.document.status == Status.CLOSED_FORCED)


def progress(actor: Actor, wanted: RequestFilter) -> list[Progress]:
    """One page of lines, the newest requests first. Two queries. Raises Refused("forbidden")."""
    rows = _rows(actor, wanted)
    if wanted.after is not None:
        dated, line_id = wanted.after
        rows = rows.filter(Q(document__dated__lt=dated) | Q(document__dated=dated, id__lt=line_id))
    named = rows.select_related("document__warehouse", "document__to_warehouse", "item__base_uom")
    lines = list(named.order_by("-document__dated", "-id")[: wanted.limit])
    arrived = _arrived(line.pk for line in lines)
    return [Progress(line, arrived[line.pk]) for line in lines]


def progress_count(actor: Actor, wanted: RequestFilter) -> int:
    """How many lines all pages of a filter have. Raises Refused("forbidden")."""
    return _rows(actor, wanted).count()


def _rows(actor: Actor, wanted: RequestFilter) -> QuerySet[ShopRequestLine]:
    demand(actor, "shop_request.view")
    chosen: dict[str, Any] = {
        "document__warehouse_id": wanted.shop_id,
        "item_id": wanted.item_id,
        "document_id": wanted.request_id,
    }
    rows = asking.request_lines(actor).filter(
        document__status__in=ASKING,
        **{column: value for column, value in chosen.items() if value is not None},
    )
    if wanted.unfinished:
        rows = rows.filter(document__status=Status.APPROVED, qty_fulfilled__lt=F("quantity"))
    return rows.order_by()


def _arrived(line_ids: Iterable[int]) -> dict[int, Decimal]:
    """What of the lines is in the shop: neither on the way nor lost nor sent back."""
    rows = StockTransferLine.objects.filter(
        source_line__in=list(line_ids), document__reversal_of=None
    )
    there = Sum(F("qty_fulfilled") - F("qty_lost") - F("qty_sent_back"))
    found: dict[int, Decimal] = defaultdict(lambda: ZERO)
    found.update(rows.order_by().values_list("source_line").annotate(there=there))
    return found
