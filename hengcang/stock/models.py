"""Documents that move goods and owe nobody: other receipts and issues, transfers, counts."""

from typing import ClassVar, Self

from django.db import models
from django.db.models.functions import Now

from hengcang.columns import MoneyField, PriceField, QuantityField
from hengcang.documents.drafts import OUTCOME_LABELS, Outcome
from hengcang.documents.flow import (
    COUNT_FLOW,
    COUNT_STATUSES,
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
from hengcang.stock import (
    bin_models,  # noqa: F401 - Django looks for models here
    piece_models,  # noqa: F401 - Django looks for models here
)
from hengcang.stock.adjusting import Overage as Overage
from hengcang.stock.adjusting import OverageLine as OverageLine
from hengcang.stock.adjusting import Scrap as Scrap
from hengcang.stock.adjusting import ScrapLine as ScrapLine
from hengcang.stock.adjusting import StatusChange as StatusChange
from hengcang.stock.adjusting import StatusChangeLine as StatusChangeLine
from hengcang.stock.adjusting import StockAdjustment as StockAdjustment
from hengcang.stock.count_drafts import CountScope, MovedFrom
from hengcang.stock.request_models import ShopRequest as ShopRequest
from hengcang.stock.request_models import ShopRequestLine as ShopRequestLine


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
    """`qty_fulfilled`: base units no longer in transit; of these lost and sent back apart.

    `source_line`: the shop's request that is allocated these goods, if any.
    """

    document = models.ForeignKey(StockTransfer, models.CASCADE, related_name="lines")
    source_line = models.ForeignKey(
        ShopRequestLine, models.PROTECT, null=True, related_name="fulfilled_by"
    )
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


class StockCount(Document):
    """盘点单: what was counted, item by item, against the books as they stood at that moment."""

    kind: ClassVar[str] = "stock_count"
    prefix: ClassVar[str] = "PDD"
    flow: ClassVar[Flow] = COUNT_FLOW

    status = models.CharField(
        max_length=16,
        choices=[(value, STATUS_LABELS[Status(value)]) for value in COUNT_STATUSES],
        default=Status.DRAFT.value,
    )
    scope = models.CharField(max_length=8, choices=CountScope, default=CountScope.ALL)
    category = models.ForeignKey(
        "catalog.ItemCategory", models.PROTECT, null=True, related_name="+"
    )
    zone = models.CharField(max_length=40, blank=True)
    reversal_of = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="reversed_by"
    )

    class Meta(Document.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(status__in=COUNT_STATUSES), name="stock_count_status"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["-dated", "-id"], name="stock_count_newest"),
            models.Index(
                fields=["warehouse", "status"],
                condition=models.Q(status__in=[Status.COUNTING.value, Status.REVIEW.value]),
                name="stock_count_open",
            ),
        ]


class StockCountLine(DocumentLine):
    """One stock key of a count. `quantity` is the difference that is posted, base units.

    `expected`: the book when the count started; `round` rises when it is counted again; `counted`
    and `book` (what it is compared with) are set when it is posted. `unit_cost`: what found goods
    are worth when the shelf has none, per base unit.
    """

    document = models.ForeignKey(StockCount, models.CASCADE, related_name="lines")
    expected = QuantityField(default=0)
    round = models.PositiveSmallIntegerField(default=1)
    counted = QuantityField(null=True)
    book = QuantityField(null=True)
    moved_from = models.CharField(
        max_length=10, choices=MovedFrom, default=MovedFrom.UNKNOWN, blank=True
    )
    unit_cost = PriceField(null=True)
    cause = models.CharField(max_length=100, blank=True)
    responsible = models.CharField(max_length=40, blank=True)

    class Meta(DocumentLine.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["document", "item", "batch", "bin", "stock_status"],
                name="stock_key_once_per_count",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document_id}/{self.position}"


class StockTally(models.Model):
    """What somebody counted in one place at one moment.

    `position` and `book`: where the books stood for the line's stock key; `is_current` ends when
    the same place is counted anew.
    """

    document = models.ForeignKey(StockCount, models.CASCADE, related_name="tallies")
    line = models.ForeignKey(StockCountLine, models.PROTECT, related_name="tallies")
    item = models.ForeignKey("catalog.Item", models.PROTECT, related_name="+")
    item_uom = models.ForeignKey("catalog.ItemUom", models.PROTECT, related_name="+")
    round = models.PositiveSmallIntegerField()
    zone = models.CharField(max_length=40, blank=True)
    quantity_in_unit = QuantityField()
    quantity = QuantityField()
    position = models.BigIntegerField()
    book = QuantityField()
    day = models.DateField()
    note = models.CharField(max_length=200, blank=True)
    is_current = models.BooleanField(default=True)
    counted_by_id = models.BigIntegerField()
    counted_by_name = models.CharField(max_length=80)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["document", "item"], name="stock_tally_item"),
        ]
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.document_id}: {self.item_id} {self.quantity}"


class CountRules(models.Model):
    """From which difference on a cause and a person are asked for. One row (id 1); null: never.

    `cause_above_quantity` in base units, `cause_above_value` 2 dp; both in absolute terms.
    """

    cause_above_quantity = QuantityField(null=True)
    cause_above_value = MoneyField(null=True, default=500)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(id=1), name="one_count_rules"),
        ]

    def __str__(self) -> str:
        return f"{self.cause_above_quantity} / {self.cause_above_value}"


class CountPlan(models.Model):
    """盘点计划: how often the goods of a warehouse are counted, by their class; 0 days: never.

    Class A makes the first `a_percent` of what was sold at cost in twelve months, A and B together
    `b_percent`; the rest is C.
    """

    warehouse = models.OneToOneField("places.Warehouse", models.PROTECT, related_name="+")
    a_days = models.PositiveSmallIntegerField(default=30)
    b_days = models.PositiveSmallIntegerField(default=90)
    c_days = models.PositiveSmallIntegerField(default=180)
    a_percent = models.PositiveSmallIntegerField(default=80)
    b_percent = models.PositiveSmallIntegerField(default=95)
    most_a_day = models.PositiveIntegerField(default=50)
    is_active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(
                    a_percent__lte=models.F("b_percent"), b_percent__lte=100, most_a_day__gt=0
                ),
                name="count_plan_classes",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.warehouse_id}"
