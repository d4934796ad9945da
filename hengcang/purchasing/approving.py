"""More than is tolerated comes in when somebody with the right to says so."""

from decimal import Decimal

from hengcang.identity.permissions import label
from hengcang.kernel.actor import Actor
from hengcang.kernel.errors import Refused
from hengcang.kernel.numbers import shown
from hengcang.purchasing.models import PurchaseOrderLine
from hengcang.purchasing.tolerance import refuse_over_tolerance

BEYOND = "purchase_quantity.over_tolerance"
TIMES = 2  # an order line never gets more than double: then the order is wrong


def granted_facts(
    sources: dict[int, PurchaseOrderLine], wanted: dict[int, Decimal], actor: Actor
) -> dict[str, object]:
    """What the audit says of order lines that get more than is tolerated: nothing, or which, how
    much was ordered and how much will have come.

    `sources` are locked, with item and document. Raises Refused as refuse_over_tolerance, but
    over_tolerance only for who lacks the right; over_double for who has it.
    """
    granted = []
    for line_id, quantity in wanted.items():
        line = sources[line_id]
        come = line.qty_fulfilled + quantity
        if come > line.quantity and _is_beyond(line, quantity, actor):
            granted.append([line.item.code, shown(line.quantity), shown(come)])
    return {"over_tolerance": granted} if granted else {}


def _is_beyond(line: PurchaseOrderLine, quantity: Decimal, actor: Actor) -> bool:
    try:
        refuse_over_tolerance({line.pk: line}, {line.pk: quantity})
    except Refused as refusal:
        if refusal.code != "over_tolerance":
            raise
        # A right somebody was given: the program, which may do anything, grants nothing by itself.
        if BEYOND not in actor.permissions:
            refusal.facts["offer"] = f"也可以请有「{label(BEYOND)}」权限的人审核过账。"
            raise
        most = TIMES * line.quantity
        if line.qty_fulfilled + quantity > most:
            facts = refusal.facts | {"open": shown(most - line.qty_fulfilled)}
            raise Refused("over_double", "lines", **facts) from refusal
        return True
    return False
