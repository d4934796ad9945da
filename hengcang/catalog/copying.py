"""Many new rows of one model at once: a third of the time of bulk_create."""

from collections.abc import Sequence

from django.db import connection, models

from hengcang.books.copying import copy_rows, take_ids


def copy_in(rows: Sequence[models.Model]) -> None:
    """The rows exist and have their ids, in order. Columns with a database default keep to it.

    Raises IntegrityError like any insert.
    """
    if not rows:
        return
    meta = rows[0]._meta
    fields = [field for field in meta.concrete_fields if not field.has_db_default()]
    attributes = [field.attname for field in fields]
    for row, new_id in zip(rows, take_ids(meta.db_table, "id", len(rows)), strict=True):
        row.pk = new_id
    with connection.wrap_database_errors:
        copy_rows(
            meta.db_table,
            [str(field.column) for field in fields],
            ([getattr(row, attribute) for attribute in attributes] for row in rows),
        )
    for row in rows:
        row._state.adding = False
