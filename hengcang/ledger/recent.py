"""Short reads beside the ledger's own queries: last movements, sums of a period, past checks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import connection
from django.db.models import QuerySet

from hengcang.identity.access import demand
from hengcang.kernel.actor import Actor, FieldClass
from hengcang.ledger.history import LedgerFilter, places_of
from hengcang.ledger.models import CostScope, Verification
from hengcang.ledger.queries import terms


@dataclass(frozen=True, slots=True)
class Move:
    """One movement of an item; quantity signed, base unit."""

    dated: date
    kind: str
    source_id: int
    warehouse: str
    quantity: Decimal


def last_moves(actor: Actor, item_id: int, *, limit: int) -> list[Move]:
    """The newest movements of an item in the actor's warehouses, newest first.

    Raises Refused("forbidden") without stock.view.
    """
    demand(actor, "stock.view")
    places = places_of(actor, None)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.dated, r.kind, r.source_id, w.name, e.quantity FROM ledger_stockentry e "
            "JOIN ledger_stockbalance b ON b.id = e.stock_id "
            "JOIN ledger_postingrecord r ON r.id = e.posting_id "
            "JOIN places_warehouse w ON w.id = e.warehouse_id "
            "WHERE b.item_id = %(item)s"
            " AND (%(places)s::bigint[] IS NULL OR b.warehouse_id = ANY(%(places)s)) "
            "ORDER BY e.dated DESC, e.position DESC LIMIT %(limit)s",
            {"item": item_id, "places": places, "limit": limit},
        )
        return [Move(*row) for row in cursor.fetchall()]


@dataclass(frozen=True, slots=True)
class MovedValues:
    """What came in and went out between two dates, 2 dp, both positive."""

    came: Decimal
    went: Decimal


def moved_values(actor: Actor, wanted: LedgerFilter) -> MovedValues | None:
    """The money of a ledger's period; None for those who may not see costs.

    Raises Refused: forbidden, not_found (a warehouse out of scope).
    """
    demand(actor, "stock.view", warehouse_id=wanted.warehouse_id)
    if not actor.sees(FieldClass.COST):
        return None
    places = places_of(actor, wanted.warehouse_id)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(v) FILTER (WHERE quantity > 0), 0),"
            " coalesce(-sum(v) FILTER (WHERE quantity < 0), 0) FROM ("
            "SELECT e.quantity, coalesce(e.value_in, c.value) AS v FROM ledger_stockentry e "
            "JOIN ledger_stockbalance b ON b.id = e.stock_id "
            "LEFT JOIN ledger_entrycost c ON c.entry_id = e.position "
            "WHERE b.item_id = %(item)s AND NOT e.is_move"
            " AND e.dated BETWEEN %(since)s AND %(until)s"
            " AND (%(places)s::bigint[] IS NULL OR b.warehouse_id = ANY(%(places)s))) t",
            {
                "item": wanted.item_id,
                "since": wanted.since,
                "until": wanted.until,
                "places": places,
            },
        )
        return MovedValues(*cursor.fetchone())


def has_money_of_its_own(actor: Actor, warehouse_id: int | None) -> bool:
    """Whether the value of these warehouses can be summed from their own movements.

    A company-wide average is one sum over all warehouses; a part of it has no balance of its own.
    """
    if actor.sees(FieldClass.COST) and terms().cost_scope == CostScope.WAREHOUSE:
        return True
    whole = warehouse_id is None and actor.warehouse_ids is None
    return whole and actor.sees(FieldClass.COST)


def agrees(actor: Actor, item_id: int, warehouse_id: int | None) -> bool:
    """Whether the movements of an item add up to the stock table, and its costs to the cost table.

    Raises Refused: forbidden, not_found (a warehouse out of scope).
    """
    demand(actor, "stock.view", warehouse_id=warehouse_id)
    places = places_of(actor, warehouse_id)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT NOT EXISTS (SELECT 1 FROM ledger_stockbalance b LEFT JOIN (SELECT stock_id,"
            " sum(quantity) AS quantity FROM ledger_stockentry WHERE stock_id IN (SELECT id"
            " FROM ledger_stockbalance WHERE item_id = %(item)s) GROUP BY 1) e ON e.stock_id = b.id"
            " WHERE b.item_id = %(item)s AND b.quantity <> coalesce(e.quantity, 0)"
            " AND (%(places)s::bigint[] IS NULL OR b.warehouse_id = ANY(%(places)s))) "
            "AND NOT EXISTS (SELECT 1 FROM ledger_costbalance b LEFT JOIN (SELECT e.cost_id,"
            " sum(coalesce(e.value_in, c.value)) AS value FROM ledger_stockentry e"
            " LEFT JOIN ledger_entrycost c ON c.entry_id = e.position WHERE NOT e.is_move"
            " AND e.cost_id IN (SELECT id FROM ledger_costbalance WHERE item_id = %(item)s)"
            " GROUP BY 1) e ON e.cost_id = b.id"
            " WHERE b.item_id = %(item)s AND b.value <> coalesce(e.value, 0))",
            {"item": item_id, "places": places},
        )
        return bool(cursor.fetchone()[0])


def verifications(actor: Actor) -> "QuerySet[Verification]":
    """Past checks of the books, newest first. Raises Refused("forbidden") without books.verify."""
    demand(actor, "books.verify")
    return Verification.objects.order_by("-id")


def on_order_at(actor: Actor, places: Sequence[tuple[int, int]]) -> dict[tuple[int, int], Decimal]:
    """What is on order of each (item, warehouse) within the actor's scope, base units.

    Places never used are absent.
    """
    places = [place for place in places if actor.reaches(place[1])]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT a.item_id, a.warehouse_id, a.on_order FROM ledger_availability a"
            " JOIN unnest(%s::bigint[], %s::bigint[]) w(item_id, warehouse_id)"
            " USING (item_id, warehouse_id)",
            [[item for item, _ in places], [warehouse for _, warehouse in places]],
        )
        return {(row[0], row[1]): row[2] for row in cursor.fetchall()}
