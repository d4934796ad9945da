"""再来一单: the goods of an earlier order of the customer, at what they cost today."""

from datetime import date
from typing import Any

from hengcang.kernel.actor import Actor
from hengcang.kernel.errors import Refused
from hengcang.kernel.numbers import shown
from hengcang.register import lists as register
from hengcang.register.kinds import Kind
from hengcang.sales.prices import KnownPrices, Sale, known_prices
from hengcang.web.documents import heads, rows
from hengcang.web.documents.editor import Sheet
from hengcang.web.documents.rows import Row

AGAIN = frozenset({"sales_order"})


def sheet_of(actor: Actor, kind: Kind, document_id: int, today: date) -> Sheet:
    """A new order of the same goods for the same customer; what is sold no more is left out.

    Raises Refused: not_found (also for kinds that are not ordered again), forbidden.
    """
    if kind.code not in AGAIN:
        raise Refused("not_found", what="操作")
    order = register.one(actor, kind, document_id)
    lines = [ln for ln in register.lines_of(actor, kind, order) if ln.item.is_active]
    sale = Sale(order.partner_id, today, order.prices_include_tax)
    prices = known_prices(actor, sale, {line.item_id for line in lines})
    head = heads.copied_head(heads.saved_head(order), today)
    head |= dict.fromkeys(heads.OFF, "")
    fresh = rows.copied_rows(rows.saved_rows(lines))
    return Sheet(
        kind, head, [_priced(row, ln, prices) for row, ln in zip(fresh, lines, strict=True)]
    )


def _priced(row: Row, line: Any, prices: KnownPrices) -> Row:
    """The row at today's price; one that nobody knows is typed anew."""
    if row["mark"]:
        return row
    quote = prices.quote(line.item, line.item_uom)
    return row | {"price": shown(quote.price) if quote else "", "discount": "100", "tax_rate": ""}
