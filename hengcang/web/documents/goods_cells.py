"""The cells of a line that say which goods: batch, bin, status, serial numbers."""

from hengcang.kernel.actor import Actor
from hengcang.ledger.goods import goods_kept_by
from hengcang.pages.editor import GoodsColumn
from hengcang.register.kinds import Kind

PLACE = GoodsColumn("place", "出库仓", "同表头")
BATCH = GoodsColumn("batch_no", "批号")
MADE = GoodsColumn("mfg_date", "生产日期", "年-月-日")
EXPIRES = GoodsColumn("expiry_date", "有效期至", "年-月-日")
BIN = GoodsColumn("bin_code", "库位")
FROM_BIN = GoodsColumn("bin_code", "移出库位", "空：未上架")
TO_BIN = GoodsColumn("to_bin_code", "移入库位")
STATUS = GoodsColumn("stock_status", "状态", "良品")
EXCHANGED = GoodsColumn("stock_status", "状态", "退回：不良；换出：良品")
TO_STATUS = GoodsColumn("to_status", "调整为", "良品、不良、冻结")
REJECTED = GoodsColumn("rejected", "不合格数", "0")
CAUSE = GoodsColumn("reject_cause", "不合格原因")
REJECT_BIN = GoodsColumn("to_bin_code", "不良品库位", "原库位")
SERIALS = GoodsColumn("serials", "序列号", "每行一个；SN001*60 为连续 60 个", many=True)
BAD_SERIALS = GoodsColumn("rejected_serials", "不合格序列号", "每行一个，在左列之内", many=True)
MOQ = GoodsColumn("moq", "起订量")
LEAD = GoodsColumn("lead_time_days", "交货天数")
GOODS = (
    PLACE, BATCH, MADE, EXPIRES, BIN, TO_BIN, STATUS, TO_STATUS, REJECTED, CAUSE, SERIALS,
    BAD_SERIALS, MOQ, LEAD,
)  # fmt: skip
COMES_IN = frozenset(
    {"purchase_receipt", "sales_return", "sales_exchange", "other_receipt", "overage"}
    | {"disassembly"}
)
GOES_OUT = frozenset(
    {"sales_delivery", "other_issue", "purchase_return", "stock_transfer", "assembly"}
)
OF_ANY_STATUS = frozenset({"scrap", "status_change", "purchase_return"})
"""Kinds that take goods out whatever their status: it is asked for in every book."""
OF_THEIR_OWN = frozenset({"bin_move", "quality_inspection", "transfer_receipt", "arrival_notice"})
STATED = {"supplier_quote": (MOQ, LEAD), "sales_order": (PLACE,)}
"""Kinds whose cells are the same in every book."""


def goods_columns(actor: Actor, kind: Kind) -> tuple[GoodsColumn, ...]:
    """The cells that say which goods, as far as this book keeps batches, bins and serials; of a
    supplier's quote, on what terms.
    """
    if kind.code in STATED:
        return STATED[kind.code]
    if kind.code not in COMES_IN | GOES_OUT | OF_ANY_STATUS | OF_THEIR_OWN:
        return ()
    batches, bins, serials = goods_kept_by(actor)
    if kind.code in OF_THEIR_OWN:
        return _of_its_own(kind, batches=batches, bins=bins, serials=serials)
    comes_in = kind.code in COMES_IN
    shows_status = batches or bins or kind.code in OF_ANY_STATUS
    wanted = [
        (batches, BATCH),
        (batches and comes_in, MADE),
        (batches and comes_in, EXPIRES),
        (bins, BIN),
        (kind.code == "sales_exchange", EXCHANGED),
        (kind.code != "sales_exchange" and shows_status, STATUS),
        (kind.code == "status_change", TO_STATUS),
        (serials, SERIALS),
    ]
    return tuple(column for shown, column in wanted if shown)


def _of_its_own(kind: Kind, *, batches: bool, bins: bool, serials: bool) -> tuple[GoodsColumn, ...]:
    pieces = (SERIALS,) if serials else ()
    if kind.code == "quality_inspection":
        judged = (REJECTED, CAUSE, REJECT_BIN) if bins else (REJECTED, CAUSE)
        return (*judged, SERIALS, BAD_SERIALS) if serials else judged
    if kind.code == "arrival_notice":  # as far as the supplier says
        return (BATCH, MADE, EXPIRES) if batches else ()
    if kind.code == "transfer_receipt":  # of the batch and status it was shipped in
        return pieces
    return (*([BATCH] if batches else []), FROM_BIN, TO_BIN, STATUS, *pieces)
