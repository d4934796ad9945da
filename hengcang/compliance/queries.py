"""Reads of the audit log."""

from dataclasses import dataclass

from django.db import connection
from django.db.models import Q, QuerySet

from hengcang.compliance.models import AuditLine
from hengcang.kernel.actor import Actor
from hengcang.kernel.errors import Refused


def timeline(actor: Actor, kind: str, subject_id: int) -> QuerySet[AuditLine]:
    """What happened to one thing, oldest first. The caller has shown that the actor sees it."""
    assert actor is not None
    return AuditLine.objects.filter(kind=kind, subject_id=subject_id).order_by("id")


def times(actor: Actor, verb: str, kind: str, subject_id: int) -> int:
    """How often a verb was done to one thing. The caller has shown that the actor sees it."""
    return timeline(actor, kind, subject_id).filter(verb=verb).count()


def audit_lines(actor: Actor) -> QuerySet[AuditLine]:
    """The whole log, newest first. Raises Refused("forbidden") without audit.view."""
    if not actor.may("audit.view"):
        raise Refused("forbidden", permission="audit.view", permission_label="查看审计日志")
    return AuditLine.objects.order_by("-id")


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which lines to show. `before` is the id of the last line seen; "" and None mean all."""

    words: str = ""
    kind: str = ""
    before: int | None = None
    limit: int = 50


def listed_lines(actor: Actor, wanted: AuditFilter) -> list[AuditLine]:
    """One page of the log, newest first. Raises Refused("forbidden") without audit.view."""
    rows = audit_lines(actor)
    if wanted.words:
        named = Q(actor_name__icontains=wanted.words) | Q(label__icontains=wanted.words)
        rows = rows.filter(named | Q(facts__number__icontains=wanted.words))
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    if wanted.before is not None:
        rows = rows.filter(id__lt=wanted.before)
    return list(rows[: wanted.limit])


def altered_lines() -> list[int]:
    """Ids of lines whose content no longer matches their hash. Must always be empty."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM compliance_auditline l WHERE row_hash <> compliance_audit_hash(l)"
        )
        return [row[0] for row in cursor.fetchall()]
