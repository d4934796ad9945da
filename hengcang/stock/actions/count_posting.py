"""How a reviewed count becomes stock: what it must say first, and its one posting."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection

from hengcang.documents.actions import locked, step
from hengcang.documents.attempts import TryAgain, action
from hengcang.documents.drafts import Target
from hengcang.documents.flow import Status
from hengcang.documents.line_serials import keep_serials
from hengcang.documents.reversal import Undo
from hengcang.identity.access import demand
from hengcang.kernel.actor import Actor
from hengcang.kernel.errors import Refused, RefusedLines
from hengcang.kernel.rounding import ZERO
from hengcang.ledger import actions as ledger
from hengcang.ledger import counting, undoing
from hengcang.ledger.counting import Shelf
from hengcang.ledger.entries import Posting, PromiseLine
from hengcang.stock import queries
from hengcang.stock.differences import Found, Summed, by_item, compared
from hengcang.stock.models import CountRules, StockCount, StockCountLine
from hengcang.stock.postings import Adjusted, named_pieces, stock_count_posting
from hengcang.stock.rules import needs_cause, worth


@dataclass(frozen=True, slots=True)
class Short:
    """How much of what is promised a count says is not there, base units."""

    item_id: int
    quantity: Decimal


def count_to_post(target: Target, *, actor: Actor) -> StockCount:
    """The reviewed count, locked until commit, which the actor may post.

    Raises Refused: forbidden, not_found, stale_version, wrong_status.
    """
    count: StockCount = locked(queries.stock_counts(actor), target)
    demand(actor, "stock_count.post", warehouse_id=count.warehouse_id)
    StockCount.flow.target("post", count.status)
    return count


def shortages(count: StockCount, sums: Sequence[Summed]) -> list[Short]:
    """What is promised and will not be there when this count is posted, by item id; unlocked."""
    change = by_item(compared(count, sums))
    losing = [item for item, quantity in change.items() if quantity < 0]
    return _shortages(change, counting.shelves(count.warehouse_id, losing))


def _shortages(change: Mapping[int, Decimal], shelves: Mapping[int, Shelf]) -> list[Short]:
    """Several batches of an item count together: what is promised names none."""
    losing = sorted((item, quantity) for item, quantity in change.items() if quantity < 0)
    short = [
        Short(item, shelves[item].short(quantity)) for item, quantity in losing if item in shelves
    ]
    return [s for s in short if s.quantity]


def post_count(
    count: StockCount, sums: Sequence[Summed], freed: tuple[PromiseLine, ...], *, actor: Actor
) -> StockCount:
    """The differences stand in the books as gains and losses, in one posting.

    `sums`: what was counted, which the lock of the count keeps as it is. `freed`: the promises
    that end because the goods for them are not there, exactly as many as
    `shortages` says; else the action looks again. Part of its caller's action. Losses leave at
    cost, gains come in at the present average, or at the stated cost where the shelf has none.
    Raises RefusedLines with cause_missing, cost_missing, count_uncertain; those of ledger.post.
    """
    shelves = counting.hold_shelves(count.warehouse_id, [s.key for s in sums], count.dated)
    differ = compared(count, sums)  # under the lock: nothing can be entered any more
    if _freed_by_item(freed) != {
        s.item_id: s.quantity for s in _shortages(by_item(differ), shelves)
    }:
        raise TryAgain
    lines = [line for line in count.lines.select_related("item") if line.pk in differ]
    adjusted = _adjusted(lines, differ, shelves)
    _write(adjusted, differ)
    keep_serials(count, named_pieces(adjusted))
    ledger.post(stock_count_posting(count, adjusted, freed), actor=actor)
    gains = sum(1 for a in adjusted if a.quantity > 0)
    losses = sum(1 for a in adjusted if a.quantity < 0)
    step(count, "post", actor=actor, counted=len(adjusted), gains=gains, losses=losses)
    return count


def _freed_by_item(freed: tuple[PromiseLine, ...]) -> dict[int, Decimal]:
    sums: dict[int, Decimal] = {}
    for line in freed:
        sums[line.item_id] = sums.get(line.item_id, ZERO) - line.quantity
    return sums


def _adjusted(
    lines: list[StockCountLine], differ: Mapping[int, Found], shelves: Mapping[int, Shelf]
) -> list[Adjusted]:
    rules = CountRules.objects.filter(id=1).first() or CountRules()
    adjusted, refusals = [], []
    for line in lines:
        one, shelf = differ[line.pk], shelves[line.item_id]
        try:
            adjusted.append(_one_adjusted(line, one, shelf, rules))
        except Refused as refusal:
            refusals.append(refusal)
    if refusals:
        raise RefusedLines(refusals)
    return adjusted


def _one_adjusted(line: StockCountLine, one: Found, shelf: Shelf, rules: CountRules) -> Adjusted:
    """Raises Refused: count_uncertain, cost_missing, cause_missing."""
    at, name = f"lines.{line.position}", line.item.name
    if one.uncertain:
        raise Refused("count_uncertain", f"{at}.moved_from", item_name=name)
    value = worth(one.difference, shelf, line.unit_cost)
    asked = needs_cause(
        one.difference,
        value,
        rules.cause_above_quantity,
        rules.cause_above_value,
    )
    if asked and not (line.cause and line.responsible):
        raise Refused("cause_missing", f"{at}.cause", item_name=name)
    return Adjusted(line, one.difference, _value_in(line, one, shelf), one.pieces)


def _value_in(line: StockCountLine, one: Found, shelf: Shelf) -> Decimal | None:
    """What comes in is worth, 2 dp. Raises Refused("cost_missing")."""
    gain = one.difference if one.pieces is None else Decimal(len(one.pieces.found))
    if gain <= 0:
        return None
    value = worth(gain, shelf, line.unit_cost)
    if value is None:
        raise Refused("cost_missing", f"lines.{line.position}.unit_cost", item_name=line.item.name)
    return value


def _write(adjusted: list[Adjusted], differ: Mapping[int, Found]) -> None:
    """The lines say what was counted, what it was compared with, and the difference."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE stock_stockcountline l SET counted = k.counted, book = k.book,"
            " quantity = k.counted - k.book, quantity_in_unit = k.counted - k.book "
            "FROM unnest(%s::bigint[], %s::numeric[], %s::numeric[]) k(id, counted, book) "
            "WHERE l.id = k.id",
            [
                [a.line.pk for a in adjusted],
                [differ[a.line.pk].counted for a in adjusted],
                [differ[a.line.pk].book for a in adjusted],
            ],
        )


@action
def reverse_stock_count(target: Target, undo: Undo, *, actor: Actor) -> StockCount:
    """A posted mirror document undoes it, and is returned: gains leave, losses come back at the
    cost they left at. Promises that it broke stay ended.

    Raises the codes of undoing.reverse.
    """

    def carry(twin: StockCount, posting: Posting) -> None:
        ledger.post(posting, actor=actor)
        twin.status = Status.REVIEW.value  # a mirror needs no counting of its own

    return undoing.reverse(queries.stock_counts(actor), target, undo, carry, actor=actor)
