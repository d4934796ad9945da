"""What people do with exchanges: one function per verb."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from hengcang.books.inserting import insert_row, insert_rows
from hengcang.documents.actions import birth_columns, locked, recorded_birth, rewrite, step, void
from hengcang.documents.attempts import action
from hengcang.documents.discounts import money_columns
from hengcang.documents.drafts import Direction, Draft, LineDraft, Target
from hengcang.documents.intents import claim, settle
from hengcang.documents.line_serials import checked_serials
from hengcang.documents.lines import BuiltLine, built_lines, keep_pieces, sold_columns
from hengcang.documents.parties import credit_days_of
from hengcang.documents.reversal import Undo
from hengcang.documents.rules import total
from hengcang.identity.access import demand
from hengcang.kernel.actor import Actor
from hengcang.kernel.errors import Refused, RefusedLines
from hengcang.ledger import actions as ledger
from hengcang.ledger import undoing
from hengcang.ledger.entries import Posting, StockStatus
from hengcang.ledger.goods import brought_in, sold
from hengcang.ledger.impact import Impact
from hengcang.sales import exchange_queries as queries
from hengcang.sales.actions.taking_back import (
    give_back,
    of_their_origin,
    refuse_foreign_deliveries,
    stated_cost,
)
from hengcang.sales.headers import sale_header
from hengcang.sales.models import SalesExchange, SalesExchangeLine
from hengcang.sales.postings import exchange_posting
from hengcang.sales.price_rights import (
    Deal,
    Priced,
    floor_facts,
    refuse_unauthorised,
    settled_by,
)
from hengcang.sales.prices import usual_prices
from hengcang.sales.queries import with_delivery_prices

USUAL_STATUS = {Direction.BACK: StockStatus.DEFECT, Direction.OUT: StockStatus.GOOD}


@action
def save_exchange(draft: Draft, *, actor: Actor) -> SalesExchange:
    """A draft exchange exists; the same intent again returns it.

    Lines that come back are as on a return, as defective goods unless they say otherwise; lines
    that go out as on a delivery without an order. Raises as save_return and save_delivery, and per
    line direction_missing, out_line_sourced.
    """
    demand(actor, "sales_exchange.save", warehouse_id=draft.warehouse_id)
    if (made := claim(draft.client_uuid, "sales_exchange.save", draft)) is not None:
        return queries.exchange(actor, made)
    exchange = _new(draft, actor)
    settle(draft.client_uuid, exchange.kind, exchange.pk)
    return exchange


@action
def change_exchange(target: Target, draft: Draft, *, actor: Actor) -> SalesExchange:
    """The draft exchange is as filled in.

    Raises the codes of save_exchange, not_found, stale_version, wrong_status.
    """
    demand(actor, "sales_exchange.save", warehouse_id=draft.warehouse_id)
    exchange: SalesExchange = locked(queries.exchanges(actor), target)
    header = sale_header(draft, actor=actor)
    stored = exchange.lines.filter(direction=Direction.OUT)
    written = _built(draft, settled_by(stored), header["warehouse"], actor)
    rewrite(exchange, header | written.money(draft), actor=actor, **written.facts)
    exchange.lines.all().delete()
    _write_lines(exchange, written.lines, actor)
    return exchange


@action
def post_exchange(target: Target, *, actor: Actor) -> SalesExchange:
    """The goods that came back are in stock at the cost they left at, the others have left at cost,
    and the customer owes the difference.

    Locks the exchange, its deliveries, then the books. Raises Refused: forbidden, not_found,
    stale_version, wrong_status, exchange_one_sided, source_not_open, more_than_delivered, and those
    of ledger.post.
    """
    exchange: SalesExchange = locked(queries.exchanges(actor), target)
    demand(actor, "sales_exchange.post", warehouse_id=exchange.warehouse_id)
    SalesExchange.flow.target("post", exchange.status)
    give_back(exchange, _posting(exchange), actor)
    facts = {"out": str(exchange.out_amount), "back": str(exchange.back_amount)}
    step(exchange, "post", actor=actor, **facts)
    return exchange


@action
def reverse_exchange(target: Target, undo: Undo, *, actor: Actor) -> SalesExchange:
    """A posted mirror document undoes both sides, and is returned: what came back leaves again,
    what went out comes back, each at its booked cost, and the difference is owed no more.

    Raises the codes of undoing.reverse.
    """

    def carry(twin: SalesExchange, posting: Posting) -> None:
        give_back(twin, posting, actor)

    return undoing.reverse(queries.exchanges(actor), target, undo, carry, actor=actor)


@action
def void_exchange(target: Target, *, actor: Actor, reason: str = "") -> SalesExchange:
    """The draft will never be posted; the log says why. Raises the codes of documents.void."""
    return void(queries.exchanges(actor), target, actor=actor, reason=reason)


def preview_exchange(exchange_id: int, *, actor: Actor) -> Impact:
    """What posting the draft exchange would change of booked costs; nothing is written."""
    exchange = queries.exchange(actor, exchange_id)
    demand(actor, "sales_exchange.post", warehouse_id=exchange.warehouse_id)
    try:
        posting = _posting(exchange)
    except Refused as refusal:
        return Impact(blocked=refusal)
    return ledger.preview(posting, actor=actor)


def preview_exchange_reversal(document_id: int, *, on: date, actor: Actor) -> Impact:
    """What reversing it would change of booked costs; nothing is written."""
    return undoing.preview(queries.exchange(actor, document_id), on=on, actor=actor)


@dataclass(frozen=True, slots=True)
class Written:
    """Lines as they are to be written, back first, with the amounts of both sides; `facts`: what
    the log says of them.
    """

    lines: list[BuiltLine]
    facts: dict[str, object]

    def money(self, draft: Draft) -> dict[str, Any]:
        """The money columns of the header."""
        return money_columns(self.lines, draft) | {
            "out_amount": _gross(self.lines, Direction.OUT),
            "back_amount": -_gross(self.lines, Direction.BACK),
        }


def _gross(lines: Iterable[BuiltLine], direction: Direction) -> Any:
    return total(ln.amounts for ln in lines if ln.amounts and _goes(ln, direction)).gross


def _goes(line: BuiltLine, direction: Direction) -> bool:
    return line.draft.direction == direction


def _new(draft: Draft, actor: Actor) -> SalesExchange:
    header = sale_header(draft, actor=actor)
    written = _built(draft, frozenset(), header["warehouse"], actor)
    exchange = insert_row(
        SalesExchange(
            **header, **written.money(draft), **birth_columns(draft.client_uuid, actor=actor)
        )
    )
    _write_lines(exchange, written.lines, actor)
    recorded_birth(exchange, actor=actor, **written.facts)
    return exchange


def _built(draft: Draft, settled: frozenset[Deal], warehouse: Any, actor: Actor) -> Written:
    """Back at the prices of their deliveries, out at the customer's; each side with its goods."""
    told = with_delivery_prices(actor, _told(draft))
    lines = built_lines(told, usual_prices(actor, told))
    back = of_their_origin([ln for ln in lines if _goes(ln, Direction.BACK)], actor)
    out = [ln for ln in lines if _goes(ln, Direction.OUT)]
    checked = Priced(draft, out, settled)
    refuse_unauthorised(checked, actor)
    facts = floor_facts(checked, actor)
    back = [_owed_less(line) for line in brought_in(back, warehouse)]
    whole = [*back, *sold(out, warehouse, on=draft.dated)]
    whole = [replace(ln, position=n) for n, ln in enumerate(whole, start=1)]
    _refuse_both_ways(whole)
    return Written(whole, facts)


