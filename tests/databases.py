"""Databases for the tests: one cluster kept between runs, a migrated template, cheap copies.

Several test runs may share the cluster: every name carries the process id of its maker, and what a
dead process left behind is dropped by the next run.
"""

import fcntl
import hashlib
import importlib
import itertools
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from django.apps import apps
from psycopg import sql

from hengcang.books import actions, pools, roles, server
from hengcang.books.home import home
from hengcang.books.models import Book, BookState

KEPT_TEMPLATES = 4
MADE_BY = re.compile(r"^hc_(?:b|directory)_t(\d+)(?:_.*)?$")
_numbers = itertools.count(1)


@contextmanager
def alone() -> Iterator[None]:
    """No other test process is in such a block at the same time."""
    with (home() / "tests.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def prepare() -> str:
    """The server runs, this process has a directory; the name of the migrated template database."""
    with alone():
        actions.prepare_server()
        with roles.owner_connection() as connection:
            _sweep(connection)
        return _template()


def make_book(template: str, name: str = "测试账套") -> Book:
    """A book of its own, copied from the template in about 0.1 s."""
    code = f"t{os.getpid()}-{next(_numbers)}"
    book = Book.objects.create(
        code=code, name=name, database=server.book_database(code), state=BookState.ACTIVE
    )
    with roles.owner_connection() as connection:
        roles.create_database(connection, book.database, template)
        roles.make_book_role(connection, book.database)
    return book


def drop_book(book: Book) -> None:
    """The book is gone, whoever is still connected to it."""
    pools.close_pools(book.code)
    with roles.owner_connection() as connection:
        roles.drop_database(connection, book.database)
        roles.drop_book_role(connection, book.database)
    Book.objects.filter(code=book.code).delete()


def drop_directory() -> None:
    """This process leaves nothing behind."""
    from django.db import connections

    for book in Book.objects.all():
        drop_book(book)
    connections["directory"].close()
    connections["directory"].close_pool()  # type: ignore[attr-defined]
    with roles.owner_connection() as connection:
        roles.drop_database(connection, server.directory_database())


def _template() -> str:
    """The database that has every migration as of now; made anew only when one changed."""
    name = f"hc_template_{_fingerprint()}"
    with roles.owner_connection() as connection:
        if roles.database_exists(connection, name):
            return name
    making = make_book("template0", "模板")
    actions.migrate_book(making.code, by="tests")
    pools.close_pools(making.code)
    with roles.owner_connection() as connection:
        connection.execute(
            sql.SQL("ALTER DATABASE {} RENAME TO {}").format(
                sql.Identifier(making.database), sql.Identifier(name)
            )
        )
        roles.close_database(connection, name, server.book_role(making.database))
    making.delete()
    return name


def _fingerprint() -> str:
    digest = hashlib.sha256()
    for config in sorted(apps.get_app_configs(), key=lambda config: config.label):
        try:
            package = importlib.import_module(f"{config.name}.migrations")
        except ModuleNotFoundError:
            continue
        for path in sorted(Path(str(package.__path__[0])).glob("*.*")):
            if path.suffix in (".py", ".sql"):
                digest.update(path.name.encode() + path.read_bytes())
    for path in (Path(roles.__file__),):  # rights are part of the template
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _sweep(connection: psycopg.Connection) -> None:
    names = [
        str(row[0])
        for row in connection.execute("SELECT datname FROM pg_database ORDER BY oid").fetchall()
    ]
    templates = [name for name in names if name.startswith("hc_template_")]
    dead = [name for name in names if (found := MADE_BY.match(name)) and _is_dead(int(found[1]))]
    for name in dead + templates[:-KEPT_TEMPLATES]:
        roles.drop_database(connection, name)
    for row in connection.execute("SELECT rolname FROM pg_roles").fetchall():
        found = MADE_BY.match(str(row[0]).removeprefix("app_"))
        if found and _is_dead(int(found[1])):
            connection.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(str(row[0]))))


def _is_dead(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False
