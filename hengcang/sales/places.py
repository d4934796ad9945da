"""From which warehouse a line of an order goes: its own, or the order's."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.db.models.functions import Coalesce

from hengcang.documents.drafts import Draft
from hengcang.documents.parties import warehouse_of
from hengcang.kernel.actor import Actor
from hengcang.kernel.errors import Refused, RefusedLines

PLACE = Coalesce("warehouse_id", "document__warehouse_id")
PLACE_NAME = Coalesce("warehouse__name", "document__warehouse__name")


def goes_from(warehouse_ids: Iterable[int]) -> Q:
    """Order lines whose goods go from one of the warehouses."""
    ids = list(warehouse_ids)
    return Q(warehouse_id__in=ids) | Q(warehouse_id=None, document__warehouse_id__in=ids)


def refuse_unreachable(draft: Draft, actor: Actor) -> None:
    """Raises RefusedLines with not_found (also out of scope), warehouse_inactive and
    warehouse_transit for lines whose own warehouse cannot be promised from.
    """
    refusals: list[Refused] = []
    for position, line in enumerate(draft.lines, start=1):
        if line.warehouse_id in (None, draft.warehouse_id):
            continue
        try:
            warehouse_of(actor, line.warehouse_id)
        except Refused as refusal:
            at = f"lines.{position}.warehouse"
            refusals.append(Refused(refusal.code, at, **refusal.facts))
    if refusals:
        raise RefusedLines(refusals)


def own_warehouse(warehouse_id: int | None, header_id: int) -> int | None:
    """What a line stores: nothing when it goes from where its order says."""
    return None if warehouse_id == header_id else warehouse_id


def places_of(lines: Iterable[Any]) -> list[int]:
    """The warehouses that order lines go from, each once, in the order of their ids."""
    return sorted({line.place_id for line in lines})
