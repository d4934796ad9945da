"""超收容差: how much more than ordered may come in. The supplier's percentage, else the item's."""

from decimal import Decimal

from hengcang.documents.rules import HUNDRED
from hengcang.documents.sources import refuse_excess
from hengcang.kernel.errors import Refused
from hengcang.kernel.numbers import shown
from hengcang.kernel.rounding import ZERO
from hengcang.partners.models import SupplierProfile
from hengcang.purchasing.models import PurchaseOrderLine


def refuse_over_tolerance(
    sources: dict[int, PurchaseOrderLine], wanted: dict[int, Decimal]
) -> None:
    """Raises Refused when an order line would get more than ordered × (1 + tolerance).

    `sources` are locked, with item and document. Codes: more_than_ordered where nothing more is
    tolerated, over_tolerance with what is.
    """
    over = {i: q for i, q in wanted.items() if q > sources[i].quantity - sources[i].qty_fulfilled}
    if not over:
        return
    suppliers = _suppliers({sources[i].document.partner_id for i in over})
    for line_id, quantity in over.items():
        line = sources[line_id]
        supplier, own = suppliers[line.document.partner_id]
        rate = line.item.over_receipt_rate if own is None else own
        if not rate:
            refuse_excess(
                "more_than_ordered", {line_id: line}, "qty_fulfilled", {line_id: quantity}
            )
        _refuse_beyond(line, quantity, rate, supplier)


def _refuse_beyond(
    line: PurchaseOrderLine, quantity: Decimal, rate: Decimal, supplier: str
) -> None:
    most = line.quantity * (HUNDRED + rate) / HUNDRED
    if line.qty_fulfilled + quantity > most:
        raise Refused(
            "over_tolerance",
            "lines",
            item_id=line.item_id,
            item_name=line.item.name,
            supplier=supplier,
            ordered=shown(line.quantity),
            received=shown(line.qty_fulfilled),
            rate=shown(rate),
            open=shown(max(ZERO, most - line.qty_fulfilled)),
            needed=shown(quantity),
        )


def _suppliers(partner_ids: set[int]) -> dict[int, tuple[str, Decimal | None]]:
    """Name and own percentage by partner."""
    rows = SupplierProfile.objects.filter(partner_id__in=partner_ids)
    found = rows.values_list("partner_id", "partner__name", "over_receipt_rate")
    return {partner: (name, rate) for partner, name, rate in found}
