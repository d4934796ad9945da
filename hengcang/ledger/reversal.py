"""红冲: the mirror image of a posting, from what was booked."""

from datetime import date

from django.apps import apps
from django.db import connection

from hengcang.kernel.errors import Refused
from hengcang.ledger.entries import (
    Account,
    MoneyLine,
    Posting,
    Source,
    SourceLine,
    StockKey,
    StockLine,
    StockStatus,
)
from hengcang.ledger.models import MoneyEntry, Period, PostingRecord


def reversal_date(dated: date, today: date) -> date:
    """The original's date while its month is open, else today: closed is frozen."""
    closed = Period.objects.filter(month=dated.replace(day=1), closed_at__isnull=False).exists()
    return today if closed else dated


def mirrored(source: Source, by: Source, dated: date) -> Posting:
    """The posting of `by` that undoes `source`: entries negated, last first, each following its
    original.

    Raises Refused: not_posted, already_reversed, has_followers (returns must be reversed first).
    """
    record = PostingRecord.objects.filter(kind=source.kind, source_id=source.id).first()
    if record is None:
        raise Refused("not_posted")
    if PostingRecord.objects.filter(reversal_of=record).exists():
        raise Refused("already_reversed")
    _refuse_followed(record.pk, source)
    return Posting(
        source=by,
        dated=dated,
        stock=_negated_stock(record.pk, source),
        money=tuple(
            MoneyLine(m.partner_id, Account(m.account), -m.amount, m.due)
            for m in MoneyEntry.objects.filter(posting=record).order_by("id")
        ),
        reversal_of=source,
        facts={"reversal_of": source.id},
    )


def _negated_stock(record_id: int, source: Source) -> tuple[StockLine, ...]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.line, b.item_id, b.warehouse_id, b.bin_id, b.batch_id, b.status, b.owner_id,"
            " -e.quantity FROM ledger_stockentry e JOIN ledger_stockbalance b ON b.id = e.stock_id "
            "WHERE e.posting_id = %s ORDER BY e.position DESC",
            [record_id],
        )
        rows = cursor.fetchall()
    return tuple(
        StockLine(
            line=line,
            key=StockKey(item, warehouse, bin_, batch, StockStatus(status), owner),
            quantity=quantity,
            follows=SourceLine(source.kind, source.id, line),
            undoes=True,
        )
        for line, item, warehouse, bin_, batch, status, owner, quantity in rows
    )


def _refuse_followed(record_id: int, source: Source) -> None:
    """A delivery whose goods partly came back cannot be undone before the return is."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT r.kind, r.source_id FROM ledger_stockentry e "
            "JOIN ledger_stockentry f ON f.value_from_id = e.position "
            "JOIN ledger_postingrecord r ON r.id = f.posting_id "
            "LEFT JOIN ledger_postingrecord u ON u.reversal_of_id = r.id "
            "WHERE e.posting_id = %s AND f.posting_id <> e.posting_id AND u.id IS NULL LIMIT 1",
            [record_id],
        )
        follower = cursor.fetchone()
    if follower is not None:
        kind, follower_id = follower
        facts = {"number": _number(source.kind, source.id), "follower": _number(kind, follower_id)}
        raise Refused("has_followers", kind=kind, id=follower_id, **facts)


def _number(kind: str, document_id: int) -> str:
    """What people call a document of the books; empty where it has no number."""
    model = next((m for m in apps.get_models() if getattr(m, "kind", "") == kind), None)
    if model is None:
        return ""
    numbers = model._default_manager.filter(pk=document_id).values_list("number", flat=True)
    return numbers.first() or ""
