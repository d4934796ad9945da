"""Columns that every document shares. Abstract: each type keeps its own table."""

from collections.abc import Collection
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models.functions import Now

from hengcang.columns import MoneyField, PriceField, QuantityField, RateField
from hengcang.documents.flow import OF_ONE_TYPE, STATUS_LABELS, Flow, Status
from hengcang.documents.rules import Amounts
from hengcang.kernel.actor import Actor

STATUS_CHOICES = [
    (status.value, label) for status, label in STATUS_LABELS.items() if status not in OF_ONE_TYPE
]


def unfinished(kind: str) -> models.Index:
    """The few papers that somebody still works on, newest first, among a million that are done."""
    statuses = [Status.DRAFT.value, Status.PENDING.value, Status.APPROVED.value]
    return models.Index(
        fields=["status", "-dated", "-id"],
        condition=models.Q(status__in=statuses),
        name=f"{kind}_unfinished",
    )


class DocumentQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor) -> Self:
        """Rows in the actor's warehouses. Papers without a partner are ours alone."""
        if actor.partner_id is not None:
            return self.none()
        if actor.warehouse_ids is None:
            return self
        return self.filter(self.placed_in(actor.warehouse_ids))

    def placed_in(self, warehouse_ids: Collection[int]) -> models.Q:
        """Documents that these warehouses have to do with."""
        return models.Q(warehouse_id__in=warehouse_ids)


class TradeDocumentQuerySet(DocumentQuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """As above, and of partners in scope; an outsider sees the partner's own papers."""
        if actor.partner_id is not None:
            return self.filter(partner_id=actor.partner_id)
        rows = super().visible_to(actor)
        if actor.own_partners_only:
            mine = models.Q(partner__salesperson_id=actor.id)
            return rows.filter(mine | models.Q(partner__salesperson=None))
        return rows


class Document(models.Model):
    """What an order, a delivery and a count have in common: very little.

    Keyed by (kind, id); the number is a label, taken when the document leaves draft.
    `version` rises with every change, so that a stale page is told.
    """

    kind: ClassVar[str]
    prefix: ClassVar[str]
    flow: ClassVar[Flow]
    mirrored: ClassVar[tuple[str, ...]] = ()  # own columns that a reversal has as its original
    negated: ClassVar[tuple[str, ...]] = ()  # own amounts: a reversal's are negative

    number = models.CharField(max_length=24, unique=True, null=True)  # noqa: DJ001 - drafts have none
    status = models.CharField(max_length=16, choices=STATUS_CHOICES, default=Status.DRAFT.value)
    dated = models.DateField()
    warehouse = models.ForeignKey("places.Warehouse", models.PROTECT, related_name="+")
    external_no = models.CharField(max_length=60, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    note = models.CharField(max_length=500, blank=True)
    client_uuid = models.UUIDField(unique=True)
    version = models.PositiveIntegerField(default=1)
    created_by_id = models.BigIntegerField()
    created_by_name = models.CharField(max_length=80)
    created_at = models.DateTimeField(db_default=Now())

    objects = DocumentQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ("-dated", "-id")

    def __str__(self) -> str:
        return self.number or f"草稿 {self.pk}"


class TradeDocument(Document):
    """A document with someone outside. Money columns are the sums of its lines.

    `bill_discount` and `rounding_off` were taken off the whole as typed, `discount_carried` comes
    from the documents its lines follow; the sums are what is left.
    """

    partner = models.ForeignKey("partners.Partner", models.PROTECT, related_name="+")
    prices_include_tax = models.BooleanField(default=True)
    net_amount = MoneyField(default=0)
    tax_amount = MoneyField(default=0)
    amount_incl_tax = MoneyField(default=0)
    bill_discount = MoneyField(default=0)
    rounding_off = MoneyField(default=0)
    discount_carried = MoneyField(default=0)

    objects = TradeDocumentQuerySet.as_manager()  # type: ignore[misc]

    class Meta(Document.Meta):
        abstract = True


class DocumentLine(models.Model):
    """One item on a document: what was typed, and the exact base quantity.

    Negative on a reversal. `batch`, `bin` and `stock_status` say which goods of the item: they are
    part of the stock key.
    """

    mirrored: ClassVar[tuple[str, ...]] = ()  # own columns that a reversal has as its original
    negated: ClassVar[tuple[str, ...]] = ()  # own quantities and amounts: a reversal's are negative

    position = models.PositiveIntegerField()
    item = models.ForeignKey("catalog.Item", models.PROTECT, related_name="+")
    item_uom = models.ForeignKey("catalog.ItemUom", models.PROTECT, related_name="+")
    quantity_in_unit = QuantityField()
    quantity = QuantityField()
    note = models.CharField(max_length=200, blank=True)
    batch = models.ForeignKey(
        "catalog.Batch", models.PROTECT, null=True, related_name="+", db_index=False
    )
    bin = models.ForeignKey(
        "places.BinLocation", models.PROTECT, null=True, related_name="+", db_index=False
    )
    stock_status = models.CharField(max_length=8, default="good")

    class Meta:
        abstract = True
        ordering = ("position",)


class TradeLine(DocumentLine):
    """A line with a price. `price` is per typed unit; the amounts are rounded to the cent.

    `bill_share`: what a discount on the whole document took off them already. `part_sign`: -1 on
    lines whose amounts are negated where they take from a source line.
    """

    part_sign: ClassVar[int] = 1

    price = PriceField()
    discount_rate = RateField(default=100)
    tax_rate = RateField()
    net_amount = MoneyField()
    tax_amount = MoneyField()
    amount_incl_tax = MoneyField()
    bill_share = MoneyField(default=0)

    class Meta(DocumentLine.Meta):
        abstract = True

    @property
    def amounts(self) -> Amounts:
        return Amounts(self.net_amount, self.tax_amount, self.amount_incl_tax)


class Attachment(models.Model):
    """A file on a document, keyed (kind, id); its bytes are its chunks.

    A row is never deleted. `is_kept`: the bytes are still there.
    """

    id = models.UUIDField(primary_key=True)
    kind = models.CharField(max_length=40)
    document_id = models.BigIntegerField()
    name = models.CharField(max_length=120)
    size = models.PositiveIntegerField()
    media_type = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64)
    added_by_id = models.BigIntegerField()
    added_by_name = models.CharField(max_length=80)
    added_at = models.DateTimeField(db_default=Now())
    removed_at = models.DateTimeField(null=True)
    removed_by_name = models.CharField(max_length=80, blank=True)
    removed_why = models.CharField(max_length=200, blank=True)
    is_kept = models.BooleanField(default=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["kind", "document_id"], name="attachment_of_document"),
        ]

    def __str__(self) -> str:
        return self.name


