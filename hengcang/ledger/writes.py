"""The appends and derived rows of one posting, set-based: a handful of statements for any size."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from hengcang.kernel.actor import Actor
from hengcang.kernel.errors import Refused
from hengcang.ledger.entries import MoneyLine, Posting, PromiseLine, Source
from hengcang.ledger.keys import Resolved
from hengcang.ledger.models import PostingRecord
from hengcang.ledger.replay import Valued
from hengcang.ledger.valuation.moving_average import Cost


@dataclass(frozen=True, slots=True)
class Recosted:
    """What a back-dated posting changed of earlier recorded costs."""

    entries: int = 0
    shift_cents: int = 0


def take_positions(count: int) -> list[int]:
    """`count` rising positions.

    Taken under the cost locks, so they rise per key in commit order.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval('ledger_stockentry_position_seq') FROM generate_series(1, %s)", [count]
        )
        return sorted(row[0] for row in cursor.fetchall())


def append_record(record_id: int, posting: Posting, recosted: Recosted, actor: Actor) -> None:
    """The posting stands in the books; the database refuses a second one of the same source."""
    reversed_id = None
    if posting.reversal_of is not None:
        origin = posting.reversal_of
        reversed_id = PostingRecord.objects.values_list("id", flat=True).get(
            kind=origin.kind, source_id=origin.id
        )
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_postingrecord (id, kind, source_id, dated, actor_id,"
            " reversal_of_id, recosted_entries, recosted_value)"
            " VALUES (%s, %s, %s, %s, %s, %s::bigint, %s, %s::numeric / 100)",
            [
                record_id,
                posting.source.kind,
                posting.source.id,
                posting.dated,
                actor.id,
                reversed_id,
                recosted.entries,
                recosted.shift_cents,
            ],
        )


def take_record_id(source: Source) -> Callable[[], int]:
    """The id of the posting record to be; the answer raises Refused("already_posted")."""
    cursor = connection.cursor()
    cursor.execute(
        "SELECT nextval('ledger_postingrecord_id_seq'), EXISTS (SELECT FROM ledger_postingrecord"
        " WHERE kind = %s AND source_id = %s)",
        [source.kind, source.id],
    )

    def answer() -> int:
        with cursor:
            record_id, posted = cursor.fetchone()
        if posted:
            raise Refused("already_posted", kind=source.kind, id=source.id)
        return int(record_id)

    return answer


def append_entries(
    record_id: int, posting: Posting, resolved: list[Resolved], positions: list[int]
) -> None:
    """Every stock line is an entry, at the position taken for it."""
    lines = [r.line for r in resolved]
    origins = [positions[r.inner] if r.inner is not None else r.origin for r in resolved]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_stockentry (position, posting_id, line, stock_id, cost_id, item_id,"
            " warehouse_id, dated, quantity, value_in, value_from_id, is_move, share, value_added) "
            "SELECT k.position, %s, k.line, k.stock, k.cost, k.item, k.wh, %s, k.quantity,"
            " k.value_in, k.origin, k.is_move, k.share, k.added FROM unnest(%s::bigint[],"
            " %s::int[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::numeric[],"
            " %s::numeric[], %s::bigint[], %s::bool[], %s::numeric[], %s::numeric[])"
            " k(position, line, stock, cost, item, wh, quantity, value_in, origin, is_move,"
            " share, added)",
            [
                record_id,
                posting.dated,
                positions,
                [line.line for line in lines],
                [r.stock_id for r in resolved],
                [r.cost_id for r in resolved],
                [line.key.item_id for line in lines],
                [line.key.warehouse_id for line in lines],
                [line.quantity for line in lines],
                [line.value_in for line in lines],
                origins,
                [r.is_move for r in resolved],
                [line.share for line in lines],
                [line.value_added for line in lines],
            ],
        )


def write_costs(valued: Valued, dated: date) -> None:
    """New costs are there, changed ones rewritten, every cost balance carries them."""
    with connection.cursor() as cursor:
        if valued.new:
            cursor.execute(
                "INSERT INTO ledger_entrycost (entry_id, value, variance) "
                "SELECT k.entry, k.value::numeric / 100, k.variance::numeric / 100 "
                "FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[]) k(entry, value, variance)",
                _cost_columns(valued.new),
            )
        if valued.changed:
            cursor.execute(
                "UPDATE ledger_entrycost c SET value = k.value::numeric / 100,"
                " variance = k.variance::numeric / 100 "
                "FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[]) k(entry, value, variance) "
                "WHERE c.entry_id = k.entry",
                _cost_columns(valued.changed),
            )
        ids = sorted(valued.held)
        cursor.execute(
            "UPDATE ledger_costbalance b SET quantity = k.quantity::numeric / 1000000,"
            " value = k.value::numeric / 100, last_dated = greatest(b.last_dated, %s::date) "
            "FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[]) k(id, quantity, value) "
            "WHERE b.id = k.id",
            [
                dated,
                ids,
                [valued.held[i].quantity for i in ids],
                [valued.held[i].value for i in ids],
            ],
        )


def append_promises(promises: tuple[PromiseLine, ...], record_id: int | None) -> None:
    """Every promise is an entry; promises of nothing leave none."""
    made = [p for p in promises if p.quantity]
    if not made:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_promiseentry (promise, item_id, warehouse_id, quantity, kind,"
            " source_id, line, posting_id) SELECT k.promise, k.item, k.wh, k.quantity, k.kind,"
            " k.source, k.line, %s::bigint FROM unnest(%s::text[], %s::bigint[], %s::bigint[],"
            " %s::numeric[], %s::text[], %s::bigint[], %s::int[])"
            " k(promise, item, wh, quantity, kind, source, line)",
            [
                record_id,
                [p.promise.value for p in made],
                [p.item_id for p in made],
                [p.warehouse_id for p in made],
                [p.quantity for p in made],
                [p.source.kind for p in made],
                [p.source.id for p in made],
                [p.source.line for p in made],
            ],
        )


def append_money(posting: Posting, record_id: int) -> None:
    """Every money line is an entry, and the partners' balances carry them, partner by partner."""
    if not posting.money:
        return
    lines = sorted(posting.money, key=_money_order)
    columns: list[Any] = [
        [m.partner_id for m in lines],
        [m.account.value for m in lines],
        [m.amount for m in lines],
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_moneyentry (posting_id, partner_id, account, amount, dated, due) "
            "SELECT %s, k.partner, k.account, k.amount, %s, k.due "
            "FROM unnest(%s::bigint[], %s::text[], %s::numeric[], %s::date[])"
            " k(partner, account, amount, due)",
            [record_id, posting.dated, *columns, [m.due for m in lines]],
        )
        cursor.execute(
            "INSERT INTO ledger_partnerbalance (partner_id, account, amount) "
            "SELECT k.partner, k.account, sum(k.amount) "
            "FROM unnest(%s::bigint[], %s::text[], %s::numeric[]) k(partner, account, amount) "
            "GROUP BY 1, 2 ORDER BY 1, 2 ON CONFLICT (partner_id, account) "
            "DO UPDATE SET amount = ledger_partnerbalance.amount + EXCLUDED.amount",
            columns,
        )


def _money_order(line: MoneyLine) -> tuple[int, str]:
    return (line.partner_id, line.account.value)


def _cost_columns(costs: dict[int, Cost]) -> list[Any]:
    ordered = sorted(costs)
    return [
        ordered,
        [costs[p].value for p in ordered],
        [costs[p].variance for p in ordered],
    ]
