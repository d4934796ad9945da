"""Every read of the books. Costs are None for those who may not see them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Max, QuerySet

from hengcang.identity.access import demand
from hengcang.kernel.actor import Actor, FieldClass
from hengcang.kernel.errors import Refused
from hengcang.ledger.entries import InputTax
from hengcang.ledger.models import (
    BookTerms,
    MoneyEntry,
    PartnerBalance,
    Period,
    PostingRecord,
    StockEntry,
    Taxpayer,
    Verification,
)


def terms() -> BookTerms:
    """What was chosen at go-live. Raises Refused("books_not_open") before it."""
    row = BookTerms.objects.filter(id=1).first()
    if row is None:
        raise Refused("books_not_open")
    return row


@dataclass(frozen=True, slots=True)
class TermsToday:
    """What a posting must know of the book, and the business date by the database's clock."""

    go_live: date
    cost_scope: str
    today: date


def terms_today() -> TermsToday:
    """The terms and today in Shanghai, in one statement. Raises Refused("books_not_open")."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT go_live_date, cost_scope, (now() AT TIME ZONE 'Asia/Shanghai')::date "
            "FROM ledger_bookterms WHERE id = 1"
        )
        row = cursor.fetchone()
    if row is None:
        raise Refused("books_not_open")
    return TermsToday(*row)


def input_tax() -> InputTax:
    """How this book treats the tax on what it buys. Raises Refused("books_not_open")."""
    return InputTax.DEDUCTED if terms().taxpayer == Taxpayer.GENERAL else InputTax.COST


def is_live() -> bool:
    """Whether the book has its terms."""
    return BookTerms.objects.exists()


def periods(actor: Actor) -> QuerySet[Period]:
    """All months, newest first."""
    assert actor is not None
    return Period.objects.order_by("-month")


def is_posted(kind: str, source_id: int) -> bool:
    """Whether the books hold this document."""
    return PostingRecord.objects.filter(kind=kind, source_id=source_id).exists()


def first_dated_after(positions: Sequence[int], dated: date) -> date | None:
    """The date of an origin that lies after `dated`, if there is one."""
    if not positions:
        return None
    latest = StockEntry.objects.filter(position__in=positions).aggregate(d=Max("dated"))["d"]
    return latest if latest is not None and latest > dated else None


@dataclass(frozen=True, slots=True)
class StockRow:
    """One item in one warehouse now. Quantities 6 dp in base units; money 2 dp, None if hidden.

    What is in transit is available to nobody. `apart`: 待检, 不良 and 冻结, beside `on_hand`.
    """

    item_id: int
    code: str
    name: str
    spec: str
    uom: str
    category: str
    warehouse_id: int
    warehouse: str
    on_hand: Decimal
    reserved: Decimal
    available: Decimal
    on_order: Decimal
    apart: Decimal
    value: Decimal | None
    unit_cost: Decimal | None


@dataclass(frozen=True, slots=True)
class StockFilter:
    """Which stock to show. `after` is the (item code, warehouse code) of the last row seen."""

    warehouse_id: int | None = None
    item_ids: tuple[int, ...] | None = None
    category_path: str = ""
    words: str = ""
    nonzero: bool = True
    after: tuple[str, str] | None = None
    limit: int = 50


_STOCK_COLUMNS = """
SELECT a.item_id, i.code, i.name, i.spec, u.name, coalesce(g.path, ''), a.warehouse_id, w.name,
 a.on_hand, a.reserved, CASE WHEN w.is_transit THEN 0 ELSE a.on_hand - a.reserved END, a.on_order,
 coalesce(s.quantity, 0) - a.on_hand,
 CASE WHEN c.quantity > 0 THEN round(c.value * s.quantity / c.quantity, 2) ELSE 0 END,
 CASE WHEN c.quantity > 0 THEN round(c.value / c.quantity, 4) END
"""
_STOCK_FROM = """
FROM ledger_availability a
JOIN catalog_item i ON i.id = a.item_id
JOIN catalog_uom u ON u.id = i.base_uom_id
LEFT JOIN catalog_itemcategory g ON g.id = i.category_id
JOIN places_warehouse w ON w.id = a.warehouse_id
LEFT JOIN LATERAL (SELECT sum(quantity) AS quantity FROM ledger_stockbalance
 WHERE item_id = a.item_id AND warehouse_id = a.warehouse_id) s ON true
LEFT JOIN ledger_costbalance c ON c.item_id = a.item_id AND c.batch_id IS NULL AND
 (c.scope_warehouse_id = a.warehouse_id OR c.scope_warehouse_id IS NULL)
