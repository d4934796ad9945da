"""Single pieces: where they are, and every move of their lives."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db import connection

from hengcang.books.plans import planned_for_its_values
from hengcang.documents.drafts import MAX_SERIALS
from hengcang.identity.access import demand
from hengcang.kernel.actor import Actor
from hengcang.kernel.errors import Refused
from hengcang.ledger.entries import PLACE_LABELS, STATUS_LABELS, Place, StockStatus
from hengcang.ledger.history import places_of
from hengcang.ledger.serial_refusals import ELSEWHERE, names_seen

DIGITS = 4


@dataclass(frozen=True, slots=True)
class SerialFilter:
    """Which pieces; "" and None mean all. `words` is a number or its beginning; `after` the id of
    the last one seen.
    """

    words: str = ""
    item_id: int | None = None
    place: str = ""
    serial_id: int | None = None
    after: int | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class SerialRow:
    """A piece and where it is; `partner` only for those who may see that partner."""

    id: int
    serial_no: str
    item_id: int
    item_code: str
    item_name: str
    place: str
    warehouse_id: int | None
    warehouse: str
    batch_no: str
    stock_status: str
    received_on: date | None
    dated: date | None
    partner_id: int | None
    partner: str = ""

    @property
    def place_label(self) -> str:
        return PLACE_LABELS[Place(self.place)]

    @property
    def status_label(self) -> str:
        return STATUS_LABELS[StockStatus(self.stock_status)] if self.stock_status else ""


_PIECES = """
SELECT n.id, n.serial_no, i.id, i.code, i.name, s.place, b.warehouse_id, coalesce(w.name, ''),
 coalesce(c.batch_no, ''), coalesce(b.status, ''), s.received_on, s.dated, s.partner_id
FROM catalog_serialnumber n JOIN ledger_serialstate s ON s.serial_id = n.id
JOIN catalog_item i ON i.id = n.item_id
JOIN ledger_serialentry e ON e.serial_id = s.serial_id AND e.step = s.step
JOIN ledger_stockbalance l ON l.id = coalesce(e.stock_after_id, e.stock_before_id)
LEFT JOIN ledger_stockbalance b ON b.id = s.stock_id
LEFT JOIN places_warehouse w ON w.id = b.warehouse_id LEFT JOIN catalog_batch c ON c.id = b.batch_id
WHERE (%(words)s = '' OR n.serial_no LIKE %(like)s)
 AND (%(item)s::bigint IS NULL OR n.item_id = %(item)s)
 AND (%(id)s::bigint IS NULL OR n.id = %(id)s) AND (%(place)s = '' OR s.place = %(place)s)
 AND (%(after)s::bigint IS NULL OR n.id < %(after)s)
 AND (%(places)s::bigint[] IS NULL OR l.warehouse_id = ANY(%(places)s))
