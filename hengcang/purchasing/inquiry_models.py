"""What suppliers are asked, and what they answer."""

from typing import ClassVar

from django.db import models

from hengcang.columns import QuantityField
from hengcang.documents.flow import INQUIRY_FLOW, INQUIRY_STATUSES, Flow
from hengcang.documents.models import (
    Document,
    DocumentLine,
    TradeDocument,
    TradeLine,
    unfinished,
)


class Rfq(Document):
    """询价单: several suppliers are asked for the same lines. Promises nothing."""

    kind: ClassVar[str] = "rfq"
    prefix: ClassVar[str] = "XJD"
    flow: ClassVar[Flow] = INQUIRY_FLOW

    due_date = models.DateField(null=True)

    class Meta(Document.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(status__in=INQUIRY_STATUSES), name="rfq_status"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["-dated", "-id"], name="rfq_newest"),
            unfinished("rfq"),
        ]


class RfqLine(DocumentLine):
    """How much of an item is asked for; base units beside the unit typed."""

    document = models.ForeignKey(Rfq, models.CASCADE, related_name="lines")

    def __str__(self) -> str:
        return f"{self.document_id}/{self.position}"


class RfqSupplier(models.Model):
    """A supplier who is asked; `asked_on`: the day it was written down."""

    rfq = models.ForeignKey(Rfq, models.CASCADE, related_name="suppliers")
    partner = models.ForeignKey("partners.Partner", models.PROTECT, related_name="+")
    asked_on = models.DateField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["rfq", "partner"], name="rfq_supplier_once"),
        ]

    def __str__(self) -> str:
        return f"{self.rfq_id}: {self.partner_id}"


class SupplierQuote(TradeDocument):
    """供应商报价: what one supplier answers, good until `valid_until`. Promises nothing."""

    kind: ClassVar[str] = "supplier_quote"
    prefix: ClassVar[str] = "GYBJ"
    flow: ClassVar[Flow] = INQUIRY_FLOW

    valid_until = models.DateField()

    class Meta(TradeDocument.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(status__in=INQUIRY_STATUSES), name="supplier_quote_status"
            ),
            models.CheckConstraint(
                condition=models.Q(valid_until__gte=models.F("dated")), name="supplier_quote_valid"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["-dated", "-id"], name="supplier_quote_newest"),
            models.Index(fields=["partner", "-dated", "-id"], name="supplier_quote_partner"),
            unfinished("supplier_quote"),
        ]


class SupplierQuoteLine(TradeLine):
    """`source_line`: what was asked; none for an offer nobody asked for. `moq` is in the line's
    unit, `lead_time_days` from the order on.
    """

    document = models.ForeignKey(SupplierQuote, models.CASCADE, related_name="lines")
    source_line = models.ForeignKey(RfqLine, models.PROTECT, null=True, related_name="answered_by")
    moq = QuantityField(null=True)
    lead_time_days = models.PositiveSmallIntegerField(null=True)

    class Meta(TradeLine.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(moq=None) | models.Q(moq__gt=0), name="supplier_quote_line_moq"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document_id}/{self.position}"
