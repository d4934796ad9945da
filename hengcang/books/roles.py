"""Roles and rights: the second fence around the books (the first are the tables' triggers).

Who           may
hc_owner      own the databases: migrations, grants, making and dropping books
app_rw        read and write rows; not change or delete append-only ones; cannot log in
app_<book>    log in to one book's database and be app_rw there
audit_ro      read everything but passwords, sessions and keys
hc_web        read the directory, ring the bell
"""

import logging
from typing import LiteralString

import psycopg
from psycopg import sql

from hengcang.books import server
from hengcang.books.server import APP_GROUP, AUDITOR, OWNER, VISITOR, Dsn

log = logging.getLogger(__name__)

# Columns whose content the auditor must not see either, by name.
HIDDEN_COLUMNS = "password|secret|token|session_key|session_data|session_hash"

SESSION_LIMITS: dict[str, str] = {
    "lock_timeout": "5s",
    "statement_timeout": "30s",
    "idle_in_transaction_session_timeout": "60s",
}


def make_roles() -> None:
    """The roles of the server and the directory database exist, with our passwords."""
    with server.admin().connect() as connection:
        _login_role(connection, OWNER, server.owner_password(), "CREATEDB CREATEROLE")
    with owner_connection() as connection:
        if not _exists(connection, APP_GROUP):
            connection.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(sql.Identifier(APP_GROUP)))
        for role in (AUDITOR, VISITOR):
            _login_role(connection, role, server.role_password(role), "")
            limit_sessions(connection, role)
            _grant_role(connection, role, OWNER)  # so that the owner may end its sessions
        if not database_exists(connection, server.directory_database()):
            create_database(connection, server.directory_database(), None)
            open_database(connection, server.directory_database(), VISITOR)


def make_book_role(connection: psycopg.Connection, database: str) -> str:
    """The one login that may enter `database`, besides the owner and the auditor."""
    role = server.book_role(database)
    _login_role(connection, role, server.role_password(role), "")
    limit_sessions(connection, role)
    _grant_role(connection, APP_GROUP, role)
    _grant_role(connection, role, OWNER)  # so that the owner may end its sessions
    open_database(connection, database, role)
    return role


def drop_book_role(connection: psycopg.Connection, database: str) -> None:
    connection.execute(
        sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(server.book_role(database)))
    )


def create_database(connection: psycopg.Connection, name: str, template: str | None) -> None:
    """An empty database, or a copy of `template`, that nobody but the owner may enter yet."""
    connection.execute(
        sql.SQL("CREATE DATABASE {} TEMPLATE {} ENCODING 'UTF8' STRATEGY {}").format(
            sql.Identifier(name),
            sql.Identifier(template or "template0"),
            sql.Identifier("file_copy" if template else "wal_log"),
        )
    )
    connection.execute(
        sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(name))
    )


def open_database(connection: psycopg.Connection, name: str, role: str) -> None:
    """`role` and the auditor may connect; nobody else but the owner.

    No temporary tables: one called ledger_period would hide the closed months from the triggers.
    """
    database, login = sql.Identifier(name), sql.Identifier(role)
    connection.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(database, login))
    connection.execute(sql.SQL("REVOKE TEMPORARY ON DATABASE {} FROM {}").format(database, login))
    connection.execute(
        sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(
            sql.Identifier(name), sql.Identifier(AUDITOR)
        )
    )


def close_database(connection: psycopg.Connection, name: str, role: str) -> None:
    """`role` may no longer connect and is gone."""
    connection.execute(
        sql.SQL("REVOKE ALL ON DATABASE {} FROM {}").format(
            sql.Identifier(name), sql.Identifier(role)
        )
    )
    connection.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(role)))


def let_in(connection: psycopg.Connection, name: str, *, anybody: bool) -> None:
    """Whether new sessions of the database may begin; with False the running ones are ended."""
    connection.execute(
        sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}").format(
            sql.Identifier(name), sql.SQL("true" if anybody else "false")
        )
    )
    if not anybody:
        connection.execute(
            # PostgreSQL itself sends its own workers (autovacuum) away when it copies or drops.
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = %s AND backend_type = 'client backend'",
            [name],
        )


