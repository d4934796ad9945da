"""The order of item suggestions, stage by stage, each on an index. Active items only.

A stage runs only while places are left: a popular word fills them in the first stages, and a rare
one is cheap in the last. One sort over everything that matches took five times as long.
"""

from django.db import connection

from hengcang.catalog.models import Barcode
from hengcang.kernel import search

_CODE_PREFIX = """
SELECT id FROM catalog_item WHERE is_active AND code LIKE %(code)s AND id <> ALL(%(seen)s)
ORDER BY code USING ~<~ LIMIT %(limit)s
"""
_HEADS = """
SELECT id FROM catalog_item WHERE is_active AND search_tokens @> %(head)s::text[]
 AND (search_initials LIKE %(initials)s OR search_text LIKE %(name)s) AND id <> ALL(%(seen)s)
ORDER BY search_initials NOT LIKE %(initials)s, code LIMIT %(limit)s
"""
_CONTAINS = """
SELECT id FROM catalog_item WHERE is_active AND search_tokens @> %(grams)s::text[]
 AND search_text LIKE ALL(%(parts)s) AND id <> ALL(%(seen)s) ORDER BY code LIMIT %(limit)s
"""
# Of words that are everywhere only the first of the matches are weighed.
_ALL_WORDS = """
SELECT id FROM (
 SELECT id, code, search_initials, search_text FROM catalog_item
 WHERE is_active AND search_tokens @> %(grams)s::text[] AND search_text LIKE ALL(%(parts)s)
 ORDER BY code LIMIT 500) matches
ORDER BY code LIKE %(code)s DESC, search_initials LIKE %(initials)s DESC,
 search_text LIKE %(name)s DESC, code LIMIT %(limit)s
"""


def found(words: list[str], limit: int) -> dict[int, int | None]:
    """Item ids, best first; with each the ItemUom whose barcode was typed, where it was one."""
    hits: dict[int, int | None] = {}
    if not words:
        return hits
    if len(words) == 1:
        hits |= _exact(words[0])
    stages = (_CODE_PREFIX, _HEADS, _CONTAINS) if len(words) == 1 else (_ALL_WORDS,)
    values = _values(words)
    for stage in stages:
        if len(hits) >= limit:
            break
        with connection.cursor() as cursor:
            cursor.execute(stage, {**values, "seen": list(hits), "limit": limit - len(hits)})
            hits |= {int(row[0]): None for row in cursor.fetchall()}
    return hits


def _exact(word: str) -> dict[int, int | None]:
    """The item of this barcode, then of this code; the word is lower case, kept codes are upper."""
    rows = Barcode.objects.filter(code__in=[word, word.upper()], item__is_active=True)
    hits: dict[int, int | None] = dict(rows.values_list("item_id", "item_uom_id"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM catalog_item WHERE is_active AND code = %s", [word.upper()])
        for row in cursor.fetchall():
            hits.setdefault(int(row[0]), None)
    return hits


def _values(words: list[str]) -> dict[str, str | list[str]]:
    first = search.like(words[0])
    return {
        "code": first.upper() + "%",
        "head": [search.head_of(words[0])],
        "initials": f"%{search.HEAD}{first}%",
        "name": first + "%",
        "grams": sorted({gram for word in words for gram in search.grams_of(word)}),
        "parts": [f"%{search.like(word)}%" for word in words],
    }
