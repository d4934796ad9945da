"""Which goods a line means: the batch and the bin that are part of its stock key.

Only lines of items with batches, of places with bins, or that name either, cost a query here.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection

from hengcang.catalog.models import Batch, ItemUom
from hengcang.documents.lines import BuiltLine
from hengcang.documents.rules import Shelf, first_to_expire, parts_of, shares_of
from hengcang.kernel.actor import Actor
from hengcang.kernel.errors import Refused, RefusedLines
from hengcang.ledger.entries import STATUS_LABELS, StockStatus
from hengcang.ledger.serial_goods import by_piece
from hengcang.places.models import BinLocation, Warehouse


def brought_in(lines: list[BuiltLine], warehouse: Warehouse) -> list[BuiltLine]:
    """Every line that comes in names its batch and bin; batches that are new are made.

    A batch that comes without an expiry date gets it from the item's shelf life. Raises
    RefusedLines with batch_missing, batch_dates_differ, bin_unknown.
    """
    if not _say_which(lines, warehouse):
        return lines
    bins = _bins(lines, warehouse)
    wanted = [_wanted(line) for line in lines]
    batches = _made({w for w in wanted if w is not None})
    refusals: list[Refused] = []
    found: list[BuiltLine] = []
    for line, want in zip(lines, wanted, strict=True):
        try:
            batch = batches[want.item_id, want.batch_no] if want else None
            _refuse_unlike(line, want, batch)
            bin_id = _bin_of(line, bins, warehouse)
            found.append(replace(line, batch_id=batch.pk if batch else None, bin_id=bin_id))
        except Refused as refusal:
            refusals.append(refusal)
    if refusals:
        raise RefusedLines(refusals)
    return found


def taken_out(
    lines: list[BuiltLine], warehouse: Warehouse, *, usable_on: date | None
) -> list[BuiltLine]:
    """Every line that goes out names the batch and bin it is taken from, as they are now.

    A line that leaves it open is split over what is there, the first to expire first (FEFO), of
    items with serial numbers the first that came in;
    what is not there stays open, to be refused when it is posted. Batches that expire before
    `usable_on` are passed over, and refused when they are named; None takes them as well. Raises
    RefusedLines with batch_unknown, batch_expired, bin_unknown.
    """
    pieces = by_piece(lines, warehouse, usable_on)
    if not pieces and not _say_which(lines, warehouse):
        return lines
    bins = _bins(lines, warehouse)
    shelves = _shelves(lines, warehouse)
    batches = named(lines)
    refusals: list[Refused] = []
    taken: list[BuiltLine] = []
    for nth, line in enumerate(lines):
        if nth in pieces:
            taken += pieces[nth]
            continue
        try:
            batch = batch_of(line, batches, usable_on)
            bin_id = _bin_of(line, bins, warehouse)
            taken += parts(line, Asked(batch, bin_id, usable_on), shelves)
        except Refused as refusal:
            refusals.append(refusal)
    if refusals:
        raise RefusedLines(refusals)
    return [replace(line, position=n) for n, line in enumerate(in_units(taken), start=1)]


def sold(lines: list[BuiltLine], warehouse: Warehouse, *, on: date) -> list[BuiltLine]:
    """As taken_out for a sale of that day: only good goods are sold, named piece by piece or not.

    Raises also RefusedLines with not_for_sale.
    """
    _refuse_unfit(lines)
    taken = taken_out(lines, warehouse, usable_on=on)
    _refuse_unfit(taken)  # a piece says itself of what status it is
    return taken


def _refuse_unfit(lines: list[BuiltLine]) -> None:
    refusals = [
        Refused(
            "not_for_sale",
            f"lines.{line.position}.stock_status",
            item_name=line.item.name,
            status=STATUS_LABELS[StockStatus(line.draft.stock_status)],
        )
        for line in lines
        if line.draft.stock_status != StockStatus.GOOD
    ]
    if refusals:
        raise RefusedLines(refusals)


def goods_kept_by(actor: Actor) -> tuple[bool, bool, bool]:
    """Whether this book has items kept by batch, warehouses with bins, items with serial numbers;
    one query.
    """
    assert actor is not None
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM catalog_item WHERE tracks_batch),"
            " EXISTS (SELECT FROM places_warehouse WHERE uses_bins),"
            " EXISTS (SELECT FROM catalog_item WHERE tracks_serials)"
        )
        batches, bins, serials = cursor.fetchone()
    return batches, bins, serials


def shelved(lines: list[BuiltLine], warehouse: Warehouse) -> list[BuiltLine]:
    """Every line names the bin it is put into, where it says one; its batch is known already.

    Raises RefusedLines with bin_unknown.
    """
    bins = _bins(lines, warehouse)
    return [replace(line, bin_id=_bin_of(line, bins, warehouse)) for line in lines]


class NewBatch(NamedTuple):
    """A batch that is not in the books yet."""

    item_id: int
    batch_no: str
    mfg_date: date | None
    expiry_date: date | None


class Asked(NamedTuple):
    """Which goods a line leaves no choice about."""

    batch: Batch | None
    bin_id: int | None
    usable_on: date | None


def _say_which(lines: Iterable[BuiltLine], warehouse: Warehouse) -> bool:
    return warehouse.uses_bins or any(
        line.item.tracks_batch or line.draft.batch_no or line.draft.bin_code for line in lines
    )


def _wanted(line: BuiltLine) -> NewBatch | None:
    """The batch a line that comes in names, with the dates it will have."""
    typed = line.draft
    if not typed.batch_no:
        return None
    expiry = expiry_of(typed.mfg_date, typed.expiry_date, line.item.shelf_life_days)
    return NewBatch(line.item.pk, typed.batch_no, typed.mfg_date, expiry)


def expiry_of(made: date | None, stated: date | None, shelf_life_days: int | None) -> date | None:
    """The day a batch is good until: as stated, else by the item's shelf life, else unknown."""
    if stated is None and made and shelf_life_days:
        return made + timedelta(days=shelf_life_days)
    return stated


