"""Goods that are inspected, in one call each: as the system."""

from datetime import date
from decimal import Decimal
from typing import Any

from hengcang.kernel.actor import SYSTEM
from hengcang.purchasing.actions import inspections, receipts
from hengcang.purchasing.models import PurchaseReceipt, QualityInspection
from tests.worlds import TODAY, World, draft, line, target


def to_inspect(made: World, item: int = 0) -> None:
    """The item needs inspection from now on."""
    made.items[item].needs_inspection = True
    made.items[item].save()


def came_unseen(
    made: World, quantity: str, price: str = "3", dated: date = TODAY, **which: Any
) -> PurchaseReceipt:
    lines = [line(made.items[0], quantity, price, **which)]
    saved = receipts.save_receipt(
        draft(made.warehouses[0], lines, dated, made.supplier), actor=SYSTEM
    )
    return receipts.post_receipt(target(saved), actor=SYSTEM)


def judged_draft(
    made: World,
    receipt: PurchaseReceipt,
    quantity: str,
    rejected: str = "0",
    dated: date = TODAY,
    **more: Any,
) -> Any:
    cause = "划伤" if Decimal(rejected) else ""
    stated: dict[str, Any] = {"rejected": Decimal(rejected), "reject_cause": cause} | more
    typed = line(made.items[0], quantity, source_line_id=receipt.lines.get().pk, **stated)
    return draft(made.warehouses[0], [typed], dated)


def inspected(
    made: World, receipt: PurchaseReceipt, quantity: str, rejected: str = "0", **more: Any
) -> QualityInspection:
    filled = judged_draft(made, receipt, quantity, rejected, **more)
    saved = inspections.save_inspection(filled, actor=SYSTEM)
    return inspections.post_inspection(target(saved), actor=SYSTEM)
