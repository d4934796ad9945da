"""What the texts of a sheet mean in the actor's book: looked up once for all rows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from hengcang.catalog.naming import NamedGoods, goods_by_code
from hengcang.integration.spreadsheets.columns import Named
from hengcang.kernel.actor import Actor
from hengcang.kernel.errors import Refused
from hengcang.partners.naming import partner_ids_called
from hengcang.places import queries as places
from hengcang.register.kinds import Kind
from hengcang.register.sourcing import SourceLine, source_label, source_lines
from hengcang.sales.queries import credited_to

Ids = Mapping[str, Sequence[int]]


@dataclass(frozen=True, slots=True)
class Known:
    """Ids by text, per column; goods by code; lines of source documents by number."""

    ids: Mapping[str, Ids]
    goods: Mapping[str, NamedGoods] = field(default_factory=dict)
    sources: Mapping[str, list[SourceLine]] = field(default_factory=dict)


def known_of(actor: Actor, kind: Kind, rows: Sequence[Named]) -> Known:
    """At most eight queries, whatever the rows. Raises Refused("forbidden")."""
    ids: dict[str, Ids] = {"warehouse": _by_code_or_name(places.active_warehouses(actor))}
    if _texts(rows, "to_warehouse"):
        ids["to_warehouse"] = _by_code_or_name(places.destinations(actor))
    if called := _texts(rows, "partner"):
        ids["partner"] = partner_ids_called(actor, called, kind.role or "supplier")
    if _texts(rows, "channel") or _texts(rows, "salesperson"):
        credited = credited_to(actor)
        ids["channel"] = _by_name(credited.channels)
        ids["salesperson"] = _by_name(credited.people)
    return Known(
        ids,
        goods_by_code(actor, _texts(rows, "item")),
        source_lines(actor, kind, _texts(rows, "source_no")) if kind.source else {},
    )


def id_called(known: Known, key: str, text: str, what: str) -> int:
    """The id of what a cell names. Raises Refused: name_unknown, name_ambiguous."""
    found = known.ids.get(key, {}).get(text, ())
    if not found:
        raise Refused("name_unknown", what=what, text=text[:40])
    if len(found) > 1:
        raise Refused("name_ambiguous", what=what, text=text[:40])
    return found[0]


def goods_called(known: Known, code: str) -> NamedGoods:
    """Raises Refused("name_unknown")."""
    found = known.goods.get(code)
    if found is None:
        raise Refused("name_unknown", what="商品", text=code[:40])
    return found


def unit_called(goods: NamedGoods, name: str) -> int:
    """The unit by its name; without one that of the barcode or the base unit.

    Raises Refused("choice_unknown").
    """
    if not name:
        return goods.unit.id
    found = next((unit for unit in goods.units if unit.name == name), None)
    if found is None:
        choices = "、".join(unit.name for unit in goods.units)
        raise Refused("choice_unknown", text=name[:20], choices=choices)
    return found.id


@dataclass
class Following:
    """Which lines of source documents the rows of one document take, each once while it can."""

    known: Known
    kind: Kind
    used: set[int] = field(default_factory=set)

    def line(self, number: str, item_id: int) -> int:
        """The line of that document with the item. Raises Refused: name_unknown, source_line_…"""
        lines = self.known.sources.get(number)
        if lines is None:
            raise Refused("name_unknown", what=source_label(self.kind), text=number[:40])
        same = [line for line in lines if line.item_id == item_id]
        if not same:
            raise Refused("source_has_no_item", number=number)
        free = [line for line in same if line.id not in self.used]
        found = next((line for line in free if line.is_open), (free or same)[0])
        self.used.add(found.id)
        return found.id


def _texts(rows: Sequence[Named], key: str) -> set[str]:
    return {text for row in rows if (text := row.cells.get(key, ""))}


def _by_code_or_name(found: Iterable[object]) -> Ids:
    ids: dict[str, list[int]] = {}
    for each in found:
        names = {getattr(each, "code", ""), getattr(each, "name", "")}
        for name in names:
            ids.setdefault(name, []).append(getattr(each, "pk", 0))
    return ids


def _by_name(pairs: Iterable[tuple[int, str]]) -> Ids:
    ids: dict[str, list[int]] = {}
    for pk, name in pairs:
        ids.setdefault(name, []).append(pk)
    return ids
