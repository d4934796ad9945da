"""A query goes to the current book, to no other, whoever asks and however many at once."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from django.db.utils import OperationalError, ProgrammingError

from hengcang.books.models import Book
from hengcang.books.switch import using_book
from tests import databases

THREADS, ROUNDS = 12, 40


def database_now() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_database()")
        return str(cursor.fetchone()[0])


@pytest.fixture
def three_books(template: str) -> Iterator[list[Book]]:
    books = [databases.make_book(template) for _ in range(3)]
    yield books
    connection.close()
    for book in books:
        databases.drop_book(book)


def test_threads_times_books_no_query_reaches_another_book(three_books: list[Book]) -> None:
    start = threading.Barrier(THREADS)

    def visit(number: int) -> list[tuple[str, str]]:
        start.wait()
        seen = []
        for turn in range(ROUNDS):
            book = three_books[(number + turn) % len(three_books)]
            with using_book(book.code), transaction.atomic():
                seen.append((book.database, database_now()))
        connection.close()
        return seen

    with ThreadPoolExecutor(THREADS) as pool:
        answers = [pair for seen in pool.map(visit, range(THREADS)) for pair in seen]
    assert len(answers) == THREADS * ROUNDS
    assert all(wanted == found for wanted, found in answers)


def test_changing_the_book_inside_a_transaction_is_refused(three_books: list[Book]) -> None:
    one, other, _ = three_books
    with using_book(one.code), transaction.atomic():
        database_now()
        with using_book(other.code), pytest.raises(ProgrammingError, match="transaction of"):
            database_now()
        assert database_now() == one.database


def test_without_a_book_there_is_no_database(template: str) -> None:
    with pytest.raises(OperationalError, match="using_book"):
        database_now()


def test_the_book_before_is_current_again_afterwards(three_books: list[Book]) -> None:
    one, other, _ = three_books
    with using_book(one.code):
        with using_book(other.code):
            assert database_now() == other.database
        assert database_now() == one.database
