"""Jobs of the register."""

from procrastinate.contrib.django import app

from hengcang.kernel.actor import SYSTEM
from hengcang.ledger import queries as ledger
from hengcang.register.checking import check_books
from hengcang.sales.actions.standing import make_due_orders
from hengcang.stock.actions.plans import make_due_counts


@app.task(name="register.verify", lock="register.verify", queueing_lock="register.verify")
def verify(timestamp: int = 0) -> int:
    """The current book is checked and a note of it kept; how many differences there are.

    `timestamp` is the hour it was due. Running twice leaves two notes and nothing else.
    """
    return len(check_books())


@app.task(name="register.make_counts", lock="register.counts", queueing_lock="register.counts")
def make_counts(timestamp: int = 0) -> int:
    """Every count plan has its count of today; how many there are.

    `timestamp` is the moment it was due. Running twice changes nothing.
    """
    if not ledger.is_live():
        return 0
    return len(make_due_counts(on=ledger.terms_today().today, actor=SYSTEM))


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
