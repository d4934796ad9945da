"""What clients send and get about stock counts."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field

from hengcang.api.documents.asked import VersionAsked
from hengcang.api.paging import Page, Paged
from hengcang.api.reading import (
    ClientUuid,
    CountedQuantity,
    Day,
    Flag,
    Id,
    Money,
    Price,
    Quantity,
    Text,
    Text20,
    Text60,
    Text200,
    Text500,
    Whole,
)
from hengcang.api.shapes import Asked, Told
from hengcang.api.showing import CostOut, CostPriceOut, PlainOut
from hengcang.documents.drafts import MAX_SERIALS
from hengcang.kernel.actor import Actor
from hengcang.ledger.entries import StockStatus
from hengcang.register.kinds import BY_CODE, open_verbs, status_label
from hengcang.stock.count_drafts import MAX_ENTRIES, CountScope, Mode, MovedFrom, Which
from hengcang.stock.variance import Variance

MOST_TEXT = 4_000_000
MOST_AT_ONCE = 1_000
BatchNo = Annotated[Text, Field(max_length=40)]
BinCode = Annotated[Text, Field(max_length=30)]


class CountAsked(Asked):
    """一次盘点：全仓、按类别、指定商品，或按区域（扫到什么盘什么）。"""

    dated: Day
    warehouse_id: Id
    scope: CountScope = CountScope.ALL
    category_id: Id | None = None
    item_ids: list[Id] = Field(default_factory=list, max_length=MAX_ENTRIES)
    zone: Text20 = ""
    note: Text500 = ""
    then: Literal["save", "start"] = Field("start", description="start：建好就开始盘点。")
    client_uuid: ClientUuid | None = None


class TallyAsked(Asked):
    """一处的实盘数：用 item_id 或 barcode 指明商品。"""

    item_id: Id | None = None
    barcode: Text60 | None = Field(None, description="商品条码或编码；单位随条码。")
    quantity: CountedQuantity
    item_uom_id: Id | None = None
    zone: Text20 = ""
    note: Text200 = ""
    batch_no: BatchNo = Field("", description="批号；只有一批时可不填，没有批号的写 -。")
    bin_code: BinCode = Field("", description="库位；只在一处时可不填，不在库位的写 -。")
    stock_status: StockStatus = StockStatus.GOOD
    is_new: Flag = Field(default=False, description="账上没有的新批次，按所填日期建立。")
    mfg_date: Day | None = None
    expiry_date: Day | None = None
    serials: list[Text60] = Field(
        default_factory=list,
        max_length=MAX_SERIALS,
        description="按序列号管理的商品：每件一个，个数等于数量；负数为撤销。",
    )

    @property
    def which(self) -> Which:
        return Which(
            self.batch_no,
            self.bin_code.upper(),
            self.stock_status.value,
            self.is_new,
            self.mfg_date,
            self.expiry_date,
        )


class TalliesAsked(Asked):
    """录入实盘数。add：与已有的累加；set：代替同一区域已有的。"""

    entries: list[TallyAsked] = Field(min_length=1, max_length=MOST_AT_ONCE)
    mode: Mode = Mode.ADD
    client_uuid: ClientUuid | None = None


class SheetAsked(Asked):
    """整张盘点表，每行：编码或条码、数量、单位、区域、备注、批号、库位、状态、生产日期、有效期至、
    新批次、序列号（分号分隔），用制表符或逗号分隔，编码和数量之外可不填。
    """

    text: Text = Field(max_length=MOST_TEXT)
    client_uuid: ClientUuid | None = None


class RecountAsked(VersionAsked):
    """把所选商品（全部批次和库位）或所选行退回重盘。"""

    item_ids: list[Id] = Field(default_factory=list, max_length=MAX_ENTRIES)
    lines: list[Whole] = Field(default_factory=list, max_length=MAX_ENTRIES)
    reason: Text200 = ""


class ExplanationAsked(Asked):
    """一行差异的说明。"""

    item_id: Id
    line: Whole | None = Field(None, description="行号；不填为该商品的全部行。")
    cause: Text60 = ""
    responsible: Text20 = ""
    unit_cost: Price | None = Field(None, description="账面无存货时，盘盈商品每基本单位的成本。")
    moved_from: MovedFrom = MovedFrom.UNKNOWN


class ExplainAsked(VersionAsked):
    """若干行差异的说明。"""

    lines: list[ExplanationAsked] = Field(min_length=1, max_length=MOST_AT_ONCE)


class RulesAsked(Asked):
    """差异达到多少要写原因和责任人；null 为不要求。"""

    cause_above_quantity: Quantity | None = None
    cause_above_value: Money | None = None


class RulesTold(Told):
    """差异达到多少要写原因和责任人；null 为不要求。"""

    cause_above_quantity: PlainOut | None
    cause_above_value: PlainOut | None


class LinesAsked(Paged):
    """Which lines, in which order."""

    order: Literal["position", "value"] = Field("position", description="value：差异金额大的在前。")


class LineTold(Told):
    """一个商品的一个批次、库位、状态的实盘与账面；盲盘时账面与差异为 null。"""

    position: int
    item_id: int
    item_code: str
    item_name: str
    spec: str
    uom: str
    round: int
    counted: PlainOut | None
    book: PlainOut | None
    difference: PlainOut | None
    value: CostOut
    uncertain: bool
    needs_cause: bool
    cause: str
    responsible: str
    unit_cost: CostPriceOut
    moved_from: str
    batch_no: str
    expiry_date: date | None
    bin_code: str
    stock_status: str


LinePage = Page[LineTold]


class PieceDifferenceTold(Told):
    """一件与账面不符的商品；position 是盘点单的行号，book 是账面所在（过账后为空）。"""

    position: int
    item_id: int
    item_code: str
    item_name: str
    serial_no: str
    finding: str = Field(
        description="盘亏 missing，盘盈 found，位置不符 moved，账在别处 elsewhere。"
    )
    finding_label: str
    book_place: str


class SummaryTold(Told):
    """盘点的汇总。"""

    lines: int
    counted: int
    differing: int | None
    gain: CostOut
    loss: CostOut


class CountTold(Told):
    """一张盘点单。"""

    id: int
    number: str | None
    status: str
    status_label: str
    dated: date
    warehouse_id: int
    warehouse: str
    scope: str
    zone: str
    note: str
    version: int
    created_by_name: str
    verbs: list[str]
    summary: SummaryTold | None


def told(actor: Actor, count: Any, summary: Variance | None) -> dict[str, Any]:
    """The count as JSON; a list tells no summary."""
    reversal = count.reversal_of_id is not None
    verbs = open_verbs(actor, BY_CODE["stock_count"], count.status, is_reversal=reversal)
    return {
        "id": count.pk,
        "number": count.number,
        "status": count.status,
        "status_label": status_label(count.status),
        "dated": count.dated,
        "warehouse_id": count.warehouse_id,
        "warehouse": count.warehouse.name,
        "scope": count.scope,
        "zone": count.zone,
        "note": count.note,
        "version": count.version,
        "created_by_name": count.created_by_name,
        "verbs": [verb.name for verb in verbs],
        "summary": summary,
    }
