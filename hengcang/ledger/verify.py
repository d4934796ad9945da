"""永不对不上: the invariants of the books, each one SQL statement, and the replay of every cost.

Nothing here writes but the note of the run. A difference names the check, the key, what the books
say and what they should say.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection

from hengcang.compliance import queries as compliance
from hengcang.ledger.models import Verification
from hengcang.ledger.replay import BOOKED, Booked, as_move
from hengcang.ledger.serial_checks import SERIAL_CHECKS
from hengcang.ledger.valuation.moving_average import Books, Cost, Held, replay


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that does not agree."""

    check: str
    key: str
    found: str
    expected: str

    def __str__(self) -> str:
        return f"{self.check}: {self.key}: 账上 {self.found}, 应为 {self.expected}"


@dataclass(frozen=True, slots=True)
class Check:
    """One invariant. The statement returns (key, found, expected) for every violation."""

    name: str
    sql: str


_KEPT = """WITH d AS (SELECT day, coalesce(lag(day) OVER (ORDER BY day), '-infinity') AS before
 FROM ledger_keptday WHERE is_valid)"""
CHECKS = (
    Check(
        "库存余额 = 流水合计",
        """SELECT i.code || ' @ ' || w.code, b.quantity, coalesce(s.quantity, 0)
        FROM ledger_stockbalance b JOIN catalog_item i ON i.id = b.item_id
        JOIN places_warehouse w ON w.id = b.warehouse_id
        LEFT JOIN (SELECT stock_id, sum(quantity) AS quantity FROM ledger_stockentry
         GROUP BY stock_id) s ON s.stock_id = b.id
        WHERE b.quantity <> coalesce(s.quantity, 0) ORDER BY 1""",
    ),
    Check(
        "成本余额数量 = 流水合计",
        """SELECT i.code, b.quantity, coalesce(s.quantity, 0)
        FROM ledger_costbalance b JOIN catalog_item i ON i.id = b.item_id
        LEFT JOIN (SELECT cost_id, sum(quantity) AS quantity FROM ledger_stockentry
         GROUP BY cost_id) s ON s.cost_id = b.id
        WHERE b.quantity <> coalesce(s.quantity, 0) ORDER BY 1""",
    ),
    Check(
        "成本余额金额 = 流水金额合计",
        """SELECT i.code, b.value, coalesce(s.value, 0)
        FROM ledger_costbalance b JOIN catalog_item i ON i.id = b.item_id
        LEFT JOIN (SELECT e.cost_id, sum(coalesce(e.value_in, c.value)) AS value
         FROM ledger_stockentry e LEFT JOIN ledger_entrycost c ON c.entry_id = e.position
         WHERE NOT e.is_move GROUP BY e.cost_id) s ON s.cost_id = b.id
        WHERE b.value <> coalesce(s.value, 0) ORDER BY 1""",
    ),
    Check(
        "最后流水日期不早于流水",  # else a back-dated posting would be taken for one in order
        """SELECT i.code, coalesce(b.last_dated::text, 'none'), s.newest FROM ledger_costbalance b
        JOIN catalog_item i ON i.id = b.item_id
        JOIN (SELECT cost_id, max(dated) AS newest FROM ledger_stockentry GROUP BY 1) s
         ON s.cost_id = b.id
        WHERE b.last_dated IS NULL OR b.last_dated < s.newest""",
    ),
    Check(
        "每笔应计成本的流水都有成本",
        """SELECT '#' || e.position, 'none', 'cost' FROM ledger_stockentry e
        LEFT JOIN ledger_entrycost c ON c.entry_id = e.position
        WHERE NOT e.is_move AND (e.value_in IS NULL) <> (c.entry_id IS NOT NULL)""",
    ),
    Check(
        "组装拆卸：进的成本 = 出的成本 + 加的费用",
        """SELECT r.kind || ' ' || r.source_id,
         sum(c.value) FILTER (WHERE e.quantity > 0),
         coalesce(-sum(c.value) FILTER (WHERE e.quantity < 0), 0)
          + coalesce(sum(e.value_added), 0)
        FROM ledger_stockentry e JOIN ledger_postingrecord r ON r.id = e.posting_id
        LEFT JOIN ledger_entrycost c ON c.entry_id = e.position
        WHERE e.share IS NOT NULL GROUP BY r.id
        HAVING sum(c.value) FILTER (WHERE e.quantity > 0) IS DISTINCT FROM
         coalesce(-sum(c.value) FILTER (WHERE e.quantity < 0), 0)
          + coalesce(sum(e.value_added), 0)""",
    ),
    Check(
        "任何时点结存不为负",
        """SELECT i.code || ' @ ' || w.code || ' ' || t.dated, t.running, 0
        FROM (SELECT stock_id, dated, position,
          sum(quantity) OVER (PARTITION BY stock_id ORDER BY dated, position) AS running
          FROM ledger_stockentry) t
        JOIN ledger_stockbalance b ON b.id = t.stock_id JOIN catalog_item i ON i.id = b.item_id
        JOIN places_warehouse w ON w.id = b.warehouse_id
        WHERE t.running < 0 AND NOT b.allow_negative AND NOT w.knew_negatives""",
    ),
    Check(
        "现存量 = 良品余额合计",
        """SELECT i.code || ' @ ' || w.code, coalesce(a.on_hand, 0), coalesce(s.quantity, 0)
        FROM ledger_availability a
        FULL JOIN (SELECT item_id, warehouse_id, sum(quantity) AS quantity
         FROM ledger_stockbalance WHERE status = 'good' GROUP BY 1, 2) s
         ON s.item_id = a.item_id AND s.warehouse_id = a.warehouse_id
        JOIN catalog_item i ON i.id = coalesce(a.item_id, s.item_id)
        JOIN places_warehouse w ON w.id = coalesce(a.warehouse_id, s.warehouse_id)
        WHERE coalesce(a.on_hand, 0) <> coalesce(s.quantity, 0) ORDER BY 1""",
    ),
    Check(
        "占用与在途 = 承诺流水合计",
        """SELECT i.code || ' @ ' || w.code,
         coalesce(a.reserved, 0) || ' / ' || coalesce(a.on_order, 0),
         coalesce(s.reserved, 0) || ' / ' || coalesce(s.on_order, 0)
        FROM ledger_availability a
        FULL JOIN (SELECT item_id, warehouse_id,
          sum(quantity) FILTER (WHERE promise = 'reserved') AS reserved,
          sum(quantity) FILTER (WHERE promise = 'on_order') AS on_order
         FROM ledger_promiseentry GROUP BY 1, 2) s
         ON s.item_id = a.item_id AND s.warehouse_id = a.warehouse_id
        JOIN catalog_item i ON i.id = coalesce(a.item_id, s.item_id)
        JOIN places_warehouse w ON w.id = coalesce(a.warehouse_id, s.warehouse_id)
        WHERE coalesce(a.reserved, 0) <> coalesce(s.reserved, 0)
         OR coalesce(a.on_order, 0) <> coalesce(s.on_order, 0)""",
    ),
    Check(
        "往来余额 = 往来流水合计",
        """SELECT p.code || ' ' || coalesce(b.account, s.account), coalesce(b.amount, 0),
         coalesce(s.amount, 0) FROM ledger_partnerbalance b
        FULL JOIN (SELECT partner_id, account, sum(amount) AS amount FROM ledger_moneyentry
         GROUP BY 1, 2) s ON s.partner_id = b.partner_id AND s.account = b.account
        JOIN partners_partner p ON p.id = coalesce(b.partner_id, s.partner_id)
        WHERE coalesce(b.amount, 0) <> coalesce(s.amount, 0)""",
    ),
    Check(
        "结账后的期间没有新流水",
        """SELECT to_char(p.month, 'YYYY-MM') || ' ' || r.kind || ' ' || r.source_id,
        r.posted_at::text,
         p.closed_at::text FROM ledger_postingrecord r
        JOIN ledger_period p ON p.month = date_trunc('month', r.dated)::date
        WHERE p.closed_at IS NOT NULL AND r.posted_at > p.closed_at""",
    ),
    Check(
        "期初 + 入 − 出 = 期末（数量）",
        """SELECT to_char(p.month, 'YYYY-MM') || ' ' || i.code || ' @ ' || w.code,
         coalesce(k.quantity, 0), coalesce(o.quantity, 0) + coalesce(m.quantity, 0)
        FROM ledger_period p CROSS JOIN ledger_stockbalance b
        JOIN catalog_item i ON i.id = b.item_id JOIN places_warehouse w ON w.id = b.warehouse_id
        LEFT JOIN ledger_balanceatclose k ON k.period_id = p.month AND k.stock_id = b.id
        LEFT JOIN ledger_balanceatclose o
         ON o.period_id = (p.month - interval '1 month')::date AND o.stock_id = b.id
        LEFT JOIN (SELECT stock_id, date_trunc('month', dated)::date AS month,
          sum(quantity) AS quantity FROM ledger_stockentry GROUP BY 1, 2) m
         ON m.stock_id = b.id AND m.month = p.month
        WHERE p.closed_at IS NOT NULL
         AND coalesce(k.quantity, 0) <> coalesce(o.quantity, 0) + coalesce(m.quantity, 0)""",
    ),
    Check(
        "期初 + 入 − 出 = 期末（成本）",
        """SELECT to_char(p.month, 'YYYY-MM') || ' ' || i.code,
         coalesce(k.quantity, 0) || ' / ' || coalesce(k.value, 0),
         coalesce(o.quantity, 0) + coalesce(m.quantity, 0) || ' / '
          || coalesce(o.value, 0) + coalesce(m.value, 0)
        FROM ledger_period p CROSS JOIN ledger_costbalance b JOIN catalog_item i ON i.id = b.item_id
        LEFT JOIN ledger_costatclose k ON k.period_id = p.month AND k.cost_id = b.id
        LEFT JOIN ledger_costatclose o
         ON o.period_id = (p.month - interval '1 month')::date AND o.cost_id = b.id
        LEFT JOIN (SELECT e.cost_id, date_trunc('month', e.dated)::date AS month,
          sum(e.quantity) AS quantity, sum(coalesce(e.value_in, c.value)) AS value
         FROM ledger_stockentry e LEFT JOIN ledger_entrycost c ON c.entry_id = e.position
         WHERE NOT e.is_move GROUP BY 1, 2) m ON m.cost_id = b.id AND m.month = p.month
        WHERE p.closed_at IS NOT NULL
         AND (coalesce(k.quantity, 0) <> coalesce(o.quantity, 0) + coalesce(m.quantity, 0)
          OR coalesce(k.value, 0) <> coalesce(o.value, 0) + coalesce(m.value, 0))""",
    ),
    Check(
        "旬结存 = 上一旬结存 + 其间流水（数量）",
        f"""{_KEPT} SELECT d.day || ' ' || i.code || ' @ ' || w.code, coalesce(k.quantity, 0),
         coalesce(o.quantity, 0) + coalesce(m.quantity, 0)
        FROM d CROSS JOIN ledger_stockbalance b
        JOIN catalog_item i ON i.id = b.item_id JOIN places_warehouse w ON w.id = b.warehouse_id
        LEFT JOIN ledger_stockofday k ON k.kept_id = d.day AND k.stock_id = b.id
        LEFT JOIN ledger_stockofday o ON o.kept_id = d.before AND o.stock_id = b.id
        LEFT JOIN (SELECT d.day, e.stock_id, sum(e.quantity) AS quantity FROM d
         JOIN ledger_stockentry e ON e.dated > d.before AND e.dated <= d.day GROUP BY 1, 2) m
         ON m.day = d.day AND m.stock_id = b.id
        WHERE coalesce(k.quantity, 0) <> coalesce(o.quantity, 0) + coalesce(m.quantity, 0)""",
    ),
    Check(
        "旬结存 = 上一旬结存 + 其间流水（成本）",
        f"""{_KEPT} SELECT d.day || ' ' || i.code,
         coalesce(k.quantity, 0) || ' / ' || coalesce(k.value, 0),
         coalesce(o.quantity, 0) + coalesce(m.quantity, 0) || ' / '
          || coalesce(o.value, 0) + coalesce(m.value, 0)
        FROM d CROSS JOIN ledger_costbalance b JOIN catalog_item i ON i.id = b.item_id
        LEFT JOIN ledger_costofday k ON k.kept_id = d.day AND k.cost_id = b.id
        LEFT JOIN ledger_costofday o ON o.kept_id = d.before AND o.cost_id = b.id
        LEFT JOIN (SELECT d.day, e.cost_id, sum(e.quantity) AS quantity,
          sum(coalesce(e.value_in, c.value)) AS value FROM d
         JOIN ledger_stockentry e ON e.dated > d.before AND e.dated <= d.day AND NOT e.is_move
         LEFT JOIN ledger_entrycost c ON c.entry_id = e.position GROUP BY 1, 2) m
         ON m.day = d.day AND m.cost_id = b.id
        WHERE coalesce(k.quantity, 0) <> coalesce(o.quantity, 0) + coalesce(m.quantity, 0)
         OR coalesce(k.value, 0) <> coalesce(o.value, 0) + coalesce(m.value, 0)""",
    ),
)


