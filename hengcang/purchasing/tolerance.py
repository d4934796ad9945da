"""超收容差: how much more than ordered may come in. The supplier's percentage, else the item's.

Beyond it somebody with the right to takes the goods in, up to double what was ordered.
"""

from decimal import Decimal

from hengcang.documents.rules import HUNDRED
from hengcang.documents.sources import refuse_excess
from hengcang.identity.permissions import label
from hengcang.kernel.actor import Actor
from hengcang.kernel.errors import Refused
from hengcang.kernel.numbers import shown
from hengcang.kernel.rounding import ZERO
from hengcang.partners.models import SupplierProfile
from hengcang.purchasing.models import PurchaseOrderLine


BEYOND = "purchase_quantity.over_tolerance"
DOUBLE = 2  # the most an order line ever gets: beyond it the order is wrong


def tolerance_facts(
    sources: dict[int, PurchaseOrderLine], wanted: dict[int, Decimal], actor: Actor
) -> dict[str, object]:
    """What the audit says of order lines that get more than ordered × (1 + tolerance): nothing, or
    which, how much was ordered and how much will have come.

    `sources` are locked, with item and document. Raises Refused: more_than_ordered where nothing
    more is tolerated; over_tolerance unless a person holds the right; over_double.
    """
    over = {i: q for i, q in wanted.items() if q > sources[i].quantity - sources[i].qty_fulfilled}
    if not over:
        return {}
    beyond = []
    suppliers = _suppliers({sources[i].document.partner_id for i in over})
    for line_id, quantity in over.items():
        line = sources[line_id]
        supplier, own = suppliers[line.document.partner_id]
        rate = line.item.over_receipt_rate if own is None else own
        if not rate:
            refuse_excess(
                "more_than_ordered", {line_id: line}, "qty_fulfilled", {line_id: quantity}
            )
        if _is_beyond(line, quantity, rate, supplier, actor):
            come = line.qty_fulfilled + quantity
            beyond.append([line.item.code, shown(line.quantity), shown(come)])
    return {"over_tolerance": beyond} if beyond else {}


def _is_beyond(
    line: PurchaseOrderLine, quantity: Decimal, rate: Decimal, supplier: str, actor: Actor
) -> bool:
    """Whether the line gets more than tolerated. Raises Refused: over_tolerance, over_double."""
    most = line.quantity * (HUNDRED + rate) / HUNDRED
    if line.qty_fulfilled + quantity <= most:
        return False
    # A right somebody was given: the program, which may do anything, grants nothing by itself.
    may = BEYOND in actor.permissions
    if may and line.qty_fulfilled + quantity <= DOUBLE * line.quantity:
        return True
    raise Refused(
        "over_double" if may else "over_tolerance",
        "lines",
        item_id=line.item_id,
        item_name=line.item.name,
        supplier=supplier,
        ordered=shown(line.quantity),
        received=shown(line.qty_fulfilled),
        rate=shown(rate),
        open=shown(max(ZERO, (DOUBLE * line.quantity if may else most) - line.qty_fulfilled)),
        needed=shown(quantity),
        permission_label=label(BEYOND),
    )


def _suppliers(partner_ids: set[int]) -> dict[int, tuple[str, Decimal | None]]:
    """Name and own percentage by partner."""
    rows = SupplierProfile.objects.filter(partner_id__in=partner_ids)
    found = rows.values_list("partner_id", "partner__name", "over_receipt_rate")
    return {partner: (name, rate) for partner, name, rate in found}
