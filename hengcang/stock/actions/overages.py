"""What people do with overages: one function per verb."""

from collections.abc import Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from django.db import connection

from hengcang.documents.actions import header_columns, step, void
from hengcang.documents.attempts import action
from hengcang.documents.drafts import Draft, Target
from hengcang.documents.lines import (
    BuiltLine,
    built_lines,
    line_columns,
    pieces_of,
    stated_cost,
)
from hengcang.documents.reversal import Undo
from hengcang.identity.access import demand
from hengcang.kernel.actor import Actor
from hengcang.kernel.errors import Refused, RefusedLines
from hengcang.ledger import actions as ledger
from hengcang.ledger import counting, papers
from hengcang.ledger.counting import Shelf
from hengcang.ledger.goods import brought_in
from hengcang.ledger.impact import Impact
from hengcang.ledger.papers import Filled, Paper
from hengcang.ledger.places import key_of
from hengcang.stock import queries
from hengcang.stock.adjustment_postings import overage_posting
from hengcang.stock.models import Overage, OverageLine

PRICE = Decimal("0.0001")


def _filled(draft: Draft, actor: Actor) -> Filled:
    """Raises Refused: reason_missing, and those of headers, lines and goods."""
    header = header_columns(draft, actor=actor)
    if not draft.reason.strip():
        raise Refused("reason_missing", "reason")
    lines = brought_in(built_lines(draft, None), header["warehouse"])
    return Filled(header, [_line(line) for line in lines], pieces_of(lines))


def _line(line: BuiltLine) -> OverageLine:
    """Raises Refused("number_too_large")."""
    cost = stated_cost(line)
    each = None if cost is None else (cost / line.quantity).quantize(PRICE, ROUND_HALF_UP)
    return OverageLine(unit_cost=each, cost_amount=cost, **line_columns(line))


OVERAGES = Paper(Overage, "报溢单", queries.overages, _filled, overage_posting)


@action
def save_overage(draft: Draft, *, actor: Actor) -> Overage:
    """A draft exists; the same intent again returns it. It says how there came to be more.

    A line without a unit cost will come in at the average. Raises the codes of papers.save,
    reason_missing, and those of headers and lines.
    """
    return papers.save(OVERAGES, draft, actor=actor)


@action
def change_overage(target: Target, draft: Draft, *, actor: Actor) -> Overage:
    """The draft is as filled in. Raises the codes of save_overage and of papers.change."""
    return papers.change(OVERAGES, target, draft, actor=actor)


@action
def post_overage(target: Target, *, actor: Actor) -> Overage:
    """The goods are in stock at the stated cost, else at the average that the shelf has now.

    Locks the document, then periods and cost balances as the posting will. Raises the codes of
    papers.to_post, RefusedLines with cost_missing, and those of ledger.post.
    """
    overage = papers.to_post(OVERAGES, target, actor=actor)
    lines = papers.lines_of(overage)
    place = overage.warehouse_id
    unknown = [key_of(line, place) for line in lines if line.unit_cost is None]
    if unknown:
        shelves = counting.hold_shelves(place, unknown, overage.dated)
        _write_costs(_valued(lines, shelves))
    ledger.post(overage_posting(overage, lines), actor=actor)
    step(overage, "post", actor=actor)
    return overage


@action
def reverse_overage(target: Target, undo: Undo, *, actor: Actor) -> Overage:
    """A posted mirror document undoes it, and is returned: the goods leave at the cost they came
    in at. Raises the codes of undoing.reverse.
    """
    return papers.reverse(OVERAGES, target, undo, actor=actor)


@action
def void_overage(target: Target, *, actor: Actor, reason: str = "") -> Overage:
    """The draft will never be posted; the log says why. Raises the codes of documents.void."""
    return void(queries.overages(actor), target, actor=actor, reason=reason)


def preview_overage(overage_id: int, *, actor: Actor) -> Impact:
    """What posting the draft would change of booked costs; nothing is written."""
    overage = papers.seen(OVERAGES, overage_id, actor=actor)
    demand(actor, "overage.post", warehouse_id=overage.warehouse_id)
    lines = papers.lines_of(overage)
    shelves = counting.shelves(overage.warehouse_id, {line.item_id for line in lines})
    try:
        _valued(lines, shelves)
    except Refused as refusal:
        return Impact(blocked=refusal)
    return ledger.preview(overage_posting(overage, lines), actor=actor)


def preview_overage_reversal(document_id: int, *, on: date, actor: Actor) -> Impact:
    """What reversing it would change of booked costs; nothing is written."""
    return papers.preview_reversal(OVERAGES, document_id, on=on, actor=actor)


def _valued(lines: list[OverageLine], shelves: Mapping[int, Shelf]) -> list[OverageLine]:
    """Those that left their cost open, which know it now.

    Raises RefusedLines with cost_missing where the shelf has none to tell by.
    """
    left_open = [line for line in lines if line.unit_cost is None]
    refusals = []
    for line in left_open:
        shelf = shelves.get(line.item_id)
        line.cost_amount = shelf.worth(line.quantity) if shelf else None
        if line.cost_amount is None:
            at = f"lines.{line.position}.unit_cost"
            refusals.append(Refused("cost_missing", at, item_name=line.item.name))
    if refusals:
        raise RefusedLines(refusals)
    return left_open


def _write_costs(lines: list[OverageLine]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE stock_overageline l SET cost_amount = k.cost "
            "FROM unnest(%s::bigint[], %s::numeric[]) k(id, cost) WHERE l.id = k.id",
            [[line.pk for line in lines], [line.cost_amount for line in lines]],
        )
