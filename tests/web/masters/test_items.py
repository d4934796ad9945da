"""The pages of items, families, partners and warehouses: what is filled in stands in the book."""

from decimal import Decimal

import pytest

from hengcang.books.models import Book
from hengcang.catalog.models import Barcode, Item, ItemFamily
from hengcang.partners.models import Partner
from hengcang.places.models import Warehouse
from tests.conftest import BookClient
from tests.web.conftest import Login
from tests.worlds import World, world

ITEM = {
    "code": "bg10001",
    "name": "得力A4复印纸",
    "spec": "70g 500张",
    "new_category": "办公/纸品",
    "brand": "得力",
    "base_uom": "包",
    "quantity_places": "0",
    "tax_rate": "13",
    "sale_price": "26.5",
    "purchase_price": "21.3",
    "barcodes": "6921734977908\n6921734977915",
    "uom-1-name": "箱",
    "uom-1-ratio": "5",
    "uom-1-sale_price": "130",
    "uom-1-barcodes": "16921734977905",
    "uom-2-name": "半包",
    "uom-2-ratio": "1/2",
}


@pytest.fixture
def made(book: Book) -> World:
    return world()


def test_an_item_may_need_inspection(web: BookClient, made: World, login: Login) -> None:
    login("OWNER")
    web.post("/items/new", ITEM | {"needs_inspection": "1"})
    item = Item.objects.get(code="BG10001")
    assert item.needs_inspection
    page = web.get(f"/items/{item.pk}/change").content.decode()
    assert '<option value="1" selected>需质检' in page
    web.post(f"/items/{item.pk}/change", ITEM | {"version": str(item.version)})
    item.refresh_from_db()
    assert not item.needs_inspection


def test_an_item_stands_as_filled_in(web: BookClient, made: World, login: Login) -> None:
    login("OWNER")
    response = web.post("/items/new", ITEM)
    item = Item.objects.get(code="BG10001")
    assert response["Location"] == f"/b/{web.code}/items/{item.pk}"
    assert item.category is not None
    assert item.category.path == "办公/纸品"
    units = {u.uom.name: (u.ratio_num, u.ratio_den, u.sale_price) for u in item.uoms.all()}
    assert units["包"][:2] == (1, 1)
    assert units["箱"] == (5, 1, Decimal(130))
    assert units["半包"] == (1, 2, None)
    assert {c.code: c.item_uom.uom.name for c in Barcode.objects.all()} == {
        "6921734977908": "包",
        "6921734977915": "包",
        "16921734977905": "箱",
    }
    page = web.get(response["Location"]).content.decode()
    assert "已新建得力A4复印纸" in page
    assert "= 5 包" in page


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"code": "BG😀"}, "code", "含有不允许的字符"),
        ({"code": "ＢＧ１"}, "code", "含有不允许的字符"),
        ({"code": ""}, "code", "请填写商品编码"),
        ({"code": "s001"}, "code", "已被「商品1」使用"),
        ({"name": " "}, "name", "请填写商品名称"),
        ({"base_uom": ""}, "base_uom", "请填写基本单位"),
        ({"sale_price": "1e5"}, "sale_price", "不是有效数字"),
        ({"sale_price": "-1"}, "sale_price", "不能为负"),
        ({"sale_price": "１２"}, "sale_price", "不是有效数字"),
        ({"purchase_price": "1.23456"}, "purchase_price", "小数位过多"),
        ({"floor_price": "NaN"}, "floor_price", "不是有效数字"),
        ({"tax_rate": ""}, "tax_rate", "请填写税率"),
        ({"tax_rate": "130"}, "tax_rate", "0 到 100"),
        ({"over_receipt_rate": "101"}, "over_receipt_rate", "0 到 100"),
        ({"over_receipt_rate": "2.555"}, "over_receipt_rate", "小数位过多，最多 2 位"),
        ({"over_receipt_rate": "-1"}, "over_receipt_rate", "0 到 100"),
        ({"uom-1-ratio": "1.5"}, "uom-1-ratio", "请写整数（如 12）或分数"),
        ({"uom-1-ratio": ""}, "uom-1-ratio", "请填写换算率"),
        ({"uom-1-ratio": "0"}, "uom-1-ratio", "无效"),
        ({"uom-2-name": "箱"}, "uom-2-name", "填写了两次"),
        ({"uom-2-name": ""}, "uom-2-name", "请填写单位名称"),
        ({"uom-1-barcodes": "条码"}, "uom-1-barcodes", "含有不允许的字符"),
        ({"uom-1-barcodes": "6921734977908"}, "uom-1-barcodes", "填写了两次"),
        ({"new_category": "一" * 50}, "new_category", "每级最多 40 字"),
    ],
)
def test_a_mistake_is_told_at_its_field(
    web: BookClient,
    made: World,
    login: Login,
    changes: dict[str, str],
    field: str,
    sentence: str,
) -> None:
    login("OWNER")
    response = web.post("/items/new", ITEM | changes, headers={"HX-Request": "true"})
    page = response.content.decode()
    assert response.status_code == 422
    said = page.partition(f'id="e-{field}">')[2].partition("</span>")[0]
    assert sentence in said
    assert "有 1 处需要修正" in page
    assert "<html" not in page
    assert not Item.objects.filter(name=ITEM["name"]).exists()


