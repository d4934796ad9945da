"""Parts lists, and the documents that make goods of other goods."""

from typing import ClassVar

from django.db import models

from hengcang.columns import MoneyField, QuantityField
from hengcang.documents.flow import POSTING_FLOW, POSTING_STATUSES, Flow
from hengcang.documents.models import Document, DocumentLine, unfinished


class PartsList(models.Model):
    """物料清单: what goes into `output_quantity` base units of an item."""

    item = models.OneToOneField("catalog.Item", models.PROTECT, related_name="+")
    output_quantity = QuantityField(default=1)
    is_active = models.BooleanField(default=True)
    note = models.CharField(max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(output_quantity__gt=0), name="parts_list_makes_something"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_id}"


class PartsListLine(models.Model):
    """`quantity` base units of a part go into the list's output."""

    parts_list = models.ForeignKey(PartsList, models.CASCADE, related_name="lines")
    position = models.PositiveIntegerField()
    item = models.ForeignKey("catalog.Item", models.PROTECT, related_name="+")
    quantity = QuantityField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["parts_list", "item"], name="part_once_per_list"),
            models.CheckConstraint(
                condition=models.Q(quantity__gt=0), name="parts_list_line_uses_something"
            ),
        ]
        ordering = ("position",)

    def __str__(self) -> str:
        return f"{self.parts_list_id}/{self.position}"


class Making(Document):
    """What assemblies and disassemblies share: the product and how much of it, base units.

    On a reversal the quantity is that of its original; its lines are negated.
    """

    flow: ClassVar[Flow] = POSTING_FLOW
    mirrored: ClassVar[tuple[str, ...]] = (
        "product_id",
        "product_quantity",
        "product_batch_id",
        "product_bin_id",
    )

    product = models.ForeignKey("catalog.Item", models.PROTECT, related_name="+")
    product_quantity = QuantityField()
    product_batch = models.ForeignKey(
        "catalog.Batch", models.PROTECT, null=True, related_name="+", db_index=False
    )
    product_bin = models.ForeignKey(
        "places.BinLocation", models.PROTECT, null=True, related_name="+", db_index=False
    )
    reversal_of = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="reversed_by"
    )

    class Meta(Document.Meta):
        abstract = True


def _constraints(kind: str) -> list[models.BaseConstraint]:
    return [
        models.CheckConstraint(
            condition=models.Q(status__in=POSTING_STATUSES), name=f"{kind}_status"
        ),
        models.CheckConstraint(
            condition=models.Q(product_quantity__gt=0), name=f"{kind}_makes_something"
        ),
    ]


class Assembly(Making):
    """组装单: parts left, the product came in at what they cost and `extra_cost` (2 dp)."""

    kind: ClassVar[str] = "assembly"
    prefix: ClassVar[str] = "ZZD"
    mirrored: ClassVar[tuple[str, ...]] = (*Making.mirrored, "extra_cost")

    extra_cost = MoneyField(null=True)

    class Meta(Making.Meta):
        constraints: ClassVar = _constraints("assembly")
        indexes: ClassVar = [
            models.Index(fields=["-dated", "-id"], name="assembly_newest"),
            unfinished("assembly"),
        ]


class AssemblyLine(DocumentLine):
    """A part that was used; its cost is in the books."""

    document = models.ForeignKey(Assembly, models.CASCADE, related_name="lines")

    def __str__(self) -> str:
        return f"{self.document_id}/{self.position}"


class Disassembly(Making):
    """拆卸单: the product left at cost, its parts came in and divide that cost."""

    kind: ClassVar[str] = "disassembly"
    prefix: ClassVar[str] = "CXD"

    class Meta(Making.Meta):
        constraints: ClassVar = _constraints("disassembly")
        indexes: ClassVar = [
            models.Index(fields=["-dated", "-id"], name="disassembly_newest"),
            unfinished("disassembly"),
        ]


class DisassemblyLine(DocumentLine):
    """`cost_amount`: what the part is reckoned at, 2 dp: its weight in the product's cost.

    None until it is posted where nobody stated one: then the average of that moment.
    """

    document = models.ForeignKey(Disassembly, models.CASCADE, related_name="lines")
    cost_amount = MoneyField(null=True)

    def __str__(self) -> str:
        return f"{self.document_id}/{self.position}"
