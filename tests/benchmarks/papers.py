"""A document of 1,000 lines of every kind, each following those made before it."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from hengcang.catalog.models import Item, ItemUom, Uom
from hengcang.documents.drafts import Draft, LineDraft
from hengcang.kernel.actor import SYSTEM
from hengcang.places.models import BinLocation
from hengcang.purchasing.actions import receipts
from hengcang.stock.actions import other_receipts
from hengcang.stock.models import CountRules
from tests.purchasing.inquired import UNTIL
from tests.worlds import TODAY, World, draft, line, target, world

LINES = 1000
Done = dict[str, Any]
Fill = Callable[[World, Done], Draft]


def thousand() -> World:
    """1,000 items, and one that is made of them all; the third place has bins, with 5 of each."""
    made = world(items=1, warehouses=3)
    uom = Uom.objects.get(name="个")
    rows = [
        Item(code=f"L{n:04d}", name=f"商品{n}", base_uom=uom, sale_price=20, purchase_price=10)
        for n in range(LINES)
    ]
    made.items += Item.objects.bulk_create(rows)
    ItemUom.objects.bulk_create(ItemUom(item=i, uom=uom) for i in made.items[1:])
    CountRules.objects.create(id=1, cause_above_value=None)
    place = made.warehouses[2]
    BinLocation.objects.create(warehouse=place, code="A-1")
    place.uses_bins = True
    place.save()
    shelf = draft(place, _lines(made, "5", unit_cost=Decimal(3)), reason="期初")
    saved = other_receipts.save_other_receipt(shelf, actor=SYSTEM)
    other_receipts.post_other_receipt(target(saved), actor=SYSTEM)
    return made


def _lines(made: World, quantity: str, price: str | None = None, **more: Any) -> list[LineDraft]:
    return [line(item, quantity, price, **more) for item in made.items[1:]]


def _after(document: Any, quantity: str, price: str | None = None, **more: Any) -> list[LineDraft]:
    """Every line of the document carried on."""
    rows = document.lines.select_related("item").order_by("position")
    return [line(row.item, quantity, price, source_line_id=row.pk, **more) for row in rows]


def _moved(quantity: str, price: str | None = None, **more: Any) -> Fill:
    """Goods of the first place, for a reason."""

    def fill(made: World, done: Done) -> Draft:
        return draft(made.warehouses[0], _lines(made, quantity, price, **more), reason="试")

    return fill


def _traded(role: str, price: str | None, source: str = "", **header: Any) -> Fill:
    """2 of each with a customer or supplier, of the source's lines where one is named."""

    def fill(made: World, done: Done) -> Draft:
        lines = _after(done[source], "2", price) if source else _lines(made, "2", price)
        whole = draft(made.warehouses[0], lines, partner=getattr(made, role), reason="试")
        return replace(whole, **header)

    return fill


def _judged(made: World, done: Done) -> Draft:
    unseen = draft(
        made.warehouses[0], _lines(made, "3", "4", stock_status="qc"), partner=made.supplier
    )
    came = receipts.post_receipt(target(receipts.save_receipt(unseen, actor=SYSTEM)), actor=SYSTEM)
    stated: dict[str, Any] = {"rejected": Decimal(1), "reject_cause": "划伤"}
    return draft(made.warehouses[0], _after(came, "3", **stated))


def _swapped(made: World, done: Done) -> Draft:
    """Half of the lines come back without an origin, the other half goes out."""
    lines = _lines(made, "1", "20")
    half = LINES // 2
    back = [replace(ln, direction="back", unit_cost=Decimal(3)) for ln in lines[:half]]
    out = [replace(ln, direction="out") for ln in lines[half:]]
    return draft(made.warehouses[0], [*back, *out], partner=made.customer, reason="换")


def _wanted(made: World, done: Done) -> Draft:
    whole = draft(made.warehouses[1], _lines(made, "1"))
    return replace(whole, to_warehouse_id=made.warehouses[0].pk)


def _sent(made: World, done: Done) -> Draft:
    whole = draft(made.warehouses[0], _lines(made, "1"))
    return replace(whole, to_warehouse_id=made.warehouses[1].pk)


def _shelved(made: World, done: Done) -> Draft:
    return draft(made.warehouses[2], _lines(made, "1", to_bin_code="A-1"))


def _arrived(made: World, done: Done) -> Draft:
    return draft(made.warehouses[1], _after(done["stock_transfer"], "1"))


def _made(**more: Any) -> Fill:
    def fill(made: World, done: Done) -> Draft:
        whole = draft(made.warehouses[0], _lines(made, "1", **more))
        return replace(whole, product_id=made.items[0].pk, product_quantity=Decimal(1))

    return fill


FILLED: dict[str, Fill] = {
    "other_receipt": _moved("100", unit_cost=Decimal("7.77")),
    "purchase_requisition": _traded("supplier", None),
    "rfq": _moved("2"),
    "supplier_quote": _traded("supplier", "9", "rfq", valid_until=UNTIL),
    "purchase_order": _traded("supplier", "9"),
    "arrival_notice": _traded("supplier", None, "purchase_order", due_date=TODAY),
    "purchase_receipt": _traded("supplier", "9", "purchase_order"),
    "purchase_return": _traded("supplier", "9", "purchase_receipt"),
    "quality_inspection": _judged,
    "sales_quote": _traded("customer", "20", valid_until=UNTIL),
    "sales_order": _traded("customer", "20", "sales_quote"),
    "sales_delivery": _traded("customer", "20", "sales_order"),
    "sales_return": _traded("customer", "20", "sales_delivery"),
    "sales_exchange": _swapped,
    "other_issue": _moved("1"),
    "scrap": _moved("1"),
    "overage": _moved("1"),
    "status_change": _moved("1", to_status="frozen"),
    "bin_move": _shelved,
    "shop_request": _wanted,
    "stock_transfer": _sent,
    "transfer_receipt": _arrived,
    "assembly": _made(),
    "disassembly": _made(unit_cost=Decimal(2)),
}
"""In this order: what a document follows from stands above it."""
