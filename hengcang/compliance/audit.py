"""Write one audit line in the caller's transaction: no effect without a trace."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from hengcang.books.copying import copy_rows
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


class Act(NamedTuple):
    """What one audit line says: who did what to which thing."""

    actor: Actor
    verb: str
    subject: Subject
    facts: dict[str, object]


def record_all(acts: Iterable[Act]) -> None:
    """One line per act is appended, in the order given, as by `record` one after the other."""
    copy_rows(
        AuditLine._meta.db_table,
        ("actor_id", "actor_name", "verb", "kind", "subject_id", "label", "facts"),
        (
            (
                act.actor.id,
                act.actor.name,
                act.verb,
                act.subject.kind,
                act.subject.id,
                act.subject.label,
                json.dumps(act.facts),
            )
            for act in acts
        ),
    )
