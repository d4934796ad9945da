"""Every address of the pages, with real ids in it, in a book that has costs to hide."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from itertools import product
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.urls import URLPattern, URLResolver, reverse

from hengcang.assembly.actions import assemblies, disassemblies
from hengcang.assembly.actions.parts_lists import save_parts_list
from hengcang.assembly.drafts import PartDraft, PartsListDraft
from hengcang.assembly.models import PartsList
from hengcang.catalog.models import Batch, Item, SerialNumber
from hengcang.identity.models import ApiKey, Role, User
from hengcang.kernel.actor import SYSTEM
from hengcang.pricing.actions import save_list
from hengcang.pricing.drafts import ListLineDraft, PriceListDraft
from hengcang.pricing.models import PriceList
from hengcang.purchasing.actions import inspections, requisitions
from hengcang.purchasing.actions import orders as purchase_orders
from hengcang.purchasing.actions import receipts as purchase_receipts
from hengcang.purchasing.actions import returns as purchase_returns
from hengcang.purchasing.actions.prices import PriceDraft, save_supplier_prices
from hengcang.purchasing.actions.reminders import make_reminders
from hengcang.purchasing.inquiry_models import Rfq
from hengcang.purchasing.models import PurchaseOrder, SupplierPrice
from hengcang.purchasing.watching_models import PurchaseReminder, PurchaseReport
from hengcang.register.kinds import BY_PLURAL
from hengcang.sales.actions import deliveries, exchanges, orders, quotes, returns
from hengcang.sales.actions.shipments import Sending, send_delivery
from hengcang.sales.actions.standing import RhythmDraft, save_standing_order
from hengcang.sales.shipment_models import Shipment
from hengcang.sales.standing_models import StandingOrder
from hengcang.stock.actions import (
    bin_moves,
    other_issues,
    other_receipts,
    overages,
    scraps,
    shop_requests,
    status_changes,
    transfer_receipts,
    transfers,
)
from hengcang.stock.actions.plans import PlanDraft, save_count_plan
from hengcang.stock.models import StockCount
from hengcang.web import urls
from tests.documents.trade import bought
from tests.purchasing.announced import announced
from tests.purchasing.inquired import inquired
from tests.stock.counted import posted, record, started
from tests.worlds import GO_LIVE, TODAY, World, draft, item, line, target

PRICE = Decimal("7.31")  # what was paid; its multiples are the only costs in the book
COST_FIGURES = ("7.31", "95.03", "29.24", "65.79", "14.62", "21.93", "80.41")
VERBS = ("post", "reverse")
NO_FILE = UUID(int=1)


def with_costs(made: World) -> dict[str, int]:
    """Goods bought at PRICE and moved by a document of every kind; the ids by plural."""
    item, place = made.items[0], made.warehouses[0]
    item.purchase_price = PRICE
    item.save()
    bought = line(item, "13", str(PRICE))
    order = purchase_orders.save_order(draft(place, [bought], partner=made.supplier), actor=SYSTEM)
    receipt = purchase_receipts.save_receipt(
        draft(place, [bought], partner=made.supplier), actor=SYSTEM
    )
    purchase_receipts.post_receipt(target(receipt), actor=SYSTEM)
    notice = announced(made, (ordered(made, "2"), "2"))
    origin = receipt.lines.get()
    to_supplier = purchase_returns.save_return(
        draft(place, [line(item, "1", source_line_id=origin.pk)], partner=made.supplier),
        actor=SYSTEM,
    )
    unseen = line(item, "1", str(PRICE), stock_status="qc")
    waiting = purchase_receipts.save_receipt(
        draft(place, [unseen], partner=made.supplier), actor=SYSTEM
    )
    purchase_receipts.post_receipt(target(waiting), actor=SYSTEM)
    looked_at = line(item, "1", source_line_id=waiting.lines.get().pk)
    inspection = inspections.save_inspection(draft(place, [looked_at]), actor=SYSTEM)
    wanted = requisitions.save_requisition(draft(place, [line(item, "5")]), actor=SYSTEM)
    requisitions.step_requisition(target(wanted), "approve", actor=SYSTEM)
    inquiry = inquired(made, item, str(PRICE))
    asked_price = PriceDraft(made.supplier.pk, item.pk, PRICE, GO_LIVE)
    save_supplier_prices([asked_price], actor=SYSTEM)
    sold = draft(place, [line(item, "2", "25")], partner=made.customer)
    asked = orders.save_order(sold, actor=SYSTEM)
    offered = replace(
        draft(place, [line(item, "2", "25")], partner=made.customer), valid_until=TODAY
    )
    quote = quotes.save_quote(offered, actor=SYSTEM)
    shipped = draft(place, [line(item, "4", "25")], partner=made.customer)
    delivery = deliveries.save_delivery(shipped, actor=SYSTEM)
    deliveries.post_delivery(target(delivery), actor=SYSTEM)
    came_back = line(item, "2", "25", unit_cost=PRICE)
    back = returns.save_return(
        draft(place, [came_back], partner=made.customer, reason="客户退回"), actor=SYSTEM
    )
    returns.post_return(target(back), actor=SYSTEM)
    turned = line(item, "1", "25", unit_cost=PRICE, direction="back")
    instead = line(item, "1", "25", direction="out")
    swapped = exchanges.save_exchange(
        draft(place, [turned, instead], partner=made.customer, reason="换一件"), actor=SYSTEM
    )
    found = draft(place, [line(item, "3", unit_cost=PRICE)], reason="盘盈")
    other = other_receipts.save_other_receipt(found, actor=SYSTEM)
    lost = draft(place, [line(item, "1")], reason="破损")
    issue = other_issues.save_other_issue(lost, actor=SYSTEM)
    broken = draft(place, [line(item, "1")], reason="摔坏")
    scrap = scraps.save_scrap(broken, actor=SYSTEM)
    more = draft(place, [line(item, "1", unit_cost=PRICE)], reason="多出")
    overage = overages.save_overage(more, actor=SYSTEM)
    held = draft(place, [line(item, "1", to_status="frozen")], reason="待查")
    frozen = status_changes.save_status_change(held, actor=SYSTEM)
    sent = replace(draft(place, [line(item, "1")]), to_warehouse_id=made.warehouses[1].pk)
    transfer = transfers.save_transfer(sent, actor=SYSTEM)
    transfers.ship_transfer(target(transfer), actor=SYSTEM)
    asking = replace(
        draft(made.warehouses[1], [line(item, "2")]), to_warehouse_id=made.warehouses[0].pk
    )
    request = shop_requests.save_shop_request(asking, actor=SYSTEM)
    shop_requests.step_shop_request(target(request), "approve", actor=SYSTEM)
    arriving = line(item, "1", source_line_id=transfer.lines.get().pk)
    arrival = transfer_receipts.save_transfer_receipt(
        draft(made.warehouses[1], [arriving]), actor=SYSTEM
    )
    type(place).objects.filter(pk=place.pk).update(uses_bins=True)
    place.bins.create(code="A-1")
    place.refresh_from_db()
    shelved = bin_moves.save_bin_move(
        draft(place, [line(item, "1", to_bin_code="A-1")]), actor=SYSTEM
    )
    count = started(made)
    record(count, made, "12")
    posted(count)
    return {
        "purchase-requisitions": wanted.pk,
        "stock-counts": count.pk,
        "rfqs": inquiry[0].pk,
        "supplier-quotes": inquiry[1].pk,
        "purchase-orders": order.pk,
        "arrival-notices": notice.pk,
        "purchase-receipts": receipt.pk,
        "quality-inspections": inspection.pk,
        "purchase-returns": to_supplier.pk,
        "sales-quotes": quote.pk,
        "sales-orders": asked.pk,
        "sales-deliveries": delivery.pk,
        "sales-returns": back.pk,
        "sales-exchanges": swapped.pk,
        "other-receipts": other.pk,
        "other-issues": issue.pk,
        "scraps": scrap.pk,
        "overages": overage.pk,
        "status-changes": frozen.pk,
        "bin-moves": shelved.pk,
        "shop-requests": request.pk,
        "stock-transfers": transfer.pk,
        "transfer-receipts": arrival.pk,
        **_made_of_others(made),
    }


def ordered(made: World, quantity: str) -> PurchaseOrder:
    """An approved order of the first item at PRICE."""
    typed = line(made.items[0], quantity, str(PRICE))
    saved = purchase_orders.save_order(
        draft(made.warehouses[0], [typed], partner=made.supplier), actor=SYSTEM
    )
    return purchase_orders.step_order(target(saved), "approve", actor=SYSTEM)


def piece(made: World) -> int:
    """A piece with a serial number, of an item of its own."""
    found = SerialNumber.objects.first()
    if found is None:
        tracked = item("XLH1", "序列号商品", made.items[0].base_uom, places=0)
        Item.objects.filter(pk=tracked.pk).update(tracks_serials=True)
        typed = line(tracked, "1", unit_cost=PRICE, serials=("SN1",))
        came = other_receipts.save_other_receipt(
            draft(made.warehouses[0], [typed], reason="期初"), actor=SYSTEM
        )
        other_receipts.post_other_receipt(target(came), actor=SYSTEM)
        found = SerialNumber.objects.get()
    return found.pk


def lot(made: World) -> int:
    """A batch, of an item of its own."""
    found = Batch.objects.first()
    if found is None:
        tracked = item("PC1", "批次商品", made.items[0].base_uom, places=0)
        Item.objects.filter(pk=tracked.pk).update(tracks_batch=True)
        typed = line(tracked, "1", unit_cost=PRICE, batch_no="P1", expiry_date=TODAY)
        came = other_receipts.save_other_receipt(
            draft(made.warehouses[0], [typed], reason="期初"), actor=SYSTEM
        )
        other_receipts.post_other_receipt(target(came), actor=SYSTEM)
        found = Batch.objects.get()
    return found.pk


def key() -> int:
    """A key of whoever is a user of the book."""
    user, found = User.objects.first(), ApiKey.objects.first()
    if found is None and user is not None:
        found = ApiKey.objects.create(
            user=user, name="网店接单", secret_sha256="0" * 64, expires_on=TODAY
        )
    return found.pk if found else 1


def reminder(made: World) -> int:
    """A purchase that is late, and somebody is to chase."""
    found = PurchaseReminder.objects.first()
    if found is None:
        bought(made, "1").lines.update(due_date=GO_LIVE)
        make_reminders(on=TODAY, actor=SYSTEM)
        found = PurchaseReminder.objects.first()
    return found.pk if found else 1


def _made_of_others(made: World) -> dict[str, int]:
    """Drafts of both kinds: they move nothing."""
    place, part = made.warehouses[0], made.items[0]
    filled: dict[str, Any] = {"product_id": made.items[1].pk, "product_quantity": Decimal(1)}
    assembly = assemblies.save_assembly(
        replace(draft(place, [line(part, "1")]), **filled), actor=SYSTEM
    )
    apart = disassemblies.save_disassembly(
        replace(draft(place, [line(part, "1", unit_cost=PRICE)]), **filled), actor=SYSTEM
    )
    return {"assemblies": assembly.pk, "disassemblies": apart.pk}


def parts_list(made: World) -> int:
    """A parts list of the book; it is made where there is none."""
    found = PartsList.objects.first()
    if found is None:
        parts = (PartDraft(made.items[0].pk, Decimal(1)),)
        found = save_parts_list(PartsListDraft(made.items[1].pk, parts), actor=SYSTEM)
    return found.pk


def price_list(made: World) -> int:
    """A price list of the book; it is made where there is none."""
    found = PriceList.objects.first()
    if found is None:
        priced = (ListLineDraft(made.items[0].pk, Decimal(19)),)
        found = save_list(PriceListDraft("秋季", TODAY, priced), actor=SYSTEM)
    return found.pk


def sent(delivery_id: int) -> int:
    """A shipment of the delivery; it is made where there is none."""
    found = Shipment.objects.filter(delivery_id=delivery_id).first()
    if found is None:
        sending = Sending(uuid4(), "顺丰", TODAY, ("SF1",))
        [found] = send_delivery(delivery_id, sending, today=TODAY, actor=SYSTEM)
    return found.pk


def standing(order_id: int) -> int:
    """A standing order of the same goods; it is made where there is none."""
    found = StandingOrder.objects.first()
    if found is None:
        rhythm = RhythmDraft("weekly", 1, TODAY)
        found = save_standing_order(
            order_id, rhythm, client_uuid=uuid4(), today=TODAY, actor=SYSTEM
        )
    return found.pk


def addresses(made: World, documents: Mapping[str, int]) -> Iterator[str]:
    """One address, inside the book, for every pattern and every kind of document."""
    return (path for _, path in named_addresses(made, documents))


def named_addresses(made: World, documents: Mapping[str, int]) -> Iterator[tuple[str, str]]:
    """The addresses, each with the name of its pattern."""
    query = {
        "item": made.items[0].pk,
        "partner": made.customer.pk,
        "warehouse": made.warehouses[0].pk,
        "q": "S001",
    }
    values: dict[str, list[object]] = {
        "item_id": [made.items[0].pk],
        "partner_id": [made.customer.pk, made.supplier.pk],
        "warehouse_id": [made.warehouses[0].pk],
        "channel_id": [1],
        "batch_id": [lot(made)],
        "user_id": [User.objects.values_list("pk", flat=True).first() or 1],
        "role_id": [Role.objects.values_list("pk", flat=True).first() or 1],
        "key_id": [key()],
        "price_id": [SupplierPrice.objects.values_list("pk", flat=True).first() or 1],
        "list_id": [price_list(made)],
        "serial_id": [piece(made)],
        "parts_list_id": [parts_list(made)],
        "plan_id": [save_count_plan(PlanDraft(made.warehouses[0].pk), actor=SYSTEM).pk],
        "attachment_id": [NO_FILE],
        "rfq_id": [Rfq.objects.values_list("pk", flat=True).first() or 1],
        "report_id": [PurchaseReport.objects.values_list("pk", flat=True).first() or 1],
        "notice_id": [documents["arrival-notices"]],
        "reminder_id": [reminder(made)],
        "delivery_id": [documents["sales-deliveries"]],
        "shipment_id": [sent(documents["sales-deliveries"])],
        "standing_id": [standing(documents["sales-orders"])],
        "order_id": [documents["sales-orders"]],
        "count_id": [StockCount.objects.values_list("pk", flat=True).first() or 1],
        "month": ["2026-09"],
        "token": ["none"],
        "verb": list(VERBS),
        "kind": list(BY_PLURAL),
    }
    for pattern in patterns(urls.urlpatterns):
        names = [name for name in pattern.pattern.converters if name != "document_id"]
        for chosen in product(*(values[name] for name in names)):
            arguments = dict(zip(names, chosen, strict=True))
            if "document_id" in pattern.pattern.converters:
                arguments["document_id"] = documents[str(arguments["kind"])]
            name = str(pattern.name)
            path = reverse(name, kwargs=arguments)
            yield name, path
            if arguments.keys() == {"kind"}:
                yield name, f"{path}?copy={documents[str(arguments['kind'])]}"
            if "document_id" not in arguments:
                yield name, f"{path}?{urlencode(query)}"


def patterns(found: list[URLPattern | URLResolver]) -> Iterator[URLPattern]:
    for each in found:
        if isinstance(each, URLResolver):
            yield from patterns(each.url_patterns)
        else:
            yield each
