"""A PostgreSQL backend whose database is the current book's. Django demands this file's name."""

from typing import Any

from django.db.backends.postgresql.base import DatabaseWrapper as Postgres
from django.db.backends.postgresql.operations import DatabaseOperations as PostgresOperations
from django.db.utils import OperationalError, ProgrammingError
from psycopg_pool import ConnectionPool

from hengcang.books import pools, where
from hengcang.books.switch import current_book

MAX_PARAMETERS = 65_535  # of one statement bound by the server


class Operations(PostgresOperations):
    """Bulk statements stay under the protocol's number of parameters; Django leaves that out."""

    def bulk_batch_size(self, fields: Any, objs: Any) -> int:
        return max(1, MAX_PARAMETERS // max(1, len(fields)))


class NoBook(OperationalError):
    """No book is current, so there is no database to ask."""


class DatabaseWrapper(Postgres):
    """Follows `current_book`; refuses to leave a book in the middle of a transaction.

    Two aliases use it: `default` works as the book's application role, `owner` as the owner.
    """

    ops_class = Operations
    _book: str | None = None

    @property
    def pool(self) -> ConnectionPool | None:
        """The pool of the book this connection belongs to; the owner has none."""
        options = self.settings_dict["OPTIONS"].get("pool")
        if not options or self._book is None:
            return None
        return pools.pool_for((self.alias, self._book), self._make_pool)

    def close_pool(self) -> None:
        if self._book is not None:
            pools.close_pools(self._book)

    def get_connection_params(self) -> dict[str, Any]:
        assert self._book is not None  # ensure_connection came first
        given = super().get_connection_params()
        dsn = where.dsn_of(self._book)
        if self.settings_dict["OPTIONS_OF_BOOKS"]["as_owner"]:
            dsn = where.as_owner(dsn)
        return {**given, **dsn.params()}

    def ensure_connection(self) -> None:
        self._follow_book()
        super().ensure_connection()

    def close_if_health_check_failed(self) -> None:
        self._follow_book()  # Django asks this before ensure_connection
        super().close_if_health_check_failed()

    def get_autocommit(self) -> bool:
        """Asked after a request too, when its connection goes back and no book is current."""
        return self.autocommit if self.connection is not None else super().get_autocommit()

    def _follow_book(self) -> None:
        book = current_book.get(None)
        if book is None:
            raise NoBook("wrap the call in using_book(code)")
        if self.connection is not None and self._book != book:
            if self.in_atomic_block:
                raise ProgrammingError(f"a transaction of {self._book} is open, not of {book}")
            self.close()
        if self.connection is None:
            self._book = book

    def _make_pool(self) -> ConnectionPool:
        return ConnectionPool(
            kwargs={**self.get_connection_params(), "autocommit": True},
            open=False,
            configure=self._configure_connection,  # type: ignore[attr-defined]
            check=ConnectionPool.check_connection,
            **self.settings_dict["OPTIONS"]["pool"],
        )
