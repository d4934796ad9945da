"""Make, rename, archive, clone, migrate and drop books. Only the host's operator gets here."""

import re
from collections.abc import Callable
from functools import cache

import psycopg
from django.core.management import call_command
from django.db import connections, transaction
from django.db.migrations.loader import MigrationLoader

from hengcang.books import occupants, pools, queries, roles, server, where
from hengcang.books.models import Book, BookState, DirectoryLine
from hengcang.books.switch import using_book
from hengcang.kernel.errors import Refused

BOOK_CODE = re.compile(r"[a-z0-9][a-z0-9-]{1,29}")


def prepare_server() -> None:
    """The server runs, its roles and the directory exist and are up to date."""
    if server.embedded():
        occupants.enter()
    roles.make_roles()
    with roles.owner_connection(server.directory_database()) as connection:
        if _has_pending(connection, lambda label: label == "books"):
            call_command("migrate", database="directory", verbosity=0, interactive=False)
            roles.grant_directory(connection)


def create_book(code: str, name: str, *, by: str) -> Book:
    """A new, migrated, empty book. Refused: book_code_invalid, book_code_taken."""
    book = _enter(code, name, by=by, act="create")
    with roles.owner_connection() as connection:
        roles.create_database(connection, book.database, None)
        roles.make_book_role(connection, book.database)
    migrate_book(code, by=by)
    return queries.book(code)


def clone_book(source: str, code: str, name: str, *, by: str) -> Book:
    """A copy of a book as it is now. Whoever works in the source is disconnected for a moment.

    Refused: book_code_invalid, book_code_taken.
    """
    origin = queries.book(source)
    book = _enter(code, name, by=by, act="clone", source=source)
    with roles.owner_connection() as connection:
        _copy_database(connection, origin, book)
        roles.make_book_role(connection, book.database)
    _set_state(book, BookState.ACTIVE)
    return book


def rename_book(code: str, name: str, *, by: str) -> Book:
    """The book has the new name; its code and database stay."""
    with transaction.atomic(using="directory"):
        book = queries.book(code)
        _record("rename", code, by=by, before=book.name, after=name)
        book.name = name
        book.save(update_fields=["name"])
    where.forget(code)
    return book


def archive_book(code: str, *, by: str) -> Book:
    """Nobody enters the book any more; nothing in it is changed."""
    return _change_state(code, BookState.ARCHIVED, by=by, act="archive")


def unarchive_book(code: str, *, by: str) -> Book:
    """The book can be entered again, with the schema of today."""
    migrate_book(code, by=by)
    return _change_state(code, BookState.ACTIVE, by=by, act="unarchive")


def make_template(code: str, *, by: str) -> Book:
    """The book is now only there to be cloned."""
    return _change_state(code, BookState.TEMPLATE, by=by, act="make_template")


def mark_practice(code: str, *, by: str) -> Book:
    """The book is for practice: it may be dropped."""
    with transaction.atomic(using="directory"):
        book = queries.book(code)
        _record("mark_practice", code, by=by)
        book.practice = True
        book.save(update_fields=["practice"])
    return book


def drop_book(code: str, *, by: str) -> None:
    """A practice book or template and its database are gone. Refused: book_not_for_dropping."""
    book = queries.book(code)
    if not (book.practice or book.state == BookState.TEMPLATE):
        raise Refused("book_not_for_dropping", book=code)
    pools.close_pools(code)
    with roles.owner_connection() as connection:
        roles.drop_database(connection, book.database)
        roles.drop_book_role(connection, book.database)
    with transaction.atomic(using="directory"):
        _record("drop", code, by=by)
        book.delete()
    where.forget(code)


def migrate_book(code: str, *, by: str) -> bool:
    """The book has the schema and rights of this version. False: it had them already.

    While it is at work, requests are answered 503 升级中.
    """
    book = queries.book(code)
    # A book found half-way, through an upgrade or a copy that was killed, was active before.
    after = BookState.ACTIVE if book.state == BookState.UPGRADING else BookState(book.state)
    with roles.owner_connection() as connection:
        roles.let_in(connection, book.database, anybody=True)
    pending = has_pending_migrations(book)
    if pending:
        _set_state(book, BookState.UPGRADING)
        with using_book(code):
            call_command("migrate", database="owner", verbosity=0, interactive=False)
            connections["owner"].close()
        _record("migrate", code, by=by)
    if book.state == BookState.UPGRADING:
        _grant(book)
        _set_state(book, after)
    return pending


def migrate_all(*, by: str, each: Callable[[str], None] = lambda code: None) -> list[str]:
    """Every book but the archived ones has the schema of this version; the codes that changed."""
    open_books = Book.objects.exclude(state=BookState.ARCHIVED).order_by("code")
    changed = []
    for code in open_books.values_list("code", flat=True):
        each(code)
        if migrate_book(code, by=by):
            changed.append(code)
    return changed


def has_pending_migrations(book: Book) -> bool:
    """Whether the book has an older schema than this version."""
    with roles.owner_connection(book.database) as connection:
        return _has_pending(connection, lambda label: label != "books")


def _has_pending(connection: psycopg.Connection, wanted: Callable[[str], bool]) -> bool:
    found = connection.execute("SELECT to_regclass('django_migrations')").fetchone()
    if found is None or found[0] is None:
        return True
    applied = set(connection.execute("SELECT app, name FROM django_migrations").fetchall())
    return not {leaf for leaf in _last_migrations() if wanted(leaf[0])} <= applied


@cache
def _last_migrations() -> frozenset[tuple[str, str]]:
    """The newest migration of each app, as the files have it."""
    return frozenset(MigrationLoader(None).graph.leaf_nodes())


def _enter(code: str, name: str, *, by: str, act: str, **facts: str) -> Book:
    """The directory's line of a book that is still being made."""
    if not BOOK_CODE.fullmatch(code):
        raise Refused("book_code_invalid", field="code", book=code)
    with transaction.atomic(using="directory"):
        if Book.objects.filter(code=code).exists():
            raise Refused("book_code_taken", field="code", book=code)
        _record(act, code, by=by, name=name, **facts)
        return Book.objects.create(
            code=code,
            name=name,
            database=server.book_database(code),
            state=BookState.UPGRADING,
        )


def _copy_database(connection: psycopg.Connection, origin: Book, book: Book) -> None:
    """PostgreSQL copies a database only while nobody is in it: let nobody in, copy, open again."""
    pools.close_pools(origin.code)
    before = origin.state
    _set_state(origin, BookState.UPGRADING)
    try:
        roles.let_in(connection, origin.database, anybody=False)
        roles.create_database(connection, book.database, origin.database)
    finally:
        roles.let_in(connection, origin.database, anybody=True)
        _set_state(origin, BookState(before))


def _grant(book: Book) -> None:
    with roles.owner_connection(book.database) as connection:
        roles.grant_book(connection)


def _change_state(code: str, state: BookState, *, by: str, act: str) -> Book:
    with transaction.atomic(using="directory"):
        book = queries.book(code)
        _record(act, code, by=by)
        _set_state(book, state)
    pools.close_pools(code)
    return book


def _set_state(book: Book, state: BookState) -> None:
    book.state = state
    book.save(update_fields=["state"])
    where.forget(book.code)


def _record(act: str, code: str, *, by: str, **facts: str) -> None:
    DirectoryLine.objects.create(by=by, act=act, book_code=code, facts=facts)
