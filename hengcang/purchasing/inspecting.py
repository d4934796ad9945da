"""Tables of 质检单: what was looked at of goods that came in, and what of it is no good.

Part of purchasing.models, which imports them.
"""

from typing import ClassVar

from django.db import models

from hengcang.columns import QuantityField
from hengcang.documents.flow import POSTING_FLOW, POSTING_STATUSES, Flow
from hengcang.documents.models import Document, DocumentLine, unfinished


class QualityInspection(Document):
    """质检单: goods of receipts that stood 待检 are good ones or defective now."""

    kind: ClassVar[str] = "quality_inspection"
    prefix: ClassVar[str] = "ZJD"
    flow: ClassVar[Flow] = POSTING_FLOW

    reversal_of = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="reversed_by"
    )

    class Meta(Document.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(status__in=POSTING_STATUSES), name="quality_inspection_status"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["-dated", "-id"], name="quality_inspection_newest"),
            unfinished("quality_inspection"),
        ]


class QualityInspectionLine(DocumentLine):
    """`quantity`: what was inspected, base units; `rejected` of it is defective, and why.

    `source_line`: the receipt's line whose goods these are. `to_bin`: where what is rejected is
    put; null leaves it where it is.
    """

    mirrored: ClassVar[tuple[str, ...]] = ("reject_cause", "to_bin_id")
    negated: ClassVar[tuple[str, ...]] = ("rejected",)

    document = models.ForeignKey(QualityInspection, models.CASCADE, related_name="lines")
    source_line = models.ForeignKey(
        "purchasing.PurchaseReceiptLine", models.PROTECT, related_name="inspected_by"
    )
    rejected = QuantityField(default=0)
    reject_cause = models.CharField(max_length=100, blank=True)
    to_bin = models.ForeignKey(
        "places.BinLocation", models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta(DocumentLine.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(quantity__lt=0)
                | models.Q(rejected__gte=0, rejected__lte=models.F("quantity")),
                name="quality_inspection_rejected",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document_id}/{self.position}"
