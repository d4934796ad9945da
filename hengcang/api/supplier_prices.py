"""Suppliers' price lists."""

from datetime import date
from typing import Annotated

from ninja import Query, Router
from pydantic import AliasPath, Field

from hengcang.api.access import ApiRequest
from hengcang.api.documents.asked import Counted
from hengcang.api.documents.told import Ref
from hengcang.api.errors import answers
from hengcang.api.paging import Paged, cut, key_of
from hengcang.api.reading import Day, Flag, Id, Price, Quantity, Text60, Whole
from hengcang.api.shapes import Asked, Told
from hengcang.api.showing import CostPriceOut, PlainOut
from hengcang.purchasing.actions.prices import (
    PriceDraft,
    remove_supplier_price,
    save_supplier_prices,
)
from hengcang.purchasing.prices import (
    PriceFilter,
    supplier_price,
    supplier_prices,
    supplier_prices_of,
)

router = Router(tags=["供应商价格表"])


class SupplierPriceAsked(Asked):
    """一档价格。供应商、商品、单位、起始数量和起始日期相同的，覆盖原有的一条。"""

    partner_id: Id
    item_id: Id
    item_uom_id: Id | None = Field(None, description="不填为基本单位。")
    min_quantity: Quantity | None = Field(None, description="订到这个数量起；不填为任意数量。")
    price: Price
    includes_tax: Flag = True
    moq: Quantity | None = None
    order_multiple: Quantity | None = None
    lead_time_days: Whole | None = None
    valid_from: Day
    valid_to: Day | None = None

    def draft(self) -> PriceDraft:
        given = {name: value for name, value in dict(self).items() if value is not None}
        return PriceDraft(**given)


class SupplierPricesAsked(Asked):
    """多档价格，全部保存或全部不保存。"""

    rows: Annotated[list[SupplierPriceAsked], Counted]


class SupplierPriceTold(Told):
    """一档价格。"""

    id: int
    partner: Ref
    item: Ref
    item_uom_id: int
    uom: str = Field(validation_alias=AliasPath("item_uom", "uom", "name"))
    min_quantity: PlainOut
    price: CostPriceOut
    includes_tax: bool
    moq: PlainOut | None
    order_multiple: PlainOut | None
    lead_time_days: int | None
    valid_from: date
    valid_to: date | None


class SupplierPricePage(Told):
    """一页价格。"""

    rows: list[SupplierPriceTold]
    next: str | None


class SupplierPricesListed(Paged):
    """Which prices."""

    words: Text60 = ""
    partner_id: int | None = None
    item_id: int | None = None
    on: Day | None = Field(None, description="只列这一天有效的。")


@router.get("", response=answers(200, SupplierPricePage), summary="供应商价格，新的在前")
def listing(request: ApiRequest, asked: Query[SupplierPricesListed]) -> object:
    after = key_of(asked.next, int)
    wanted = PriceFilter(
        words=asked.words,
        partner_id=asked.partner_id,
        item_id=asked.item_id,
        on=asked.on,
        after=after[0] if after else None,
        limit=asked.limit + 1,
    )
    return cut(supplier_prices(request.auth, wanted), asked.limit, lambda row: (row.pk,))


@router.put("", response=answers(200, list[SupplierPriceTold]), summary="保存供应商价格")
def save(request: ApiRequest, body: SupplierPricesAsked) -> object:
    made = save_supplier_prices([row.draft() for row in body.rows], actor=request.auth)
    return supplier_prices_of(request.auth, [row.pk for row in made])


@router.get("/{int:price_id}", response=answers(200, SupplierPriceTold), summary="查看供应商价格")
def one(request: ApiRequest, price_id: int) -> object:
    return supplier_price(request.auth, price_id)


@router.post(
    "/{int:price_id}/remove",
    response=answers(200, SupplierPriceTold),
    summary="删除供应商价格，返回删掉的那一条",
)
def remove(request: ApiRequest, price_id: int) -> object:
    gone = supplier_price(request.auth, price_id)
    remove_supplier_price(price_id, actor=request.auth)
    return gone
