"""What a client gets of documents: parts that kinds share."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AliasPath, BeforeValidator, Field

from hengcang.api.errors import Problem
from hengcang.api.shapes import Told
from hengcang.api.showing import CostOut, CostPriceOut, MoneyOut, PlainOut
from hengcang.documents.flow import Status
from hengcang.purchasing.rules import ReceiveStatus


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
    batch_no: str | None = Field(None, validation_alias=AliasPath("batch", "batch_no"))
    expiry_date: date | None = Field(None, validation_alias=AliasPath("batch", "expiry_date"))
    bin_code: str | None = Field(None, validation_alias=AliasPath("bin", "code"))
    stock_status: str


class AnnouncedLineTold(LineTold):
    """到货通知的一行；批号和日期是供应商说的，入库时才建立批次。"""

    batch_no: str = ""
    mfg_date: date | None
    expiry_date: date | None
    receive_status: ReceiveStatus


class ToBinTold(Told):
    to_bin_code: str | None = Field(None, validation_alias=AliasPath("to_bin", "code"))


class SerialsTold(Told):
    serials: list[str] = Field([], description="这一行的序列号；商品不按序列号管理时为空。")


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


class ReceiveTold(Told):
    due_date: date | None = Field(description="这一行的到货日期；null 为表头的日期。")
    receive_status: ReceiveStatus = Field(description="未到、部分、完成、超收")
    receive_label: str


class ChosenTold(Told):
    quote_line_id: int | None = Field(description="比价时选中的供应商报价行。")


class OfferTold(Told):
    moq: PlainOut | None = Field(description="起订量，按本行单位。")
    lead_time_days: int | None


class ReservedTold(Told):
    warehouse_id: int | None = Field(description="本行的出库仓；空为同表头。")
    due_date: date | None = Field(description="本行的交货日期；空为同表头。")
    qty_reserved: PlainOut


class ReturnedTold(Told):
    qty_returned: PlainOut


class FreeTold(Told):
    is_gift: bool
    is_sample: bool


class ExchangedTold(Told):
    direction: Literal["back", "out"] = Field(
        description="退回或换出；退回行的数量为正，金额各栏为负。"
    )


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


class DiscountTold(Told):
    bill_discount: MoneyOut = Field(description="整单优惠；金额各栏都已减去。")
    rounding_off: MoneyOut = Field(description="抹零。")
    discount_carried: MoneyOut = Field(description="源单的整单优惠分摊到本单的部分。")


class PurchaseDiscountTold(Told):
    bill_discount: CostOut = Field(description="整单优惠；金额各栏都已减去。")
    rounding_off: CostOut = Field(description="抹零。")
    discount_carried: CostOut = Field(description="源单的整单优惠分摊到本单的部分。")


class LineDiscountTold(Told):
    bill_share: MoneyOut = Field(description="本行分摊的整单优惠，已从金额中减去。")


class PurchaseLineDiscountTold(Told):
    bill_share: CostOut = Field(description="本行分摊的整单优惠，已从金额中减去。")


class BothSidesTold(Told):
    out_amount: MoneyOut = Field(description="换出的价税合计。")
    back_amount: MoneyOut = Field(
        description="退回的价税合计；amount_incl_tax 是换出减退回的差额。"
    )


class PersonTold(Told):
    """一个用户。"""

    id: int
    name: str


class CreditedTold(Told):
    channel: Ref | None
    salesperson: PersonTold | None


class TravelTold(Told):
    carrier: str = Field(description="承运公司。")
    tracking_no: str = Field(description="运单号。")


class NoticeTold(Told):
    notice_id: int | None = Field(description="按哪张到货通知收货。")


class NoticeLineTold(Told):
    notice_line_id: int | None = Field(description="对应的到货通知行。")


class ValidTold(Told):
    valid_until: date


class DueTold(Told):
    due_date: date | None


class WishTold(Told):
    partner: Ref | None = Field(description="建议供应商。")


class LineWishTold(Told):
    supplier_id: int | None
    due_date: date | None


class DestinationTold(Told):
    to_warehouse: Ref


class AllocatedTold(Told):
    qty_allocated: PlainOut = Field(description="在调拨单上的数量，含未调出的草稿，基本单位。")
    due_date: date | None = Field(description="本行的需用日期；空为同表头。")


class OutcomeTold(Told):
    outcome: str = Field(description="arrived、lost 或 sent_back。")
    responsible: str


class ToStatusTold(Told):
    to_status: str = Field(description="调整后的状态；stock_status 是调整前的。")


class JudgedTold(Told):
    rejected: PlainOut = Field(description="不合格的基本单位数量；其余合格。")
    reject_cause: str
    rejected_serials: list[str] = Field([], description="不合格件的序列号；serials 是全部检验件。")
    to_bin_code: str | None = Field(None, validation_alias=AliasPath("to_bin", "code"))


class InspectedTold(Told):
    qty_inspected: PlainOut = Field(description="待检入库后已检验的基本单位数量。")
    qty_rejected: PlainOut = Field(description="其中不合格的数量。")


class ProductTold(Told):
    product: Ref
    product_quantity: PlainOut = Field(description="基本单位；红冲单同原单。")
    product_batch_no: str | None = Field(
        None, validation_alias=AliasPath("product_batch", "batch_no")
    )
    product_bin_code: str | None = Field(None, validation_alias=AliasPath("product_bin", "code"))
    product_serials: list[str] = Field([], description="成品的序列号，每件一个。")


class ExtraCostTold(Told):
    extra_cost: CostOut | None


class TransitTold(Told):
    qty_fulfilled: PlainOut = Field(description="已不在途的基本单位数量。")
    qty_lost: PlainOut
    qty_sent_back: PlainOut


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