def batches(
    numbers: Iterable[tuple[int, str]], new: Iterable[NewBatch]
) -> dict[tuple[int, str], Batch]:
    """The batches of these items and numbers, once the new ones are made; unknown are absent."""
    _made(set(new))
    return _known(set(numbers))


def _made(wanted: set[NewBatch]) -> dict[tuple[int, str], Batch]:
    """A batch stands for every (item, number), as it was first recorded."""
    if not wanted:
        return {}
    rows = sorted(wanted, key=lambda w: (w.item_id, w.batch_no))
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO catalog_batch (item_id, batch_no, mfg_date, expiry_date) "
            "SELECT * FROM unnest(%s::bigint[], %s::text[], %s::date[], %s::date[]) "
            "ON CONFLICT (item_id, batch_no) DO NOTHING",
            [list(column) for column in zip(*rows, strict=True)],
        )
    return _known({(w.item_id, w.batch_no) for w in wanted})


def _known(keys: set[tuple[int, str]]) -> dict[tuple[int, str], Batch]:
    rows = Batch.objects.filter(
        item_id__in={item for item, _ in keys}, batch_no__in={number for _, number in keys}
    )
    return {(row.item_id, row.batch_no): row for row in rows}


def named(lines: Iterable[BuiltLine]) -> dict[tuple[int, str], Batch]:
    keys = {(line.item.pk, line.draft.batch_no) for line in lines if line.draft.batch_no}
    return _known(keys) if keys else {}


def _refuse_unlike(line: BuiltLine, want: NewBatch | None, batch: Batch | None) -> None:
    at = f"lines.{line.position}.batch_no"
    if want is None or batch is None:
        if line.item.tracks_batch:
            raise Refused("batch_missing", at, item_name=line.item.name)
        return
    typed = (line.draft.mfg_date, line.draft.expiry_date)
    refuse_other_dates(batch, typed, line.item.name, at)


def refuse_other_dates(
    batch: Batch, typed: tuple[date | None, date | None], item_name: str, at: str
) -> None:
    """Raises Refused("batch_dates_differ") when made or expiry is typed and is not the batch's."""
    for said, kept in zip(typed, (batch.mfg_date, batch.expiry_date), strict=True):
        if said is not None and said != kept:
            raise Refused(
                "batch_dates_differ",
                at,
                item_name=item_name,
                batch_no=batch.batch_no,
                mfg_date=str(batch.mfg_date or "未填"),
                expiry_date=str(batch.expiry_date or "未填"),
            )


def batch_of(
    line: BuiltLine, batches: dict[tuple[int, str], Batch], usable_on: date | None
) -> Batch | None:
    number = line.draft.batch_no
    if not number:
        return None
    at = f"lines.{line.position}.batch_no"
    batch = batches.get((line.item.pk, number))
    if batch is None:
        raise Refused("batch_unknown", at, item_name=line.item.name, batch_no=number)
    if usable_on and batch.expiry_date and batch.expiry_date < usable_on:
        raise Refused(
            "batch_expired",
            at,
            item_name=line.item.name,
            batch_no=number,
            expiry_date=str(batch.expiry_date),
            dated=str(usable_on),
        )
    return batch


def _bins(lines: Iterable[BuiltLine], warehouse: Warehouse) -> dict[str, int]:
    codes = {line.draft.bin_code for line in lines if line.draft.bin_code}
    if not codes:
        return {}
    rows = BinLocation.objects.filter(warehouse=warehouse, code__in=codes, is_active=True)
    return dict(rows.values_list("code", "id"))


