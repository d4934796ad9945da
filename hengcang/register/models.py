"""Any document as a row of one view."""

from typing import ClassVar

from django.db import models

from hengcang.documents.models import TradeDocumentQuerySet


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

    objects = TradeDocumentQuerySet.as_manager()

    class Meta:
        managed = False
        db_table = "document_row"
        ordering: ClassVar = ["-dated", "-document_id"]

    def __str__(self) -> str:
        return self.number or self.key
