"""Goods of the demo company that ask for more than counting, and what they cost. Pure."""

from decimal import Decimal

from hengcang.catalog.drafts import ItemDraft

CUP = ItemDraft(
    code="JB0001",
    name="不锈钢保温杯 500ml",
    base_uom="个",
    category="日用百货/杯壶",
    brand="竹里人家",
    sale_price=Decimal(69),
    purchase_price=Decimal(38),
    needs_inspection=True,
)
LAMP = ItemDraft(
    code="JB0002",
    name="充电护眼台灯",
    base_uom="台",
    category="日用百货/灯具",
    brand="亮堂堂",
    sale_price=Decimal(129),
    purchase_price=Decimal(76),
    needs_inspection=True,
)
GLUE = ItemDraft(
    code="JS0001",
    name="强力万能胶 50ml",
    base_uom="支",
    category="五金工具/胶粘",
    brand="固邦",
    sale_price=Decimal("9.9"),
    purchase_price=Decimal("4.6"),
    tracks_batch=True,
    shelf_life_days=365,
    near_expiry_days=60,
)
PRINTER = ItemDraft(
    code="DY0001",
    name="便携标签打印机",
    base_uom="台",
    category="办公设备/打印",
    brand="墨言",
    sale_price=Decimal(299),
    purchase_price=Decimal(186),
    tracks_serials=True,
)
OFFICE_PACK = ItemDraft(
    code="LB0001",
    name="办公礼包",
    base_uom="套",
    category="礼品/礼包",
    sale_price=Decimal(88),
)
SCHOOL_PACK = ItemDraft(
    code="LB0002",
    name="开学礼包",
    base_uom="套",
    category="礼品/礼包",
    sale_price=Decimal(58),
)
RARE_GOODS = (CUP, LAMP, GLUE, PRINTER, OFFICE_PACK, SCHOOL_PACK)
