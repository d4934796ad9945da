"""Shops' requests in one call, for tests that need many: as the system."""

from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import uuid4

from hengcang.documents.drafts import Draft
from hengcang.kernel.actor import SYSTEM
from hengcang.stock.actions import shop_requests
from hengcang.stock.actions.allocating import Allocation, AllocationLine
from hengcang.stock.models import ShopRequest, ShopRequestLine
from tests.worlds import TODAY, World, draft, line, target


def request_draft(made: World, *quantities: str, shop: int = 1, **more: Any) -> Draft:
    """Of the first items, asked of the first warehouse."""
    lines = [line(item, q) for item, q in zip(made.items, quantities, strict=False)]
    filled = replace(draft(made.warehouses[shop], lines), to_warehouse_id=made.warehouses[0].pk)
    return replace(filled, **more)


def requested(made: World, *quantities: str, shop: int = 1, **more: Any) -> ShopRequest:
    """Approved."""
    filled = request_draft(made, *quantities, shop=shop, **more)
    saved = shop_requests.save_shop_request(filled, actor=SYSTEM)
    return shop_requests.step_shop_request(target(saved), "approve", actor=SYSTEM)


def allocation(made: World, *given: tuple[ShopRequestLine, str]) -> Allocation:
    """Base units of these request lines."""
    lines = tuple(AllocationLine(ln.pk, Decimal(quantity)) for ln, quantity in given)
    return Allocation(uuid4(), TODAY, made.warehouses[0].pk, lines)


def figures(request: ShopRequest) -> list[tuple[Decimal, Decimal, Decimal]]:
    """Requested, allocated, shipped of each line."""
    rows = request.lines.order_by("position")
    return [(ln.quantity, ln.qty_allocated, ln.qty_fulfilled) for ln in rows]


def status_of(request: ShopRequest) -> str:
    request.refresh_from_db()
    return request.status
