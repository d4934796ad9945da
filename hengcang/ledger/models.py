"""The books. Only hengcang.ledger writes here, and entries only by appending."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

from hengcang.columns import MoneyField, QuantityField
from hengcang.ledger import (
    kept_models,  # noqa: F401 - Django looks for tables here
    serial_models,  # noqa: F401 - Django finds models from here
)
from hengcang.ledger.entries import Account, Promise, StockStatus

STOCK_STATUS_CHOICES = [
    (StockStatus.GOOD.value, "良品"),
    (StockStatus.QC.value, "待检"),
    (StockStatus.DEFECT.value, "不良"),
    (StockStatus.FROZEN.value, "冻结"),
]
PROMISE_CHOICES = [(Promise.RESERVED.value, "占用"), (Promise.ON_ORDER.value, "在途")]
ACCOUNT_CHOICES = [(Account.RECEIVABLE.value, "应收"), (Account.PAYABLE.value, "应付")]


class CostScope(models.TextChoices):
    """Whether one average serves the whole company or each warehouse has its own."""

    COMPANY = "company", "全公司"
    WAREHOUSE = "warehouse", "按仓库"


class CostMethod(models.TextChoices):
    """How issues are valued."""

    MOVING_AVERAGE = "moving_average", "移动加权"


class Taxpayer(models.TextChoices):
    """Decides whether input tax is deducted (stock valued net) or part of the cost (gross)."""

    GENERAL = "general", "一般纳税人"
    SMALL = "small", "小规模纳税人"


class BookTerms(models.Model):
    """What was chosen at go-live. One row (id 1); the cost scope does not change afterwards."""

    company_name = models.CharField(max_length=120)
    go_live_date = models.DateField()
    taxpayer = models.CharField(max_length=10, choices=Taxpayer, default=Taxpayer.GENERAL)
    cost_scope = models.CharField(max_length=10, choices=CostScope, default=CostScope.COMPANY)
    cost_method = models.CharField(
        max_length=20, choices=CostMethod, default=CostMethod.MOVING_AVERAGE
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(id=1), name="one_book_terms"),
        ]

    def __str__(self) -> str:
        return self.company_name


class Period(models.Model):
    """A month. Made at go-live and on demand, closed and reopened in order."""

    month = models.DateField(primary_key=True)
    closed_at = models.DateTimeField(null=True)
    closed_by_id = models.BigIntegerField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(month__day=1), name="period_is_a_month"),
        ]
        ordering = ("month",)

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"


class PostingRecord(models.Model):
    """One document's effect on the books. Append-only; (kind, id) makes a second one impossible."""

    kind = models.CharField(max_length=40)
    source_id = models.BigIntegerField()
    dated = models.DateField()
    posted_at = models.DateTimeField(db_default=Now())
    actor_id = models.BigIntegerField()
    reversal_of = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="reversed_by"
    )
    recosted_entries = models.PositiveIntegerField(default=0)
    recosted_value = MoneyField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "source_id"], name="posted_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.source_id}"


class CostBalance(models.Model):
    """Quantity and value per cost key: item, scope (null: whole company), batch where specific.

    The row is the lock of its key: whoever appends entries holds it, so that positions rise per
    key in commit order. `last_dated` tells whether a posting is back-dated.
    """

    item = models.ForeignKey("catalog.Item", models.PROTECT, related_name="+")
    scope_warehouse = models.ForeignKey(
        "places.Warehouse", models.PROTECT, null=True, related_name="+"
    )
    batch_id = models.BigIntegerField(null=True)
    quantity = QuantityField(default=0)
    value = MoneyField(default=0)
    last_dated = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["item", "scope_warehouse", "batch_id"],
                name="one_cost_balance_per_key",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=models.Q(quantity__gte=0, value__gte=0), name="cost_not_negative"
            ),
            models.CheckConstraint(
                condition=~models.Q(quantity=0) | models.Q(value=0), name="empty_shelf_no_money"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_id}@{self.scope_warehouse_id}"


