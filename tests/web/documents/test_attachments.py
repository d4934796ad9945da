"""附件: under the document's permissions, outside the web root, never lost without a trace."""

import hashlib
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from hengcang.books.models import Book
from hengcang.compliance.models import AuditLine
from hengcang.documents.chunks import CHUNK
from hengcang.documents.models import Attachment, AttachmentChunk
from hengcang.kernel.actor import SYSTEM
from hengcang.purchasing.actions import receipts
from hengcang.register.kinds import BY_PLURAL
from hengcang.register.verify import verify_books
from tests.api.clients import api_as
from tests.conftest import BookClient
from tests.documents.trade import delivered, received
from tests.web.conftest import Login
from tests.web.masters.walks import with_costs
from tests.worlds import draft, line, world

PDF = b"%PDF-1.7\n" + b"x" * 200
ALL = BY_PLURAL.keys()


def upload(web: BookClient, path: str, content: bytes = PDF, name: str = "送货单.pdf") -> Any:
    return web.post(f"{path}/attachments", {"file": SimpleUploadedFile(name, content)}, follow=True)


def stored() -> int:
    """How many attachments have their bytes."""
    return AttachmentChunk.objects.values("attachment").distinct().count()


def test_every_kind_takes_shows_and_hands_out_files(
    book: Book, web: BookClient, login: Login
) -> None:
    documents = with_costs(world())
    login()
    assert documents.keys() == ALL
    for plural, document_id in documents.items():
        path = f"/{plural}/{document_id}"
        page = upload(web, path).content.decode()
        assert f"{path}/attachments" in page, plural
        assert "送货单.pdf" in web.get(f"{path}/attachments").content.decode()
        found = Attachment.objects.get(kind=BY_PLURAL[plural].code, document_id=document_id)
        assert found.sha256 == hashlib.sha256(PDF).hexdigest()
        answer = web.get(f"{path}/attachments/{found.pk}")
        assert answer.content == PDF
        assert answer["Content-Disposition"].startswith("attachment; filename*=UTF-8''%E9")
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Type"] == "application/pdf"
    assert stored() == len(ALL)


def test_the_same_file_again_is_there_once(book: Book, web: BookClient, login: Login) -> None:
    made = world()
    path = f"/purchase-receipts/{received(made, '5', '2').pk}"
    login()
    upload(web, path)
    upload(web, path)
    assert Attachment.objects.count() == stored() == 1


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.exe", b"MZ"),
        ("a.pdf", b"<script>"),
        ("a.pdf", b""),
        ("." * 3, PDF),
        ("x.svg", b"<svg/>"),
    ],
)
def test_bad_files_leave_nothing(
    book: Book, web: BookClient, login: Login, name: str, content: bytes
) -> None:
    made = world()
    path = f"/purchase-receipts/{received(made, '5', '2').pk}"
    login()
    page = upload(web, path, content, name)
    assert page.status_code == 200
    assert 'role="alert"' in page.content.decode()
    web.post(f"{path}/attachments")
    assert Attachment.objects.count() == stored() == 0


def test_too_large_is_told_before_it_is_read(book: Book, web: BookClient, login: Login) -> None:
    made = world()
    path = f"/purchase-receipts/{received(made, '5', '2').pk}"
    login()
    assert upload(web, path, b"%PDF-" + b"x" * (20 * 1024**2)).status_code == 200
    assert upload(web, path, b"%PDF-" + b"x" * (65 * 1024**2)).status_code == 413
    sheet = SimpleUploadedFile("a.csv", b"x" * 6 * 1024**2)
    assert web.post("/sales-orders/import", {"file": sheet}).status_code == 413
    assert Attachment.objects.count() == stored() == 0


def test_a_posted_documents_file_is_kept_and_a_drafts_is_not(
    book: Book, web: BookClient, login: Login
) -> None:
    made = world()
    posted = received(made, "5", "2")
    draft_ = receipts.save_receipt(
        draft(made.warehouses[0], [line(made.items[0], "1", "2")], partner=made.supplier),
        actor=SYSTEM,
    )
    login()
    for document in (posted, draft_):
        upload(web, f"/purchase-receipts/{document.pk}")
    for document in (posted, draft_):
        key = Attachment.objects.get(document_id=document.pk).pk
        path = f"/purchase-receipts/{document.pk}/attachments/{key}"
        web.post(f"{path}/remove", {"reason": " "})
        assert Attachment.objects.get(pk=key).removed_at is None
        web.post(f"{path}/remove", {"reason": "传错了"})
        page = web.get(f"/purchase-receipts/{document.pk}/attachments").content.decode()
        assert "移除：传错了" in page
        assert web.post(f"{path}/remove", {"reason": "再来"}).status_code == 404
        kept = document is posted
        assert web.get(path).status_code == (200 if kept else 404)
        line_ = AuditLine.objects.get(verb="purchase_receipt.detach", subject_id=document.pk)
        assert (line_.facts["reason"], line_.facts["kept"]) == ("传错了", kept)
    assert stored() == 1
    assert Attachment.objects.count() == 2


