"""盘点差异: what a count found, line by line, for those who review it and those who count."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Sum

from hengcang.documents.flow import Status
from hengcang.kernel.actor import Actor, FieldClass
from hengcang.kernel.rounding import ZERO
from hengcang.ledger import counting
from hengcang.ledger.entries import STATUS_LABELS, StockStatus
from hengcang.ledger.places import key_of
from hengcang.ledger.queries import line_costs
from hengcang.stock.differences import Found, found
from hengcang.stock.models import CountRules, StockCount, StockCountLine, StockTally
from hengcang.stock.postings import FOUND, LEFT
from hengcang.stock.rules import needs_cause, worth

ENDED = frozenset({Status.POSTED, Status.REVERSED})


@dataclass(frozen=True, slots=True)
class VarianceLine:
    """One stock key of a count. Base units, 6 dp; money 2 dp.

    `counted` None: nobody counted it yet. `book` and `difference` None: blind, or not counted;
    `value` and `unit_cost` None also for those who may not see costs.
    """

    position: int
    item_id: int
    item_code: str
    item_name: str
    spec: str
    uom: str
    round: int
    counted: Decimal | None
    book: Decimal | None
    difference: Decimal | None
    value: Decimal | None
    uncertain: bool
    needs_cause: bool
    cause: str
    responsible: str
    unit_cost: Decimal | None
    moved_from: str
    line_id: int
    batch_no: str
    expiry_date: date | None
    bin_code: str
    stock_status: str

    @property
    def which(self) -> str:
        """批号 L1 · 库位 A-1 · 不良; empty for goods that are kept as one."""
        status = StockStatus(self.stock_status)
        parts = (
            self.batch_no and f"批号 {self.batch_no}",
            self.bin_code and f"库位 {self.bin_code}",
            "" if status is StockStatus.GOOD else STATUS_LABELS[status],
        )
        return " · ".join(filter(None, parts))


@dataclass(frozen=True, slots=True)
class Variance:
    """How a count stands: lines in all, counted, with a difference; gains and losses at cost."""

    lines: int
    counted: int
    differing: int | None
    gain: Decimal | None
    loss: Decimal | None


def sees_book(actor: Actor, count: StockCount) -> bool:
    """Whether book figures are on the actor's page: else the count is blind (盲盘)."""
    reviews = actor.may("stock_count.post") and count.status != Status.COUNTING
    return actor.may("stock_count.see_book") or reviews


def count_rules(actor: Actor) -> CountRules:
    """From which difference on a cause is asked for; the proposal where nothing was set."""
    assert actor is not None
    return CountRules.objects.filter(id=1).first() or CountRules()


def variance_lines(actor: Actor, count: StockCount) -> list[VarianceLine]:
    """The lines of a count the actor was shown, in its order."""
    lines = list(count.lines.select_related("item__base_uom", "batch", "bin").order_by("position"))
    if count.status in ENDED:
        return _posted(actor, count, lines)
    counted = found(count, lines=lines)
    shelves = counting.shelves(count.warehouse_id, {line.item_id for line in lines})
    values = {
        line.pk: worth(counted[line.pk].difference, shelves.get(line.item_id), line.unit_cost)
        for line in lines
        if line.pk in counted
    }
    return _told(actor, count, lines, counted, values)


def _posted(actor: Actor, count: StockCount, lines: Sequence[StockCountLine]) -> list[VarianceLine]:
    """What was posted, at what it was booked at."""
    costs: dict[int, Decimal] = {}
    for cost in line_costs(actor, count.kind, count.pk):
        position = cost.line % FOUND if cost.line < LEFT else 0
        costs[position] = costs.get(position, ZERO) - cost.cost
    known = {
        line.pk: Found(
            line.pk, key_of(line, count.warehouse_id), line.counted, line.book, 1, uncertain=False
        )
        for line in lines
        if line.counted is not None and line.book is not None
    }
    values: dict[int, Decimal | None] = {line.pk: costs.get(line.position, ZERO) for line in lines}
    return _told(actor, count, lines, known, values)


def _told(
    actor: Actor,
    count: StockCount,
    lines: Sequence[StockCountLine],
    counted: Mapping[int, Found],
    values: Mapping[int, Decimal | None],
) -> list[VarianceLine]:
    sight = _Sight(
        count_rules(actor), book=sees_book(actor, count), costs=actor.sees(FieldClass.COST)
    )
    return [_line(line, counted.get(line.pk), values.get(line.pk), sight) for line in lines]


@dataclass(frozen=True, slots=True)
class _Sight:
    """What of a line may be shown."""

    rules: CountRules
    book: bool
    costs: bool


def _line(
    line: StockCountLine, one: Found | None, value: Decimal | None, sight: _Sight
) -> VarianceLine:
    differs = one is not None and needs_cause(
        one.difference, value, sight.rules.cause_above_quantity, sight.rules.cause_above_value
    )
    return VarianceLine(
        position=line.position,
        item_id=line.item_id,
        item_code=line.item.code,
        item_name=line.item.name,
        spec=line.item.spec,
        uom=line.item.base_uom.name,
        round=line.round,
        counted=one.counted if one else None,
        book=one.book if one and sight.book else None,
        difference=one.difference if one and sight.book else None,
        value=value if sight.book and sight.costs else None,
        uncertain=bool(one and one.uncertain),
        needs_cause=sight.book and differs,
        cause=line.cause,
        responsible=line.responsible,
        unit_cost=line.unit_cost if sight.costs else None,
        moved_from=line.moved_from,
        line_id=line.pk,
        batch_no=line.batch.batch_no if line.batch else "",
        expiry_date=line.batch.expiry_date if line.batch else None,
        bin_code=line.bin.code if line.bin else "",
        stock_status=line.stock_status,
    )


def summed(actor: Actor, count: StockCount, lines: Sequence[VarianceLine]) -> Variance:
    """The figures above the lines of a count the actor was shown."""
    differences = [line for line in lines if line.difference]
    values = [line.value for line in differences if line.value is not None]
    sees, costs = sees_book(actor, count), actor.sees(FieldClass.COST)
    return Variance(
        lines=len(lines),
        counted=sum(1 for line in lines if line.counted is not None),
        differing=len(differences) if sees else None,
        gain=sum((v for v in values if v > 0), ZERO) if sees and costs else None,
        loss=-sum((v for v in values if v < 0), ZERO) if sees and costs else None,
    )


def by_value(lines: Sequence[VarianceLine]) -> list[VarianceLine]:
    """Differences first, the largest value on top, then the largest quantity, then by position."""
    return sorted(
        lines,
        key=lambda line: (-abs(line.value or ZERO), -abs(line.difference or ZERO), line.position),
    )


def latest_tallies(actor: Actor, count: StockCount, limit: int = 20) -> list[StockTally]:
    """What was recorded last on a count the actor was shown, newest first, with item and unit."""
    assert actor is not None
    rows = StockTally.objects.filter(document=count).select_related(
        "item", "item_uom__uom", "line__batch", "line__bin"
    )
    return list(rows.order_by("-id")[:limit])


def counted_in(actor: Actor, count: StockCount, line: VarianceLine, zone: str) -> Decimal | None:
    """What was counted of a line the actor was shown in one zone, base units; None: nothing yet."""
    assert actor is not None
    rows = StockTally.objects.filter(
        line_id=line.line_id, round=line.round, zone=zone, is_current=True
    )
    total: Decimal | None = rows.aggregate(total=Sum("quantity"))["total"]
    return total
