"""比价表: the lines of a request beside what each supplier answers."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Sum

from hengcang.documents.flow import Status
from hengcang.identity.access import demand
from hengcang.kernel.actor import Actor, FieldClass
from hengcang.kernel.errors import Refused
from hengcang.kernel.rounding import ZERO
from hengcang.purchasing import inquiries
from hengcang.purchasing.comparing import Best, Need, Offer, best_offer, one_each
from hengcang.purchasing.inquiry_models import Rfq, RfqLine, SupplierQuoteLine
from hengcang.purchasing.models import PurchaseOrderLine
from hengcang.purchasing.over_price import deal_of
from hengcang.purchasing.rules import Terms


@dataclass(frozen=True, slots=True)
class Answer:
    """One supplier's offer for a line; `faults`: what speaks against it."""

    line: SupplierQuoteLine
    offer: Offer
    faults: list[str]


@dataclass(frozen=True, slots=True)
class CompareLine:
    """A line asked for, the answers by supplier, and the best. `ordered`: base units in orders."""

    line: RfqLine
    ordered: Decimal
    answers: dict[int, Answer]
    best: Best | None

    @property
    def left(self) -> Decimal:
        """Base units that are asked for and not in any order."""
        left: Decimal = self.line.quantity - self.ordered
        return max(left, ZERO)


@dataclass(frozen=True, slots=True)
class Asked:
    """A supplier of the table; `answered`: an approved quote is there."""

    partner_id: int
    name: str
    asked: bool
    answered: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    rfq: Rfq
    suppliers: list[Asked]
    lines: list[CompareLine]


def comparison(actor: Actor, rfq_id: int, *, on: date) -> Comparison:
    """The table of a request as of a day, in six statements.

    Raises Refused: forbidden (also to those who may not see costs), not_found.
    """
    demand(actor, "supplier_quote.view")
    if not actor.sees(FieldClass.COST):
        raise Refused("forbidden", permission="cost", permission_label="查看成本")
    found = inquiries.rfq(actor, rfq_id)
    lines = list(inquiries.rfq_lines(actor).filter(document=found))
    answers: dict[int, list[SupplierQuoteLine]] = defaultdict(list)
    for row in inquiries.offers(actor, rfq_id):
        answers[row.source_line_id or 0].append(row)
    ordered = ordered_of({line.pk for line in lines})
    compared = [_compared(line, answers[line.pk], ordered.get(line.pk, ZERO), on) for line in lines]
    return Comparison(found, _suppliers(actor, rfq_id, answers), compared)


def ordered_of(line_ids: Collection[int]) -> dict[int, Decimal]:
    """Base units of each line of a request that stand in orders which were not voided."""
    rows = PurchaseOrderLine.objects.filter(quote_line__source_line_id__in=line_ids)
    rows = rows.exclude(document__status=Status.VOIDED).order_by()
    sums = rows.values_list("quote_line__source_line_id").annotate(Sum("quantity"))
    return {row[0]: row[1] for row in sums}


def _compared(
    line: RfqLine, rows: list[SupplierQuoteLine], ordered: Decimal, on: date
) -> CompareLine:
    need = Need(line.quantity, on, line.document.due_date)
    by_id = {row.pk: row for row in rows}
    chosen = one_each([_offer(row) for row in rows], need)
    answers = {
        offer.partner_id: Answer(by_id[offer.id], offer, need.faults(offer)) for offer in chosen
    }
    return CompareLine(line, ordered, answers, best_offer(chosen, need))


def _offer(row: SupplierQuoteLine) -> Offer:
    quote, uom = row.document, row.item_uom
    terms = Terms(
        item_uom_id=row.item_uom_id,
        num=uom.ratio_num,
        den=uom.ratio_den,
        min_quantity=row.moq or ZERO,
        price=row.price,
        includes_tax=quote.prices_include_tax,
        moq=row.moq,
        order_multiple=None,
        lead_time_days=row.lead_time_days,
        valid_from=quote.dated,
    )
    net = deal_of(row, includes_tax=quote.prices_include_tax).net
    return Offer(row.pk, quote.partner_id, net, terms, quote.valid_until)


def _suppliers(
    actor: Actor, rfq_id: int, answers: dict[int, list[SupplierQuoteLine]]
) -> list[Asked]:
    """Those who are asked, then those who answered without being asked."""
    answered = {
        row.document.partner_id: row.document.partner.name
        for rows in answers.values()
        for row in rows
    }
    asked = {row.partner_id: row.partner.name for row in inquiries.asked_suppliers(actor, rfq_id)}
    return [
        Asked(partner_id, name, partner_id in asked, partner_id in answered)
        for partner_id, name in (asked | answered).items()
    ]
