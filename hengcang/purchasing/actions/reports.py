"""The purchase report that is made by itself."""

from datetime import date

from hengcang.compliance import audit
from hengcang.compliance.audit import Subject
from hengcang.documents.attempts import action
from hengcang.kernel.actor import Actor
from hengcang.ledger import queries as ledger
from hengcang.outbox.actions import say_once
from hengcang.purchasing.policy import purchase_policy
from hengcang.purchasing.report import kept_content
from hengcang.purchasing.watching import last_span
from hengcang.purchasing.watching_models import PurchaseReport


@action
def make_due_report(*, on: date, actor: Actor) -> PurchaseReport | None:
    """The report of the last whole week or month is kept, as the settings say, and told once.

    None where none is wanted, it is there already, or the book was not in use then; so a job that
    slept catches up. Raises Refused("forbidden").
    """
    span = last_span(purchase_policy(actor).report_every, on)
    if span is None or span[1] < ledger.terms().go_live_date:
        return None
    first, last = span
    if PurchaseReport.objects.filter(first=first, last=last).exists():
        return None
    made = PurchaseReport.objects.create(
        first=first, last=last, content=kept_content(actor, first, last)
    )
    days = {"first": first.isoformat(), "last": last.isoformat()}
    audit.record(actor, "purchase_report.make", Subject("purchase_report", made.pk, str(made)))
    say_once(f"purchase-report-{first}-{last}", "purchase_report", report_id=made.pk, **days)
    return made
