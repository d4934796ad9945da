"""A document as it stands on paper, for every kind: head, lines, sums, signatures. Only data."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hengcang.documents.flow import STATUS_LABELS, Status
from hengcang.kernel.actor import Actor
from hengcang.ledger.queries import terms
from hengcang.pages.editor import Columns, Line
from hengcang.pages.tables import Column
from hengcang.register import lists as register
from hengcang.register.kinds import Kind
from hengcang.stock import variance
from hengcang.web.documents import grid, heads
from hengcang.web.documents.editor import Sheet, setting_of
from hengcang.web.documents.layouts import LAYOUTS, posted_columns, sees_prices
from hengcang.web.documents.rows import saved_rows
from hengcang.web.masters import words

Text = tuple[str, str]
NOT_BINDING = {
    Status.DRAFT: "草稿",
    Status.PENDING: "待审核",
    Status.VOIDED: "已作废",
    Status.REVERSED: "已红冲",
}
"""What a paper says of itself while it does not hold."""
OURS = ("制单", "审核")
SIGNATURES: Mapping[str, tuple[str, ...]] = {
    "sales_quote": (*OURS, "客户确认"),
    "sales_order": (*OURS, "客户确认"),
    "sales_delivery": (*OURS, "发货", "送货", "客户签收"),
    "sales_return": (*OURS, "收货", "客户签字"),
    "sales_exchange": (*OURS, "收货", "发货", "客户签字"),
    "purchase_requisition": ("请购", "部门主管", "采购"),
    "purchase_order": (*OURS, "供应商确认"),
    "arrival_notice": ("制单", "送货", "收货", "仓管"),
    "purchase_receipt": ("制单", "送货", "验收", "入库"),
    "purchase_return": (*OURS, "发货", "供应商签收"),
    "shop_request": ("要货", "店长", "配货"),
    "stock_transfer": ("制单", "调出", "承运", "调入"),
    "transfer_receipt": ("制单", "承运", "收货"),
    "stock_count": ("盘点人", "复盘人", "监盘", "仓库主管"),
}
IN_STORE = ("制单", "审核", "仓管", "经手")
NOT_ON_PAPER = frozenset({"dated", "note"})  # they stand in places of their own
PRICED = "prices_include_tax"


@dataclass(frozen=True, slots=True)
class Paper:
    """Context name `paper`, template web/paper.html. `words`: 大写金额, "" without money."""

    company: str
    title: str
    number: str
    dated: str
    remark: str
    facts: Sequence[Text]
    columns: Sequence[Column]
    rows: Sequence[Sequence[str]]
    sums: Sequence[Text]
    words: str
    note: str
    signatures: Sequence[Text]

    @property
    def marked(self) -> list[list[tuple[str, bool]]]:
        """The cells of each row, and whether they are figures."""
        figures = [column.numeric for column in self.columns]
        return [list(zip(row, figures, strict=True)) for row in self.rows]

    @property
    def running(self) -> str:
        """The line that every page repeats."""
        partner = [value for label, value in self.facts if label in ("客户", "供应商")]
        return "　".join([self.title, self.number, self.dated, *partner])


def paper_of(actor: Actor, kind: Kind, document: Any) -> Paper:
    """The document the actor was shown. Figures of cost are on it only for who may see them, and
    what goods cost us and what we earn never is.
    """
    sheet = _sheet_of(actor, kind, document)
    head = heads.fields(kind, sheet.head, heads.chosen(kind, sheet.head), {})
    left_out = NOT_ON_PAPER if sees_prices(actor, kind) else NOT_ON_PAPER | {PRICED}
    facts = [
        (each.label, each.chosen_label)
        for each in head
        if each.name not in left_out and each.chosen_label
    ]
    if address := getattr(getattr(document, "partner", None), "address", ""):
        facts.insert(1, ("地址", address))
    columns, rows, sums, amount = _body(actor, kind, document, sheet)
    names = SIGNATURES.get(kind.code, IN_STORE)
    return Paper(
        company=terms().company_name,
        title=kind.label,
        number=document.number or f"草稿 {document.pk}",
        dated=document.dated.isoformat(),
        remark=_remark(document),
        facts=facts,
        columns=columns,
        rows=rows,
        sums=sums,
        words=amount,
        note=document.note,
        signatures=[(name, document.created_by_name if name == "制单" else "") for name in names],
    )


def _sheet_of(actor: Actor, kind: Kind, document: Any) -> Sheet:
    lines = [] if kind.code == "stock_count" else register.lines_of(actor, kind, document)
    return Sheet(kind, heads.saved_head(document), saved_rows(lines), document=document)


def _remark(document: Any) -> str:
    if getattr(document, "reversal_of_id", None):
        return "红冲单"
    return NOT_BINDING.get(Status(document.status), "")


Body = tuple[list[Column], list[list[str]], list[Text], str]


def _body(actor: Actor, kind: Kind, document: Any, sheet: Sheet) -> Body:
    if kind.code == "stock_count":
        return _counted(actor, document)
    at = setting_of(actor, sheet, posted_columns(actor, kind, sheet.rows))
    shown = list(_columns(at.columns, sheet))
    lines = grid.lines_of(sheet.rows, at, grid.Known(), {})
    totals = grid.totals_of(sheet.rows, at)
    rows = [[_cell(column.key, line) for column in shown] for line in lines]
    sums = [] if at.columns.direction else [("合计数量", totals.quantity)]
    if not at.columns.price:
        return shown, rows, sums, ""
    if at.columns.tax:
        sums += [("不含税金额", totals.net), ("税额", totals.tax)]
    if at.columns.direction:
        sums += [("换出合计", totals.out), ("退回合计", totals.back)]
    sums.append((LAYOUTS[kind.code].amount_label, f"¥{totals.due}"))
    return shown, rows, sums, totals.words


def _columns(columns: Columns, sheet: Sheet) -> Iterator[Column]:
    """The columns of the lines; those that no line fills are left to the others' width."""
    yield Column("number", "序", numeric=True)
    if columns.direction:
        yield Column("direction_label", "方向")
    yield from (Column("code", "编码"), Column("name", "商品"), Column("spec", "规格"))
    yield from (Column("uom", "单位"), Column("quantity", columns.quantity_label, numeric=True))
    if columns.price:
        yield Column("price", columns.price_label, numeric=True)
        if columns.discount and any(row["discount"] not in ("", "100") for row in sheet.rows):
            yield Column("discount", "折扣%", numeric=True)
        if columns.tax:
            yield Column("tax_rate", "税率%", numeric=True)
        yield Column("amount", "金额", numeric=True)
    if columns.mark and any(row["mark"] for row in sheet.rows):
        yield Column("mark_label", "类型")
    if columns.due_label and any(row["due_date"] for row in sheet.rows):
        yield Column("due_date", columns.due_label)
    yield from (Column(each.name, each.label) for each in columns.goods)
    if any(row["note"] for row in sheet.rows):
        yield Column("note", "备注")


