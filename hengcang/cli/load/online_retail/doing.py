"""The plan is carried out by the actions people press, and picks up where it was broken off.

Every document has an intent that follows from its number in the file: what was done before is
found and skipped; what was done half is finished.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

from hengcang.catalog.actions import import_items
from hengcang.catalog.drafts import ItemDraft
from hengcang.cli.load.jobs import Job, run_jobs
from hengcang.cli.load.online_retail.planning import (
    Invoice,
    Line,
    Plan,
    Purchase,
    cost_of,
    supplier_of,
)
from hengcang.cli.load.online_retail.reading import WALK_IN
from hengcang.documents.drafts import Draft, LineDraft, Target
from hengcang.documents.flow import Status
from hengcang.kernel.actor import SYSTEM
from hengcang.partners.actions import import_partners
from hengcang.partners.drafts import CustomerTerms, PartnerDraft, SupplierTerms
from hengcang.places import actions as places
from hengcang.places import queries as sites
from hengcang.places.drafts import WarehouseDraft
from hengcang.purchasing import queries as purchases
from hengcang.purchasing.actions import orders as purchase_orders
from hengcang.purchasing.actions import receipts as purchase_receipts
from hengcang.sales import queries as sales
from hengcang.sales.actions import deliveries, orders, returns

NAMESPACE = UUID("4f0b5d5e-6a53-5f0c-8f5e-2b8f0a6c1d90")
WALK_IN_CODE = "WALK-IN"


def carry_out(plan: Plan, last: date) -> None:
    """Everything up to `last` is in the current book. Raises Refused, keeping what was done."""
    jobs = [job for job in Loader(plan).jobs() if job.day <= last]
    run_jobs(jobs, _done_before())


def intent(kind: str, number: str) -> UUID:
    return uuid5(NAMESPACE, f"{kind}:{number}")


class Loader:
    """The master data stands; documents can be made of what the plan names."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.warehouse_id = _warehouse_id()
        self.items = _items(plan)
        self.customers, self.suppliers = _partners(plan)
        self.order_ids: dict[str, int] = {}

    def jobs(self) -> list[Job]:
        """In order of time: orders to suppliers, receipts, then the day's invoices as they came."""
        ranked = [(day, rank, job) for day, rank, job in self._ranked()]
        ranked.sort(key=lambda row: row[:2])
        return [job for _, _, job in ranked]

    def _ranked(self) -> Iterator[tuple[date, int, Job]]:
        for purchase in self.plan.purchases:
            size, number = len(purchase.lines), purchase.number
            order = Job(purchase.ordered, size, intent("order", number), self._ordering(purchase))
            yield purchase.ordered, 0, order
            receipt = Job(
                purchase.received, size, intent("receipt", number), self._receiving(purchase)
            )
            yield purchase.received, 1, receipt
        for invoice in self.plan.invoices:
            kind, act = (
                ("return", self._returning) if invoice.is_return else ("delivery", self._selling)
            )
            job = Job(
                invoice.day, 3 * len(invoice.lines), intent(kind, invoice.number), act(invoice)
            )
            yield invoice.day, 2, job

    def _ordering(self, purchase: Purchase) -> Callable[[], object]:
        def act() -> None:
            self._ordered(purchase)

        return act

    def _ordered(self, purchase: Purchase) -> int:
        draft = Draft(
            client_uuid=intent("order", purchase.number),
            dated=purchase.ordered,
            warehouse_id=self.warehouse_id,
            partner_id=self.suppliers[purchase.supplier],
            due_date=purchase.received,
            external_no=purchase.number,
            lines=self._lines(purchase.lines),
        )
        order = purchase_orders.save_order(draft, actor=SYSTEM)
        if order.status == Status.DRAFT:
            purchase_orders.step_order(Target(order.pk, order.version), "approve", actor=SYSTEM)
        return order.pk

    def _receiving(self, purchase: Purchase) -> Callable[[], object]:
        def act() -> None:
            order_id = self._ordered(purchase)  # found again by its intent
            purchase_receipts.receive_order(
                order_id,
                {},
                on=purchase.received,
                client_uuid=intent("receipt", purchase.number),
                actor=SYSTEM,
            )

        return act

    def _selling(self, invoice: Invoice) -> Callable[[], object]:
        def act() -> None:
            draft = self._draft("sale", invoice, self._lines(invoice.lines))
            order = orders.save_order(draft, actor=SYSTEM)
            if order.status == Status.DRAFT:
                orders.step_order(Target(order.pk, order.version), "approve", actor=SYSTEM)
            deliveries.deliver_order(
                order.pk,
                {},
                on=invoice.day,
                client_uuid=intent("delivery", invoice.number),
                actor=SYSTEM,
            )

        return act

    def _returning(self, invoice: Invoice) -> Callable[[], object]:
        def act() -> None:
            lines = tuple(self._return_line(line, invoice.day) for line in invoice.lines)
            draft = self._draft("return", invoice, lines)
            returned = returns.save_return(draft, actor=SYSTEM)
            if returned.status == Status.DRAFT:
                returns.post_return(Target(returned.pk, returned.version), actor=SYSTEM)

        return act

    def _draft(self, kind: str, invoice: Invoice, lines: tuple[LineDraft, ...]) -> Draft:
        unbound = invoice.is_return and any(line.origin is None for line in invoice.lines)
        return Draft(
            client_uuid=intent(kind, invoice.number),
            dated=invoice.day,
            warehouse_id=self.warehouse_id,
            partner_id=self.customers[invoice.customer],
            external_no=invoice.number,
            reason="信用票据，找不到可退的原出库行" if unbound else "",
            lines=lines,
        )

    def _lines(self, lines: Sequence[Line]) -> tuple[LineDraft, ...]:
        return tuple(
            LineDraft(self.items[line.code], Decimal(line.quantity), price=line.price)
            for line in lines
        )

    def _return_line(self, line: Line, day: date) -> LineDraft:
        origin, cost = line.origin, None
        if origin is None:
            cost = cost_of(line.code, self.plan.items[line.code], day)
        return LineDraft(
            self.items[line.code],
            Decimal(line.quantity),
            price=line.price,
            source_line_id=None if origin is None else _delivery_line(origin.invoice, origin.index),
            unit_cost=cost,
        )


