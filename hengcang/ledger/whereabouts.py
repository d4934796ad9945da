"""Stock now by batch, bin and status, and what of it expires."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from hengcang.identity.access import demand
from hengcang.kernel.actor import Actor, FieldClass

NEAR_DAYS = 30
"""From how many days on a batch is near its expiry where its item does not say."""


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Goods of one stock key. Base units, 6 dp.

    `reserved` is what orders hold of the item in the whole warehouse: promises name no batch.
    `days_to_expiry` until the batch expires, negative afterwards; None where no date is known.
    """

    stock_id: int
    item_id: int
    code: str
    name: str
    spec: str
    uom: str
    warehouse_id: int
    warehouse: str
    bin_code: str
    batch_id: int | None
    batch_no: str
    mfg_date: date | None
    expiry_date: date | None
    days_to_expiry: int | None
    is_near: bool
    status: str
    on_hand: Decimal
    reserved: Decimal


@dataclass(frozen=True, slots=True)
class WhereFilter:
    """Which stock keys. `batch_no` and `bin_code` are beginnings; `after` is the `stock_id` of the
    last row seen.
    """

    item_id: int | None = None
    warehouse_id: int | None = None
    status: str = ""
    batch_no: str = ""
    bin_code: str = ""
    words: str = ""
    after: int | None = None
    limit: int = 50


_FROM = """
FROM ledger_stockbalance b
JOIN catalog_item i ON i.id = b.item_id
JOIN catalog_uom u ON u.id = i.base_uom_id
JOIN places_warehouse w ON w.id = b.warehouse_id
LEFT JOIN catalog_batch t ON t.id = b.batch_id
LEFT JOIN places_binlocation p ON p.id = b.bin_id
"""
_NEAR = (
    f"coalesce(t.expiry_date <= %(on)s::date + coalesce(i.near_expiry_days, {NEAR_DAYS}), false)"
)
_ORDER = (
    "i.code, w.code, coalesce(t.expiry_date, 'infinity'), coalesce(t.batch_no, ''),"
    " coalesce(p.code, ''), b.id"
)
_OF_KEY = """
WHERE b.quantity <> 0
 AND (%(places)s::bigint[] IS NULL OR b.warehouse_id = ANY(%(places)s::bigint[]))
 AND (%(item)s::bigint IS NULL OR b.item_id = %(item)s)
 AND (%(warehouse)s::bigint IS NULL OR b.warehouse_id = %(warehouse)s)
 AND (%(status)s = '' OR b.status = %(status)s)
"""
_WHERE = (
    _OF_KEY
    + """
 AND (%(batch)s = '' OR starts_with(t.batch_no, %(batch)s))
 AND (%(bin)s = '' OR starts_with(p.code, %(bin)s))
 AND (%(words)s = '' OR strpos(i.search_text, %(words)s) > 0)
"""
)


def whereabouts(actor: Actor, wanted: WhereFilter, *, on: date) -> list[Whereabouts]:
    """Stock keys that hold goods in the actor's warehouses, one page: by item code, warehouse
    code, expiry, batch number and bin.

    Raises Refused("forbidden") without stock.view.
    """
    demand(actor, "stock.view")
    after = (
        ""
        if wanted.after is None
        else f" AND ({_ORDER}) > (SELECT {_ORDER} {_FROM} WHERE b.id = %(after)s)"
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT k.*, coalesce(a.reserved, 0) FROM (SELECT b.id, b.item_id, i.code, i.name,"
            " i.spec, u.name AS uom, b.warehouse_id, w.name AS warehouse, coalesce(p.code, ''),"
            " b.batch_id, coalesce(t.batch_no, ''), t.mfg_date, t.expiry_date,"
            f" t.expiry_date - %(on)s::date, {_NEAR}, b.status, b.quantity, w.code AS place,"
            f" row_number() OVER (ORDER BY {_ORDER}) AS nth"
            f" {_FROM} {_WHERE} {after} ORDER BY {_ORDER} LIMIT %(limit)s) k"
            " LEFT JOIN ledger_availability a ON a.item_id = k.item_id"
            " AND a.warehouse_id = k.warehouse_id ORDER BY k.nth",
            _values(actor, wanted) | {"on": on, "after": wanted.after, "limit": wanted.limit},
        )
        return [Whereabouts(*(*row[:17], row[19])) for row in cursor.fetchall()]


@dataclass(frozen=True, slots=True)
class WhereTotals:
    """Over all keys of a filter. Base units of unlike items add up as they are."""

    rows: int
    on_hand: Decimal


def whereabouts_totals(actor: Actor, wanted: WhereFilter) -> WhereTotals:
    """Count and sum of the filter, whatever the page. Raises Refused("forbidden")."""
    demand(actor, "stock.view")
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*), coalesce(sum(b.quantity), 0) {_joined(wanted)}",
            _values(actor, wanted),
        )
        return WhereTotals(*cursor.fetchone())


