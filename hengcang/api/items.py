"""Items, their categories, units and families."""

from typing import Annotated, Any

from ninja import Query, Router, Status
from pydantic import AliasPath, Field

from hengcang.api.access import ApiRequest
from hengcang.api.errors import answers
from hengcang.api.intents import EXTRA, key_in, once
from hengcang.api.paging import Page, Paged, cut, key_of
from hengcang.api.reading import (
    Flag,
    Id,
    Price,
    Rate,
    Text,
    Text20,
    Text60,
    Text200,
    Whole,
)
from hengcang.api.shapes import Asked, Told
from hengcang.api.showing import CostPriceOut, Names, PlainOut, Rows
from hengcang.catalog import actions, queries
from hengcang.catalog.drafts import AttributeDraft, FamilyDraft, ItemDraft, UomDraft
from hengcang.catalog.queries import ItemFilter

router = Router(tags=["商品"])
Barcodes = Annotated[tuple[Text, ...], Field(max_length=50)]


class UomAsked(Asked):
    """辅助单位：1 个它 = ratio_num ÷ ratio_den 个基本单位。"""

    name: Text20
    ratio_num: Whole
    ratio_den: Whole = 1
    sale_price: Price | None = None
    purchase_price: Price | None = None
    barcodes: Barcodes = ()


class ItemAsked(Asked):
    """一个商品；类别、品牌、单位不存在时自动建立。"""

    code: Text
    name: Text200
    base_uom: Text20
    spec: Text200 = ""
    mnemonic: Text200 = ""
    category: Text200 = Field("", description="类别路径，如 五金/紧固件。")
    brand: Text60 = ""
    family_id: Id | None = None
    attribute_value_ids: tuple[Id, ...] = ()
    quantity_places: Whole = 0
    tax_rate: Rate = Field("13", validate_default=True)
    sale_price: Price | None = None
    purchase_price: Price | None = None
    floor_price: Price | None = None
    tracks_batch: Flag = False
    needs_inspection: Annotated[Flag, Field(description="需质检：采购入库先待检。")] = False
    tracks_serials: Annotated[Flag, Field(description="一物一码；有出入库后不能再改。")] = False
    shelf_life_days: Whole | None = None
    near_expiry_days: Whole | None = None
    over_receipt_rate: Rate = Field(
        "0", validate_default=True, description="采购入库最多可比订单多收的百分比。"
    )
    barcodes: Barcodes = ()
    uoms: tuple[UomAsked, ...] = ()


class ItemChange(ItemAsked):
    """修改商品：给出全部字段和您看到的版本。"""

    version: Whole


class ItemUomTold(Told):
    """商品的一个单位。"""

    id: int
    name: str = Field(validation_alias=AliasPath("uom", "name"))
    ratio_num: int
    ratio_den: int
    sale_price: PlainOut | None
    purchase_price: CostPriceOut
    barcodes: Names


class AttributeTold(Told):
    """商品的一个属性值。"""

    id: int
    attribute: str = Field(validation_alias=AliasPath("attribute", "name"))
    value: str = Field(validation_alias="name")


class ItemRow(Told):
    """商品列表中的一行。"""

    id: int
    code: str
    name: str
    spec: str
    mnemonic: str
    category: str | None = Field(None, validation_alias=AliasPath("category", "path"))
    brand: str | None = Field(None, validation_alias=AliasPath("brand", "name"))
    family_id: int | None
    base_uom: str = Field(validation_alias=AliasPath("base_uom", "name"))
    quantity_places: int
    tax_rate: PlainOut
    sale_price: PlainOut | None
    purchase_price: CostPriceOut
    floor_price: PlainOut | None
    tracks_batch: bool
    needs_inspection: bool
    tracks_serials: bool
    shelf_life_days: int | None
    near_expiry_days: int | None
    over_receipt_rate: PlainOut
    is_active: bool
    version: int


class ItemTold(ItemRow):
    """一个商品，连同单位、条码和属性。"""

    uoms: Annotated[list[ItemUomTold], Rows]
    attribute_values: Annotated[list[AttributeTold], Rows]


class ItemsAsked(Paged):
    """Which items."""

    words: Text60 = Field("", description="编码、条码、名称、规格、助记码或拼音首字母。")
    category_path: Text200 = ""
    brand_id: int | None = None
    family_id: int | None = None
    is_active: bool | None = True


class HitTold(Told):
    """扫码或输入联想的结果：商品和所指的单位。"""

    item: ItemRow
    item_uom_id: int = Field(validation_alias=AliasPath("uom", "id"))
    uom: str = Field(validation_alias=AliasPath("uom", "uom", "name"))


@router.get("/items", response=answers(200, Page[ItemRow]), summary="商品列表，按编码")
def items(request: ApiRequest, asked: Query[ItemsAsked]) -> object:
    after = key_of(asked.next, str)
    wanted = ItemFilter(
        words=asked.words,
        category_path=asked.category_path,
        brand_id=asked.brand_id,
        family_id=asked.family_id,
        is_active=asked.is_active,
        after=after[0] if after else "",
        limit=asked.limit + 1,
    )
    return cut(queries.items(request.auth, wanted), asked.limit, lambda row: (row.code,))


