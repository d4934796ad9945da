"""How much of goods of one status there is, whatever bins they lie in."""

from collections.abc import Collection
from decimal import Decimal

from django.db.models import Sum

from hengcang.ledger.entries import StockStatus
from hengcang.ledger.models import StockBalance

Place = tuple[int, int, int | None]
"""Item, warehouse, batch."""


def held_as(status: StockStatus, item_ids: Collection[int]) -> dict[Place, Decimal]:
    """Base units of our own goods of that status by item, warehouse and batch."""
    rows = StockBalance.objects.filter(
        status=status.value, item_id__in=item_ids, owner_id=None
    ).order_by()
    sums = rows.values_list("item_id", "warehouse_id", "batch_id").annotate(sum=Sum("quantity"))
    return {(item, place, batch): quantity for item, place, batch, quantity in sums}
