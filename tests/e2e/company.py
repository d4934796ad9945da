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
LAMP, DRILL, KIT = "欧普护眼台灯", "博世手电钻", "开学礼包"
SHELF, SHOP, BINS = "杭州总仓", "延安路门店", "滨江立库"
HUADONG, DINGSHENG = "南京华东商贸", "嘉兴鼎盛超市"
STATIONERY, DAIRY, LIGHTS = "杭州文具批发", "蒙牛华东经销", "宁波灯具电器"
LETTERS = {PAPER: "dlfyz", PEN: "cgzxb", MILK: "mncnn"}
LETTERS |= {HUADONG: "njhd", DINGSHENG: "jxds", STATIONERY: "hzwj", DAIRY: "mnhd"}
LETTERS |= {LAMP: "ophytd", DRILL: "bssdz", KIT: "kxlb", LIGHTS: "nbdj"}
"""What a clerk types to find each of them."""


def open_company() -> None:
    """A main warehouse, a shop and a warehouse with bins; two customers, three suppliers.

    Six items: milk is kept by batch, lamps are inspected, drills have numbers, kits are made.
    """
    terms = Terms("衡远商贸", GO_LIVE, Taxpayer.GENERAL.value, CostScope.COMPANY.value)
    go_live(terms, today=TODAY, actor=SYSTEM)
    for code, name in (("ZC", SHELF), ("MD", SHOP)):
        save_warehouse(WarehouseDraft(code, name), actor=SYSTEM)
    bins = ("A-01", "B-01", "R-01")
    save_warehouse(WarehouseDraft("LK", BINS, bins=bins), actor=SYSTEM)
    for name in (HUADONG, DINGSHENG):
        save_partner(PartnerDraft(name, customer=CustomerTerms(credit_days=30)), actor=SYSTEM)
    for name in (STATIONERY, DAIRY, LIGHTS):
        save_partner(PartnerDraft(name, supplier=SupplierTerms(credit_days=45)), actor=SYSTEM)
    for draft in _items():
        save_item(draft, actor=SYSTEM)


def _items() -> list[ItemDraft]:
    """Prices with 13 % of tax: 22.60 is 20.00 net, 1.13 is 1.00, 45.20 is 40.00, 113.00 is 100.00,
    226.00 is 200.00.
    """
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
        ItemDraft(
            "DJ30001",
            LAMP,
            "台",
            "9W 三档",
            sale_price=Decimal("169.50"),
            purchase_price=Decimal("113.00"),
            needs_inspection=True,
        ),
        ItemDraft(
            "WJ40001",
            DRILL,
            "台",
            "12V",
            sale_price=Decimal("339.00"),
            purchase_price=Decimal("226.00"),
            tracks_serials=True,
        ),
        ItemDraft("LB50001", KIT, "套", "1包5支", sale_price=Decimal("56.50")),
    ]
