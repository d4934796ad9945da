"""Jobs of the register."""

from procrastinate.contrib.django import app

from hengcang.kernel.actor import SYSTEM
from hengcang.ledger import kept
from hengcang.ledger import queries as ledger
from hengcang.purchasing.actions.reminders import make_reminders
from hengcang.purchasing.actions.reports import make_due_report
from hengcang.register.checking import check_books
from hengcang.sales.actions.quotes import lapse_quotes
from hengcang.sales.actions.standing import make_due_orders
from hengcang.stock.actions.plans import make_due_counts


@app.task(name="register.verify", lock="register.verify", queueing_lock="register.verify")
def verify(timestamp: int = 0) -> int:
    """The current book is checked and a note of it kept; how many differences there are.

    `timestamp` is the hour it was due. Running twice leaves two notes and nothing else.
    """
    return len(check_books())


@app.task(name="register.keep_days", lock="register.keep", queueing_lock="register.keep")
def keep_days(timestamp: int = 0) -> int:
    """The balances of the 10th, the 20th and the end of every month are kept; how many were not.

    `timestamp` is the moment it was due. Running twice changes nothing.
    """
    return kept.keep_days() if ledger.is_live() else 0


@app.task(name="register.make_counts", lock="register.counts", queueing_lock="register.counts")
def make_counts(timestamp: int = 0) -> int:
    """Every count plan has its count of today; how many there are.

    `timestamp` is the moment it was due. Running twice changes nothing.
    """
    if not ledger.is_live():
        return 0
    return len(make_due_counts(on=ledger.terms_today().today, actor=SYSTEM))


@app.task(name="register.end_quotes", lock="register.quotes", queueing_lock="register.quotes")
def end_quotes(timestamp: int = 0) -> int:
    """Quotations whose validity is over are lapsed; how many there were.

    `timestamp` is the moment it was due. Running twice changes nothing.
    """
    if not ledger.is_live():
        return 0
    return len(lapse_quotes(on=ledger.terms_today().today, actor=SYSTEM))


@app.task(
    name="register.make_standing_orders",
    lock="register.standing",
    queueing_lock="register.standing",
)
def make_standing_orders(timestamp: int = 0) -> int:
    """Every standing order has its drafts up to today; how many were made.

    `timestamp` is the moment it was due. Running twice changes nothing.
    """
    if not ledger.is_live():
        return 0
    return len(make_due_orders(on=ledger.terms_today().today, actor=SYSTEM))


@app.task(name="register.remind", lock="register.remind", queueing_lock="register.remind")
def remind_of_purchases(timestamp: int = 0) -> int:
    """Order lines near or past their dates are spoken of; how many are new.

    `timestamp` is the moment it was due. Running twice changes nothing.
    """
    if not ledger.is_live():
        return 0
    return make_reminders(on=ledger.terms_today().today, actor=SYSTEM)


@app.task(name="register.report", lock="register.report", queueing_lock="register.report")
def report_purchases(timestamp: int = 0) -> int:
    """The purchase report of the last week or month is there, if one is wanted; 1 when it is new.

    `timestamp` is the moment it was due. Running twice changes nothing.
    """
    if not ledger.is_live():
        return 0
    return int(make_due_report(on=ledger.terms_today().today, actor=SYSTEM) is not None)
