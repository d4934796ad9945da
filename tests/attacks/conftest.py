"""A live book, a browser in it, and programs of any role."""

import pytest

from hengcang.books.models import Book
from tests.api.conftest import owner
from tests.web.conftest import _today, login
from tests.worlds import World, world

__all__ = ["_today", "company", "login", "owner"]


@pytest.fixture
def company(book: Book) -> World:
    return world()