class StockBalance(models.Model):
    """The sum of StockEntry per stock key; rebuildable, never the truth."""

    item = models.ForeignKey("catalog.Item", models.PROTECT, related_name="+")
    warehouse = models.ForeignKey("places.Warehouse", models.PROTECT, related_name="+")
    bin_id = models.BigIntegerField(null=True)
    batch_id = models.BigIntegerField(null=True)
    status = models.CharField(
        max_length=8, choices=STOCK_STATUS_CHOICES, default=StockStatus.GOOD.value
    )
    owner_id = models.BigIntegerField(null=True)
    quantity = QuantityField(default=0)
    allow_negative = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["item", "warehouse", "bin_id", "batch_id", "status", "owner_id"],
                name="one_stock_balance_per_key",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=models.Q(quantity__gte=0) | models.Q(allow_negative=True),
                name="no_negative_stock",
            ),
        ]
        # Found by batch, bin or an unusual status; none of these changes when goods move.
        indexes: ClassVar = [
            models.Index(
                fields=["batch_id"],
                name="stock_of_batch",
                condition=models.Q(batch_id__isnull=False),
            ),
            models.Index(
                fields=["bin_id"], name="stock_in_bin", condition=models.Q(bin_id__isnull=False)
            ),
            models.Index(
                fields=["status"],
                name="stock_not_good",
                condition=~models.Q(status=StockStatus.GOOD.value),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_id}@{self.warehouse_id}"


class StockEntry(models.Model):
    """Goods came (+) or went (−). Append-only; `position` rises per key in commit order.

    What comes in states `value_in` or follows another entry; an `is_move` entry is one half of a
    transfer inside its cost key and makes no cost event. `share`: part of what its posting makes:
    0 going out, its weight coming in. The truth is the replay by (dated, position).
    """

    position = models.BigAutoField(primary_key=True)
    posting = models.ForeignKey(PostingRecord, models.PROTECT, related_name="stock")
    line = models.PositiveIntegerField()
    stock = models.ForeignKey(StockBalance, models.PROTECT, related_name="entries")
    cost = models.ForeignKey(CostBalance, models.PROTECT, related_name="entries")
    item = models.ForeignKey(
        "catalog.Item", models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    warehouse = models.ForeignKey(
        "places.Warehouse", models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    dated = models.DateField()
    quantity = QuantityField()
    value_in = MoneyField(null=True)
    value_from = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="followers", db_index=False
    )
    is_move = models.BooleanField(default=False)
    share = QuantityField(null=True)
    value_added = MoneyField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["posting", "line"], name="one_entry_per_line"),
            models.CheckConstraint(condition=~models.Q(quantity=0), name="stock_entry_moves"),
            models.CheckConstraint(
                condition=models.Q(value_in=None)
                | models.Q(value_in__gte=0, quantity__gt=0, value_from=None),
                name="stated_value_comes_in",
            ),
            models.CheckConstraint(
                condition=models.Q(quantity__lt=0)
                | models.Q(value_in__isnull=False)
                | models.Q(value_from__isnull=False)
                | models.Q(share__isnull=False),
                name="what_comes_in_has_a_value",
            ),
            models.CheckConstraint(
                condition=models.Q(share=None, value_added=None)
                | models.Q(share=0, quantity__lt=0, value_added=None, value_from=None)
                | models.Q(
                    models.Q(value_added=None) | models.Q(value_added__gte=0),
                    share__gte=0,
                    quantity__gt=0,
                    value_in=None,
                    value_from=None,
                ),
                name="a_making_gives_or_takes",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["cost", "dated", "position"], name="stock_entry_by_cost"),
            models.Index(fields=["stock", "dated", "position"], name="stock_entry_by_stock"),
            models.Index(fields=["dated"], name="stock_entry_by_day"),
            models.Index(
                fields=["value_from"],
                name="stock_entry_followers",
                condition=models.Q(value_from__isnull=False),
            ),
            models.Index(
                fields=["cost", "dated"],
                name="stock_entry_makings",
                condition=models.Q(share__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.position}"


class EntryCost(models.Model):
    """The computed value of an issue or of an entry that follows; signed like its quantity.

    Rewritten only by the ledger; a trigger freezes it once its period is closed.
    """

    entry = models.OneToOneField(
        StockEntry, models.PROTECT, primary_key=True, related_name="cost_of"
    )
    value = MoneyField()
    variance = MoneyField(default=0)

    def __str__(self) -> str:
        return f"#{self.entry_id}: {self.value}"


class PromiseEntry(models.Model):
    """Goods were promised (+) or the promise ended (−), for one line of an order. Append-only."""

    promise = models.CharField(max_length=10, choices=PROMISE_CHOICES)
    item = models.ForeignKey(
        "catalog.Item", models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    warehouse = models.ForeignKey(
        "places.Warehouse", models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    quantity = QuantityField()
    kind = models.CharField(max_length=40)
    source_id = models.BigIntegerField()
    line = models.PositiveIntegerField()
    at = models.DateTimeField(db_default=Now())
    posting = models.ForeignKey(PostingRecord, models.PROTECT, null=True, related_name="promises")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["kind", "source_id", "line"], name="promise_of_line"),
        ]

    def __str__(self) -> str:
        return f"{self.promise} {self.quantity}"


class Availability(models.Model):
    """Per item and warehouse: on hand (good status), reserved, on order.

    Available = on hand − reserved.
    """

    item = models.ForeignKey("catalog.Item", models.PROTECT, related_name="+")
    warehouse = models.ForeignKey("places.Warehouse", models.PROTECT, related_name="+")
    on_hand = QuantityField(default=0)
    reserved = QuantityField(default=0)
    on_order = QuantityField(default=0)
    allow_negative = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["item", "warehouse"], name="one_availability_per_key"),
            models.CheckConstraint(
                condition=models.Q(reserved__gte=0, on_order__gte=0), name="promises_not_negative"
            ),
            models.CheckConstraint(
                condition=models.Q(reserved__lte=models.F("on_hand"))
                | models.Q(allow_negative=True),
                name="only_stock_is_reserved",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_id}@{self.warehouse_id}"


class MoneyEntry(models.Model):
    """A partner's account rose (+) or fell (−). Append-only."""

    posting = models.ForeignKey(PostingRecord, models.PROTECT, related_name="money")
    partner = models.ForeignKey("partners.Partner", models.PROTECT, related_name="+")
    account = models.CharField(max_length=12, choices=ACCOUNT_CHOICES)
    amount = MoneyField()
    dated = models.DateField()
    due = models.DateField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["partner", "account", "dated", "id"], name="money_of_partner"),
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.amount}"


class PartnerBalance(models.Model):
    """The sum of MoneyEntry per partner and account."""

    partner = models.ForeignKey("partners.Partner", models.PROTECT, related_name="+")
    account = models.CharField(max_length=12, choices=ACCOUNT_CHOICES)
    amount = MoneyField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["partner", "account"], name="one_balance_per_partner_account"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.amount}"


class Verification(models.Model):
    """One run of the check of the books: how many differences, and the first of them."""

    at = models.DateTimeField(db_default=Now())
    differences = models.PositiveIntegerField()
    detail = models.JSONField(default=list)
    seconds = models.DecimalField(max_digits=10, decimal_places=3)

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.differences}"
