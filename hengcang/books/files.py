"""The files of a book, beside its database: written once under a UUID, never changed.

They lie in HENGCANG_HOME/files/<book>/, which no web server hands out. A name is never a path.
"""

import os
import shutil
from pathlib import Path
from uuid import UUID, uuid4

from hengcang.books.home import home
from hengcang.books.switch import current_book

FOLDER = "files"


def write_file(key: UUID, content: bytes) -> None:
    """The file stands whole under its key in the current book, on disk, or not at all."""
    path = _path(current_book.get(), key)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    half = path.with_name(f"{uuid4().hex}.half")
    handle = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        half.rename(path)
    finally:
        half.unlink(missing_ok=True)


def read_file(key: UUID) -> bytes | None:
    """The whole file of the current book; None when it is not there."""
    try:
        return _path(current_book.get(), key).read_bytes()
    except FileNotFoundError:
        return None


def forget_file(key: UUID) -> None:
    """The current book has no such file any more."""
    _path(current_book.get(), key).unlink(missing_ok=True)


def copy_files(source: str, code: str) -> None:
    """Book `code` has the files of book `source`, each its own: neither can change the other's.

    Files never change, so two books may share the bytes on disk; each loses only its own name.
    """
    origin = _folder(source)
    if not origin.is_dir():
        return
    shutil.copytree(
        origin,
        _folder(code),
        copy_function=_linked,
        ignore=shutil.ignore_patterns("*.half"),
        dirs_exist_ok=True,
    )


def drop_files(code: str) -> None:
    """The book has no files; what another book shares with it stays there."""
    shutil.rmtree(_folder(code), ignore_errors=True)


def _linked(source: str, target: str) -> str:
    try:
        os.link(source, target)
    except OSError:  # another disk, or one without links
        shutil.copy2(source, target)
    return target


def _folder(code: str) -> Path:
    folder = home() / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder / code


def _path(code: str, key: UUID) -> Path:
    return _folder(code) / key.hex[:2] / key.hex
