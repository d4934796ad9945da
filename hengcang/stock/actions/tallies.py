"""What people do while they count: record what lies there, one item or a whole sheet at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db import connection

from hengcang.books.inserting import insert_rows
from hengcang.catalog import queries as catalog
from hengcang.catalog.models import Item, ItemUom
from hengcang.catalog.naming import goods_by_code
from hengcang.catalog.queries import Goods
from hengcang.compliance import audit
from hengcang.compliance.audit import Subject
from hengcang.documents.attempts import action
from hengcang.documents.flow import STATUS_LABELS, Status
from hengcang.documents.intents import claim, settle
from hengcang.documents.rules import Ratio, base_quantity
from hengcang.identity.access import demand
from hengcang.kernel.actor import Actor
from hengcang.kernel.errors import Refused, RefusedLines
from hengcang.kernel.rounding import ZERO
from hengcang.ledger import counting
from hengcang.ledger.counting import Expected, Stamp
from hengcang.ledger.entries import StockKey
from hengcang.stock import queries
from hengcang.stock.actions.count_keys import Keyed, LineOf, keyed, lines_of, missing
from hengcang.stock.actions.count_pieces import by_pieces, forget_replaced, keep_pieces
from hengcang.stock.actions.counts import add_lines
from hengcang.stock.count_drafts import MAX_ENTRIES, Built, CountEntry, CountScope, Mode
from hengcang.stock.models import StockCount, StockTally
from hengcang.stock.sheets import SheetRow, built_rows, read_sheet


@action
def record_counts(
    count_id: int, entries: Sequence[CountEntry], mode: Mode, client_uuid: UUID, *, actor: Actor
) -> StockCount:
    """What was counted stands on the count, stamped with where the books stood at this moment.

    Several people record at once; their figures for one item add up, in SET mode those of the same
    place are replaced. Locks the count in share, then the items as counting.stamp does. Raises
    Refused: forbidden, intent_reused, not_found, wrong_status, no_lines, too_many_lines,
    counted_elsewhere, serial_counted, serial_not_counted; RefusedLines with item_unknown,
    uom_unknown, quantity_inexact, item_not_in_count, counted_below_zero, and the codes of
    count_pieces.by_pieces.
    """
    demand(actor, "stock_count.save")
    if (made := claim(client_uuid, "stock_count.record", (count_id, mode, entries))) is not None:
        return queries.stock_count(actor, made)
    count = queries.stock_count(actor, count_id)
    goods = catalog.items_of_lines({entry.item_id for entry in entries})
    built, miscounted = by_pieces(count, _all_built(entries, goods))
    if miscounted:
        raise RefusedLines(miscounted)
    found, unclear, books = keyed(count, built)
    if refusals := _strangers(count, built) or unclear:
        raise RefusedLines(refusals)
    return _recorded(count, _Sheet(found, books, mode, client_uuid), actor)


@action
def record_sheet(count_id: int, text: str, client_uuid: UUID, *, actor: Actor) -> StockCount:
    """A whole sheet was counted: every line of it, or none. Its figures replace those of the same
    item and place.

    A line is code or barcode, quantity, and if wanted unit and zone, between tabs or commas.
    Raises the codes of record_counts; RefusedLines names every wrong line at once, with the codes
    of sheets.read_sheet and sheets.built_rows.
    """
    demand(actor, "stock_count.save")
    if (made := claim(client_uuid, "stock_count.sheet", (count_id, text))) is not None:
        return queries.stock_count(actor, made)
    count = queries.stock_count(actor, count_id)
    rows, refusals = read_sheet(text)
    _refuse_size(rows)
    goods = goods_by_code(actor, {row.code for row in rows})
    built, wrong = built_rows(rows, goods)
    built, miscounted = by_pieces(count, built)
    wrong += miscounted
    found, unclear, books = keyed(count, built)
    refusals += wrong + _strangers(count, built) + unclear + _twice(found)
    if refusals:
        raise RefusedLines(sorted(refusals, key=_line_number))
    return _recorded(count, _Sheet(found, books, Mode.SET, client_uuid), actor)


def _twice(found: Sequence[Keyed]) -> list[Refused]:
    """Lines that count the same goods in the same place and unit as an earlier one."""
    refusals = []
    seen: dict[tuple[StockKey, int, str], int] = {}
    for one in found:
        number = int(one.built.at.split(".")[1])
        if one.built.serials:  # the pieces tell the lines apart
            continue
        first = seen.setdefault((one.key, one.built.item_uom_id, one.built.zone), number)
        if first != number:
            at, name = f"{one.built.at}.item", one.built.item_name
            zone = one.built.zone or "未分区"
            refusals.append(Refused("counted_twice", at, item_name=name, zone=zone, first=first))
    return refusals


def _line_number(refusal: Refused) -> int:
    return int((refusal.field or "lines.0").split(".")[1])


def _refuse_size(rows: Sequence[CountEntry] | Sequence[SheetRow]) -> None:
    if len(rows) > MAX_ENTRIES:
        raise Refused("too_many_lines", "lines", limit=MAX_ENTRIES, count=len(rows))


def _all_built(entries: Sequence[CountEntry], goods: dict[int, Goods]) -> list[Built]:
    if not entries:
        raise Refused("no_lines", "lines")
    _refuse_size(entries)
    built, refusals = [], []
    for number, entry in enumerate(entries, start=1):
        try:
            built.append(_built(entry, goods.get(entry.item_id), f"lines.{number}"))
        except Refused as refusal:
            refusals.append(refusal)
    if refusals:
        raise RefusedLines(refusals)
    return built


def _built(entry: CountEntry, goods: Goods | None, at: str) -> Built:
    if goods is None:
        raise Refused("item_unknown", f"{at}.item")
    uom = _uom(goods.item, goods.uoms, entry.item_uom_id)
    if uom is None:
        raise Refused("uom_unknown", f"{at}.uom", item_name=goods.item.name)
    ratio = Ratio(
        uom.ratio_num,
        uom.ratio_den,
        goods.item.quantity_places,
        goods.item.name,
    )
    quantity = base_quantity(entry.quantity, ratio, f"{at}.quantity")
    zone = entry.zone.strip()
    return Built(
        goods.item.pk,
        goods.item.name,
        uom.pk,
        entry.quantity,
        quantity,
        zone,
        entry.note,
        at,
        entry.which,
        entry.serials,
    )


def _uom(item: Item, uoms: Sequence[ItemUom], uom_id: int | None) -> ItemUom | None:
    for uom in uoms:
        if uom.pk == uom_id or (uom_id is None and uom.uom_id == item.base_uom_id):
            return uom
    return None


@dataclass(frozen=True, slots=True)
class _Sheet:
    """What is to be recorded, with what the books hold of its items."""

    entries: Sequence[Keyed]
    books: Mapping[StockKey, Expected]
    mode: Mode
    client_uuid: UUID


def _recorded(count: StockCount, sheet: _Sheet, actor: Actor) -> StockCount:
    demand(actor, "stock_count.save", warehouse_id=count.warehouse_id)
    keys = {one.key for one in sheet.entries}
    items = {key.item_id for key in keys}
    _hold(count, "FOR SHARE" if keys <= lines_of(count, items).keys() else "FOR NO KEY UPDATE")
    if refusals := _strangers(count, [one.built for one in sheet.entries]):
        raise RefusedLines(refusals)
    lines = lines_of(count, items)
    if new := missing(keys, sheet.books, lines):
        add_lines(count, new)
        lines = lines_of(count, items)
    if sheet.mode is Mode.SET:
        _replace(count, sheet.entries, lines)
        forget_replaced(count)
    _write(count, sheet.entries, lines, actor)
    _refuse_below_zero(sheet.entries, lines)
    settle(sheet.client_uuid, count.kind, count.pk)
    subject = Subject(count.kind, count.pk, count.number or "")
    audit.record(
        actor, "stock_count.record", subject, lines=len(sheet.entries), mode=sheet.mode.value
    )
    return count


def _hold(count: StockCount, strength: str) -> None:
    """Nobody ends the counting while figures are written. Raises Refused("wrong_status")."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT status FROM stock_stockcount WHERE id = %s {strength}", [count.pk])
        status = Status(cursor.fetchone()[0])
    if status != Status.COUNTING:
        label = STATUS_LABELS[status]
        raise Refused("wrong_status", verb_label="录入实盘数", status=status, status_label=label)