def _cell(key: str, line: Line) -> str:
    if key == "uom":
        return next((unit.name for unit in line.uoms if unit.id == line.uom_id), "")
    if key in line.goods:
        return line.goods[key]
    return str(getattr(line, key))


def _counted(actor: Actor, count: Any) -> Body:
    """What is to be counted, with room to write; what was counted; the book for who may see it."""
    sees = variance.sees_book(actor, count)
    columns = [
        Column("number", "序", numeric=True),
        Column("code", "编码"),
        Column("name", "商品"),
        Column("spec", "规格"),
        Column("uom", "单位"),
        *([Column("book", "账面数", numeric=True)] if sees else []),
        Column("counted", "实盘数", numeric=True),
        *([Column("difference", "差异", numeric=True)] if sees else []),
        Column("why", "备注"),
    ]
    lines = variance.variance_lines(actor, count)
    rows = []
    for line in lines:
        book = [_or_blank(line.book)] if sees else []
        difference = [_or_blank(line.difference)] if sees else []
        named = [str(line.position), line.item_code, line.item_name, line.spec, line.uom]
        why = " ".join(filter(None, (line.cause, line.responsible)))
        rows.append([*named, *book, _or_blank(line.counted), *difference, why])
    return columns, rows, [("合计行数", str(len(lines)))], ""


def _or_blank(value: Any) -> str:
    return "" if value is None else words.quantity(value)


def status_of(document: Any) -> str:
    """The status beside the buttons; the paper itself says only what does not hold."""
    return STATUS_LABELS[Status(document.status)]
