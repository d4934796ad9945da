"""超收容差: how much more than ordered may come in. The supplier's percentage, else the item's."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from hengcang.documents.following import wanted_of
from hengcang.documents.rules import HUNDRED
from hengcang.kernel.errors import Refused
from hengcang.kernel.numbers import shown
from hengcang.kernel.rounding import ZERO
from hengcang.partners.models import SupplierProfile
from hengcang.purchasing.models import PurchaseOrderLine


@dataclass(frozen=True, slots=True)
class Tolerance:
    """What may come in of an order line in all, base units: ordered × (1 + rate %)."""

    most: Decimal
    rate: Decimal
    supplier: str


def tolerances(lines: Iterable[PurchaseOrderLine]) -> dict[int, Tolerance]:
    """By order line; the lines have item and document. One query."""
    found = list(lines)
    suppliers = _suppliers({line.document.partner_id for line in found})
    return {line.pk: _tolerance(line, *suppliers[line.document.partner_id]) for line in found}


def _tolerance(line: PurchaseOrderLine, supplier: str, own: Decimal | None) -> Tolerance:
    rate = line.item.over_receipt_rate if own is None else own
    return Tolerance(line.quantity * (HUNDRED + rate) / HUNDRED, rate, supplier)


def beyond_tolerance(
    sources: dict[int, PurchaseOrderLine], wanted: dict[int, Decimal]
) -> dict[int, Refused]:
    """What is to be said of each order line that would get more than ordered × (1 + tolerance),
    whether its order is still open or complete. One query, and none where nothing is over.

    `sources` are locked, with item and document. Codes: over_order where nothing more is tolerated,
    over_tolerance with what is.
    """
    over = {i: q for i, q in wanted.items() if q > sources[i].quantity - sources[i].qty_fulfilled}
    allowed = tolerances(sources[i] for i in over) if over else {}
    left = {i: allowed[i].most - sources[i].qty_fulfilled for i in over}
    return {i: _refusal(sources[i], allowed[i], q) for i, q in over.items() if q > left[i]}


def _refusal(line: PurchaseOrderLine, granted: Tolerance, quantity: Decimal) -> Refused:
    return Refused(
        "over_tolerance" if granted.rate else "over_order",
        "lines",
        number=line.document.number or "",
        item_id=line.item_id,
        item_name=line.item.name,
        supplier=granted.supplier,
        ordered=shown(line.quantity),
        received=shown(line.qty_fulfilled),
        rate=shown(granted.rate),
        open=shown(max(ZERO, granted.most - line.qty_fulfilled)),
        needed=shown(quantity),
    )


def _suppliers(partner_ids: set[int]) -> dict[int, tuple[str, Decimal | None]]:
    """Name and own percentage by partner."""
    rows = SupplierProfile.objects.filter(partner_id__in=partner_ids)
    found = rows.values_list("partner_id", "partner__name", "over_receipt_rate")
    return {partner: (name, rate) for partner, name, rate in found}


def wanted_of_order(
    lines: dict[int, PurchaseOrderLine], asked: dict[int, Decimal]
) -> dict[int, Decimal]:
    """Base units to take of each line: all that is open, or what is asked of lines of the order,
    whatever is left of them: the tolerance decides.

    Raises Refused("source_line_unknown") for a line of another order, or with nothing open at all.
    """
    if asked and asked.keys() <= lines.keys():
        return {pk: asked[pk] for pk in lines if pk in asked}
    return wanted_of(lines, asked, "qty_fulfilled")


def tolerated_left(lines: Iterable[PurchaseOrderLine]) -> dict[int, Decimal]:
    """What may still come in of lines that have nothing open; those of which nothing may, aside.

    The lines have item, with its tolerance, and document.
    """
    full = {line.pk: line for line in lines if line.qty_fulfilled >= line.quantity}
    allowed = tolerances(full.values()) if full else {}
    left = {pk: allowed[pk].most - line.qty_fulfilled for pk, line in full.items()}
    return {pk: quantity for pk, quantity in left.items() if quantity > 0}
