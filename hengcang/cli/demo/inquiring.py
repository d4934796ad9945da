"""What the demo company asked of suppliers: requests, their answers, and what was chosen."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from hengcang.catalog.queries import items_of_lines
from hengcang.cli.demo.desk import intent, target_of
from hengcang.cli.demo.errands import Errands, few_of, some_partners
from hengcang.documents.drafts import LineDraft
from hengcang.partners.queries import Role
from hengcang.purchasing import inquiries
from hengcang.purchasing.actions import orders, rfqs, supplier_quotes
from hengcang.purchasing.actions.awarding import Award, Choice, order_choices
from hengcang.purchasing.comparison import comparison

NOTES = ("年货备货询价", "春季开学备货", "清洁用品换供应商", "办公用品年度框架", "大客户专供")
ANSWERS = (0, 1, 2, 3, 3)  # how many suppliers answered each of the requests
CENT = Decimal("0.01")


def inquire(errands: Errands) -> None:
    """One request is a draft, others wait for answers, the last was compared and ordered."""
    lead = errands.staff["caigou"]
    vendors = [vendor.pk for vendor in some_partners(Role.SUPPLIER, 4)]
    for at, answers in enumerate(ANSWERS):
        asked = _asked(errands, at, vendors)
        if at == 0:
            continue
        asked = rfqs.step_rfq(target_of(asked), "approve", actor=lead)
        for nth, vendor in enumerate(vendors[:answers]):
            quote = _answered(errands, asked, vendor)
            if (at, nth) != (1, 0):  # one is not checked yet
                supplier_quotes.step_supplier_quote(target_of(quote), "approve", actor=lead)
    _choose(errands, asked)


def _asked(errands: Errands, at: int, vendors: Sequence[int]) -> Any:
    goods = errands.shelf(errands.places[0], 3 + at % 2)
    draft = errands.paper(
        f"rfq:{at}",
        errands.places[0],
        few_of(goods, errands),
        due_date=errands.today + timedelta(days=20 + at),
        note=NOTES[at],
    )
    asked = rfqs.save_rfq(draft, actor=errands.staff["caigouyuan"])
    rfqs.ask_suppliers(asked.pk, vendors, on=errands.today, actor=errands.staff["caigou"])
    return asked


def _answered(errands: Errands, asked: Any, vendor: int) -> Any:
    """The supplier's prices lie around those usually paid; some want a larger order."""
    buyer, dice = errands.staff["caigouyuan"], errands.dice
    uuid = intent(f"answer:{asked.pk}:{vendor}")
    draft = inquiries.quote_draft(buyer, asked, on=errands.today, client_uuid=uuid)
    goods = items_of_lines({line.item_id for line in draft.lines})

    def priced(line: LineDraft) -> LineDraft:
        usual = goods[line.item_id].item.purchase_price or Decimal(5)
        price = (usual * dice.randrange(90, 108) / 100).quantize(CENT)
        moq = Decimal(20) if dice.random() < 0.3 else None
        return replace(line, price=price, moq=moq, lead_time_days=dice.randrange(3, 15))

    filled = replace(
        draft,
        partner_id=vendor,
        valid_until=errands.today + timedelta(days=30),
        lines=tuple(map(priced, draft.lines)),
    )
    return supplier_quotes.save_supplier_quote(filled, actor=buyer)


def _choose(errands: Errands, asked: Any) -> None:
    """The best offer of every line is ordered; the first of the orders was approved."""
    lead = errands.staff["caigou"]
    choices = tuple(
        Choice(line.best.offer.id, line.best.offer.taken(line.left))
        for line in comparison(lead, asked.pk, on=errands.today).lines
        if line.best is not None
    )
    award = Award(intent("award"), asked.pk, errands.today, choices)
    made = order_choices(award, actor=lead)
    orders.step_order(target_of(made[0]), "approve", actor=lead)
