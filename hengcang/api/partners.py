"""Customers and suppliers."""

from typing import Annotated, Literal

from ninja import Query, Router, Status
from pydantic import AliasPath, Field

from hengcang.api.access import ApiRequest
from hengcang.api.errors import answers
from hengcang.api.intents import EXTRA, key_in, once
from hengcang.api.items import NamedTold
from hengcang.api.paging import Page, Paged, cut, key_of
from hengcang.api.reading import Id, Money, Rate, Text, Text60, Text200, Text500, Whole
from hengcang.api.shapes import Asked, Told
from hengcang.api.showing import MoneyOut, PlainOut, Rows
from hengcang.partners import actions, queries
from hengcang.partners.drafts import ContactDraft, CustomerTerms, PartnerDraft, SupplierTerms
from hengcang.partners.queries import PartnerFilter, Role

router = Router(tags=["往来单位"])


class ContactAsked(Asked):
    """联系人。"""

    name: Text60
    title: Text60 = ""
    phone: Text60 = ""
    email: Text200 = ""


class CustomerAsked(Asked):
    """作为客户。"""

    credit_limit: Money | None = Field(None, description="信用额度；null 为不限。")
    credit_days: Whole = 0
    price_tier_id: Id | None = Field(None, description="价格等级；null 为不分等级。")


class SupplierAsked(Asked):
    """作为供应商。"""

    credit_grade: Literal["A", "B", "C", "D"] = "B"
    credit_days: Whole = 0
    lead_time_days: Whole | None = None
    over_receipt_rate: Rate | None = Field(None, description="超收容差；null 为按商品。")


class PartnerAsked(Asked):
    """一个往来单位；至少有客户或供应商一个身份。"""

    name: Text200
    code: Text | None = Field(None, description="不填则自动编码。")
    category: Text60 = ""
    salesperson_id: Id | None = None
    address: Text200 = ""
    tax_no: Text60 = ""
    bank_name: Text200 = ""
    bank_account: Text60 = ""
    note: Text500 = ""
    contacts: Annotated[tuple[ContactAsked, ...], Field(max_length=100)] = ()
    customer: CustomerAsked | None = None
    supplier: SupplierAsked | None = None


class PartnerChange(PartnerAsked):
    """修改往来单位：给出全部字段和您看到的版本。"""

    version: Whole


class ContactTold(Told):
    """联系人。"""

    id: int
    name: str
    title: str
    phone: str
    email: str


class CustomerTold(Told):
    """作为客户。"""

    credit_limit: MoneyOut | None
    credit_days: int
    price_tier_id: int | None


class SupplierTold(Told):
    """作为供应商。"""

    credit_grade: str
    credit_days: int
    lead_time_days: int | None
    over_receipt_rate: PlainOut | None


class PartnerTold(Told):
    """一个往来单位。"""

    id: int
    code: str
    name: str
    category: str | None = Field(None, validation_alias=AliasPath("category", "name"))
    salesperson_id: int | None
    address: str
    tax_no: str
    bank_name: str
    bank_account: str
    note: str
    is_active: bool
    version: int
    contacts: Annotated[list[ContactTold], Rows]
    customer: CustomerTold | None = None
    supplier: SupplierTold | None = None


class PartnersAsked(Paged):
    """Which partners."""

    words: Text60 = Field("", description="编码、名称、拼音首字母、税号、联系人或电话。")
    role: Role | None = None
    category_id: int | None = None
    salesperson_id: int | None = None
    is_active: bool | None = True


@router.get("/partners", response=answers(200, Page[PartnerTold]), summary="往来单位，按编码")
def partners(request: ApiRequest, asked: Query[PartnersAsked]) -> object:
    after = key_of(asked.next, str)
    wanted = PartnerFilter(
        words=asked.words,
        role=asked.role,
        category_id=asked.category_id,
        salesperson_id=asked.salesperson_id,
        is_active=asked.is_active,
        after=after[0] if after else "",
        limit=asked.limit + 1,
    )
    return cut(queries.partners(request.auth, wanted), asked.limit, lambda row: (row.code,))


@router.post(
    "/partners", response=answers(201, PartnerTold), summary="新建往来单位", openapi_extra=EXTRA
)
def create_partner(request: ApiRequest, body: PartnerAsked) -> object:
    actor, draft = request.auth, _draft(body)
    partner = once(
        key_in(request),
        "partner.create",
        draft,
        lambda: actions.save_partner(draft, actor=actor),
        lambda made: queries.partner(actor, made),
    )
    return Status(201, queries.partner(actor, partner.pk))


@router.get("/partners/suggestions", response=answers(200, list[PartnerTold]), summary="输入联想")
def suggestions(request: ApiRequest, words: Text60, role: Role | None = None) -> object:
    return queries.suggest_partners(request.auth, words, role)


@router.get("/partner-categories", response=answers(200, list[NamedTold]), summary="往来单位类别")
def categories(request: ApiRequest) -> object:
    return queries.categories(request.auth)


@router.get(
    "/partners/{int:partner_id}", response=answers(200, PartnerTold), summary="查看往来单位"
)
def partner(request: ApiRequest, partner_id: int) -> object:
    return queries.partner(request.auth, partner_id)


@router.put(
    "/partners/{int:partner_id}",
    response=answers(200, PartnerTold),
    summary="修改往来单位",
    openapi_extra=EXTRA,
)
def change_partner(request: ApiRequest, partner_id: int, body: PartnerChange) -> object:
    actor, draft = request.auth, _draft(body)
    once(
        key_in(request),
        "partner.change",
        (partner_id, body.version, draft),
        lambda: actions.change_partner(partner_id, body.version, draft, actor=actor),
        lambda made: queries.partner(actor, made),
    )
    return queries.partner(actor, partner_id)


@router.post(
    "/partners/{int:partner_id}/disable",
    response=answers(200, PartnerTold),
    summary="停用往来单位",
)
def disable_partner(request: ApiRequest, partner_id: int) -> object:
    actions.disable_partner(partner_id, actor=request.auth)
    return queries.partner(request.auth, partner_id)


@router.post(
    "/partners/{int:partner_id}/enable",
    response=answers(200, PartnerTold),
    summary="启用往来单位",
)
def enable_partner(request: ApiRequest, partner_id: int) -> object:
    actions.enable_partner(partner_id, actor=request.auth)
    return queries.partner(request.auth, partner_id)


def _draft(body: PartnerAsked) -> PartnerDraft:
    plain = {name: getattr(body, name) for name in PartnerAsked.model_fields}
    customer, supplier = body.customer, body.supplier
    return PartnerDraft(
        **plain
        | {
            "contacts": tuple(ContactDraft(**dict(contact)) for contact in body.contacts),
            "customer": CustomerTerms(**dict(customer)) if customer else None,
            "supplier": SupplierTerms(**dict(supplier)) if supplier else None,
        }
    )
