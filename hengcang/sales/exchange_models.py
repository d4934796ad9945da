"""Exchanges: goods come back and others go out, on one paper."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from hengcang.columns import MoneyField
from hengcang.documents.drafts import DIRECTION_LABELS, Direction
from hengcang.documents.flow import POSTING_FLOW, POSTING_STATUSES, Flow
from hengcang.documents.models import TradeDocument, TradeLine, unfinished

BACK, OUT = models.Q(direction=Direction.BACK.value), models.Q(direction=Direction.OUT.value)
WAYS = [(direction.value, label) for direction, label in DIRECTION_LABELS.items()]
MORE = models.Q(quantity__gte=0, amount_incl_tax__gte=0)
LESS = models.Q(quantity__lte=0, amount_incl_tax__lte=0)
TURNED = models.Q(quantity__gte=0, amount_incl_tax__lte=0)
UNTURNED = models.Q(quantity__lte=0, amount_incl_tax__gte=0)


class SalesExchange(TradeDocument):
    """换货单: goods came back, others went out, and the customer owes the difference.

    `out_amount` and `back_amount` are both sides with tax, 2 dp; `amount_incl_tax` is out − back,
    below zero when the customer gets money back. A reversal has all three negated.
    """

    kind: ClassVar[str] = "sales_exchange"
    prefix: ClassVar[str] = "XSHH"
    flow: ClassVar[Flow] = POSTING_FLOW
    negated: ClassVar[tuple[str, ...]] = ("out_amount", "back_amount")

    channel = models.ForeignKey("sales.SalesChannel", models.PROTECT, null=True, related_name="+")
    salesperson = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    out_amount = MoneyField(default=0)
    back_amount = MoneyField(default=0)
    reversal_of = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="reversed_by"
    )

    class Meta(TradeDocument.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(status__in=POSTING_STATUSES), name="sales_exchange_status"
            ),
            models.CheckConstraint(
                condition=models.Q(
                    amount_incl_tax=models.F("out_amount") - models.F("back_amount")
                ),
                name="sales_exchange_difference",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["-dated", "-id"], name="sales_exchange_newest"),
            models.Index(fields=["partner", "-dated", "-id"], name="sales_exchange_partner"),
            unfinished("sales_exchange"),
        ]


class SalesExchangeLine(TradeLine):
    """A line that comes back or goes out. Quantities are as typed, amounts are what it adds to the
    debt: those of a line that comes back are below zero.

    `source_line`: the delivery line it came from, whose cost it takes back. Without it
    `cost_amount` (2 dp, for the line) is what the goods come in at.
    """

    mirrored: ClassVar[tuple[str, ...]] = ("direction",)
    part_sign: ClassVar[int] = -1

    document = models.ForeignKey(SalesExchange, models.CASCADE, related_name="lines")
    direction = models.CharField(max_length=4, choices=WAYS)
    is_gift = models.BooleanField(default=False)
    is_sample = models.BooleanField(default=False)
    source_line = models.ForeignKey(
        "sales.SalesDeliveryLine", models.PROTECT, null=True, related_name="exchanged_by"
    )
    cost_amount = MoneyField(null=True)

    class Meta(TradeLine.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=(BACK & (TURNED | UNTURNED)) | (OUT & (MORE | LESS)),
                name="sales_exchange_line_direction",
            ),
            models.CheckConstraint(
                condition=(
                    BACK
                    & (models.Q(source_line__isnull=False) | models.Q(cost_amount__isnull=False))
                )
                | (OUT & models.Q(source_line__isnull=True, cost_amount__isnull=True)),
                name="sales_exchange_line_has_a_cost",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["item", "-id"], condition=OUT, name="sales_exchange_line_item"),
        ]

    def __str__(self) -> str:
        return f"{self.document_id}/{self.position}"
