"""A document that follows from another: filled in from its lines, each thing read once."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import models

from hengcang.books.rows import ask_lines, ask_locked, with_related
from hengcang.catalog.queries import Goods, items_of_lines
from hengcang.documents.actions import plain_columns
from hengcang.documents.drafts import Draft, LineDraft
from hengcang.documents.models import DocumentLine, TradeDocument
from hengcang.documents.parties import usable_partner, usable_warehouse, with_role
from hengcang.documents.sources import in_unit_of, price_in
from hengcang.kernel.errors import Refused
from hengcang.kernel.rounding import ZERO, to_cent

LINE_PARTS = ("item", "item_uom", "batch", "bin")


def locked_with_lines(
    documents: models.QuerySet[Any], document_id: int, line: type[DocumentLine]
) -> tuple[Any, dict[int, Any]]:
    """One document, locked until commit, with its warehouse and partner, and its lines of that
    model by id with item and unit, in order.

    `documents` are those the actor may see. Raises Refused("not_found").
    """
    locked, lines = (
        ask_locked(documents.select_related(None), document_id),
        ask_lines(line, document_id),
    )
    document = locked()
    if document is None:
        raise Refused("not_found", what="单据")
    outside = ("partner",) if isinstance(document, TradeDocument) else ()
    with_related([document], "warehouse", *outside)
    found = {one.pk: one for one in with_related(lines(), *LINE_PARTS)}
    for one in found.values():
        one.document = document  # type: ignore[attr-defined]
    return document, found


def wanted_of(
    lines: Mapping[int, Any], asked: Mapping[int, Decimal], done: str
) -> dict[int, Decimal]:
    """Base units to take of each line: those asked for, or all that is left of all of them.

    `done` names the column of what was taken before. Raises Refused("source_line_unknown") for a
    line of another document or with nothing left.
    """
    left = {pk: line.quantity - getattr(line, done) for pk, line in lines.items()}
    left = {pk: quantity for pk, quantity in left.items() if quantity > 0}
    if not left or not asked.keys() <= left.keys():
        raise Refused("source_line_unknown", "lines")
    wanted = asked or left
    return {pk: wanted[pk] for pk in lines if pk in wanted}


def following_draft(
    document: Any,
    lines: Mapping[int, Any],
    wanted: Mapping[int, Decimal],
    *,
    on: date,
    client_uuid: UUID,
) -> Draft:
    """A document that takes these base units of the lines, filled in as its source is."""
    return Draft(
        client_uuid=client_uuid,
        dated=on,
        warehouse_id=document.warehouse_id,
        partner_id=document.partner_id,
        prices_include_tax=document.prices_include_tax,
        external_no=document.external_no,
        channel_id=getattr(document, "channel_id", None),
        salesperson_id=getattr(document, "salesperson_id", None),
        lines=tuple(_line_from(lines[pk], quantity) for pk, quantity in wanted.items()),
    )


def following_header(draft: Draft, document: Any, role: str) -> dict[str, Any]:
    """The columns of a TradeDocument that follows from a loaded one, but its sums.

    Raises Refused: warehouse_inactive, partner_inactive, partner_wrong_role.
    """
    return plain_columns(draft) | {
        "warehouse": usable_warehouse(document.warehouse),
        "partner": usable_partner(with_role(document.partner, role), role),
        "prices_include_tax": draft.prices_include_tax,
    }


def goods_of(lines: Iterable[Any], draft: Draft) -> Mapping[int, Goods]:
    """The goods of the source lines; read anew only when a line falls back to the base unit."""
    if any(line.item_uom_id is None for line in draft.lines):
        return items_of_lines({line.item_id for line in draft.lines})
    found: dict[int, Goods] = {}
    for line in lines:
        found.setdefault(line.item_id, Goods(line.item, [])).uoms.append(line.item_uom)
    return found


def priced_like(line: LineDraft, source: Any, *, includes_tax: bool) -> LineDraft:
    """The source's mark of a gift, and its price converted to the line's unit and tax where those
    differ (4 dp).
    """
    return replace(
        line,
        price=price_in(source, line.item_uom_id, includes_tax=includes_tax),
        discount_rate=source.discount_rate,
        tax_rate=source.tax_rate,
        is_gift=getattr(source, "is_gift", False),
        is_sample=getattr(source, "is_sample", False),
    )


def _line_from(source: Any, quantity: Decimal) -> LineDraft:
    in_unit, uom_id = in_unit_of(source, quantity)
    line = LineDraft(
        item_id=source.item_id,
        quantity=in_unit,
        item_uom_id=uom_id,
        source_line_id=source.pk,
        batch_no=source.batch.batch_no if source.batch_id else "",
        bin_code=source.bin.code if source.bin_id else "",
        stock_status=source.stock_status,
        carried=to_cent(source.bill_share * quantity / source.quantity)
        if getattr(source, "bill_share", ZERO)
        else ZERO,
    )
    return priced_like(line, source, includes_tax=source.document.prices_include_tax)
