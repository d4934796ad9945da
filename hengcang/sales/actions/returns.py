"""What people do with sales returns: one function per verb."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from hengcang.books.inserting import insert_row, insert_rows
from hengcang.documents.actions import (
    birth_columns,
    locked,
    recorded_birth,
    rewrite,
    step,
    void,
)
from hengcang.documents.attempts import action
from hengcang.documents.discounts import discounted, money_columns
from hengcang.documents.drafts import Draft, Target
from hengcang.documents.intents import claim, settle
from hengcang.documents.lines import BuiltLine, built_lines, keep_pieces, sale_price, sold_columns
from hengcang.documents.parties import credit_days_of
from hengcang.documents.reversal import Undo
from hengcang.identity.access import demand
from hengcang.kernel.actor import Actor
from hengcang.ledger import actions as ledger
from hengcang.ledger import undoing
from hengcang.ledger.entries import Posting
from hengcang.ledger.goods import brought_in
from hengcang.ledger.impact import Impact
from hengcang.sales import queries
from hengcang.sales.actions.taking_back import (
    give_back,
    of_their_origin,
    refuse_foreign_deliveries,
    stated_cost,
)
from hengcang.sales.headers import sale_header
from hengcang.sales.models import SalesReturn, SalesReturnLine
from hengcang.sales.postings import return_posting


@action
def save_return(draft: Draft, *, actor: Actor) -> SalesReturn:
    """A draft return exists; the same intent again returns it.

    Lines with a source line go back to that delivery; others need a reason and a unit cost.
    Raises as save_order, and source_line_unknown, reason_missing, cost_missing.
    """
    demand(actor, "sales_return.save", warehouse_id=draft.warehouse_id)
    if (made := claim(draft.client_uuid, "sales_return.save", draft)) is not None:
        return queries.sales_return(actor, made)
    returned = _new(draft, actor)
    settle(draft.client_uuid, returned.kind, returned.pk)
    return returned


@action
def change_return(target: Target, draft: Draft, *, actor: Actor) -> SalesReturn:
    """The draft return is as filled in.

    Raises the codes of save_return, not_found, stale_version, wrong_status.
    """
    demand(actor, "sales_return.save", warehouse_id=draft.warehouse_id)
    returned: SalesReturn = locked(queries.returns(actor), target)
    header = sale_header(draft, actor=actor)
    lines = brought_in(_built(draft, actor), header["warehouse"])
    rewrite(returned, header | money_columns(lines, draft), actor=actor)
    returned.lines.all().delete()
    _write_lines(returned, lines, actor)
    return returned


@action
def post_return(target: Target, *, actor: Actor) -> SalesReturn:
    """The goods are back in stock, at the cost they left at, and the customer owes less.

    Locks the return, its deliveries, then the books. Raises Refused: forbidden, not_found,
    stale_version, wrong_status, source_not_open, more_than_delivered, and those of ledger.post.
    """
    returned: SalesReturn = locked(queries.returns(actor), target)
    demand(actor, "sales_return.post", warehouse_id=returned.warehouse_id)
    SalesReturn.flow.target("post", returned.status)
    return _posted(returned, actor)


@action
def return_delivery(
    delivery_id: int, quantities: dict[int, Decimal], *, on: date, client_uuid: UUID, actor: Actor
) -> SalesReturn:
    """Some or all of a posted delivery came back and is posted in one act.

    `quantities` maps delivery line ids to base units; empty means all that is not yet returned.
    Raises as save_return and post_return.
    """
    demand(actor, "sales_return.save")
    delivery = queries.delivery(actor, delivery_id)
    demand(actor, "sales_return.post", warehouse_id=delivery.warehouse_id)
    body = (delivery_id, sorted(quantities.items()), on)
    if (made := claim(client_uuid, "sales_delivery.return", body)) is not None:
        return queries.sales_return(actor, made)
    draft = queries.return_draft(actor, delivery, quantities, on=on, client_uuid=client_uuid)
    returned = _posted(_new(draft, actor), actor)
    settle(client_uuid, returned.kind, returned.pk)
    return returned


@action
def reverse_return(target: Target, undo: Undo, *, actor: Actor) -> SalesReturn:
    """A posted mirror document undoes it, and is returned. The goods leave again at the cost they
    came back at, and the customer owes for them.

    Raises the codes of undoing.reverse.
    """

    def carry(twin: SalesReturn, posting: Posting) -> None:
        give_back(twin, posting, actor)

    return undoing.reverse(queries.returns(actor), target, undo, carry, actor=actor)


@action
def void_return(target: Target, *, actor: Actor, reason: str = "") -> SalesReturn:
    """The draft will never be posted; the log says why. Raises the codes of documents.void."""
    return void(queries.returns(actor), target, actor=actor, reason=reason)


def preview_return(return_id: int, *, actor: Actor) -> Impact:
    """What posting the draft return would change of booked costs; nothing is written."""
    returned = queries.sales_return(actor, return_id)
    demand(actor, "sales_return.post", warehouse_id=returned.warehouse_id)
    return ledger.preview(_posting(returned), actor=actor)


def preview_return_reversal(document_id: int, *, on: date, actor: Actor) -> Impact:
    """What reversing it would change of booked costs; nothing is written."""
    return undoing.preview(queries.sales_return(actor, document_id), on=on, actor=actor)


def _new(draft: Draft, actor: Actor) -> SalesReturn:
    header = sale_header(draft, actor=actor)
    lines = brought_in(_built(draft, actor), header["warehouse"])
    returned = insert_row(
        SalesReturn(
            **header,
            **money_columns(lines, draft),
            **birth_columns(draft.client_uuid, actor=actor),
        )
    )
    _write_lines(returned, lines, actor)
    recorded_birth(returned, actor=actor)
    return returned


def _built(draft: Draft, actor: Actor) -> list[BuiltLine]:
    lines = built_lines(queries.with_delivery_prices(actor, draft), sale_price)
    return discounted(of_their_origin(lines, actor), draft)


def _posted(returned: SalesReturn, actor: Actor) -> SalesReturn:
    give_back(returned, _posting(returned), actor)
    step(returned, "post", actor=actor)
    return returned


def _posting(returned: SalesReturn) -> Posting:
    lines = list(returned.lines.select_related("source_line"))
    return return_posting(returned, lines, credit_days_of(returned.partner_id, "customer"))


def _write_lines(returned: SalesReturn, lines: list[BuiltLine], actor: Actor) -> None:
    refuse_foreign_deliveries(lines, returned.partner_id, actor)
    keep_pieces(returned, lines)
    insert_rows(
        [
            SalesReturnLine(
                document=returned,
                source_line_id=line.draft.source_line_id,
                cost_amount=stated_cost(line, returned.reason),
                **sold_columns(line),
            )
            for line in lines
        ]
    )
