"""Warehouses and the bins in them."""

from typing import ClassVar

from django.db import models


class Warehouse(models.Model):
    """A place with its own stock. `allow_negative` stands on its balance rows too, which follow it;
    `knew_negatives`: whether it was ever so, hence its past may run below zero.

    `uses_bins` is true once it has a bin: then lines that go out look where the goods are.
    `is_transit`: the one place, made by itself, where goods stand that left one warehouse and have
    not reached another; nobody sells from it or names it on a document.
    """

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=60)
    address = models.CharField(max_length=200, blank=True)
    is_active = models.BooleanField(default=True)
    allow_negative = models.BooleanField(default=False)
    knew_negatives = models.BooleanField(default=False, db_default=False)
    uses_bins = models.BooleanField(default=False)
    is_transit = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["is_transit"],
                condition=models.Q(is_transit=True),
                name="one_transit_warehouse",
            ),
        ]
        ordering = ("code",)

    def __str__(self) -> str:
        return self.name


class BinLocation(models.Model):
    """A shelf place inside a warehouse."""

    warehouse = models.ForeignKey(Warehouse, models.PROTECT, related_name="bins")
    code = models.CharField(max_length=30)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["warehouse", "code"], name="bin_once_per_warehouse"),
        ]
        ordering = ("code",)

    def __str__(self) -> str:
        return self.code
