"""The real books as the whole machine sees them, and how each kind is saved and posted."""

from collections import defaultdict
from collections.abc import Sequence
from fractions import Fraction
from functools import cache
from typing import Any

from django.db import connection

from hengcang.assembly.actions import assemblies, disassemblies
from hengcang.purchasing.actions import inspections
from hengcang.purchasing.actions import returns as purchase_returns
from hengcang.stock.actions import bin_moves, overages, scraps, status_changes
from tests.properties.real import rows
from tests.properties.whole.goods import Key, Order
from tests.serials import pieces

SAVE: dict[str, tuple[Any, Any, str]] = {
    kind: (save, post, "ship" if kind == "stock_transfer" else "post")
    for kind, (save, post) in {
        **pieces.SAVE,
        "purchase_return": (purchase_returns.save_return, purchase_returns.post_return),
        "quality_inspection": (inspections.save_inspection, inspections.post_inspection),
        "scrap": (scraps.save_scrap, scraps.post_scrap),
        "overage": (overages.save_overage, overages.post_overage),
        "status_change": (status_changes.save_status_change, status_changes.post_status_change),
        "bin_move": (bin_moves.save_bin_move, bin_moves.post_bin_move),
        "assembly": (assemblies.save_assembly, assemblies.post_assembly),
        "disassembly": (disassemblies.save_disassembly, disassemblies.post_disassembly),
    }.items()
}
OF_DOCUMENTS = ("ledger", "documents", "compliance", "purchasing", "sales", "stock", "assembly")


@cache
def _digest_sql() -> str:
    """Of every table of the books and of documents, also of those made tomorrow."""
    found = rows(
        "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'"
        f" AND split_part(tablename, '_', 1) = ANY(ARRAY{list(OF_DOCUMENTS)!r}) ORDER BY 1"
    )
    parts = (
        f"(SELECT count(*) || coalesce(md5(string_agg(t::text, ',' ORDER BY t::text)), '')"
        f" FROM {table} t)"
        for (table,) in found
    )
    return f"SELECT concat_ws('|', {', '.join(parts)})"


def digest() -> str:
    """Changes when any row of the books or of a document changes."""
    with connection.cursor() as cursor:
        cursor.execute(_digest_sql())
        return str(cursor.fetchone()[0])


def heaps() -> dict[Key, Fraction]:
    """Quantity by item, warehouse, bin, batch and status, where there is any."""
    found = rows(
        "SELECT s.item_id, s.warehouse_id, coalesce(p.code, ''), coalesce(b.batch_no, ''),"
        " s.status, s.quantity FROM ledger_stockbalance s"
        " LEFT JOIN places_binlocation p ON p.id = s.bin_id"
        " LEFT JOIN catalog_batch b ON b.id = s.batch_id WHERE s.quantity <> 0"
    )
    return {Key(*row[:5]): Fraction(row[5]) for row in found}


def pieces_by_number() -> dict[str, tuple[str, Key | None]]:
    """Where each single piece is: a word, and the heap when it is in stock."""
    found = rows(
        "SELECT n.serial_no, t.place, s.item_id, s.warehouse_id, coalesce(p.code, ''),"
        " coalesce(b.batch_no, ''), s.status FROM ledger_serialstate t"
        " JOIN catalog_serialnumber n ON n.id = t.serial_id"
        " LEFT JOIN ledger_stockbalance s ON s.id = t.stock_id"
        " LEFT JOIN places_binlocation p ON p.id = s.bin_id"
        " LEFT JOIN catalog_batch b ON b.id = s.batch_id"
    )
    return {row[0]: (row[1], Key(*row[2:]) if row[2] else None) for row in found}


def _by_kind(documents: Sequence[Any]) -> dict[Any, list[int]]:
    ids: dict[Any, list[int]] = defaultdict(list)
    for document in documents:
        ids[type(document.row)].append(document.row.pk)
    return ids


def statuses(documents: Sequence[Any]) -> list[str]:
    """What the books call each document's status, in the order given."""
    found: dict[tuple[Any, int], str] = {}
    for model, ids in _by_kind(documents).items():
        pairs = model.objects.filter(id__in=ids).order_by().values_list("id", "status")
        found |= {(model, pk): status for pk, status in pairs}
    return [found[type(d.row), d.row.pk] for d in documents]


def lines(orders: Sequence[Order]) -> list[tuple[int, Fraction, Fraction, Fraction]]:
    """(id, ordered, executed, reserved) of every line of these orders, in the order given."""
    found: dict[tuple[Any, int], list[Any]] = defaultdict(list)
    for model, ids in _by_kind(orders).items():
        table = model.lines.rel.related_model
        names = {field.name for field in table._meta.get_fields()}
        done = "qty_fulfilled" if "qty_fulfilled" in names else None
        held = "qty_reserved" if "qty_reserved" in names else None
        for row in table.objects.filter(document_id__in=ids).order_by("position"):
            found[model, row.document_id].append(
                (
                    row.pk,
                    Fraction(row.quantity),
                    Fraction(getattr(row, done)) if done else Fraction(0),
                    Fraction(getattr(row, held)) if held else Fraction(0),
                )
            )
    return [
        line for order in orders if order.lines for line in found[type(order.row), order.row.pk]
    ]
