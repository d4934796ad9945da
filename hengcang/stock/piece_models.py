"""The table of single pieces that were scanned for a count. Part of stock.models."""

from typing import ClassVar

from django.db import models


class TallyPiece(models.Model):
    """A serial number that somebody scanned: on which line, and where the books stood then.

    `is_current` ends when it is taken back, or its place or line is counted anew.
    """

    document = models.ForeignKey("stock.StockCount", models.CASCADE, related_name="+")
    tally = models.ForeignKey("stock.StockTally", models.CASCADE, related_name="pieces")
    line = models.ForeignKey("stock.StockCountLine", models.PROTECT, related_name="+")
    item = models.ForeignKey("catalog.Item", models.PROTECT, related_name="+", db_index=False)
    serial_no = models.CharField(max_length=60)
    position = models.BigIntegerField()
    is_current = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["document", "item", "serial_no"],
                condition=models.Q(is_current=True),
                name="piece_counted_once",
            ),
        ]

    def __str__(self) -> str:
        return self.serial_no
