"""What single pieces were made of, and what they went into."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from django.db import connection

from hengcang.documents.lines import BuiltLine
from hengcang.identity.access import demand
from hengcang.kernel.actor import Actor
from hengcang.ledger.entries import PRODUCT, Place
from hengcang.ledger.history import places_of
from hengcang.ledger.serial_queries import serial


def built_into(
    lines: Sequence[BuiltLine], product_id: int, serials: Sequence[str]
) -> list[BuiltLine]:
    """Lines that do not say which pieces come out of these products have those that were built in,
    where they are as many as the line takes.

    One query, if any at all; none where the product has no numbers.
    """
    silent = [ln for ln in lines if ln.item.tracks_serials and not ln.draft.serials]
    if not silent or not serials:
        return list(lines)
    found: dict[int, list[str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_INSIDE, [product_id, list(serials), PRODUCT, Place.BUILT_IN.value])
        for item_id, serial_no in cursor.fetchall():
            found.setdefault(item_id, []).append(serial_no)
    return [_naming(ln, found.get(ln.item.pk, [])) for ln in lines]


def _naming(line: BuiltLine, serials: list[str]) -> BuiltLine:
    if line.draft.serials or len(serials) != line.quantity:
        return line
    return replace(line, draft=replace(line.draft, serials=tuple(serials)))


# The move that holds put the part into the document that made the product.
_INSIDE = """
SELECT DISTINCT n.item_id, n.serial_no FROM catalog_serialnumber p
JOIN ledger_serialentry m ON m.serial_id = p.id
JOIN ledger_serialentry e ON e.posting_id = m.posting_id
JOIN ledger_serialstate s ON s.serial_id = e.serial_id AND s.stands_on = e.step
JOIN catalog_serialnumber n ON n.id = e.serial_id
WHERE p.item_id = %s AND p.serial_no = ANY(%s::text[]) AND m.line = %s AND s.place = %s
ORDER BY n.item_id, n.serial_no
"""


class Kin(NamedTuple):
    """A piece that another was made of or went into, by a document that stands.

    `pieces`: how many products that document made or took apart; of more than one, the piece
    belongs to one of them. `is_inside`: it is in there now.
    """

    serial_id: int
    serial_no: str
    item_code: str
    item_name: str
    kind: str
    source_id: int
    pieces: int
    is_inside: bool


@dataclass(frozen=True, slots=True)
class Family:
    """The parts a piece was made of or taken apart into, and the products it was part of."""

    parts: list[Kin]
    products: list[Kin]


# Makings that were not reversed: the product's move is line 0, its parts' are the others.
_KIN = """
SELECT DISTINCT n.id, n.serial_no, i.code, i.name, r.kind, r.source_id,
 (SELECT count(*) FROM ledger_serialentry p WHERE p.posting_id = r.id AND p.line = %(product)s),
 part.place_after = %(inside)s AND s.stands_on = part.step
FROM ledger_serialentry mine JOIN ledger_postingrecord r ON r.id = mine.posting_id
JOIN ledger_serialentry other ON other.posting_id = r.id
JOIN ledger_serialentry part ON part.posting_id = r.id AND part.line <> %(product)s
 AND part.serial_id IN (mine.serial_id, other.serial_id)
JOIN ledger_serialstate s ON s.serial_id = part.serial_id
JOIN catalog_serialnumber n ON n.id = other.serial_id JOIN catalog_item i ON i.id = n.item_id
WHERE mine.serial_id = %(serial)s AND (mine.line = %(product)s) = %(is_product)s
 AND (other.line = %(product)s) <> %(is_product)s AND r.kind IN ('assembly', 'disassembly')
 AND r.reversal_of_id IS NULL
 AND NOT EXISTS (SELECT FROM ledger_postingrecord x WHERE x.reversal_of_id = r.id)
 AND (%(places)s::bigint[] IS NULL OR EXISTS (SELECT FROM ledger_stockentry k
  WHERE k.posting_id = r.id AND k.warehouse_id = ANY(%(places)s)))
ORDER BY r.source_id, i.code, n.id
"""


def family_of(actor: Actor, serial_id: int) -> Family:
    """What the piece is made of and part of, by documents in the actor's warehouses.

    Raises Refused: forbidden, not_found.
    """
    demand(actor, "stock.view")
    serial(actor, serial_id)
    return Family(_kin(actor, serial_id, is_product=True), _kin(actor, serial_id, is_product=False))


def _kin(actor: Actor, serial_id: int, *, is_product: bool) -> list[Kin]:
    with connection.cursor() as cursor:
        cursor.execute(
            _KIN,
            {
                "serial": serial_id,
                "is_product": is_product,
                "product": PRODUCT,
                "inside": Place.BUILT_IN.value,
                "places": places_of(actor, None),
            },
        )
        return [Kin(*row) for row in cursor.fetchall()]
