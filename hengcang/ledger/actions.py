"""The door: the only way into the books."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from hengcang.books.together import sent_together
from hengcang.compliance import audit
from hengcang.compliance.audit import Subject
from hengcang.documents.attempts import action
from hengcang.kernel.actor import Actor, FieldClass
from hengcang.kernel.errors import Refused
from hengcang.ledger import kept, locks, queries, writes
from hengcang.ledger.entries import Posting, PromiseLine
from hengcang.ledger.impact import Impact, impact_of
from hengcang.ledger.keys import Resolved, ensure_availability, resolve
from hengcang.ledger.queries import TermsToday
from hengcang.ledger.replay import Valued, open_window, refuse_later_shortage, value
from hengcang.ledger.serials import SerialMove, moves_of, write_moves
from hengcang.ledger.writes import Recosted


@dataclass(frozen=True, slots=True)
class Posted:
    """What the door did: the record, the promises as granted, how many earlier costs moved."""

    record_id: int
    promises: tuple[PromiseLine, ...]
    recosted: Recosted


def post(posting: Posting, *, actor: Actor) -> Posted:
    """One document's effect stands in the books and every balance carries it.

    Part of its caller's action, whose transaction makes it all or nothing.
    Locks, in this order and until commit: periods, cost balances, stock balances, availability,
    states of serial numbers, partner balances; the caller has locked the document before and takes
    the number after.
    Raises Refused: books_not_open, before_go_live, date_in_future, period_closed, already_posted,
    origin_missing, origin_later, over_returned, insufficient_stock, insufficient_stock_later, and
    those of serials.moves_of.
    """
    with sent_together():
        record_id_of = writes.take_record_id(posting.source)
        today, resolved, (valued, positions, granted), pieces = _carried(posting, actor)
        record_id = record_id_of()
        recosted = Recosted(len(valued.changed), valued.shift) if valued else Recosted()
        writes.append_record(record_id, posting, recosted, actor)
        if valued:
            writes.append_entries(record_id, posting, resolved, positions)
            writes.write_costs(valued, posting.dated)
            kept.forget_from(posting.dated, today)
            write_moves(record_id, pieces, posting.dated)
        writes.append_promises(granted, record_id)
        writes.append_money(posting, record_id)
        audit.record(
            actor,
            "ledger.post",
            Subject(posting.source.kind, posting.source.id),
            lines=len(resolved),
            dated=str(posting.dated),
            recosted_entries=recosted.entries,
            **posting.facts,
        )
    return Posted(record_id, granted, recosted)


def preview(posting: Posting, *, actor: Actor) -> Impact:
    """What `post` would change of booked costs, or the refusal it would meet; nothing is written.

    The same code under the same locks, rolled back. Actors without COST get counts only.
    """
    try:
        impact = _impact(posting, actor)
    except Refused as refusal:
        return Impact(blocked=refusal)
    return impact if actor.sees(FieldClass.COST) else impact.without_costs()


@action
def _impact(posting: Posting, actor: Actor) -> Impact:
    """Carried and rolled back; tried again as posting would be."""
    with transaction.atomic():
        _, _, (valued, _, _), _ = _carried(posting, actor)
        impact = impact_of(valued) if valued else Impact()
        transaction.set_rollback(True)
    return impact


def promise(lines: tuple[PromiseLine, ...]) -> tuple[PromiseLine, ...]:
    """Promises of an order are made or ended; returns them as granted. Moves no goods.

    Part of its caller's action, as post is.
    Locks availability in id order until commit. Raises Refused("insufficient_stock").
    """
    if not lines:
        return ()
    ensure_availability({(p.item_id, p.warehouse_id) for p in lines})
    granted, answer = locks.move_availability({}, lines)
    answer()
    writes.append_promises(granted, None)
    return granted


Moved = tuple[Valued | None, list[int], tuple[PromiseLine, ...]]


def _carried(
    posting: Posting, actor: Actor
) -> tuple[date, list[Resolved], Moved, list[SerialMove]]:
    """Every lock is held and the balances of quantities carry the posting; costs are computed, and
    the moves of single pieces. With the business date by the database's clock.
    """
    terms = queries.terms_today()
    resolved = resolve(posting.stock, (posting.source.kind, posting.source.id), terms.cost_scope)
    _refuse_earlier_than_origin(posting, resolved)
    pieces = moves_of(posting, resolved, actor) if resolved else []
    # A stock row is made together with its availability; promises may name other places.
    ensure_availability(_promised_elsewhere(posting))
    locks.lock_periods(posting.dated, terms)
    return terms.today, resolved, _move_goods(posting, resolved, terms), pieces


def _move_goods(posting: Posting, resolved: list[Resolved], terms: TermsToday) -> Moved:
    if not resolved:
        granted, answer = locks.move_availability({}, posting.promises)
        answer()
        return None, [], granted
    with sent_together():
        opened = open_window(resolved, posting.dated, terms.cost_scope)
        stock_moved = locks.move_stock(resolved)
        change = locks.stock_change(resolved)
        granted, availability_moved = locks.move_availability(change, posting.promises)
        positions = writes.take_positions(len(resolved))
        window = opened()
        stock_moved()
        availability_moved()
    if window.is_late:
        refuse_later_shortage(resolved, posting.dated)
    return value(window, resolved, positions, posting.dated), positions, granted


def _refuse_earlier_than_origin(posting: Posting, resolved: list[Resolved]) -> None:
    late = queries.first_dated_after(
        [r.origin for r in resolved if r.origin is not None], posting.dated
    )
    if late is not None:
        raise Refused("origin_later", "dated", dated=str(posting.dated), origin_dated=str(late))


def _promised_elsewhere(posting: Posting) -> set[tuple[int, int]]:
    places = {(line.key.item_id, line.key.warehouse_id) for line in posting.stock}
    return {(p.item_id, p.warehouse_id) for p in posting.promises} - places
