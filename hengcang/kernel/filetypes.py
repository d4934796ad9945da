"""What a file is by its first bytes, and what it may be called. Pure."""

import io
import unicodedata
import zipfile
from pathlib import PurePosixPath
from urllib.parse import quote

from hengcang.kernel.errors import Refused

MAX_BYTES = 20 * 1024 * 1024
LONGEST_NAME = 120
TYPES = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "webp": "image/webp",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "txt": "text/plain",
    "csv": "text/csv",
}
"""Endings that are taken, with the type they are handed out as."""
SAME = {"jpeg": "jpg"}
OFFICE = {"xlsx": "xl/workbook.xml", "docx": "word/document.xml"}
TEXTS = frozenset({"txt", "csv"})
MAX_PARTS = 5_000
_CONTROL = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def safe_name(name: str) -> str:
    """The last part of the name without invisible signs. Raises Refused("file_name_invalid")."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    plain = "".join(sign for sign in last if unicodedata.category(sign) not in _CONTROL).strip()
    plain = plain.lstrip(".")
    if not plain or len(plain) > LONGEST_NAME:
        raise Refused("file_name_invalid", "file", limit=LONGEST_NAME)
    return plain


def download_headers(name: str) -> dict[str, str]:
    """Headers that make a browser save a file and never show it, whatever it holds."""
    return {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }


def type_of(name: str, content: bytes) -> str:
    """The media type of a file whose bytes are what its ending says.

    Raises Refused: file_empty, file_too_large, file_type_unknown, file_type_differs.
    """
    if not content:
        raise Refused("file_empty", "file")
    if len(content) > MAX_BYTES:
        raise Refused("file_too_large", "file", limit_mb=MAX_BYTES // 1024**2)
    ending = PurePosixPath(name).suffix.removeprefix(".").lower()
    ending = SAME.get(ending, ending)
    if ending not in TYPES:
        raise Refused("file_type_unknown", "file", types="、".join(TYPES))
    if not _is(ending, content):
        raise Refused("file_type_differs", "file", type=ending)
    return TYPES[ending]


def _is(ending: str, content: bytes) -> bool:
    if ending == "pdf":
        return content.startswith(b"%PDF-")
    if ending == "png":
        return content.startswith(b"\x89PNG\r\n\x1a\n")
    if ending == "jpg":
        return content.startswith(b"\xff\xd8\xff")
    if ending == "webp":
        return content.startswith(b"RIFF") and content[8:12] == b"WEBP"
    if ending in OFFICE:
        return _is_office(content, OFFICE[ending])
    return _is_text(content)


def _is_office(content: bytes, main: str) -> bool:
    """A package of that kind, without macros. Only its list of parts is read."""
    if not content.startswith(b"PK\x03\x04"):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            names = set(packed.namelist())
    except (zipfile.BadZipFile, ValueError, OSError, EOFError, NotImplementedError):
        return False
    macros = any("vbaproject" in name.lower() for name in names)
    return {main, "[Content_Types].xml"} <= names and not macros and len(names) <= MAX_PARTS


def _is_text(content: bytes) -> bool:
    for encoding in ("utf-8", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return all(sign in "\t\r\n\f" or sign >= " " for sign in text)
    return False
