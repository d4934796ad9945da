"""The audit log of a book."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now


class AuditLine(models.Model):
    """One thing somebody did. Append-only; `row_hash` is filled by a trigger.

    `facts` never holds a figure that the reader of the log may not see: costs stay in the books.
    """

    at = models.DateTimeField(db_default=Now())
    actor_id = models.BigIntegerField()
    actor_name = models.CharField(max_length=80)
    verb = models.CharField(max_length=60)
    kind = models.CharField(max_length=40, default="")
    subject_id = models.BigIntegerField(null=True)
    label = models.CharField(max_length=80, default="")
    facts = models.JSONField(default=dict)
    row_hash = models.BinaryField(default=b"")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["kind", "subject_id", "id"], name="audit_of_subject"),
            models.Index(fields=["-id"], name="audit_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.actor_name} {self.verb} {self.label}"
