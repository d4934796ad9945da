"""Document numbers: one gapless series per kind and month of the business date."""

from datetime import date

from django.db import connection

from hengcang.kernel.calendar import month_of


def next_number(kind: str, prefix: str, dated: date) -> str:
    """Take the next number, e.g. XSCK202611-0001. Called last in its transaction.

    Gapless: the counter row stays locked until the caller commits and a rollback gives the number
    back. Taken last, 8 writers reach 612-701 a second; taken first, 136-159.
    """
    return next_numbers(kind, prefix, dated, 1)[0]


def next_numbers(kind: str, prefix: str, dated: date, count: int) -> list[str]:
    """The next `count` numbers of the series, in order; locked as in next_number."""
    month = month_of(dated)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO documents_numberseries (kind, month, last) VALUES (%s, %s, %s) "
            "ON CONFLICT (kind, month) "
            "DO UPDATE SET last = documents_numberseries.last + EXCLUDED.last RETURNING last",
            [kind, month, count],
        )
        last = cursor.fetchone()[0]
    return [f"{prefix}{month:%Y%m}-{n:04d}" for n in range(last - count + 1, last + 1)]
