"""The corpus in a real book: its items, its customers, their codes and wordings."""

from dataclasses import dataclass
from decimal import Decimal

from hengcang.catalog import actions as catalog
from hengcang.catalog.drafts import ItemDraft, UomDraft
from hengcang.catalog.models import Item, ItemUom
from hengcang.kernel.actor import SYSTEM
from hengcang.partners.models import CustomerProfile, Partner
from hengcang.sales.actions import wordings
from hengcang.sales.pasting.choosing import phrase_key
from tests.paste.corpus import CUSTOMERS, ITEMS
from tests.worlds import World, world


@dataclass
class Shop:
    """A live book that sells what the corpus is about."""

    world: World
    customers: dict[str, int]
    items: dict[str, int]

    def item(self, code: str) -> int:
        return self.items[code]

    def uom(self, code: str, unit: str) -> int:
        return ItemUom.objects.get(item_id=self.items[code], uom__name=unit).pk


def shop() -> Shop:
    """Every item of the corpus at a price of 10; the customers have said what they say."""
    made = world(items=0)
    catalog.import_items([_draft(row) for row in ITEMS], actor=SYSTEM)
    items = dict(Item.objects.values_list("code", "id"))
    customers = {}
    for code, row in CUSTOMERS.items():
        partner = Partner.objects.create(code=code, name=row["name"])
        CustomerProfile.objects.create(partner=partner)
        customers[code] = partner.pk
        for own, (item, unit) in row["codes"].items():
            uom = ItemUom.objects.filter(item_id=items[item], uom__name=unit).first()
            wordings.save_item_code(
                partner.pk, own, items[item], uom.pk if uom else None, actor=SYSTEM
            )
        said = {phrase_key(text): items[item[0]] for text, item in row["aliases"].items()}
        wordings.remember_choices(partner.pk, said, actor=SYSTEM)
    return Shop(made, customers, items)


def _draft(row: dict) -> ItemDraft:
    base, *others = row["units"]
    return ItemDraft(
        code=row["code"],
        name=row["name"],
        spec=row["spec"],
        base_uom=base["unit"],
        quantity_places=row["quantity_places"],
        tax_rate=Decimal(0),
        sale_price=Decimal(10),
        barcodes=(base["barcode"],) if "barcode" in base else (),
        uoms=tuple(
            UomDraft(
                unit["unit"],
                ratio_num=unit["ratio"][0],
                ratio_den=unit["ratio"][1],
                barcodes=(unit["barcode"],) if "barcode" in unit else (),
            )
            for unit in others
        ),
    )
