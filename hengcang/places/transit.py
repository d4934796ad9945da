"""The transit warehouse of a book: made by itself when the first goods set out."""

from django.db import connection

# People's codes are letters, digits and signs: nobody's can be this one.
CODE, NAME = "在途", "在途仓"


def transit_id() -> int:
    """The id of the book's transit warehouse, which exists from now on.

    Two who need it first at the same time get the same one: the second waits for the first.
    """
    found = _found()
    if found is not None:
        return found
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO places_warehouse"
            " (code, name, address, is_active, allow_negative, uses_bins, is_transit, version)"
            " VALUES (%s, %s, '', true, false, false, true, 1) ON CONFLICT DO NOTHING",
            [CODE, NAME],
        )
    made = _found()
    assert made is not None
    return made


def _found() -> int | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM places_warehouse WHERE is_transit")
        row = cursor.fetchone()
        return int(row[0]) if row else None
