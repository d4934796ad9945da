"""The bytes of attachments: rows of the book's database, so that dump, copy and erasure carry them.

Written once in pieces of CHUNK bytes, never changed; PostgreSQL is told not to try and compress
what is compressed already (migration 0004).
"""

from uuid import UUID

from hengcang.documents.models import AttachmentChunk

CHUNK = 256 * 1024


def write_chunks(attachment_id: UUID, content: bytes) -> None:
    """The attachment, whose row exists and has no bytes yet, has these."""
    AttachmentChunk.objects.bulk_create(
        [
            AttachmentChunk(
                attachment_id=attachment_id,
                position=start // CHUNK,
                content=content[start : start + CHUNK],
            )
            for start in range(0, len(content), CHUNK)
        ],
        batch_size=16,  # 4 MB a statement
    )


def read_chunks(attachment_id: UUID) -> bytes:
    """All bytes of the attachment; none when it has none any more."""
    rows = AttachmentChunk.objects.filter(attachment_id=attachment_id).order_by("position")
    return b"".join(bytes(content) for content in rows.values_list("content", flat=True))


def forget_chunks(attachment_id: UUID) -> None:
    """The attachment's row stays, its bytes are gone."""
    AttachmentChunk.objects.filter(attachment_id=attachment_id).delete()
