"""The bulk door: many postings at once, for a book in which nobody else is writing.

It leaves exactly the tables that `actions.post` and `actions.promise` would leave one by one, by
the same valuation, but writes each table once, by COPY: for loads and generated books.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise

from django.db import OperationalError, connection
from django.db.models import Max

from hengcang.books.copying import allow_slow_statements
from hengcang.documents.attempts import action
from hengcang.kernel.actor import Actor
from hengcang.kernel.errors import Refused
from hengcang.ledger import kept, keys, locks, queries, replay, running
from hengcang.ledger.bulk_writes import Promised, Rows, Run, Step, promises_of, write
from hengcang.ledger.entries import Posting, PromiseLine, Source, SourceLine
from hengcang.ledger.keys import Place, Resolved
from hengcang.ledger.models import PostingRecord
from hengcang.ledger.queries import TermsToday
from hengcang.ledger.replay import Window
from hengcang.ledger.writes import take_positions

__all__ = ["Promised", "Step", "post_in_order"]

LOCK_NOT_AVAILABLE = "55P03"


@action
def post_in_order(steps: Sequence[Step], *, actor: Actor) -> list[tuple[PromiseLine, ...]]:
    """The books hold every step, in the order given; returns each step's promises as granted.

    Postings come in rising order of date and none is dated before what the books hold already.
    Locks the books against every other writer and refuses when somebody else is at work.
    Raises Refused: books_in_use, not_in_order, books_not_open, before_go_live, date_in_future,
    period_closed, already_posted, origin_missing, over_returned, insufficient_stock.
    """
    allow_slow_statements()
    _be_alone()
    postings = [step for step in steps if isinstance(step, Posting)]
    terms = queries.terms_today()
    _refuse_disorder(postings, terms)
    places = _places(steps)
    run = _resolved(postings, terms.cost_scope)
    keys.ensure_availability(places)
    granted = _carry(steps, run, places)
    positions = take_positions(len(run.lines))
    valued = replay.value(
        Window(locks.lock_costs(set(run.touched))()), run.lines, positions, date.max
    )
    write(steps, granted, Rows(run, positions, valued, actor))
    if postings:
        kept.forget_from(postings[0].dated, terms.today)
    return granted


def _be_alone() -> None:
    """Nobody else posts or promises until the transaction ends. Waiting could be for ever."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "LOCK TABLE ledger_costbalance, ledger_stockbalance, ledger_availability,"
                " ledger_period IN EXCLUSIVE MODE NOWAIT"
            )
    except OperationalError as problem:
        if getattr(problem.__cause__, "sqlstate", None) == LOCK_NOT_AVAILABLE:
            raise Refused("books_in_use") from problem
        raise


def _refuse_disorder(postings: Sequence[Posting], terms: TermsToday) -> None:
    if not postings:
        return
    last: date | None = PostingRecord.objects.aggregate(last=Max("dated"))["last"]
    for before, after in pairwise([last or postings[0].dated, *(p.dated for p in postings)]):
        if after < before:
            raise Refused("not_in_order", "dated", dated=str(after), before=str(before))
    for day in (postings[0].dated, postings[-1].dated):
        locks.lock_periods(day, terms)
    _refuse_posted([posting.source for posting in postings])


def _refuse_posted(sources: Sequence[Source]) -> None:
    seen: dict[str, set[int]] = {}
    for source in sources:
        if source.id in seen.setdefault(source.kind, set()):
            raise Refused("already_posted", kind=source.kind, id=source.id)
        seen[source.kind].add(source.id)
    for kind, ids in seen.items():
        posted = PostingRecord.objects.filter(kind=kind, source_id__in=ids).first()
        if posted is not None:
            raise Refused("already_posted", kind=kind, id=posted.source_id)


def _places(steps: Iterable[Step]) -> set[Place]:
    places: set[Place] = set()
    for step in steps:
        if isinstance(step, Posting):
            places |= {(line.key.item_id, line.key.warehouse_id) for line in step.stock}
        places |= {(p.item_id, p.warehouse_id) for p in promises_of(step)}
    return places


def _resolved(postings: Sequence[Posting], scope: str) -> Run:
    """Every line with its balance rows and its origin: in the books, or an index in this run.

    Raises Refused("origin_missing").
    """
    lines = [line for posting in postings for line in posting.stock]
    cost_keys = {keys.cost_key_of(line.key, scope) for line in lines}
    costs, stocks = keys.balance_ids(
        sorted(cost_keys, key=keys.null_first),
        sorted({line.key for line in lines}, key=keys.stock_order),
    )
    own = {posting.source for posting in postings}
    origins = keys.origins_of(
        [f for line in lines if (f := line.follows) and Source(f.kind, f.id) not in own]
    )
    run, index = Run(), _Index()
    for posting in postings:
        begin = len(run.lines)
        index.add(posting, begin)
        for line in posting.stock:
            cost_id = costs[keys.cost_key_of(line.key, scope)]
            origin = origins.get(line.follows) if line.follows else None
            inner = index.of(line.follows) if line.follows and origin is None else None
            position = origin.position if origin else None
            making = None if line.share is None else -1 - begin
            resolved = Resolved(line, stocks[line.key], cost_id, position, inner, making=making)
            run.lines.append(resolved)
            run.touched[cost_id] = posting.dated
            if origin is not None:
                run.touched[origin.cost_id] = posting.dated
        _close_part(run, posting, begin)
    return run


def _close_part(run: Run, posting: Posting, begin: int) -> None:
    """The posting's lines stand in the run, halves of a move inside a cost key marked as such.

    A key that lent its value to a follower elsewhere counts as reached on that day, too.
    """
    halves: set[int] = set()
    for at in range(begin, len(run.lines)):
        r = run.lines[at]
        if r.inner is None:
            continue
        lender = run.lines[r.inner].cost_id
        if r.inner < begin:
            run.touched[lender] = posting.dated
        elif lender == r.cost_id:
            halves |= {at, r.inner}
    for at in halves:
        run.lines[at] = replace(run.lines[at], is_move=True)
    run.parts[posting.source] = slice(begin, len(run.lines))


class _Index:
    """Where in the run each line of the postings so far stands."""

    def __init__(self) -> None:
        self._at: dict[SourceLine, int] = {}

    def add(self, posting: Posting, begin: int) -> None:
        source = posting.source
        for at, line in enumerate(posting.stock, start=begin):
            self._at[SourceLine(source.kind, source.id, line.line)] = at

    def of(self, origin: SourceLine) -> int:
        at = self._at.get(origin)
        if at is None:
            raise Refused("origin_missing", kind=origin.kind, id=origin.id, line=origin.line)
        return at


def _carry(steps: Sequence[Step], run: Run, places: set[Place]) -> list[tuple[PromiseLine, ...]]:
    """The balances of quantities carry every step, checked after each; the promises as granted."""
    balances = running.read({line.stock_id for line in run.lines}, places)
    granted = []
    for step in steps:
        lines = run.lines[run.parts[step.source]] if isinstance(step, Posting) else []
        granted.append(balances.carry(lines, promises_of(step)))
    running.write(balances)
    return granted
