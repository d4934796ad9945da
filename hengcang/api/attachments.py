"""附件 of documents of every kind: listed, uploaded as multipart, downloaded, taken off."""

from datetime import datetime
from uuid import UUID

from django.http import HttpResponse
from ninja import Router, Status
from ninja.constants import NOT_SET

from hengcang.api.access import ApiRequest
from hengcang.api.errors import answers
from hengcang.api.reading import Text200
from hengcang.api.shapes import Asked, Told
from hengcang.kernel.errors import Refused
from hengcang.kernel.filetypes import MAX_BYTES, download_headers
from hengcang.register import attachments
from hengcang.register.attachments import Upload
from hengcang.register.kinds import KINDS, Kind

UPLOAD = {
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
    root, tags = f"/{kind.plural}/{{int:document_id}}/attachments", [kind.label]
    one = f"{root}/{{attachment_id}}"

    def listing(request: ApiRequest, document_id: int) -> object:
        return list(attachments.attachments(request.auth, kind, document_id))

    def upload(request: ApiRequest, document_id: int) -> object:
        file = request.FILES.get("file")
        if file is None:
            raise Refused("file_missing", "file")
        sent = Upload(file.name or "", file.read(MAX_BYTES + 1))
        found = attachments.add_attachment(kind, document_id, sent, actor=request.auth)
        return Status(201, found)

    def download(request: ApiRequest, document_id: int, attachment_id: str) -> HttpResponse:
        actor, key = request.auth, _key(attachment_id)
        found, content = attachments.attachment_file(actor, kind, document_id, key)
        headers = download_headers(found.name)
        return HttpResponse(content, content_type=found.media_type, headers=headers)

    def remove(
        request: ApiRequest, document_id: int, attachment_id: str, body: RemovalAsked
    ) -> object:
        actor, key = request.auth, _key(attachment_id)
        attachments.remove_attachment(kind, document_id, key, body.reason, actor=actor)
        return list(attachments.attachments(actor, kind, document_id))

    told = list[AttachmentTold]
    for method, path, view, said, status, shape in (
        ("GET", root, listing, "附件列表", 200, told),
        ("POST", root, upload, "上传附件", 201, AttachmentTold),
        ("GET", one, download, "下载附件", 200, None),
        ("POST", f"{one}/remove", remove, "移除附件", 200, told),
    ):
        router.add_api_operation(
            path,
            [method],
            view,
            response=answers(status, shape) if shape else NOT_SET,
            operation_id=f"{kind.code}_attachment_{view.__name__}",
            summary=f"{kind.label}：{said}",
            tags=tags,
            openapi_extra=UPLOAD if view is upload else None,
        )


def _key(text: str) -> UUID:
    """Raises Refused("not_found")."""
    try:
        return UUID(text)
    except ValueError:
        raise Refused("not_found", what="附件") from None
