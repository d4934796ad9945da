"""Tables of 到货通知: what a supplier says is on its way, of lines of approved orders.

Part of purchasing.models, which imports them.
"""

from typing import ClassVar

from django.db import models

from hengcang.columns import QuantityField
from hengcang.documents.flow import ORDER_FLOW, ORDER_STATUSES, Flow
from hengcang.documents.models import TradeDocument, TradeLine, unfinished
from hengcang.purchasing.rules import RECEIVE_LABELS, ReceiveStatus, receive_status


class ArrivalNotice(TradeDocument):
    """到货通知: which ordered goods come when, and by whom. Moves no stock and no money.

    `due_date`: the day they are to arrive. The orders' promises stay as they are: what is announced
    is a part of what is on order. Its sums are what the goods cost at their orders' prices.
    """

    kind: ClassVar[str] = "arrival_notice"
    prefix: ClassVar[str] = "DHD"
    flow: ClassVar[Flow] = ORDER_FLOW

    due_date = models.DateField()
    carrier = models.CharField(max_length=60, blank=True)
    tracking_no = models.CharField(max_length=60, blank=True)

    class Meta(TradeDocument.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(status__in=ORDER_STATUSES), name="arrival_notice_status"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["-dated", "-id"], name="arrival_notice_newest"),
            models.Index(fields=["partner", "-dated", "-id"], name="arrival_notice_partner"),
            models.Index(
                fields=["due_date", "id"],
                condition=models.Q(status="approved"),
                name="arrival_notice_expected",
            ),
            unfinished("arrival_notice"),
        ]


class ArrivalNoticeLine(TradeLine):
    """`quantity`: announced, base units; `qty_fulfilled` of it came in through this notice, or more
    than that where the supplier sent more than announced.

    `source_line`: the order line it comes for. The batch is as the supplier calls it: it is made
    when it is received.
    """

    document = models.ForeignKey(ArrivalNotice, models.CASCADE, related_name="lines")
    source_line = models.ForeignKey(
        "purchasing.PurchaseOrderLine", models.PROTECT, related_name="announced_by"
    )
    qty_fulfilled = QuantityField(default=0)
    batch_no = models.CharField(max_length=40, blank=True)
    mfg_date = models.DateField(null=True)
    expiry_date = models.DateField(null=True)

    class Meta(TradeLine.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(quantity__gt=0, qty_fulfilled__gte=0),
                name="arrival_notice_line_quantities",
            ),
            models.CheckConstraint(
                condition=models.Q(mfg_date=None)
                | models.Q(expiry_date=None)
                | models.Q(expiry_date__gte=models.F("mfg_date")),
                name="arrival_notice_line_dates",
            ),
            models.UniqueConstraint(
                fields=["document", "source_line", "batch_no"], name="arrival_notice_line_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document_id}/{self.position}"

    @property
    def receive_status(self) -> ReceiveStatus:
        return receive_status(self.quantity, self.qty_fulfilled)

    @property
    def receive_label(self) -> str:
        return RECEIVE_LABELS[self.receive_status]
