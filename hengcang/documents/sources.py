"""Lines that fulfil lines of another document: an order's, or a delivery's on a return."""

from collections import defaultdict
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db import connection, models

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
    header_ids = set(lines.filter(id__in=ids).values_list("document_id", flat=True))
    locked = headers._default_manager.filter(id__in=header_ids).order_by("id")
    documents = {d.pk: d for d in locked.select_for_update(no_key=True)}
    found = {line.pk: line for line in lines.filter(id__in=ids).select_related("item")}
    if len(found) < len(ids):
        raise Refused("source_line_unknown", "lines")
    for line in found.values():
        line.document = documents[line.document_id]
    return found


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
                open=shown(left),
                needed=shown(quantity),
            )


def add_to_lines(model: type[models.Model], column: str, changes: dict[int, Decimal]) -> None:
    """The column of every line has risen by its change, in one statement."""
    changed = {line_id: change for line_id, change in changes.items() if change}
    if not changed:
        return
    table, name = connection.ops.quote_name(model._meta.db_table), connection.ops.quote_name(column)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} l SET {name} = l.{name} + k.change "
            "FROM unnest(%s::bigint[], %s::numeric[]) k(id, change) WHERE l.id = k.id",
            [list(changed), list(changed.values())],
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


def price_in(line: Any, item_uom_id: int | None) -> Decimal:
    """The source line's price per unit `item_uom_id` (None: base unit), 4 dp HALF_UP where
    converted.
    """
    if item_uom_id == line.item_uom_id:
        return Decimal(line.price)
    wanted = next(
        (u for u in line.item.uoms.all() if _is_wanted(u, line.item, item_uom_id)), line.item_uom
    )
    exact = line.price * line.item_uom.ratio_den / line.item_uom.ratio_num
    exact = exact * wanted.ratio_num / wanted.ratio_den
    return Decimal(exact.quantize(PRICE, ROUND_HALF_UP))


def _is_wanted(uom: Any, item: Any, item_uom_id: int | None) -> bool:
    if item_uom_id is None:
        return bool(uom.uom_id == item.base_uom_id)
    return bool(uom.pk == item_uom_id)
