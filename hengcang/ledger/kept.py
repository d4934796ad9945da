"""旬结存: balances kept at the 10th, the 20th and the end of every month, closed or open.

Any past day is then at most five days from one, in either direction, however long the ledger is.
They are kept two days later, when few still post before; whoever does makes the day invalid, and
the next night counts it anew. A posting of today pays nothing for them.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from django.db import connection

from hengcang.documents.attempts import action
from hengcang.kernel.calendar import months_between, next_month
from hengcang.ledger import queries
from hengcang.ledger.kept_models import KeptDay
from hengcang.ledger.models import Period

SETTLED_DAYS = 2  # a transaction that began while the day was still today has ended by then


def keep_days(*, most: int = 400) -> int:
    """Every day that is to be kept is kept and valid, the oldest first; how many were counted.

    Each in a transaction of its own; not more than `most` of them.
    """
    for count in range(most):
        if not _keep_next():
            return count
    return most


def forget_from(dated: date, today: date) -> None:
    """Days kept from `dated` on no longer hold: entries or costs before their end have changed.

    Under the shared lock of the periods, taken before: no such day is being counted meanwhile.
    """
    if (today - dated).days < SETTLED_DAYS:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE ledger_keptday SET is_valid = false WHERE day IN (SELECT day"
            " FROM ledger_keptday WHERE day >= %s AND is_valid ORDER BY day FOR UPDATE)",
            [dated],
        )


@action
def _keep_next() -> bool:
    terms = queries.terms_today()
    until = terms.today - timedelta(days=SETTLED_DAYS)
    valid = set(KeptDay.objects.filter(is_valid=True).values_list("day", flat=True))
    day = next((d for d in _wanted(terms.go_live, until) if d not in valid), None)
    if day is None:
        return False
    # Postings under way up to this day hold its month in share: wait, and they wait for us.
    list(Period.objects.select_for_update().filter(month=day.replace(day=1)))
    _keep(day)
    return True


def _wanted(first: date, until: date) -> Iterator[date]:
    for month in months_between(first, until):
        tenths = [month.replace(day=10), month.replace(day=20)]
        for day in (*tenths, next_month(month) - timedelta(days=1)):
            if first <= day <= until:
                yield day


_STOCK = """
INSERT INTO ledger_stockofday (kept_id, stock_id, quantity)
SELECT %(day)s, b.id, coalesce(o.quantity, 0) + coalesce(m.quantity, 0)
FROM ledger_stockbalance b
LEFT JOIN ledger_stockofday o ON o.kept_id = %(before)s AND o.stock_id = b.id
LEFT JOIN (SELECT stock_id, sum(quantity) AS quantity FROM ledger_stockentry
 WHERE dated > %(before)s AND dated <= %(day)s GROUP BY stock_id) m ON m.stock_id = b.id
WHERE coalesce(o.quantity, 0) + coalesce(m.quantity, 0) <> 0
"""
_COSTS = """
INSERT INTO ledger_costofday (kept_id, cost_id, quantity, value)
SELECT %(day)s, b.id, coalesce(o.quantity, 0) + coalesce(m.quantity, 0),
 coalesce(o.value, 0) + coalesce(m.value, 0)
FROM ledger_costbalance b
LEFT JOIN ledger_costofday o ON o.kept_id = %(before)s AND o.cost_id = b.id
LEFT JOIN (SELECT e.cost_id, sum(e.quantity) AS quantity,
  sum(coalesce(e.value_in, c.value)) AS value
 FROM ledger_stockentry e LEFT JOIN ledger_entrycost c ON c.entry_id = e.position
 WHERE e.dated > %(before)s AND e.dated <= %(day)s AND NOT e.is_move GROUP BY e.cost_id) m
 ON m.cost_id = b.id
WHERE coalesce(o.quantity, 0) + coalesce(m.quantity, 0) <> 0
 OR coalesce(o.value, 0) + coalesce(m.value, 0) <> 0
"""


def _keep(day: date) -> None:
    """From the day kept before, and the entries since; read anew under the lock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(day) FROM ledger_keptday WHERE is_valid AND day < %s", [day])
        values = {"day": day, "before": cursor.fetchone()[0] or date.min}
        for table in ("ledger_stockofday", "ledger_costofday"):
            cursor.execute(f"DELETE FROM {table} WHERE kept_id = %s", [day])
        cursor.execute(
            "INSERT INTO ledger_keptday (day, is_valid) VALUES (%s, true)"
            " ON CONFLICT (day) DO UPDATE SET is_valid = true",
            [day],
        )
        cursor.execute(_STOCK, values)
        cursor.execute(_COSTS, values)