def ledger_differences() -> Iterator[Difference]:
    """Every violation of the ledger's own invariants. Empty when the books agree."""
    for check in (*CHECKS, *(Check(*named) for named in SERIAL_CHECKS)):
        yield from differences_of(check)
    yield from _replayed_differences()
    for line_id in compliance.altered_lines():
        yield Difference("审计日志未被改动", f"#{line_id}", "改动过", "原样")


def note_run(found: list[Difference], seconds: Decimal) -> None:
    """The light on the home page shows this run: how many differences, the first hundred, how
    long.
    """
    Verification.objects.create(
        differences=len(found), detail=[str(d) for d in found[:100]], seconds=seconds
    )


def differences_of(check: Check) -> Iterator[Difference]:
    """The violations one statement finds."""
    with connection.cursor() as cursor:
        cursor.execute(check.sql)
        for key, found, expected in cursor.fetchall():
            yield Difference(check.name, str(key), str(found), str(expected))


def _replayed_differences() -> Iterator[Difference]:
    """The whole ledger valued again from nothing must give every stored cost, to the cent."""
    with connection.cursor() as cursor:
        cursor.execute(BOOKED + "WHERE NOT e.is_move ORDER BY e.dated, e.position")
        entries = [Booked(*row) for row in cursor.fetchall()]
    held: dict[int, Held] = defaultdict(Held)
    books = Books(held)
    moves = [as_move(b) for b in entries]
    broken = _guarded(lambda: replay(books, moves))
    if broken is not None:
        yield Difference("全部成本可由流水重算", "重算", broken, "完成")
        return
    for b in entries:
        cost = books.costs.get(b.position)
        booked = b.value is not None  # a missing cost has been named above
        if booked and cost is not None and cost != Cost(b.value, b.variance):
            yield Difference(
                "成本 = 按流水重算",
                f"流水 #{b.position}",
                f"{b.value / 100:.2f}",
                f"{cost.value / 100:.2f}",
            )


def _guarded(work: Callable[[], Any]) -> str | None:
    """None, or why the replay could not go on: a ledger that broken is itself the difference."""
    try:
        work()
    except Exception as problem:  # noqa: BLE001 - reported, not hidden
        return f"{type(problem).__name__}: {problem}"
    return None
