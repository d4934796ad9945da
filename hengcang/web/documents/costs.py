"""What the lines of a posted document cost, and what was earned on them."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from hengcang.kernel.actor import Actor
from hengcang.kernel.rounding import ZERO
from hengcang.ledger.queries import line_costs
from hengcang.pages.editor import Line
from hengcang.web.documents.rows import Row

INCOMING = frozenset({"purchase_receipt", "other_receipt", "sales_return"})
EARNING = {"sales_delivery": 1, "sales_return": -1}


def with_costs(
    actor: Actor, document: Any, lines: Sequence[Line], rows: Sequence[Row]
) -> list[Line]:
    """The lines with their booked cost and, on sales, the margin on net amounts."""
    booked = {each.line: each.cost for each in line_costs(actor, document.kind, document.pk)}
    return [
        _with_cost(document.kind, line, row, booked.get(number))
        for number, (line, row) in enumerate(zip(lines, rows, strict=True), start=1)
    ]


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
