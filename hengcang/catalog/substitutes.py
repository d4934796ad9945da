"""替代品: what can be given instead of an item, one for one."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection, transaction

from hengcang.books.inserting import insert_rows
from hengcang.catalog.models import Item, ItemSubstitute
from hengcang.compliance import audit
from hengcang.compliance.audit import Subject
from hengcang.identity.access import demand
from hengcang.kernel.actor import Actor
from hengcang.kernel.codes import checked_text
from hengcang.kernel.errors import Refused, RefusedLines

MOST, LONGEST_NOTE = 50, 100


@dataclass(frozen=True, slots=True)
class Substitute:
    """An item that can be given instead. `is_own`: said of this item, not of the other one."""

    item_id: int
    code: str
    name: str
    spec: str
    is_active: bool
    both_ways: bool
    note: str
    is_own: bool


@dataclass(frozen=True, slots=True)
class SubstituteDraft:
    """A substitute as filled in: by the code of the item."""

    code: str
    both_ways: bool = True
    note: str = ""


_SUBSTITUTES = """
SELECT i.id, i.code, i.name, i.spec, i.is_active, s.both_ways, s.note, s.item_id = %(item)s
FROM catalog_itemsubstitute s
JOIN catalog_item i ON i.id = CASE WHEN s.item_id = %(item)s THEN s.substitute_id ELSE s.item_id END
WHERE s.item_id = %(item)s OR (s.both_ways AND s.substitute_id = %(item)s)
ORDER BY s.item_id = %(item)s DESC, s.id
"""


def substitutes(actor: Actor, item_id: int) -> list[Substitute]:
    """What can be given instead of an item: what is said of it, then what is said both ways of
    others. Raises Refused("forbidden") without item.view.
    """
    demand(actor, "item.view")
    with connection.cursor() as cursor:
        cursor.execute(_SUBSTITUTES, {"item": item_id})
        return [Substitute(*row) for row in cursor.fetchall()]


@transaction.atomic
def save_substitutes(
    item_id: int, version: int, drafts: Sequence[SubstituteDraft], *, actor: Actor
) -> Item:
    """What can be given instead of the item is this list, in this order; a new version of it.

    What others say of the item both ways stays with them. Locks the item. Raises Refused:
    forbidden, not_found, stale_version, too_many_lines; RefusedLines with item_unknown,
    substitute_itself, substitute_twice, field_invalid.
    """
    demand(actor, "item.save")
    item = Item.objects.select_for_update(no_key=True).filter(id=item_id).first()
    if item is None:
        raise Refused("not_found", what="商品")
    if item.version != version:
        raise Refused("stale_version", "version", version=item.version, seen=version)
    if len(drafts) > MOST:
        raise Refused("too_many_lines", "lines", limit=MOST, count=len(drafts))
    rows = _rows(item, drafts)
    before = [one.code for one in substitutes(actor, item_id) if one.is_own]
    ItemSubstitute.objects.filter(item=item).delete()
    insert_rows(rows)
    Item.objects.filter(id=item_id).update(version=item.version + 1)
    item.version += 1
    after = [draft.code.strip().upper() for draft in drafts]
    subject = Subject("item", item.pk, f"{item.code} {item.name}"[:80])
    audit.record(actor, "item.substitutes", subject, changed={"substitutes": [before, after]})
    return item


def _rows(item: Item, drafts: Sequence[SubstituteDraft]) -> list[ItemSubstitute]:
    """Raises RefusedLines: the codes of save_substitutes."""
    known = dict(
        Item.objects.filter(code__in={d.code.strip().upper() for d in drafts}).values_list(
            "code", "id"
        )
    )
    rows: list[ItemSubstitute] = []
    refusals: list[Refused] = []
    for number, draft in enumerate(drafts, start=1):
        try:
            found = _checked(item, draft, known, f"lines.{number}.code")
            if found in {row.substitute_id for row in rows}:
                raise Refused("substitute_twice", f"lines.{number}.code", code_text=draft.code)
        except Refused as refusal:
            refusals.append(refusal)
            continue
        rows.append(
            ItemSubstitute(
                item=item,
                substitute_id=found,
                both_ways=draft.both_ways,
                note=draft.note.strip(),
            )
        )
    if refusals:
        raise RefusedLines(refusals)
    return rows


def _checked(item: Item, draft: SubstituteDraft, known: dict[str, int], at: str) -> int:
    found = known.get(draft.code.strip().upper())
    if found is None:
        raise Refused("substitute_unknown", at, code_text=draft.code.strip()[:40])
    if found == item.pk:
        raise Refused("substitute_itself", at, item_name=item.name)
    if draft.note.strip():
        checked_text(draft.note.strip(), at.replace("code", "note"), "备注", LONGEST_NOTE)
    return found