def test_the_documents_permissions_and_scope_hold(
    book: Book, web: BookClient, login: Login
) -> None:
    made = world()
    received(made, "5", "2")
    delivery = delivered(made, "2")
    path = f"/sales-deliveries/{delivery.pk}"
    login()
    upload(web, path)
    key = Attachment.objects.get().pk
    login("BUYER")
    for answer in (
        web.get(f"{path}/attachments/{key}"),
        web.post(f"{path}/attachments"),
        web.post(f"{path}/attachments/{key}/remove", {"reason": "x"}),
    ):
        assert answer.status_code in (302, 403)
    login("STOREKEEPER", warehouse_ids=[made.warehouses[1].pk])
    assert web.get(f"{path}/attachments/{key}").status_code == 404
    assert upload(web, path).status_code == 404
    login("ACCOUNTANT")  # sees deliveries, does not write them
    assert web.get(f"{path}/attachments/{key}").status_code == 200
    assert upload(web, path, b"%PDF-other").status_code == 403
    assert web.post(f"{path}/attachments/{key}/remove", {"reason": "x"}).status_code == 403
    assert Attachment.objects.get().removed_at is None


def test_a_large_file_is_stored_in_pieces_and_comes_back_whole(
    book: Book, web: BookClient, login: Login
) -> None:
    path = f"/purchase-receipts/{received(world(), '5', '2').pk}"
    login()
    content = b"%PDF-" + bytes(range(256)) * 2500
    upload(web, path, content)
    found = Attachment.objects.get()
    assert found.chunks.count() == len(content) // CHUNK + 1 == 3
    assert web.get(f"{path}/attachments/{found.pk}").content == content
    assert verify_books() == []


def test_a_file_of_one_document_is_not_another_documents(
    book: Book, web: BookClient, login: Login
) -> None:
    made = world()
    one, other = received(made, "5", "2"), received(made, "6", "2")
    login()
    upload(web, f"/purchase-receipts/{one.pk}")
    key = Attachment.objects.get().pk
    assert web.get(f"/purchase-receipts/{other.pk}/attachments/{key}").status_code == 404
    assert web.get(f"/purchase-receipts/{one.pk}/attachments/{uuid4()}").status_code == 404
    assert web.get(f"/purchase-receipts/{one.pk}/attachments/../../x").status_code == 404


def test_changed_bytes_are_never_handed_out(book: Book, web: BookClient, login: Login) -> None:
    made = world()
    path = f"/purchase-receipts/{received(made, '5', '2').pk}"
    login()
    upload(web, path)
    key = Attachment.objects.get().pk
    chunks = AttachmentChunk.objects.filter(attachment=key)
    chunks.update(content=b"other")
    assert web.get(f"{path}/attachments/{key}").status_code == 409
    assert "附件内容 = 上传时的大小" in {found.check for found in verify_books()}
    chunks.delete()
    assert web.get(f"{path}/attachments/{key}").status_code == 409


def test_the_api_does_the_same(book: Book) -> None:
    made = world()
    receipt = received(made, "5", "2")
    api = api_as(book.code, "OWNER")
    root = f"/purchase-receipts/{receipt.pk}/attachments"

    def post(content: bytes, name: str = "a.pdf") -> Any:
        headers = {"Authorization": f"Bearer {api.key}"}
        file = SimpleUploadedFile(name, content)
        return api.client.post(f"/api/v1{root}", {"file": file}, headers=headers)

    told = post(PDF)
    assert told.status_code == 201, told.content
    found = told.json()
    assert UUID(found["id"])
    assert post(PDF).json()["id"] == found["id"]
    assert post(b"MZ").json()["code"] == "file_type_differs"
    assert post(b"x" * (65 * 1024**2)).status_code == 413
    assert api.post(root, {}).status_code == 422
    got = api.get(f"{root}/{found['id']}")
    assert (got.status_code, got.content) == (200, PDF)
    assert api.get(f"{root}/1").status_code == 404
    assert api.post(f"{root}/{found['id']}/remove", {"reason": ""}).status_code == 422
    left = api.made(f"{root}/{found['id']}/remove", {"reason": "传错"})
    assert "传错" in str(left)
    stranger = api_as(book.code, "SALES")
    assert stranger.get(root).status_code == 403
