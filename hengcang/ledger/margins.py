"""What the goods of a period cost, for margins."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.db import connection

from hengcang.kernel.actor import Actor, FieldClass


def issued_cost(actor: Actor, kinds: Sequence[str], since: date, until: date) -> Decimal | None:
    """Cost of goods that left on documents of these kinds, less what came back, 2 dp.

    Both days included, in the actor's warehouses. None for those who may not see costs.
    """
    if not actor.sees(FieldClass.COST):
        return None
    places = None if actor.warehouse_ids is None else sorted(actor.warehouse_ids)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(-sum(coalesce(e.value_in, c.value)), 0) FROM ledger_stockentry e "
            "JOIN ledger_postingrecord r ON r.id = e.posting_id "
            "LEFT JOIN ledger_entrycost c ON c.entry_id = e.position "
            "WHERE e.dated BETWEEN %s AND %s AND r.kind = ANY(%s) AND NOT e.is_move "
            "AND (%s::bigint[] IS NULL OR e.warehouse_id = ANY(%s))",
            [since, until, list(kinds), places, places],
        )
        return Decimal(cursor.fetchone()[0])
