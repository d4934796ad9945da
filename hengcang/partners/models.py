"""Customers and suppliers."""

from typing import ClassVar, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import Now

from hengcang.columns import MoneyField, RateField
from hengcang.kernel.actor import Actor


class PartnerCategory(models.Model):
    """A class of partners: 商超, 五金店, 厂家."""

    name = models.CharField(max_length=40, unique=True)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class PriceTier(models.Model):
    """等级: customers who pay the same prices: 零售, 批发, VIP."""

    name = models.CharField(max_length=40, unique=True)

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return self.name


class PartnerQuerySet(models.QuerySet["Partner"]):
    def visible_to(self, actor: Actor) -> Self:
        """All partners, or the actor's own where the role is limited to them."""
        if actor.partner_id is not None:
            return self.filter(id=actor.partner_id)
        if actor.own_partners_only:
            return self.filter(models.Q(salesperson_id=actor.id) | models.Q(salesperson=None))
        return self


class Partner(models.Model):
    """Someone we trade with; the same company may be customer and supplier.

    Being a customer or a supplier is having that profile row.
    """

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    category = models.ForeignKey(PartnerCategory, models.PROTECT, null=True, related_name="+")
    salesperson = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    address = models.CharField(max_length=200, blank=True)
    tax_no = models.CharField(max_length=30, blank=True)
    bank_name = models.CharField(max_length=80, blank=True)
    bank_account = models.CharField(max_length=40, blank=True)
    note = models.CharField(max_length=500, blank=True)
    is_active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)
    search_text = models.TextField(default="")
    search_initials = models.TextField(default="")
    search_tokens = ArrayField(models.TextField(), default=list)
    created_at = models.DateTimeField(db_default=Now())

    objects = PartnerQuerySet.as_manager()

    class Meta:
        ordering = ("code",)
        indexes: ClassVar = [
            GinIndex(
                fields=["search_tokens"],
                name="partner_tokens",
                gin_pending_list_limit=1024,
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CustomerProfile(models.Model):
    """The partner buys from us. A null limit is no limit."""

    partner = models.OneToOneField(Partner, models.CASCADE, related_name="customer")
    credit_limit = MoneyField(null=True)
    credit_days = models.PositiveSmallIntegerField(default=0)
    price_tier = models.ForeignKey(PriceTier, models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return f"客户 {self.partner_id}"


class CreditGrade(models.TextChoices):
    """How far we trust a supplier."""

    A = "A", "A 优秀"
    B = "B", "B 良好"
    C = "C", "C 一般"
    D = "D", "D 谨慎"


class SupplierProfile(models.Model):
    """The partner sells to us.

    `over_receipt_rate`: how many percent more than ordered may come in; null: as the item says.
    """

    partner = models.OneToOneField(Partner, models.CASCADE, related_name="supplier")
    credit_grade = models.CharField(max_length=1, choices=CreditGrade, default=CreditGrade.B)
    credit_days = models.PositiveSmallIntegerField(default=0)
    lead_time_days = models.PositiveSmallIntegerField(null=True)
    over_receipt_rate = RateField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(credit_grade__in=CreditGrade.values), name="supplier_grade"
            ),
            models.CheckConstraint(
                condition=models.Q(over_receipt_rate__gte=0, over_receipt_rate__lte=100),
                name="supplier_over_receipt_rate",
            ),
        ]

    def __str__(self) -> str:
        return f"供应商 {self.partner_id}"


class Contact(models.Model):
    """A person at a partner."""

    partner = models.ForeignKey(Partner, models.CASCADE, related_name="contacts")
    name = models.CharField(max_length=40)
    title = models.CharField(max_length=40, blank=True)
    phone = models.CharField(max_length=30, blank=True)
    email = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return self.name
