"""Batches: what is known of them, what is left, and the documents they moved on."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import connection

from hengcang.catalog.models import Batch
from hengcang.identity.access import demand
from hengcang.kernel.actor import Actor
from hengcang.kernel.errors import Refused
from hengcang.ledger.history import places_of
from hengcang.ledger.models import StockEntry


@dataclass(frozen=True, slots=True)
class BatchRow:
    """A batch with what is left of it in the actor's warehouses, base units."""

    id: int
    batch_no: str
    item_id: int
    code: str
    name: str
    spec: str
    uom: str
    mfg_date: date | None
    expiry_date: date | None
    on_hand: Decimal


@dataclass(frozen=True, slots=True)
class BatchFilter:
    """Which batches: of an item, whose number or item begins or is found so. `after`: the id of
    the last row seen.
    """

    item_id: int | None = None
    words: str = ""
    after: int | None = None
    limit: int = 50


_ROWS = """
SELECT t.id, t.batch_no, i.id, i.code, i.name, i.spec, u.name, t.mfg_date, t.expiry_date,
 (SELECT coalesce(sum(b.quantity), 0) FROM ledger_stockbalance b WHERE b.batch_id = t.id
  AND (%(places)s::bigint[] IS NULL OR b.warehouse_id = ANY(%(places)s::bigint[])))
FROM catalog_batch t JOIN catalog_item i ON i.id = t.item_id
JOIN catalog_uom u ON u.id = i.base_uom_id
WHERE (%(item)s::bigint IS NULL OR t.item_id = %(item)s)
 AND (%(words)s = '' OR starts_with(upper(t.batch_no), upper(%(words)s))
  OR strpos(i.search_text, lower(%(words)s)) > 0 OR starts_with(i.code, upper(%(words)s)))
 AND (%(after)s::bigint IS NULL OR t.id < %(after)s)
ORDER BY t.id DESC LIMIT %(limit)s
"""


def batches(actor: Actor, wanted: BatchFilter) -> list[BatchRow]:
    """Batches of every item, the newest first, one page.

    Raises Refused("forbidden") without stock.view.
    """
    demand(actor, "stock.view")
    with connection.cursor() as cursor:
        cursor.execute(
            _ROWS,
            {
                "places": places_of(actor, None),
                "item": wanted.item_id,
                "words": wanted.words.strip(),
                "after": wanted.after,
                "limit": wanted.limit,
            },
        )
        return [BatchRow(*row) for row in cursor.fetchall()]


def batch(actor: Actor, batch_id: int) -> Batch:
    """One batch with its item and base unit. Raises Refused: forbidden, not_found."""
    demand(actor, "stock.view")
    found = Batch.objects.select_related("item__base_uom").filter(id=batch_id).first()
    if found is None:
        raise Refused("not_found", what="批次")
    return found


def is_used(actor: Actor, batch_id: int) -> bool:
    """Whether goods of the batch were ever booked: then its number stays."""
    assert actor is not None
    return StockEntry.objects.filter(stock__batch_id=batch_id).exists()


@dataclass(frozen=True, slots=True)
class BatchMove:
    """Goods of a batch came or went on one document, in one place. Base units, signed."""

    dated: date
    kind: str
    source_id: int
    warehouse: str
    bin_code: str
    status: str
    quantity: Decimal


def moves_of(actor: Actor, batch_id: int, *, limit: int) -> list[BatchMove]:
    """The newest movements of a batch in the actor's warehouses, the newest first.

    Raises Refused("forbidden") without stock.view.
    """
    demand(actor, "stock.view")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.dated, r.kind, r.source_id, w.name, coalesce(p.code, ''), b.status,"
            " e.quantity FROM ledger_stockbalance b"
            " JOIN ledger_stockentry e ON e.stock_id = b.id"
            " JOIN ledger_postingrecord r ON r.id = e.posting_id"
            " JOIN places_warehouse w ON w.id = b.warehouse_id"
            " LEFT JOIN places_binlocation p ON p.id = b.bin_id"
            " WHERE b.batch_id = %(batch)s"
            " AND (%(places)s::bigint[] IS NULL OR b.warehouse_id = ANY(%(places)s::bigint[]))"
            " ORDER BY e.dated DESC, e.position DESC LIMIT %(limit)s",
            {"batch": batch_id, "places": places_of(actor, None), "limit": limit},
        )
        return [BatchMove(*row) for row in cursor.fetchall()]
