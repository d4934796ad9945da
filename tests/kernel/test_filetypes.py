"""A file is what its bytes are; its name is never a path."""

import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hengcang.kernel.errors import Refused
from hengcang.kernel.filetypes import download_headers, safe_name, type_of


def package(*names: str) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as packed:
        for name in names:
            packed.writestr(name, "x")
    return kept.getvalue()


XLSX = package("[Content_Types].xml", "xl/workbook.xml")
DOCX = package("[Content_Types].xml", "word/document.xml")
GOOD = {
    "a.pdf": b"%PDF-1.7 ...",
    "a.PNG": b"\x89PNG\r\n\x1a\nxx",
    "a.jpg": b"\xff\xd8\xff\xe0",
    "a.jpeg": b"\xff\xd8\xff\xe0",
    "a.webp": b"RIFF1234WEBPVP8 ",
    "a.xlsx": XLSX,
    "a.docx": DOCX,
    "a.txt": "备注".encode("gb18030"),
    "送货单.csv": "编码,数量\r\n".encode(),
}


@pytest.mark.parametrize("name", GOOD)
def test_allowed_files(name: str) -> None:
    assert "/" in type_of(name, GOOD[name])


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.exe", b"MZ", "file_type_unknown"),
        ("a.html", b"<html>", "file_type_unknown"),
        ("a.svg", b"<svg>", "file_type_unknown"),
        ("a", b"%PDF-1.7", "file_type_unknown"),
        ("a.pdf", b"<html>", "file_type_differs"),
        ("a.png", b"\xff\xd8\xff\xe0", "file_type_differs"),
        ("a.webp", b"RIFF1234WAVEfmt ", "file_type_differs"),
        ("a.xlsx", DOCX, "file_type_differs"),
        ("a.docx", b"PK\x03\x04", "file_type_differs"),
        (
            "a.xlsx",
            package("[Content_Types].xml", "xl/workbook.xml", "xl/vbaProject.bin"),
            "file_type_differs",
        ),
        ("a.txt", b"MZ\x00\x01", "file_type_differs"),
        ("a.csv", b"\xff\xfe\x00", "file_type_differs"),
        ("a.pdf", b"", "file_empty"),
        ("a.pdf", b"%PDF-" + b"x" * (20 * 1024**2), "file_too_large"),
    ],
)
def test_everything_else_is_refused(name: str, content: bytes, code: str) -> None:
    with pytest.raises(Refused) as refusal:
        type_of(name, content)
    assert refusal.value.code == code


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\temp\\单据.pdf", "单据.pdf"),
        ("a\u202etxt.pdf", "atxt.pdf"),
        (" ..hidden.txt", "hidden.txt"),
        ("a\r\nX: y.txt", "aX: y.txt"),
    ],
)
def test_names_are_only_names(name: str, kept: str) -> None:
    assert safe_name(name) == kept


@pytest.mark.parametrize("name", ["", "..", "/", "a" * 121 + ".pdf"])
def test_names_that_are_none(name: str) -> None:
    with pytest.raises(Refused):
        safe_name(name)


@given(st.text(min_size=1, max_size=60))
@settings(max_examples=200)
def test_no_name_leaves_its_header(name: str) -> None:
    try:
        kept = safe_name(name)
    except Refused:
        return
    assert "/" not in kept
    header = download_headers(kept)["Content-Disposition"]
    assert all(32 <= ord(sign) < 127 for sign in header)
