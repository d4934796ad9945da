"""Small worlds for tests: a book that is live, with items, places and partners."""

import itertools
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID, uuid4

from hengcang.catalog.models import Item, ItemUom, Uom
from hengcang.documents.drafts import Draft, LineDraft, Target
from hengcang.documents.models import Document
from hengcang.kernel.actor import SYSTEM
from hengcang.ledger.models import CostScope, Taxpayer
from hengcang.ledger.periods import Terms, go_live
from hengcang.partners.models import CustomerProfile, Partner, SupplierProfile
from hengcang.places.models import Warehouse

GO_LIVE = date(2026, 9, 1)
TODAY = date(2026, 11, 24)
_numbers = itertools.count(1)


@dataclass
class World:
    """A company ready to trade. `customer` and `supplier` are different partners."""

    warehouses: list[Warehouse]
    items: list[Item]
    customer: Partner
    supplier: Partner
    uoms: dict[int, ItemUom] = field(default_factory=dict)


def world(
    *,
    items: int = 2,
    warehouses: int = 2,
    scope: CostScope = CostScope.COMPANY,
    taxpayer: Taxpayer = Taxpayer.GENERAL,
    since: date = GO_LIVE,
) -> World:
    """A live book, since 2026-09-01 unless told, of pieces with tax rate 0: net is gross."""
    go_live(Terms("衡远商贸", since, taxpayer.value, scope.value), today=TODAY, actor=SYSTEM)
    uom, _ = Uom.objects.get_or_create(name="个")
    made = World(
        [Warehouse.objects.create(code=f"W{n}", name=f"{n}号仓") for n in range(1, warehouses + 1)],
        [item(f"S{n:03d}", f"商品{n}", uom) for n in range(1, items + 1)],
        Partner.objects.create(code="C001", name="嘉兴鼎盛超市"),
        Partner.objects.create(code="V001", name="杭州文具批发"),
    )
    CustomerProfile.objects.create(partner=made.customer, credit_days=30)
    SupplierProfile.objects.create(partner=made.supplier, credit_days=60)
    return made


def item(code: str, name: str, uom: Uom, *, tax_rate: str = "0", places: int = 6) -> Item:
    """An item with its base unit row, sold at 20 and bought at 10."""
    made = Item.objects.create(
        code=code,
        name=name,
        base_uom=uom,
        tax_rate=Decimal(tax_rate),
        quantity_places=places,
        sale_price=Decimal(20),
        purchase_price=Decimal(10),
    )
    ItemUom.objects.create(item=made, uom=uom)
    return made


def line(
    item: Item, quantity: str | Decimal, price: str | None = None, **more: object
) -> LineDraft:
    """A line in the base unit."""
    return LineDraft(
        item_id=item.pk,
        quantity=Decimal(quantity),
        price=None if price is None else Decimal(price),
        **more,  # type: ignore[arg-type]
    )


def draft(
    warehouse: Warehouse,
    lines: list[LineDraft],
    dated: date = TODAY,
    partner: Partner | None = None,
    *,
    client_uuid: UUID | None = None,
    reason: str = "",
) -> Draft:
    """A document as filled in, with an intent of its own unless given."""
    return Draft(
        client_uuid=client_uuid or uuid4(),
        dated=dated,
        warehouse_id=warehouse.pk,
        lines=tuple(lines),
        partner_id=partner.pk if partner else None,
        reason=reason,
    )


def target(document: Document) -> Target:
    """The document as seen now."""
    return Target(document.pk, document.version)
