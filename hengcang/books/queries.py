"""Reads of the directory. It belongs to the host's operator, so these take no actor."""

from django.db.models import QuerySet

from hengcang.books.models import Book, BookState, DirectoryLine
from hengcang.books.where import Place, UnknownBook, place_of

__all__ = ["Place", "UnknownBook", "place_of"]


def books() -> QuerySet[Book]:
    """All books that people work in or have worked in, by code. Templates are left out."""
    return Book.objects.exclude(state=BookState.TEMPLATE).order_by("code")


def book(code: str) -> Book:
    """The book of that code, whatever its state. Raises UnknownBook."""
    found = Book.objects.filter(code=code).first()
    if found is None:
        raise UnknownBook(code)
    return found


def lines(code: str) -> QuerySet[DirectoryLine]:
    """What was done to the book, newest first."""
    return DirectoryLine.objects.filter(book_code=code).order_by("-id")
