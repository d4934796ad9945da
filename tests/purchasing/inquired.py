"""A request for quotation and one supplier's answer, in one call."""

from dataclasses import replace
from datetime import date

from hengcang.catalog.models import Item
from hengcang.kernel.actor import SYSTEM
from hengcang.partners.models import Partner, SupplierProfile
from hengcang.purchasing.actions import rfqs, supplier_quotes
from hengcang.purchasing.inquiry_models import Rfq, SupplierQuote
from tests.worlds import TODAY, World, draft, line, target

UNTIL = date(2026, 12, 24)


def another(name: str, code: str) -> Partner:
    made = Partner.objects.create(code=code, name=name)
    SupplierProfile.objects.create(partner=made)
    return made


def asked(made: World, *quantities: str, due: date | None = None) -> Rfq:
    """An approved request of the first items."""
    lines = [line(made.items[n], quantity) for n, quantity in enumerate(quantities)]
    filled = replace(draft(made.warehouses[0], lines), due_date=due)
    return rfqs.step_rfq(target(rfqs.save_rfq(filled, actor=SYSTEM)), "approve", actor=SYSTEM)


def answered(
    made: World,
    request: Rfq,
    partner: Partner,
    *offers: tuple[str, str | None, int | None],
    until: date = UNTIL,
) -> SupplierQuote:
    """An approved quote of the request's lines: price, MOQ and lead time of each."""
    lines = [
        line(
            source.item,
            str(source.quantity),
            price,
            source_line_id=source.pk,
            moq=None if moq is None else source.quantity.__class__(moq),
            lead_time_days=days,
        )
        for source, (price, moq, days) in zip(
            request.lines.order_by("position"), offers, strict=True
        )
    ]
    filled = replace(draft(made.warehouses[0], lines, partner=partner), valid_until=until)
    saved = supplier_quotes.save_supplier_quote(filled, actor=SYSTEM)
    return supplier_quotes.step_supplier_quote(target(saved), "approve", actor=SYSTEM)


def inquired(made: World, item: Item, price: str) -> tuple[Rfq, SupplierQuote]:
    """Both, of the first item."""
    assert item == made.items[0]
    request = asked(made, "5")
    rfqs.ask_suppliers(request.pk, [made.supplier.pk], on=TODAY, actor=SYSTEM)
    return request, answered(made, request, made.supplier, (price, None, 3))
