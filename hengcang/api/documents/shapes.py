"""The JSON of documents: parts that kinds share, put together by what each kind has."""

from datetime import date, datetime
from typing import Annotated, Any, Literal, TypeVar
from uuid import UUID

from pydantic import AliasPath, BaseModel, BeforeValidator, Field, create_model

from hengcang.api.errors import Problem
from hengcang.api.paging import Page, Paged
from hengcang.api.reading import (
    ClientUuid,
    Day,
    Flag,
    Id,
    Price,
    Quantity,
    Rate,
    Text,
    Text60,
    Text200,
    Text500,
    Whole,
    complaint,
)
from hengcang.api.shapes import Asked, Told
from hengcang.api.showing import CostOut, CostPriceOut, MoneyOut, PlainOut
from hengcang.documents.drafts import MAX_LINES
from hengcang.documents.flow import ORDER_FLOW, Status
from hengcang.kernel.errors import Refused
from hengcang.register.kinds import Kind

M = TypeVar("M", bound=BaseModel)
COSTED = frozenset({"sales_return", "other_receipt"})


def _counted(lines: object) -> object:
    """Raises Refused("too_many_lines") before a single line is read."""
    if isinstance(lines, list) and len(lines) > MAX_LINES:
        raise complaint(Refused("too_many_lines", limit=MAX_LINES, count=len(lines)))
    return lines


Counted = BeforeValidator(_counted)


class LineAsked(Asked):
    """一行商品：用 item_id 或 barcode 指明。"""

    item_id: Id | None = None
    barcode: Text60 | None = Field(None, description="商品条码或编码；代替 item_id，单位随条码。")
    quantity: Quantity
    item_uom_id: Id | None = Field(None, description="不填为条码的单位或基本单位。")
    note: Text200 = ""


class PricedAsked(Asked):
    price: Price | None = Field(None, description="每录入单位的价格；不填取源单或商品的默认价。")
    discount_rate: Rate = Field("100", validate_default=True)
    tax_rate: Rate | None = None


class SourcedAsked(Asked):
    source_line_id: Id | None = Field(None, description="执行的订单行，或退回的出库单行。")


class CostedAsked(Asked):
    unit_cost: Price | None = Field(None, description="每基本单位的成本；没有源单时必填。")


class HeaderAsked(Asked):
    """一张单据。"""

    dated: Day
    warehouse_id: Id
    external_no: Text60 = ""
    reason: Text200 = ""
    note: Text500 = ""


class TradeAsked(Asked):
    partner_id: Id
    prices_include_tax: Flag = True


class DueAsked(Asked):
    due_date: Day | None = None


class VersionAsked(Asked):
    version: Whole = Field(description="您看到的版本；已被他人修改时返回 409 stale_version。")


class VerbAsked(VersionAsked):
    """对单据做一个动作。"""

    reason: Text200 = Field("", description="红冲和强制结单必填。")


class UndoAsked(VerbAsked):
    """红冲。"""

    client_uuid: ClientUuid | None = None


class FollowAsked(Asked):
    """从源单生成并过账下一张单据。"""

    dated: Day
    quantities: dict[Text, Quantity] = Field(
        default_factory=dict,
        max_length=MAX_LINES,
        description="源单行编号 → 基本单位数量；不填为全部未执行数量。",
    )
    client_uuid: ClientUuid | None = None


class Ref(Told):
    """编号、编码和名称。"""

    id: int
    code: str
    name: str


class LineTold(Told):
    """一行商品。"""

    id: int
    position: int
    item: Ref
    spec: str = Field(validation_alias=AliasPath("item", "spec"))
    item_uom_id: int
    uom: str = Field(validation_alias=AliasPath("item_uom", "uom", "name"))
    quantity_in_unit: PlainOut
    quantity: PlainOut = Field(description="基本单位数量；红冲单为负。")
    base_uom: str = Field(validation_alias=AliasPath("item", "base_uom", "name"))
    note: str


class PricedTold(Told):
    price: PlainOut
    discount_rate: PlainOut
    tax_rate: PlainOut
    net_amount: MoneyOut
    tax_amount: MoneyOut
    amount_incl_tax: MoneyOut


class PurchasePricedTold(Told):
    """What we pay is a figure of cost."""

    price: CostPriceOut
    discount_rate: PlainOut
    tax_rate: PlainOut
    net_amount: CostOut
    tax_amount: CostOut
    amount_incl_tax: CostOut


class FulfilTold(Told):
    qty_fulfilled: PlainOut


class ReservedTold(Told):
    qty_reserved: PlainOut


class ReturnedTold(Told):
    qty_returned: PlainOut


class SourcedTold(Told):
    source_line_id: int | None


class CostTold(Told):
    cost_amount: CostOut = Field(None, description="已入账的成本；草稿为录入的成本。")


def _called(text: Any) -> Any:
    return text() if callable(text) else text


class HeaderTold(Told):
    """单据的表头。"""

    id: int
    number: str | None = Field(description="草稿没有单号。")
    status: Status
    status_label: Annotated[str, BeforeValidator(_called)] = Field(
        validation_alias=AliasPath("get_status_display")
    )
    dated: date
    warehouse: Ref
    external_no: str
    reason: str
    note: str
    version: int
    client_uuid: UUID
    created_by_name: str
    created_at: datetime


