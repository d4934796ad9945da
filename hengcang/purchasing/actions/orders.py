"""What people do with purchase orders: one function per verb."""

from hengcang.books.inserting import insert_row, insert_rows
from hengcang.documents.actions import (
    birth_columns,
    locked,
    recorded_birth,
    rewrite,
    step,
    trade_header_columns,
)
from hengcang.documents.attempts import action
from hengcang.documents.discounts import discounted, money_columns
from hengcang.documents.drafts import Draft, Target
from hengcang.documents.intents import claim, settle
from hengcang.documents.lines import (
    BuiltLine,
    built_lines,
    purchase_price,
    trade_columns,
)
from hengcang.identity.access import demand
from hengcang.kernel.actor import Actor
from hengcang.kernel.errors import Refused
from hengcang.ledger import actions as ledger
from hengcang.purchasing import queries
from hengcang.purchasing.announced import announcing
from hengcang.purchasing.choices import bind_quotes, chosen_quotes
from hengcang.purchasing.covers import give_back, lift_covers, rest_covers
from hengcang.purchasing.models import (
    PurchaseOrder,
    PurchaseOrderLine,
)
from hengcang.purchasing.over_price import over_price_facts
from hengcang.purchasing.postings import open_on_order
from hengcang.purchasing.prices import with_proposed_prices


@action
def save_order(draft: Draft, *, actor: Actor) -> PurchaseOrder:
    """A draft order exists; the same intent again returns it. A line without a price takes the
    proposed one: the supplier's list, what was paid last, the item's purchase price.

    Raises Refused: forbidden, intent_reused, and those of headers and lines.
    """
    demand(actor, "purchase_order.save", warehouse_id=draft.warehouse_id)
    if (made := claim(draft.client_uuid, "purchase_order.save", draft)) is not None:
        return queries.order(actor, made)
    header = trade_header_columns(draft, "supplier", actor=actor)
    lines = discounted(built_lines(with_proposed_prices(actor, draft), purchase_price), draft)
    order = insert_row(
        PurchaseOrder(
            due_date=draft.due_date,
            **header,
            **money_columns(lines, draft),
            **birth_columns(draft.client_uuid, actor=actor),
        )
    )
    _write_lines(order, lines)
    settle(draft.client_uuid, order.kind, order.pk)
    recorded_birth(order, actor=actor)
    return order


@action
def change_order(target: Target, draft: Draft, *, actor: Actor) -> PurchaseOrder:
    """The draft order is as filled in; what it no longer holds of requisitions is open again.

    Raises the codes of save_order, not_found, stale_version, wrong_status.
    """
    demand(actor, "purchase_order.save", warehouse_id=draft.warehouse_id)
    order: PurchaseOrder = locked(queries.orders(actor), target)
    header = trade_header_columns(draft, "supplier", actor=actor)
    lines = discounted(built_lines(with_proposed_prices(actor, draft), purchase_price), draft)
    sums = money_columns(lines, draft)
    rewrite(order, {"due_date": draft.due_date, **header, **sums}, actor=actor)
    lifted, chosen = lift_covers(order), chosen_quotes(order)
    order.lines.all().delete()
    written = _write_lines(order, lines)
    rest_covers(lifted, written, actor=actor)
    bind_quotes(written, chosen)
    return order


@action
def step_order(target: Target, verb: str, *, actor: Actor, reason: str = "") -> PurchaseOrder:
    """One verb of ORDER_FLOW was done: submit, approve, send_back, take_back, close, void.

    Approving puts the lines on order; taking back and closing take the open part off. Voiding
    and closing give requisitions back what did not come; an order taken back is a draft again,
    and a draft keeps what it covers, so that nobody orders it a second time.
    Raises Refused: forbidden, not_found, stale_version, wrong_status, order_started,
    order_announced, reason_missing (close), RefusedLines with over_price (approve).
    """
    flow_step = PurchaseOrder.flow.steps[verb]
    order: PurchaseOrder = locked(queries.orders(actor), target)
    demand(actor, f"purchase_order.{flow_step.permission}", warehouse_id=order.warehouse_id)
    PurchaseOrder.flow.pressed(verb, order.status)
    lines = list(order.lines.all())
    if verb == "take_back" and queries.has_followers(order):
        raise Refused("order_started")
    if verb == "take_back" and (said := announcing(order.pk)) is not None:
        raise Refused("order_announced", number=order.number or "", notice=str(said))
    if verb == "close" and not reason.strip():
        raise Refused("reason_missing", "reason")
    facts: dict[str, object] = {"reason": reason} if reason else {}
    if verb == "approve":
        includes_tax = order.prices_include_tax
        facts |= over_price_facts(lines, includes_tax=includes_tax, actor=actor)
        ledger.promise(open_on_order(order, lines, 1))
    elif verb in {"take_back", "close"}:
        ledger.promise(open_on_order(order, lines, -1))
    if verb in {"void", "close"}:
        give_back(order, lines, actor=actor)
    step(order, verb, actor=actor, **facts)
    return order


def _write_lines(order: PurchaseOrder, lines: list[BuiltLine]) -> list[PurchaseOrderLine]:
    return insert_rows(
        [
            PurchaseOrderLine(document=order, due_date=line.draft.due_date, **trade_columns(line))
            for line in lines
        ]
    )