ORDER BY n.id DESC LIMIT %(limit)s
"""


def serials(actor: Actor, wanted: SerialFilter) -> list[SerialRow]:
    """One page of pieces, the newest first: those in the actor's warehouses, and those that left
    from there last. Raises Refused("forbidden") without stock.view.
    """
    demand(actor, "stock.view")
    words = wanted.words.strip()
    escaped = words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    with planned_for_its_values(), connection.cursor() as cursor:
        cursor.execute(
            _PIECES,
            {
                "words": words,
                "like": f"{escaped}%",
                "item": wanted.item_id,
                "id": wanted.serial_id,
                "place": wanted.place,
                "after": wanted.after,
                "places": places_of(actor, None),
                "limit": wanted.limit,
            },
        )
        rows = [SerialRow(*row) for row in cursor.fetchall()]
    names = names_seen(actor, {row.partner_id for row in rows if row.partner_id})
    return [replace(row, partner=names.get(row.partner_id or 0, "")) for row in rows]


def serial(actor: Actor, serial_id: int) -> SerialRow:
    """One piece. Raises Refused: forbidden, not_found."""
    found = serials(actor, SerialFilter(serial_id=serial_id, limit=1))
    if not found:
        raise Refused("not_found", what="序列号")
    return found[0]


@dataclass(frozen=True, slots=True)
class SerialStep:
    """One move of a piece, by a line of a document."""

    step: int
    dated: date
    posted_at: datetime
    kind: str
    source_id: int
    line: int
    place_before: str
    place_after: str
    warehouse_before: str
    warehouse_after: str
    is_reversal: bool
    partner_id: int | None
    partner: str = ""

    @property
    def was(self) -> str:
        return self.warehouse_before or PLACE_LABELS[Place(self.place_before)]

    @property
    def becomes(self) -> str:
        return self.warehouse_after or PLACE_LABELS[Place(self.place_after)]


def life_of(actor: Actor, serial_id: int) -> list[SerialStep]:
    """Every move of a piece, the first first; warehouses that are not the actor's have no name.

    Raises Refused: forbidden, not_found.
    """
    serial(actor, serial_id)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.step, r.dated, r.posted_at, r.kind, r.source_id, e.line, e.place_before,"
            f" e.place_after, {_named('v')}, {_named('w')},"
            " r.reversal_of_id IS NOT NULL, e.partner_id FROM ledger_serialentry e "
            "JOIN ledger_postingrecord r ON r.id = e.posting_id "
            "LEFT JOIN ledger_stockbalance a ON a.id = e.stock_before_id "
            "LEFT JOIN places_warehouse v ON v.id = a.warehouse_id "
            "LEFT JOIN ledger_stockbalance b ON b.id = e.stock_after_id "
            "LEFT JOIN places_warehouse w ON w.id = b.warehouse_id "
            "WHERE e.serial_id = %(serial)s ORDER BY e.step",
            {"serial": serial_id, "places": places_of(actor, None), "elsewhere": ELSEWHERE},
        )
        steps = [SerialStep(*row) for row in cursor.fetchall()]
    names = names_seen(actor, {step.partner_id for step in steps if step.partner_id})
    return [replace(step, partner=names.get(step.partner_id or 0, "")) for step in steps]


def _named(warehouse: str) -> str:
    """SQL: the name of a warehouse row, as far as the actor may know it; "" where there is none."""
    seen = f"{warehouse}.is_transit OR %(places)s::bigint[] IS NULL"
    seen += f" OR {warehouse}.id = ANY(%(places)s)"
    return (
        f"CASE WHEN {warehouse}.id IS NULL THEN '' WHEN {seen} THEN {warehouse}.name"
        " ELSE %(elsewhere)s END"
    )


def items_of_number(actor: Actor, serial_no: str) -> list[int]:
    """The items that have a piece of this number, wherever it is. Raises Refused("forbidden")."""
    demand(actor, "stock.view")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT item_id FROM catalog_serialnumber WHERE serial_no = %s ORDER BY 1", [serial_no]
        )
        return [pk for (pk,) in cursor.fetchall()]


def next_serials(actor: Actor, item_id: int, prefix: str, count: int) -> list[str]:
    """The numbers that follow the highest one of this item with the prefix, drafts included.

    As many digits as that one has, DIGITS for the first. Nothing is taken: two who ask get the
    same. Raises Refused: forbidden, too_many_serials.
    """
    demand(actor, "stock.view")
    if not 0 < count <= MAX_SERIALS:
        raise Refused("too_many_serials", "count", limit=MAX_SERIALS, count=count)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rest FROM (SELECT substr(serial_no, length(%(prefix)s) + 1) AS rest FROM"
            " (SELECT serial_no FROM catalog_serialnumber WHERE item_id = %(item)s UNION ALL"
            " SELECT serial_no FROM documents_lineserial WHERE item_id = %(item)s) named"
            " WHERE starts_with(serial_no, %(prefix)s)) found"
            " WHERE rest ~ '^[0-9]{1,12}$' ORDER BY rest::bigint DESC LIMIT 1",
            {"item": item_id, "prefix": prefix},
        )
        found = cursor.fetchone()
    last = found[0] if found else ""
    width, first = max(len(last), 1 if last else DIGITS), int(last or 0) + 1
    return [f"{prefix}{number:0{width}d}" for number in range(first, first + count)]