def _strangers(count: StockCount, built: Sequence[Built]) -> list[Refused]:
    """Lines of items that a count of chosen items or of a category does not have."""
    if count.scope in {CountScope.ALL, CountScope.ZONE}:
        return []
    on_it = set(count.lines.values_list("item_id", flat=True))
    return [
        Refused("item_not_in_count", f"{b.at}.item", item_name=b.item_name)
        for b in built
        if b.item_id not in on_it
    ]


def _replace(count: StockCount, entries: Sequence[Keyed], lines: LineOf) -> None:
    """The earlier figures of these lines in these places no longer hold."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE stock_stocktally t SET is_current = false FROM (SELECT DISTINCT line, zone"
            " FROM unnest(%s::bigint[], %s::text[]) u(line, zone)) k"
            " WHERE t.document_id = %s AND t.line_id = k.line AND t.zone = k.zone AND t.is_current",
            [[lines[e.key][0] for e in entries], [e.built.zone for e in entries], count.pk],
        )


def _write(count: StockCount, entries: Sequence[Keyed], lines: LineOf, actor: Actor) -> None:
    stamps = counting.stamp({e.key for e in entries})
    rows = [_tally(count, e, lines[e.key], stamps[e.key], actor) for e in entries]
    insert_rows(rows)
    keep_pieces(count, [(row, e.built) for row, e in zip(rows, entries, strict=True)])


def _tally(
    count: StockCount, entry: Keyed, line: tuple[int, int], stamp: Stamp, actor: Actor
) -> StockTally:
    built = entry.built
    return StockTally(
        document_id=count.pk,
        line_id=line[0],
        item_id=built.item_id,
        item_uom_id=built.item_uom_id,
        round=line[1],
        zone=built.zone,
        quantity_in_unit=built.quantity_in_unit,
        quantity=built.quantity,
        position=stamp.position,
        book=stamp.book,
        day=stamp.day,
        note=built.note,
        counted_by_id=actor.id,
        counted_by_name=actor.name,
        is_current=True,
    )


def _refuse_below_zero(entries: Sequence[Keyed], lines: LineOf) -> None:
    """Taking back more than was counted there is a slip. Raises Refused("counted_below_zero")."""
    if all(e.built.quantity >= ZERO for e in entries):
        return
    sums: dict[tuple[int, str], Decimal] = {}
    rows = StockTally.objects.filter(
        is_current=True, line_id__in={lines[e.key][0] for e in entries}
    )
    for line, zone, quantity in rows.values_list("line_id", "zone", "quantity"):
        sums[(line, zone)] = sums.get((line, zone), ZERO) + quantity
    for e in entries:
        if sums[(lines[e.key][0], e.built.zone)] < 0:
            at, name = f"{e.built.at}.quantity", e.built.item_name
            raise Refused("counted_below_zero", at, item_name=name)
