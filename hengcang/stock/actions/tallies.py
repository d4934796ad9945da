"""What people do while they count: record what lies there, one item or a whole sheet at once."""

from collections.abc import Sequence
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
from hengcang.stock import queries
from hengcang.stock.actions.counts import add_lines
from hengcang.stock.count_drafts import MAX_ENTRIES, Built, CountEntry, CountScope, Mode
from hengcang.stock.models import StockCount, StockCountLine, StockTally
from hengcang.stock.sheets import SheetRow, built_rows, read_sheet


@action
def record_counts(
    count_id: int, entries: Sequence[CountEntry], mode: Mode, client_uuid: UUID, *, actor: Actor
) -> StockCount:
    """What was counted stands on the count, stamped with where the books stood at this moment.

    Several people record at once; their figures for one item add up, in SET mode those of the same
    place are replaced. Locks the count in share, then the items as counting.stamp does. Raises
    Refused: forbidden, intent_reused, not_found, wrong_status, no_lines, too_many_lines,
    counted_elsewhere; RefusedLines with item_unknown, uom_unknown,
    quantity_inexact, item_not_in_count, counted_below_zero.
    """
    demand(actor, "stock_count.save")
    if (made := claim(client_uuid, "stock_count.record", (count_id, mode, entries))) is not None:
        return queries.stock_count(actor, made)
    count = queries.stock_count(actor, count_id)
    goods = catalog.items_of_lines({entry.item_id for entry in entries})
    built = _all_built(entries, goods)
    return _recorded(count, built, mode, client_uuid, actor)


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
    refusals += wrong + _strangers(count, built)
    if refusals:
        raise RefusedLines(sorted(refusals, key=_line_number))
    return _recorded(count, built, Mode.SET, client_uuid, actor)


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
    ratio = Ratio(uom.ratio_num, uom.ratio_den, goods.item.quantity_places)
    quantity = base_quantity(entry.quantity, ratio, f"{at}.quantity")
    zone = entry.zone.strip()
    return Built(
        goods.item.pk, goods.item.name, uom.pk, entry.quantity, quantity, zone, entry.note, at
    )


def _uom(item: Item, uoms: Sequence[ItemUom], uom_id: int | None) -> ItemUom | None:
    for uom in uoms:
        if uom.pk == uom_id or (uom_id is None and uom.uom_id == item.base_uom_id):
            return uom
    return None


def _recorded(
    count: StockCount, built: list[Built], mode: Mode, client_uuid: UUID, actor: Actor
) -> StockCount:
    demand(actor, "stock_count.save", warehouse_id=count.warehouse_id)
    items = {b.item_id for b in built}
    on_it = set(_rounds(count, items))
    _hold(count, "FOR SHARE" if items <= on_it else "FOR NO KEY UPDATE")
    if refusals := _strangers(count, built):
        raise RefusedLines(refusals)
    rounds = _rounds(count, items)
    if missing := items - set(rounds):
        add_lines(count, counting.expected(count.warehouse_id, item_ids=missing))
        rounds = _rounds(count, items)
    if mode is Mode.SET:
        _replace(count, built)
    _write(count, built, rounds, actor)
    _refuse_below_zero(count, built)
    settle(client_uuid, count.kind, count.pk)
    subject = Subject(count.kind, count.pk, count.number or "")
    audit.record(actor, "stock_count.record", subject, lines=len(built), mode=mode.value)
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


def _rounds(count: StockCount, items: set[int]) -> dict[int, int]:
    # All of the count's lines: a long list of items would be compared with each of them in turn.
    rows = StockCountLine.objects.filter(document=count).order_by()
    return {item: nth for item, nth in rows.values_list("item_id", "round") if item in items}


def _replace(count: StockCount, built: Sequence[Built]) -> None:
    """The earlier figures of these items in these places no longer hold."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE stock_stocktally t SET is_current = false FROM (SELECT DISTINCT item, zone"
            " FROM unnest(%s::bigint[], %s::text[]) u(item, zone)) k"
            " WHERE t.document_id = %s AND t.item_id = k.item AND t.zone = k.zone AND t.is_current",
            [[b.item_id for b in built], [b.zone for b in built], count.pk],
        )


def _write(count: StockCount, built: Sequence[Built], rounds: dict[int, int], actor: Actor) -> None:
    stamps = counting.stamp(count.warehouse_id, {b.item_id for b in built})
    insert_rows(
        [
            StockTally(
                document=count,
                item_id=b.item_id,
                item_uom_id=b.item_uom_id,
                round=rounds[b.item_id],
                zone=b.zone,
                quantity_in_unit=b.quantity_in_unit,
                quantity=b.quantity,
                position=stamps[b.item_id].position,
                book=stamps[b.item_id].book,
                day=stamps[b.item_id].day,
                note=b.note,
                counted_by_id=actor.id,
                counted_by_name=actor.name,
                is_current=True,
            )
            for b in built
        ]
    )


def _refuse_below_zero(count: StockCount, built: Sequence[Built]) -> None:
    """Taking back more than was counted there is a slip."""
    if all(b.quantity >= ZERO for b in built):
        return
    sums: dict[tuple[int, str], Decimal] = {}
    rows = StockTally.objects.filter(document=count, is_current=True)
    for item, zone, quantity in rows.filter(item_id__in={b.item_id for b in built}).values_list(
        "item_id", "zone", "quantity"
    ):
        sums[(item, zone)] = sums.get((item, zone), ZERO) + quantity
    for b in built:
        if sums[(b.item_id, b.zone)] < 0:
            raise Refused("counted_below_zero", f"{b.at}.quantity", item_name=b.item_name)