@router.post("/items", response=answers(201, ItemTold), summary="新建商品", openapi_extra=EXTRA)
def create_item(request: ApiRequest, body: ItemAsked) -> object:
    actor, draft = request.auth, _draft(body)
    item = once(
        key_in(request),
        "item.create",
        draft,
        lambda: actions.save_item(draft, actor=actor),
        lambda made: queries.item(actor, made),
    )
    return Status(201, queries.item(actor, item.pk))


@router.get("/items/suggestions", response=answers(200, list[HitTold]), summary="输入联想")
def suggestions(request: ApiRequest, words: Text60) -> object:
    return queries.suggest_items(request.auth, words)


@router.get("/items/by-barcode", response=answers(200, HitTold), summary="扫码查商品")
def by_barcode(request: ApiRequest, barcode: Text60) -> object:
    return queries.item_by_barcode(request.auth, barcode)


@router.get("/items/{int:item_id}", response=answers(200, ItemTold), summary="查看商品")
def item(request: ApiRequest, item_id: int) -> object:
    return queries.item(request.auth, item_id)


@router.put(
    "/items/{int:item_id}",
    response=answers(200, ItemTold),
    summary="修改商品",
    openapi_extra=EXTRA,
)
def change_item(request: ApiRequest, item_id: int, body: ItemChange) -> object:
    actor, draft = request.auth, _draft(body)
    once(
        key_in(request),
        "item.change",
        (item_id, body.version, draft),
        lambda: actions.change_item(item_id, body.version, draft, actor=actor),
        lambda made: queries.item(actor, made),
    )
    return queries.item(actor, item_id)


@router.post("/items/{int:item_id}/disable", response=answers(200, ItemTold), summary="停用商品")
def disable_item(request: ApiRequest, item_id: int) -> object:
    actions.disable_item(item_id, actor=request.auth)
    return queries.item(request.auth, item_id)


@router.post("/items/{int:item_id}/enable", response=answers(200, ItemTold), summary="启用商品")
def enable_item(request: ApiRequest, item_id: int) -> object:
    actions.enable_item(item_id, actor=request.auth)
    return queries.item(request.auth, item_id)


class CategoryTold(Told):
    """一个商品类别。"""

    id: int
    name: str
    path: str


class CategoryAsked(Asked):
    """新类别；上级不存在时一并建立。"""

    path: Text200


class CategoryName(Asked):
    """类别的新名称。"""

    name: Text60


@router.get(
    "/item-categories", response=answers(200, list[CategoryTold]), summary="商品类别，按路径"
)
def categories(request: ApiRequest) -> object:
    return queries.categories(request.auth)


@router.post("/item-categories", response=answers(201, CategoryTold), summary="新建类别")
def add_category(request: ApiRequest, body: CategoryAsked) -> object:
    return Status(201, actions.add_category(body.path, actor=request.auth))


@router.put(
    "/item-categories/{int:category_id}",
    response=answers(200, CategoryTold),
    summary="类别改名",
)
def rename_category(request: ApiRequest, category_id: int, body: CategoryName) -> object:
    return actions.rename_category(category_id, body.name, actor=request.auth)


class NamedTold(Told):
    """编号和名称。"""

    id: int
    name: str


@router.get("/uoms", response=answers(200, list[NamedTold]), summary="计量单位")
def uoms(request: ApiRequest) -> object:
    return queries.uoms(request.auth)


@router.get("/brands", response=answers(200, list[NamedTold]), summary="品牌")
def brands(request: ApiRequest) -> object:
    return queries.brands(request.auth)


class VariesAsked(Asked):
    """一个属性和它的值：颜色，红、蓝。"""

    name: Text20
    values: tuple[Text20, ...]


class FamilyAsked(Asked):
    """一个款：按属性值的每种组合生成一个商品，其余字段照 pattern。"""

    code: Text
    name: Text200
    attributes: tuple[VariesAsked, ...]
    pattern: ItemAsked


class FamilyTold(Told):
    """一个款。"""

    id: int
    code: str
    name: str
    attributes: Names


@router.get("/item-families", response=answers(200, list[FamilyTold]), summary="款，按编码")
def families(request: ApiRequest) -> object:
    return queries.families(request.auth)


@router.post("/item-families", response=answers(201, FamilyTold), summary="新建款和它的商品")
def create_family(request: ApiRequest, body: FamilyAsked) -> object:
    attributes = tuple(AttributeDraft(a.name, a.values) for a in body.attributes)
    draft = FamilyDraft(body.code, body.name, attributes, _draft(body.pattern))
    return Status(201, actions.create_family(draft, actor=request.auth))


def _draft(body: ItemAsked) -> ItemDraft:
    columns: dict[str, Any] = {
        name: getattr(body, name) for name in ItemAsked.model_fields if name != "uoms"
    }
    return ItemDraft(**columns, uoms=tuple(UomDraft(**dict(uom)) for uom in body.uoms))
