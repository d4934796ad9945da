"""Money of lines done in parts (delivered, received, returned): the last part takes the rest."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection, models

from hengcang.documents.flow import Status
from hengcang.documents.lines import BuiltLine
from hengcang.documents.rules import NOTHING, Amounts, less_share, part_left, total
from hengcang.documents.sources import price_in
from hengcang.kernel.rounding import ZERO, to_cent

COUNTS = [
    status.value
    for status in (
        *(Status.POSTED, Status.REVERSED),
        *(Status.APPROVED, Status.CLOSED, Status.CLOSED_FORCED),
    )
]
"""Papers that have taken what their lines say: posted ones, and approved orders of a quotation."""


class Taken(NamedTuple):
    """What parts have taken of a source line: base units, money, and its discount carried."""

    quantity: Decimal = ZERO
    amounts: Amounts = NOTHING
    bill_share: Decimal = ZERO


Parts = type[models.Model] | tuple[type[models.Model], ...]


def with_rests(
    built: list[BuiltLine], sources: Mapping[int, Any], parts: Parts, done: str
) -> list[BuiltLine]:
    """The lines; one that finishes its source line at the source's price has all the money left of
    it, and no part has more than is left. One that goes beyond its source line has its own money.

    `parts` are the stored lines, of one kind or of several, that took from the sources before,
    `done` the column that counts them. Of a discount on the source's document each part carries
    its share. A source that was ever repriced is left as typed. One query, none for untouched
    sources.
    """
    named = source_ids(built) & sources.keys()
    touched = [pk for pk in named if getattr(sources[pk], done)]
    taken = dict.fromkeys(named, Taken())
    if touched:
        booked = _booked(parts if isinstance(parts, tuple) else (parts,), touched)
        for pk in touched:
            if pk in booked:
                taken[pk] = booked[pk]._replace(quantity=getattr(sources[pk], done))
            else:
                del taken[pk]
    return [_part(line, sources, taken) for line in built]


def source_ids(built: list[BuiltLine]) -> set[int]:
    """The source lines that the lines name."""
    return {ln.draft.source_line_id for ln in built if ln.draft.source_line_id is not None}


def _part(line: BuiltLine, sources: Mapping[int, Any], taken: dict[int, Taken]) -> BuiltLine:
    pk = line.draft.source_line_id or 0
    if pk not in taken or line.amounts is None:
        return line
    source, so_far = sources[pk], taken[pk]
    if not _is_priced_like(line, source):
        del taken[pk]
        return line
    part = _share(source, so_far, line.quantity, line.amounts)
    amounts = less_share(line.amounts, part.bill_share, line.tax_rate)
    after = so_far.quantity + line.quantity
    if after <= source.quantity:  # more than was asked for (超收) costs what it costs
        amounts = part_left(source.amounts, so_far.amounts, amounts, ends=part.ends)
    taken[pk] = Taken(after, total([so_far.amounts, amounts]), so_far.bill_share + part.bill_share)
    carries = bool(source.bill_share)
    return replace(line, amounts=amounts, bill_share=part.bill_share, carries=carries)


class _Part(NamedTuple):
    bill_share: Decimal
    ends: bool


def _share(source: Any, so_far: Taken, quantity: Decimal, own: Amounts) -> _Part:
    """What a part carries of its source's discount: by its quantity, the last part the rest."""
    ends = so_far.quantity + quantity == source.quantity
    left = source.bill_share - so_far.bill_share
    share = to_cent(source.bill_share * quantity / source.quantity)
    return _Part(left if ends else min(share, left, own.gross), ends)


def _is_priced_like(line: BuiltLine, source: Any) -> bool:
    price = price_in(source, line.item_uom.pk, includes_tax=source.document.prices_include_tax)
    told = (line.price, line.draft.discount_rate, line.tax_rate)
    return told == (price, source.discount_rate, source.tax_rate)


def _booked(parts: tuple[type[models.Model], ...], ids: Collection[int]) -> dict[int, Taken]:
    """The money of the booked parts by source line; a reversed part and its reversal cancel out.

    Sources of which a part was booked at another price are absent.
    """
    arms = " UNION ALL ".join(_arm(lines) for lines in parts)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT source, sum(net), sum(tax), sum(gross), sum(share) "
            f"FROM ({arms}) p GROUP BY source HAVING bool_and(alike)",
            [value for _ in parts for value in (sorted(ids), COUNTS)],
        )
        return {row[0]: Taken(ZERO, Amounts(*row[1:4]), row[4]) for row in cursor.fetchall()}


def _arm(lines: type[models.Model]) -> str:
    """The booked parts of one kind, one by one, and whether each was booked as its source says."""
    quote = connection.ops.quote_name
    source: Any = lines._meta.get_field("source_line").related_model
    papers: list[Any] = [m._meta.get_field("document").related_model for m in (lines, source)]
    tables = [quote(m._meta.db_table) for m in (lines, papers[0], source, papers[1])]
    sign = "-" if getattr(lines, "part_sign", 1) < 0 else ""
    return (
        f"SELECT s.id AS source, {sign}l.net_amount AS net, {sign}l.tax_amount AS tax, "
        f"{sign}l.amount_incl_tax AS gross, {sign}l.bill_share AS share, "
        "(s.bill_share <> 0 OR l.bill_share = 0) "
        "AND l.discount_rate = s.discount_rate AND l.tax_rate = s.tax_rate "
        "AND d.prices_include_tax = o.prices_include_tax AND l.price = round(s.price "
        "* su.ratio_den * lu.ratio_num / (su.ratio_num * lu.ratio_den), 4) AS alike "
        f"FROM {tables[0]} l JOIN {tables[1]} d ON d.id = l.document_id "
        f"JOIN {tables[2]} s ON s.id = l.source_line_id "
        f"JOIN {tables[3]} o ON o.id = s.document_id "
        "JOIN catalog_itemuom lu ON lu.id = l.item_uom_id "
        "JOIN catalog_itemuom su ON su.id = s.item_uom_id "
        "WHERE l.source_line_id = ANY(%s) AND d.status = ANY(%s)"
    )
