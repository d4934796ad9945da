"""Documents that move goods and owe nobody: other receipts and issues, transfers."""

from typing import ClassVar, Self

from django.db import models

from hengcang.columns import MoneyField, QuantityField
from hengcang.documents.drafts import OUTCOME_LABELS, Outcome
from hengcang.documents.flow import (
    ON_THE_WAY,
    POSTING_FLOW,
    POSTING_STATUSES,
    STATUS_LABELS,
    TRANSFER_FLOW,
    TRANSFER_STATUSES,
    Flow,
    Status,
)
from hengcang.documents.models import Document, DocumentLine, DocumentQuerySet, unfinished
from hengcang.kernel.actor import Actor


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


class StockTransferQuerySet(DocumentQuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """Transfers that leave or reach one of the actor's warehouses."""
        if actor.partner_id is not None:
            return self.none()
        if actor.warehouse_ids is None:
            return self
        mine = models.Q(warehouse_id__in=actor.warehouse_ids)
        return self.filter(mine | models.Q(to_warehouse_id__in=actor.warehouse_ids))


OUTCOME_CHOICES = [(outcome.value, label) for outcome, label in OUTCOME_LABELS.items()]
TRANSFER_CHOICES = [
    (status.value, label)
    for status, label in STATUS_LABELS.items()
    if status.value in TRANSFER_STATUSES
]


class StockTransfer(Document):
    """调拨单: goods leave `warehouse`, stand in transit, and are received at `to_warehouse`."""

    kind: ClassVar[str] = "stock_transfer"
    prefix: ClassVar[str] = "DBD"
    flow: ClassVar[Flow] = TRANSFER_FLOW
    mirrored: ClassVar[tuple[str, ...]] = ("to_warehouse_id",)

    status = models.CharField(max_length=16, choices=TRANSFER_CHOICES, default=Status.DRAFT.value)
    to_warehouse = models.ForeignKey("places.Warehouse", models.PROTECT, related_name="+")
    reversal_of = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="reversed_by"
    )

    objects = StockTransferQuerySet.as_manager()  # type: ignore[misc]

    class Meta(Document.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(status__in=TRANSFER_STATUSES), name="stock_transfer_status"
            ),
            models.CheckConstraint(
                condition=~models.Q(warehouse=models.F("to_warehouse")),
                name="stock_transfer_goes_elsewhere",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["-dated", "-id"], name="stock_transfer_newest"),
            models.Index(
                fields=["status", "-dated", "-id"],
                condition=models.Q(
                    status__in=[Status.DRAFT.value, *(status.value for status in ON_THE_WAY)]
                ),
                name="stock_transfer_unfinished",
            ),
        ]


class StockTransferLine(DocumentLine):
    """`qty_fulfilled`: base units no longer in transit; of these lost and sent back apart."""

    document = models.ForeignKey(StockTransfer, models.CASCADE, related_name="lines")
    qty_fulfilled = QuantityField(default=0)
    qty_lost = QuantityField(default=0)
    qty_sent_back = QuantityField(default=0)

    class Meta(DocumentLine.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(quantity__lt=0)
                | models.Q(
                    qty_fulfilled__gte=models.F("qty_lost") + models.F("qty_sent_back"),
                    qty_fulfilled__lte=models.F("quantity"),
                    qty_lost__gte=0,
                    qty_sent_back__gte=0,
                ),
                name="stock_transfer_line_fulfilled",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document_id}/{self.position}"


class TransferReceipt(Document):
    """调拨入库单: goods of a transfer are in transit no longer.

    `warehouse`: where they arrived or were missed; on goods sent back the one they had left.
    `responsible`: who answers for a loss.
    """

    kind: ClassVar[str] = "transfer_receipt"
    prefix: ClassVar[str] = "DBRK"
    flow: ClassVar[Flow] = POSTING_FLOW
    mirrored: ClassVar[tuple[str, ...]] = ("outcome", "responsible")

    outcome = models.CharField(
        max_length=12, choices=OUTCOME_CHOICES, default=Outcome.ARRIVED.value
    )
    responsible = models.CharField(max_length=80, blank=True)
    reversal_of = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="reversed_by"
    )

    class Meta(Document.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(status__in=POSTING_STATUSES), name="transfer_receipt_status"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["-dated", "-id"], name="transfer_receipt_newest"),
            unfinished("transfer_receipt"),
        ]


class TransferReceiptLine(DocumentLine):
    """`source_line`: the transfer's line whose goods these are."""

    document = models.ForeignKey(TransferReceipt, models.CASCADE, related_name="lines")
    source_line = models.ForeignKey(StockTransferLine, models.PROTECT, related_name="fulfilled_by")

    def __str__(self) -> str:
        return f"{self.document_id}/{self.position}"
