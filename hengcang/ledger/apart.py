"""Goods that are there and not for sale: 待检, 不良, 冻结, by place."""

from dataclasses import dataclass
from decimal import Decimal

from django.db import connection

from hengcang.identity.access import demand
from hengcang.kernel.actor import Actor
from hengcang.ledger.history import places_of


@dataclass(frozen=True, slots=True)
class KeptApart:
    """So much of an item is of a status that cannot be sold; base units."""

    warehouse: str
    status: str
    batch_no: str
    bin_code: str
    quantity: Decimal


def kept_apart(actor: Actor, item_id: int, *, limit: int) -> list[KeptApart]:
    """By warehouse, status, batch and bin, in the actor's warehouses.

    Raises Refused("forbidden") without stock.view.
    """
    demand(actor, "stock.view")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT w.name, b.status, coalesce(c.batch_no, ''), coalesce(p.code, ''), b.quantity "
            "FROM ledger_stockbalance b JOIN places_warehouse w ON w.id = b.warehouse_id "
            "LEFT JOIN catalog_batch c ON c.id = b.batch_id "
            "LEFT JOIN places_binlocation p ON p.id = b.bin_id "
            "WHERE b.item_id = %(item)s AND b.status <> 'good' AND b.quantity <> 0"
            " AND (%(places)s::bigint[] IS NULL OR b.warehouse_id = ANY(%(places)s)) "
            "ORDER BY w.code, b.status, c.expiry_date NULLS LAST, c.batch_no, p.code "
            "LIMIT %(limit)s",
            {"item": item_id, "places": places_of(actor, None), "limit": limit},
        )
        return [KeptApart(*row) for row in cursor.fetchall()]
