"""Requisitions, purchase orders, receipts and returns."""

from typing import ClassVar

from django.db import models

from hengcang.columns import PriceField, QuantityField
from hengcang.documents.flow import (
    ORDER_FLOW,
    ORDER_STATUSES,
    POSTING_FLOW,
    POSTING_STATUSES,
    Flow,
)
from hengcang.documents.models import (
    Document,
    DocumentLine,
    TradeDocument,
    TradeLine,
    unfinished,
)
from hengcang.purchasing import watching_models  # noqa: F401 - so Django knows them
from hengcang.purchasing.arriving_models import ArrivalNotice as ArrivalNotice
from hengcang.purchasing.arriving_models import ArrivalNoticeLine as ArrivalNoticeLine
from hengcang.purchasing.inquiry_models import SupplierQuoteLine
from hengcang.purchasing.inspecting import QualityInspection as QualityInspection
from hengcang.purchasing.inspecting import QualityInspectionLine as QualityInspectionLine
from hengcang.purchasing.rules import RECEIVE_LABELS, ReceiveStatus, receive_status


class PurchaseRequisition(Document):
    """请购单: what somebody inside needs. Promises nothing; orders cover its lines.

    `partner`: the supplier suggested for all lines that name none of their own.
    """

    kind: ClassVar[str] = "purchase_requisition"
    prefix: ClassVar[str] = "QGD"
    flow: ClassVar[Flow] = ORDER_FLOW

    due_date = models.DateField(null=True)
    partner = models.ForeignKey("partners.Partner", models.PROTECT, null=True, related_name="+")

    class Meta(Document.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(status__in=ORDER_STATUSES), name="requisition_status"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["-dated", "-id"], name="requisition_newest"),
            unfinished("requisition"),
        ]


class PurchaseRequisitionLine(DocumentLine):
    """`qty_fulfilled`: ordered so far, base units. `due_date` None: that of the header.

    `source_line_id`: the sales order line it is requested for. A plain number, because sales is
    none of purchasing's business; the line may be rewritten, and what is under way then serves
    any line of the item.
    """

    document = models.ForeignKey(PurchaseRequisition, models.CASCADE, related_name="lines")
    qty_fulfilled = QuantityField(default=0)
    supplier = models.ForeignKey("partners.Partner", models.PROTECT, null=True, related_name="+")
    due_date = models.DateField(null=True)
    source_line_id = models.BigIntegerField(null=True)

    class Meta(DocumentLine.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(qty_fulfilled__gte=0, qty_fulfilled__lte=models.F("quantity")),
                name="requisition_line_fulfilled",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["source_line_id"],
                condition=models.Q(source_line_id__isnull=False),
                name="requisition_line_source",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document_id}/{self.position}"


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

    `due_date`: null where it is the order's. `quote_line`: the supplier's quote it was chosen from.
    """

    document = models.ForeignKey(PurchaseOrder, models.CASCADE, related_name="lines")
    qty_fulfilled = QuantityField(default=0)
    due_date = models.DateField(null=True)
    quote_line = models.ForeignKey(
        SupplierQuoteLine, models.PROTECT, null=True, related_name="ordered_by"
    )

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


class RequisitionCover(models.Model):
    """`quantity` base units of a requisition line are ordered by an order line."""

    order_line = models.ForeignKey(PurchaseOrderLine, models.PROTECT, related_name="covers")
    requisition_line = models.ForeignKey(
        PurchaseRequisitionLine, models.PROTECT, related_name="covered_by"
    )
    quantity = QuantityField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["order_line", "requisition_line"], name="requisition_cover_once"
            ),
            models.CheckConstraint(
                condition=models.Q(quantity__gt=0), name="requisition_cover_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.requisition_line_id} → {self.order_line_id}: {self.quantity}"


class PurchaseReceipt(TradeDocument):
    """采购入库单: goods came in and we owe for them. A reversal has negative lines.

    `notice`: the arrival notice they were announced by.
    """

    kind: ClassVar[str] = "purchase_receipt"
    prefix: ClassVar[str] = "CGRK"
    flow: ClassVar[Flow] = POSTING_FLOW
    mirrored: ClassVar[tuple[str, ...]] = ("notice_id",)

    reversal_of = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="reversed_by"
    )
    notice = models.ForeignKey(ArrivalNotice, models.PROTECT, null=True, related_name="receipts")

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
    """`source_line`: the order line it fulfils; none for a receipt without an order. `notice_line`:
    what was announced of it.

    `qty_returned`: what went back to the supplier; of what came in 待检 `qty_inspected` was
    inspected and `qty_rejected` of that is no good. Base units.
    """

    mirrored: ClassVar[tuple[str, ...]] = ("notice_line_id",)

    document = models.ForeignKey(PurchaseReceipt, models.CASCADE, related_name="lines")
    source_line = models.ForeignKey(
        PurchaseOrderLine, models.PROTECT, null=True, related_name="fulfilled_by"
    )
    notice_line = models.ForeignKey(
        ArrivalNoticeLine, models.PROTECT, null=True, related_name="received_by"
    )
    qty_returned = QuantityField(default=0)
    qty_inspected = QuantityField(default=0)
    qty_rejected = QuantityField(default=0)

    class Meta(TradeLine.Meta):
        indexes: ClassVar = [
            models.Index(
                fields=["document"],
                condition=models.Q(stock_status="qc", qty_inspected__lt=models.F("quantity")),
                name="receipt_line_to_inspect",
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(quantity__lt=0)
                | models.Q(
                    qty_rejected__gte=0,
                    qty_rejected__lte=models.F("qty_inspected"),
                    qty_inspected__lte=models.F("quantity"),
                ),
                name="purchase_receipt_line_inspected",
            ),
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


class SupplierPrice(models.Model):
    """供应商价格表: what a supplier asks per unit, from a quantity on, in a span of days.

    Several rows by `min_quantity` are its steps. `moq`, `order_multiple` and `min_quantity` are
    in the row's unit.
    """

    partner = models.ForeignKey("partners.Partner", models.PROTECT, related_name="+")
    item = models.ForeignKey("catalog.Item", models.PROTECT, related_name="+")
    item_uom = models.ForeignKey("catalog.ItemUom", models.PROTECT, related_name="+")
    min_quantity = QuantityField(default=0)
    price = PriceField()
    includes_tax = models.BooleanField(default=True)
    moq = QuantityField(null=True)
    order_multiple = QuantityField(null=True)
    lead_time_days = models.PositiveSmallIntegerField(null=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["partner", "item", "item_uom", "min_quantity", "valid_from"],
                name="supplier_price_step_once",
            ),
            models.CheckConstraint(
                condition=models.Q(price__gte=0, min_quantity__gte=0),
                name="supplier_price_not_negative",
            ),
            models.CheckConstraint(
                condition=models.Q(valid_to=None) | models.Q(valid_to__gte=models.F("valid_from")),
                name="supplier_price_span",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.partner_id}/{self.item_id} {self.min_quantity}: {self.price}"
