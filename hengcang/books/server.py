"""The PostgreSQL server the books live on, and the names and passwords used there.

DATABASE_URL names a server of the operator; without it we run our own (see cluster.py).
"""

import hashlib
import hmac
import os
from dataclasses import dataclass, field
from functools import cache

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from hengcang.books import cluster
from hengcang.books.home import secret

APP_GROUP = "app_rw"  # what every app role may do with rows; cannot log in, owns nothing
AUDITOR = "audit_ro"
OWNER = "hc_owner"  # owns the databases; migrations and grants only
VISITOR = "hc_web"  # what a web process is in the directory: reads books, rings the bell


@dataclass(frozen=True, slots=True)
class Dsn:
    """One way into one database."""

    host: str
    port: str
    database: str
    user: str
    password: str = field(repr=False)
    extra: tuple[tuple[str, str], ...] = ()

    def params(self) -> dict[str, str]:
        """As psycopg's connect takes them."""
        named = {
            "host": self.host,
            "port": self.port,
            "dbname": self.database,
            "user": self.user,
            "password": self.password,
        }
        return {**dict(self.extra), **{key: value for key, value in named.items() if value}}

    def connect(self) -> "psycopg.Connection":
        """Outside any transaction, as CREATE DATABASE demands."""
        return psycopg.connect(make_conninfo(**self.params()), autocommit=True)

    def to(self, database: str, user: str, password: str) -> "Dsn":
        """The same server, seen by somebody else."""
        return Dsn(self.host, self.port, database, user, password, self.extra)


def embedded() -> bool:
    """Whether the server is our own."""
    return not os.environ.get("DATABASE_URL")


@cache
def admin() -> Dsn:
    """The most powerful way in: our own superuser, or what DATABASE_URL says."""
    if embedded():
        ours = cluster.default()
        return Dsn(str(ours.sockets), "", "postgres", cluster.SUPERUSER, ours.password)
    given = {key: str(value) for key, value in conninfo_to_dict(os.environ["DATABASE_URL"]).items()}
    host, port = given.pop("host", ""), given.pop("port", "")
    database, user = given.pop("dbname", "postgres"), given.pop("user", "")
    password = given.pop("password", "")
    return Dsn(host, port, database, user, password, tuple(sorted(given.items())))


def directory_database() -> str:
    return os.environ.get("HENGCANG_DIRECTORY") or "hc_directory"


def owner_password() -> str:
    return secret("owner")


def role_password(role: str) -> str:
    """Derived, so that no password is stored beside the rows it protects."""
    return hmac.new(secret("roles").encode(), role.encode(), hashlib.sha256).hexdigest()


def book_database(code: str) -> str:
    return "hc_b_" + code.replace("-", "_")


def book_role(database: str) -> str:
    """The login of one book's application; it may not even connect to another book."""
    return "app_" + database
