"""Items, their families, units and barcodes."""

from decimal import Decimal
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import Now

from hengcang.columns import PriceField, RateField


class Uom(models.Model):
    """A unit people count in: 个, 箱, 千克."""

    name = models.CharField(max_length=20, unique=True)

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return self.name


class ItemCategory(models.Model):
    """A node of the category tree; `path` is the names from the root, for sorting and filters."""

    name = models.CharField(max_length=40)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    path = models.CharField(max_length=200, unique=True)

    class Meta:
        ordering = ("path",)

    def __str__(self) -> str:
        return self.path


class Brand(models.Model):
    """Whose goods."""

    name = models.CharField(max_length=40, unique=True)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Attribute(models.Model):
    """What variants of a family differ in: 颜色, 尺码."""

    name = models.CharField(max_length=20, unique=True)

    def __str__(self) -> str:
        return self.name


class AttributeValue(models.Model):
    """One value of an attribute: 红, XL."""

    attribute = models.ForeignKey(Attribute, models.PROTECT, related_name="values")
    name = models.CharField(max_length=30)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["attribute", "name"], name="value_once_per_attribute"),
        ]
        ordering = ("id",)

    def __str__(self) -> str:
        return self.name


class ItemFamily(models.Model):
    """款: what variants share. Its items differ by the values of its attributes."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    attributes = models.ManyToManyField(Attribute, related_name="families")

    class Meta:
        ordering = ("code",)

    def __str__(self) -> str:
        return self.name


class Item(models.Model):
    """商品: what is counted. Quantities in the books are in its base unit.

    `over_receipt_rate`: how many percent more than ordered may come in, unless the supplier says.
    `needs_inspection`: purchased goods come in as 待检, and are inspected before they are sold.
    `quantity_places` is how fine the base unit may be divided (0 to 6 decimals).
    `quantity_places` is how fine the base unit may be divided (0 to 6 decimals); of an item with
    serial numbers it is 0: each piece has its own.
    Codes are kept in upper case. The `search_` columns are derived by kernel.search.
    The token index takes new rows in heaps of 1 MB: an import is five times as fast, and a
    search that has to read such a heap takes half a millisecond longer.
    """

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    spec = models.CharField(max_length=80, blank=True)
    mnemonic = models.CharField(max_length=80, blank=True)
    category = models.ForeignKey(ItemCategory, models.PROTECT, null=True, related_name="items")
    brand = models.ForeignKey(Brand, models.PROTECT, null=True, related_name="items")
    family = models.ForeignKey(ItemFamily, models.PROTECT, null=True, related_name="items")
    attribute_values = models.ManyToManyField(AttributeValue, related_name="items")
    base_uom = models.ForeignKey(Uom, models.PROTECT, related_name="+")
    quantity_places = models.PositiveSmallIntegerField(default=0)
    tax_rate = RateField(default=Decimal(13))
    sale_price = PriceField(null=True)
    purchase_price = PriceField(null=True)
    floor_price = PriceField(null=True)
    tracks_batch = models.BooleanField(default=False)
    tracks_serials = models.BooleanField(default=False)
    shelf_life_days = models.PositiveIntegerField(null=True)
    near_expiry_days = models.PositiveIntegerField(null=True)
    over_receipt_rate = RateField(default=0)
    needs_inspection = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)
    search_text = models.TextField(default="")
    search_initials = models.TextField(default="")
    search_tokens = ArrayField(models.TextField(), default=list)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ("code",)
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(quantity_places__lte=6), name="item_quantity_places"
            ),
            models.CheckConstraint(
                condition=models.Q(tax_rate__gte=0, tax_rate__lt=100), name="item_tax_rate"
            ),
            models.CheckConstraint(
                condition=models.Q(over_receipt_rate__gte=0, over_receipt_rate__lte=100),
                name="item_over_receipt_rate",
            ),
            models.CheckConstraint(
                condition=models.Q(tracks_serials=False) | models.Q(quantity_places=0),
                name="item_with_serials_is_whole",
            ),
        ]
        indexes: ClassVar = [
            GinIndex(
                fields=["search_tokens"],
                name="item_tokens",
                gin_pending_list_limit=1024,
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ItemUom(models.Model):
    """A unit of an item: quantity in it × ratio_num ÷ ratio_den = base units, exactly.

    The base unit has a row too, with ratio 1/1, so that every line names one ItemUom.
    """

    item = models.ForeignKey(Item, models.PROTECT, related_name="uoms")
    uom = models.ForeignKey(Uom, models.PROTECT, related_name="+")
    ratio_num = models.PositiveIntegerField(default=1)
    ratio_den = models.PositiveIntegerField(default=1)
    sale_price = PriceField(null=True)
    purchase_price = PriceField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["item", "uom"], name="uom_once_per_item"),
            models.CheckConstraint(
                condition=models.Q(ratio_num__gt=0, ratio_den__gt=0), name="item_uom_ratio"
            ),
        ]
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.uom.name} = {self.ratio_num}/{self.ratio_den}"


class Barcode(models.Model):
    """A code on a package; it names the item and the unit it packs. Unique in the book."""

    code = models.CharField(max_length=40, unique=True)
    item_uom = models.ForeignKey(ItemUom, models.PROTECT, related_name="barcodes")
    item = models.ForeignKey(Item, models.PROTECT, related_name="barcodes")

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return self.code


class ItemSubstitute(models.Model):
    """替代品: what can be given instead of an item, one for one; `both_ways`: and the reverse."""

    item = models.ForeignKey(Item, models.PROTECT, related_name="substitutes")
    substitute = models.ForeignKey(Item, models.PROTECT, related_name="stands_in_for")
    both_ways = models.BooleanField(default=True)
    note = models.CharField(max_length=100, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["item", "substitute"], name="substitute_once"),
            models.CheckConstraint(
                condition=~models.Q(item=models.F("substitute")), name="substitute_is_another"
            ),
        ]
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.item_id} → {self.substitute_id}"


class Batch(models.Model):
    """批次: goods of one item that were made together. What is not known of it is empty."""

    item = models.ForeignKey(Item, models.PROTECT, related_name="batches")
    batch_no = models.CharField(max_length=40)
    mfg_date = models.DateField(null=True)
    expiry_date = models.DateField(null=True)
    version = models.PositiveIntegerField(db_default=1)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["item", "batch_no"], name="batch_once_per_item"),
            models.CheckConstraint(
                condition=models.Q(mfg_date__isnull=True)
                | models.Q(expiry_date__isnull=True)
                | models.Q(expiry_date__gte=models.F("mfg_date")),
                name="batch_expires_after_it_was_made",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["expiry_date"],
                name="batch_by_expiry",
                condition=models.Q(expiry_date__isnull=False),
            ),
        ]
        ordering = ("expiry_date", "batch_no")

    def __str__(self) -> str:
        return self.batch_no


class SerialNumber(models.Model):
    """序列号: one piece of an item, for life. Where it is, and was, stands in the ledger."""

    item = models.ForeignKey(Item, models.PROTECT, related_name="serials", db_index=False)
    serial_no = models.CharField(max_length=60)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["item", "serial_no"], name="serial_once_per_item"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["serial_no"], name="serial_by_number", opclasses=["varchar_pattern_ops"]
            )
        ]
        ordering = ("id",)

    def __str__(self) -> str:
        return self.serial_no
