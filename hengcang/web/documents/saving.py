"""Save a form and press a verb on it, in one transaction."""

from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, Decimal
from typing import Any

from hengcang.catalog import queries as catalog
from hengcang.documents.attempts import action
from hengcang.documents.drafts import Draft, LineDraft, Target
from hengcang.documents.flow import Status
from hengcang.documents.reversal import Undo
from hengcang.kernel.actor import Actor
from hengcang.kernel.errors import Refused
from hengcang.register.kinds import Kind
from hengcang.web.documents.desks import Press, desk_of
from hengcang.web.documents.impacts import refuse_unconfirmed

SAVE = "save"
SAVES_FIRST = frozenset({"submit", "approve", "post", "ship", "move"})
"""Verbs of a draft that take along what is typed; the others leave it as it was saved."""
EXACT = Decimal("1e-18")


@dataclass(frozen=True, slots=True)
class Wish:
    """What the form asks for. `target` None: a new document. `confirmed`: the impact shown."""

    kind: Kind
    verb: str
    draft: Draft
    undo: Undo
    target: Target | None = None
    confirmed: str = ""


@action
def saved(wish: Wish, *, actor: Actor) -> Any:
    """The document is as typed and, unless the verb is save, the verb is done to it; or nothing is.

    The same intent again returns what it made. Raises Refused as the actions do, and
    ImpactUnconfirmed.
    """
    document = _written(wish, actor)
    if wish.verb == SAVE or document.status != Status.DRAFT:
        return document
    target = Target(document.pk, document.version)
    if wish.target is None and document.version != 1:
        raise Refused("stale_version", version=document.version, seen=1)
    refuse_unconfirmed(wish, target, actor)
    return desk_of(wish.kind).press(Press(wish.verb, target, wish.undo), actor)


def _written(wish: Wish, actor: Actor) -> Any:
    desk = desk_of(wish.kind)
    draft = _in_base_units(wish.draft, actor)
    if wish.target is None:
        return desk.save(draft, actor=actor)
    return desk.change(wish.target, draft, actor=actor)


def _in_base_units(draft: Draft, actor: Actor) -> Draft:
    """A cost is typed per unit of the line and kept per base unit, exact to the same cent."""
    stated = [line for line in draft.lines if line.unit_cost is not None and line.item_uom_id]
    if not stated:
        return draft
    units = catalog.units_of(actor, {line.item_id for line in stated})
    ratios = {unit.pk: unit for found in units.values() for unit in found}
    return replace(draft, lines=tuple(_per_base_unit(line, ratios) for line in draft.lines))


def _per_base_unit(line: LineDraft, units: dict[int, Any]) -> LineDraft:
    unit = units.get(line.item_uom_id or 0)
    if line.unit_cost is None or unit is None or unit.ratio_num == unit.ratio_den:
        return line
    # Rounded up at a place no cent can see, so that an exact half stays a half.
    cost = (line.unit_cost * unit.ratio_den / unit.ratio_num).quantize(EXACT, ROUND_CEILING)
    return replace(line, unit_cost=cost)
