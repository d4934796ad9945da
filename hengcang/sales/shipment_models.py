"""发货与签收: how goods of deliveries travel, and who took them."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now


class ShipmentState(models.TextChoices):
    """How far a parcel is."""

    SHIPPED = "shipped", "待签收"
    SIGNED = "signed", "已签收"
    WITHDRAWN = "withdrawn", "已撤销"


class Shipment(models.Model):
    """发货: how goods of a posted delivery travel. It says nothing new about the delivery itself.

    `state` follows from the last of its events; all else stays as it was recorded.
    """

    delivery = models.ForeignKey("sales.SalesDelivery", models.PROTECT, related_name="shipments")
    carrier = models.CharField(max_length=60)
    tracking_no = models.CharField(max_length=60, blank=True)
    shipped_on = models.DateField()
    note = models.CharField(max_length=200, blank=True)
    state = models.CharField(
        max_length=10, choices=ShipmentState.choices, default=ShipmentState.SHIPPED.value
    )

    class Meta:
        ordering = ("id",)
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(state__in=ShipmentState.values), name="shipment_state"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["shipped_on", "id"],
                condition=models.Q(state="shipped"),
                name="shipment_unsigned",
            ),
            models.Index(fields=["tracking_no"], name="shipment_tracking_no"),
        ]

    def __str__(self) -> str:
        return f"{self.carrier} {self.tracking_no}".strip()


class ShipmentEvent(models.Model):
    """One thing that happened to a shipment, and who wrote it down. Only ever added.

    `state`: where it led. `text`: what differed at the signature, or why it was taken back.
    """

    shipment = models.ForeignKey(Shipment, models.PROTECT, related_name="events")
    state = models.CharField(max_length=10, choices=ShipmentState.choices)
    dated = models.DateField()
    signed_by = models.CharField(max_length=60, blank=True)
    text = models.CharField(max_length=200, blank=True)
    created_by_id = models.BigIntegerField()
    created_by_name = models.CharField(max_length=80)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.shipment_id} {self.state}"
