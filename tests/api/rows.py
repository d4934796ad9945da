"""Whether anything at all was written."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


def row_counts() -> dict[str, int]:
    """Rows of every table of the current book."""
    with connection.cursor() as cursor:
        names = connection.introspection.table_names(cursor)
        counts: dict[str, int] = {}
        for name in names:
            cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(name)}")
            counts[name] = cursor.fetchone()[0]
    return counts


@contextmanager
def nothing_written() -> Iterator[None]:
    """Every table has as many rows afterwards as before."""
    before = row_counts()
    yield
    assert row_counts() == before
