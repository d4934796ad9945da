"""The rows of a bulk run, table by table: each is written once, by COPY."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db import connection

from hengcang.books.copying import copy_rows, take_ids
from hengcang.compliance import audit
from hengcang.compliance.audit import Act, Subject
from hengcang.kernel.actor import Actor
from hengcang.kernel.rounding import ZERO
from hengcang.ledger.entries import MoneyLine, Posting, PromiseLine, Source
from hengcang.ledger.keys import Resolved
from hengcang.ledger.models import PostingRecord
from hengcang.ledger.replay import Valued

RECORD_COLUMNS = ("id", "kind", "source_id", "dated", "actor_id", "reversal_of_id",
                  "recosted_entries", "recosted_value")  # fmt: skip
ENTRY_COLUMNS = ("position", "posting_id", "line", "stock_id", "cost_id", "item_id",
                 "warehouse_id", "dated", "quantity", "value_in", "value_from_id",
                 "is_move", "share", "value_added")  # fmt: skip
PROMISE_COLUMNS = ("promise", "item_id", "warehouse_id", "quantity", "kind", "source_id", "line",
                   "posting_id")  # fmt: skip
Row = tuple[object, ...]
Ids = dict[Source, int]
MONEY_COLUMNS = ("posting_id", "partner_id", "account", "amount", "dated", "due")


@dataclass(frozen=True, slots=True)
class Promised:
    """Promises made or ended without a posting, as by `actions.promise`."""

    lines: tuple[PromiseLine, ...]


Step = Posting | Promised


@dataclass(slots=True)
class Run:
    """The lines of all postings in one row, each posting knowing its part of it.

    `touched` holds the last date on which each cost key was reached.
    """

    lines: list[Resolved] = field(default_factory=list)
    parts: dict[Source, slice] = field(default_factory=dict)
    touched: dict[int, date] = field(default_factory=dict)


def promises_of(step: Step) -> tuple[PromiseLine, ...]:
    """The promises the step asks for."""
    return step.promises if isinstance(step, Posting) else step.lines


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of one run, table by table."""

    run: Run
    positions: list[int]
    valued: Valued
    actor: Actor

    def records(self, postings: list[Posting], ids: Ids) -> Iterator[Row]:
        reversed_ids = _reversed_ids(postings, ids)
        for posting in postings:
            source = posting.source
            yield (ids[source], source.kind, source.id, posting.dated, self.actor.id,
                   reversed_ids.get(posting.reversal_of), 0, 0)  # fmt: skip

    def entries(self, postings: list[Posting], ids: Ids) -> Iterator[Row]:
        lines, positions = self.run.lines, self.positions
        for posting in postings:
            part = self.run.parts[posting.source]
            for at in range(part.start, part.stop):
                r = lines[at]
                origin = r.origin if r.inner is None else positions[r.inner]
                yield (positions[at], ids[posting.source], r.line.line, r.stock_id, r.cost_id,
                       r.line.key.item_id, r.line.key.warehouse_id, posting.dated, r.line.quantity,
                       r.line.value_in, origin, r.is_move, r.line.share,
                       r.line.value_added)  # fmt: skip

    def costs(self) -> Iterator[Row]:
        for position, cost in sorted(self.valued.new.items()):
            yield position, Decimal(cost.value) / 100, Decimal(cost.variance) / 100

    def acts(self, postings: list[Posting]) -> Iterator[Act]:
        for posting in postings:
            part = self.run.parts[posting.source]
            facts = {"lines": part.stop - part.start, "dated": str(posting.dated),
                     "recosted_entries": 0, **posting.facts}  # fmt: skip
            subject = Subject(posting.source.kind, posting.source.id)
            yield Act(self.actor, "ledger.post", subject, facts)


def write(steps: Sequence[Step], granted: list[tuple[PromiseLine, ...]], rows: Rows) -> None:
    """Records, entries, costs, promises, money and audit lines stand in the books."""
    postings = [step for step in steps if isinstance(step, Posting)]
    taken = take_ids("ledger_postingrecord", "id", len(postings))
    ids = {posting.source: i for posting, i in zip(postings, taken, strict=True)}
    copy_rows("ledger_postingrecord", RECORD_COLUMNS, rows.records(postings, ids))
    copy_rows("ledger_stockentry", ENTRY_COLUMNS, rows.entries(postings, ids))
    copy_rows("ledger_entrycost", ("entry_id", "value", "variance"), rows.costs())
    _write_cost_balances(rows.run, rows.valued)
    copy_rows("ledger_promiseentry", PROMISE_COLUMNS, _promise_rows(steps, granted, ids))
    _write_money(postings, ids)
    audit.record_all(rows.acts(postings))


def _reversed_ids(postings: list[Posting], ids: Ids) -> dict[Source | None, int]:
    """Record ids of what the postings reverse, in this run or in the books."""
    found: dict[Source | None, int] = {}
    for source in {p.reversal_of for p in postings if p.reversal_of is not None}:
        found[source] = ids.get(source) or _record_id(source)
    return found


def _record_id(source: Source) -> int:
    rows = PostingRecord.objects.filter(kind=source.kind, source_id=source.id)
    return rows.values_list("id", flat=True).get()


def _write_cost_balances(run: Run, valued: Valued) -> None:
    ordered = sorted(valued.held)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE ledger_costbalance b SET quantity = k.quantity::numeric / 1000000,"
            " value = k.value::numeric / 100, last_dated = greatest(b.last_dated, k.dated) "
            "FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::date[])"
            " k(id, quantity, value, dated) WHERE b.id = k.id",
            [
                ordered,
                [valued.held[i].quantity for i in ordered],
                [valued.held[i].value for i in ordered],
                [run.touched[i] for i in ordered],
            ],
        )


def _promise_rows(
    steps: Sequence[Step], granted: list[tuple[PromiseLine, ...]], ids: Ids
) -> Iterator[Row]:
    for step, promises in zip(steps, granted, strict=True):
        record_id = ids[step.source] if isinstance(step, Posting) else None
        for p in promises:
            if p.quantity:
                yield (p.promise.value, p.item_id, p.warehouse_id, p.quantity, p.source.kind,
                       p.source.id, p.source.line, record_id)  # fmt: skip


def _write_money(postings: list[Posting], ids: Ids) -> None:
    """Every money line is an entry, and the partners' balances carry their sums."""
    sums: dict[tuple[int, str], Decimal] = {}
    rows: list[tuple[object, ...]] = []
    for posting in postings:
        for m in sorted(posting.money, key=_money_order):
            account = m.account.value
            rows.append(
                (ids[posting.source], m.partner_id, account, m.amount, posting.dated, m.due)
            )
            key = (m.partner_id, account)
            sums[key] = sums.get(key, ZERO) + m.amount
    copy_rows("ledger_moneyentry", MONEY_COLUMNS, rows)
    ordered = sorted(sums)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_partnerbalance (partner_id, account, amount) "
            "SELECT * FROM unnest(%s::bigint[], %s::text[], %s::numeric[]) "
            "ON CONFLICT (partner_id, account) "
            "DO UPDATE SET amount = ledger_partnerbalance.amount + EXCLUDED.amount",
            [[k[0] for k in ordered], [k[1] for k in ordered], [sums[k] for k in ordered]],
        )


def _money_order(line: MoneyLine) -> tuple[int, str]:
    return (line.partner_id, line.account.value)
