"""供应商考核: how punctual, how good and how dear a supplier is, from its own papers."""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import Avg, Count, F, Max, Q, QuerySet, Sum, Window
from django.db.models.functions import Coalesce, Lag

from hengcang.documents.flow import Status
from hengcang.identity.access import demand
from hengcang.kernel.actor import Actor, FieldClass
from hengcang.kernel.rounding import ZERO
from hengcang.purchasing.models import (
    PurchaseOrder,
    PurchaseOrderLine,
    PurchaseReceipt,
    PurchaseReceiptLine,
)
from hengcang.purchasing.rules import Score, score_of

UNDER_WAY = (Status.APPROVED, Status.CLOSED, Status.CLOSED_FORCED)
PRICE = Decimal("0.0001")
TREND_ROWS = 60


def score(actor: Actor, partner_id: int, *, on: date) -> Score:
    """Of all papers the actor may see, in three statements. Raises Refused("forbidden").

    The price is left out for those who may not see costs.
    """
    demand(actor, "purchase_order.view")
    judged, on_time = _punctuality(actor, partner_id, on)
    quality = _quality(actor, partner_id)
    returned = _percent(quality["returned"], quality["received"])
    rejected = _percent(quality["rejected"], quality["inspected"])
    dearer = _dearer(actor, partner_id) if actor.sees(FieldClass.COST) else None
    return score_of(judged, on_time, returned, dearer, rejected)


def _punctuality(actor: Actor, partner_id: int, on: date) -> tuple[int, int]:
    """Lines with a due date that have come in whole or should have; those that did in time."""
    orders = PurchaseOrder.objects.visible_to(actor).filter(
        partner_id=partner_id, status__in=UNDER_WAY
    )
    came = Q(fulfilled_by__quantity__gt=0, fulfilled_by__document__status=Status.POSTED)
    lines: QuerySet[Any] = PurchaseOrderLine.objects.filter(document__in=orders.order_by())
    lines = lines.order_by().annotate(
        due=Coalesce("due_date", "document__due_date"),
        last=Max("fulfilled_by__document__dated", filter=came),
    )
    whole = Q(qty_fulfilled__gte=F("quantity"))
    judged = Q(due__isnull=False) & (whole | Q(due__lt=on))
    found = lines.aggregate(
        judged=Count("id", filter=judged),
        on_time=Count("id", filter=judged & whole & Q(last__lte=F("due"))),
    )
    return found["judged"], found["on_time"]


def _quality(actor: Actor, partner_id: int) -> dict[str, Decimal]:
    """What came in, what of it went back, was inspected, was rejected: by amount."""
    parts = {
        name: Sum(F("amount_incl_tax") * F(f"qty_{name}") / F("quantity"))
        for name in ("returned", "inspected", "rejected")
    }
    found = _received(actor, partner_id).aggregate(received=Sum("amount_incl_tax"), **parts)
    return {name: sum_ or ZERO for name, sum_ in found.items()}


def _dearer(actor: Actor, partner_id: int) -> Decimal | None:
    """By how many percent the supplier's last prices stand above the average of all suppliers.

    Each item counts alike; None where nobody sold anything.
    """
    each = F("amount_incl_tax") / F("quantity")
    last = dict(
        _received(actor, partner_id)
        .order_by("item_id", "-document__dated", "-id")
        .distinct("item_id")
        .values_list("item_id", each)
    )
    averages = dict(
        _received(actor, None)
        .filter(item_id__in=last)
        .values_list("item_id")
        .annotate(average=Avg(each))
    )
    ratios = [price / averages[i] for i, price in last.items() if averages.get(i)]
    if not ratios:
        return None
    return (sum(ratios, ZERO) / len(ratios) - 1) * 100


@dataclass(frozen=True, slots=True)
class PricePoint:
    """What was paid per base unit incl. tax; `before`: what was paid the time before, if ever."""

    receipt_id: int
    number: str
    dated: date
    item_id: int
    code: str
    name: str
    uom: str
    quantity: Decimal
    price: Decimal
    before: Decimal | None


def price_trend(actor: Actor, partner_id: int) -> list[PricePoint]:
    """The newest prices item by item, at most TREND_ROWS; nothing without COST."""
    demand(actor, "purchase_receipt.view")
    if not actor.sees(FieldClass.COST):
        return []
    each = F("amount_incl_tax") / F("quantity")
    before = Window(
        Lag(each), partition_by=[F("item_id")], order_by=[F("document__dated"), F("id")]
    )
    rows = _received(actor, partner_id).annotate(each=each, before=before)
    columns = rows.order_by("item__code", "-document__dated", "-id").values_list(
        "document_id",
        "document__number",
        "document__dated",
        "item_id",
        "item__code",
        "item__name",
        "item__base_uom__name",
        "quantity",
        "each",
        "before",
    )
    return [
        PricePoint(*(*row[:8], _price(row[8]), None if row[9] is None else _price(row[9])))
        for row in columns[:TREND_ROWS]
    ]


def _received(actor: Actor, partner_id: int | None) -> QuerySet[Any]:
    receipts = PurchaseReceipt.objects.visible_to(actor).filter(status=Status.POSTED)
    if partner_id is not None:
        receipts = receipts.filter(partner_id=partner_id)
    lines = PurchaseReceiptLine.objects.filter(document__in=receipts.order_by(), quantity__gt=0)
    return lines.order_by()


def _percent(part: Decimal, whole: Decimal) -> Decimal | None:
    return part * 100 / whole if whole else None


def _price(exact: Decimal) -> Decimal:
    return exact.quantize(PRICE, ROUND_HALF_UP)
