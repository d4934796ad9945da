"""The bell: a committed transaction tells the worker process that a book has jobs waiting."""

import logging
from functools import partial

from django.db import DatabaseError, connections, transaction

from hengcang.books.switch import current_book

CHANNEL = "hengcang_bell"
log = logging.getLogger(__name__)


def ring() -> None:
    """Once the present transaction commits, the worker looks at the current book at once.

    Only a hint: without it the worker's next round, within a minute, finds the job.
    """
    transaction.on_commit(partial(_ring, current_book.get()))


def _ring(code: str) -> None:
    try:
        with connections["directory"].cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, code])
    except DatabaseError:
        log.warning("the bell of %s could not be rung", code)
