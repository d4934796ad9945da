"""移库单: goods of one warehouse change their bin."""

from typing import ClassVar

from django.db import models

from hengcang.documents.flow import POSTING_FLOW, POSTING_STATUSES, Flow
from hengcang.documents.models import Document, DocumentLine, unfinished


class BinMove(Document):
    """移库单: goods of one warehouse lie in another of its bins."""

    kind: ClassVar[str] = "bin_move"
    prefix: ClassVar[str] = "YKD"
    flow: ClassVar[Flow] = POSTING_FLOW

    reversal_of = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="reversed_by"
    )

    class Meta(Document.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(status__in=POSTING_STATUSES), name="bin_move_status"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["-dated", "-id"], name="bin_move_newest"),
            unfinished("bin_move"),
        ]


class BinMoveLine(DocumentLine):
    """`bin`: where the goods were (null: in none), `to_bin`: where they are then."""

    document = models.ForeignKey(BinMove, models.CASCADE, related_name="lines")
    to_bin = models.ForeignKey(
        "places.BinLocation", models.PROTECT, null=True, related_name="+", db_index=False
    )

    def __str__(self) -> str:
        return f"{self.document_id}/{self.position}"
