"""Which goods of a warehouse change their bin."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from django.db import connection

from hengcang.documents.drafts import MAX_LINES
from hengcang.documents.lines import BuiltLine
from hengcang.kernel.errors import Refused, RefusedLines
from hengcang.ledger import goods
from hengcang.ledger.serial_goods import by_piece, in_that_bin
from hengcang.places.models import BinLocation, Warehouse


def relocated(lines: list[BuiltLine], warehouse: Warehouse) -> list[tuple[BuiltLine, int | None]]:
    """Every line with the batch and bin it is taken from, and the bin it is put into.

    A line that names pieces is taken from where they lie. Another without a bin is taken from goods
    in none; without a batch it is split over the batches there, the first to expire first, of
    items with serial numbers the first that came in. Raises RefusedLines with bin_unknown,
    batch_unknown, bin_move_same.
    """
    pieces = by_piece(lines, warehouse, None, in_that_bin)
    bins = _active_bins(warehouse)
    shelves = goods.shelves_by_bin(lines, warehouse)
    batches = goods.named(lines)
    refusals: list[Refused] = []
    moved: list[tuple[BuiltLine, int | None]] = []
    for nth, line in enumerate(lines):
        try:
            left, to = _bins_of(line, bins, warehouse)
            if nth in pieces:
                moved += [(_refused_there(part, to), to) for part in pieces[nth]]
                continue
            asked = goods.Asked(goods.batch_of(line, batches, None), left, None)
            parts = goods.parts(line, asked, shelves.setdefault(left, {}))
            moved += [(part, to) for part in parts]
        except Refused as refusal:
            refusals.append(refusal)
    if refusals:
        raise RefusedLines(refusals)
    told = goods.in_units([line for line, _ in moved])
    numbered = enumerate(zip(told, (to for _, to in moved), strict=True), start=1)
    return [(replace(line, position=n), to) for n, (line, to) in numbered]


def _refused_there(line: BuiltLine, to: int | None) -> BuiltLine:
    """The line of pieces that lie in another bin. Raises Refused("bin_move_same")."""
    if to is not None and line.bin_id == to:
        at = f"lines.{line.position}.to_bin_code"
        raise Refused("bin_move_same", at, item_name=line.item.name)
    return line


def _active_bins(warehouse: Warehouse) -> Mapping[str, int]:
    rows = BinLocation.objects.filter(warehouse=warehouse, is_active=True)
    return dict(rows.values_list("code", "id"))


def _bins_of(
    line: BuiltLine, bins: Mapping[str, int], warehouse: Warehouse
) -> tuple[int | None, int | None]:
    """From where and to where. Raises Refused: bin_unknown, bin_move_same."""
    found: list[int | None] = []
    for name in ("bin_code", "to_bin_code"):
        code = getattr(line.draft, name).strip().upper()
        if code and code not in bins:
            at = f"lines.{line.position}.{name}"
            raise Refused("bin_unknown", at, bin_code=code[:40], warehouse=warehouse.name)
        found.append(bins[code] if code else None)
    left, to = found
    if left == to and to is not None:
        at = f"lines.{line.position}.to_bin_code"
        raise Refused("bin_move_same", at, item_name=line.item.name)
    return left, to


@dataclass(frozen=True, slots=True)
class Unshelved:
    """Goods that lie in no bin, base units, and where to put them: "" where nothing says."""

    item_id: int
    batch_no: str
    status: str
    quantity: Decimal
    to_bin_code: str


def unshelved(warehouse: Warehouse) -> list[Unshelved]:
    """What lies in none of the warehouse's bins, by item code; as many as fit on a document.

    An item is put where most of it lies already, of the same status.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT b.item_id, coalesce(t.batch_no, ''), b.status, b.quantity,"
            " coalesce((SELECT p.code FROM ledger_stockbalance o"
            "  JOIN places_binlocation p ON p.id = o.bin_id AND p.is_active"
            "  WHERE o.item_id = b.item_id AND o.warehouse_id = b.warehouse_id"
            "  AND o.status = b.status AND o.quantity > 0"
            "  ORDER BY o.quantity DESC, p.code LIMIT 1), '')"
            " FROM ledger_stockbalance b JOIN catalog_item i ON i.id = b.item_id"
            " LEFT JOIN catalog_batch t ON t.id = b.batch_id"
            " WHERE b.warehouse_id = %s AND b.bin_id IS NULL AND b.owner_id IS NULL"
            " AND b.quantity > 0 AND i.is_active"
            " ORDER BY i.code, t.expiry_date, t.batch_no, b.status LIMIT %s",
            [warehouse.pk, MAX_LINES],
        )
        return [Unshelved(*row) for row in cursor.fetchall()]
