"""附件 of documents of every kind: listed, uploaded as multipart, downloaded, taken off."""

import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from ninja import Router, Status

from hengcang.api.access import ApiRequest
from hengcang.api.errors import answers
from hengcang.api.intents import EXTRA, key_in, once
from hengcang.api.reading import Text200
from hengcang.api.shapes import Asked, Told
from hengcang.kernel.errors import Refused
from hengcang.kernel.filetypes import MAX_BYTES, download_headers
from hengcang.register import attachments, lists
from hengcang.register.attachments import Upload
from hengcang.register.kinds import KINDS, Kind

View = Callable[..., Any]
UPLOAD: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {"file": {"type": "string", "format": "binary"}},
                }
            }
        },
    }
}


class AttachmentTold(Told):
    """一个附件；移除后仍列出，`is_kept` 为 true 时仍可下载。"""

    id: UUID
    name: str
    size: int
    media_type: str
    sha256: str
    added_by_name: str
    added_at: datetime
    removed_at: datetime | None
    removed_by_name: str
    removed_why: str
    is_kept: bool


class RemovalAsked(Asked):
    """移除一个附件。"""

    reason: Text200


def router() -> Router:
    """The four operations of every kind of document."""
    made = Router()
    for kind in KINDS:
        _add(made, kind)
    return made


def _add(router: Router, kind: Kind) -> None:
    root = f"/{kind.plural}/{{int:document_id}}/attachments"
    one, told = f"{root}/{{attachment_id}}", list[AttachmentTold]
    for method, path, view, said, status, shape in (
        ("GET", root, _listing(kind), "附件列表", 200, told),
        ("POST", root, _upload(kind), "上传附件", 201, AttachmentTold),
        ("GET", one, _download(kind), "下载附件（文件内容）", 200, bytes),
        ("POST", f"{one}/remove", _remove(kind), "移除附件", 200, told),
    ):
        router.add_api_operation(
            path,
            [method],
            view,
            response=answers(status, shape),
            operation_id=f"{kind.code}_attachment_{view.__name__}",
            summary=f"{kind.label}：{said}",
            tags=[kind.label],
            openapi_extra=_said(method, view.__name__),
        )


def _listing(kind: Kind) -> View:
    def listing(request: ApiRequest, document_id: int) -> object:
        return list(attachments.attachments(request.auth, kind, document_id))

    return listing


def _upload(kind: Kind) -> View:
    def upload(request: ApiRequest, document_id: int) -> object:
        file = request.FILES.get("file")
        if file is None:
            raise Refused("file_missing", "file")
        actor, sent = request.auth, Upload(file.name or "", file.read(MAX_BYTES + 1))
        digest = hashlib.sha256(sent.content).hexdigest()

        def act() -> Any:
            attachments.add_attachment(kind, document_id, sent, actor=actor)
            return lists.one(actor, kind, document_id)

        once(
            key_in(request),
            f"{kind.code}.attach",
            (document_id, sent.name, digest),
            act,
            lambda made: lists.one(actor, kind, made),
        )
        rows = attachments.attachments(actor, kind, document_id)
        return Status(201, rows.filter(sha256=digest).last())

    return upload


def _download(kind: Kind) -> View:
    def download(request: ApiRequest, document_id: int, attachment_id: str) -> HttpResponse:
        actor, key = request.auth, _key(attachment_id)
        found, content = attachments.attachment_file(actor, kind, document_id, key)
        headers = download_headers(found.name)
        return HttpResponse(content, content_type=found.media_type, headers=headers)

    return download


def _remove(kind: Kind) -> View:
    def remove(
        request: ApiRequest, document_id: int, attachment_id: str, body: RemovalAsked
    ) -> object:
        actor, key = request.auth, _key(attachment_id)

        def act() -> Any:
            attachments.remove_attachment(kind, document_id, key, body.reason, actor=actor)
            return lists.one(actor, kind, document_id)

        once(
            key_in(request),
            f"{kind.code}.detach",
            (document_id, attachment_id, body.reason),
            act,
            lambda made: lists.one(actor, kind, made),
        )
        return list(attachments.attachments(actor, kind, document_id))

    return remove


def _said(method: str, view: str) -> dict[str, Any] | None:
    """What the schema says of an operation that writes, and of what it is sent."""
    if method == "GET":
        return None
    return {**EXTRA, **UPLOAD} if view == "upload" else EXTRA


def _key(text: str) -> UUID:
    """Raises Refused("not_found")."""
    try:
        return UUID(text)
    except ValueError:
        raise Refused("not_found", what="附件") from None
