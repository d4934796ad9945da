"""What purchasing is watched for: its settings, reminders of what is late, kept reports."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

from hengcang.columns import RateField
from hengcang.purchasing.watching import STAGE_LABELS, Stage


class PurchasePolicy(models.Model):
    """采购设置: what purchasing is held to. One row (id 1); null and "" mean: not asked for.

    `over_price_rate`: by how many percent a price may be above the last one. `remind_days_before`
    and `escalate_days_after`: days before and after an order line is due. `report_every`: "week"
    or "month".
    """

    over_price_rate = RateField(null=True)
    remind_days_before = models.PositiveSmallIntegerField(null=True, default=3)
    escalate_days_after = models.PositiveSmallIntegerField(null=True, default=7)
    report_every = models.CharField(max_length=8, blank=True, default="")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(id=1), name="one_purchase_policy"),
            models.CheckConstraint(
                condition=models.Q(report_every__in=["", "week", "month"]),
                name="purchase_policy_report_every",
            ),
            models.CheckConstraint(
                condition=models.Q(over_price_rate=None) | models.Q(over_price_rate__gte=0),
                name="purchase_policy_rate",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.over_price_rate} / {self.remind_days_before} / {self.report_every}"


CLOSED_FOR = ["received", "closed", "moved", "announced", "superseded", "by_hand"]


class PurchaseReminder(models.Model):
    """到货提醒: an order line is near or past its due date, and somebody has to see to it.

    Once per line, stage and due date. Assigned to the order's creator; an escalated one to those
    who hold purchase_reminder.lead. It goes with the line when a draft order is rewritten.
    """

    order_line = models.ForeignKey(
        "purchasing.PurchaseOrderLine", models.CASCADE, related_name="reminders"
    )
    stage = models.CharField(max_length=12, choices=[(s.value, STAGE_LABELS[s]) for s in Stage])
    due = models.DateField()
    dated = models.DateField()
    assignee_id = models.BigIntegerField()
    assignee_name = models.CharField(max_length=80)
    closed_on = models.DateField(null=True)
    closed_why = models.CharField(max_length=12, blank=True)
    closed_by_name = models.CharField(max_length=80, blank=True)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["order_line", "stage", "due"], name="purchase_reminder_once"
            ),
            models.CheckConstraint(
                condition=models.Q(closed_on=None, closed_why="")
                | models.Q(closed_on__isnull=False) & models.Q(closed_why__in=CLOSED_FOR),
                name="purchase_reminder_closed",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["due", "id"],
                condition=models.Q(closed_on__isnull=True),
                name="purchase_reminder_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_line_id} {self.stage} {self.due}"


class PurchaseReport(models.Model):
    """A purchase report as it was made for a span of days, over the whole company.

    `content`: rows by grouping, see purchasing.report.kept_content. Amounts are texts, 2 dp.
    """

    first = models.DateField()
    last = models.DateField()
    content = models.JSONField()
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["first", "last"], name="purchase_report_once"),
        ]

    def __str__(self) -> str:
        return f"{self.first} – {self.last}"