def _joined(wanted: WhereFilter) -> str:
    """The keys of the filter; without names asked for, no names are read."""
    if wanted.words or wanted.batch_no or wanted.bin_code:
        return _FROM + _WHERE
    return "FROM ledger_stockbalance b" + _OF_KEY


def _values(actor: Actor, wanted: WhereFilter) -> dict[str, Any]:
    return {
        "places": None if actor.warehouse_ids is None else sorted(actor.warehouse_ids),
        "item": wanted.item_id,
        "warehouse": wanted.warehouse_id,
        "status": wanted.status,
        "batch": wanted.batch_no.strip(),
        "bin": wanted.bin_code.strip().upper(),
        "words": wanted.words.strip().lower(),
    }


@dataclass(frozen=True, slots=True)
class Expiring:
    """A batch in a warehouse, over its bins and statuses. Base units; `value` 2 dp, None if hidden.

    The value is the share, by quantity, of its cost key's value.
    """

    batch_id: int
    batch_no: str
    item_id: int
    code: str
    name: str
    spec: str
    uom: str
    warehouse_id: int
    warehouse: str
    mfg_date: date | None
    expiry_date: date
    days_to_expiry: int
    quantity: Decimal
    value: Decimal | None


@dataclass(frozen=True, slots=True)
class ExpiryFilter:
    """What expires within `within` days (None: as each item says), expired goods included.

    `expired`: only those, or only what is still good, or None for both. `after` is the (expiry,
    batch id, warehouse id) of the last row seen.
    """

    warehouse_id: int | None = None
    within: int | None = None
    expired: bool | None = None
    words: str = ""
    after: tuple[date, int, int] | None = None
    limit: int = 50


