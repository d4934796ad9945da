"""Files go with their book: copied with it, dropped with it, untouched by archiving."""

from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest

from hengcang.books import actions, files, pools
from hengcang.books.home import home
from hengcang.books.models import Book
from hengcang.books.switch import using_book

KEY = UUID("00000000-0000-4000-8000-00000000abcd")


@pytest.fixture
def twin(fresh_book: Book) -> Iterator[Book]:
    """A practice copy of a book with one file."""
    files.write_file(KEY, b"%PDF-1")
    pools.close_pools(fresh_book.code)
    code = f"{fresh_book.code}-twin"
    made = actions.clone_book(fresh_book.code, code, "练习", by="test")
    yield made
    actions.mark_practice(code, by="test")
    actions.drop_book(code, by="test")
    assert not (home() / "files" / code).exists()
    with using_book(fresh_book.code):
        assert files.read_file(KEY) == b"%PDF-1"
        files.drop_files(fresh_book.code)


def test_a_copy_has_files_of_its_own(fresh_book: Book, twin: Book) -> None:
    with using_book(twin.code):
        assert files.read_file(KEY) == b"%PDF-1"
        other = uuid4()
        files.write_file(other, b"new")
        files.forget_file(KEY)
        assert files.read_file(KEY) is None
    with using_book(fresh_book.code):
        assert files.read_file(KEY) == b"%PDF-1"
        assert files.read_file(other) is None


def test_archiving_leaves_files_alone(fresh_book: Book) -> None:
    files.write_file(KEY, b"%PDF-1")
    actions.archive_book(fresh_book.code, by="test")
    actions.unarchive_book(fresh_book.code, by="test")
    assert files.read_file(KEY) == b"%PDF-1"
    files.drop_files(fresh_book.code)
