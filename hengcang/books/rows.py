"""Rows of one table, read for little."""

from collections.abc import Callable, Collection, Sequence
from functools import cache
from typing import Any, TypeVar, cast

from django.db import connection, models

M = TypeVar("M", bound=models.Model)


def one(rows: models.QuerySet[M]) -> M | None:
    """The only row there is, or None.

    `first()` would ask for an order and a limit as well: a quarter of what such a read costs.
    """
    return next(iter(rows.order_by()), None)


def ask_row(rows: models.QuerySet[M], pk: int) -> Callable[[], M | None]:
    """The row with this key, or None, when asked for.

    Of a whole table it is one statement of a fixed text, prepared once: compiling it anew takes
    ten times as long as running it. Any condition on `rows`, a scope for one, is kept by Django.
    """
    if _is_whole_table(rows):
        return _ask_one(rows.model, pk, "")
    found = one(rows.filter(pk=pk))
    return lambda: found


def ask_locked(rows: models.QuerySet[M], pk: int) -> Callable[[], M | None]:
    """As ask_row; the row is locked until commit."""
    if _is_whole_table(rows):
        return _ask_one(rows.model, pk, "FOR NO KEY UPDATE")
    found = one(rows.select_for_update(of=("self",), no_key=True).filter(pk=pk))
    return lambda: found


def _ask_one(model: type[M], pk: int, clause: str) -> Callable[[], M | None]:
    answer = _ask(model, f"WHERE {_key(model)} = %s {clause}", [pk])
    return lambda: next(iter(answer()), None)


def ask_lines(model: type[M], document_id: int) -> Callable[[], list[M]]:
    """The lines of a document, in their order, when the answer is asked for.

    `model` has the columns `document` and `position`.
    """
    return _ask(model, "WHERE document_id = %s ORDER BY position", [document_id])


def ask_by(model: type[M], column: str, ids: Collection[int]) -> Callable[[], list[M]]:
    """The rows with one of these numbers in that column, in no order, when asked for."""
    name = connection.ops.quote_name(column)
    return _ask(model, f"WHERE {name} = ANY(%s::bigint[])", [sorted(ids)])


def with_related(rows: Sequence[M], *names: str) -> Sequence[M]:
    """The rows know what their foreign keys of these names point to, each table read once."""
    if not rows:
        return rows
    waiting = [_ask_related(rows, name) for name in names]
    for field, answer in waiting:
        found = {row.pk: row for row in answer()}
        for row in rows:
            pk = getattr(row, field.attname)
            setattr(row, field.name, None if pk is None else found[pk])
    return rows


def _ask_related(
    rows: Sequence[models.Model], name: str
) -> tuple["models.ForeignKey[Any, Any]", Callable[[], list[Any]]]:
    field = cast("models.ForeignKey[Any, Any]", rows[0]._meta.get_field(name))
    ids = {pk for row in rows if (pk := getattr(row, field.attname)) is not None}
    model = field.related_model
    condition = f"WHERE {_key(model)} = ANY(%s::bigint[])"
    return field, _ask(model, condition, [sorted(ids)]) if ids else list


def _ask(model: type[M], condition: str, values: list[Any]) -> Callable[[], list[M]]:
    """The rows that meet the condition, sent for now."""
    cursor = connection.cursor()
    cursor.execute(f"{_selected(model)} {condition}", values)

    def answer() -> list[M]:
        with cursor:
            rows = cursor.fetchall()
        names = _names(model)
        return [model.from_db(connection.alias, names, row) for row in rows]

    return answer


@cache
def _selected(model: type[models.Model]) -> str:
    """All columns, as Django keeps them; none of them may need to be converted when read."""
    fields = model._meta.concrete_fields
    assert not any(field.get_db_converters(connection) for field in fields), model
    columns = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    return f"SELECT {columns} FROM {connection.ops.quote_name(model._meta.db_table)}"


@cache
def _key(model: type[models.Model]) -> str:
    return connection.ops.quote_name(str(model._meta.pk.column))


@cache
def _names(model: type[models.Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]


def _is_whole_table(rows: models.QuerySet[Any]) -> bool:
    """Whether nothing but the table was asked for: no condition, join, sum, limit or union."""
    query = rows.query
    asked = (query.where, query.select_related, query.annotations, query.distinct)
    return not (any(asked) or query.is_sliced or query.combinator)
