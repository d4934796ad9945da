"""From a body to the draft the actions read."""

from typing import Any
from uuid import UUID

from hengcang.catalog import queries as catalog
from hengcang.catalog.queries import ItemHit
from hengcang.documents.drafts import Draft, LineDraft
from hengcang.kernel.actor import Actor
from hengcang.kernel.errors import Refused, RefusedLines

HEADER = (
    "dated",
    "warehouse_id",
    "partner_id",
    "due_date",
    "valid_until",
    "channel_id",
    "salesperson_id",
    "prices_include_tax",
    "bill_discount",
    "rounding_off",
    "external_no",
    "reason",
    "note",
    "to_warehouse_id",
    "outcome",
    "responsible",
    "carrier",
    "tracking_no",
    "notice_id",
    "product_id",
    "product_quantity",
    "product_batch_no",
    "product_expiry_date",
    "product_bin_code",
    "product_serials",
    "extra_cost",
)
LINE = (
    "item_id",
    "quantity",
    "item_uom_id",
    "price",
    "discount_rate",
    "tax_rate",
    "source_line_id",
    "unit_cost",
    "note",
    "batch_no",
    "mfg_date",
    "expiry_date",
    "bin_code",
    "to_bin_code",
    "direction",
    "stock_status",
    "to_status",
    "rejected",
    "reject_cause",
    "rejected_serials",
    "supplier_id",
    "due_date",
    "serials",
    "moq",
    "lead_time_days",
    "warehouse_id",
    "is_gift",
    "is_sample",
)


def draft_of(actor: Actor, body: Any, client_uuid: UUID) -> Draft:
    """The document as filled in; barcodes have become items and units.

    Raises RefusedLines with barcode_unknown or field_missing per line.
    """
    barcodes = {line.barcode for line in body.lines if line.barcode is not None}
    hits = catalog.items_by_barcode(actor, barcodes) if barcodes else {}
    refusals: list[Refused] = []
    lines: list[LineDraft] = []
    for position, line in enumerate(body.lines, start=1):
        try:
            lines.append(_line(line, hits, f"lines.{position}"))
        except Refused as refusal:
            refusals.append(refusal)
    if refusals:
        raise RefusedLines(refusals)
    return Draft(client_uuid=client_uuid, lines=tuple(lines), **_present(body, HEADER))


def _line(line: Any, hits: dict[str, ItemHit], at: str) -> LineDraft:
    columns = _present(line, LINE)
    if columns.get("rejected", 0) is None:
        del columns["rejected"]  # all of it is good
    if line.barcode is not None:
        hit = hits.get(line.barcode)
        if hit is None:
            raise Refused("barcode_unknown", f"{at}.barcode", barcode=line.barcode[:40])
        if line.item_id not in (None, hit.item.pk):
            reason = "条码与 item_id 不是同一商品。"
            raise Refused("field_invalid", f"{at}.barcode", what="条码", reason=reason)
        columns["item_id"] = hit.item.pk
        columns["item_uom_id"] = line.item_uom_id or hit.uom.pk
    elif line.item_id is None:
        raise Refused("field_missing", f"{at}.item", what="商品（item_id 或 barcode）")
    return LineDraft(**columns)


def _present(shape: Any, names: tuple[str, ...]) -> dict[str, Any]:
    """Those of the names that this kind's shape has."""
    found = {name: getattr(shape, name) for name in names if name in type(shape).model_fields}
    return {name: tuple(v) if isinstance(v, list) else v for name, v in found.items()}
