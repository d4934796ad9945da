"""The company of the month: what exists before anybody opens a page."""

from decimal import Decimal

from hengcang.catalog.actions import save_item
from hengcang.catalog.drafts import ItemDraft, UomDraft
from hengcang.kernel.actor import SYSTEM
from hengcang.ledger.models import CostScope, Taxpayer
from hengcang.ledger.periods import Terms, go_live
from hengcang.partners.actions import save_partner
from hengcang.partners.drafts import CustomerTerms, PartnerDraft, SupplierTerms
from hengcang.places.actions import save_warehouse
from hengcang.places.drafts import WarehouseDraft
from tests.worlds import GO_LIVE, TODAY

PAPER, PEN, MILK = "得力A4复印纸", "晨光中性笔", "蒙牛纯牛奶"
SHELF, SHOP = "杭州总仓", "延安路门店"
HUADONG, DINGSHENG = "南京华东商贸", "嘉兴鼎盛超市"
STATIONERY, DAIRY = "杭州文具批发", "蒙牛华东经销"
LETTERS = {PAPER: "dlfyz", PEN: "cgzxb", MILK: "mncnn"}
LETTERS |= {HUADONG: "njhd", DINGSHENG: "jxds", STATIONERY: "hzwj", DAIRY: "mnhd"}
"""What a clerk types to find each of them."""


def open_company() -> None:
    """A main warehouse and a shop, three items (milk by batch), two customers, two suppliers."""
    terms = Terms("衡远商贸", GO_LIVE, Taxpayer.GENERAL.value, CostScope.COMPANY.value)
    go_live(terms, today=TODAY, actor=SYSTEM)
    for code, name in (("ZC", SHELF), ("MD", SHOP)):
        save_warehouse(WarehouseDraft(code, name), actor=SYSTEM)
    for name in (HUADONG, DINGSHENG):
        save_partner(PartnerDraft(name, customer=CustomerTerms(credit_days=30)), actor=SYSTEM)
    for name in (STATIONERY, DAIRY):
        save_partner(PartnerDraft(name, supplier=SupplierTerms(credit_days=45)), actor=SYSTEM)
    for draft in _items():
        save_item(draft, actor=SYSTEM)


def _items() -> list[ItemDraft]:
    """Prices with 13 % of tax: 22.60 is 20.00 net, 1.13 is 1.00, 45.20 is 40.00."""
    return [
        ItemDraft(
            "BG10001",
            PAPER,
            "包",
            "70g 500张",
            sale_price=Decimal("33.90"),
            purchase_price=Decimal("22.60"),
            over_receipt_rate=Decimal(10),
            uoms=(UomDraft("箱", 5),),
        ),
        ItemDraft(
            "BG10002",
            PEN,
            "支",
            "0.5mm 黑",
            sale_price=Decimal("2.26"),
            purchase_price=Decimal("1.13"),
        ),
        ItemDraft(
            "SP20001",
            MILK,
            "箱",
            "250ml*24",
            sale_price=Decimal("67.80"),
            purchase_price=Decimal("45.20"),
            tracks_batch=True,
            shelf_life_days=180,
        ),
    ]
