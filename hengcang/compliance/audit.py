"""Write one audit line in the caller's transaction: no effect without a trace."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from django.db import connection

from hengcang.books.copying import copy_rows
from hengcang.compliance.models import AuditLine
from hengcang.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class Subject:
    """What was acted upon: keyed by (kind, id); the label is for the reader."""

    kind: str
    id: int | None = None
    label: str = ""


_COLUMNS = (
    "INSERT INTO compliance_auditline"
    " (actor_id, actor_name, verb, kind, subject_id, label, facts, row_hash) "
)


def record(actor: Actor, verb: str, subject: Subject, **facts: object) -> None:
    """One line is appended; it commits or rolls back with the act itself."""
    # Plain SQL: every act pays for this line, and the ORM would triple its price.
    with connection.cursor() as cursor:
        cursor.execute(
            _COLUMNS + "VALUES (%s, %s, %s, %s, %s::bigint, %s, %s::jsonb, '')",
            [
                *(actor.id, actor.name, verb, subject.kind, subject.id, subject.label),
                json.dumps(facts, ensure_ascii=False),
            ],
        )


def record_numbered(
    actor: Actor, verb: str, subject: Subject, table: str, facts: dict[str, object]
) -> None:
    """As record; the label is the number that the subject's row of the table has by now."""
    with connection.cursor() as cursor:
        cursor.execute(
            _COLUMNS + "SELECT %s, %s, %s, %s, id, coalesce(number, ''), %s::jsonb, ''"
            f" FROM {connection.ops.quote_name(table)} WHERE id = %s",
            [
                *(actor.id, actor.name, verb, subject.kind),
                json.dumps(facts, ensure_ascii=False),
                subject.id,
            ],
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
