"""The fixtures keep their word."""

from django.db import connection
from django.db.backends.utils import CursorWrapper

from hengcang.books.models import Book
from tests.conftest import BookClient


def test_a_book_test_leaves_nothing_for_the_next(book: Book) -> None:
    for _ in range(2):
        assert book.database.startswith("hc_b_t")
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_user, current_setting('lock_timeout')")
            assert cursor.fetchone() == (f"app_{book.database}", "5s")


def test_a_fresh_book_is_seen_by_its_owner(fresh_book: Book, owner_cursor: CursorWrapper) -> None:
    owner_cursor.execute("SELECT current_user, current_database()")
    assert owner_cursor.fetchone() == ("hc_owner", fresh_book.database)


def test_a_client_works_inside_its_book(web: BookClient) -> None:
    assert web.get("/no-such-page/").status_code == 404
