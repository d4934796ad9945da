"""Suppliers, items, orders and receipts, by the actions people press; done work is skipped."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from statistics import median_low
from uuid import UUID, uuid5

from hengcang.catalog.actions import import_items
from hengcang.catalog.drafts import ItemDraft
from hengcang.cli.load.adventureworks.reading import Folder, Offer, Order, Vendor
from hengcang.cli.load.jobs import Job, run_jobs
from hengcang.documents.drafts import Draft, LineDraft, Target
from hengcang.documents.flow import Status
from hengcang.kernel.actor import SYSTEM
from hengcang.partners import queries as partners
from hengcang.partners.actions import disable_partner, import_partners
from hengcang.partners.drafts import PartnerDraft, SupplierTerms
from hengcang.places import actions as places
from hengcang.places import queries as sites
from hengcang.places.drafts import WarehouseDraft
from hengcang.purchasing import queries as purchases
from hengcang.purchasing.actions import orders as purchase_orders
from hengcang.purchasing.actions import receipts as purchase_receipts

NAMESPACE = UUID("b7f8a1d2-93c4-5e6b-8a70-4d2c1b0e9f35")
UNITS = {"CTN": "箱", "EA": "个", "CAN": "罐", "CS": "件", "GAL": "加仑", "DZ": "打", "PAK": "包"}
GRADES = {1: "A", 2: "A", 3: "B", 4: "C", 5: "D"}
NOTE_LIMIT = 480
REJECTED, SHORT = "审核未通过", "供应商已交完，余量短交或拒收"


def intent(kind: str, number: str) -> UUID:
    return uuid5(NAMESPACE, f"{kind}:{number}")


def carry_out(data: Folder) -> None:
    """All of it is in the current book. Raises Refused, keeping what was done."""
    loader = Loader(data)
    run_jobs(loader.jobs(), _done_before())
    for vendor in data.vendors.values():
        partner = partners.partner(SYSTEM, loader.vendors[vendor.id])
        if partner.is_active and not vendor.is_active:
            disable_partner(partner.pk, actor=SYSTEM)


class Loader:
    """The master data stands; documents can be made of what the folder names."""

    def __init__(self, data: Folder) -> None:
        self.data = data
        self.warehouse_id = _warehouse_id()
        self.items = _items(data)
        drafts = [_partner(vendor, data) for vendor in data.vendors.values()]
        ids = import_partners(drafts, actor=SYSTEM).ids
        self.vendors = dict(zip(data.vendors, ids, strict=True))

    def jobs(self) -> list[Job]:
        """In order of time; of a day the orders first."""
        ranked: list[tuple[date, int, Job]] = []
        for order in self.data.orders:
            size = len(order.lines)
            job = Job(order.ordered, size, intent("order", order.id), self._ordering(order))
            ranked.append((order.ordered, 0, job))
            if order.is_approved:
                key = intent("receipt", order.id)
                job = Job(order.shipped, size, key, self._receiving(order))
                ranked.append((order.shipped, 1, job))
        ranked.sort(key=lambda row: row[:2])
        return [job for _, _, job in ranked]

    def _ordering(self, order: Order) -> Callable[[], object]:
        """It is approved, waits for approval, or was sent back and voided."""

        def act() -> None:
            made = purchase_orders.save_order(self._draft(order), actor=SYSTEM)
            verbs = {"1": ("submit",), "3": ("submit", "send_back", "void")}
            for verb in verbs.get(order.status, ("approve",)):
                reason = REJECTED if verb != "submit" and order.status == "3" else ""
                target = Target(made.pk, made.version)
                made = purchase_orders.step_order(target, verb, actor=SYSTEM, reason=reason)

        return act

    def _receiving(self, order: Order) -> Callable[[], object]:
        """What was accepted is in stock; a complete order with a rest is closed."""

        def act() -> None:
            made = purchase_orders.save_order(
                self._draft(order), actor=SYSTEM
            )  # found by its intent
            lines = purchases.open_order_lines(SYSTEM, made.pk)
            stocked = {
                line.pk: Decimal(order.lines[line.position - 1].stocked)
                for line in lines
                if order.lines[line.position - 1].stocked
            }
            if stocked:
                purchase_receipts.receive_order(
                    made.pk,
                    stocked,
                    on=order.shipped,
                    client_uuid=intent("receipt", order.id),
                    actor=SYSTEM,
                )
            made = purchases.order(SYSTEM, made.pk)
            if order.status == "4" and made.status == Status.APPROVED:
                target = Target(made.pk, made.version)
                purchase_orders.step_order(target, "close", actor=SYSTEM, reason=SHORT)

        return act

    def _draft(self, order: Order) -> Draft:
        rejected = sum(line.rejected for line in order.lines)
        return Draft(
            client_uuid=intent("order", order.id),
            dated=order.ordered,
            warehouse_id=self.warehouse_id,
            partner_id=self.vendors[order.vendor],
            due_date=order.due,
            external_no=order.id,
            note=f"拒收 {rejected}" if rejected else "",
            lines=tuple(
                LineDraft(self.items[line.product], Decimal(line.quantity), price=line.price)
                for line in order.lines
            ),
        )


def _done_before() -> set[UUID]:
    """Intents of the orders and receipts that stand: a job commits whole or not at all."""
    done: set[UUID] = set()
    for rows in (purchases.orders(SYSTEM), purchases.receipts(SYSTEM)):
        done.update(rows.order_by().values_list("client_uuid", flat=True))
    return done


def _warehouse_id() -> int:
    found = sites.active_warehouses(SYSTEM).filter(code="AW").first()
    if found is not None:
        return found.pk
    return places.save_warehouse(WarehouseDraft("AW", "AdventureWorks 仓"), actor=SYSTEM).pk


def _items(data: Folder) -> dict[str, int]:
    """Ids by product id of what any vendor offers: the cheapest offer gives price and unit."""
    cheapest: dict[str, Offer] = {}
    for offer in data.offers:
        best = cheapest.setdefault(offer.product, offer)
        if offer.price < best.price:
            cheapest[offer.product] = offer
    drafts = [
        ItemDraft(
            code=data.products[product][0],
            name=data.products[product][1],
            base_uom=UNITS.get(offer.unit, offer.unit),
            category="AdventureWorks 采购件",
            tax_rate=Decimal(0),
            purchase_price=offer.price,
        )
        for product, offer in cheapest.items()
    ]
    ids = import_items(drafts, actor=SYSTEM).ids
    return {product: ids[data.products[product][0]] for product in cheapest}


def _partner(vendor: Vendor, data: Folder) -> PartnerDraft:
    offers = [offer for offer in data.offers if offer.vendor == vendor.id]
    lead_days = median_low([offer.lead_days for offer in offers]) if offers else None
    return PartnerDraft(
        name=vendor.name,
        code=vendor.account,
        category="AdventureWorks",
        note=_note(offers, data),
        supplier=SupplierTerms(GRADES[vendor.rating], credit_days=30, lead_time_days=lead_days),
    )


def _note(offers: list[Offer], data: Folder) -> str:
    """Every offer as 编码 起订–上限 单价 提前期, as many as fit."""
    text = f"供货 {len(offers)} 种" if offers else ""
    for offer in offers:
        code, _ = data.products[offer.product]
        more = (
            f"；{code} 起订 {offer.least}–{offer.most} 价 {offer.price} 提前 {offer.lead_days} 天"
        )
        if len(text) + len(more) > NOTE_LIMIT:
            return text + "；…"
        text += more
    return text
