"""Customers, suppliers, warehouses and users of the demo company, as drafts. Pure."""

from dataclasses import dataclass
from decimal import Decimal
from random import Random

from hengcang.cli.demo import words
from hengcang.partners.drafts import ContactDraft, CustomerTerms, PartnerDraft, SupplierTerms
from hengcang.places.drafts import WarehouseDraft

CUSTOMERS, SUPPLIERS = 150, 40
STREETS = ("解放路", "人民路", "中山路", "和平路", "建设路")
PASSWORD = "hengcang-demo"  # noqa: S105 - published: the one default password, of the demo only

WAREHOUSES = (
    WarehouseDraft("HZ", "杭州总仓", "杭州市临平区物流园 3 号库"),
    WarehouseDraft("YW", "义乌前置仓", "义乌市北苑街道仓储路 18 号"),
    WarehouseDraft("NB", "宁波仓", "宁波市北仑区保税南路 6 号"),
)


@dataclass(frozen=True, slots=True)
class Login:
    """A user of the demo book. `places` names warehouses; empty means all of them."""

    username: str
    name: str
    roles: tuple[str, ...]
    title: str
    places: tuple[str, ...] = ()


LOGINS = (
    Login("laoban", "陈国强", ("OWNER", "SYSTEM_ADMIN"), "老板"),
    Login("caigou", "周敏", ("PURCHASE_LEAD",), "采购主管"),
    Login("caigouyuan", "吴晓燕", ("BUYER",), "采购员"),
    Login("xiaoshou", "张伟", ("SALES_LEAD",), "销售主管"),
    Login("xiaoshouyuan", "李娜", ("SALES",), "销售员"),
    Login("xiaoshouyuan2", "孙磊", ("SALES",), "销售员"),
    Login("cangguan", "王建国", ("STOREKEEPER",), "仓管员"),
    Login("cangguan-yw", "朱平", ("STOREKEEPER",), "义乌仓管员", ("YW",)),
    Login("caiwu", "徐静", ("ACCOUNTANT",), "财务"),
    Login("xitong", "高涛", ("SYSTEM_ADMIN",), "系统管理员"),
    Login("anquan", "林洋", ("SECURITY_ADMIN",), "安全管理员"),
    Login("shenji", "何霞", ("AUDIT_ADMIN",), "审计管理员"),
)


@dataclass(frozen=True, slots=True)
class Customer:
    """A draft, what kind of shop it is, how much it buys, and its nearest warehouse by code."""

    draft: PartnerDraft
    kind: str
    weight: float
    place: str
    discount: Decimal


def customers(dice: Random, salespeople: list[int]) -> list[Customer]:
    """CUSTOMERS customers with different names; a third belongs to everybody."""
    regions: list[tuple[str, str, tuple[str, ...]]]
    regions = [("HZ", "杭州", words.PLACES)] * 6 + [("YW", "", words.EAST_PLACES)] * 2
    regions += [("NB", "宁波", words.SEA_PLACES)] * 2
    made: dict[str, Customer] = {}
    while len(made) < CUSTOMERS:
        place, city, districts = dice.choice(regions)
        kind = dice.choices(words.CUSTOMER_TYPES, (30, 26, 22, 14, 26, 20, 8))[0]
        district, word = dice.choice(districts), dice.choice(words.SHOP_WORDS)
        name = f"{city}{district}{word}{_ending(kind, dice)}"
        if name in made:
            continue
        draft = PartnerDraft(
            name=name,
            code=f"K{len(made) + 1:04d}",
            category=kind,
            salesperson_id=dice.choice([None, *salespeople]),
            address=_address(f"{city or '金华'}市{district}", dice),
            contacts=(_contact(dice, "采购"),),
            customer=CustomerTerms(
                credit_limit=Decimal(dice.choice([20, 50, 100, 200]) * 1000),
                credit_days=dice.choice([0, 15, 30, 30, 45, 60]),
            ),
        )
        discount = Decimal(dice.choice(["1", "1", "0.98", "0.96", "0.94"]))
        made[name] = Customer(draft, kind, dice.paretovariate(1.4), place, discount)
    return list(made.values())


def suppliers(dice: Random) -> list[PartnerDraft]:
    """SUPPLIERS suppliers with different names and lead times of 2 to 15 days."""
    cities = ("义乌", "宁波", "温州", "苏州", "广州", "汕头", "杭州", "台州", "上海", "永康")
    endings = ("文具有限公司", "日用品有限公司", "塑业有限公司", "纸业有限公司", "工贸有限公司")
    made: dict[str, PartnerDraft] = {}
    while len(made) < SUPPLIERS:
        city = dice.choice(cities)
        name = f"{city}{dice.choice(words.SUPPLIER_WORDS)}{dice.choice(endings)}"
        if name in made:
            continue
        made[name] = PartnerDraft(
            name=name,
            code=f"G{len(made) + 1:03d}",
            category="厂家" if dice.random() < 0.7 else "经销商",
            address=f"{city}市工业园区 {dice.randrange(1, 90)} 号",
            contacts=(_contact(dice, "销售"),),
            supplier=SupplierTerms(
                credit_grade=dice.choices("ABCD", (3, 5, 2, 1))[0],
                credit_days=dice.choice([0, 30, 30, 60]),
                lead_time_days=dice.randrange(2, 16),
            ),
        )
    return list(made.values())


def _address(town: str, dice: Random) -> str:
    return f"{town}{dice.choice(STREETS)} {dice.randrange(1, 400)} 号"


def _ending(kind: str, dice: Random) -> str:
    endings = {
        "文具店": ("文具店", "文具行", "办公文具"),
        "超市": ("超市", "生活超市", "购物中心"),
        "便利店": ("便利店", "便民店"),
        "学校": ("小学", "中学", "培训学校"),
        "企业": ("科技有限公司", "贸易有限公司", "服饰有限公司", "物业公司"),
        "五金日杂店": ("五金日杂店", "五金店"),
        "电商": ("电子商务有限公司", "网络科技有限公司"),
    }
    return dice.choice(endings[kind])


def _contact(dice: Random, title: str) -> ContactDraft:
    name = dice.choice(words.FAMILY_NAMES) + dice.choice(words.GIVEN_NAMES)
    # 170 000 0xxxx is given to nobody
    return ContactDraft(name, title, f"1700000{dice.randrange(10_000):04d}")
