"""追溯: from whom the goods of a batch came and who has them now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import connection

from hengcang.identity.access import demand
from hengcang.kernel.actor import Actor
from hengcang.ledger.history import places_of


@dataclass(frozen=True, slots=True)
class Traced:
    """A partner's goods of one batch. Base units: delivered or received, and what came back.

    `documents`: how many; `first` and `last` their days.
    """

    partner_id: int
    code: str
    name: str
    moved: Decimal
    returned: Decimal
    documents: int
    first: date
    last: date

    @property
    def still(self) -> Decimal:
        """What the partner has of it, or what we have from the partner."""
        return self.moved - self.returned


# What moved is found first, by batch: then a document is one step by its key, however many
# there are.
# An exchange counts on both sides, line by line: as another paper of each.
_TRACED = """
WITH moves AS MATERIALIZED (
 SELECT r.kind, r.source_id, e.dated, x.direction, sum(e.quantity) AS quantity
 FROM ledger_stockbalance b
 JOIN ledger_stockentry e ON e.stock_id = b.id
 JOIN ledger_postingrecord r ON r.id = e.posting_id
 LEFT JOIN sales_salesexchangeline x ON r.kind = 'sales_exchange'
  AND x.document_id = r.source_id AND x.position = e.line
 WHERE b.batch_id = %(batch)s AND r.kind IN (%(out)s, %(back)s, %(both)s)
  AND (%(places)s::bigint[] IS NULL OR b.warehouse_id = ANY(%(places)s::bigint[]))
 GROUP BY 1, 2, 3, 4)
SELECT p.id, p.code, p.name,
 coalesce(%(sign)s * sum(m.quantity) FILTER (WHERE m.kind = %(out)s OR m.direction = 'out'), 0),
 coalesce(-%(sign)s * sum(m.quantity)
  FILTER (WHERE m.kind = %(back)s OR m.direction = 'back'), 0),
 count(*), min(m.dated), max(m.dated)
FROM moves m LEFT JOIN {out} d ON m.kind = %(out)s AND d.id = m.source_id
LEFT JOIN {back} r ON m.kind = %(back)s AND r.id = m.source_id
LEFT JOIN sales_salesexchange x ON m.kind = 'sales_exchange' AND x.id = m.source_id
JOIN partners_partner p ON p.id = coalesce(d.partner_id, r.partner_id, x.partner_id)
WHERE NOT %(own)s OR p.salesperson_id = %(actor)s OR p.salesperson_id IS NULL
GROUP BY p.id ORDER BY max(m.dated) DESC, p.code
"""


def customers_of(actor: Actor, batch_id: int) -> list[Traced]:
    """Who was delivered goods of the batch (召回名单), the latest first; one query.

    Raises Refused("forbidden") without stock.view; empty without sales_delivery.view.
    """
    return _traced(actor, batch_id, ("sales_delivery", "sales_return"), -1)


def suppliers_of(actor: Actor, batch_id: int) -> list[Traced]:
    """From whom the goods of the batch were received, the latest first; one query.

    Raises Refused("forbidden") without stock.view; empty without purchase_receipt.view.
    """
    return _traced(actor, batch_id, ("purchase_receipt", "purchase_return"), 1)


TABLES = {
    "sales_delivery": ("sales_salesdelivery", "sales_salesreturn"),
    "purchase_receipt": ("purchasing_purchasereceipt", "purchasing_purchasereturn"),
}


def _traced(actor: Actor, batch_id: int, kinds: Sequence[str], sign: int) -> list[Traced]:
    demand(actor, "stock.view")
    out, back = kinds
    if not actor.may(f"{out}.view"):
        return []
    tables = TABLES[out]
    with connection.cursor() as cursor:
        cursor.execute(
            _TRACED.replace("{out}", tables[0]).replace("{back}", tables[1]),
            {
                "batch": batch_id,
                "out": out,
                "back": back,
                "both": "sales_exchange" if out == "sales_delivery" else "",
                "sign": sign,
                "places": places_of(actor, None),
                "own": actor.own_partners_only,
                "actor": actor.id,
            },
        )
        return [Traced(*row) for row in cursor.fetchall()]
