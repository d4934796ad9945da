"""Sales orders, deliveries and returns."""

from collections.abc import Collection
from typing import ClassVar

from django.conf import settings
from django.db import models

from hengcang.columns import MoneyField, QuantityField
from hengcang.documents.flow import (
    ORDER_FLOW,
    ORDER_STATUSES,
    POSTING_FLOW,
    POSTING_STATUSES,
    QUOTE_FLOW,
    QUOTE_STATUSES,
    STATUS_LABELS,
    Flow,
    Status,
)
from hengcang.documents.models import (
    TradeDocument,
    TradeDocumentQuerySet,
    TradeLine,
    unfinished,
)
from hengcang.sales.exchange_models import SalesExchange as SalesExchange
from hengcang.sales.exchange_models import SalesExchangeLine as SalesExchangeLine
from hengcang.sales.shipment_models import Shipment as Shipment
from hengcang.sales.shipment_models import ShipmentEvent as ShipmentEvent
from hengcang.sales.standing_models import StandingOrder as StandingOrder
from hengcang.sales.standing_models import StandingOrderLine as StandingOrderLine


class SalesChannel(models.Model):
    """销售渠道: by which way a sale came, 门店 or 电商."""

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=40)
    is_active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return self.name


class SalesQuote(TradeDocument):
    """报价单: what a customer is offered until `valid_until`. Reserves nothing."""

    kind: ClassVar[str] = "sales_quote"
    prefix: ClassVar[str] = "BJD"
    flow: ClassVar[Flow] = QUOTE_FLOW

    channel = models.ForeignKey(SalesChannel, models.PROTECT, null=True, related_name="+")
    salesperson = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    status = models.CharField(
        max_length=16,
        choices=[(value, STATUS_LABELS[Status(value)]) for value in QUOTE_STATUSES],
        default=Status.DRAFT.value,
    )
    valid_until = models.DateField()

    class Meta(TradeDocument.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(status__in=QUOTE_STATUSES), name="sales_quote_status"
            ),
            models.CheckConstraint(
                condition=models.Q(valid_until__gte=models.F("dated")), name="sales_quote_valid"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["-dated", "-id"], name="sales_quote_newest"),
            models.Index(fields=["partner", "-dated", "-id"], name="sales_quote_partner"),
            unfinished("sales_quote"),
        ]


class SalesQuoteLine(TradeLine):
    """`qty_fulfilled`: what approved orders took of it so far, base units."""

    document = models.ForeignKey(SalesQuote, models.CASCADE, related_name="lines")
    qty_fulfilled = QuantityField(default=0)

    class Meta(TradeLine.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(qty_fulfilled__gte=0, qty_fulfilled__lte=models.F("quantity")),
                name="sales_quote_line_fulfilled",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document_id}/{self.position}"


class SalesOrderQuerySet(TradeDocumentQuerySet):
    def placed_in(self, warehouse_ids: Collection[int]) -> models.Q:
        """Orders of these warehouses, and those of which a line goes from one of them."""
        here = SalesOrderLine.objects.filter(warehouse_id__in=warehouse_ids)
        return models.Q(warehouse_id__in=warehouse_ids) | models.Q(
            pk__in=here.order_by().values("document_id")
        )


class SalesOrder(TradeDocument):
    """销售订单: what a customer asked for. Reserves stock; a delivery moves it."""

    kind: ClassVar[str] = "sales_order"
    prefix: ClassVar[str] = "XSDD"
    flow: ClassVar[Flow] = ORDER_FLOW

    channel = models.ForeignKey(SalesChannel, models.PROTECT, null=True, related_name="+")
    salesperson = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    due_date = models.DateField(null=True)

    objects = SalesOrderQuerySet.as_manager()  # type: ignore[misc]

    class Meta(TradeDocument.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(status__in=ORDER_STATUSES), name="sales_order_status"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["-dated", "-id"], name="sales_order_newest"),
            models.Index(fields=["partner", "-dated", "-id"], name="sales_order_partner"),
            unfinished("sales_order"),
        ]


