"""The columns of a kind's spreadsheet: those of its editor, in the words of its layout."""

from collections.abc import Iterator

from hengcang.integration.spreadsheets.columns import Column
from hengcang.kernel.actor import Actor
from hengcang.pages.editor import Columns
from hengcang.register.kinds import Kind
from hengcang.register.sourcing import source_label
from hengcang.web.documents.layouts import LAYOUTS, PARTNERS, Layout, columns_of

CODE_NAMES = ("编码", "货号", "条码", "编码或条码", "商品编码或条码")
BY_NAME = "编码或完整名称。"
A_DAY = "2026-11-24。"
A_NUMBER = "半角数字。"
MAY_STAND_ALONE = frozenset({"stock_transfer"})
"""Kinds with a source and without a partner that need none: most transfers follow no request."""


def sheet_columns(actor: Actor, kind: Kind) -> tuple[Column, ...]:
    """What the actor may write on a document of this kind, the head before the lines."""
    layout, columns = LAYOUTS[kind.code], columns_of(actor, kind, typed_by_actor=True)
    return (*_head(kind, layout), *_way(columns), *_lines(kind, columns), *_goods(columns))


def _head(kind: Kind, layout: Layout) -> Iterator[Column]:
    grouping = "同一单号的行是一张单；可不填。"
    yield _of_head("external_no", layout.external_label, grouping, other=("外部单号",))
    if partner := PARTNERS[kind.role] or layout.partner_label:
        yield _of_head("partner", partner, BY_NAME, required=bool(kind.role))
    yield _of_head("warehouse", layout.place_label, BY_NAME, required=True, other=("仓库",))
    if layout.to_label:
        yield _of_head("to_warehouse", layout.to_label, BY_NAME, required=True)
    yield from _days(layout)
    if layout.why_label:
        yield _of_head("reason", layout.why_label, "文字。", required=layout.why_required)
    if layout.outcomes:
        labels = "、".join(label for _, label in layout.outcomes)
        yield _of_head("outcome", "结果", f"{labels}；不填为第一种。")
        yield _of_head("responsible", "责任方", "在途损耗必填。")
    if layout.travels:
        yield _of_head("carrier", "承运公司", "文字。")
        yield _of_head("tracking_no", "运单号", "文字。")
    if kind.role == "customer":
        yield _of_head("channel", "销售渠道", "渠道名称；可不填。")
        yield _of_head("salesperson", "业务员", "姓名；不填为客户的业务员。")
    if kind.role and layout.columns.price:
        yield _of_head("prices_include_tax", "单价口径", "含税或不含税；不填为含税。")
    yield _of_head("note", "单据备注", "文字。")


def _days(layout: Layout) -> Iterator[Column]:
    yield _of_head("dated", "单据日期", A_DAY, required=True, other=("日期",))
    if layout.due_label:
        yield _of_head("due_date", layout.due_label, A_DAY)
    if layout.valid_label:
        yield _of_head("valid_until", layout.valid_label, A_DAY, required=True)


def _way(columns: Columns) -> Iterator[Column]:
    """Which way the goods of a line go, where lines differ in it."""
    if columns.direction:
        yield Column("direction", "方向", required=True, help="退回或换出。")


def _lines(kind: Kind, columns: Columns) -> Iterator[Column]:
    if kind.source:
        said = f"{source_label(kind)}的单号；填了就执行其中同一商品的行。"
        required = not kind.role and kind.code not in MAY_STAND_ALONE
        yield Column("source_no", "源单号", required, help=said)
    said = "编码或条码；填条码时单位随条码。"
    yield Column("item", "商品编码", required=True, help=said, other_names=CODE_NAMES)
    yield Column("uom", "单位", help="不填为条码的单位或基本单位。")
    label = columns.quantity_label
    yield Column("quantity", label, required=True, help=A_NUMBER, other_names=("数量",))
    if columns.price:
        yield Column(
            "price", columns.price_label, help="不填取源单价或默认价。", other_names=("单价",)
        )
        if columns.discount:
            yield Column("discount_rate", "折扣%", help="例如 95；不填为 100。")
        if columns.tax:
            yield Column("tax_rate", "税率%", help="不填为商品的税率。")
    if columns.unit_cost_label:
        said = "没有源单的退货必填。"
        yield Column("unit_cost", columns.unit_cost_label, help=said)
    if columns.mark:
        yield Column("mark", "类型", help="赠品或样品；不填为正常。")
    if columns.due_label:
        yield Column("line_due", f"本行{columns.due_label}", help="不填同表头。")


def _goods(columns: Columns) -> Iterator[Column]:
    for column in columns.goods:
        yield Column(column.name, column.label, help=column.hint or "不填由系统分配。")
    yield Column("line_note", "行备注", help="文字。", other_names=("备注",))


def _of_head(
    key: str, label: str, said: str, *, required: bool = False, other: tuple[str, ...] = ()
) -> Column:
    return Column(key, label, required, is_head=True, help=said, other_names=other)
