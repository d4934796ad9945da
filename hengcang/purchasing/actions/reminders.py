"""Reminders of order lines that have not come: made daily, closed by what happens or by hand."""

from collections import Counter
from datetime import date, timedelta

from django.db import connection

from hengcang.compliance import audit
from hengcang.compliance.audit import Subject
from hengcang.documents.attempts import action
from hengcang.identity.access import demand
from hengcang.kernel.actor import Actor
from hengcang.kernel.errors import Refused
from hengcang.outbox.actions import say_once
from hengcang.purchasing import reminders
from hengcang.purchasing.policy import purchase_policy
from hengcang.purchasing.progress import Due, due_until
from hengcang.purchasing.watching import Patience, Stage
from hengcang.purchasing.watching_models import PurchaseReminder

AUTOMATIC = "系统"


@action
def make_reminders(*, on: date, actor: Actor) -> int:
    """Every order line that is near or past its date is spoken of once per stage; how many are new.

    What came in, was closed, announced, got another date or went a stage further is closed. Running
    again on the same day changes nothing. Six statements, whatever the number of lines.
    Raises Refused("forbidden").
    """
    _close_settled(on)
    _open_unannounced()
    policy = purchase_policy(actor)
    patience = Patience(policy.remind_days_before, policy.escalate_days_after)
    lines = due_until(actor, on + timedelta(days=patience.before or 0))
    known = PurchaseReminder.objects.filter(order_line_id__in=[line.line_id for line in lines])
    standing = set(known.values_list("order_line_id", "stage", "due"))
    fresh = [
        _reminder(line, stage, on)
        for line in lines
        if (stage := patience.stage(line.due, on)) is not None
        and (line.line_id, stage.value, line.due) not in standing
    ]
    PurchaseReminder.objects.bulk_create(fresh, ignore_conflicts=True)
    _close_superseded(on)
    if fresh:
        _tell(fresh, on, actor)
    return len(fresh)


def _reminder(line: Due, stage: Stage, on: date) -> PurchaseReminder:
    return PurchaseReminder(
        order_line_id=line.line_id,
        stage=stage.value,
        due=line.due,
        dated=on,
        assignee_id=line.creator_id,
        assignee_name=line.creator,
    )


def _tell(fresh: list[PurchaseReminder], on: date, actor: Actor) -> None:
    """The log says how many; a message leaves for those they are assigned to, once a day."""
    stages = Counter(row.stage for row in fresh)
    audit.record(
        actor,
        "purchase_reminder.make",
        Subject("purchase_reminder", None, on.isoformat()),
        **stages,
    )
    people = Counter((row.assignee_id, row.stage) for row in fresh)
    counts = [[who, stage, count] for (who, stage), count in sorted(people.items())]
    say_once(f"purchase-reminders-{on}", "purchase_reminders", dated=on.isoformat(), counts=counts)


# An order line with the day it is watched for: see announced.watched_due.
WATCHED = """purchasing_purchaseorderline l
            JOIN purchasing_purchaseorder d ON d.id = l.document_id
            LEFT JOIN LATERAL (SELECT sum(n.quantity - n.qty_fulfilled) AS coming,
              max(a.due_date) AS until
             FROM purchasing_arrivalnoticeline n
             JOIN purchasing_arrivalnotice a ON a.id = n.document_id
             WHERE n.source_line_id = l.id AND a.status = 'approved'
              AND n.qty_fulfilled < n.quantity) s ON true
            CROSS JOIN LATERAL (SELECT CASE WHEN s.coming >= l.quantity - l.qty_fulfilled
              THEN greatest(coalesce(l.due_date, d.due_date), s.until)
              ELSE coalesce(l.due_date, d.due_date) END AS due) w"""


def _close_settled(on: date) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"""UPDATE purchasing_purchasereminder r SET closed_on = %s, closed_by_name = %s,
             closed_why = CASE WHEN l.qty_fulfilled >= l.quantity THEN 'received'
              WHEN d.status <> 'approved' THEN 'closed'
              WHEN w.due > r.due AND w.due = s.until THEN 'announced' ELSE 'moved' END
            FROM {WATCHED}
            WHERE l.id = r.order_line_id AND r.closed_on IS NULL AND (d.status <> 'approved'
             OR l.qty_fulfilled >= l.quantity OR w.due IS DISTINCT FROM r.due)""",
            [on, AUTOMATIC],
        )


def _open_unannounced() -> None:
    """What was announced and is not any more is spoken of again, as far as it went."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""UPDATE purchasing_purchasereminder r SET closed_on = NULL, closed_by_name = '',
             closed_why = ''
            FROM {WATCHED}
            WHERE l.id = r.order_line_id AND r.closed_why = 'announced' AND d.status = 'approved'
             AND l.qty_fulfilled < l.quantity AND w.due = r.due"""
        )


def _close_superseded(on: date) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE purchasing_purchasereminder r SET closed_on = %s, closed_by_name = %s,
             closed_why = 'superseded'
            FROM purchasing_purchasereminder n
            WHERE r.closed_on IS NULL AND n.order_line_id = r.order_line_id AND n.due = r.due
             AND array_position(ARRAY['soon', 'late', 'escalated'], n.stage::text)
              > array_position(ARRAY['soon', 'late', 'escalated'], r.stage::text)""",
            [on, AUTOMATIC],
        )


@action
def close_reminder(reminder_id: int, note: str, *, on: date, actor: Actor) -> PurchaseReminder:
    """Somebody saw to it and says how; the next stage still comes when the goods do not.

    Locks the row. Raises Refused: forbidden (an escalated one needs purchase_reminder.lead),
    not_found, reason_missing, reminder_closed.
    """
    seen = reminders.reminder(actor, reminder_id)
    demand(actor, reminders.LEAD if seen.stage == Stage.ESCALATED else "purchase_order.save")
    if not note.strip():
        raise Refused("reason_missing", "note")
    row = PurchaseReminder.objects.select_for_update().get(id=seen.pk)
    if row.closed_on is not None:
        raise Refused("reminder_closed", closed_on=row.closed_on.isoformat())
    row.closed_on, row.closed_why, row.note = on, "by_hand", note.strip()
    row.closed_by_name = actor.name
    row.save()
    order = seen.order_line.document
    subject = Subject("purchase_reminder", row.pk, f"{order.number} 行 {seen.order_line.position}")
    audit.record(actor, "purchase_reminder.close", subject, reason=row.note)
    return reminders.reminder(actor, row.pk)
