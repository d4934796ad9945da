"""Goods with serial numbers in one call: posted, as the system."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from hengcang.assembly.actions import assemblies, disassemblies
from hengcang.catalog.models import Item
from hengcang.kernel.actor import SYSTEM
from hengcang.ledger.serial_models import SerialEntry, SerialState
from hengcang.purchasing.actions import inspections, receipts
from hengcang.sales.actions import deliveries, returns
from hengcang.stock.actions import (
    bin_moves,
    other_issues,
    other_receipts,
    overages,
    scraps,
    status_changes,
    transfer_receipts,
    transfers,
)
from tests.worlds import TODAY, World, draft, line, target, world

SAVE: dict[str, Any] = {
    "purchase_receipt": (receipts.save_receipt, receipts.post_receipt),
    "sales_delivery": (deliveries.save_delivery, deliveries.post_delivery),
    "sales_return": (returns.save_return, returns.post_return),
    "quality_inspection": (inspections.save_inspection, inspections.post_inspection),
    "assembly": (assemblies.save_assembly, assemblies.post_assembly),
    "disassembly": (disassemblies.save_disassembly, disassemblies.post_disassembly),
    "scrap": (scraps.save_scrap, scraps.post_scrap),
    "overage": (overages.save_overage, overages.post_overage),
    "status_change": (status_changes.save_status_change, status_changes.post_status_change),
    "bin_move": (bin_moves.save_bin_move, bin_moves.post_bin_move),
    "other_receipt": (other_receipts.save_other_receipt, other_receipts.post_other_receipt),
    "other_issue": (other_issues.save_other_issue, other_issues.post_other_issue),
    "stock_transfer": (transfers.save_transfer, transfers.ship_transfer),
    "transfer_receipt": (
        transfer_receipts.save_transfer_receipt,
        transfer_receipts.post_transfer_receipt,
    ),
}


def shop(items: int = 1, warehouses: int = 2) -> World:
    """A world whose items have serial numbers, all but the last one."""
    made = world(items=items + 1, warehouses=warehouses)
    tracked = [item.pk for item in made.items[:-1]]
    Item.objects.filter(pk__in=tracked).update(quantity_places=0, tracks_serials=True)
    for item in made.items:
        item.refresh_from_db()
    return made


def numbers(text: str) -> tuple[str, ...]:
    """ "A1-3" is A1, A2, A3; others are told apart by blanks."""
    found: list[str] = []
    for word in text.split():
        if "-" in word:
            first, last = word[1:].split("-")
            found += [f"{word[0]}{n}" for n in range(int(first), int(last) + 1)]
        else:
            found.append(word)
    return tuple(found)


def filled(made: World, kind: str, serials: str, **more: Any) -> Any:
    """The draft of a document of one line."""
    pieces = numbers(serials)
    quantity = more.pop("quantity", str(len(pieces)))
    place, dated = more.pop("place", 0), more.pop("dated", TODAY)
    header = more.pop("header", {})
    price = more.pop("price", None)
    if kind in {"purchase_receipt", "sales_delivery", "sales_return"}:
        price = price or "10"
    item = made.items[more.pop("item", 0)]
    partner = made.supplier if kind.startswith("purchase") else made.customer
    typed = line(item, quantity, price, serials=pieces, **more)
    whole = draft(made.warehouses[place], [typed], dated, partner, reason="试")
    return replace(whole, **header)


def posted(made: World, kind: str, serials: str = "", **more: Any) -> Any:
    save, post = SAVE[kind]
    saved = save(filled(made, kind, serials, **more), actor=SYSTEM)
    return post(target(saved), actor=SYSTEM)


def making(made: World, product: str, *parts: Any, item: int = 1, **more: Any) -> Any:
    """The draft of an assembly or disassembly: of these pieces of the item, with these parts."""
    pieces = numbers(product)
    filled = draft(made.warehouses[more.pop("place", 0)], list(parts))
    quantity = Decimal(more.pop("quantity", len(pieces)))
    stated: dict[str, Any] = {"product_id": made.items[item].pk, "product_quantity": quantity}
    return replace(filled, **stated, product_serials=pieces, **more)


def part(made: World, serials: str, item: int = 0, **more: Any) -> Any:
    pieces = numbers(serials)
    return line(made.items[item], more.pop("quantity", str(len(pieces))), serials=pieces, **more)


def made_of(made: World, kind: str, product: str, *parts: Any, **more: Any) -> Any:
    """A posted assembly or disassembly."""
    save, post = SAVE[kind]
    return post(target(save(making(made, product, *parts, **more), actor=SYSTEM)), actor=SYSTEM)


def received(made: World, serials: str, dated: date = TODAY, **more: Any) -> Any:
    return posted(made, "purchase_receipt", serials, dated=dated, **more)


def sold(made: World, serials: str = "", **more: Any) -> Any:
    return posted(made, "sales_delivery", serials, **more)


def where(serial: str) -> str:
    """in_stock, customer, …"""
    return SerialState.objects.get(serial__serial_no=serial).place


def steps(serial: str) -> list[tuple[str, str]]:
    rows = SerialEntry.objects.filter(serial__serial_no=serial).order_by("step")
    return list(rows.values_list("place_before", "place_after"))
