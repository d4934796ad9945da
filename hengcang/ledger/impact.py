"""改前先看影响: what an act would change of costs already booked, in words a person can check."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import connection

from hengcang.kernel.errors import Refused
from hengcang.kernel.rounding import ZERO
from hengcang.ledger.replay import Valued

SHOWN = 200


@dataclass(frozen=True, slots=True)
class CostChange:
    """One booked cost that would move, 2 dp; positive is the cost of goods that left."""

    kind: str
    source_id: int
    line: int
    dated: date
    item_id: int
    item_code: str
    item_name: str
    before: Decimal
    after: Decimal


@dataclass(frozen=True, slots=True)
class Impact:
    """What an act would change. `shift` > 0: cost rises, margin falls. `blocked`: it would be
    refused.

    `changes` holds the first 200, by date; the counts and sums are over all of them.
    """

    changes: tuple[CostChange, ...] = ()
    entries: int = 0
    documents: int = 0
    shift: Decimal = ZERO
    by_month: tuple[tuple[str, Decimal], ...] = ()
    blocked: Refused | None = None

    def without_costs(self) -> "Impact":
        """The counts only, for those who may not see costs."""
        return Impact(entries=self.entries, documents=self.documents, blocked=self.blocked)


def impact_of(valued: Valued) -> Impact:
    """The changed costs with their documents. Reads entries, writes nothing."""
    if not valued.changed:
        return Impact()
    positions = sorted(valued.changed)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.position, r.kind, r.source_id, e.line, e.dated, i.id, i.code, i.name "
            "FROM ledger_stockentry e JOIN ledger_postingrecord r ON r.id = e.posting_id "
            "JOIN catalog_item i ON i.id = e.item_id WHERE e.position = ANY(%s) "
            "ORDER BY e.dated, e.position",
            [positions],
        )
        rows = cursor.fetchall()
    changes = [
        CostChange(
            *(
                *row[1:],
                -_yuan(valued.before[row[0]].value),
                -_yuan(valued.changed[row[0]].value),
            )
        )
        for row in rows
    ]
    return Impact(
        changes=tuple(changes[:SHOWN]),
        entries=len(changes),
        documents=len({(c.kind, c.source_id) for c in changes}),
        shift=sum((c.after - c.before for c in changes), ZERO),
        by_month=tuple(sorted(_by_month(changes).items())),
    )


def _by_month(changes: Iterable[CostChange]) -> dict[str, Decimal]:
    months: dict[str, Decimal] = {}
    for change in changes:
        month = f"{change.dated:%Y-%m}"
        months[month] = months.get(month, ZERO) + change.after - change.before
    return months


def _yuan(cents: int) -> Decimal:
    return Decimal(cents) / 100
