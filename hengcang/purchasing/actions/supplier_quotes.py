"""What people do with suppliers' quotes: one function per verb."""

from decimal import Decimal

from hengcang.books.inserting import insert_rows
from hengcang.documents.actions import sum_columns, trade_header_columns
from hengcang.documents.attempts import action
from hengcang.documents.drafts import Draft, LineDraft, Target
from hengcang.documents.flow import Status
from hengcang.documents.lines import built_lines, trade_columns
from hengcang.documents.parts import source_ids
from hengcang.documents.rules import HUNDRED, total
from hengcang.documents.sources import refuse_foreign
from hengcang.kernel.actor import Actor, FieldClass
from hengcang.kernel.errors import Refused, RefusedLines
from hengcang.kernel.numbers import shown
from hengcang.purchasing import inquiries, papers
from hengcang.purchasing.actions.prices import MOST_DAYS, PriceDraft, save_supplier_prices
from hengcang.purchasing.inquiry_models import SupplierQuote, SupplierQuoteLine
from hengcang.purchasing.models import PurchaseOrderLine, SupplierPrice
from hengcang.purchasing.papers import FilledIn, Paper
from hengcang.purchasing.rules import PRICE


@action
def save_supplier_quote(draft: Draft, *, actor: Actor) -> SupplierQuote:
    """A draft quote exists; the same intent again returns it. Every line needs its price.

    Raises Refused: forbidden (also to those who may not see costs), intent_reused, field_missing
    and field_invalid (valid_until), source_line_unknown, RefusedLines with days_out_of_range, and
    those of headers and lines.
    """
    made: SupplierQuote = papers.saved(QUOTE, draft, actor)
    return made


@action
def change_supplier_quote(target: Target, draft: Draft, *, actor: Actor) -> SupplierQuote:
    """The draft quote is as filled in. Raises the codes of save_supplier_quote, not_found,
    stale_version, wrong_status.
    """
    made: SupplierQuote = papers.changed(QUOTE, target, draft, actor)
    return made


@action
def step_supplier_quote(
    target: Target, verb: str, *, actor: Actor, reason: str = ""
) -> SupplierQuote:
    """One verb of INQUIRY_FLOW was done.

    Raises Refused: forbidden, not_found, stale_version, wrong_status, supplier_quote_ordered
    (take back, once an order was made from it).
    """
    found: SupplierQuote = papers.pressed(QUOTE, target, verb, actor)
    if verb == "take_back" and _is_ordered(found):
        raise Refused("supplier_quote_ordered", number=found.number or "")
    made: SupplierQuote = papers.stepped(found, verb, reason, actor)
    return made


@action
def list_quoted_prices(quote_id: int, *, actor: Actor) -> list[SupplierPrice]:
    """The prices of an approved quote stand in the supplier's price list, after discount, 4 dp.

    Raises Refused: not_found, source_not_open, and those of save_supplier_prices.
    """
    quote: SupplierQuote = QUOTE.seen(actor, quote_id)
    if quote.status not in (Status.APPROVED, Status.CLOSED):
        label = quote.get_status_display()
        raise Refused("source_not_open", number=quote.number or "草稿", status_label=label)
    drafts = {
        (line.item_id, line.item_uom_id, line.moq): _listed(quote, line)
        for line in quote.lines.order_by("position")
    }
    return save_supplier_prices(list(drafts.values()), actor=actor)


def _listed(quote: SupplierQuote, line: SupplierQuoteLine) -> PriceDraft:
    return PriceDraft(
        partner_id=quote.partner_id,
        item_id=line.item_id,
        item_uom_id=line.item_uom_id,
        price=(line.price * line.discount_rate / HUNDRED).quantize(PRICE),
        includes_tax=quote.prices_include_tax,
        min_quantity=line.moq or Decimal(0),
        moq=line.moq,
        lead_time_days=line.lead_time_days,
        valid_from=quote.dated,
        valid_to=quote.valid_until,
    )


def _is_ordered(quote: SupplierQuote) -> bool:
    named = PurchaseOrderLine.objects.filter(quote_line__document=quote)
    return named.exclude(document__status=Status.VOIDED).exists()


def _filled_in(draft: Draft, actor: Actor) -> FilledIn:
    if not actor.sees(FieldClass.COST):
        raise Refused("forbidden", permission="cost", permission_label="查看成本")
    header = trade_header_columns(draft, "supplier", actor=actor)
    _refuse_unreal(draft)
    lines = built_lines(draft, lambda item, uom: None)
    if source_ids(lines):
        asked = inquiries.rfq_lines(actor)
        refuse_foreign(lines, asked.filter(document__status__in=(Status.APPROVED, Status.CLOSED)))
    sums = sum_columns(total(line.amounts for line in lines if line.amounts))

    def write(document: SupplierQuote) -> None:
        insert_rows(
            [
                SupplierQuoteLine(
                    document=document,
                    source_line_id=line.draft.source_line_id,
                    moq=line.draft.moq,
                    lead_time_days=line.draft.lead_time_days,
                    **trade_columns(line),
                )
                for line in lines
            ]
        )

    return FilledIn({"valid_until": draft.valid_until, **header, **sums}, write)


def _refuse_unreal(draft: Draft) -> None:
    """Raises Refused: field_missing, field_invalid; RefusedLines with what terms cannot be."""
    if draft.valid_until is None:
        raise Refused("field_missing", "valid_until", what="有效期至")
    if draft.valid_until < draft.dated:
        reason = f"不能早于单据日期 {draft.dated}"
        raise Refused("field_invalid", "valid_until", what="有效期至", reason=reason)
    refusals = [
        refusal
        for position, line in enumerate(draft.lines, start=1)
        for refusal in _wrong_terms(line, f"lines.{position}")
    ]
    if refusals:
        raise RefusedLines(refusals)


def _wrong_terms(line: LineDraft, at: str) -> list[Refused]:
    found = []
    if line.moq is not None and line.moq <= 0:
        found.append(Refused("quantity_not_positive", f"{at}.moq", text=shown(line.moq)))
    days = line.lead_time_days
    if days is not None and not 0 <= days <= MOST_DAYS:
        found.append(
            Refused("days_out_of_range", f"{at}.lead_time_days", days=days, limit=MOST_DAYS)
        )
    return found


QUOTE = Paper(SupplierQuote, inquiries.supplier_quotes, _filled_in)
