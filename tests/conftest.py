"""What all tests share: a database server of their own, books to work in, a browser's client."""

from collections.abc import Iterator
from typing import Any

from tests import environment

environment.prepare()  # before anything reads Django's settings

import os  # noqa: E402

import hypothesis  # noqa: E402
import pytest  # noqa: E402
from django.db import connections, transaction  # noqa: E402
from django.db.backends.utils import CursorWrapper  # noqa: E402
from django.test import Client  # noqa: E402

from hengcang.books.models import Book  # noqa: E402
from hengcang.books.switch import using_book  # noqa: E402
from tests import databases  # noqa: E402

# The same examples on every machine, so that a change and its failure belong together;
# make test-long takes new ones each time.
hypothesis.settings.register_profile("steady", derandomize=True)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))


@pytest.fixture(scope="session")
def django_db_setup() -> None:
    """pytest-django makes no databases here."""


@pytest.fixture(scope="session")
def template(django_db_blocker: Any) -> Iterator[str]:
    """The migrated database all test books are copied from; the directory is this process's own."""
    with django_db_blocker.unblock():
        yield databases.prepare()
        databases.drop_directory()


@pytest.fixture(scope="session")
def kept_book(template: str) -> Book:
    """The book of this process that every `book` test borrows and leaves as it was."""
    return databases.make_book(template)


@pytest.fixture
def book(kept_book: Book) -> Iterator[Book]:
    """A current, empty book; what the test writes, as the application's role, is rolled back."""
    with using_book(kept_book.code):
        with transaction.atomic():
            yield kept_book
            transaction.set_rollback(True)
        connections["default"].close()


@pytest.fixture
def fresh_book(template: str) -> Iterator[Book]:
    """A current, empty book of the test's own where commits are real; dropped afterwards."""
    made = databases.make_book(template)
    with using_book(made.code):
        yield made
        connections["default"].close()
        connections["owner"].close()
    databases.drop_book(made)


@pytest.fixture
def owner_cursor() -> Iterator[CursorWrapper]:
    """The current book as its owner sees it; each statement commits by itself."""
    with connections["owner"].cursor() as cursor:
        yield cursor
    connections["owner"].close()


class BookClient(Client):
    """A browser inside one book: `/items/` means `/b/<code>/items/`."""

    def __init__(self, code: str) -> None:
        super().__init__()
        self.code = code

    def generic(self, method: str, path: str, *arguments: Any, **named: Any) -> Any:  # type: ignore[override]
        inside = path if path.startswith("/b/") else f"/b/{self.code}{path}"
        return super().generic(method, inside, *arguments, **named)


@pytest.fixture
def web(book: Book) -> BookClient:
    """A client whose addresses are inside `book`; nobody is logged in yet."""
    return BookClient(book.code)
