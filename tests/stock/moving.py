"""Transfers in one call, for tests that need many: as the system."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

from hengcang.documents.drafts import Draft, LineDraft, Outcome
from hengcang.kernel.actor import SYSTEM, Actor
from hengcang.ledger.models import Availability
from hengcang.places.models import Warehouse
from hengcang.stock.actions import transfer_receipts, transfers
from hengcang.stock.models import StockTransfer, TransferReceipt
from tests.worlds import TODAY, World, draft, line, target


def transfer_draft(
    made: World,
    quantity: str,
    dated: date = TODAY,
    *,
    item: int = 0,
    ends: tuple[int, int] = (0, 1),
) -> Draft:
    places = made.warehouses
    filled = draft(places[ends[0]], [line(made.items[item], quantity)], dated)
    return replace(filled, to_warehouse_id=places[ends[1]].pk)


def shipped(made: World, quantity: str, dated: date = TODAY, **more: Any) -> StockTransfer:
    saved = transfers.save_transfer(transfer_draft(made, quantity, dated, **more), actor=SYSTEM)
    return transfers.ship_transfer(target(saved), actor=SYSTEM)


def taken(
    transfer: StockTransfer,
    quantity: str,
    outcome: Outcome = Outcome.ARRIVED,
    dated: date = TODAY,
    *,
    actor: Actor = SYSTEM,
    **more: Any,
) -> TransferReceipt:
    """What became of some goods of the transfer's first line."""
    source = transfer.lines.order_by("position")[0]
    back = outcome is Outcome.SENT_BACK
    stated = {"reason": "破损", "responsible": "顺达物流"} if outcome is Outcome.LOST else {}
    filled = Draft(
        client_uuid=uuid4(),
        dated=dated,
        warehouse_id=transfer.warehouse_id if back else transfer.to_warehouse_id,
        lines=(LineDraft(source.item_id, Decimal(quantity), source_line_id=source.pk),),
        outcome=outcome.value,
        **(stated | more),
    )
    saved = transfer_receipts.save_transfer_receipt(filled, actor=actor)
    return transfer_receipts.post_transfer_receipt(target(saved), actor=actor)


def there(made: World, place: int, item: int = 0) -> tuple[Decimal, Decimal]:
    """On hand and on order."""
    return _figures(made.warehouses[place], made, item)


def in_transit(made: World, item: int = 0) -> Decimal:
    return _figures(Warehouse.objects.get(is_transit=True), made, item)[0]


def _figures(warehouse: Warehouse, made: World, item: int) -> tuple[Decimal, Decimal]:
    found = Availability.objects.filter(warehouse=warehouse, item=made.items[item]).first()
    return (found.on_hand, found.on_order) if found else (Decimal(0), Decimal(0))


def status_of(document: Any) -> str:
    document.refresh_from_db()
    return str(document.status)
