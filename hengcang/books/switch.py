"""Which 账套 this thread of execution is working in."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

current_book: ContextVar[str] = ContextVar("current_book")


@contextmanager
def using_book(code: str) -> Iterator[None]:
    """Inside, every query goes to the database of book `code`; afterwards as before.

    Changing the book inside a transaction is refused by the database backend.
    """
    token = current_book.set(code)
    try:
        yield
    finally:
        current_book.reset(token)
