"""What people do with parts lists."""

from decimal import Decimal
from typing import Any

from django.db import connection, transaction

from hengcang.assembly.drafts import PartDraft, PartsListDraft
from hengcang.assembly.models import PartsList, PartsListLine
from hengcang.books.inserting import insert_rows
from hengcang.catalog.models import Item
from hengcang.catalog.queries import Goods, items_of_lines
from hengcang.compliance import audit
from hengcang.compliance.audit import Subject
from hengcang.documents.drafts import MAX_LINES
from hengcang.documents.rules import Ratio, base_quantity
from hengcang.identity.access import demand
from hengcang.kernel.actor import Actor
from hengcang.kernel.errors import Refused, RefusedLines
from hengcang.kernel.numbers import QUANTITY_PLACES, shown, storable


@transaction.atomic
def save_parts_list(draft: PartsListDraft, *, actor: Actor) -> PartsList:
    """The item has a parts list.

    Locks all parts lists against each other until commit. Raises Refused: forbidden,
    parts_list_taken, no_parts, too_many_lines, parts_in_circle; RefusedLines with item_unknown,
    item_inactive, part_twice, quantity_not_positive, quantity_inexact per line.
    """
    demand(actor, "parts_list.save")
    _alone()
    item = _checked(draft)
    if PartsList.objects.filter(item=item).exists():
        raise Refused("parts_list_taken", "item", item_name=item.name)
    made = PartsList.objects.create(item=item, **_columns(draft))
    _write_lines(made, draft)
    audit.record(actor, "parts_list.create", _subject(made, item), lines=len(draft.lines))
    return made


@transaction.atomic
def change_parts_list(
    list_id: int, version: int, draft: PartsListDraft, *, actor: Actor
) -> PartsList:
    """The parts list is as filled in; its item stays. What was assembled before is not touched.

    Raises the codes of save_parts_list, not_found, stale_version.
    """
    demand(actor, "parts_list.save")
    _alone()
    found = PartsList.objects.select_for_update().filter(id=list_id).first()
    if found is None or found.item_id != draft.item_id:
        raise Refused("not_found", what="物料清单")
    if found.version != version:
        raise Refused("stale_version", "version", version=found.version, seen=version)
    item = _checked(draft)
    for name, value in _columns(draft).items():
        setattr(found, name, value)
    found.version += 1
    found.save()
    found.lines.all().delete()
    _write_lines(found, draft)
    audit.record(actor, "parts_list.change", _subject(found, item), lines=len(draft.lines))
    return found


def _alone() -> None:
    """Two lists written at once could make a circle that neither sees."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('assembly_partslist'))")


def _columns(draft: PartsListDraft) -> dict[str, Any]:
    return {
        "output_quantity": draft.output_quantity,
        "note": draft.note,
        "is_active": draft.is_active,
    }


def _checked(draft: PartsListDraft) -> Item:
    goods = items_of_lines({draft.item_id, *(line.item_id for line in draft.lines)})
    product = goods.get(draft.item_id)
    if product is None:
        raise Refused("item_unknown", "item", item_id=draft.item_id)
    _exact(draft.output_quantity, product.item, "output_quantity")
    if not draft.lines:
        raise Refused("no_parts", "lines", item_name=product.item.name)
    if len(draft.lines) > MAX_LINES:
        raise Refused("too_many_lines", "lines", limit=MAX_LINES, count=len(draft.lines))
    refusals = []
    seen: set[int] = set()
    for position, line in enumerate(draft.lines, start=1):
        try:
            _check_part(line, goods, seen, f"lines.{position}")
        except Refused as refusal:
            refusals.append(refusal)
        seen.add(line.item_id)
    if refusals:
        raise RefusedLines(refusals)
    _refuse_circle(draft, goods)
    return product.item


def _check_part(line: PartDraft, goods: dict[int, Goods], seen: set[int], at: str) -> None:
    found = goods.get(line.item_id)
    if found is None:
        raise Refused("item_unknown", f"{at}.item", item_id=line.item_id)
    if not found.item.is_active:
        raise Refused("item_inactive", f"{at}.item", item_name=found.item.name)
    if line.item_id in seen:
        raise Refused("part_twice", f"{at}.item", item_name=found.item.name)
    _exact(line.quantity, found.item, f"{at}.quantity")


def _exact(quantity: Decimal, item: Item, field: str) -> None:
    """Raises Refused: quantity_not_positive, number_too_fine, number_too_large, quantity_inexact"""
    if quantity <= 0:
        raise Refused("quantity_not_positive", field, text=shown(quantity))
    if quantity != round(quantity, QUANTITY_PLACES):
        raise Refused("number_too_fine", field, text=shown(quantity), places=QUANTITY_PLACES)
    ratio = Ratio(1, 1, item.quantity_places, item.name)
    base_quantity(storable(quantity, field), ratio, field)


_REACHED = """
WITH RECURSIVE inside(part, item) AS (
  SELECT part, part FROM unnest(%s::bigint[]) part
  UNION SELECT i.part, l.item_id FROM inside i JOIN assembly_partslist p ON p.item_id = i.item
   JOIN assembly_partslistline l ON l.parts_list_id = p.id
) SELECT part FROM inside WHERE item = %s LIMIT 1
"""


def _refuse_circle(draft: PartsListDraft, goods: dict[int, Goods]) -> None:
    """No item is part of itself, directly or through the lists of its parts."""
    items = [line.item_id for line in draft.lines]
    with connection.cursor() as cursor:
        cursor.execute(_REACHED, [items, draft.item_id])
        found = cursor.fetchone()
    if found is not None:
        raise Refused(
            "parts_in_circle",
            f"lines.{items.index(found[0]) + 1}.item",
            item_name=goods[draft.item_id].item.name,
            part_name=goods[found[0]].item.name,
        )


def _write_lines(parts_list: PartsList, draft: PartsListDraft) -> None:
    insert_rows(
        [
            PartsListLine(
                parts_list=parts_list, position=n, item_id=line.item_id, quantity=line.quantity
            )
            for n, line in enumerate(draft.lines, start=1)
        ]
    )


def _subject(parts_list: PartsList, item: Item) -> Subject:
    return Subject("parts_list", parts_list.pk, f"{item.code} {item.name}"[:80])
