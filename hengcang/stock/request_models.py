"""要货单: what a shop asks another warehouse for."""

from typing import ClassVar

from django.db import models

from hengcang.columns import QuantityField
from hengcang.documents.flow import ORDER_FLOW, ORDER_STATUSES, Flow, Status
from hengcang.documents.models import Document, DocumentLine, DocumentQuerySet, unfinished


class ShopRequestQuerySet(DocumentQuerySet):
    def placed_in(self, warehouse_ids: object) -> models.Q:
        """Requests of these warehouses, and those that ask them."""
        asked = models.Q(to_warehouse_id__in=warehouse_ids)
        return models.Q(warehouse_id__in=warehouse_ids) | asked


class ShopRequest(Document):
    """要货单: `warehouse`, a shop, asks `to_warehouse` for goods. Promises and reserves nothing;
    transfers bring what it is allocated.
    """

    kind: ClassVar[str] = "shop_request"
    prefix: ClassVar[str] = "YHD"
    flow: ClassVar[Flow] = ORDER_FLOW

    to_warehouse = models.ForeignKey("places.Warehouse", models.PROTECT, related_name="+")
    due_date = models.DateField(null=True)

    objects = ShopRequestQuerySet.as_manager()  # type: ignore[misc]

    class Meta(Document.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(status__in=ORDER_STATUSES), name="shop_request_status"
            ),
            models.CheckConstraint(
                condition=~models.Q(warehouse=models.F("to_warehouse")),
                name="shop_request_asks_elsewhere",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["-dated", "-id"], name="shop_request_newest"),
            models.Index(
                fields=["to_warehouse", "dated", "id"],
                condition=models.Q(status=Status.APPROVED.value),
                name="shop_request_to_allocate",
            ),
            unfinished("shop_request"),
        ]


class ShopRequestLine(DocumentLine):
    """`qty_allocated`: on transfers that stand, drafts too; `qty_fulfilled`: shipped of that. Base
    units. `due_date` None: that of the header.
    """

    document = models.ForeignKey(ShopRequest, models.CASCADE, related_name="lines")
    qty_allocated = QuantityField(default=0)
    qty_fulfilled = QuantityField(default=0)
    due_date = models.DateField(null=True)

    class Meta(DocumentLine.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(
                    qty_fulfilled__gte=0,
                    qty_fulfilled__lte=models.F("qty_allocated"),
                    qty_allocated__lte=models.F("quantity"),
                ),
                name="shop_request_line_allocated",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document_id}/{self.position}"

    @property
    def receive_label(self) -> str:
        """How far the line is, in a word; its document is loaded."""
        if self.qty_fulfilled == self.quantity:
            return "已发齐"
        if self.document.status == Status.CLOSED_FORCED and self.qty_allocated < self.quantity:
            return "余数已结"
        if self.qty_fulfilled:
            return "部分已发"
        return "已配未发" if self.qty_allocated else "未配"
