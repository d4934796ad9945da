"""Price tiers, price lists, agreed prices, and what a customer would pay."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any

from ninja import Query, Router, Status
from pydantic import AliasPath, Field

from hengcang.api.access import ApiRequest
from hengcang.api.documents.told import Ref
from hengcang.api.errors import answers
from hengcang.api.intents import EXTRA, key_in, once
from hengcang.api.items import NamedTold
from hengcang.api.reading import Day, Flag, Id, Percent, Price, Text60, Text200, Whole
from hengcang.api.shapes import Asked, Told
from hengcang.api.showing import PlainOut
from hengcang.catalog import queries as catalog
from hengcang.identity.access import demand
from hengcang.kernel.actor import Actor
from hengcang.partners import queries as partners
from hengcang.pricing import actions, queries
from hengcang.pricing.drafts import (
    MAX_LINES,
    Adjustment,
    AgreedDraft,
    ListLineDraft,
    PriceListDraft,
)
from hengcang.sales.prices import Sale, known_prices

router = Router(tags=["价格"])


class TierAsked(Asked):
    """一个价格等级。"""

    name: Text60


class ListLineAsked(Asked):
    """一个价格。"""

    item_id: Id
    price: Price
    item_uom_id: Id | None = Field(None, description="不填为基本单位。")
    tier_id: Id | None = Field(None, description="不填为所有客户。")


class PriceListAsked(Asked):
    """一个价格本和它的全部价格。"""

    name: Text60
    valid_from: Day
    valid_to: Day | None = Field(None, description="不填为长期；含当天。")
    note: Text200 = ""
    is_active: Flag = True
    lines: Annotated[list[ListLineAsked], Field(max_length=MAX_LINES)]


class PriceListChange(PriceListAsked):
    """修改价格本：给出全部字段和您看到的版本。"""

    version: Whole


class AdjustAsked(Asked):
    """调价：从某天起，全部价格按百分比涨跌，生成新价格本。"""

    version: Whole
    percent: Percent
    on: Day = Field(description="新价生效日；原价格本到前一天为止。")
    name: Text60 = Field(description="新价格本的名称。")
    places: Whole = Field(2, description="新价保留的小数位，0 到 4。")


class AgreedAsked(Asked):
    """一个协议价。"""

    item_id: Id
    price: Price
    valid_from: Day
    valid_to: Day | None = None
    item_uom_id: Id | None = Field(None, description="不填为基本单位。")


class AgreedAllAsked(Asked):
    """客户的全部协议价；没有给出的不再有效。"""

    version: Whole = Field(description="您看到的往来单位版本。")
    prices: Annotated[list[AgreedAsked], Field(max_length=MAX_LINES)]


class ListLineTold(Told):
    """一个价格。"""

    item: Ref
    item_uom_id: int
    uom: str = Field(validation_alias=AliasPath("item_uom", "uom", "name"))
    tier: NamedTold | None
    price: PlainOut


class PriceListTold(Told):
    """一个价格本。"""

    id: int
    name: str
    valid_from: date
    valid_to: date | None
    note: str
    is_active: bool
    version: int
    line_count: int


class PriceListFull(PriceListTold):
    """一个价格本和它的全部价格。"""

    lines: list[ListLineTold]


class AgreedTold(Told):
    """一个协议价。"""

    item: Ref
    item_uom_id: int
    uom: str = Field(validation_alias=AliasPath("item_uom", "uom", "name"))
    price: PlainOut
    valid_from: date
    valid_to: date | None


class QuoteTold(Told):
    """一个商品每单位的价格和依据。"""

    item_id: int
    item_uom_id: int
    price: PlainOut
    reason: str


class QuotesAsked(Asked):
    """For whom, when, what."""

    partner_id: int
    dated: Day
    item_id: int
    prices_include_tax: bool = True


@router.get("/price-tiers", response=answers(200, list[NamedTold]), summary="价格等级")
def tiers(request: ApiRequest) -> object:
    return partners.price_tiers(request.auth)


@router.post(
    "/price-tiers", response=answers(201, NamedTold), summary="新建价格等级", openapi_extra=EXTRA
)
def create_tier(request: ApiRequest, body: TierAsked) -> object:
    actor = request.auth
    made = once(
        key_in(request),
        "price_tier.create",
        body.name,
        lambda: actions.add_tier(body.name, actor=actor),
        lambda found: partners.price_tiers(actor).get(id=found),
    )
    return Status(201, made)


@router.get("/price-lists", response=answers(200, list[PriceListTold]), summary="价格本")
def price_lists(request: ApiRequest) -> object:
    return queries.price_lists(request.auth)


@router.post(
    "/price-lists", response=answers(201, PriceListFull), summary="新建价格本", openapi_extra=EXTRA
)
def create_price_list(request: ApiRequest, body: PriceListAsked) -> object:
    actor, draft = request.auth, _draft(body)
    made = once(
        key_in(request),
        "price_list.create",
        draft,
        lambda: actions.save_list(draft, actor=actor),
        lambda found: queries.price_list(actor, found),
    )
    return Status(201, _full(actor, made.pk))


@router.get(
    "/price-lists/{int:list_id}", response=answers(200, PriceListFull), summary="查看价格本"
)
def price_list(request: ApiRequest, list_id: int) -> object:
    return _full(request.auth, list_id)


@router.put(
    "/price-lists/{int:list_id}",
    response=answers(200, PriceListFull),
    summary="修改价格本",
    openapi_extra=EXTRA,
)
def change_price_list(request: ApiRequest, list_id: int, body: PriceListChange) -> object:
    actor, version, draft = request.auth, body.version, _draft(body)
    once(
        key_in(request),
        "price_list.change",
        (list_id, version, draft),
        lambda: actions.change_list(list_id, version, draft, actor=actor),
        lambda found: queries.price_list(actor, found),
    )
    return _full(actor, list_id)


@router.post(
    "/price-lists/{int:list_id}/adjust",
    response=answers(201, PriceListFull),
    summary="调价",
    openapi_extra=EXTRA,
)
def adjust_price_list(request: ApiRequest, list_id: int, body: AdjustAsked) -> object:
    actor, version = request.auth, body.version
    wanted = Adjustment(body.percent, body.on, body.name, body.places)
    made = once(
        key_in(request),
        "price_list.adjust",
        (list_id, version, wanted),
        lambda: actions.adjust_list(list_id, version, wanted, actor=actor),
        lambda found: queries.price_list(actor, found),
    )
    return Status(201, _full(actor, made.pk))


@router.get(
    "/partners/{int:partner_id}/prices",
    response=answers(200, list[AgreedTold]),
    summary="客户的协议价",
)
def agreed_prices(request: ApiRequest, partner_id: int) -> object:
    return queries.customer_prices(request.auth, partner_id)


@router.put(
    "/partners/{int:partner_id}/prices",
    response=answers(200, list[AgreedTold]),
    summary="修改客户的协议价",
    openapi_extra=EXTRA,
)
def agree_prices(request: ApiRequest, partner_id: int, body: AgreedAllAsked) -> object:
    actor, version = request.auth, body.version
    drafts = [AgreedDraft(**dict(price)) for price in body.prices]
    once(
        key_in(request),
        "partner.agree_prices",
        (partner_id, version, [_plain(draft) for draft in drafts]),
        lambda: actions.agree_prices(partner_id, version, drafts, actor=actor),
        lambda found: partners.partner(actor, found),
    )
    return queries.customer_prices(actor, partner_id)


@router.get("/sales-prices", response=answers(200, list[QuoteTold]), summary="客户的价格和依据")
def sales_prices(request: ApiRequest, asked: Query[QuotesAsked]) -> object:
    """协议价 → 等级价 → 价格本 → 商品售价 → 上次成交价，第一个有效的为准；每个单位一行。"""
    actor = request.auth
    demand(actor, "price.view")
    item = catalog.item(actor, asked.item_id)
    partners.partner(actor, asked.partner_id)
    sale = Sale(asked.partner_id, asked.dated, asked.prices_include_tax)
    known = known_prices(actor, sale, [item.pk])
    quotes = [(unit, known.quote(item, unit)) for unit in item.uoms.all()]
    return [
        {"item_id": item.pk, "item_uom_id": unit.pk, "price": quote.price, "reason": quote.reason}
        for unit, quote in quotes
        if quote is not None
    ]


def _draft(body: PriceListAsked) -> PriceListDraft:
    plain = {name: getattr(body, name) for name in PriceListAsked.model_fields}
    return PriceListDraft(
        **plain | {"lines": tuple(ListLineDraft(**dict(line)) for line in body.lines)}
    )


def _plain(draft: AgreedDraft) -> Sequence[object]:
    dates = (draft.valid_from, draft.valid_to)
    return (draft.item_id, draft.item_uom_id, draft.price, *dates)


def _full(actor: Actor, list_id: int) -> dict[str, Any]:
    found = queries.price_list(actor, list_id)
    told = {name: getattr(found, name) for name in PriceListTold.model_fields}
    return told | {"lines": list(queries.list_lines(actor, list_id))}
