"""Tables of 报损单, 报溢单 and 状态调整单: goods that were found to be fewer, more, or unlike.

Part of stock.models, from where they are imported.
"""

from typing import ClassVar

from django.db import models

from hengcang.columns import MoneyField, PriceField
from hengcang.documents.flow import POSTING_FLOW, POSTING_STATUSES, Flow
from hengcang.documents.models import Document, DocumentLine, unfinished
from hengcang.ledger.entries import STATUS_LABELS

STOCK_STATUS_CHOICES = [(status.value, label) for status, label in STATUS_LABELS.items()]


class StockAdjustment(Document):
    """What every paper has that corrects stock without anybody outside; it states its reason."""

    flow: ClassVar[Flow] = POSTING_FLOW

    reversal_of = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="reversed_by"
    )

    class Meta(Document.Meta):
        abstract = True
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(status__in=POSTING_STATUSES), name="%(class)s_status"
            ),
        ]


class Scrap(StockAdjustment):
    """报损单: goods of any stock status left at cost, because they are of no use any more."""

    kind: ClassVar[str] = "scrap"
    prefix: ClassVar[str] = "BSD"

    class Meta(StockAdjustment.Meta):
        indexes: ClassVar = [
            models.Index(fields=["-dated", "-id"], name="scrap_newest"),
            unfinished("scrap"),
        ]


class ScrapLine(DocumentLine):
    """What was thrown away; its cost is in the books."""

    document = models.ForeignKey(Scrap, models.CASCADE, related_name="lines")

    def __str__(self) -> str:
        return f"{self.document_id}/{self.position}"


class Overage(StockAdjustment):
    """报溢单: there are more goods than the books say; they come in at cost."""

    kind: ClassVar[str] = "overage"
    prefix: ClassVar[str] = "BYD"

    class Meta(StockAdjustment.Meta):
        indexes: ClassVar = [
            models.Index(fields=["-dated", "-id"], name="overage_newest"),
            unfinished("overage"),
        ]


class OverageLine(DocumentLine):
    """`unit_cost`: as it was stated, per base unit; null takes the average when it is posted.

    `cost_amount`: what the line's goods came in at, 2 dp; null in a draft that leaves it open,
    negative on a reversal.
    """

    mirrored: ClassVar[tuple[str, ...]] = ("unit_cost",)

    document = models.ForeignKey(Overage, models.CASCADE, related_name="lines")
    unit_cost = PriceField(null=True)
    cost_amount = MoneyField(null=True)

    def __str__(self) -> str:
        return f"{self.document_id}/{self.position}"


class StatusChange(StockAdjustment):
    """状态调整单: goods stay where they are and are of another stock status."""

    kind: ClassVar[str] = "status_change"
    prefix: ClassVar[str] = "ZTTZ"

    class Meta(StockAdjustment.Meta):
        indexes: ClassVar = [
            models.Index(fields=["-dated", "-id"], name="status_change_newest"),
            unfinished("status_change"),
        ]


class StatusChangeLine(DocumentLine):
    """`stock_status`: what the goods were; `to_status`: what they are now."""

    mirrored: ClassVar[tuple[str, ...]] = ("to_status",)

    document = models.ForeignKey(StatusChange, models.CASCADE, related_name="lines")
    to_status = models.CharField(max_length=8, choices=STOCK_STATUS_CHOICES)

    class Meta(DocumentLine.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~models.Q(to_status=models.F("stock_status")),
                name="status_change_changes",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document_id}/{self.position}"