def test_a_barcode_of_another_item_is_told_at_its_field(
    web: BookClient, made: World, login: Login
) -> None:
    login("OWNER")
    web.post("/items/new", ITEM)
    other = ITEM | {"code": "BG10002", "barcodes": "", "uom-1-barcodes": "6921734977908"}
    response = web.post("/items/new", other)
    said = response.content.decode().partition('id="e-uom-1-barcodes">')[2].partition("</span>")[0]
    assert response.status_code == 422
    assert "已属于商品「得力A4复印纸」（BG10001）" in said


def test_a_change_by_two_is_a_conflict(web: BookClient, made: World, login: Login) -> None:
    login("OWNER")
    web.post("/items/new", ITEM)
    item = Item.objects.get(code="BG10001")
    first = ITEM | {"name": "得力A4纸", "version": "1", "category": "办公/纸品", "new_category": ""}
    assert web.post(f"/items/{item.pk}/change", first).status_code == 302
    second = first | {"name": "得力纸"}
    response = web.post(f"/items/{item.pk}/change", second)
    assert response.status_code == 409
    assert "已被他人修改" in response.content.decode()
    assert 'value="得力纸"' in response.content.decode()
    item.refresh_from_db()
    assert item.name == "得力A4纸"


def test_a_disabled_item_is_not_offered(web: BookClient, made: World, login: Login) -> None:
    login("OWNER")
    item = made.items[0]
    assert "停用后新单据不能再选" in web.get(f"/items/{item.pk}/disable").content.decode()
    web.post(f"/items/{item.pk}/disable")
    item.refresh_from_db()
    assert not item.is_active
    assert "S001" not in web.get("/items/").content.decode()
    assert "S001" in web.get("/items/?state=disabled").content.decode()
    web.post(f"/items/{item.pk}/enable")
    assert "S001" in web.get("/items/").content.decode()


def test_a_family_makes_an_item_of_every_combination(
    web: BookClient, made: World, login: Login
) -> None:
    login("OWNER")
    filled = {
        "code": "TS01",
        "name": "纯棉T恤",
        "base_uom": "件",
        "tax_rate": "13",
        "sale_price": "59",
        "attribute-1-name": "颜色",
        "attribute-1-values": "白，黑",
        "attribute-2-name": "尺码",
        "attribute-2-values": "S M L",
    }
    response = web.post("/items/families/new", filled)
    assert response.status_code == 302
    assert ItemFamily.objects.get().items.count() == 6
    assert "TS01-06" in web.get(response["Location"]).content.decode()
    twice = web.post("/items/families/new", filled)
    assert twice.status_code == 422
    assert "已被「纯棉T恤」使用" in twice.content.decode()
    nothing = {"code": "TS02", "attribute-1-values": "", "attribute-2-values": ""}
    assert web.post("/items/families/new", filled | nothing).status_code == 422


