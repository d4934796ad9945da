"""What people do with sales orders: one function per verb."""

from hengcang.books.inserting import insert_row, insert_rows
from hengcang.compliance import audit
from hengcang.compliance.audit import Subject
from hengcang.documents.actions import (
    birth_columns,
    bump,
    locked,
    recorded_birth,
    rewrite,
    step,
    sum_columns,
    trade_header_columns,
)
from hengcang.documents.attempts import action, swift_action
from hengcang.documents.drafts import Draft, Target
from hengcang.documents.flow import Status
from hengcang.documents.intents import claim, settle
from hengcang.documents.lines import BuiltLine, built_lines, sold_columns
from hengcang.documents.rules import total
from hengcang.documents.sources import add_to_lines
from hengcang.identity.access import demand
from hengcang.kernel.actor import Actor
from hengcang.kernel.errors import Refused
from hengcang.ledger import actions as ledger
from hengcang.ledger.entries import PromiseLine
from hengcang.sales import queries
from hengcang.sales.models import SalesOrder, SalesOrderLine
from hengcang.sales.postings import released, wanted_reservations
from hengcang.sales.price_rights import Priced, floor_facts, settled_by
from hengcang.sales.prices import usual_prices


@swift_action
def save_order(draft: Draft, *, actor: Actor) -> SalesOrder:
    """A draft order exists; the same intent again returns it.

    Raises Refused: forbidden, intent_reused, below_floor per line, and those of headers and lines.
    """
    demand(actor, "sales_order.save", warehouse_id=draft.warehouse_id)
    if (made := claim(draft.client_uuid, "sales_order.save", draft)) is not None:
        return queries.order(actor, made)
    header = trade_header_columns(draft, "customer", actor=actor)
    lines = built_lines(draft, usual_prices(actor, draft))
    facts = floor_facts(Priced(draft, lines), actor)
    order = insert_row(
        SalesOrder(
            due_date=draft.due_date,
            **header,
            **sum_columns(total(line.amounts for line in lines if line.amounts)),
            **birth_columns(draft.client_uuid, actor=actor),
        )
    )
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
    header = trade_header_columns(draft, "customer", actor=actor)
    lines = built_lines(draft, usual_prices(actor, draft))
    facts = floor_facts(Priced(draft, lines, settled_by(order.lines.all())), actor)
    sums = sum_columns(total(line.amounts for line in lines if line.amounts))
    rewrite(order, {"due_date": draft.due_date, **header, **sums}, actor=actor, **facts)
    order.lines.all().delete()
    _write_lines(order, lines)
    return order


@swift_action
def step_order(target: Target, verb: str, *, actor: Actor, reason: str = "") -> SalesOrder:
    """One verb of ORDER_FLOW was done: submit, approve, send_back, take_back, close, void.

    Approving reserves what is available of every line; taking back and closing release it.
    Raises Refused: forbidden, not_found, stale_version, wrong_status, order_started,
    reason_missing (close).
    """
    flow_step = SalesOrder.flow.steps[verb]
    order: SalesOrder = locked(queries.orders(actor).select_related(None), target)
    demand(actor, f"sales_order.{flow_step.permission}", warehouse_id=order.warehouse_id)
    SalesOrder.flow.pressed(verb, order.status)
    lines = list(order.lines.all())
    if verb == "take_back" and queries.has_followers(order):
        raise Refused("order_started")
    if verb == "close" and not reason.strip():
        raise Refused("reason_missing", "reason")
    if verb == "approve":
        _promise(wanted_reservations(order, lines), lines)
    elif verb in {"take_back", "close"}:
        _promise(released(order, lines), lines)
    step(order, verb, actor=actor, **({"reason": reason} if reason else {}))
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


def _promise(promises: tuple[PromiseLine, ...], lines: list[SalesOrderLine]) -> None:
    """The promises stand in the books, and each line knows what is reserved for it."""
    by_position = {line.position: line.pk for line in lines}
    granted = ledger.promise(promises)
    changes = {by_position[p.source.line]: p.quantity for p in granted}
    add_to_lines(SalesOrderLine, qty_reserved=changes)


def _write_lines(order: SalesOrder, lines: list[BuiltLine]) -> None:
    insert_rows([SalesOrderLine(document=order, **sold_columns(line)) for line in lines])
