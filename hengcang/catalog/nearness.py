"""Which items many wordings may mean, for all of them at once: few statements, each on an index."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from hengcang.books.plans import planned_for_its_values
from hengcang.catalog.models import Barcode, Item, ItemUom

NEAR = 60  # items looked at for a wording, the shortest names first
OF_A_TOKEN = 200

_ALL_OF = """
SELECT w.n, near.id FROM unnest(%s::int[], %s::text[]) w(n, tokens)
CROSS JOIN LATERAL (
 SELECT id FROM catalog_item
 WHERE is_active AND search_tokens @> string_to_array(w.tokens, E'\\x1f')
 ORDER BY length(name) + length(spec), code LIMIT %s) near
"""
_ANY_OF = """
WITH wanted(n, token) AS MATERIALIZED (SELECT * FROM unnest(%s::int[], %s::text[])),
hits AS MATERIALIZED (
 SELECT t.token, near.id FROM (SELECT DISTINCT token FROM wanted) t
 CROSS JOIN LATERAL (
  SELECT id FROM catalog_item WHERE is_active AND search_tokens @> ARRAY[t.token] LIMIT %s) near)
SELECT n, id FROM (
 SELECT n, id, row_number() OVER (PARTITION BY n ORDER BY count(*) DESC, id) AS place
 FROM wanted JOIN hits USING (token) GROUP BY n, id) counted WHERE place <= %s
"""
_COMMON = """
SELECT e.token, e.share
FROM pg_stats s, unnest(s.most_common_elems::text::text[], s.most_common_elem_freqs) e(token, share)
WHERE s.schemaname = 'public' AND s.tablename = 'catalog_item' AND s.attname = 'search_tokens'
 AND e.token = ANY(%s)
"""


@dataclass(frozen=True, slots=True)
class Offered:
    """An active item as it may be ordered: (ItemUom id, unit, num, den), the base unit first."""

    id: int
    code: str
    name: str
    spec: str
    quantity_places: int
    units: tuple[tuple[int, str, int, int], ...]


def with_all(tokens: Mapping[str, Sequence[str]]) -> dict[str, list[int]]:
    """Ids of active items that have all tokens of a wording; at most NEAR of each."""
    asked = [(words, of) for words, of in tokens.items() if of]
    if not asked:
        return {}
    joined = ["\x1f".join(of) for _, of in asked]
    return _found(_ALL_OF, [list(range(len(asked))), joined, NEAR], [words for words, _ in asked])


def with_any(tokens: Mapping[str, Sequence[str]]) -> dict[str, list[int]]:
    """Ids of active items that have some, those with most of them first; at most NEAR of each."""
    names = list(tokens)
    pairs = [(n, token) for n, words in enumerate(names) for token in tokens[words]]
    if not pairs:
        return {}
    values = [[n for n, _ in pairs], [token for _, token in pairs], OF_A_TOKEN, NEAR]
    return _found(_ANY_OF, values, names)


def _found(sql: str, values: Sequence[Any], names: Sequence[str]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    with planned_for_its_values(), connection.cursor() as cursor:
        cursor.execute(sql, values)
        for n, item_id in cursor.fetchall():
            found.setdefault(names[n], []).append(item_id)
    return found


def shares(tokens: Iterable[str]) -> dict[str, float]:
    """How common tokens are, from the statistics; one that is missing there is rare."""
    with connection.cursor() as cursor:
        cursor.execute(_COMMON, [list(tokens)])
        return dict(cursor.fetchall())


def named(codes: Collection[str]) -> list[tuple[str, int, int | None]]:
    """Code or barcode in upper case, item, and the unit a barcode packs; all that it may name."""
    if not codes:
        return []
    rows = Item.objects.filter(code__in=codes, is_active=True).values_list("code", "id")
    found: list[tuple[str, int, int | None]] = [(code, item_id, None) for code, item_id in rows]
    spellings = {*codes, *(code.lower() for code in codes)}
    barcodes = Barcode.objects.filter(code__in=spellings, item__is_active=True)
    packed = barcodes.values_list("code", "item_id", "item_uom_id")
    return found + [(code.upper(), item_id, uom_id) for code, item_id, uom_id in packed]


def offered(item_ids: Collection[int]) -> dict[int, Offered]:
    """Active items by id, in one query."""
    rows = ItemUom.objects.filter(item_id__in=item_ids, item__is_active=True).order_by("id")
    columns = ("item_id", "item__code", "item__name", "item__spec", "item__quantity_places")
    own = ("item__base_uom_id", "uom_id", "id", "uom__name", "ratio_num", "ratio_den")
    heads: dict[int, tuple[str, str, str, int]] = {}
    units: dict[int, list[tuple[int, str, int, int]]] = {}
    for item_id, code, name, spec, places, base, uom, *unit in rows.values_list(*columns, *own):
        heads[item_id] = (code, name, spec, places)
        mine = units.setdefault(item_id, [])
        mine.insert(0 if base == uom else len(mine), (unit[0], unit[1], unit[2], unit[3]))
    return {key: Offered(key, *head, tuple(units[key])) for key, head in heads.items()}
