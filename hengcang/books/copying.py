"""Many rows into one table at once, by COPY, through the current book's connection."""

from collections.abc import Iterable, Sequence

from django.db import connection

SLOW = "600s"


def copy_rows(table: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """The rows stand in the table; triggers and constraints have seen them as by INSERT."""
    quote = connection.ops.quote_name
    names = ", ".join(quote(column) for column in columns)
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {quote(table)} ({names}) FROM STDIN") as copy,
    ):
        for row in rows:
            copy.write_row(row)


def take_ids(table: str, column: str, count: int) -> list[int]:
    """`count` rising values of the column's own sequence."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
            [table, column, count],
        )
        return sorted(row[0] for row in cursor.fetchall())


def allow_slow_statements() -> None:
    """Until the transaction ends, a statement may take ten minutes instead of seconds."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('statement_timeout', %s, true),"
            " set_config('idle_in_transaction_session_timeout', %s, true)",
            [SLOW, SLOW],
        )
