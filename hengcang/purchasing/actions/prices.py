"""What people do with suppliers' price lists."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from hengcang.catalog.queries import Goods, items_of_lines
from hengcang.compliance import audit
from hengcang.compliance.audit import Act, Subject
from hengcang.documents.attempts import action
from hengcang.documents.drafts import MAX_LINES
from hengcang.identity.access import demand
from hengcang.kernel.actor import Actor, FieldClass
from hengcang.kernel.errors import Refused, RefusedLines
from hengcang.kernel.numbers import shown
from hengcang.partners.models import Partner
from hengcang.purchasing import prices
from hengcang.purchasing.models import SupplierPrice

MOST_DAYS = 3650
KEY = ("partner_id", "item_id", "item_uom_id", "min_quantity", "valid_from")
VALUES = ("price", "includes_tax", "moq", "order_multiple", "lead_time_days", "valid_to")
Key = tuple[int, int, int, Decimal, date]


@dataclass(frozen=True, slots=True)
class PriceDraft:
    """A row as filled in. `item_uom_id` None: the base unit."""

    partner_id: int
    item_id: int
    price: Decimal
    valid_from: date
    item_uom_id: int | None = None
    min_quantity: Decimal = Decimal(0)
    includes_tax: bool = True
    moq: Decimal | None = None
    order_multiple: Decimal | None = None
    lead_time_days: int | None = None
    valid_to: date | None = None


@action
def save_supplier_prices(drafts: Sequence[PriceDraft], *, actor: Actor) -> list[SupplierPrice]:
    """The rows stand in the price lists; one of the same supplier, item, unit, step and first day
    is replaced. Saving the same again changes nothing.

    Raises Refused: forbidden, no_lines, too_many_lines; RefusedLines with item_unknown,
    uom_unknown, not_found (supplier), dates_reversed, days_out_of_range, supplier_price_twice,
    amount_negative, quantity_not_positive.
    """
    _demand_writing(actor)
    if not drafts:
        raise Refused("no_lines", "lines")
    if len(drafts) > MAX_LINES:
        raise Refused("too_many_lines", "lines", limit=MAX_LINES, count=len(drafts))
    wanted = _checked(drafts, actor)
    before = _standing(wanted)
    made = SupplierPrice.objects.bulk_create(
        wanted, update_conflicts=True, unique_fields=list(KEY), update_fields=list(VALUES)
    )
    audit.record_all([_act(row, before, actor) for row in made])
    return made


@action
def remove_supplier_price(price_id: int, *, actor: Actor) -> None:
    """The row is gone. Raises Refused: forbidden, not_found."""
    _demand_writing(actor)
    row = prices.supplier_price(actor, price_id)
    audit.record(
        actor,
        "supplier_price.remove",
        Subject("supplier_price", row.pk, row.item.name),
        price=shown(row.price),
        supplier=row.partner.name,
    )
    row.delete()


def _demand_writing(actor: Actor) -> None:
    demand(actor, "supplier_price.save")
    if not actor.sees(FieldClass.COST):
        raise Refused("forbidden", permission="cost", permission_label="查看成本")


def _key(row: SupplierPrice) -> Key:
    return (row.partner_id, row.item_id, row.item_uom_id, row.min_quantity, row.valid_from)


def _standing(wanted: list[SupplierPrice]) -> dict[Key, Decimal]:
    rows = SupplierPrice.objects.filter(
        partner_id__in={row.partner_id for row in wanted},
        item_id__in={row.item_id for row in wanted},
    )
    return {_key(row): row.price for row in rows.order_by("id").select_for_update()}


def _act(row: SupplierPrice, before: dict[Key, Decimal], actor: Actor) -> Act:
    facts: dict[str, object] = {"price": shown(row.price), "supplier": row.partner_id}
    if (old := before.get(_key(row))) is not None:
        facts["before"] = shown(old)
    verb = "supplier_price.change" if "before" in facts else "supplier_price.create"
    return Act(actor, verb, Subject("supplier_price", row.pk, row.item.name), facts)


def _checked(drafts: Sequence[PriceDraft], actor: Actor) -> list[SupplierPrice]:
    goods = items_of_lines({draft.item_id for draft in drafts})
    partners = Partner.objects.visible_to(actor).filter(supplier__isnull=False)
    known = set(partners.filter(id__in={d.partner_id for d in drafts}).values_list("id", flat=True))
    rows: list[SupplierPrice] = []
    refusals: list[Refused] = []
    seen: set[Key] = set()
    for position, draft in enumerate(drafts, start=1):
        at = f"lines.{position}"
        try:
            if draft.partner_id not in known:
                raise Refused("not_found", f"{at}.partner", what="供应商")
            row = _row(draft, goods.get(draft.item_id), at)
            if _key(row) in seen:
                raise Refused("supplier_price_twice", f"{at}.item", item_name=row.item.name)
            seen.add(_key(row))
            rows.append(row)
        except Refused as refusal:
            refusals.append(refusal)
    if refusals:
        raise RefusedLines(refusals)
    return rows


def _row(draft: PriceDraft, goods: Goods | None, at: str) -> SupplierPrice:
    if goods is None:
        raise Refused("item_unknown", f"{at}.item")
    item = goods.item
    uom = next(
        (
            u
            for u in goods.uoms
            if draft.item_uom_id == u.pk
            or (draft.item_uom_id is None and u.uom_id == item.base_uom_id)
        ),
        None,
    )
    if uom is None:
        raise Refused("uom_unknown", f"{at}.uom", item_name=item.name)
    _refuse_unreal(draft, at)
    values = {name: getattr(draft, name) for name in VALUES}
    return SupplierPrice(
        partner_id=draft.partner_id,
        item=item,
        item_uom=uom,
        min_quantity=draft.min_quantity.quantize(Decimal("0.000001")),
        valid_from=draft.valid_from,
        **values,
    )


def _refuse_unreal(draft: PriceDraft, at: str) -> None:
    if draft.price < 0 or draft.min_quantity < 0:
        raise Refused("amount_negative", f"{at}.price", text=shown(min(draft.price, ZERO)))
    for name in ("moq", "order_multiple"):
        quantity = getattr(draft, name)
        if quantity is not None and quantity <= 0:
            raise Refused("quantity_not_positive", f"{at}.{name}", text=shown(quantity))
    days = draft.lead_time_days
    if days is not None and not 0 <= days <= MOST_DAYS:
        raise Refused("days_out_of_range", f"{at}.lead_time_days", days=days, limit=MOST_DAYS)
    if draft.valid_to is not None and draft.valid_to < draft.valid_from:
        raise Refused(
            "dates_reversed",
            f"{at}.valid_to",
            first=draft.valid_from.isoformat(),
            last=draft.valid_to.isoformat(),
        )


ZERO = Decimal(0)
