"""附件: files on documents of every kind, under the permissions of the document."""

import hashlib
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.db.models import QuerySet
from django.db.models.functions import Now

from hengcang.compliance import audit
from hengcang.compliance.audit import Subject
from hengcang.documents.attempts import action
from hengcang.documents.chunks import forget_chunks, read_chunks, write_chunks
from hengcang.documents.flow import Status
from hengcang.documents.models import Attachment
from hengcang.identity.access import demand
from hengcang.kernel.actor import Actor
from hengcang.kernel.errors import Refused
from hengcang.kernel.filetypes import safe_name, type_of
from hengcang.register.kinds import Kind
from hengcang.register.lists import one

MOST = 50  # files on one document
FORGETTABLE = frozenset({Status.DRAFT, Status.PENDING})
"""While a document never held, a file taken off it is gone; afterwards it is kept, marked."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as sent."""

    name: str
    content: bytes


def attachments(actor: Actor, kind: Kind, document_id: int) -> QuerySet[Attachment]:
    """The files of a document, oldest first, those taken off too.

    Raises Refused: forbidden, not_found.
    """
    document = one(actor, kind, document_id)
    return Attachment.objects.filter(kind=kind.code, document_id=document.pk).order_by(
        "added_at", "id"
    )


def attachment_file(
    actor: Actor, kind: Kind, document_id: int, attachment_id: UUID
) -> tuple[Attachment, bytes]:
    """One file with its bytes, also one that was taken off and kept.

    Raises Refused: forbidden, not_found, file_damaged (its bytes are not those that were sent).
    """
    found = attachments(actor, kind, document_id).filter(id=attachment_id).first()
    if found is None or not found.is_kept:
        raise Refused("not_found", what="附件")
    content = read_chunks(found.pk)
    if hashlib.sha256(content).hexdigest() != found.sha256:
        raise Refused("file_damaged", name=found.name)
    return found, content


@action
def add_attachment(kind: Kind, document_id: int, upload: Upload, *, actor: Actor) -> Attachment:
    """The file is on the document; the same bytes under the same name are there once.

    Locks the document. Raises Refused: forbidden, not_found, too_many_files, file_name_invalid,
    and those of type_of.
    """
    document = _locked(actor, kind, document_id)
    name = safe_name(upload.name)
    media = type_of(name, upload.content)
    digest = hashlib.sha256(upload.content).hexdigest()
    there = Attachment.objects.filter(
        kind=kind.code, document_id=document.pk, removed_at__isnull=True
    )
    if same := there.filter(sha256=digest, name=name).first():
        return same
    if there.count() >= MOST:
        raise Refused("too_many_files", "file", limit=MOST)
    made = Attachment.objects.create(
        id=uuid4(),
        kind=kind.code,
        document_id=document.pk,
        name=name,
        size=len(upload.content),
        media_type=media,
        sha256=digest,
        added_by_id=actor.id,
        added_by_name=actor.name,
    )
    write_chunks(made.pk, upload.content)
    audit.record(actor, f"{kind.code}.attach", _subject(kind, document), name=name, sha256=digest)
    return made


@action
def remove_attachment(
    kind: Kind, document_id: int, attachment_id: UUID, reason: str, *, actor: Actor
) -> None:
    """The file is no longer on the document; who took it off, and why, stays to be read.

    The bytes are forgotten while the document is a draft, and kept once it held. Locks the
    document. Raises Refused: forbidden, not_found, reason_missing.
    """
    document = _locked(actor, kind, document_id)
    if not reason.strip():
        raise Refused("reason_missing", "reason")
    is_kept = document.status not in FORGETTABLE
    rows = Attachment.objects.filter(kind=kind.code, document_id=document.pk, id=attachment_id)
    found = rows.filter(removed_at__isnull=True).first()
    if found is None:
        raise Refused("not_found", what="附件")
    rows.update(
        removed_at=Now(), removed_by_name=actor.name, removed_why=reason.strip(), is_kept=is_kept
    )
    facts = {"name": found.name, "sha256": found.sha256, "reason": reason.strip(), "kept": is_kept}
    audit.record(actor, f"{kind.code}.detach", _subject(kind, document), **facts)
    if not is_kept:
        forget_chunks(attachment_id)


def _locked(actor: Actor, kind: Kind, document_id: int) -> Any:
    """The document, held until commit. Raises Refused: forbidden, not_found."""
    document = one(actor, kind, document_id)
    demand(actor, f"{kind.code}.save", warehouse_id=document.warehouse_id)
    rows = kind.model._default_manager.filter(pk=document.pk)
    return rows.select_for_update(no_key=True).get()


def _subject(kind: Kind, document: Any) -> Subject:
    return Subject(kind.code, document.pk, document.number or "")
