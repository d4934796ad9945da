"""Reads of the audit log."""

from django.db import connection
from django.db.models import QuerySet

from hengcang.compliance.models import AuditLine
from hengcang.kernel.actor import Actor
from hengcang.kernel.errors import Refused


def timeline(actor: Actor, kind: str, subject_id: int) -> QuerySet[AuditLine]:
    """What happened to one thing, oldest first. The caller has shown that the actor sees it."""
    assert actor is not None
    return AuditLine.objects.filter(kind=kind, subject_id=subject_id).order_by("id")


def audit_lines(actor: Actor) -> QuerySet[AuditLine]:
    """The whole log, newest first. Raises Refused("forbidden") without audit.view."""
    if not actor.may("audit.view"):
        raise Refused("forbidden", permission="audit.view")
    return AuditLine.objects.order_by("-id")


def altered_lines() -> list[int]:
    """Ids of lines whose content no longer matches their hash. Must always be empty."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM compliance_auditline l WHERE row_hash <> compliance_audit_hash(l)"
        )
        return [row[0] for row in cursor.fetchall()]