def drop_database(connection: psycopg.Connection, name: str) -> None:
    """The database is gone, if there was one, whoever was in it.

    Not by FORCE, which wants to end autovacuum workers too and may not.
    """
    if database_exists(connection, name):
        let_in(connection, name, anybody=False)
    connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))


def database_exists(connection: psycopg.Connection, name: str) -> bool:
    row = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
    return row is not None


def grant_book(connection: psycopg.Connection) -> None:
    """Rights inside the book's database that `connection` (the owner) is in. After each migrate."""
    connection.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC")
    connection.execute("REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC")
    for statement in (
        "GRANT USAGE ON SCHEMA public TO {}",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {}",
        "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {}",
        "REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {}",
    ):
        _execute_for(connection, statement, APP_GROUP)
    for table in append_only_tables(connection):
        connection.execute(
            sql.SQL("REVOKE UPDATE, DELETE, TRUNCATE ON {} FROM {}").format(
                sql.Identifier(table), sql.Identifier(APP_GROUP)
            )
        )
    _grant_auditor(connection)


def grant_directory(connection: psycopg.Connection) -> None:
    """Rights inside the directory database."""
    connection.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC")
    for statement in (
        "GRANT USAGE ON SCHEMA public TO {}",
        "GRANT SELECT ON books_book, django_migrations TO {}",
        "GRANT SELECT, INSERT, UPDATE ON books_bell TO {}",
    ):
        _execute_for(connection, statement, VISITOR)
    _grant_auditor(connection)


def append_only_tables(connection: psycopg.Connection) -> list[str]:
    """Tables that carry a trigger of the name `append_only`."""
    rows = connection.execute(
        "SELECT DISTINCT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
        " WHERE t.tgname = 'append_only' AND NOT t.tgisinternal ORDER BY 1"
    ).fetchall()
    return [str(row[0]) for row in rows]


def owner_dsn(database: str) -> Dsn:
    return server.admin().to(database, OWNER, server.owner_password())


def owner_connection(database: str = "postgres") -> psycopg.Connection:
    """As the owner, outside any transaction: CREATE DATABASE demands that."""
    return owner_dsn(database).connect()


def limit_sessions(connection: psycopg.Connection, role: str) -> None:
    """Sessions of the role wait and run no longer than decided."""
    for setting, value in SESSION_LIMITS.items():
        connection.execute(
            sql.SQL("ALTER ROLE {} SET {} = {}").format(
                sql.Identifier(role), sql.Identifier(setting), sql.Literal(value)
            )
        )


def _grant_auditor(connection: psycopg.Connection) -> None:
    """Every column but the hidden ones. Views made of tables hold no secrets of their own."""
    _execute_for(connection, "GRANT USAGE ON SCHEMA public TO {}", AUDITOR)
    _execute_for(connection, "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {}", AUDITOR)
    rows = connection.execute(
        "SELECT c.relname, array_agg(a.attname::text ORDER BY a.attnum)"
        " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped"
        " WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p', 'v', 'm')"
        "   AND a.attname !~ %s"
        " GROUP BY c.relname",
        [HIDDEN_COLUMNS],
    ).fetchall()
    for table, columns in rows:
        connection.execute(
            sql.SQL("GRANT SELECT ({}) ON {} TO {}").format(
                sql.SQL(", ").join(map(sql.Identifier, columns)),
                sql.Identifier(table),
                sql.Identifier(AUDITOR),
            )
        )


def _login_role(
    connection: psycopg.Connection, role: str, password: str, powers: LiteralString
) -> None:
    verb: LiteralString = "ALTER" if _exists(connection, role) else "CREATE"
    connection.execute(
        sql.SQL("{} ROLE {} LOGIN {} PASSWORD {}").format(
            sql.SQL(verb), sql.Identifier(role), sql.SQL(powers), sql.Literal(password)
        )
    )


def _grant_role(connection: psycopg.Connection, role: str, to: str) -> None:
    connection.execute(sql.SQL("GRANT {} TO {}").format(sql.Identifier(role), sql.Identifier(to)))


def _exists(connection: psycopg.Connection, role: str) -> bool:
    row = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
    return row is not None


def _execute_for(connection: psycopg.Connection, statement: LiteralString, role: str) -> None:
    connection.execute(sql.SQL(statement).format(sql.Identifier(role)))
