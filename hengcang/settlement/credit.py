"""信用状况: how far a customer may still buy, and what is overdue."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import connection

from hengcang.kernel.actor import Actor
from hengcang.kernel.rounding import ZERO
from hengcang.settlement.queries import Standing, standing_of


@dataclass(frozen=True, slots=True)
class Credit:
    """A customer's standing on one day, 2 dp. What was paid pays the oldest debts first.

    `overdue_days`: since when the oldest unpaid debt is due; 0 when nothing is.
    """

    standing: Standing
    overdue: Decimal
    overdue_days: int


def credit_of(actor: Actor, partner_id: int, *, on: date) -> Credit:
    """The customer's credit; zeros out of scope. Raises Refused("forbidden") without money.view."""
    standing = standing_of(actor, partner_id)
    owed = standing.receivable
    if owed <= ZERO:
        return Credit(standing, ZERO, 0)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT due, sum(amount) FROM ledger_moneyentry WHERE partner_id = %s"
            " AND account = 'receivable' AND amount > 0 GROUP BY due ORDER BY due DESC",
            [partner_id],
        )
        debts = cursor.fetchall()
    overdue, oldest = ZERO, on
    for due, amount in debts:  # the newest debts are those that are not paid yet
        unpaid = min(amount, owed)
        owed -= unpaid
        if due < on and unpaid > ZERO:
            overdue, oldest = overdue + unpaid, due
    return Credit(standing, overdue, (on - oldest).days)
