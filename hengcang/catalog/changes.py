"""An existing item brought in line with a draft. What lines of documents lean on never changes."""

from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from hengcang.catalog import rules, writes
from hengcang.catalog.drafts import ItemDraft, UomDraft
from hengcang.catalog.models import Barcode, Item, ItemUom
from hengcang.catalog.writes import Named
from hengcang.kernel.errors import Refused

# Money paid is not for every reader of the audit log: that it changed is said, not the figure.
UNSAID = frozenset({"purchase_price"})
FIXED = "item_serials_fixed"  # as the trigger on items names it


def rewrite(item: Item, draft: ItemDraft) -> dict[str, object]:
    """The locked item, its units, barcodes and values are as drafted; what changed, for the audit.

    Raises Refused: base_uom_fixed, quantity_places_fixed, uom_ratio_fixed, uom_in_use,
    serials_fixed.
    """
    if draft.base_uom != item.base_uom.name:
        raise Refused("base_uom_fixed", "base_uom", uom=item.base_uom.name)
    if draft.quantity_places < item.quantity_places:
        raise Refused("quantity_places_fixed", "quantity_places", places=item.quantity_places)
    names = writes.named([draft])
    changed = _set_columns(item, writes.item_columns(draft, names))
    if _rewrite_uoms(item, draft, names):
        changed["uoms"] = [uom.name for uom in draft.uoms]
    if _rewrite_barcodes(item, draft, names):
        changed["barcodes"] = rules.all_barcodes(draft)
    item.attribute_values.set(draft.attribute_value_ids)
    item.version += 1
    _save(item)
    return changed


def _save(item: Item) -> None:
    """The row is kept, unless goods of it have moved and it is to be tracked otherwise: the
    database says so.
    """
    try:
        with transaction.atomic():
            item.save()
    except IntegrityError as problem:
        if getattr(getattr(problem.__cause__, "diag", None), "constraint_name", "") != FIXED:
            raise
        raise Refused("serials_fixed", "tracks_serials", item_name=item.name) from None


def _set_columns(item: Item, columns: dict[str, Any]) -> dict[str, object]:
    changed: dict[str, object] = {}
    for column, value in columns.items():
        before = getattr(item, column)
        if before == value:
            continue
        setattr(item, column, value)
        if not column.startswith("search_"):
            changed[column] = "…" if column in UNSAID else [_plain(before), _plain(value)]
    return changed


def _plain(value: object) -> object:
    return value if value is None or isinstance(value, (int, str)) else str(value)


def _rewrite_uoms(item: Item, draft: ItemDraft, names: Named) -> bool:
    """Whether a unit or one of its prices changed."""
    present = {uom.uom_id: uom for uom in item.uoms.all()}
    wanted = {names.uoms[unit.name]: unit for unit in writes.all_uoms(draft)}
    changed = False
    for uom_id, unit in wanted.items():
        columns = writes.uom_columns(unit, names)
        if uom_id not in present:
            ItemUom.objects.create(item=item, **columns)
            changed = True
        else:
            changed |= _rewrite_uom(present[uom_id], unit, columns)
    for uom_id in set(present) - set(wanted):
        _remove(present[uom_id])
        changed = True
    return changed


def _rewrite_uom(uom: ItemUom, unit: UomDraft, columns: dict[str, Any]) -> bool:
    if (uom.ratio_num, uom.ratio_den) != (columns["ratio_num"], columns["ratio_den"]):
        facts = {"uom": unit.name, "num": uom.ratio_num, "den": uom.ratio_den}
        raise Refused("uom_ratio_fixed", "uoms", **facts)
    prices = (columns["sale_price"], columns["purchase_price"])
    if (uom.sale_price, uom.purchase_price) == prices:
        return False
    uom.sale_price, uom.purchase_price = prices
    uom.save(update_fields=["sale_price", "purchase_price"])
    return True


def _remove(uom: ItemUom) -> None:
    """The unit is gone, unless a document uses it: the database's own references say so."""
    Barcode.objects.filter(item_uom=uom).delete()
    try:
        uom.delete()
    except ProtectedError:
        raise Refused("uom_in_use", "uoms", uom=uom.uom.name) from None


def _rewrite_barcodes(item: Item, draft: ItemDraft, names: Named) -> bool:
    uoms = {uom.uom_id: uom for uom in ItemUom.objects.filter(item=item)}
    wanted = {
        code: uoms[names.uoms[unit.name]].pk
        for unit in writes.all_uoms(draft)
        for code in unit.barcodes
    }
    present = {row.code: row.item_uom_id for row in Barcode.objects.filter(item=item)}
    if present == wanted:
        return False
    stale = [code for code, uom_id in present.items() if wanted.get(code) != uom_id]
    Barcode.objects.filter(item=item, code__in=stale).delete()
    Barcode.objects.bulk_create(
        Barcode(code=code, item_uom_id=uom_id, item=item)
        for code, uom_id in wanted.items()
        if present.get(code) != uom_id
    )
    return True
