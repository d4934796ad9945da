"""Purchase orders, receipts and returns."""

from typing import ClassVar

from django.db import models

from hengcang.columns import QuantityField
from hengcang.documents.flow import (
    ORDER_FLOW,
    ORDER_STATUSES,
    POSTING_FLOW,
    POSTING_STATUSES,
    Flow,
)
from hengcang.documents.models import TradeDocument, TradeLine, unfinished
from hengcang.purchasing.rules import RECEIVE_LABELS, ReceiveStatus, receive_status


class PurchaseOrder(TradeDocument):
    """采购订单: what we asked a supplier for. Promises stock; a receipt brings it."""

    kind: ClassVar[str] = "purchase_order"
    prefix: ClassVar[str] = "CGDD"
    flow: ClassVar[Flow] = ORDER_FLOW

    due_date = models.DateField(null=True)

    class Meta(TradeDocument.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(status__in=ORDER_STATUSES), name="purchase_order_status"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["-dated", "-id"], name="purchase_order_newest"),
            models.Index(fields=["partner", "-dated", "-id"], name="purchase_order_partner"),
            unfinished("purchase_order"),
        ]


class PurchaseOrderLine(TradeLine):
    """`qty_fulfilled`: received so far, base units; within the tolerance more than ordered.

    `due_date`: null where it is the order's.
    """

    document = models.ForeignKey(PurchaseOrder, models.CASCADE, related_name="lines")
    qty_fulfilled = QuantityField(default=0)
    due_date = models.DateField(null=True)

    class Meta(TradeLine.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(
                    qty_fulfilled__gte=0, qty_fulfilled__lte=2 * models.F("quantity")
                ),
                name="purchase_order_line_fulfilled",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document_id}/{self.position}"

    @property
    def receive_status(self) -> ReceiveStatus:
        return receive_status(self.quantity, self.qty_fulfilled)

    @property
    def receive_label(self) -> str:
        return RECEIVE_LABELS[self.receive_status]


class PurchaseReceipt(TradeDocument):
    """采购入库单: goods came in and we owe for them. A reversal has negative lines."""

    kind: ClassVar[str] = "purchase_receipt"
    prefix: ClassVar[str] = "CGRK"
    flow: ClassVar[Flow] = POSTING_FLOW

    reversal_of = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="reversed_by"
    )

    class Meta(TradeDocument.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(status__in=POSTING_STATUSES), name="purchase_receipt_status"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["-dated", "-id"], name="purchase_receipt_newest"),
            models.Index(fields=["partner", "-dated", "-id"], name="purchase_receipt_partner"),
            unfinished("purchase_receipt"),
        ]


class PurchaseReceiptLine(TradeLine):
    """`source_line`: the order line it fulfils; none for a receipt without an order.

    `qty_returned`: what went back to the supplier, base units.
    """

    document = models.ForeignKey(PurchaseReceipt, models.CASCADE, related_name="lines")
    source_line = models.ForeignKey(
        PurchaseOrderLine, models.PROTECT, null=True, related_name="fulfilled_by"
    )
    qty_returned = QuantityField(default=0)

    class Meta(TradeLine.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(quantity__lt=0)
                | models.Q(qty_returned__gte=0, qty_returned__lte=models.F("quantity")),
                name="purchase_receipt_line_returned",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document_id}/{self.position}"


class PurchaseReturn(TradeDocument):
    """采购退货单: goods went back to the supplier and we owe less.

    Without an origin it needs a reason. A reversal has negative lines.
    """

    kind: ClassVar[str] = "purchase_return"
    prefix: ClassVar[str] = "CGTH"
    flow: ClassVar[Flow] = POSTING_FLOW

    reversal_of = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="reversed_by"
    )

    class Meta(TradeDocument.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(status__in=POSTING_STATUSES), name="purchase_return_status"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["-dated", "-id"], name="purchase_return_newest"),
            models.Index(fields=["partner", "-dated", "-id"], name="purchase_return_partner"),
            unfinished("purchase_return"),
        ]


class PurchaseReturnLine(TradeLine):
    """`source_line`: the receipt line the goods go back to, whose cost they take along.

    Without it they leave at the average cost.
    """

    document = models.ForeignKey(PurchaseReturn, models.CASCADE, related_name="lines")
    source_line = models.ForeignKey(
        PurchaseReceiptLine, models.PROTECT, null=True, related_name="returned_by"
    )

    def __str__(self) -> str:
        return f"{self.document_id}/{self.position}"