def _delivery_line(invoice: str, index: int) -> int:
    """The line of the delivery of that invoice; its lines stand in the order of the file."""
    rows: Any = sales.delivery_lines(SYSTEM).filter(
        document__client_uuid=intent("delivery", invoice), position=index + 1
    )
    return int(rows.values_list("id", flat=True).get())


def _done_before() -> set[UUID]:
    """Intents of what is finished: approved orders, posted receipts, deliveries and returns."""
    done: set[UUID] = set()
    finished = (
        purchases.orders(SYSTEM).exclude(status=Status.DRAFT),
        purchases.receipts(SYSTEM).exclude(status=Status.DRAFT),
        sales.deliveries(SYSTEM).exclude(status=Status.DRAFT),
        sales.returns(SYSTEM).exclude(status=Status.DRAFT),
    )
    for rows in finished:
        done.update(rows.order_by().values_list("client_uuid", flat=True))
    return done


def _warehouse_id() -> int:
    found = sites.active_warehouses(SYSTEM).filter(code="UK").first()
    if found is not None:
        return found.pk
    return places.save_warehouse(WarehouseDraft("UK", "英国仓"), actor=SYSTEM).pk


def _items(plan: Plan) -> dict[str, int]:
    drafts = [
        ItemDraft(
            code=code,
            name=facts.name[:120],
            base_uom="个",
            category=f"{supplier_of(code)} 系列",
            tax_rate=Decimal(0),
            sale_price=facts.price,
            purchase_price=cost_of(code, facts, plan.first),
        )
        for code, facts in plan.items.items()
    ]
    return import_items(drafts, actor=SYSTEM).ids


def _partners(plan: Plan) -> tuple[dict[str, int], dict[str, int]]:
    """Ids of customers by their number and of suppliers by their prefix."""
    numbers = sorted(plan.customers)
    bought_by = [_customer(number, plan.customers[number]) for number in numbers]
    customers = import_partners(bought_by, actor=SYSTEM).ids
    prefixes = sorted({supplier_of(code) for code in plan.items})
    bought_from = [
        PartnerDraft(
            name=f"{prefix} 系列供应商",
            code=f"SUP-{prefix}",
            category="供应商",
            supplier=SupplierTerms(credit_days=30, lead_time_days=7),
        )
        for prefix in prefixes
    ]
    suppliers = import_partners(bought_from, actor=SYSTEM).ids
    return dict(zip(numbers, customers, strict=True)), dict(zip(prefixes, suppliers, strict=True))


def _customer(number: str, country: str) -> PartnerDraft:
    if number == WALK_IN:
        return PartnerDraft(name=WALK_IN, code=WALK_IN_CODE, customer=CustomerTerms())
    return PartnerDraft(
        name=f"客户 {number}",
        code=number,
        category=country[:40],
        customer=CustomerTerms(credit_days=30),
    )
