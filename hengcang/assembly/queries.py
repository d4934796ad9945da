"""Reads of parts lists, assemblies and disassemblies, and what can be made now."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import cast

from django.db.models import QuerySet

from hengcang.assembly import rules
from hengcang.assembly.models import Assembly, Disassembly, PartsList, PartsListLine
from hengcang.assembly.rules import Part
from hengcang.books.rows import one
from hengcang.catalog.models import Item
from hengcang.identity.access import demand
from hengcang.kernel.actor import Actor
from hengcang.kernel.errors import Refused
from hengcang.kernel.rounding import ZERO
from hengcang.ledger.queries import stocked


def assemblies(actor: Actor) -> QuerySet[Assembly]:
    """Assemblies the actor may see, newest first. Raises Refused("forbidden")."""
    demand(actor, "assembly.view")
    rows = Assembly.objects.visible_to(actor).select_related(*WITH)
    return cast("QuerySet[Assembly]", rows.order_by("-dated", "-id"))


def disassemblies(actor: Actor) -> QuerySet[Disassembly]:
    """Disassemblies the actor may see, newest first. Raises Refused("forbidden")."""
    demand(actor, "disassembly.view")
    rows = Disassembly.objects.visible_to(actor).select_related(*WITH)
    return cast("QuerySet[Disassembly]", rows.order_by("-dated", "-id"))


WITH = ("warehouse", "product", "product_batch", "product_bin")


def assembly(actor: Actor, assembly_id: int) -> Assembly:
    """One assembly. Raises Refused: forbidden, not_found."""
    found = one(assemblies(actor).filter(id=assembly_id))
    if found is None:
        raise Refused("not_found", what="组装单")
    return found


def disassembly(actor: Actor, disassembly_id: int) -> Disassembly:
    """One disassembly. Raises Refused: forbidden, not_found."""
    found = one(disassemblies(actor).filter(id=disassembly_id))
    if found is None:
        raise Refused("not_found", what="拆卸单")
    return found


def parts_lists(actor: Actor) -> QuerySet[PartsList]:
    """All parts lists with their lines, by item code. Raises Refused("forbidden")."""
    demand(actor, "parts_list.view")
    rows = PartsList.objects.select_related("item__base_uom").order_by("item__code")
    return rows.prefetch_related("lines__item__base_uom")


def parts_list(actor: Actor, list_id: int) -> PartsList:
    """One parts list. Raises Refused: forbidden, not_found."""
    found = parts_lists(actor).filter(id=list_id).first()
    if found is None:
        raise Refused("not_found", what="物料清单")
    return found


def _parts_of(item_id: int) -> list[PartsListLine]:
    """The lines of the item's active parts list, in order, with item and list; often none."""
    rows = PartsListLine.objects.filter(parts_list__item_id=item_id, parts_list__is_active=True)
    return list(rows.select_related("item__base_uom", "parts_list").order_by("position"))


@dataclass(frozen=True, slots=True)
class KitPart:
    """A part of a kit: what is needed, available and short, base units."""

    item: Item
    needed: Decimal
    available: Decimal
    enough_for: Decimal

    @property
    def short(self) -> Decimal:
        return max(self.needed - self.available, ZERO)


@dataclass(frozen=True, slots=True)
class Kit:
    """齐套检查: how many of an item can be made now, and what a quantity is short of."""

    item: Item
    quantity: Decimal
    can_make: Decimal
    parts: tuple[KitPart, ...]


def kit(actor: Actor, item_id: int, warehouse_id: int, quantity: Decimal) -> Kit:
    """What making so many base units needs in that warehouse, and what it has available.

    Raises Refused: forbidden, not_found (warehouse out of scope, item), no_parts_list.
    """
    demand(actor, "parts_list.view")
    item = one(Item.objects.filter(pk=item_id).select_related("base_uom"))
    if item is None:
        raise Refused("not_found", "item", what="商品")
    lines = _parts_of(item_id)
    if not lines:
        raise Refused("no_parts_list", "item", item_name=item.name)
    there = stocked(actor, warehouse_id, [line.item_id for line in lines])
    parts = [_part(line, {i: s.available for i, s in there.items()}) for line in lines]
    told = tuple(
        KitPart(
            line.item,
            part.needed(quantity),
            part.available,
            rules.can_make([part], item.quantity_places),
        )
        for line, part in zip(lines, parts, strict=True)
    )
    return Kit(item, quantity, rules.can_make(parts, item.quantity_places), told)


def _part(line: PartsListLine, available: Mapping[int, Decimal]) -> Part:
    return Part(
        line.item_id,
        line.quantity,
        line.parts_list.output_quantity,
        line.item.quantity_places,
        available.get(line.item_id, ZERO),
    )


def proposed(actor: Actor, item_id: int, quantity: Decimal) -> dict[int, Decimal]:
    """Base units of each part that so many of the item need by its parts list; often nothing."""
    assert actor is not None
    return {line.item_id: _part(line, {}).needed(quantity) for line in _parts_of(item_id)}
