"""More than is tolerated comes in when somebody with the right to says so."""

from decimal import Decimal

from hengcang.identity.permissions import label
from hengcang.kernel.actor import Actor
from hengcang.kernel.errors import Refused
from hengcang.kernel.numbers import shown
from hengcang.purchasing.models import PurchaseOrderLine
from hengcang.purchasing.tolerance import beyond_tolerance

BEYOND = "purchase_quantity.over_tolerance"
TIMES = 2  # an order line never gets more than double: then the order is wrong


def granted_facts(
    sources: dict[int, PurchaseOrderLine], wanted: dict[int, Decimal], actor: Actor
) -> dict[str, object]:
    """What the audit says of order lines that get more than is tolerated: nothing, or which, how
    much was ordered and how much will have come.

    `sources` are locked, with item and document. Raises Refused: over_order, over_tolerance for who
    lacks the right, over_double for who has it.
    """
    granted = []
    for line_id, refusal in beyond_tolerance(sources, wanted).items():
        line, come = sources[line_id], sources[line_id].qty_fulfilled + wanted[line_id]
        _refuse_ungranted(line, come, refusal, actor)
        granted.append([line.item.code, shown(line.quantity), shown(come)])
    return {"over_tolerance": granted} if granted else {}


def _refuse_ungranted(
    line: PurchaseOrderLine, come: Decimal, refusal: Refused, actor: Actor
) -> None:
    if refusal.code != "over_tolerance":
        raise refusal
    # A right somebody was given: the program, which may do anything, grants nothing by itself.
    if BEYOND not in actor.permissions:
        refusal.facts["offer"] = f"也可以请有「{label(BEYOND)}」权限的人审核过账。"
        raise refusal
    most = TIMES * line.quantity
    if come > most:
        facts = refusal.facts | {"open": shown(most - line.qty_fulfilled)}
        raise Refused("over_double", "lines", **facts)
