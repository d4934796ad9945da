"""What the lines of a posted document cost, and what was earned on them."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from hengcang.kernel.actor import Actor
from hengcang.kernel.rounding import ZERO
from hengcang.ledger.queries import line_costs
from hengcang.pages.editor import Line, Totals
from hengcang.web.documents.rows import Row
from hengcang.web.masters import words

INCOMING = frozenset({"purchase_receipt", "other_receipt", "overage", "sales_return"})
EARNING = {"sales_delivery": 1, "sales_return": -1, "sales_exchange": 1}


def with_costs(
    actor: Actor, document: Any, lines: Sequence[Line], rows: Sequence[Row]
) -> list[Line]:
    """The lines with their booked cost and, on sales, the margin on net amounts."""
    booked = {each.line: each.cost for each in line_costs(actor, document.kind, document.pk)}
    return [
        _with_cost(document.kind, line, row, booked.get(number))
        for number, (line, row) in enumerate(zip(lines, rows, strict=True), start=1)
    ]


def totals_with_costs(totals: Totals, lines: Sequence[Line], net: Decimal) -> Totals:
    """The totals with the cost of all lines and, where there is one, the margin and its rate."""
    costs = [Decimal(line.cost) for line in lines if line.cost]
    margins = [Decimal(line.margin) for line in lines if line.margin]
    if not costs:
        return totals
    found = replace(totals, cost=words.money(sum(costs, ZERO)))
    if not margins:
        return found
    margin = sum(margins, ZERO)
    return replace(found, margin=f"{words.money(margin)}{rate_of(margin, net)}")


def rate_of(margin: Decimal, net: Decimal) -> str:
    """As on the lines: on a reversal both are negative, and the rate is what it was."""
    return f"（{margin / net * 100:.1f}%）" if net else ""


def _with_cost(kind: str, line: Line, row: Row, cost: Decimal | None) -> Line:
    """`cost` is positive for goods that left."""
    if cost is None:
        return line
    shown = replace(line, cost=str(-cost if kind in INCOMING else cost))
    if kind not in EARNING:
        return shown
    net = (Decimal(row["amount"]) - Decimal(row["tax"])) * EARNING[kind]
    margin = net - cost
    rate = f"{margin / net * 100:.1f}%" if net > ZERO or net < ZERO else ""
    return replace(shown, margin=str(margin), margin_rate=rate)