# The second bound is the longest of all items': it is the one an index can answer.
_DUE = """
  WHERE t.expiry_date <= %(on)s::date + coalesce(%(within)s::int, i.near_expiry_days, %(near)s)
   AND t.expiry_date <= %(on)s::date + coalesce(%(within)s::int,
    (SELECT greatest(max(near_expiry_days), %(near)s) FROM catalog_item))
   AND (%(expired)s::boolean IS NULL OR (t.expiry_date < %(on)s) = %(expired)s)
   AND (%(words)s = '' OR strpos(i.search_text, %(words)s) > 0
    OR starts_with(lower(t.batch_no), %(words)s))
"""
_EXPIRING = f"""
FROM (SELECT t.id, t.batch_no, t.item_id, t.mfg_date, t.expiry_date FROM catalog_batch t
  JOIN catalog_item i ON i.id = t.item_id
{_DUE}   AND (%(day)s::date IS NULL OR t.expiry_date >= %(day)s)) t
JOIN LATERAL (SELECT b.warehouse_id, sum(b.quantity) AS quantity FROM ledger_stockbalance b
  WHERE b.batch_id = t.id AND b.quantity > 0
   AND (%(places)s::bigint[] IS NULL OR b.warehouse_id = ANY(%(places)s::bigint[]))
   AND (%(warehouse)s::bigint IS NULL OR b.warehouse_id = %(warehouse)s)
  GROUP BY b.warehouse_id) s ON true
JOIN catalog_item i ON i.id = t.item_id
JOIN catalog_uom u ON u.id = i.base_uom_id
JOIN places_warehouse w ON w.id = s.warehouse_id
LEFT JOIN ledger_costbalance c ON c.item_id = t.item_id AND c.batch_id IS NULL AND
 (c.scope_warehouse_id = s.warehouse_id OR c.scope_warehouse_id IS NULL)
WHERE %(day)s::date IS NULL
 OR (t.expiry_date, t.id, s.warehouse_id) > (%(day)s, %(batch)s, %(place)s)
"""
# The sums read every batch of the filter: put together once, not batch by batch.
_EXPIRING_SUMS = f"""
FROM (SELECT t.item_id, t.expiry_date, b.warehouse_id, sum(b.quantity) AS quantity
  FROM catalog_batch t JOIN catalog_item i ON i.id = t.item_id
  JOIN ledger_stockbalance b ON b.batch_id = t.id AND b.quantity > 0
{_DUE}   AND (%(places)s::bigint[] IS NULL OR b.warehouse_id = ANY(%(places)s::bigint[]))
   AND (%(warehouse)s::bigint IS NULL OR b.warehouse_id = %(warehouse)s)
  GROUP BY t.id, b.warehouse_id) s
LEFT JOIN ledger_costbalance c ON c.item_id = s.item_id AND c.batch_id IS NULL AND
 (c.scope_warehouse_id = s.warehouse_id OR c.scope_warehouse_id IS NULL)
"""
_SHARE = "CASE WHEN c.quantity > 0 THEN round(c.value * s.quantity / c.quantity, 2) ELSE 0 END"


def expiring(actor: Actor, wanted: ExpiryFilter, *, on: date) -> list[Expiring]:
    """Goods near their expiry or past it in the actor's warehouses, the first to expire first.

    Raises Refused("forbidden") without stock.view.
    """
    demand(actor, "stock.view")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT t.id, t.batch_no, i.id, i.code, i.name, i.spec, u.name, w.id, w.name,"
            f" t.mfg_date, t.expiry_date, t.expiry_date - %(on)s::date, s.quantity, {_SHARE}"
            f" {_EXPIRING} ORDER BY t.expiry_date, t.id, s.warehouse_id LIMIT %(limit)s",
            _expiry_values(actor, wanted, on),
        )
        rows = cursor.fetchall()
    sees = actor.sees(FieldClass.COST)
    return [Expiring(*(*row[:13], row[13] if sees else None)) for row in rows]


@dataclass(frozen=True, slots=True)
class ExpiryTotals:
    """Over all rows of a filter, `expired` of them past their day; `value` None if hidden."""

    rows: int
    expired: int
    quantity: Decimal
    value: Decimal | None


def expiring_totals(actor: Actor, wanted: ExpiryFilter, *, on: date) -> ExpiryTotals:
    """Counts and sums of the filter, whatever the page. Raises Refused("forbidden")."""
    demand(actor, "stock.view")
    values = _expiry_values(actor, wanted, on)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), count(*) FILTER (WHERE s.expiry_date < %(on)s::date),"
            f" coalesce(sum(s.quantity), 0), coalesce(sum({_SHARE}), 0) {_EXPIRING_SUMS}",
            values,
        )
        row = cursor.fetchone()
    return ExpiryTotals(*(*row[:3], row[3] if actor.sees(FieldClass.COST) else None))


def _expiry_values(actor: Actor, wanted: ExpiryFilter, on: date) -> dict[str, Any]:
    day, batch, place = wanted.after or (None, None, None)
    return {
        "on": on,
        "near": NEAR_DAYS,
        "within": wanted.within,
        "expired": wanted.expired,
        "places": None if actor.warehouse_ids is None else sorted(actor.warehouse_ids),
        "warehouse": wanted.warehouse_id,
        "words": wanted.words.strip().lower(),
        "day": day,
        "batch": batch,
        "place": place,
        "limit": wanted.limit,
    }
