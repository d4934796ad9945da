"""What people do with items, families and categories."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Concat, Substr

from hengcang.catalog import changes, rules, writes
from hengcang.catalog.drafts import AttributeDraft, FamilyDraft, Imported, ItemDraft
from hengcang.catalog.models import (
    Attribute,
    AttributeValue,
    Item,
    ItemCategory,
    ItemFamily,
    ItemUom,
)
from hengcang.compliance import audit
from hengcang.compliance.audit import Subject
from hengcang.identity.access import demand
from hengcang.kernel.actor import Actor, FieldClass
from hengcang.kernel.codes import checked_code, checked_text
from hengcang.kernel.errors import Refused


@transaction.atomic
def save_item(draft: ItemDraft, *, actor: Actor) -> Item:
    """A new item exists with its units and barcodes.

    Raises Refused: forbidden, the codes of rules.checked_item, code_taken, barcode_taken,
    not_found (family, attribute value).
    """
    demand(actor, "item.save")
    checked = rules.checked_item(draft)
    writes.check_links([checked])
    item = writes.insert_items([checked])[0]
    audit.record(actor, "item.create", _subject(item))
    return item


@transaction.atomic
def change_item(item_id: int, version: int, draft: ItemDraft, *, actor: Actor) -> Item:
    """The item is as drafted. Purchase prices stay as they are for those who may not see them.

    Locks the item. Raises Refused: the codes of save_item, not_found, stale_version,
    base_uom_fixed, quantity_places_fixed, uom_ratio_fixed, uom_in_use.
    """
    demand(actor, "item.save")
    item = _locked(item_id)
    if item.version != version:
        raise Refused("stale_version", "version", version=item.version, seen=version)
    checked = rules.checked_item(draft)
    if not actor.sees(FieldClass.COST):
        checked = _with_kept_costs(item, checked)
    writes.check_links([checked])
    writes.check_free([checked], but=item.pk)
    changed = changes.rewrite(item, checked)
    audit.record(actor, "item.change", _subject(item), changed=changed)
    return item


@transaction.atomic
def disable_item(item_id: int, *, actor: Actor) -> None:
    """New lines can no longer name it; old ones stay. Raises Refused: forbidden, not_found."""
    _set_active(item_id, "item.disable", Value(value=False), actor)


@transaction.atomic
def enable_item(item_id: int, *, actor: Actor) -> None:
    """New lines may name the item again. Raises Refused: forbidden, not_found."""
    _set_active(item_id, "item.enable", Value(value=True), actor)


@transaction.atomic
def import_items(drafts: Sequence[ItemDraft], *, actor: Actor) -> Imported:
    """Every drafted code is an item; one that existed already is left as it is.

    Set-based, for thousands of drafts. Raises Refused: forbidden; RefusedLines with the codes of
    save_item, and code_twice, on `lines.<n>.<field>`, n from 1; then nothing is written.
    """
    demand(actor, "item.save")
    ids = writes.item_ids({rules.item_code(draft.code) for draft in drafts})
    new = [draft for draft in drafts if rules.item_code(draft.code) not in ids]
    if not new:
        return Imported(0, ids)
    checked: list[ItemDraft] = writes.each_of(new, rules.checked_item)
    _refuse_repeats(checked)
    writes.check_links(checked)
    items = writes.insert_items(checked)
    facts = {"count": len(items), "first": items[0].code, "last": items[-1].code}
    audit.record(actor, "item.import", Subject("item", None, f"{len(items)} 个商品"), **facts)
    return Imported(len(items), ids | {item.code: item.pk for item in items})


@transaction.atomic
def create_family(draft: FamilyDraft, *, actor: Actor) -> ItemFamily:
    """The family exists with one item per combination of its values.

    Variants take everything but code, name and barcodes from the pattern; codes are the family's
    with -01, -02, … and names end with their values. Raises Refused: forbidden, code_invalid,
    attributes_missing, attribute_twice, family_too_large, code_taken and those of save_item.
    """
    demand(actor, "item.save")
    code = rules.item_code(checked_code(draft.code))
    combinations = rules.variants(draft)
    taken = ItemFamily.objects.filter(code=code).first()
    if taken is not None:
        raise Refused("code_taken", "code", code_text=code, name=taken.name)
    name = checked_text(draft.name.strip(), "name", "款名称", 100)
    family = ItemFamily.objects.create(code=code, name=name)
    values = _value_ids(draft.attributes)
    family.attributes.set({value.attribute_id for value in values.values()})
    drafts = [
        _variant(draft, family, number, [values[n, v] for n, v in _named(draft, combination)])
        for number, combination in enumerate(combinations, start=1)
    ]
    writes.insert_items(writes.each_of(drafts, rules.checked_item))
    audit.record(
        actor,
        "item_family.create",
        Subject("item_family", family.pk, name),
        code=code,
        variants=len(drafts),
    )
    return family


@transaction.atomic
def add_category(path: str, *, actor: Actor) -> ItemCategory:
    """The category, and those above it, exist.

    Raises Refused: forbidden, field_missing, field_invalid.
    """
    demand(actor, "item.save")
    names = rules.paths_down_to(path)
    checked_text(names[-1] if names else "", "path", "商品类别", 200)
    for name in names[-1].split("/"):
        checked_text(name, "path", "商品类别", 40)
    category = ItemCategory.objects.get(id=writes.category_ids([names[-1]])[names[-1]])
    audit.record(actor, "item_category.add", Subject("item_category", category.pk, names[-1][:80]))
    return category


@transaction.atomic
def rename_category(category_id: int, name: str, *, actor: Actor) -> ItemCategory:
    """The category has the name, in its path and in those below it.

    Raises Refused: forbidden, not_found, field_missing, field_invalid, category_taken.
    """
    demand(actor, "item.save")
    category = ItemCategory.objects.select_for_update().filter(id=category_id).first()
    if category is None:
        raise Refused("not_found", what="商品类别")
    checked = checked_text(name.strip().replace("/", " "), "name", "商品类别", 40)
    before = category.path
    parent = before.rpartition("/")[0]
    path = f"{parent}/{checked}" if parent else checked
    if ItemCategory.objects.filter(path=path).exclude(id=category_id).exists():
        raise Refused("category_taken", "name", path=path)
    below = ItemCategory.objects.filter(path__startswith=before + "/")
    below.update(path=Concat(Value(path), Substr(F("path"), len(before) + 1)))
    category.name, category.path = checked, path
    category.save(update_fields=["name", "path"])
    audit.record(
        actor,
        "item_category.rename",
        Subject("item_category", category_id, path[:80]),
        before=before,
    )
    return category


def _set_active(item_id: int, verb: str, active: Value, actor: Actor) -> None:
    demand(actor, "item.save")
    item = _locked(item_id)
    Item.objects.filter(id=item_id).update(is_active=active, version=F("version") + 1)
    audit.record(actor, verb, _subject(item))


def _locked(item_id: int) -> Item:
    item = Item.objects.select_for_update().filter(id=item_id).first()
    if item is None:
        raise Refused("not_found", what="商品")
    return item


def _with_kept_costs(item: Item, draft: ItemDraft) -> ItemDraft:
    kept: dict[str, Decimal | None] = {
        uom.uom.name: uom.purchase_price
        for uom in ItemUom.objects.filter(item=item).select_related("uom")
    }
    return replace(
        draft,
        purchase_price=item.purchase_price,
        uoms=tuple(replace(uom, purchase_price=kept.get(uom.name)) for uom in draft.uoms),
    )


def _refuse_repeats(drafts: Sequence[ItemDraft]) -> None:
    """No code and no barcode stands in two drafts."""
    codes: set[str] = set()
    barcodes: dict[str, ItemDraft] = {}

    def once(draft: ItemDraft) -> None:
        if draft.code in codes:
            raise Refused("code_twice", "code", code_text=draft.code)
        codes.add(draft.code)
        for code in rules.all_barcodes(draft):
            other = barcodes.setdefault(code, draft)
            if other is not draft:
                raise writes.barcode_taken(code, other.code, other.name)

    writes.each_of(drafts, once)


def _value_ids(attributes: Sequence[AttributeDraft]) -> dict[tuple[str, str], AttributeValue]:
    """Every attribute and value exists; the values by (attribute, value)."""
    names = [attribute.name for attribute in attributes]
    Attribute.objects.bulk_create([Attribute(name=name) for name in names], ignore_conflicts=True)
    by_name = {row.name: row for row in Attribute.objects.filter(name__in=names)}
    AttributeValue.objects.bulk_create(
        [AttributeValue(attribute=by_name[a.name], name=v) for a in attributes for v in a.values],
        ignore_conflicts=True,
    )
    rows = AttributeValue.objects.filter(attribute__in=by_name.values()).select_related("attribute")
    return {(row.attribute.name, row.name): row for row in rows}


def _named(draft: FamilyDraft, values: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(a.name, v) for a, v in zip(draft.attributes, values, strict=True)]


def _variant(
    draft: FamilyDraft, family: ItemFamily, number: int, values: Sequence[AttributeValue]
) -> ItemDraft:
    return replace(
        draft.pattern,
        code=f"{family.code}-{number:02d}",
        name=" ".join([family.name, *(value.name for value in values)]),
        family_id=family.pk,
        attribute_value_ids=tuple(value.pk for value in values),
        barcodes=(),
        uoms=tuple(replace(uom, barcodes=()) for uom in draft.pattern.uoms),
    )


def _subject(item: Item) -> Subject:
    return Subject("item", item.pk, f"{item.code} {item.name}"[:80])
