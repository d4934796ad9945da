"""Any document as a row of one view."""

from collections.abc import Collection
from typing import ClassVar

from django.db import models

from hengcang.documents.models import TradeDocumentQuerySet
from hengcang.sales.models import SalesOrder, SalesOrderLine
from hengcang.stock.models import StockTransfer


class DocumentRowQuerySet(TradeDocumentQuerySet):
    def placed_in(self, warehouse_ids: Collection[int]) -> models.Q:
        """Documents of these warehouses, transfers to them, and orders of which a line goes from
        one of them.
        """
        coming = StockTransfer.objects.filter(to_warehouse_id__in=warehouse_ids).order_by()
        lines = SalesOrderLine.objects.filter(warehouse_id__in=warehouse_ids).order_by()
        return (
            models.Q(warehouse_id__in=warehouse_ids)
            | models.Q(kind=StockTransfer.kind, document_id__in=coming.values("pk"))
            | models.Q(kind=SalesOrder.kind, document_id__in=lines.values("document_id"))
        )


class DocumentRow(models.Model):
    """Read-only; keyed by (kind, id). Each arm of the view is a plain column list of one table."""

    key = models.CharField(max_length=60, primary_key=True)
    kind = models.CharField(max_length=40)
    document_id = models.BigIntegerField()
    number = models.CharField(max_length=24, null=True)  # noqa: DJ001 - drafts have none
    external_no = models.CharField(max_length=60)
    status = models.CharField(max_length=16)
    dated = models.DateField()
    warehouse = models.ForeignKey("places.Warehouse", models.DO_NOTHING, related_name="+")
    partner = models.ForeignKey("partners.Partner", models.DO_NOTHING, null=True, related_name="+")
    amount = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    created_by_name = models.CharField(max_length=80)
    created_at = models.DateTimeField()

    objects = DocumentRowQuerySet.as_manager()

    class Meta:
        managed = False
        db_table = "document_row"
        ordering: ClassVar = ["-dated", "-document_id"]

    def __str__(self) -> str:
        return self.number or self.key