def _refuse_both_ways(lines: list[BuiltLine]) -> None:
    """Raises RefusedLines with serial_twice: a piece that is said to come back lies in stock, and
    was chosen to go out.
    """
    pieces = [
        (ln.position, ln.item.name, ln.item.pk, ln.item.tracks_serials, ln.draft.serials)
        for ln in lines
    ]
    if refusals := checked_serials(pieces):
        raise RefusedLines(refusals)


def _owed_less(line: BuiltLine) -> BuiltLine:
    assert line.amounts is not None
    return replace(line, amounts=-line.amounts, bill_share=-line.bill_share)


def _told(draft: Draft) -> Draft:
    """The draft with the usual status where a line says none.

    Raises RefusedLines with direction_missing, out_line_sourced.
    """
    refusals: list[Refused] = []
    lines: list[LineDraft] = []
    for position, line in enumerate(draft.lines, start=1):
        try:
            direction = _direction(line, f"lines.{position}")
            status = line.stock_status or USUAL_STATUS[direction].value
            lines.append(replace(line, direction=direction.value, stock_status=status))
        except Refused as refusal:
            refusals.append(refusal)
    if refusals:
        raise RefusedLines(refusals)
    return replace(draft, lines=tuple(lines))


def _direction(line: LineDraft, at: str) -> Direction:
    if line.direction not in set(Direction):
        raise Refused("direction_missing", f"{at}.direction")
    sourced = line.source_line_id is not None or line.unit_cost is not None
    if line.direction == Direction.OUT and sourced:
        raise Refused("out_line_sourced", f"{at}.direction")
    return Direction(line.direction)


def _posting(exchange: SalesExchange) -> Posting:
    """Raises Refused("exchange_one_sided") unless goods go both ways."""
    lines = list(exchange.lines.select_related("source_line"))
    if len({line.direction for line in lines}) < len(Direction):
        raise Refused("exchange_one_sided", "lines")
    return exchange_posting(exchange, lines, credit_days_of(exchange.partner_id, "customer"))


def _write_lines(exchange: SalesExchange, lines: list[BuiltLine], actor: Actor) -> None:
    refuse_foreign_deliveries(lines, exchange.partner_id, actor)
    keep_pieces(exchange, lines)
    insert_rows(
        [
            SalesExchangeLine(
                document=exchange,
                direction=line.draft.direction,
                source_line_id=line.draft.source_line_id,
                cost_amount=_cost_of(line, exchange.reason),
                **sold_columns(line),
            )
            for line in lines
        ]
    )


def _cost_of(line: BuiltLine, reason: str) -> Any:
    return stated_cost(line, reason) if _goes(line, Direction.BACK) else None
