"""A live book and a program that may do everything in it."""

import pytest

from hengcang.books.models import Book
from tests.api.clients import Api, api_as
from tests.worlds import World, world


@pytest.fixture
def company(book: Book) -> World:
    return world()


@pytest.fixture
def owner(book: Book, company: World) -> Api:
    """The owner's program."""
    return api_as(book.code, "OWNER")