class SalesOrderLine(TradeLine):
    """`qty_fulfilled`: delivered so far; `qty_reserved`: what is held for the rest. Base units.

    `source_line`: the quote line it takes up. `due_date`: when it is wanted, `warehouse`: whence it
    goes; null as the order is.
    """

    document = models.ForeignKey(SalesOrder, models.CASCADE, related_name="lines")
    source_line = models.ForeignKey(
        SalesQuoteLine, models.PROTECT, null=True, related_name="fulfilled_by"
    )
    is_gift = models.BooleanField(default=False)
    is_sample = models.BooleanField(default=False)
    qty_fulfilled = QuantityField(default=0)
    qty_reserved = QuantityField(default=0)
    due_date = models.DateField(null=True)
    warehouse = models.ForeignKey(
        "places.Warehouse", models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta(TradeLine.Meta):
        indexes: ClassVar = [
            models.Index(
                fields=["warehouse", "item"],
                condition=models.Q(warehouse__isnull=False),
                name="sales_order_line_elsewhere",
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(
                    qty_fulfilled__gte=0,
                    qty_reserved__gte=0,
                    qty_fulfilled__lte=models.F("quantity") - models.F("qty_reserved"),
                ),
                name="sales_order_line_fulfilled",
            ),
        ]

    @property
    def place_id(self) -> int:
        """The warehouse its goods go from."""
        place: int = self.warehouse_id or self.document.warehouse_id
        return place

    def __str__(self) -> str:
        return f"{self.document_id}/{self.position}"


class SalesDelivery(TradeDocument):
    """销售出库单: goods left and the customer owes for them. A reversal has negative lines."""

    kind: ClassVar[str] = "sales_delivery"
    prefix: ClassVar[str] = "XSCK"
    flow: ClassVar[Flow] = POSTING_FLOW

    channel = models.ForeignKey(SalesChannel, models.PROTECT, null=True, related_name="+")
    salesperson = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    reversal_of = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="reversed_by"
    )

    class Meta(TradeDocument.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(status__in=POSTING_STATUSES), name="sales_delivery_status"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["-dated", "-id"], name="sales_delivery_newest"),
            models.Index(fields=["partner", "-dated", "-id"], name="sales_delivery_partner"),
            unfinished("sales_delivery"),
        ]


class SalesDeliveryLine(TradeLine):
    """`source_line`: the order line it fulfils. `qty_returned`: what came back, base units.

    `qty_unreserved`: how much of the line's reservation this delivery consumed, so that a
    reversal puts the same back.
    """

    document = models.ForeignKey(SalesDelivery, models.CASCADE, related_name="lines")
    is_gift = models.BooleanField(default=False)
    is_sample = models.BooleanField(default=False)
    source_line = models.ForeignKey(
        SalesOrderLine, models.PROTECT, null=True, related_name="fulfilled_by"
    )
    qty_returned = QuantityField(default=0)
    qty_unreserved = QuantityField(default=0)

    class Meta(TradeLine.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(quantity__lt=0)
                | models.Q(qty_returned__gte=0, qty_returned__lte=models.F("quantity")),
                name="sales_delivery_line_returned",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["item", "-id"], name="sales_delivery_line_item"),
        ]

    def __str__(self) -> str:
        return f"{self.document_id}/{self.position}"


class SalesReturn(TradeDocument):
    """销售退货单: goods came back and the customer owes less.

    Without an origin it needs a reason.
    """

    kind: ClassVar[str] = "sales_return"
    prefix: ClassVar[str] = "XSTH"
    flow: ClassVar[Flow] = POSTING_FLOW

    channel = models.ForeignKey(SalesChannel, models.PROTECT, null=True, related_name="+")
    salesperson = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    reversal_of = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="reversed_by"
    )

    class Meta(TradeDocument.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(status__in=POSTING_STATUSES), name="sales_return_status"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["-dated", "-id"], name="sales_return_newest"),
            models.Index(fields=["partner", "-dated", "-id"], name="sales_return_partner"),
            unfinished("sales_return"),
        ]


class SalesReturnLine(TradeLine):
    """`source_line`: the delivery line the goods came from, whose cost they take back.

    Without it `cost_amount` (2 dp, for the line) is what the goods come in at.
    """

    document = models.ForeignKey(SalesReturn, models.CASCADE, related_name="lines")
    is_gift = models.BooleanField(default=False)
    is_sample = models.BooleanField(default=False)
    source_line = models.ForeignKey(
        SalesDeliveryLine, models.PROTECT, null=True, related_name="returned_by"
    )
    cost_amount = MoneyField(null=True)

    class Meta(TradeLine.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(source_line__isnull=False) | models.Q(cost_amount__isnull=False),
                name="sales_return_line_has_a_cost",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document_id}/{self.position}"


class CustomerItemCode(models.Model):
    """客户货号: what a customer calls an item of ours; kept in upper case. Without a unit it names
    the item alone."""

    partner = models.ForeignKey("partners.Partner", models.CASCADE, related_name="+")
    code = models.CharField(max_length=40)
    item = models.ForeignKey("catalog.Item", models.PROTECT, related_name="+")
    item_uom = models.ForeignKey("catalog.ItemUom", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["partner", "code"], name="customer_item_code_once"),
        ]
        ordering = ("code",)

    def __str__(self) -> str:
        return self.code


class CustomerAlias(models.Model):
    """A wording of a customer's that a person has matched to an item; `phrase` is how the pasting
    rules write it, without blanks."""

    partner = models.ForeignKey("partners.Partner", models.CASCADE, related_name="+")
    phrase = models.CharField(max_length=120)
    item = models.ForeignKey("catalog.Item", models.PROTECT, related_name="+")
    chosen_by_name = models.CharField(max_length=80)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["partner", "phrase"], name="customer_alias_once"),
        ]
        ordering = ("phrase",)

    def __str__(self) -> str:
        return self.phrase
