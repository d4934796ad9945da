"""A browser that is logged in, a program that may do everything: as the other folders have them."""

import pytest

from hengcang.books.models import Book
from tests.api.clients import Api, api_as
from tests.web.conftest import _today, login

__all__ = ["_today", "login"]


@pytest.fixture
def owner(book: Book) -> Api:
    return api_as(book.code, "OWNER")
