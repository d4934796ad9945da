"""What other warehouses have, for those whose work it is to supply them."""

from collections.abc import Sequence

from django.db import connection

from hengcang.identity.access import demand
from hengcang.kernel.actor import Actor
from hengcang.ledger.queries import Stocked


def stocked_at(actor: Actor, places: Sequence[tuple[int, int]]) -> dict[tuple[int, int], Stocked]:
    """Availability of each (item, warehouse), base units; places never used are absent. One query.

    The caller has shown that the actor may know of these places, whatever the actor's scope.
    Raises Refused("forbidden") without stock.view.
    """
    demand(actor, "stock.view")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT a.item_id, a.warehouse_id, a.on_hand, a.reserved, a.on_order"
            " FROM ledger_availability a"
            " JOIN unnest(%s::bigint[], %s::bigint[]) w(item_id, warehouse_id)"
            " USING (item_id, warehouse_id)",
            [[item for item, _ in places], [warehouse for _, warehouse in places]],
        )
        return {(row[0], row[1]): Stocked(*row[2:]) for row in cursor.fetchall()}