def _bin_of(line: BuiltLine, bins: dict[str, int], warehouse: Warehouse) -> int | None:
    code = line.draft.bin_code
    if not code:
        return None
    if code not in bins:
        at = f"lines.{line.position}.bin_code"
        raise Refused("bin_unknown", at, bin_code=code, warehouse=warehouse.name)
    return bins[code]


Shelves = dict[tuple[int, str], list[Shelf]]


def _shelves(lines: Sequence[BuiltLine], warehouse: Warehouse) -> Shelves:
    """What is there of each item and status, the first to take first; one query."""
    found: Shelves = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT s.item_id, s.status, s.batch_id, s.bin_id, b.expiry_date, s.quantity "
            "FROM ledger_stockbalance s LEFT JOIN catalog_batch b ON b.id = s.batch_id "
            "LEFT JOIN places_binlocation p ON p.id = s.bin_id "
            "WHERE s.warehouse_id = %s AND s.item_id = ANY(%s::bigint[]) AND s.quantity > 0 "
            "AND s.owner_id IS NULL "
            "ORDER BY s.batch_id IS NOT NULL, b.expiry_date NULLS LAST, b.batch_no, p.code, s.id",
            [warehouse.pk, sorted({line.item.pk for line in lines})],
        )
        for item_id, status, *shelf in cursor.fetchall():
            found.setdefault((item_id, status), []).append(Shelf(*shelf))
    return found


def shelves_by_bin(lines: Sequence[BuiltLine], warehouse: Warehouse) -> dict[int | None, Shelves]:
    """What is there of each item and status, bin by bin; None: in no bin. One query."""
    found: dict[int | None, Shelves] = {}
    for key, here in _shelves(lines, warehouse).items():
        for shelf in here:
            found.setdefault(shelf.bin_id, {}).setdefault(key, []).append(shelf)
    return found


def parts(line: BuiltLine, asked: Asked, shelves: Shelves) -> list[BuiltLine]:
    """The line, as many times as there are shelves it is taken from; `shelves` lose as much."""
    batch_id = asked.batch.pk if asked.batch else None
    if batch_id is not None and asked.bin_id is not None:
        return [replace(line, batch_id=batch_id, bin_id=asked.bin_id)]
    here = shelves.get((line.item.pk, line.draft.stock_status), [])
    fitting = [
        shelf
        for shelf in here
        if batch_id in (None, shelf.batch_id)
        and asked.bin_id in (None, shelf.bin_id)
        and not (asked.usable_on and shelf.expiry_date and shelf.expiry_date < asked.usable_on)
    ]
    taken = first_to_expire(line.quantity, fitting)
    for shelf, quantity in taken:
        if shelf is not None:
            here[here.index(shelf)] = shelf.less(quantity)
    quantities = [quantity for _, quantity in taken]
    return [
        replace(
            line,
            quantity=quantity,
            amounts=amounts,
            bill_share=share,
            batch_id=shelf.batch_id if shelf else batch_id,
            bin_id=shelf.bin_id if shelf else asked.bin_id,
        )
        for (shelf, quantity), amounts, share in zip(
            taken,
            parts_of(line.amounts, quantities),
            shares_of(line.bill_share, quantities),
            strict=True,
        )
    ]


def in_units(lines: list[BuiltLine]) -> list[BuiltLine]:
    """Every part in the unit of its line where that is exact, else in the base unit."""
    told = [(line, _in_unit(line)) for line in lines]
    inexact = {line.item.pk for line, quantity in told if quantity is None}
    bases = (
        {
            uom.item_id: uom
            for uom in ItemUom.objects.filter(item_id__in=inexact).select_related("item")
            if uom.uom_id == uom.item.base_uom_id
        }
        if inexact
        else {}
    )
    return [_retold(line, quantity, bases) for line, quantity in told]


def _in_unit(line: BuiltLine) -> Decimal | None:
    num, den = line.item_uom.ratio_num, line.item_uom.ratio_den
    in_unit = (line.quantity * den / num).quantize(Decimal("0.000001"))
    return in_unit if in_unit * num == line.quantity * den else None


def _retold(line: BuiltLine, quantity: Decimal | None, bases: dict[int, Any]) -> BuiltLine:
    if quantity is not None:
        typed = (
            line.draft
            if quantity == line.draft.quantity
            else replace(line.draft, quantity=quantity)
        )
        return replace(line, draft=typed)
    unit = line.item_uom
    price = (line.price * unit.ratio_den / unit.ratio_num).quantize(Decimal("0.0001"))
    typed = replace(line.draft, quantity=line.quantity)
    return replace(line, draft=typed, item_uom=bases[line.item.pk], price=price)
