"""Where a book's database is: read from the directory, remembered for a short while."""

import threading
import time
from dataclasses import dataclass

from django.db import connections

from hengcang.books import server
from hengcang.books.server import Dsn

REMEMBERED_SECONDS = 1.0  # an archived or moved book is noticed this much later at most


class UnknownBook(LookupError):
    """The directory has no such book."""


@dataclass(frozen=True, slots=True)
class Place:
    """What the directory says of one book."""

    code: str
    name: str
    state: str
    database: str
    host: str
    port: str


_known: dict[str, tuple[float, Place]] = {}
_lock = threading.Lock()


def place_of(code: str) -> Place:
    """The directory's line of the book, at most REMEMBERED_SECONDS old. Raises UnknownBook."""
    with _lock:
        found = _known.get(code)
    if found and time.monotonic() - found[0] < REMEMBERED_SECONDS:
        return found[1]
    place = _read(code)
    with _lock:
        _known[code] = (time.monotonic(), place)
    return place


def forget(code: str) -> None:
    """The next question about the book goes to the directory."""
    with _lock:
        _known.pop(code, None)


def dsn_of(code: str) -> Dsn:
    """The way into a book for its application role."""
    place = place_of(code)
    role = server.book_role(place.database)
    ours = server.admin().to(place.database, role, server.role_password(role))
    if not place.host:
        return ours
    return Dsn(place.host, place.port, ours.database, ours.user, ours.password, ours.extra)


def as_owner(dsn: Dsn) -> Dsn:
    """The same database for migrations, grants and bulk work."""
    return dsn.to(dsn.database, server.OWNER, server.owner_password())


def _read(code: str) -> Place:
    from hengcang.books.models import Book  # models need loaded apps; the backend loads earlier

    columns = ("code", "name", "state", "database", "host", "port")
    row = Book.objects.filter(code=code).values_list(*columns).first()
    directory = connections["directory"]
    if not directory.in_atomic_block:
        directory.close()  # back to its pool: a thread must not keep it while it works in a book
    if row is None:
        raise UnknownBook(code)
    return Place(*row)
