"""A place with bins and goods by batch, for tests."""

from datetime import date
from decimal import Decimal
from typing import Any

from hengcang.catalog.models import Batch
from hengcang.kernel.actor import SYSTEM
from hengcang.ledger.models import StockBalance
from hengcang.places.models import BinLocation
from hengcang.stock.actions import other_receipts
from tests.worlds import TODAY, World, draft, line, target, world

BINS = ("A-1", "B-1")


def dairy(items: int = 2, warehouses: int = 2) -> World:
    """Items by batch with 180 days of shelf life; the first warehouse has two bins."""
    made = world(items=items, warehouses=warehouses)
    for item in made.items:
        item.tracks_batch, item.shelf_life_days = True, 180
        item.save()
    place = made.warehouses[0]
    BinLocation.objects.bulk_create([BinLocation(warehouse=place, code=c) for c in BINS])
    place.uses_bins = True
    place.save()
    return made


def put(
    made: World, quantity: str, batch_no: str, bin_code: str = "", *, n: int = 0, **more: Any
) -> Any:
    """Goods of a batch are in, posted; at 10 each unless `cost` says."""
    place, cost = more.pop("place", 0), more.pop("cost", "10")
    dated: date = more.pop("dated", TODAY)
    typed = line(
        made.items[n],
        quantity,
        unit_cost=Decimal(cost),
        batch_no=batch_no,
        bin_code=bin_code,
        **more,
    )
    saved = other_receipts.save_other_receipt(
        draft(made.warehouses[place], [typed], dated, reason="期初"), actor=SYSTEM
    )
    return other_receipts.post_other_receipt(target(saved), actor=SYSTEM)


def keys(made: World, n: int = 0, place: int = 0) -> dict[tuple[str, str, str], Decimal]:
    """What the books have of an item by batch number, bin and status, empty keys left out."""
    numbers = dict(Batch.objects.values_list("id", "batch_no"))
    codes = dict(BinLocation.objects.values_list("id", "code"))
    rows = StockBalance.objects.filter(item=made.items[n], warehouse=made.warehouses[place])
    return {
        (numbers.get(r.batch_id or 0, ""), codes.get(r.bin_id or 0, ""), r.status): r.quantity
        for r in rows.exclude(quantity=0)
    }
