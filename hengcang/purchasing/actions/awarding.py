"""Chosen offers of a request become draft purchase orders."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from hengcang.compliance import audit
from hengcang.compliance.audit import Subject
from hengcang.documents.actions import derived_uuid
from hengcang.documents.attempts import action
from hengcang.documents.drafts import MAX_LINES, LineDraft
from hengcang.documents.flow import Status
from hengcang.documents.following import following_draft
from hengcang.documents.intents import claim, settle
from hengcang.documents.rules import Ratio, base_quantity
from hengcang.identity.access import demand
from hengcang.kernel.actor import Actor, FieldClass
from hengcang.kernel.errors import Refused, RefusedLines
from hengcang.kernel.numbers import shown
from hengcang.kernel.rounding import ZERO
from hengcang.purchasing import inquiries, queries
from hengcang.purchasing.actions.orders import save_order
from hengcang.purchasing.choices import bind_in_order
from hengcang.purchasing.comparison import ordered_of
from hengcang.purchasing.inquiry_models import Rfq, SupplierQuoteLine
from hengcang.purchasing.models import PurchaseOrder

Offers = Mapping[int, SupplierQuoteLine]


@dataclass(frozen=True, slots=True)
class Choice:
    """Order this much of a supplier's quote line, in its unit."""

    quote_line_id: int
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class Award:
    """What to order of whom, of one request. `client_uuid`: once per intent."""

    client_uuid: UUID
    rfq_id: int
    dated: date
    choices: tuple[Choice, ...]


@action
def order_choices(award: Award, *, actor: Actor) -> list[PurchaseOrder]:
    """Draft orders exist, one per supplier's quote, each line bound to the quote line.

    A line may go to several suppliers, and more than asked for may be ordered at once (a MOQ), but
    nothing of a line that is in orders already. The same intent again returns the same orders.
    Locks the request. Raises Refused: forbidden, not_found, nothing_chosen, too_many_lines,
    source_not_open, source_line_unknown; RefusedLines with supplier_quote_expired,
    rfq_line_ordered, rfq_line_twice, quantity_not_positive, quantity_inexact; those of save_order.
    """
    demand(actor, "purchase_order.save")
    if not actor.sees(FieldClass.COST):
        raise Refused("forbidden", permission="cost", permission_label="查看成本")
    if not award.choices:
        raise Refused("nothing_chosen")
    if len(award.choices) > MAX_LINES:
        raise Refused("too_many_lines", "lines", limit=MAX_LINES, count=len(award.choices))
    asked = inquiries.rfq(actor, award.rfq_id)
    offers = _offers(award, actor)
    if claim(award.client_uuid, "rfq.order", award) is not None:
        keys = [_key(award, quote_id) for quote_id in _groups(award, offers)]
        return list(queries.orders(actor).filter(client_uuid__in=keys).order_by("id"))
    asked = Rfq.objects.select_for_update(no_key=True).get(id=asked.pk)
    if asked.status != Status.APPROVED:
        label = asked.get_status_display()
        raise Refused("source_not_open", number=asked.number or "", status_label=label)
    wanted = _wanted(award, offers)
    orders = [
        _ordered(award, quote_id, {i: offers[i] for i in ids}, (wanted, asked.due_date), actor)
        for quote_id, ids in sorted(_groups(award, offers).items())
    ]
    subject = Subject(asked.kind, asked.pk, asked.number or "")
    audit.record(actor, "rfq.order", subject, orders=[order.pk for order in orders])
    settle(award.client_uuid, PurchaseOrder.kind, orders[0].pk)
    return orders


def _offers(award: Award, actor: Actor) -> Offers:
    """The chosen quote lines by id, as the actor may see them."""
    ids = {choice.quote_line_id for choice in award.choices}
    found = {line.pk: line for line in inquiries.offers(actor, award.rfq_id).filter(id__in=ids)}
    if found.keys() != ids:
        raise Refused("source_line_unknown", "lines")
    return found


def _groups(award: Award, offers: Offers) -> dict[int, list[int]]:
    """Quote lines by quote, in the order chosen."""
    groups: dict[int, list[int]] = defaultdict(list)
    for choice in award.choices:
        groups[offers[choice.quote_line_id].document_id].append(choice.quote_line_id)
    return groups


def _key(award: Award, quote_id: int) -> UUID:
    return derived_uuid(award.client_uuid, f"quote-{quote_id}")


def _wanted(award: Award, offers: Offers) -> dict[int, Decimal]:
    """Base units by quote line. All that is wrong is told at once."""
    ordered = ordered_of({line.source_line_id or 0 for line in offers.values()})
    wanted: dict[int, Decimal] = {}
    refusals: list[Refused] = []
    for position, choice in enumerate(award.choices, start=1):
        line = offers[choice.quote_line_id]
        try:
            _refuse_unfit(line, award.dated, ordered.get(line.source_line_id or 0, ZERO))
            if choice.quote_line_id in wanted:
                raise Refused("rfq_line_twice", item_name=line.item.name)
            if choice.quantity <= 0:
                raise Refused("quantity_not_positive", text=shown(choice.quantity))
            uom = line.item_uom
            ratio = Ratio(uom.ratio_num, uom.ratio_den, line.item.quantity_places, line.item.name)
            wanted[line.pk] = base_quantity(choice.quantity, ratio, f"lines.{position}.quantity")
        except Refused as refusal:
            refusals.append(refusal)
    if refusals:
        raise RefusedLines(refusals)
    return wanted


def _refuse_unfit(line: SupplierQuoteLine, on: date, ordered: Decimal) -> None:
    quote, asked = line.document, line.source_line
    if quote.valid_until < on:
        raise Refused(
            "supplier_quote_expired",
            supplier=quote.partner.name,
            number=quote.number or "",
            valid_until=quote.valid_until.isoformat(),
        )
    if asked is not None and ordered >= asked.quantity:
        raise Refused(
            "rfq_line_ordered",
            item_name=line.item.name,
            asked=shown(asked.quantity),
            ordered=shown(ordered),
        )


def _ordered(
    award: Award,
    quote_id: int,
    lines: Offers,
    need: tuple[Mapping[int, Decimal], date | None],
    actor: Actor,
) -> PurchaseOrder:
    """One draft order of one quote; each line due when the supplier says, else when wanted."""
    wanted, due = need
    quote = next(iter(lines.values())).document
    draft = following_draft(
        quote,
        lines,
        {pk: wanted[pk] for pk in lines},
        on=award.dated,
        client_uuid=_key(award, quote_id),
    )
    filled = tuple(
        _dated(line, lines[line.source_line_id or 0], award.dated, due) for line in draft.lines
    )
    order = save_order(replace(draft, due_date=due, lines=filled), actor=actor)
    bind_in_order(list(order.lines.order_by("position")), list(lines.values()))
    return order


def _dated(draft: LineDraft, line: SupplierQuoteLine, on: date, due: date | None) -> LineDraft:
    """The line is no longer a quote's: it only remembers it."""
    days = line.lead_time_days
    arrival = None if days is None else on + timedelta(days=days)
    return replace(draft, source_line_id=None, due_date=arrival or due)
