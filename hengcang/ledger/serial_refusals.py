"""What is wrong with a piece, in facts a person can act on: where it is, and by which document."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from django.db import connection

from hengcang.documents.numbers import numbers_of
from hengcang.kernel.actor import Actor
from hengcang.kernel.errors import Refused
from hengcang.ledger.entries import PLACE_LABELS, STATUS_LABELS, Place, Posting, StockStatus
from hengcang.partners.models import Partner

TOLD = 50  # pieces a refusal names one by one
ELSEWHERE = "另一个仓库"
"""What is said of a warehouse outside the actor's data scope."""


class Piece(NamedTuple):
    """A serial number that a line names, and what the book knows of it: its state, and the
    document whose move holds. All None for one the book has never seen.
    """

    line: int
    part: int
    item_id: int
    serial_no: str
    serial_id: int | None
    step: int | None
    stands_on: int | None
    stock_id: int | None
    place: str | None
    partner_id: int | None
    dated: date | None
    kind: str | None
    source_id: int | None

    @property
    def key(self) -> tuple[int, str]:
        return self.item_id, self.serial_no


def refusal_of(
    posting: Posting | None, wrong: Sequence[tuple[str, Piece, Any]], actor: Actor
) -> list[Refused]:
    """One refusal for each wrong piece, of the first TOLD; the last says how many more there are.

    Warehouses and partners that are not the actor's to see are not named. A handful of queries for
    any number.
    """
    pieces = [piece for _, piece, _ in wrong]
    numbers = numbers_of({(p.kind, p.source_id) for p in pieces if p.kind and p.source_id})
    places = _places(
        {p.stock_id for p in pieces if p.stock_id}
        | {half.out.stock_id for _, _, half in wrong if half is not None and half.out},
        actor,
    )
    names = _names({p.item_id for p in pieces})
    partners = names_seen(actor, {p.partner_id for p in pieces if p.partner_id})
    refusals = [
        Refused(
            code,
            "lines",
            item_id=piece.item_id,
            item_name=names[piece.item_id],
            line=piece.line,
            serial_no=piece.serial_no,
            place=PLACE_LABELS[Place(piece.place or Place.NEW)],
            warehouse=places.get(piece.stock_id or 0, ""),
            wanted=places.get(half.out.stock_id, "") if half is not None and half.out else "",
            partner=partners.get(piece.partner_id or 0, ""),
            number=numbers.get((piece.kind or "", piece.source_id or 0), ""),
            dated=str(piece.dated or ""),
            document_dated=str(posting.dated) if posting else "",
        )
        for code, piece, half in wrong[:TOLD]
    ]
    if len(wrong) > TOLD:
        refusals.append(Refused("serials_more", "lines", count=len(wrong) - TOLD))
    return refusals


def _places(stock_ids: set[int], actor: Actor) -> dict[int, str]:
    """Stock keys in words: 主仓, 批号 A1, 待检; ELSEWHERE where the actor has no business."""
    if not stock_ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT b.id, b.warehouse_id, w.is_transit, w.name, c.batch_no, p.code, b.status"
            " FROM ledger_stockbalance b "
            "JOIN places_warehouse w ON w.id = b.warehouse_id "
            "LEFT JOIN catalog_batch c ON c.id = b.batch_id "
            "LEFT JOIN places_binlocation p ON p.id = b.bin_id WHERE b.id = ANY(%s::bigint[])",
            [sorted(stock_ids)],
        )
        return {
            pk: _in_words(*told) if is_transit or actor.reaches(warehouse_id) else ELSEWHERE
            for pk, warehouse_id, is_transit, *told in cursor.fetchall()
        }


def _in_words(warehouse: str, batch_no: str | None, bin_code: str | None, status: str) -> str:
    parts = [warehouse]
    parts += [f"批号 {batch_no}"] if batch_no else []
    parts += [f"库位 {bin_code}"] if bin_code else []
    parts += [STATUS_LABELS[StockStatus(status)]] if status != StockStatus.GOOD else []
    return "、".join(parts)


def _names(item_ids: set[int]) -> dict[int, str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, name FROM catalog_item WHERE id = ANY(%s::bigint[])", [sorted(item_ids)]
        )
        return dict(cursor.fetchall())


def names_seen(actor: Actor, partner_ids: set[int]) -> dict[int, str]:
    """The names of those partners that the actor may see; no query for none."""
    if not partner_ids:
        return {}
    rows = Partner.objects.visible_to(actor).filter(id__in=partner_ids)
    return dict(rows.values_list("id", "name"))
