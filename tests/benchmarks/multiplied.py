"""A book of a million documents: the demo company, many times over in one book.

Each copy has items and partners of its own under shifted keys, so every balance of it agrees with
its entries as those of the original do; places, months and people are shared. Document numbers go
on where those of the copy before ended, without a hole.
"""

from collections.abc import Iterator
from typing import Any

import psycopg
from django.apps import apps
from django.db import connection, models
from psycopg.conninfo import make_conninfo

from hengcang.books import server
from hengcang.documents.models import Document
from hengcang.register.kinds import KINDS

SHARED = frozenset(
    {"auth", "contenttypes", "sessions", "books", "identity", "places", "compliance", "outbox"}
)
SHARED_TABLES = frozenset(
    {
        "catalog_uom",
        "catalog_itemcategory",
        "catalog_brand",
        "catalog_attribute",
        "catalog_attributevalue",
        "partners_partnercategory",
        "documents_intent",
        "documents_numberseries",
        "ledger_bookterms",
        "ledger_period",
        "ledger_keptday",
        "ledger_verification",
        "sales_saleschannel",
        "stock_countplan",
        "stock_countrules",
        "purchasing_purchasepolicy",
        "purchasing_purchasereport",
    }
)
NOT_COPIED = frozenset({"documents_attachment", "documents_attachmentchunk"})  # no page reads them
# what names a row of a copied table without a foreign key
SOURCES = frozenset({"source_id", "source_line_id", "document_id", "batch_id"})
COUNTED_AT = ("stock_stocktally", "position")  # the newest stock entry when a line was counted


def multiply(times: int) -> int:
    """The current book holds `times` companies like the one it holds; returns its documents.

    As the superuser with triggers at rest: the copies were checked when they were first written,
    and verify_books looks at the whole afterwards.
    """
    connection.ensure_connection()
    place = server.admin().to(
        connection.get_connection_params()["dbname"], server.admin().user, server.admin().password
    )
    with psycopg.connect(make_conninfo(**place.params()), autocommit=True) as raw:
        raw.execute("SET session_replication_role = replica")
        raw.execute("SET maintenance_work_mem = '512MB'")
        copied = list(_copied())
        shift = 1 + max(_highest(raw, model) for model in copied)
        for model in copied:
            raw.execute(_copy_of(model), {"times": times - 1, "shift": shift})
        raw.execute("UPDATE documents_numberseries SET last = last * %s", [times])
        for model in copied:
            raw.execute(_next_key(model))
        raw.execute("ANALYZE")
    return sum(kind.model._default_manager.count() for kind in KINDS)


def _copied() -> Iterator[type[models.Model]]:
    for model in apps.get_models(include_auto_created=True):
        meta = model._meta
        if (
            not meta.managed
            or meta.app_label in SHARED
            or meta.db_table in SHARED_TABLES | NOT_COPIED
        ):
            continue
        if model.__module__.startswith("hengcang.") or meta.auto_created:
            yield model


def _highest(raw: "psycopg.Connection[Any]", model: type[models.Model]) -> int:
    key = model._meta.pk
    assert key is not None
    found = raw.execute(f"SELECT coalesce(max({key.column}), 0) FROM {model._meta.db_table}")
    row = found.fetchone()
    assert row is not None
    return int(row[0])


def _copy_of(model: type[models.Model]) -> str:
    """One statement: every row, once per further copy, with what is its own shifted."""
    kept = {m._meta.db_table for m in _copied()}
    fields = model._meta.local_concrete_fields
    columns = ", ".join(f'"{field.column}"' for field in fields)
    values = ", ".join(_value(model, field, kept) for field in fields)
    series = (
        f" JOIN documents_numberseries s ON s.kind = '{model.kind}'"
        " AND s.month = date_trunc('month', t.dated)"
        if issubclass(model, Document)
        else ""
    )
    left = " LEFT" if series else ""
    return (
        f'INSERT INTO "{model._meta.db_table}" ({columns}) SELECT {values} '
        f'FROM generate_series(1, %(times)s) k CROSS JOIN "{model._meta.db_table}" t'
        f"{left}{series}"
    )


def _value(model: type[models.Model], field: "models.Field[Any, Any]", kept: set[str]) -> str:
    own = f't."{field.column}"'
    named = (model._meta.db_table, field.column)
    if field.primary_key or field.column in SOURCES or named == COUNTED_AT:
        return f"{own} + k * %(shift)s"
    if field.remote_field is not None:
        target = field.remote_field.model._meta.db_table
        return f"{own} + k * %(shift)s" if target in kept else own
    if isinstance(field, models.UUIDField):
        return f"md5({own}::text || k)::uuid"
    if field.column == "number" and issubclass(model, Document):
        return (
            f"split_part({own}, '-', 1) || '-' || "
            f"lpad((split_part({own}, '-', 2)::int + k * s.last)::text,"
            f" greatest(4, length((split_part({own}, '-', 2)::int + k * s.last)::text)), '0')"
        )
    if field.unique:
        return f"{own} || '/' || k"
    return own


def _next_key(model: type[models.Model]) -> str:
    table, key = model._meta.db_table, model._meta.pk
    assert key is not None
    return (
        f"SELECT setval(pg_get_serial_sequence('{table}', '{key.column}'), "
        f"(SELECT max({key.column}) FROM {table})) "
        f"WHERE pg_get_serial_sequence('{table}', '{key.column}') IS NOT NULL"
    )