PARTNER = {
    "name": "嘉兴鼎盛超市连锁",
    "is_customer": "1",
    "credit_limit": "50000",
    "customer_days": "30",
    "contact-1-name": "王经理",
    "contact-1-phone": "0573-8820",
}


def test_a_partner_stands_as_filled_in(web: BookClient, made: World, login: Login) -> None:
    login("OWNER")
    response = web.post("/customers/new", PARTNER)
    partner = Partner.objects.get(name=PARTNER["name"])
    assert response["Location"].endswith(f"/customers/{partner.pk}")
    assert partner.customer.credit_limit == Decimal(50000)
    assert partner.contacts.get().name == "王经理"
    page = web.get(response["Location"]).content.decode()
    assert "额度 ¥50,000.00" in page
    change = PARTNER | {"version": "1", "code": partner.code, "is_supplier": "1", "name": "鼎盛"}
    change |= {"over_receipt_rate": "2.5"}
    web.post(f"/customers/{partner.pk}/change", change | {"credit_grade": "A"})
    partner = Partner.objects.get(pk=partner.pk)
    assert (partner.name, partner.supplier.credit_grade) == ("鼎盛", "A")
    assert partner.supplier.over_receipt_rate == Decimal("2.5")
    assert "鼎盛" in web.get("/suppliers/").content.decode()
    assert web.post(f"/customers/{partner.pk}/change", change).status_code == 409


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"name": ""}, "name", "请填写单位名称"),
        ({"code": "客户1"}, "code", "含有不允许的字符"),
        ({"code": "c001"}, "code", "已被「嘉兴鼎盛超市」使用"),
        ({"credit_limit": "很多"}, "credit_limit", "不是有效数字"),
        ({"customer_days": "99999"}, "customer_days", "天数应在"),
        ({"tax_no": "税"}, "tax_no", "6 到 30 位"),
        ({"contact-1-name": ""}, "contact-1-name", "请填写联系人姓名"),
        ({"contact-1-phone": "1" * 40}, "contact-1-phone", "最多 30 字"),
    ],
)
def test_a_mistake_about_a_partner_is_told_at_its_field(
    web: BookClient,
    made: World,
    login: Login,
    changes: dict[str, str],
    field: str,
    sentence: str,
) -> None:
    login("OWNER")
    response = web.post("/customers/new", PARTNER | changes)
    said = response.content.decode().partition(f'id="e-{field}">')[2].partition("</span>")[0]
    assert response.status_code == 422
    assert sentence in said
    assert not Partner.objects.filter(name=PARTNER["name"]).exists()


def test_a_partner_needs_a_side(web: BookClient, made: World, login: Login) -> None:
    login("OWNER")
    response = web.post("/customers/new", {"name": "无名"})
    assert response.status_code == 422
    assert "请至少选择一个身份" in response.content.decode()


def test_a_warehouse_is_made_changed_and_closed(web: BookClient, made: World, login: Login) -> None:
    login("OWNER")
    filled = {"code": "nb", "name": "宁波仓", "address": "北仑", "negatives": "refused"}
    assert web.post("/warehouses/new", filled).status_code == 302
    place = Warehouse.objects.get(code="NB")
    closed = filled | {"version": "1", "name": "宁波保税仓"}
    assert web.post(f"/warehouses/{place.pk}", closed).status_code == 302
    place.refresh_from_db()
    assert (place.name, place.is_active) == ("宁波保税仓", False)
    bad = web.post("/warehouses/new", filled | {"code": "W1"})
    assert bad.status_code == 422
    assert "已被「1号仓」使用" in bad.content.decode()


def test_somebody_elses_customer_does_not_exist(web: BookClient, made: World, login: Login) -> None:
    other = login("SALES")
    made.customer.salesperson = other
    made.customer.save()
    login("SALES")
    assert web.get(f"/customers/{made.customer.pk}").status_code == 404
    assert made.customer.name not in web.get("/customers/").content.decode()
    assert made.customer.name not in web.get("/partners/options").content.decode()
