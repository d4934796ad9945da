"""Books are made, copied, renamed, archived, migrated; the directory remembers who did it."""

from collections.abc import Iterator

import psycopg
import pytest
from django.db import connection

from hengcang.books import actions, queries, roles, server
from hengcang.books.models import Book, BookState
from hengcang.books.switch import using_book
from hengcang.books.where import UnknownBook
from hengcang.kernel.errors import Refused
from tests import databases


@pytest.fixture
def source(template: str) -> Iterator[Book]:
    book = databases.make_book(template)
    yield book
    connection.close()
    for left in Book.objects.filter(code__startswith=book.code):
        databases.drop_book(left)


def test_a_copy_has_what_the_source_had_and_then_goes_its_own_way(source: Book) -> None:
    with roles.owner_connection(source.database) as owner:
        owner.execute("CREATE TABLE note AS SELECT 'before'::text AS word")
        roles.grant_book(owner)
    copy = actions.clone_book(source.code, f"{source.code}-2", "副本", by="test")
    with using_book(source.code), connection.cursor() as cursor:
        cursor.execute("INSERT INTO note VALUES ('after')")
    with using_book(copy.code), connection.cursor() as cursor:
        cursor.execute("SELECT array_agg(word) FROM note")
        assert cursor.fetchone() == (["before"],)
    assert queries.book(source.code).state == BookState.ACTIVE


def test_copying_ends_the_sessions_of_the_source_for_a_moment(source: Book) -> None:
    with using_book(source.code):
        connection.ensure_connection()
        actions.clone_book(source.code, f"{source.code}-3", "副本", by="test")
        connection.close()
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            assert cursor.fetchone() == (1,)


def test_rename_archive_and_back(source: Book) -> None:
    assert actions.rename_book(source.code, "新名", by="boss").name == "新名"
    assert actions.archive_book(source.code, by="boss").state == BookState.ARCHIVED
    assert actions.unarchive_book(source.code, by="boss").state == BookState.ACTIVE
    done = [(line.by, line.act) for line in queries.lines(source.code)]
    assert done == [("boss", "unarchive"), ("boss", "archive"), ("boss", "rename")]


@pytest.mark.parametrize("code", ["A", "a", "-a", "a_b", "中文", "a" * 31, "a b", ""])
def test_a_bad_code_is_refused_and_nothing_made(template: str, code: str) -> None:
    before = Book.objects.count()
    with pytest.raises(Refused, match="book_code_invalid"):
        actions.create_book(code, "名", by="test")
    assert Book.objects.count() == before


def test_a_code_is_given_once(source: Book) -> None:
    with pytest.raises(Refused, match="book_code_taken"):
        actions.clone_book(source.code, source.code, "同名", by="test")


def test_only_practice_books_and_templates_can_be_dropped(source: Book) -> None:
    with pytest.raises(Refused, match="book_not_for_dropping"):
        actions.drop_book(source.code, by="test")
    actions.mark_practice(source.code, by="test")
    actions.drop_book(source.code, by="test")
    with pytest.raises(UnknownBook):
        queries.book(source.code)
    with roles.owner_connection() as owner:
        assert not roles.database_exists(owner, source.database)


def test_the_directorys_record_cannot_be_changed(source: Book) -> None:
    actions.rename_book(source.code, "新名", by="test")
    with (
        roles.owner_connection(server.directory_database()) as owner,
        pytest.raises(psycopg.errors.RestrictViolation),
    ):
        owner.execute("UPDATE books_directoryline SET by = 'nobody'")


def test_a_new_book_is_migrated_and_a_book_found_half_way_is_finished(source: Book) -> None:
    assert not actions.has_pending_migrations(source)
    Book.objects.filter(code=source.code).update(state=BookState.UPGRADING)
    with roles.owner_connection() as owner:
        roles.let_in(owner, source.database, anybody=False)
    assert actions.migrate_book(source.code, by="test") is False
    assert queries.book(source.code).state == BookState.ACTIVE
    with using_book(source.code), connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def test_an_older_book_is_brought_up_to_date(source: Book) -> None:
    with roles.owner_connection(source.database) as owner:
        owner.execute("DROP TABLE django_session")
        owner.execute("DELETE FROM django_migrations WHERE app = 'sessions'")
    assert source.code in actions.migrate_all(by="test")
    with roles.owner_connection(source.database) as owner:
        owner.execute("SELECT 1 FROM django_session")
