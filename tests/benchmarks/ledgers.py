"""Large ledgers for benchmarks, written by SQL as the owner; consistent to the cent.

Every receipt is 2 units for 20.00 and every issue 1 unit for 10.00, so the average never moves.
"""

from datetime import date
from typing import Any

from django.db import connections

from tests.worlds import World

FIRST_DAY = date(2024, 1, 1)  # ten million rows are years of a company's life, not a season's
DAYS = 1_058

_KEYS = """
INSERT INTO ledger_stockbalance (item_id, warehouse_id, status, quantity, allow_negative)
 SELECT id, %(wh)s, 'good', 0, false FROM catalog_item ON CONFLICT DO NOTHING;
INSERT INTO ledger_costbalance (item_id, quantity, value)
 SELECT id, 0, 0 FROM catalog_item ON CONFLICT DO NOTHING;
INSERT INTO ledger_availability (item_id, warehouse_id, on_hand, reserved, on_order, allow_negative)
 SELECT id, %(wh)s, 0, 0, 0, false FROM catalog_item ON CONFLICT DO NOTHING;
"""
_RECORDS = """
INSERT INTO ledger_postingrecord
  (kind, source_id, dated, actor_id, recosted_entries, recosted_value)
 SELECT 'bench', %(base)s + p, %(day)s::date + (p * %(days)s / %(postings)s)::int, 0, 0, 0
 FROM generate_series(0, %(postings)s - 1) p
"""
# Row r of the whole: items in turn; the first two of every three passes over them are receipts.
_ENTRIES = """
INSERT INTO ledger_stockentry (posting_id, line, stock_id, cost_id, item_id, warehouse_id, dated,
  quantity, value_in, is_move)
 SELECT r.id, e.n + 1, s.id, c.id, s.item_id, %(wh)s, r.dated,
  CASE WHEN turn.receipt THEN 2 ELSE -1 END, CASE WHEN turn.receipt THEN 20 END, false
 FROM ledger_postingrecord r
 CROSS JOIN generate_series(0, %(each)s - 1) AS e(n)
 CROSS JOIN LATERAL (SELECT (r.source_id - %(base)s) * %(each)s + e.n AS row) w
 CROSS JOIN LATERAL (SELECT (w.row / %(items)s) %% 3 < 2 AS receipt) turn
 JOIN ledger_stockbalance s
  ON s.item_id = %(first)s + w.row %% %(items)s AND s.warehouse_id = %(wh)s
 JOIN ledger_costbalance c ON c.item_id = s.item_id
 WHERE r.kind = 'bench' AND r.source_id >= %(base)s ORDER BY r.source_id, e.n
"""
_DERIVED = """
INSERT INTO ledger_entrycost (entry_id, value, variance)
 SELECT e.position, -10, 0 FROM ledger_stockentry e
 LEFT JOIN ledger_entrycost c ON c.entry_id = e.position
 WHERE e.quantity < 0 AND c.entry_id IS NULL;
UPDATE ledger_stockbalance b SET quantity = s.q FROM (SELECT stock_id, sum(quantity) AS q
 FROM ledger_stockentry GROUP BY 1) s WHERE s.stock_id = b.id;
UPDATE ledger_costbalance b SET quantity = s.q, value = s.q * 10, last_dated = s.last
 FROM (SELECT cost_id, sum(quantity) AS q, max(dated) AS last FROM ledger_stockentry GROUP BY 1) s
 WHERE s.cost_id = b.id;
UPDATE ledger_availability a SET on_hand = b.quantity FROM ledger_stockbalance b
 WHERE b.item_id = a.item_id AND b.warehouse_id = a.warehouse_id;
"""


def fill(made: World, rows: int, *, base: int = 0) -> None:
    """`rows` more entries over all items of the book, in date order from its first day on."""
    each = 100
    values: dict[str, Any] = {
        "wh": made.warehouses[0].pk,
        "items": len(made.items),
        "first": made.items[0].pk,
        "base": base,
        "each": each,
        "postings": rows // each,
        "day": FIRST_DAY,
        "days": DAYS,
    }
    with connections["owner"].cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        for part in (_KEYS, _RECORDS, _ENTRIES, _DERIVED):
            cursor.execute(part, values)
    analysed(
        "stockentry", "entrycost", "postingrecord", "stockbalance", "costbalance", "availability"
    )


def analysed(*tables: str) -> None:
    """These tables of the ledger have the statistics that they would have by morning."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        for table in tables:
            cursor.execute(f"VACUUM ANALYZE ledger_{table}")
        cursor.execute("VACUUM ANALYZE catalog_item")
