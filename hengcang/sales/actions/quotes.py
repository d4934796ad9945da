"""What people do with quotations: one function per verb."""

from datetime import date
from typing import Any

from hengcang.books.inserting import insert_row, insert_rows
from hengcang.documents.actions import (
    birth_columns,
    locked,
    recorded_birth,
    rewrite,
    step,
)
from hengcang.documents.attempts import action, swift_action
from hengcang.documents.discounts import discounted, money_columns
from hengcang.documents.drafts import Draft, Target
from hengcang.documents.flow import Status
from hengcang.documents.intents import claim, settle
from hengcang.documents.lines import BuiltLine, built_lines, sale_price, trade_columns
from hengcang.identity.access import demand
from hengcang.kernel.actor import Actor
from hengcang.kernel.errors import Refused
from hengcang.sales import queries
from hengcang.sales.headers import sale_header
from hengcang.sales.models import SalesOrderLine, SalesQuote, SalesQuoteLine

MEANWHILE = frozenset({"stale_version", "wrong_status"})
"""What a job meets when a person was quicker."""
ENDING = frozenset({"take_back", "void"})
"""Verbs that nobody may do to a quotation that orders were made of."""


@swift_action
def save_quote(draft: Draft, *, actor: Actor) -> SalesQuote:
    """A draft quotation exists; the same intent again returns it.

    Raises Refused: forbidden, intent_reused, field_missing and field_invalid (valid_until), and
    those of headers and lines.
    """
    demand(actor, "sales_quote.save", warehouse_id=draft.warehouse_id)
    if (made := claim(draft.client_uuid, "sales_quote.save", draft)) is not None:
        return queries.quote(actor, made)
    header, lines = _filled_in(draft, actor)
    quote = insert_row(SalesQuote(**header, **birth_columns(draft.client_uuid, actor=actor)))
    _write_lines(quote, lines)
    settle(draft.client_uuid, quote.kind, quote.pk)
    recorded_birth(quote, actor=actor)
    return quote


@action
def change_quote(target: Target, draft: Draft, *, actor: Actor) -> SalesQuote:
    """The draft quotation is as filled in.

    Raises the codes of save_quote, not_found, stale_version, wrong_status.
    """
    demand(actor, "sales_quote.save", warehouse_id=draft.warehouse_id)
    quote: SalesQuote = locked(queries.quotes(actor), target)
    header, lines = _filled_in(draft, actor)
    rewrite(quote, header, actor=actor)
    quote.lines.all().delete()
    _write_lines(quote, lines)
    return quote


@swift_action
def step_quote(target: Target, verb: str, *, actor: Actor, reason: str = "") -> SalesQuote:
    """One verb of QUOTE_FLOW was done: submit, approve, send_back, take_back, lapse, void.

    Raises Refused: forbidden, not_found, stale_version, wrong_status, quote_ordered (take_back
    and void, once an order names it).
    """
    flow_step = SalesQuote.flow.steps[verb]
    quote: SalesQuote = locked(queries.quotes(actor).select_related(None), target)
    demand(actor, f"sales_quote.{flow_step.permission}", warehouse_id=quote.warehouse_id)
    SalesQuote.flow.pressed(verb, quote.status)
    if verb in ENDING and _is_ordered(quote):
        raise Refused("quote_ordered", number=quote.number or "", verb_label=flow_step.label)
    step(quote, verb, actor=actor, **({"reason": reason} if reason else {}))
    return quote


def lapse_quotes(*, on: date, actor: Actor) -> list[int]:
    """Every approved quotation whose validity ended before that day is lapsed; their ids.

    Each in a transaction of its own: what somebody has open at the moment waits for the next run.
    Running twice changes nothing. Raises Refused("forbidden").
    """
    over = queries.quotes(actor).filter(status=Status.APPROVED, valid_until__lt=on)
    lapsed = []
    for pk, version, until in over.order_by("id").values_list("id", "version", "valid_until"):
        why = f"有效期至 {until.isoformat()}，已过"
        try:
            step_quote(Target(pk, version), "lapse", actor=actor, reason=why)
        except Refused as refusal:
            if refusal.code not in MEANWHILE:
                raise
        else:
            lapsed.append(pk)
    return lapsed


def _is_ordered(quote: SalesQuote) -> bool:
    """Whether any order that was not voided, approved or not, names a line of the quotation."""
    named = SalesOrderLine.objects.filter(source_line__document=quote)
    return named.exclude(document__status=Status.VOIDED).exists()


def _filled_in(draft: Draft, actor: Actor) -> tuple[dict[str, Any], list[BuiltLine]]:
    """The columns of the header with its sums, and the lines."""
    header = sale_header(draft, actor=actor)
    lines = discounted(built_lines(draft, sale_price), draft)
    header |= money_columns(lines, draft)
    return {"valid_until": _valid_until(draft), **header}, lines


def _valid_until(draft: Draft) -> date:
    """Raises Refused: field_missing, field_invalid (before the quotation itself)."""
    if draft.valid_until is None:
        raise Refused("field_missing", "valid_until", what="有效期至")
    if draft.valid_until < draft.dated:
        reason = f"不能早于单据日期 {draft.dated}"
        raise Refused("field_invalid", "valid_until", what="有效期至", reason=reason)
    return draft.valid_until


def _write_lines(quote: SalesQuote, lines: list[BuiltLine]) -> None:
    insert_rows([SalesQuoteLine(document=quote, **trade_columns(line)) for line in lines])
