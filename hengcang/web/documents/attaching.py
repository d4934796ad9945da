"""附件 of a document: shown below it, added, handed out, taken off."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hengcang.kernel.actor import Actor
from hengcang.kernel.errors import Refused
from hengcang.kernel.filetypes import MAX_BYTES, TYPES, download_headers
from hengcang.kernel.refusals import HTTP_STATUS, sentence
from hengcang.register.attachments import (
    Upload,
    add_attachment,
    attachment_file,
    attachments,
    remove_attachment,
)
from hengcang.register.kinds import Kind
from hengcang.register.lists import one
from hengcang.web import clock, reading, shell
from hengcang.web.requests import Request

ENDING = (403, 404)
KILO = 1024


@dataclass(frozen=True, slots=True)
class FileRow:
    """One file. `url` "" when its bytes are gone; `removed` says who took it off, and why."""

    name: str
    size: str
    added: str
    url: str
    remove_url: str
    removed: str


@dataclass(frozen=True, slots=True)
class Files:
    """Context name `files`, template web/_attachments.html. `add_url` "": may not add."""

    rows: list[FileRow]
    add_url: str
    accept: str = ",".join(f".{ending}" for ending in (*TYPES, "jpeg"))
    limit_mb: int = MAX_BYTES // 1024**2


def files_of(actor: Actor, kind: Kind, document: Any) -> Files:
    """The files of a document the actor was shown."""
    writes = actor.may(f"{kind.code}.save")
    found = attachments(actor, kind, document.pk)
    add_url = reverse("document-files", args=[kind.plural, document.pk]) if writes else ""
    return Files([_row(kind, each, writes=writes) for each in found], add_url)


def _row(kind: Kind, each: Any, *, writes: bool) -> FileRow:
    at = [kind.plural, each.document_id, each.pk]
    removed = ""
    if each.removed_at:
        when = clock.clock_time(each.removed_at)
        removed = f"{each.removed_by_name} {when} 移除：{each.removed_why}"
    return FileRow(
        name=each.name,
        size=f"{max(1, each.size // KILO):,} KB",
        added=f"{each.added_by_name} {clock.clock_time(each.added_at)}",
        url=reverse("attachment", args=at) if each.is_kept else "",
        remove_url=reverse("attachment-remove", args=at) if writes and not removed else "",
        removed=removed,
    )


@require_http_methods(["GET", "POST"])
def document_files(request: Request, kind: Kind, document_id: int) -> HttpResponse:
    """The files of a document, which its page asks for when it is open; POST adds to them."""
    if request.method == "POST":
        return _added(request, kind, document_id)
    document = one(request.actor, kind, document_id)
    context: dict[str, object] = {"files": files_of(request.actor, kind, document)}
    if request.htmx:
        return render(request, "web/_attachments.html", context)
    context |= shell.page(request, f"{kind.label} {document} 的附件", "附件")
    return render(request, "web/attachments.html", context)


def _added(request: Request, kind: Kind, document_id: int) -> HttpResponse:
    sent = request.FILES.getlist("file")
    try:
        if not sent:
            raise Refused("file_missing", "file")
        for file in sent:
            upload = Upload(file.name or "", file.read(MAX_BYTES + 1))
            add_attachment(kind, document_id, upload, actor=request.actor)
        messages.success(request, "附件已上传。")
    except Refused as refusal:
        _tell(request, refusal)
    return _back(kind, document_id)


@require_GET
def attachment(request: Request, kind: Kind, document_id: int, attachment_id: UUID) -> HttpResponse:
    """The file, to be saved: no browser opens it, whatever it holds."""
    found, content = attachment_file(request.actor, kind, document_id, attachment_id)
    headers = download_headers(found.name)
    return HttpResponse(content, content_type=found.media_type, headers=headers)


@require_POST
def attachment_remove(
    request: Request, kind: Kind, document_id: int, attachment_id: UUID
) -> HttpResponse:
    """The file is taken off, with the reason given."""
    try:
        why = reading.plain_text(request.POST.get("reason", ""), "reason", "原因", 200)
        remove_attachment(kind, document_id, attachment_id, why, actor=request.actor)
        messages.success(request, "附件已移除。")
    except Refused as refusal:
        _tell(request, refusal)
    return _back(kind, document_id)


def _tell(request: Request, refusal: Refused) -> None:
    """The sentence on the document's page; 403 and 404 end here."""
    if HTTP_STATUS[refusal.code] in ENDING:
        raise refusal
    messages.error(request, sentence(refusal))


def _back(kind: Kind, document_id: int) -> HttpResponse:
    return redirect(f"{reverse('document', args=[kind.plural, document_id])}#files")