"""
# A whole warehouse at once adds up its places once, not row by row: a quarter less for 5,000.
_WHOLE_STOCK_FROM = _STOCK_FROM.replace(
    """LATERAL (SELECT sum(quantity) AS quantity FROM ledger_stockbalance
 WHERE item_id = a.item_id AND warehouse_id = a.warehouse_id) s ON true""",
    """(SELECT item_id, warehouse_id, sum(quantity) AS quantity FROM ledger_stockbalance
 GROUP BY item_id, warehouse_id) s ON s.item_id = a.item_id AND s.warehouse_id = a.warehouse_id""",
)
FEW = 500
_STOCK_TOTALS = (
    """
SELECT count(*), coalesce(sum(on_hand), 0), coalesce(sum(reserved), 0),
 coalesce(sum(on_hand - reserved) FILTER (WHERE NOT is_transit), 0),
 coalesce(sum(on_order), 0), coalesce(sum(value), 0) FROM (
 SELECT a.on_hand, a.reserved, w.is_transit, a.on_order, CASE WHEN c.quantity > 0
  THEN round(c.value * s.quantity / c.quantity, 2) ELSE 0 END AS value
"""
    + _STOCK_FROM
)
# The home page asks for this: 2.5 s of joins with 240,000 rows, and 40 ms without.
_ALL_STOCK = """
SELECT count(*), coalesce(sum(on_hand), 0), coalesce(sum(reserved), 0),
 coalesce(sum(on_hand - reserved), 0) - (SELECT coalesce(sum(t.on_hand - t.reserved), 0)
  FROM ledger_availability t JOIN places_warehouse w ON w.id = t.warehouse_id AND w.is_transit),
 coalesce(sum(on_order), 0), (SELECT coalesce(sum(value), 0) FROM ledger_costbalance)
FROM ledger_availability WHERE on_hand <> 0 OR reserved <> 0 OR on_order <> 0
"""


def on_hand(actor: Actor, wanted: StockFilter) -> list[StockRow]:
    """Stock in the actor's warehouses, by item code then warehouse code, one page.

    The value of a place is its share, by quantity, of its cost key's value; a company-wide
    average belongs to no place, so such shares may differ from their sum by cents.
    Raises Refused("forbidden") without stock.view.
    """
    demand(actor, "stock.view")
    where, values = _stock_where(actor, wanted)
    with connection.cursor() as cursor:
        cursor.execute(
            _STOCK_COLUMNS
            + (_STOCK_FROM if wanted.limit <= FEW else _WHOLE_STOCK_FROM)
            + where
            + " ORDER BY i.code, w.code LIMIT %s",
            [*values, wanted.limit],
        )
        rows = cursor.fetchall()
    if not actor.sees(FieldClass.COST):
        rows = [(*row[:13], None, None) for row in rows]
    return [StockRow(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class StockTotals:
    """Over all rows of a filter, not only the page. `available`: without what is in transit."""

    rows: int
    on_hand: Decimal
    reserved: Decimal
    available: Decimal
    on_order: Decimal
    value: Decimal | None


def on_hand_totals(actor: Actor, wanted: StockFilter) -> StockTotals:
    """Count and sums of the filter; of everything, the value is that of the books to the cent.

    Raises Refused("forbidden") without stock.view.
    """
    demand(actor, "stock.view")
    everything = actor.warehouse_ids is None and wanted == StockFilter(
        after=wanted.after, limit=wanted.limit
    )
    where, values = _stock_where(actor, replace(wanted, after=None))
    with connection.cursor() as cursor:
        cursor.execute(_ALL_STOCK if everything else _STOCK_TOTALS + where + ") t", values)
        row = cursor.fetchone()
    hidden = not actor.sees(FieldClass.COST)
    return StockTotals(row[0], row[1], row[2], row[3], row[4], None if hidden else row[5])


# Of any status: what is 待检 or 冻结 is there, though none of it can be sold.
_SOMETHING = "(a.on_hand <> 0 OR a.reserved <> 0 OR a.on_order <> 0 OR s.quantity <> 0)"


def _stock_where(actor: Actor, wanted: StockFilter) -> tuple[str, list[Any]]:
    """The clauses that are asked for, with their values in order."""
    path, scope = wanted.category_path, actor.warehouse_ids
    clauses: list[tuple[bool, str, list[Any]]] = [
        (scope is not None, "a.warehouse_id = ANY(%s)", [sorted(scope or ())]),
        (wanted.warehouse_id is not None, "a.warehouse_id = %s", [wanted.warehouse_id]),
        (wanted.item_ids is not None, "a.item_id = ANY(%s)", [list(wanted.item_ids or ())]),
        (bool(path), "(g.path = %s OR g.path LIKE %s)", [path, f"{path}/%"]),
        (bool(wanted.words), "i.search_text LIKE %s", [f"%{wanted.words.lower()}%"]),
        (wanted.nonzero, _SOMETHING, []),
        (wanted.after is not None, "(i.code, w.code) > (%s, %s)", list(wanted.after or ())),
    ]
    asked = [(clause, values) for wanted_here, clause, values in clauses if wanted_here]
    where = "WHERE " + " AND ".join(["true", *(clause for clause, _ in asked)])
    return where, [value for _, values in asked for value in values]


@dataclass(frozen=True, slots=True)
class Stocked:
    """What one item has in one warehouse, for the line of a document. Base units, 6 dp."""

    on_hand: Decimal
    reserved: Decimal
    on_order: Decimal

    @property
    def available(self) -> Decimal:
        return self.on_hand - self.reserved


def stocked(actor: Actor, warehouse_id: int, item_ids: Sequence[int]) -> dict[int, Stocked]:
    """Availability of these items in a warehouse of the actor; items never moved are absent."""
    demand(actor, "stock.view", warehouse_id=warehouse_id)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT item_id, on_hand, reserved, on_order FROM ledger_availability "
            "WHERE warehouse_id = %s AND item_id = ANY(%s)",
            [warehouse_id, list(item_ids)],
        )
        return {row[0]: Stocked(*row[1:]) for row in cursor.fetchall()}


def unit_costs(actor: Actor, warehouse_id: int, item_ids: Sequence[int]) -> dict[int, Decimal]:
    """What one base unit of these items costs now in the warehouse, unrounded; items without any
    are absent. Empty for those who may not see costs.
    """
    if not actor.sees(FieldClass.COST):
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT item_id, value / quantity FROM ledger_costbalance "
            "WHERE item_id = ANY(%s) AND batch_id IS NULL AND quantity > 0 "
            "AND (scope_warehouse_id = %s OR scope_warehouse_id IS NULL)",
            [list(item_ids), warehouse_id],
        )
        return dict(cursor.fetchall())


@dataclass(frozen=True, slots=True)
class LineCost:
    """The booked cost of one document line, 2 dp, positive for goods that left."""

    line: int
    cost: Decimal
    variance: Decimal


def line_costs(actor: Actor, kind: str, source_id: int) -> list[LineCost]:
    """Costs of a posted document by line. Empty for those who may not see costs."""
    if not actor.sees(FieldClass.COST):
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.line, -coalesce(e.value_in, c.value), coalesce(c.variance, 0) "
            "FROM ledger_postingrecord r JOIN ledger_stockentry e ON e.posting_id = r.id "
            "LEFT JOIN ledger_entrycost c ON c.entry_id = e.position "
            "WHERE r.kind = %s AND r.source_id = %s AND NOT e.is_move ORDER BY e.line",
            [kind, source_id],
        )
        return [LineCost(*row) for row in cursor.fetchall()]


def costs_of_papers(
    actor: Actor, kind: str, source_ids: Collection[int]
) -> dict[tuple[int, int], Decimal]:
    """Costs of posted documents of one kind by (document, line), positive for goods that left.

    One query. Empty for those who may not see costs.
    """
    if not source_ids or not actor.sees(FieldClass.COST):
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT r.source_id, e.line, -coalesce(e.value_in, c.value) "
            "FROM ledger_postingrecord r JOIN ledger_stockentry e ON e.posting_id = r.id "
            "LEFT JOIN ledger_entrycost c ON c.entry_id = e.position "
            "WHERE r.kind = %s AND r.source_id = ANY(%s) AND NOT e.is_move",
            [kind, sorted(source_ids)],
        )
        return {(source, line): cost for source, line, cost in cursor.fetchall()}


def partner_balances(actor: Actor) -> QuerySet[PartnerBalance]:
    """What partners owe and are owed now. Raises Refused("forbidden") without money.view."""
    demand(actor, "money.view")
    return PartnerBalance.objects.exclude(amount=0).select_related("partner")


def money_of(actor: Actor, partner_id: int) -> QuerySet[MoneyEntry]:
    """A partner's receivable and payable movements, oldest first."""
    demand(actor, "money.view")
    return (
        MoneyEntry.objects.filter(partner_id=partner_id)
        .select_related("posting")
        .order_by("dated", "id")
    )


def last_verification(actor: Actor) -> Verification | None:
    """The newest check of the books, for the light on the home page."""
    assert actor is not None
    return Verification.objects.order_by("-id").first()
