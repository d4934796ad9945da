"""How PostgreSQL plans what we ask through the current book's connection."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection


@contextmanager
def planned_for_its_values() -> Iterator[None]:
    """Statements inside are planned for the values they carry, not once for all values.

    A search for a word that is everywhere and for one that is nowhere need different plans: with
    the plan of prepared statements the former took five times as long.
    """
    connection.ensure_connection()
    raw: Any = connection.connection
    before = raw.prepare_threshold
    raw.prepare_threshold = None
    try:
        yield
    finally:
        raw.prepare_threshold = before
