"""What a client sends about documents: parts that kinds share."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from hengcang.api.paging import Paged
from hengcang.api.reading import (
    ClientUuid,
    Day,
    Flag,
    Id,
    Money,
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
from hengcang.api.shapes import Asked
from hengcang.documents.drafts import MAX_LINES, MAX_SERIALS, Direction, Outcome
from hengcang.documents.flow import Status
from hengcang.kernel.errors import Refused
from hengcang.ledger.entries import StockStatus


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
    batch_no: Text = Field("", description="批号；出库不填时按先到期先出分配。")
    mfg_date: Day | None = Field(None, description="生产日期，入库的新批次用。")
    expiry_date: Day | None = Field(None, description="有效期至；不填按保质期推算。")
    bin_code: Text = Field("", description="库位编码。")
    stock_status: StockStatus = Field(StockStatus.GOOD, description="良品、待检、不良或冻结。")


class ExchangedAsked(LineAsked):
    direction: Direction = Field(description="back 退回，out 换出。")
    stock_status: StockStatus | Literal[""] = Field(  # type: ignore[assignment] # it may be open
        "", description="不填：退回为不良，换出为良品。"
    )


class SerialsAsked(Asked):
    serials: list[Text60] = Field(
        default_factory=list,
        max_length=MAX_SERIALS,
        description="按序列号管理的商品：每件一个序列号；出库不填时先进先出，整单退回不填时取源单的。",
    )


class PricedAsked(Asked):
    price: Price | None = Field(None, description="每录入单位的价格；不填取源单或商品的默认价。")
    discount_rate: Rate = Field("100", validate_default=True)
    tax_rate: Rate | None = None


class FreeAsked(Asked):
    is_gift: Annotated[Flag, Field(description="赠品：不能有单价，成本照算。")] = False
    is_sample: Annotated[Flag, Field(description="样品：不能有单价，成本照算。")] = False


class SourcedAsked(Asked):
    source_line_id: Id | None = Field(
        None,
        description="成交的报价单行、执行的订单行、配货的要货单行，或退货的出库单行、入库单行。",
    )


class LineDueAsked(Asked):
    warehouse_id: Id | None = Field(None, description="本行的出库仓；不填同表头。")
    due_date: Day | None = Field(None, description="本行的交货日期；不填同表头。")


class ToBinAsked(Asked):
    to_bin_code: Text = Field("", description="移入库位；过账前必填。")


class CostedAsked(Asked):
    unit_cost: Price | None = Field(None, description="每基本单位的成本；没有源单时必填。")


class CostOrAverageAsked(Asked):
    unit_cost: Price | None = Field(
        None, description="每基本单位的成本；不填则过账时按当前平均成本入库。"
    )


class ToStatusAsked(Asked):
    to_status: StockStatus = Field(description="调整后的状态；stock_status 是调整前的。")


class JudgedAsked(Asked):
    rejected: Quantity | None = Field(
        None, description="本次检验数量中不合格的部分，单位同 quantity；不填为全部合格。"
    )
    reject_cause: Text60 = Field("", description="不合格原因；有不合格数时必填。")
    rejected_serials: list[Text60] = Field(
        default_factory=list,
        max_length=MAX_SERIALS,
        description="按序列号管理的商品：不合格的是哪几件，都在 serials 之内。",
    )
    to_bin_code: Text = Field("", description="不良品放到哪个库位；不填为原库位。")


class OfferAsked(Asked):
    moq: Quantity | None = Field(None, description="起订量，按本行单位。")
    lead_time_days: Whole | None = Field(None, description="下单后几天到货。")


class DueLineAsked(Asked):
    due_date: Day | None = Field(None, description="这一行的到货日期；不填为表头的日期。")


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


class DiscountAsked(Asked):
    bill_discount: Money = Field(
        "0", validate_default=True, description="整单优惠：从价税合计中减去，按行分摊到分。"
    )
    rounding_off: Money = Field("0", validate_default=True, description="抹零，同上分摊。")


class CreditedAsked(Asked):
    channel_id: Id | None = Field(None, description="销售渠道。")
    salesperson_id: Id | None = Field(None, description="业务员；不填取客户的业务员。")


class TravelAsked(Asked):
    carrier: Text60 = Field("", description="承运公司。")
    tracking_no: Text60 = Field("", description="运单号。")


class NoticeAsked(Asked):
    notice_id: Id | None = Field(
        None, description="按哪张到货通知收货；同一订单行的数量计入该通知。"
    )


class ValidAsked(Asked):
    valid_until: Day = Field(description="有效期至，含当天。")


class DueAsked(Asked):
    due_date: Day | None = None


class WishAsked(Asked):
    partner_id: Id | None = Field(None, description="建议供应商；各行可另填 supplier_id。")


class LineWishAsked(Asked):
    supplier_id: Id | None = Field(None, description="本行的建议供应商。")
    due_date: Day | None = Field(None, description="本行的需用日期；不填同表头。")


class DestinationAsked(Asked):
    to_warehouse_id: Id = Field(description="调入仓库；不必在您的数据范围内。")


class SupplyAsked(Asked):
    to_warehouse_id: Id = Field(description="供货仓库：向哪个仓库要货；不必在您的数据范围内。")


class NeededAsked(Asked):
    due_date: Day | None = Field(None, description="本行的需用日期；不填同表头。")


class OutcomeAsked(Asked):
    outcome: Outcome = Field(
        Outcome.ARRIVED, description="到货、在途损耗（须写原因和责任方）或退回调出仓。"
    )
    responsible: Text60 = Field("", description="在途损耗的责任方。")


class ProductAsked(Asked):
    product_id: Id = Field(description="成品：组装得到的，或拆开的商品。")
    product_quantity: Quantity = Field(description="成品数量，基本单位。")
    product_batch_no: Text = Field("", description="成品批号。")
    product_expiry_date: Day | None = Field(None, description="成品新批次的有效期至。")
    product_bin_code: Text = Field("", description="成品的库位编码。")
    product_serials: list[Text60] = Field(
        default_factory=list,
        max_length=MAX_SERIALS,
        description="按序列号管理的成品：组装得到的或拆开的每件一个序列号。",
    )


class ExtraCostAsked(Asked):
    extra_cost: Money | None = Field(None, description="加工费等，计入成品成本。")


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


class DocumentAsked(Paged):
    """Which documents of one kind."""

    status: Status | None = None
    warehouse_id: int | None = None
    dated_from: Day | None = None
    dated_to: Day | None = None
    words: Text60 = Field("", description="单号、外部单号或往来单位。")


class TradeDocumentAsked(DocumentAsked):
    partner_id: int | None = None


class SaleDocumentAsked(TradeDocumentAsked):
    channel_id: int | None = None
    salesperson_id: int | None = None
