"""Other receipts and other issues."""

from typing import ClassVar

from django.db import models

from hengcang.columns import MoneyField
from hengcang.documents.flow import POSTING_FLOW, POSTING_STATUSES, Flow
from hengcang.documents.models import Document, DocumentLine, unfinished


class OtherReceipt(Document):
    """其他入库单: goods came in at a stated cost, with a reason."""

    kind: ClassVar[str] = "other_receipt"
    prefix: ClassVar[str] = "QTRK"
    flow: ClassVar[Flow] = POSTING_FLOW

    reversal_of = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="reversed_by"
    )

    class Meta(Document.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(status__in=POSTING_STATUSES), name="other_receipt_status"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["-dated", "-id"], name="other_receipt_newest"),
            unfinished("other_receipt"),
        ]


class OtherReceiptLine(DocumentLine):
    """`cost_amount`: what the line's goods come in at, 2 dp; negative on a reversal."""

    document = models.ForeignKey(OtherReceipt, models.CASCADE, related_name="lines")
    cost_amount = MoneyField()

    def __str__(self) -> str:
        return f"{self.document_id}/{self.position}"


class OtherIssue(Document):
    """其他出库单: goods left at cost, with a reason."""

    kind: ClassVar[str] = "other_issue"
    prefix: ClassVar[str] = "QTCK"
    flow: ClassVar[Flow] = POSTING_FLOW

    reversal_of = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="reversed_by"
    )

    class Meta(Document.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(status__in=POSTING_STATUSES), name="other_issue_status"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["-dated", "-id"], name="other_issue_newest"),
            unfinished("other_issue"),
        ]


class OtherIssueLine(DocumentLine):
    """What left; its cost is in the books."""

    document = models.ForeignKey(OtherIssue, models.CASCADE, related_name="lines")

    def __str__(self) -> str:
        return f"{self.document_id}/{self.position}"
