"""Write one audit line in the caller's transaction: no effect without a trace."""

from dataclasses import dataclass

from hengcang.compliance.models import AuditLine
from hengcang.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class Subject:
    """What was acted upon: keyed by (kind, id); the label is for the reader."""

    kind: str
    id: int | None = None
    label: str = ""


def record(actor: Actor, verb: str, subject: Subject, **facts: object) -> None:
    """One line is appended; it commits or rolls back with the act itself."""
    AuditLine.objects.create(
        actor_id=actor.id,
        actor_name=actor.name,
        verb=verb,
        kind=subject.kind,
        subject_id=subject.id,
        label=subject.label,
        facts=facts,
    )
