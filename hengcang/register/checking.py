"""A whole check of the current book against one moment of it."""

from django.db import connection, transaction

from hengcang.books.copying import allow_slow_statements
from hengcang.ledger.verify import Difference
from hengcang.register.verify import verify_books


def check_books() -> list[Difference]:
    """Every difference, as of one moment: postings under way are seen whole or not at all.

    Leaves a note of the run. Inside a transaction of the caller it sees what that one sees.
    """
    inner = connection.in_atomic_block
    with transaction.atomic():
        if not inner:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        allow_slow_statements()
        return verify_books()
