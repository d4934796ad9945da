"""Goods with serial numbers are counted piece by piece: what was scanned, and where it lies."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from decimal import Decimal

from django.db import connection

from hengcang.catalog.models import ItemUom
from hengcang.documents.drafts import MAX_SERIALS
from hengcang.documents.line_serials import SHOWN, checked_serials
from hengcang.kernel.errors import Refused
from hengcang.kernel.numbers import shown
from hengcang.ledger.serial_counting import Spot, spots_of, tracked_of
from hengcang.stock.count_drafts import NONE, UNSAID, Built, Which
from hengcang.stock.models import StockCount, StockTally

Piece = tuple[int, str]


def by_pieces(count: StockCount, built: Sequence[Built]) -> tuple[list[Built], list[Refused]]:
    """Entries of goods with serial numbers, once for every shelf their pieces lie on by the books,
    in the base unit; a refusal for every wrong one. Others are as they were.

    A piece of which nobody says where it lies is counted where the books have it. One query for
    books without such goods. Refused codes: serials_not_tracked, serial_unreadable, serial_twice,
    count_serials; too_many_serials (raised).
    """
    tracked = tracked_of({one.item_id for one in built})
    if not tracked and not any(one.serials for one in built):
        return list(built), []
    _refuse_size(built)
    refusals = checked_serials(
        (int(one.at.split(".")[1]), one.item_name, one.item_id, one.item_id in tracked, one.serials)
        for one in built
    )
    refusals += [
        refusal for one in built if one.item_id in tracked and (refusal := _miscounted(one))
    ]
    if refusals:
        return list(built), refusals
    bases = _base_units(tracked)
    pieces = {(one.item_id, s) for one in built for s in one.serials}
    lying = spots_of(count.warehouse_id, pieces) | _counted_at(count, pieces, built)
    return [
        part
        for one in built
        for part in (_parts(one, lying, bases) if one.item_id in tracked else [one])
    ], []


def _refuse_size(built: Sequence[Built]) -> None:
    named = sum(len(one.serials) for one in built)
    if named > MAX_SERIALS:
        raise Refused("too_many_serials", limit=MAX_SERIALS, count=named)


def _miscounted(one: Built) -> Refused | None:
    if abs(one.quantity) == len(one.serials):
        return None
    return Refused(
        "count_serials",
        f"{one.at}.serials",
        item_name=one.item_name,
        quantity=shown(one.quantity),
        count=len(one.serials),
    )


def _base_units(item_ids: Collection[int]) -> dict[int, int]:
    rows = ItemUom.objects.filter(item_id__in=item_ids).select_related("item")
    return {uom.item_id: uom.pk for uom in rows if uom.uom_id == uom.item.base_uom_id}


def _parts(one: Built, lying: dict[Piece, Spot], bases: dict[int, int]) -> list[Built]:
    one = replace(one, item_uom_id=bases[one.item_id], quantity_in_unit=one.quantity)
    if not one.serials:
        return [one]  # none lies there
    spots: dict[Which, list[str]] = {}
    for serial in one.serials:
        which = _where(one.which, lying.get((one.item_id, serial)))
        spots.setdefault(which, []).append(serial)
    sign = 1 if one.quantity > 0 else -1
    return [
        replace(one, quantity=size, quantity_in_unit=size, which=which, serials=tuple(serials))
        for which, serials in spots.items()
        for size in [Decimal(sign * len(serials))]
    ]


def _where(said: Which, spot: Spot | None) -> Which:
    """Where a piece lies: as it is said, and where nothing is, as the books have it."""
    if spot is None:
        return said
    if said == UNSAID:
        return Which(spot.batch_no or NONE, spot.bin_code or NONE, spot.status)
    return replace(said, batch_no=said.batch_no or spot.batch_no or NONE)


def _counted_at(
    count: StockCount, pieces: Collection[Piece], built: Sequence[Built]
) -> dict[Piece, Spot]:
    """Where pieces were scanned, if some are taken back."""
    if all(one.quantity >= 0 for one in built):
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.item_id, p.serial_no, coalesce(c.batch_no, ''), coalesce(b.code, ''),"
            " l.stock_status FROM stock_tallypiece p"
            " JOIN stock_stockcountline l ON l.id = p.line_id"
            " LEFT JOIN catalog_batch c ON c.id = l.batch_id"
            " LEFT JOIN places_binlocation b ON b.id = l.bin_id"
            " WHERE p.document_id = %s AND p.is_current AND p.serial_no = ANY(%s::text[])",
            [count.pk, sorted({serial for _, serial in pieces})],
        )
        return {(item, no): Spot(*spot) for item, no, *spot in cursor.fetchall()}


def forget_replaced(count: StockCount) -> None:
    """Pieces whose tally holds no longer, or whose line is counted again, are not counted."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE stock_tallypiece p SET is_current = false"
            " FROM stock_stocktally t, stock_stockcountline l"
            " WHERE p.document_id = %s AND p.is_current AND t.id = p.tally_id"
            " AND l.id = p.line_id AND (NOT t.is_current OR t.round < l.round)",
            [count.pk],
        )


def keep_pieces(count: StockCount, tallies: Sequence[tuple[StockTally, Built]]) -> None:
    """The pieces of the entries are counted, or, of entries below zero, no longer.

    Raises Refused: serial_counted, serial_not_counted.
    """
    come = [(t, one, s) for t, one in tallies if one.quantity > 0 for s in one.serials]
    go = [(t, one, s) for t, one in tallies if one.quantity < 0 for s in one.serials]
    for rows, statement, code in (
        (go, _BACK, "serial_not_counted"),
        (come, _KEEP, "serial_counted"),
    ):
        if not rows:
            continue
        with connection.cursor() as cursor:
            cursor.execute(
                statement,
                {
                    "document": count.pk,
                    "tallies": [t.pk for t, _, _ in rows],
                    "lines": [t.line_id for t, _, _ in rows],
                    "items": [t.item_id for t, _, _ in rows],
                    "nos": [serial for _, _, serial in rows],
                    "positions": [t.position for t, _, _ in rows],
                },
            )
            done = set(cursor.fetchall())
        left = [(one, s) for _, one, s in rows if (one.item_id, s) not in done]
        if left:
            raise _refused(code, left)


def _refused(code: str, left: Sequence[tuple[Built, str]]) -> Refused:
    one = left[0][0]
    serials = "、".join(serial for _, serial in left[:SHOWN])
    facts = {"item_name": one.item_name, "count": len(left), "serials": serials}
    return Refused(code, f"{one.at}.serials", **facts)


_KEEP = """
INSERT INTO stock_tallypiece (document_id, tally_id, line_id, item_id, serial_no, position,
 is_current)
SELECT %(document)s, k.*, true FROM unnest(%(tallies)s::bigint[], %(lines)s::bigint[],
 %(items)s::bigint[], %(nos)s::text[], %(positions)s::bigint[]) k ORDER BY 4, 5
ON CONFLICT (document_id, item_id, serial_no) WHERE is_current DO NOTHING
RETURNING item_id, serial_no
"""
_BACK = """
UPDATE stock_tallypiece p SET is_current = false
FROM unnest(%(items)s::bigint[], %(nos)s::text[]) k(item, no)
WHERE p.document_id = %(document)s AND p.is_current AND p.item_id = k.item AND p.serial_no = k.no
RETURNING p.item_id, p.serial_no
"""