class TradeTold(Told):
    partner: Ref
    prices_include_tax: bool
    net_amount: MoneyOut
    tax_amount: MoneyOut
    amount_incl_tax: MoneyOut


class PurchaseTradeTold(Told):
    partner: Ref
    prices_include_tax: bool
    net_amount: CostOut
    tax_amount: CostOut
    amount_incl_tax: CostOut


class DueTold(Told):
    due_date: date | None


class ReversalTold(Told):
    reversal_of_id: int | None


class VerbTold(Told):
    """现在可做的动作。"""

    verb: str = Field(validation_alias="name", description="地址中的动作，如 take-back。")
    label: str
    needs_reason: bool


class LinkTold(Told):
    """一张关联单据。"""

    relation: Literal["source", "follower", "reversal", "original"]
    kind: str = Field(validation_alias=AliasPath("document", "kind"))
    document_id: int = Field(validation_alias=AliasPath("document", "document_id"))
    number: str | None = Field(validation_alias=AliasPath("document", "number"))
    status: Status = Field(validation_alias=AliasPath("document", "status"))
    dated: date = Field(validation_alias=AliasPath("document", "dated"))


class CostChangeTold(Told):
    """一笔会变动的已入账成本。"""

    kind: str
    source_id: int
    line: int
    dated: date
    item_id: int
    item_code: str
    item_name: str
    cost_before: CostOut = Field(validation_alias="before")
    cost_after: CostOut = Field(validation_alias="after")


class MonthShiftTold(Told):
    month: str
    shift: CostOut


class ImpactTold(Told):
    """改前先看影响：会改变哪些已入账的成本；blocked 为会遇到的拒绝。"""

    entries: int
    documents: int
    shift: CostOut
    by_month: list[MonthShiftTold]
    changes: list[CostChangeTold]
    blocked: Problem | None


class DocumentAsked(Paged):
    """Which documents of one kind."""

    status: Status | None = None
    warehouse_id: int | None = None
    dated_from: Day | None = None
    dated_to: Day | None = None
    words: Text60 = Field("", description="单号、外部单号或往来单位。")


class TradeDocumentAsked(DocumentAsked):
    partner_id: int | None = None


class Shapes:
    """The models of one kind, made once at import."""

    def __init__(self, kind: Kind, then: str) -> None:
        name = kind.code.title().replace("_", "")
        line = _made(f"{name}LineAsked", kind, _line_asked(kind))
        lines = (Annotated[list[line], Counted], Field())  # type: ignore[valid-type]
        header = _header_asked(kind)
        saved = (Literal["save", then], Field("save", description="保存后立即审核或过账。"))
        self.new = _made(
            f"{name}New",
            kind,
            header,
            lines=lines,
            then=saved,
            client_uuid=(ClientUuid | None, None),
        )
        self.change = _made(f"{name}Change", kind, (VersionAsked, *header), lines=lines)
        self.row = _made(f"{name}Row", kind, _header_told(kind))
        told = _made(f"{name}Line", kind, _line_told(kind))
        self.full = _made(
            name,
            kind,
            (self.row,),
            lines=(list[told], ...),  # type: ignore[valid-type]
            verbs=(list[VerbTold], ...),
            chain=(list[LinkTold], ...),
        )
        self.page: Any = Page[self.row]  # type: ignore[name-defined]
        self.asked: Any = TradeDocumentAsked if kind.role else DocumentAsked


def _made(name: str, kind: Kind, parts: tuple[type[BaseModel], ...], **fields: Any) -> Any:
    return create_model(name, __base__=parts, __doc__=kind.label, __module__=__name__, **fields)


def _chosen(*parts: tuple[bool, type[BaseModel]]) -> tuple[type[BaseModel], ...]:
    return tuple(part for wanted, part in parts if wanted)


def is_order(kind: Kind) -> bool:
    return kind.flow is ORDER_FLOW


def is_bought(kind: Kind) -> bool:
    """Whether its prices are what we pay: figures of cost."""
    return kind.role == "supplier"


def _line_asked(kind: Kind) -> tuple[type[BaseModel], ...]:
    return _chosen(
        (True, LineAsked),
        (bool(kind.role), PricedAsked),
        (bool(kind.source), SourcedAsked),
        (kind.code in COSTED, CostedAsked),
    )


def _header_asked(kind: Kind) -> tuple[type[BaseModel], ...]:
    return _chosen((True, HeaderAsked), (bool(kind.role), TradeAsked), (is_order(kind), DueAsked))


def _header_told(kind: Kind) -> tuple[type[BaseModel], ...]:
    bought = is_bought(kind)
    return _chosen(
        (True, HeaderTold),
        (bool(kind.role) and not bought, TradeTold),
        (bought, PurchaseTradeTold),
        (is_order(kind), DueTold),
        (not is_order(kind), ReversalTold),
    )


def _line_told(kind: Kind) -> tuple[type[BaseModel], ...]:
    bought = is_bought(kind)
    return _chosen(
        (True, LineTold),
        (bool(kind.role) and not bought, PricedTold),
        (bought, PurchasePricedTold),
        (is_order(kind), FulfilTold),
        (kind.code == "sales_order", ReservedTold),
        (kind.code == "sales_delivery", ReturnedTold),
        (bool(kind.source), SourcedTold),
        (not is_order(kind), CostTold),
    )
