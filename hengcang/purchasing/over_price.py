"""超价拦截: prices above what the item cost last, from any supplier, by more than is allowed."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db import connection

from hengcang.catalog.queries import items_of_lines
from hengcang.identity.permissions import label
from hengcang.kernel.actor import Actor, FieldClass
from hengcang.kernel.errors import Refused, RefusedLines
from hengcang.kernel.numbers import shown
from hengcang.purchasing.rules import PRICE
from hengcang.purchasing.watching import Deal, percent_above, rounded

OVER = "purchase_price.over_limit"
ELSEWHERE = "其他仓库的入库单"


@dataclass(frozen=True, slots=True)
class LastPaid:
    """What an item cost when it last came in, and how much more is allowed, in percent.

    Prices of nothing (gifts) do not count.
    """

    rate: Decimal
    deal: Deal
    number: str
    dated: date
    warehouse_id: int

    def called(self, actor: Actor) -> str:
        """The receipt's number for those who may see it."""
        return self.number if actor.reaches(self.warehouse_id) else ELSEWHERE


@dataclass(frozen=True, slots=True)
class Over:
    """A price above the limit: `net` per base unit without tax, `percent` above the last one."""

    net: Fraction
    percent: Decimal
    last: LastPaid


# The limit is asked first: where there is none, the receipts are not looked at.
LAST = """
SELECT DISTINCT ON (l.item_id) l.item_id,
 (SELECT over_price_rate FROM purchasing_purchasepolicy WHERE id = 1),
 l.price, l.discount_rate, l.tax_rate, d.prices_include_tax, l.quantity_in_unit, l.quantity,
 d.number, d.dated, d.warehouse_id
FROM purchasing_purchasereceiptline l JOIN purchasing_purchasereceipt d ON d.id = l.document_id
WHERE (SELECT over_price_rate FROM purchasing_purchasepolicy WHERE id = 1) IS NOT NULL
 AND l.item_id = ANY(%s) AND l.quantity > 0 AND l.price > 0 AND d.status = 'posted'
ORDER BY l.item_id, d.dated DESC, l.id DESC
"""


def last_paid(item_ids: Collection[int]) -> dict[int, LastPaid]:
    """By item, over all suppliers and warehouses; nothing where no limit is set.

    For decisions: what is told of it depends on the actor.
    """
    if not item_ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(LAST, [sorted(item_ids)])
        rows = cursor.fetchall()
    return {row[0]: LastPaid(row[1], Deal(*row[2:8]), *row[8:]) for row in rows}


def overs(asked: Sequence[tuple[int, Deal | None]]) -> list[Over | None]:
    """For each item and price: how far above the limit it is, if it is. One query."""
    known = last_paid({item_id for item_id, deal in asked if deal is not None})
    return [_over(known.get(item_id), deal) for item_id, deal in asked]


def _over(last: LastPaid | None, deal: Deal | None) -> Over | None:
    if last is None or deal is None:
        return None
    percent = percent_above(deal.net, last.deal.net, last.rate)
    return None if percent is None else Over(deal.net, percent, last)


def over_price_facts(
    lines: Iterable[Any], *, includes_tax: bool, actor: Actor
) -> dict[str, object]:
    """What the audit says of stored lines above the limit: nothing, or which and by how much.

    Raises RefusedLines with over_price (over_price_hidden to those who may not see costs) unless
    the actor may buy above the limit.
    """
    stored = list(lines)
    found = overs([(line.item_id, deal_of(line, includes_tax=includes_tax)) for line in stored])
    above = [(line, over) for line, over in zip(stored, found, strict=True) if over]
    if not above:
        return {}
    goods = items_of_lines({line.item_id for line, _ in above})
    if not actor.may(OVER):
        refusals = [_refusal(line, over, goods[line.item_id].item, actor) for line, over in above]
        raise RefusedLines(refusals)
    return {
        "over_price": [
            [goods[line.item_id].item.code, unit_price(over.net), shown(over.percent)]
            for line, over in above
        ]
    }


def deal_of(line: Any, *, includes_tax: bool) -> Deal:
    """What a stored line of a document costs."""
    return Deal(
        line.price,
        line.discount_rate,
        line.tax_rate,
        includes_tax,
        line.quantity_in_unit,
        line.quantity,
    )


def unit_price(net: Fraction) -> str:
    """As people read it: 4 dp."""
    return shown(rounded(net, PRICE))


def _refusal(line: Any, over: Over, item: Any, actor: Actor) -> Refused:
    at, permitted = f"lines.{line.position}.price", label(OVER)
    if not actor.sees(FieldClass.COST):
        return Refused("over_price_hidden", at, item_name=item.name, permission_label=permitted)
    return Refused(
        "over_price",
        at,
        item_name=item.name,
        uom=item.base_uom.name,
        price=unit_price(over.net),
        last=unit_price(over.last.deal.net),
        dated=over.last.dated.isoformat(),
        number=over.last.called(actor),
        percent=shown(over.percent),
        rate=shown(over.last.rate),
        permission_label=permitted,
    )