class AttachmentChunk(models.Model):
    """A piece of an attachment's bytes; written once."""

    attachment = models.ForeignKey(
        Attachment, models.PROTECT, related_name="chunks", db_index=False
    )
    position = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["attachment", "position"], name="one_chunk_of_attachment"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.attachment_id}/{self.position}"


class LineSerial(models.Model):
    """A serial number as a line of a document names it: of a draft as typed, of a posted document
    what moved. Keyed by kind, document and line; the books check that it is a piece of the item.

    `part` tells a line's pieces apart that go different ways: 0, or 1 for what is rejected.
    """

    kind = models.CharField(max_length=40)
    document_id = models.BigIntegerField()
    position = models.PositiveIntegerField()
    ordinal = models.PositiveIntegerField()
    item = models.ForeignKey("catalog.Item", models.PROTECT, related_name="+", db_index=False)
    serial_no = models.CharField(max_length=60)
    part = models.PositiveIntegerField(default=0, db_default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["kind", "document_id", "item", "serial_no"],
                name="serial_once_per_document",
            ),
        ]
        ordering = ("position", "ordinal")

    def __str__(self) -> str:
        return self.serial_no


class NumberSeries(models.Model):
    """The last number given out for one kind and month of business date."""

    kind = models.CharField(max_length=40)
    month = models.DateField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "month"], name="one_series_per_kind_and_month"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.month:%Y%m}"


class Intent(models.Model):
    """One thing a client wanted once: its UUID, the hash of its body and what came of it."""

    key = models.UUIDField(primary_key=True)
    body_sha256 = models.CharField(max_length=64)
    kind = models.CharField(max_length=40, default="")
    document_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return str(self.key)
