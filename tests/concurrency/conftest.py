"""A company of its own for many people at once."""

from collections.abc import Iterator

import pytest

from hengcang.books.models import Book
from hengcang.register.verify import verify_books
from tests.worlds import World, world


@pytest.fixture
def open_world(fresh_book: Book) -> Iterator[World]:
    """Commits are real; afterwards the books must agree."""
    yield world(items=6, warehouses=2)
    assert [str(d) for d in verify_books()] == []
