"""Codes and barcodes typed into item cells and never picked from the list."""

from collections.abc import Sequence

from hengcang.catalog import queries as catalog
from hengcang.kernel.actor import Actor
from hengcang.web.documents.rows import Row


def resolved(actor: Actor, rows: Sequence[Row]) -> list[Row]:
    """The rows, with the item of every exact code or barcode filled in."""
    open_texts = {row["typed"] for row in rows if row["typed"] and not row["item"]}
    if not open_texts or not actor.may("item.view"):
        return list(rows)
    hits = catalog.hits_by_code(actor, open_texts)
    return [_filled(row, hits) for row in rows]


def _filled(row: Row, hits: dict[str, catalog.ItemHit]) -> Row:
    hit = hits.get(row["typed"]) if not row["item"] else None
    if hit is None:
        return row
    return row | {"item": str(hit.item.pk), "uom": row["uom"] or str(hit.uom.pk)}
