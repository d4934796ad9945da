"""What people do with sales orders: one function per verb."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from hengcang.books.inserting import insert_row, insert_rows
from hengcang.compliance import audit
from hengcang.compliance.audit import Subject
from hengcang.documents.actions import (
    birth_columns,
    bump,
    locked,
    locked_and_lines,
    recorded_birth,
    rewrite,
    step,
)
from hengcang.documents.attempts import action, swift_action
from hengcang.documents.discounts import discounted, money_columns
from hengcang.documents.drafts import Draft, Target
from hengcang.documents.flow import Status
from hengcang.documents.following import (
    following_draft,
    goods_of,
    locked_with_lines,
    wanted_of,
)
from hengcang.documents.intents import claim, settle
from hengcang.documents.lines import (
    BuiltLine,
    built_lines,
    lines_of_goods,
    sale_price,
    sold_columns,
)
from hengcang.documents.parts import source_ids, with_rests
from hengcang.documents.sources import (
    add_to_lines,
    follow_execution,
    fulfilled_by,
    lock_sources,
    refuse_closed,
    refuse_excess,
    refuse_foreign,
)
from hengcang.identity.access import demand
from hengcang.kernel.actor import Actor
from hengcang.kernel.errors import Refused
from hengcang.ledger import actions as ledger
from hengcang.ledger.entries import PromiseLine
from hengcang.sales import queries
from hengcang.sales.headers import following_sale_header, sale_header
from hengcang.sales.models import SalesOrder, SalesOrderLine, SalesQuoteLine
from hengcang.sales.places import own_warehouse, places_of, refuse_unreachable
from hengcang.sales.postings import released, wanted_reservations
from hengcang.sales.price_rights import Priced, floor_facts, settled_by
from hengcang.sales.prices import usual_prices
from hengcang.sales.rules import refuse_expired


@swift_action
def save_order(draft: Draft, *, actor: Actor) -> SalesOrder:
    """A draft order exists; the same intent again returns it.

    Raises Refused: forbidden, intent_reused, source_line_unknown, below_floor per line, and those
    of headers and lines.
    """
    demand(actor, "sales_order.save", warehouse_id=draft.warehouse_id)
    if (made := claim(draft.client_uuid, "sales_order.save", draft)) is not None:
        return queries.order(actor, made)
    header = sale_header(draft, actor=actor)
    refuse_unreachable(draft, actor)
    lines = _built(draft, actor)
    facts = floor_facts(Priced(draft, lines), actor)
    order = _born(header, draft, lines, actor)
    _refuse_foreign(order, lines, actor)
    _write_lines(order, lines)
    settle(draft.client_uuid, order.kind, order.pk)
    recorded_birth(order, actor=actor, **facts)
    return order


@action
def change_order(target: Target, draft: Draft, *, actor: Actor) -> SalesOrder:
    """The draft order is as filled in.

    Raises the codes of save_order, not_found, stale_version, wrong_status.
    """
    demand(actor, "sales_order.save", warehouse_id=draft.warehouse_id)
    order: SalesOrder = locked(queries.orders(actor), target)
    header = sale_header(draft, actor=actor)
    refuse_unreachable(draft, actor)
    lines = _built(draft, actor)
    facts = floor_facts(Priced(draft, lines, settled_by(order.lines.all())), actor)
    header |= money_columns(lines, draft)
    rewrite(order, {"due_date": draft.due_date, **header}, actor=actor, **facts)
    order.lines.all().delete()
    _refuse_foreign(order, lines, actor)
    _write_lines(order, lines)
    return order


@swift_action
def step_order(target: Target, verb: str, *, actor: Actor, reason: str = "") -> SalesOrder:
    """One verb of ORDER_FLOW was done: submit, approve, send_back, take_back, close, void.

    Approving reserves what is available of every line and counts on the quotations it takes up;
    taking back and closing release it, taking back frees the quotations too. Locks the order, its
    quotations, then the books. Raises Refused: forbidden, not_found, stale_version, wrong_status,
    order_started, reason_missing (close), source_not_open, more_than_quoted, quote_expired.
    """
    flow_step = SalesOrder.flow.steps[verb]
    visible = queries.orders(actor).select_related(None)
    order, lines = locked_and_lines(visible, target, SalesOrderLine)
    demand(actor, f"sales_order.{flow_step.permission}", warehouse_id=order.warehouse_id)
    SalesOrder.flow.pressed(verb, order.status)
    if verb == "take_back" and queries.has_followers(order):
        raise Refused("order_started")
    if verb == "close" and not reason.strip():
        raise Refused("reason_missing", "reason")
    if verb == "approve":
        for place in places_of(lines):
            demand(actor, "sales_order.approve", warehouse_id=place)
        _take_up(order, lines, actor)
        _promise(wanted_reservations(order, lines), lines)
    elif verb in {"take_back", "close"}:
        _promise(released(order, lines), lines)
    if verb == "take_back":
        _free_quotes(lines, actor)
    step(order, verb, actor=actor, **({"reason": reason} if reason else {}))
    return order


@swift_action
def order_quote(
    quote_id: int, quantities: dict[int, Decimal], *, on: date, client_uuid: UUID, actor: Actor
) -> SalesOrder:
    """Some or all of an approved quotation is ordered and the order approved, in one act.

    `quantities` maps quote line ids to base units; empty means all that is not yet ordered.
    Raises as save_order and step_order.
    """
    demand(actor, "sales_order.save")
    body = (quote_id, sorted(quantities.items()), on)
    if (made := claim(client_uuid, "sales_quote.order", body)) is not None:
        return queries.order(actor, made)
    visible = queries.quotes(actor)
    quote, lines = locked_with_lines(visible, quote_id, SalesQuoteLine)
    demand(actor, "sales_order.approve", warehouse_id=quote.warehouse_id)
    wanted = wanted_of(lines, quantities, "qty_fulfilled")
    sources = {pk: lines[pk] for pk in wanted}
    _refuse_unfit(sources, wanted, on)
    draft = following_draft(quote, lines, wanted, on=on, client_uuid=client_uuid)
    built = lines_of_goods(draft, goods_of(sources.values(), draft), sale_price)
    built = with_rests(built, sources, SalesOrderLine, "qty_fulfilled")
    order = _born(following_sale_header(draft, quote), draft, built, actor)
    written = _write_lines(order, built)
    recorded_birth(order, actor=actor)
    _count(sources, wanted, actor)
    _promise(wanted_reservations(order, written), written)
    step(order, "approve", actor=actor)
    settle(client_uuid, order.kind, order.pk)
    return order


@action
def reserve_order(target: Target, *, actor: Actor) -> SalesOrder:
    """What has become available since is reserved for the open lines of an approved order, which
    has a new version.

    Raises Refused: forbidden, not_found, stale_version, wrong_status.
    """
    order: SalesOrder = locked(queries.orders(actor), target)
    demand(actor, "sales_order.approve", warehouse_id=order.warehouse_id)
    if order.status != Status.APPROVED:
        SalesOrder.flow.target("close", order.status)  # the same refusal as any act on a dead order
    lines = list(order.lines.all())
    _promise(wanted_reservations(order, lines), lines)
    bump(order)
    audit.record(actor, "sales_order.reserve", Subject(order.kind, order.pk, order.number or ""))
    return order


def _lines_of(order: SalesOrder) -> list[SalesOrderLine]:
    lines: list[SalesOrderLine] = list(order.lines.all())
    for line in lines:
        line.document = order
    return lines


def _promise(promises: tuple[PromiseLine, ...], lines: list[SalesOrderLine]) -> None:
    """The promises stand in the books, and each line knows what is reserved for it."""
    by_position = {line.position: line.pk for line in lines}
    granted = ledger.promise(promises)
    changes = {by_position[p.source.line]: p.quantity for p in granted}
    add_to_lines(SalesOrderLine, qty_reserved=changes)


def _built(draft: Draft, actor: Actor) -> list[BuiltLine]:
    """Lines of a quotation at its prices and with their part of its discount, others as usual."""
    priced = queries.with_quote_prices(actor, draft)
    lines = built_lines(priced, usual_prices(actor, priced))
    named = source_ids(lines)
    quoted = {ln.pk: ln for ln in queries.quote_lines(actor).filter(id__in=named)} if named else {}
    return discounted(with_rests(lines, quoted, SalesOrderLine, "qty_fulfilled"), draft)


def _born(header: dict[str, Any], draft: Draft, lines: list[BuiltLine], actor: Actor) -> SalesOrder:
    return insert_row(
        SalesOrder(
            due_date=draft.due_date,
            **header,
            **money_columns(lines, draft),
            **birth_columns(draft.client_uuid, actor=actor),
        )
    )


def _take_up(order: SalesOrder, lines: list[SalesOrderLine], actor: Actor) -> None:
    """The quotations that the lines name are locked, fit, and count what is ordered of them."""
    wanted = fulfilled_by(lines)
    sources = lock_sources(SalesQuoteLine.objects.all(), set(wanted))
    _refuse_unfit(sources, wanted, order.dated)
    _count(sources, wanted, actor)


def _free_quotes(lines: list[SalesOrderLine], actor: Actor) -> None:
    """What the order took of its quotations can be ordered again."""
    wanted = {line_id: -quantity for line_id, quantity in fulfilled_by(lines).items()}
    _count(lock_sources(SalesQuoteLine.objects.all(), set(wanted)), wanted, actor)


def _count(sources: dict[int, SalesQuoteLine], wanted: dict[int, Decimal], actor: Actor) -> None:
    """The locked quote lines carry what was ordered of them; a quotation all ordered is won."""
    add_to_lines(SalesQuoteLine, qty_fulfilled=wanted)
    follow_execution(sources, actor=actor)


def _refuse_unfit(sources: dict[int, SalesQuoteLine], wanted: dict[int, Decimal], on: date) -> None:
    refuse_closed(sources, Status.APPROVED)
    for line in sources.values():
        refuse_expired(line.document.number or "", line.document.valid_until, on)
    refuse_excess("more_than_quoted", sources, "qty_fulfilled", wanted)


def _refuse_foreign(order: SalesOrder, lines: list[BuiltLine], actor: Actor) -> None:
    """Raises Refused("source_line_unknown") for a line of another customer or out of scope."""
    refuse_foreign(lines, queries.quote_lines(actor).filter(document__partner_id=order.partner_id))


def _write_lines(order: SalesOrder, lines: list[BuiltLine]) -> list[SalesOrderLine]:
    return insert_rows(
        [
            SalesOrderLine(
                document=order,
                source_line_id=line.draft.source_line_id,
                due_date=line.draft.due_date,
                warehouse_id=own_warehouse(line.draft.warehouse_id, order.warehouse_id),
                **sold_columns(line),
            )
            for line in lines
        ]
    )
