"""Which goods were counted: from what a person says of them to the stock key of a line."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection

from hengcang.catalog.models import Batch
from hengcang.kernel.errors import Refused
from hengcang.ledger import counting, goods
from hengcang.ledger.counting import Expected
from hengcang.ledger.entries import StockKey, StockStatus
from hengcang.ledger.keys import stock_order
from hengcang.places.models import BinLocation
from hengcang.stock.count_drafts import NONE, Built
from hengcang.stock.models import StockCount, StockCountLine

FEW = 100  # items whose lines are read alone
NAMED = 5  # so many of the possible batches and bins are named in a refusal
LineOf = dict[StockKey, tuple[int, int]]
"""Line id and round of every stock key on a count."""


@dataclass(frozen=True, slots=True)
class Keyed:
    """A counted entry and the stock key it is about."""

    built: Built
    key: StockKey


@dataclass(frozen=True, slots=True)
class _Known:
    """What the books and the count know about the items of a sheet."""

    warehouse: str
    bins: Mapping[str, int]
    batches: Mapping[tuple[int, str], Batch]
    keys: Mapping[int, Sequence[StockKey]]
    held: Collection[StockKey]
    by_batch: Collection[int]


def lines_of(count: StockCount, item_ids: Collection[int]) -> LineOf:
    """The lines of the count by stock key, of these items at least.

    A scan asks for those of its item; a sheet reads all, since a long list of items would be
    compared with each line in turn.
    """
    rows = StockCountLine.objects.filter(document=count).order_by()
    if len(item_ids) <= FEW:
        rows = rows.filter(item_id__in=item_ids)
    return {
        StockKey(item_id, count.warehouse_id, bin_id, batch_id, StockStatus(status)): (line, nth)
        for line, nth, item_id, bin_id, batch_id, status in rows.values_list(
            "id", "round", "item_id", "bin_id", "batch_id", "stock_status"
        )
    }


def keyed(
    count: StockCount, built: Sequence[Built]
) -> tuple[list[Keyed], list[Refused], dict[StockKey, Expected]]:
    """Every entry with its stock key, a refusal for every other one, and what the books hold of
    these items by key.

    What is left open is the only batch or bin the item lies in. Batches that are said to be new
    are made. Refused codes: bin_unknown, count_batch_unknown, batch_dates_differ, batch_missing,
    count_key_open.
    """
    books = {
        e.key: e for e in counting.expected(count.warehouse_id, item_ids={b.item_id for b in built})
    }
    known = _known(count, built, books)
    found: list[Keyed] = []
    refusals: list[Refused] = []
    for one in built:
        try:
            found.append(Keyed(one, _key(count, one, known)))
        except Refused as refusal:
            refusals.append(refusal)
    return found, refusals, books


def missing(
    keys: Collection[StockKey], books: Mapping[StockKey, Expected], lines: LineOf
) -> list[Expected]:
    """What a count must have lines for and has not, with what the books hold of it."""
    bases = {e.key.item_id: e.base_uom_id for e in books.values()}
    wanted = sorted(set(keys) - set(lines), key=stock_order)
    nothing = Decimal(0)
    return [books.get(key) or Expected(key, bases[key.item_id], nothing) for key in wanted]


def _known(count: StockCount, built: Sequence[Built], books: Mapping[StockKey, Expected]) -> _Known:
    held = {key for key, e in books.items() if e.quantity}
    items = {b.item_id for b in built}
    keys: dict[int, list[StockKey]] = {}
    for key in dict.fromkeys([*sorted(held, key=stock_order), *lines_of(count, items)]):
        keys.setdefault(key.item_id, []).append(key)
    lives = _lives(items)
    codes = {b.which.bin_code for b in built} - {"", NONE}
    bins = BinLocation.objects.filter(warehouse_id=count.warehouse_id, code__in=codes)
    return _Known(
        count.warehouse.name,
        dict(bins.values_list("code", "id")) if codes else {},
        _batches(built, lives),
        keys,
        held,
        lives.keys(),
    )


def _lives(item_ids: Collection[int]) -> dict[int, int | None]:
    """Days of shelf life of the items that are kept by batch."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, shelf_life_days FROM catalog_item"
            " WHERE id = ANY(%s::bigint[]) AND tracks_batch",
            [sorted(item_ids)],
        )
        return dict(cursor.fetchall())


def _batches(
    built: Sequence[Built], lives: Mapping[int, int | None]
) -> Mapping[tuple[int, str], Batch]:
    named = [b for b in built if b.which.batch_no not in ("", NONE)]
    if not named:
        return {}
    return goods.batches(
        [(b.item_id, b.which.batch_no) for b in named],
        [
            goods.NewBatch(
                b.item_id,
                b.which.batch_no,
                b.which.mfg_date,
                goods.expiry_of(b.which.mfg_date, b.which.expiry_date, lives.get(b.item_id)),
            )
            for b in named
            if b.which.is_new
        ],
    )


def _key(count: StockCount, one: Built, known: _Known) -> StockKey:
    """Raises Refused: the codes of keyed."""
    which = one.which
    batch_id, bin_id = _batch(one, known), _bin(one, known)
    status = StockStatus(which.stock_status)
    key = StockKey(one.item_id, count.warehouse_id, bin_id, batch_id, status)
    if not (which.batch_no and which.bin_code):
        fitting = [
            k
            for k in known.keys.get(one.item_id, ())
            if k.status is status
            and (not which.batch_no or k.batch_id == batch_id)
            and (not which.bin_code or k.bin_id == bin_id)
        ]
        if len(fitting) > 1:
            raise Refused(
                "count_key_open",
                f"{one.at}.batch_no",
                item_name=one.item_name,
                places="、".join(_named(fitting[:NAMED])) + ("…" if len(fitting) > NAMED else ""),
            )
        key = fitting[0] if fitting else key
    if key.batch_id is None and key not in known.held and one.item_id in known.by_batch:
        raise Refused("batch_missing", f"{one.at}.batch_no", item_name=one.item_name)
    return key


def _batch(one: Built, known: _Known) -> int | None:
    which, at = one.which, f"{one.at}.batch_no"
    if which.batch_no in ("", NONE):
        return None
    batch = known.batches.get((one.item_id, which.batch_no))
    if batch is None:
        raise Refused(
            "count_batch_unknown", at, item_name=one.item_name, batch_no=which.batch_no[:40]
        )
    goods.refuse_other_dates(batch, (which.mfg_date, which.expiry_date), one.item_name, at)
    return batch.pk


def _bin(one: Built, known: _Known) -> int | None:
    code = one.which.bin_code
    if code in ("", NONE):
        return None
    if code not in known.bins:
        at = f"{one.at}.bin_code"
        raise Refused("bin_unknown", at, bin_code=code[:40], warehouse=known.warehouse)
    return known.bins[code]


def _named(keys: Sequence[StockKey]) -> list[str]:
    """批号 L1 库位 A-1."""
    batches = dict(
        Batch.objects.filter(id__in={k.batch_id for k in keys}).values_list("id", "batch_no")
    )
    bins = dict(
        BinLocation.objects.filter(id__in={k.bin_id for k in keys}).values_list("id", "code")
    )
    return [
        f"批号 {batches.get(k.batch_id or 0, '无')} 库位 {bins.get(k.bin_id or 0, '无')}"
        for k in keys
    ]
