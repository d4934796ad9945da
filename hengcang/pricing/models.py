"""Price lists and agreed prices. All prices are per unit of their row, 4 dp, as a line states them.

A validity includes both its days; without a last day it does not end.
"""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

from hengcang.columns import PriceField


class PriceList(models.Model):
    """价格本: prices for a time, by item, unit and customers' tier."""

    name = models.CharField(max_length=60, unique=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    note = models.CharField(max_length=200, blank=True)
    is_active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ("-valid_from", "-id")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True)
                | models.Q(valid_to__gte=models.F("valid_from")),
                name="price_list_validity",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PriceListLine(models.Model):
    """The price of an item in a unit, for one tier or, without a tier, for every customer."""

    price_list = models.ForeignKey(PriceList, models.CASCADE, related_name="lines")
    item = models.ForeignKey("catalog.Item", models.PROTECT, related_name="+")
    item_uom = models.ForeignKey("catalog.ItemUom", models.PROTECT, related_name="+")
    tier = models.ForeignKey("partners.PriceTier", models.PROTECT, null=True, related_name="+")
    price = PriceField()

    class Meta:
        ordering = ("id",)
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["price_list", "item_uom", "tier"],
                nulls_distinct=False,
                name="price_once_per_list_unit_and_tier",
            ),
            models.CheckConstraint(
                condition=models.Q(price__gte=0), name="price_list_line_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.price_list_id}/{self.item_id}"


class CustomerPrice(models.Model):
    """协议价: what one customer pays for an item in a unit, for a time."""

    partner = models.ForeignKey("partners.Partner", models.PROTECT, related_name="+")
    item = models.ForeignKey("catalog.Item", models.PROTECT, related_name="+")
    item_uom = models.ForeignKey("catalog.ItemUom", models.PROTECT, related_name="+")
    price = PriceField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        ordering = ("id",)
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["partner", "item_uom", "valid_from"],
                name="agreed_price_once_per_unit_and_day",
            ),
            models.CheckConstraint(
                condition=models.Q(price__gte=0)
                & (
                    models.Q(valid_to__isnull=True) | models.Q(valid_to__gte=models.F("valid_from"))
                ),
                name="agreed_price_validity",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.partner_id}/{self.item_id}"
