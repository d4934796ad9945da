"""Lines that fulfil lines of another document: an order's, or a delivery's on a return."""

from collections import defaultdict
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db import connection, models

from hengcang.documents.actions import step
from hengcang.documents.flow import Status
from hengcang.documents.rules import HUNDRED
from hengcang.kernel.actor import Actor
from hengcang.kernel.errors import Refused
from hengcang.kernel.numbers import shown
from hengcang.kernel.rounding import ZERO

MICRO = Decimal("0.000001")
PRICE = Decimal("0.0001")


def lock_sources(lines: models.QuerySet[Any], ids: set[int]) -> dict[int, Any]:
    """The source lines by id, read under the lock of their documents (taken in id order).

    Every line model names its header `document`. Raises Refused("source_line_unknown").
    """
    if not ids:
        return {}
    headers = lines.model._meta.get_field("document").related_model
    named = lines.filter(id__in=ids).order_by()
    locked = headers._default_manager.filter(id__in=named.values("document_id")).order_by("id")
    documents = {d.pk: d for d in locked.select_for_update(no_key=True)}
    found = {line.pk: line for line in named.select_related("item")}
    if len(found) < len(ids):
        raise Refused("source_line_unknown", "lines")
    for line in found.values():
        line.document = documents[line.document_id]
    return found


def refuse_foreign(lines: Iterable[Any], known: models.QuerySet[Any]) -> None:
    """Raises Refused("source_line_unknown") when a built line names a source line that is not
    among the known ones or is of another item.
    """
    wanted = {ln.draft.source_line_id: ln for ln in lines if ln.draft.source_line_id is not None}
    if not wanted:
        return
    items = dict(known.filter(id__in=wanted).order_by().values_list("id", "item_id"))
    for source_id, line in wanted.items():
        if items.get(source_id) != line.item.pk:
            raise Refused("source_line_unknown", f"lines.{line.position}.source_line")


def refuse_closed(sources: dict[int, Any], *open_statuses: Status) -> None:
    """Raises Refused("source_not_open") unless every source document has one of these."""
    for line in sources.values():
        document = line.document
        if document.status not in open_statuses:
            raise Refused(
                "source_not_open",
                "lines",
                number=document.number or "",
                status_label=document.get_status_display(),
            )


def follow_execution(sources: dict[int, Any], *, actor: Actor) -> None:
    """An order with nothing open is complete; one that has something open again is not.

    The locked orders of the source lines, whose quantities have just changed.
    """
    orders = {line.document_id: line.document for line in sources.values()}
    unfinished = _unfinished(sources)
    for order_id, order in sorted(orders.items()):
        complete = order_id not in unfinished
        if complete and order.status == Status.APPROVED:
            step(order, "complete", actor=actor)
        elif not complete and order.status == order.flow.steps["complete"].target:
            step(order, "reopen", actor=actor)


def _unfinished(sources: dict[int, Any]) -> set[int]:
    """The documents of these lines that have any line with something open, in one statement."""
    if not sources:
        return set()
    table = next(iter(sources.values()))._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT DISTINCT document_id FROM {connection.ops.quote_name(table)} "
            "WHERE document_id = ANY(%s::bigint[]) AND qty_fulfilled < quantity",
            [sorted({line.document_id for line in sources.values()})],
        )
        return {row[0] for row in cursor.fetchall()}


def fulfilled_by(lines: Iterable[Any]) -> dict[int, Decimal]:
    """Base units per source line that these lines fulfil; negative lines (a reversal) take back."""
    quantities: dict[int, Decimal] = defaultdict(lambda: ZERO)
    for line in lines:
        if line.source_line_id is not None:
            quantities[line.source_line_id] += line.quantity
    return quantities


def refuse_excess(
    code: str, sources: dict[int, Any], done: str, wanted: dict[int, Decimal]
) -> None:
    """Raises Refused(code) when a source line would be fulfilled beyond its quantity."""
    for line_id, quantity in wanted.items():
        line = sources[line_id]
        left = line.quantity - getattr(line, done)
        if quantity > left:
            raise Refused(
                code,
                "lines",
                item_id=line.item_id,
                item_name=line.item.name,
                number=line.document.number or "",
                open=shown(left),
                needed=shown(quantity),
            )


def add_to_lines(model: type[models.Model], **changes: dict[int, Decimal]) -> None:
    """The named columns of every line have risen by their changes, in one statement.

    One statement, since a constraint compares the columns with each other.
    """
    ids = sorted({i for by_id in changes.values() for i, change in by_id.items() if change})
    if not ids:
        return
    quote = connection.ops.quote_name
    columns = [quote(name) for name in changes]
    sets = ", ".join(f"{name} = l.{name} + k.{name}" for name in columns)
    arrays = ", ".join("%s::numeric[]" for _ in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {quote(model._meta.db_table)} l SET {sets} "
            f"FROM unnest(%s::bigint[], {arrays}) k(id, {', '.join(columns)}) WHERE l.id = k.id",
            [ids, *([by_id.get(i, ZERO) for i in ids] for by_id in changes.values())],
        )


def in_unit_of(line: Any, quantity: Decimal) -> tuple[Decimal, int | None]:
    """`quantity` base units in the source line's unit when exact at 6 dp, else as they are (unit
    None).
    """
    num, den = line.item_uom.ratio_num, line.item_uom.ratio_den
    in_unit = (quantity * den / num).quantize(MICRO)
    if in_unit * num == quantity * den:
        return in_unit, line.item_uom_id
    return quantity, None


def price_in(line: Any, item_uom_id: int | None, *, includes_tax: bool) -> Decimal:
    """The source line's price per unit `item_uom_id` (None: base unit), with or without tax as the
    new document says; 4 dp HALF_UP where converted. The line's document is loaded.
    """
    exact = Decimal(line.price)
    if item_uom_id != line.item_uom_id:
        wanted = next(
            (u for u in line.item.uoms.all() if _is_wanted(u, line.item, item_uom_id)),
            line.item_uom,
        )
        exact = exact * line.item_uom.ratio_den / line.item_uom.ratio_num
        exact = exact * wanted.ratio_num / wanted.ratio_den
    if includes_tax != line.document.prices_include_tax:
        gross = 1 + line.tax_rate / HUNDRED
        exact = exact * gross if includes_tax else exact / gross
    return exact.quantize(PRICE, ROUND_HALF_UP)


def _is_wanted(uom: Any, item: Any, item_uom_id: int | None) -> bool:
    if item_uom_id is None:
        return bool(uom.uom_id == item.base_uom_id)
    return bool(uom.pk == item_uom_id)
