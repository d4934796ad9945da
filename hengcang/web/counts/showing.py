"""What the page of a count shows, ready as texts."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django.urls import reverse

from hengcang.catalog import queries as catalog
from hengcang.compliance.queries import timeline
from hengcang.documents.flow import Status
from hengcang.kernel.actor import FieldClass
from hengcang.kernel.numbers import shown as plain
from hengcang.ledger.entries import STATUS_LABELS, StockStatus
from hengcang.ledger.goods import goods_kept_by
from hengcang.ledger.serial_counting import PieceState
from hengcang.pages.cards import Kpi
from hengcang.pages.editor import Event
from hengcang.pages.tables import Cell, Column, Row, Table, Tone
from hengcang.register.kinds import BY_CODE, Verb, open_verbs, status_label
from hengcang.stock import variance
from hengcang.stock.count_drafts import NONE, CountScope, MovedFrom
from hengcang.stock.piece_variance import PieceTold, piece_variance
from hengcang.stock.variance import VarianceLine
from hengcang.web import clock
from hengcang.web.masters import trail, words
from hengcang.web.masters.links import PILLS
from hengcang.web.masters.reading import id_of, text_of
from hengcang.web.requests import Request

PAGE = 50
PIECES = 500
STATUSES = [(status.value, label) for status, label in STATUS_LABELS.items()]
MOVED = [(value, label) for value, label in MovedFrom.choices if value]


@dataclass(frozen=True, slots=True)
class UnitButton:
    """+1 箱(24)."""

    id: int
    label: str


@dataclass(frozen=True, slots=True)
class Current:
    """The item under the hands: what was counted of it in this zone."""

    line: VarianceLine
    in_zone: str
    units: Sequence[UnitButton]


@dataclass(frozen=True, slots=True)
class Shown:
    """The count, its figures and lines, and what the actor may do with it."""

    title: str
    url: str
    record_url: str
    sheet_url: str
    status: str
    pill: str
    place: str
    version: int
    intent: str
    blind: bool
    counts: bool
    reviews: bool
    sees_cost: bool
    zone: str
    kpis: Sequence[Kpi]
    verbs: Sequence[Verb]
    lines: Sequence[VarianceLine]
    table: Table
    latest: Table
    timeline: Sequence[Event]
    next_url: str = ""
    copy_url: str = ""
    current: Current | None = None
    moved: Sequence[tuple[str, str]] = tuple(MOVED)
    statuses: Sequence[tuple[str, str]] = tuple(STATUSES)
    bin_code: str = ""
    by_batch: bool = False
    by_bin: bool = False
    by_piece: bool = False
    pieces: Table | None = None


def shown(request: Request, count: Any) -> Shown:
    """The page of a count the actor may see."""
    actor, kind = request.actor, BY_CODE["stock_count"]
    lines = variance.variance_lines(actor, count)
    zone = text_of(request.POST if request.method == "POST" else request.GET, "zone") or count.zone
    counts = count.status == Status.COUNTING and actor.may("stock_count.save")
    reviews = count.status == Status.REVIEW and actor.may("stock_count.post")
    ordered = lines if count.status == Status.COUNTING else variance.by_value(lines)
    start = (id_of(request.GET.get("start", "")) or 0) if request.GET else 0
    part = ordered[start : start + PAGE]
    page = Shown(
        title=count.number or f"盘点单草稿 {count.pk}",
        url=reverse("count", args=[count.pk]),
        record_url=reverse("count-record", args=[count.pk]),
        sheet_url=reverse("count-sheet", args=[count.pk]),
        status=status_label(count.status),
        pill=PILLS[count.status],
        place=_place(count),
        version=count.version,
        intent=str(uuid4()),
        blind=not variance.sees_book(actor, count),
        counts=counts,
        reviews=reviews,
        sees_cost=actor.sees(FieldClass.COST),
        zone=zone,
        kpis=_kpis(variance.summed(actor, count, lines)),
        verbs=_verbs(request, count),
        lines=part,
        table=_table(part, blind=not variance.sees_book(actor, count)),
        latest=_latest(variance.latest_tallies(actor, count)) if counts else Table("", [], []),
        timeline=trail.events(timeline(actor, kind.code, count.pk)),
    )
    if len(ordered) > start + PAGE:
        query = urlencode({"start": start + PAGE, "zone": zone})
        page = replace(page, next_url=f"{page.url}?{query}")
    if told := piece_variance(actor, count):
        page = replace(page, pieces=_pieces(told))
    if actor.may("stock_count.save") and count.reversal_of_id is None:
        page = replace(page, copy_url=f"{reverse('count-new')}?copy={count.pk}")
    if not counts:
        return page
    by_batch, _, by_piece = goods_kept_by(actor)
    return replace(
        page,
        by_piece=by_piece,
        current=_current(request, count, lines, zone),
        by_batch=by_batch,
        by_bin=count.warehouse.uses_bins,
        bin_code=_bin_kept(request),
    )


def _bin_kept(request: Request) -> str:
    """The bin that was counted last stands in its field again: people count a bin to its end."""
    asked = request.POST if request.method == "POST" else request.GET
    code = text_of(asked, "bin")
    return "" if code == NONE else code


def _place(count: Any) -> str:
    scope = CountScope(count.scope).label
    if count.category is not None:
        scope = count.category.path
    parts = [count.warehouse.name, count.zone or scope, count.dated.isoformat()]
    return " · ".join([*parts, "红冲单"] if count.reversal_of_id else parts)


def _verbs(request: Request, count: Any) -> list[Verb]:
    verbs = open_verbs(
        request.actor,
        BY_CODE["stock_count"],
        count.status,
        is_reversal=count.reversal_of_id is not None,
    )
    return [verb for verb in verbs if verb.name != "recount"]


def _kpis(found: variance.Variance) -> list[Kpi]:
    kpis = [Kpi("商品", f"{found.lines:,}"), Kpi("已盘", f"{found.counted:,}")]
    if found.differing is not None:
        kpis.append(Kpi("有差异", f"{found.differing:,}"))
    if found.gain is not None:
        kpis.append(Kpi("盘盈", f"¥{words.money(found.gain)}"))
        kpis.append(Kpi("盘亏", f"¥{words.money(found.loss)}"))
    return kpis


def _current(
    request: Request, count: Any, lines: Sequence[VarianceLine], zone: str
) -> Current | None:
    asked = request.POST if request.method == "POST" else request.GET
    item_id = id_of(asked.get("item", ""))
    if item_id is None:
        return None
    batch, place = asked.get("batch", ""), asked.get("bin", "").upper()
    status = asked.get("status", "") or StockStatus.GOOD.value
    fitting = [
        one
        for one in lines
        if one.item_id == item_id
        and one.stock_status == status
        and batch in ("", one.batch_no or NONE)
        and place in ("", one.bin_code or NONE)
    ]
    if not fitting:
        return None
    line = fitting[0]
    total = variance.counted_in(request.actor, count, line, zone)
    units = catalog.units_of(request.actor, [item_id])[item_id]
    buttons = [
        UnitButton(unit.pk, f"+1 {unit.uom.name}（{_size(unit.ratio_num, unit.ratio_den)}）")
        for unit in units
        if unit.uom_id != unit.item.base_uom_id
    ]
    return Current(line, "" if total is None else plain(total), buttons)


def _size(num: int, den: int) -> str:
    return str(num) if den == 1 else f"{num}/{den}"


def _table(lines: Sequence[VarianceLine], *, blind: bool) -> Table:
    columns = [Column("item", "商品"), Column("counted", "实盘", numeric=True)]
    if not blind:
        columns += [
            Column("book", "账面", numeric=True),
            Column("difference", "差异", numeric=True),
        ]
        columns += [Column("value", "差异金额", numeric=True), Column("cause", "原因 / 责任人")]
    rows = [Row(_cells(line)[: len(columns)]) for line in lines]
    return Table("商品", columns, rows, empty="还没有商品，扫码开始。", wide=True)


def _cells(line: VarianceLine) -> list[Cell]:
    tone: Tone = "" if not line.difference else ("up" if line.difference > 0 else "out")
    said = " / ".join(filter(None, (line.cause, line.responsible)))
    return [
        Cell(line.item_name, note=f"{line.item_code} {line.spec} {line.which}".strip()),
        Cell(_quantity(line.counted, line.uom) or "未盘"),
        Cell(_quantity(line.book, "")),
        Cell(_quantity(line.difference, ""), tone=tone),
        Cell(words.money(line.value)),
        Cell(
            "须复盘或说明" if line.uncertain else said or ("须写原因" if line.needs_cause else "")
        ),
    ]


def _quantity(value: Decimal | None, unit: str) -> str:
    return "" if value is None else words.quantity(value, unit)


def _pieces(told: Sequence[PieceTold]) -> Table:
    columns = [
        Column("serial_no", "序列号"),
        Column("item", "商品"),
        Column("state", "差异"),
        Column("book", "账面所在"),
    ]
    rows = [
        Row(
            [
                Cell(one.serial_no),
                Cell(one.item_name, note=one.item_code),
                Cell(one.finding_label, tone="up" if one.finding == PieceState.FOUND else "out"),
                Cell(one.book_place),
            ]
        )
        for one in told[:PIECES]
    ]
    title = (
        "序列号差异" if len(told) <= PIECES else f"序列号差异（前 {PIECES} 件，共 {len(told)} 件）"
    )
    return Table(title, columns, rows, wide=True)


def _latest(rows: Sequence[Any]) -> Table:
    columns = [
        Column("item", "刚录入"),
        Column("quantity", "数量", numeric=True),
        Column("zone", "区域"),
        Column("who", "盘点人"),
    ]
    lines = [
        Row(
            [
                Cell(row.item.name, note=row.item.spec),
                Cell(words.quantity(row.quantity_in_unit, row.item_uom.uom.name)),
                Cell(row.zone),
                Cell(row.counted_by_name, note=clock.clock_time(row.at)[11:]),
            ],
            muted=not row.is_current,
        )
        for row in rows
    ]
    return Table("最近录入", columns, lines, empty="还没有录入。", wide=True)
