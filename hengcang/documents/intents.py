"""Exactly once: the idempotency key is the first row an action writes."""

import hashlib
from dataclasses import asdict, is_dataclass
from decimal import Decimal
from uuid import UUID

from django.db import connection

from hengcang.kernel.errors import Refused
from hengcang.kernel.numbers import shown


def body_hash(verb: str, body: object) -> str:
    """SHA-256 of a verb and its plain-data body, the same from page, API and program."""
    plain = asdict(body) if is_dataclass(body) and not isinstance(body, type) else body
    return hashlib.sha256(f"{verb}:{_canonical(plain)!r}".encode()).hexdigest()


def _canonical(value: object) -> object:
    """The value with every amount written one way: 5, 5.0 and 5.00 are the same wish."""
    if isinstance(value, Decimal):
        return shown(value)
    if isinstance(value, dict):
        return {key: _canonical(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_canonical(inner) for inner in value]
    return value


def claim(key: UUID, verb: str, body: object) -> int | None:
    """None when the intent is new and now ours; else the id of the document it made before.

    A twin that arrives at the same time waits for the first to commit. A refused action rolls
    back its claim, so that the same intent may succeed later. Raises Refused("intent_reused")
    when the UUID came before with another body.
    """
    digest = body_hash(verb, body)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO documents_intent (key, body_sha256, kind) VALUES (%s, %s, '') "
            "ON CONFLICT (key) DO NOTHING RETURNING key",
            [key, digest],
        )
        if cursor.fetchone() is not None:
            return None
        cursor.execute(
            "SELECT body_sha256, document_id FROM documents_intent WHERE key = %s", [key]
        )
        before, document_id = cursor.fetchone()
    if before != digest:
        raise Refused("intent_reused", "client_uuid", client_uuid=str(key))
    assert document_id is not None, "an intent commits together with its document"
    return int(document_id)


def settle(key: UUID, kind: str, document_id: int) -> None:
    """The intent remembers what it made."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE documents_intent SET kind = %s, document_id = %s WHERE key = %s",
            [kind, document_id, key],
        )
