"""定期订单: what a customer wants again and again."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

from hengcang.columns import QuantityField


class Rhythm(models.TextChoices):
    """What `every` counts."""

    WEEKLY = "weekly", "周"
    MONTHLY = "monthly", "月"


class StandingOrder(models.Model):
    """An order draft is made on `next_on`, then every `every` weeks or months until `until`.

    `day`: the day of the month wanted, of shorter months the last. `trouble`: why the last order
    could not be made, in words; it is tried again every day.
    """

    partner = models.ForeignKey("partners.Partner", models.PROTECT, related_name="+")
    warehouse = models.ForeignKey("places.Warehouse", models.PROTECT, related_name="+")
    rhythm = models.CharField(max_length=8, choices=Rhythm.choices)
    every = models.PositiveSmallIntegerField(default=1)
    day = models.PositiveSmallIntegerField()
    next_on = models.DateField()
    until = models.DateField(null=True)
    note = models.CharField(max_length=200, blank=True)
    trouble = models.CharField(max_length=300, blank=True)
    is_active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)
    created_by_id = models.BigIntegerField()
    created_by_name = models.CharField(max_length=80)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ("next_on", "id")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(
                    rhythm__in=Rhythm.values, every__gte=1, every__lte=52, day__gte=1, day__lte=31
                ),
                name="standing_order_rhythm",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["next_on"], condition=models.Q(is_active=True), name="standing_order_due"
            ),
        ]

    def __str__(self) -> str:
        return f"定期订单 {self.pk}"


class StandingOrderLine(models.Model):
    """One item of every order that is made; its price is that of the day."""

    standing = models.ForeignKey(StandingOrder, models.CASCADE, related_name="lines")
    position = models.PositiveIntegerField()
    item = models.ForeignKey("catalog.Item", models.PROTECT, related_name="+")
    item_uom = models.ForeignKey("catalog.ItemUom", models.PROTECT, related_name="+")
    quantity_in_unit = QuantityField()

    class Meta:
        ordering = ("position",)

    def __str__(self) -> str:
        return f"{self.standing_id}/{self.position}"
