"""Go-live, month close and reopening."""

from dataclasses import dataclass
from datetime import date

from django.db import connection, models
from django.db.models import Func

from hengcang.compliance import audit
from hengcang.compliance.audit import Subject
from hengcang.documents.attempts import action
from hengcang.identity.access import demand
from hengcang.kernel.actor import Actor
from hengcang.kernel.calendar import month_of, months_between, next_month, previous_month
from hengcang.kernel.errors import Refused
from hengcang.ledger import queries
from hengcang.ledger.kept_models import BalanceAtClose, CostAtClose
from hengcang.ledger.models import (
    BookTerms,
    CostScope,
    Period,
    Taxpayer,
)


@dataclass(frozen=True, slots=True)
class Terms:
    """What an owner decides before the first posting."""

    company_name: str
    go_live_date: date
    taxpayer: str = Taxpayer.GENERAL.value
    cost_scope: str = CostScope.COMPANY.value


@action
def go_live(terms: Terms, *, today: date, actor: Actor) -> BookTerms:
    """The book has its terms and its months up to today.

    Raises Refused: forbidden, already_live, date_in_future.
    """
    demand(actor, "period.close")
    if BookTerms.objects.exists():
        raise Refused("already_live")
    if terms.go_live_date > today:
        raise Refused(
            "date_in_future", "go_live_date", dated=str(terms.go_live_date), today=str(today)
        )
    row = BookTerms.objects.create(
        id=1,
        company_name=terms.company_name,
        go_live_date=terms.go_live_date,
        taxpayer=Taxpayer(terms.taxpayer).value,
        cost_scope=CostScope(terms.cost_scope).value,
    )
    Period.objects.bulk_create(
        [Period(month=month) for month in months_between(terms.go_live_date, today)],
        ignore_conflicts=True,
    )
    audit.record(
        actor,
        "books.go_live",
        Subject("book", 1, terms.company_name),
        go_live_date=str(terms.go_live_date),
        cost_scope=row.cost_scope,
    )
    return row


@action
def close_period(month: date, *, today: date, actor: Actor) -> Period:
    """The month is frozen and its closing balances are kept.

    Locks the period FOR UPDATE: it waits for postings under way and they wait for it.
    Raises Refused: forbidden, not_found, period_closed, period_out_of_order, period_not_over.
    """
    demand(actor, "period.close")
    period = _locked(month)
    if period.closed_at is not None:
        raise Refused("period_closed", month=f"{month:%Y-%m}")
    if next_month(month_of(month)) > today:
        raise Refused("period_not_over", month=f"{month:%Y-%m}")
    earlier = Period.objects.filter(month__lt=period.month, closed_at=None).first()
    if earlier is not None:
        raise Refused("period_out_of_order", month=f"{month:%Y-%m}", first=f"{earlier.month:%Y-%m}")
    _keep_balances(period.month)
    Period.objects.filter(month=period.month).update(closed_at=_clock(), closed_by_id=actor.id)
    audit.record(actor, "period.close", Subject("period", None, f"{month:%Y-%m}"))
    period.refresh_from_db()
    return period


@action
def reopen_period(month: date, reason: str, *, actor: Actor) -> Period:
    """The last closed month is open again; its kept balances are gone.

    Raises Refused: forbidden, not_found, period_open, period_out_of_order, reason_missing.
    """
    demand(actor, "period.reopen")
    if not reason.strip():
        raise Refused("reason_missing", "reason")
    period = _locked(month)
    if period.closed_at is None:
        raise Refused("period_open", month=f"{month:%Y-%m}")
    later = Period.objects.filter(month__gt=period.month, closed_at__isnull=False)
    if (last := later.order_by("-month").first()) is not None:
        raise Refused("period_out_of_order", month=f"{month:%Y-%m}", first=f"{last.month:%Y-%m}")
    BalanceAtClose.objects.filter(period=period).delete()
    CostAtClose.objects.filter(period=period).delete()
    Period.objects.filter(month=period.month).update(closed_at=None, closed_by_id=None)
    audit.record(actor, "period.reopen", Subject("period", None, f"{month:%Y-%m}"), reason=reason)
    period.refresh_from_db()
    return period


def _clock() -> Func:
    """The moment itself, under the lock: a posting the close had to wait for came before it."""
    return Func(function="clock_timestamp", output_field=models.DateTimeField())


def _locked(month: date) -> Period:
    queries.terms()
    period = Period.objects.select_for_update().filter(month=month_of(month)).first()
    if period is None:
        raise Refused("not_found", what="会计期间")
    return period


def _keep_balances(month: date) -> None:
    """Balances at the month's end = those at the end of the month before + entries of the month,
    for every key not empty. A month's entries are read, however long the ledger is.
    """
    values = {"month": month, "before": previous_month(month), "after": next_month(month)}
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_balanceatclose (period_id, stock_id, quantity) "
            "SELECT %(month)s, b.id, coalesce(o.quantity, 0) + coalesce(m.quantity, 0) "
            "FROM ledger_stockbalance b LEFT JOIN ledger_balanceatclose o"
            " ON o.period_id = %(before)s AND o.stock_id = b.id "
            "LEFT JOIN (SELECT stock_id, sum(quantity) AS quantity FROM ledger_stockentry "
            "WHERE dated >= %(month)s AND dated < %(after)s GROUP BY stock_id) m"
            " ON m.stock_id = b.id "
            "WHERE coalesce(o.quantity, 0) + coalesce(m.quantity, 0) <> 0",
            values,
        )
        cursor.execute(
            "INSERT INTO ledger_costatclose (period_id, cost_id, quantity, value) "
            "SELECT %(month)s, b.id, coalesce(o.quantity, 0) + coalesce(m.quantity, 0),"
            " coalesce(o.value, 0) + coalesce(m.value, 0) "
            "FROM ledger_costbalance b LEFT JOIN ledger_costatclose o"
            " ON o.period_id = %(before)s AND o.cost_id = b.id "
            "LEFT JOIN (SELECT e.cost_id, sum(e.quantity) AS quantity,"
            " sum(coalesce(e.value_in, c.value)) AS value FROM ledger_stockentry e "
            " LEFT JOIN ledger_entrycost c ON c.entry_id = e.position "
            " WHERE e.dated >= %(month)s AND e.dated < %(after)s AND NOT e.is_move"
            " GROUP BY e.cost_id) m ON m.cost_id = b.id "
            "WHERE coalesce(o.quantity, 0) + coalesce(m.quantity, 0) <> 0",
            values,
        )
