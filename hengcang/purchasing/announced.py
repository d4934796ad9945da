"""What approved arrival notices say of order lines: how much is announced, and until when."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import (
    Case,
    DateField,
    DecimalField,
    F,
    Max,
    OuterRef,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Greatest

from hengcang.documents.flow import Status
from hengcang.kernel.rounding import ZERO
from hengcang.purchasing.arriving_models import ArrivalNotice, ArrivalNoticeLine

EXACT = DecimalField(max_digits=18, decimal_places=6)
LEFT = F("quantity") - F("qty_fulfilled")


def live_lines() -> QuerySet[ArrivalNoticeLine]:
    """Lines of approved notices with something that has not come."""
    rows = ArrivalNoticeLine.objects.filter(document__status=Status.APPROVED)
    return rows.filter(qty_fulfilled__lt=F("quantity")).order_by()


def announcing(order_id: int) -> ArrivalNotice | None:
    """The newest notice that names a line of the order, whatever became of it."""
    rows = ArrivalNotice.objects.filter(lines__source_line__document_id=order_id)
    return rows.order_by("-id").first()


def with_announced(rows: QuerySet[Any], line: str = "pk") -> QuerySet[Any]:
    """Order lines, or rows that name one as `line`, with `announced`, base units still to come by
    notices, and `announced_on`: the last day of these notices, None without any.
    """
    said = live_lines().filter(source_line=OuterRef(line)).values("source_line")
    left = said.annotate(sum=Sum(LEFT)).values("sum")
    last = said.annotate(last=Max("document__due_date")).values("last")
    found: QuerySet[Any] = rows.annotate(
        announced=Coalesce(Subquery(left, output_field=EXACT), Value(ZERO), output_field=EXACT),
        announced_on=Subquery(last, output_field=DateField()),
    )
    return found


def watched_due(due: Any, at: str = "") -> Case:
    """The day on which an order line with_announced is late: the `due` it has, or the day on which
    the last of it is announced to come, where all that is open is announced. `at`: the way to the
    order line, ending in __.
    """
    left = F(f"{at}quantity") - F(f"{at}qty_fulfilled")
    whole = When(announced__gt=0, announced__gte=left, then=Greatest(due, F("announced_on")))
    return Case(whole, default=due, output_field=DateField())


@dataclass(frozen=True, slots=True)
class Announced:
    """Of one order line, base units: what is still to come, and the numbers of the notices."""

    quantity: Decimal
    numbers: tuple[str, ...]


def announced_of(line_ids: Collection[int], *, but: int | None = None) -> dict[int, Announced]:
    """By order line, what other notices than `but` announce of it."""
    rows = live_lines().filter(source_line__in=line_ids).exclude(document_id=but)
    found: dict[int, tuple[Decimal, list[str]]] = {}
    columns = rows.order_by("document_id", "id").values_list(
        "source_line_id", LEFT, "document__number"
    )
    for line_id, left, number in columns:
        before, numbers = found.get(line_id, (ZERO, []))
        found[line_id] = (before + left, [*numbers, number or ""])
    return {
        line_id: Announced(left, tuple(dict.fromkeys(numbers)))
        for line_id, (left, numbers) in found.items()
    }


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """A line of a notice, as a receipt looks for it."""

    id: int
    source_line_id: int
    batch_no: str


def notice_lines_for(
    notice_id: int | None, taken: Collection[tuple[int, int | None, str]]
) -> dict[int, int]:
    """The notice's line by position of what is received: (position, order line, batch number).

    The same batch of the same order line, else the first of that order line; goods that the notice
    does not name have none.
    """
    if notice_id is None:
        return {}
    rows = ArrivalNoticeLine.objects.filter(document_id=notice_id).order_by("position")
    lines = [NoticeLine(*row) for row in rows.values_list("id", "source_line_id", "batch_no")]
    exact = {(line.source_line_id, line.batch_no): line.id for line in reversed(lines)}
    first = {line.source_line_id: line.id for line in reversed(lines)}
    found = {
        position: exact.get((source, batch_no), first.get(source))
        for position, source, batch_no in taken
        if source is not None
    }
    return {position: line_id for position, line_id in found.items() if line_id is not None}


def expected_day(days: Collection[date], on: date) -> date:
    """The first of the days goods are due that is not past, else today."""
    return min((day for day in days if day >= on), default=on)
