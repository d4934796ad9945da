"""The document editor: one shape for every kind of document, and what its form posts."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from hengcang.pages.forms import Field
from hengcang.pages.tables import Table

READY_ROWS = 30  # blank rows a new document offers
SPARE_ROWS = 2  # blank rows after the last line of a saved one
MAX_LINES = 1000

LINE_FIELD = re.compile(r"lines-(\d{1,5})-([a-z_]{1,20})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Uom:
    """A unit the item is sold or bought in; `price` only where the unit has its own."""

    id: str
    name: str
    price: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the grid. Numbers are texts: what was typed, or the stored value without zeros.

    `error` maps a field (item, uom, quantity, price, discount, tax_rate, note) to the sentence
    shown under its cell.
    """

    index: str
    line_id: str = ""
    source_id: str = ""  # the source line it fulfils
    item_id: str = ""
    code: str = ""
    name: str = ""
    spec: str = ""
    uom_id: str = ""
    uoms: Sequence[Uom] = ()
    available: str = ""
    tone: str = ""  # low or out, of the available quantity
    open: str = ""  # not yet delivered or received, where the document follows another
    quantity: str = ""
    price: str = ""
    last_price: str = ""
    price_why: str = ""  # 协议价，至 12-31
    mark: str = ""  # gift or sample
    direction: str = ""  # of an exchange: back, or "" for what goes out
    discount: str = "100"
    tax_rate: str = ""
    amount: str = ""
    unit_cost: str = ""  # typed, where the document states the cost of goods that come in
    cost: str = ""  # booked, for those who may see it
    margin: str = ""
    margin_rate: str = ""
    done: str = ""  # of an order's line: what came in, in the line's unit
    state: str = ""  # 未到 / 部分 / 完成 / 超收
    due_date: str = ""  # when the line is wanted, if not as the head says
    promised: str = ""  # when it can be delivered
    promised_why: str = ""
    note: str = ""
    goods: Mapping[str, str] = field(default_factory=dict)  # by name of Columns.goods
    error: Mapping[str, str] = field(default_factory=dict)
    spare: bool = False

    @property
    def mark_label(self) -> str:
        """The mark as people read it."""
        return {"gift": "赠品", "sample": "样品"}.get(self.mark, "")

    @property
    def direction_label(self) -> str:
        """Which way the goods go, as people read it."""
        return "退回" if self.direction == "back" else "换出"

    @property
    def number(self) -> str:
        """The row's number as shown."""
        return str(int(self.index) + 1) if self.index.isdigit() else "__n__"


@dataclass(frozen=True, slots=True)
class GoodsColumn:
    """A cell that says which goods of the item: batch_no, expiry_date, bin_code, …"""

    name: str
    label: str
    hint: str = ""
    many: bool = False  # several, one a line: 序列号


@dataclass(frozen=True, slots=True)
class Columns:
    """Which columns the document has. Labels may say 实收数量 instead of 数量."""

    price: bool = True
    discount: bool = True
    available: bool = True
    last_price: bool = False
    price_why: bool = False
    mark: bool = False  # 赠品, 样品
    direction: bool = False  # 退回, 换出
    tax: bool = False
    quantity_label: str = "数量"
    price_label: str = "单价"
    open_label: str = ""  # 未出库 / 未入库; empty: no such column
    due_label: str = ""  # an input: when a line is due, where it is not the head's date
    done_label: str = ""  # 已入库, with the state beside it; read only
    unit_cost_label: str = ""  # an input: 成本单价 of goods without an origin; empty: none
    goods: tuple[GoodsColumn, ...] = ()
    cost: bool = False  # what was booked, read only
    margin: bool = False
    promised: bool = False  # 承诺交期, read only


@dataclass(frozen=True, slots=True)
class Verb:
    """A button the server allows. `reason` is the hint of the dialog that asks for one."""

    name: str
    label: str
    icon: str = ""
    primary: bool = False
    danger: bool = False
    reason: str = ""
    impact_url: str = ""  # GET answers pages/_impact.html, shown before the reason is asked


@dataclass(frozen=True, slots=True)
class Fact:
    """A line of the strip beside the head: 剩余信用 431,398.00."""

    label: str
    value: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """A document of the chain 订单 → 出库 → 收款."""

    kind_label: str
    number: str
    url: str
    status: str = ""
    here: bool = False
    primary: bool = False  # the button to go on with


@dataclass(frozen=True, slots=True)
class Event:
    """A line of the audit timeline."""

    at: str
    who: str
    what: str


@dataclass(frozen=True, slots=True)
class Totals:
    """The server's count; the grid's own is a preview. Amounts 12,345.00."""

    rows: str = "0"
    quantity: str = "0"
    amount: str = "0.00"
    tax: str = "0.00"
    net: str = "0.00"
    due: str = "0.00"
    out: str = ""  # of an exchange: both sides of what is due
    back: str = ""
    words: str = "零元整"
    cost: str = ""  # of a posted document, for those who may see it
    margin: str = ""  # 毛利, with its rate


@dataclass(frozen=True, slots=True)
class Difference:
    """One field somebody else changed while this form was open."""

    where: str
    yours: str
    theirs: str


@dataclass(frozen=True, slots=True)
class Impact:
    """改前先看影响: what an act would change of booked costs; template pages/_impact.html.

    `documents` holds the first costs that move (number, item, before, after), `months` the sums.
    """

    sentence: str
    tone: str = ""  # ok, warn or bad
    documents: Table | None = None
    months: Sequence[tuple[str, str]] = ()
    verb: str = ""  # the button that goes on in spite of it
    verb_label: str = ""
    token: str = ""  # posted back as `confirmed`: stands for exactly this impact


@dataclass(frozen=True, slots=True)
class Doc:
    """Context name `doc`, templates pages/editor.html and, for htmx, pages/_editor.html.

    The form posts to `save_url`: the head's fields by name, intent, version, reason, verb (save or
    one of `verbs`) and the lines (posted_lines). 200 or HX-Redirect when done; 422 with the form
    again, as typed; 409 with `differences` when the version is stale.
    """

    kind: str  # sales-orders
    kind_label: str  # 销售订单
    save_url: str
    fields: Sequence[Field]
    lines: Sequence[Line] = ()
    number: str = ""
    status_label: str = "草稿"
    status_class: str = "draft"
    readonly: bool = False
    saveable: bool = True
    version: str = ""
    intent: str = ""  # UUID of this intent, new with every rendered form that succeeded
    columns: Columns = Columns()
    verbs: Sequence[Verb] = ()
    links: Sequence[Link] = ()  # buttons that open a page: 出库, 复制, 打印 …
    side: Sequence[Fact] = ()
    side_url: str = ""  # GET ?partner=…, answers pages/_side.html when the partner changes
    totals: Totals = Totals()
    bill_discount: str | None = None  # None: the document has none
    rounding_off: str | None = None
    discount_carried: str = ""  # what the sources' discounts take off; "" for nothing
    due_label: str = "应收"
    price_has_tax: bool = True
    suggest_url: str = ""  # GET ?q=…&partner=…&warehouse=…, answers pages/_suggest.html
    resolve_url: str = ""  # POST {"codes": […]} → {"items": [answer or null]}
    stock_url: str = ""  # GET ?item=…, answers pages/_peek.html
    prices_url: str = ""  # GET ?item=…&partner=…, answers pages/_peek.html
    print_url: str = ""
    files_url: str = ""  # GET answers web/_attachments.html
    new_url: str = ""
    chain: Sequence[Link] = ()
    timeline: Sequence[Event] = ()
    errors: Sequence[str] = ()
    saved: str = ""  # the sentence after a success
    differences: Sequence[Difference] = ()
    changed_by: str = ""
    impact: Impact | None = None  # asks before a back-dated document is posted

    @property
    def heading(self) -> str:
        """The number, or what is being made."""
        return self.number or ("新建" if not self.version else "") + self.kind_label

    @property
    def rows(self) -> list[Line]:
        """The lines, and blank rows to go on with."""
        if self.readonly:
            return list(self.lines)
        blanks = max(SPARE_ROWS, READY_ROWS - len(self.lines))
        start = len(self.lines)
        spares = [Line(index=str(start + i), spare=i >= SPARE_ROWS) for i in range(blanks)]
        return [*self.lines, *spares]

    @property
    def blank(self) -> list[Line]:
        """The row that line-grid copies for more rows."""
        return [Line(index="__i__")]

    @property
    def wrong_rows(self) -> int:
        """How many lines have something to mend."""
        return sum(1 for line in self.lines if line.error)


def posted_lines(posted: Mapping[str, str]) -> list[dict[str, str]]:
    """The lines of an editor's form, in order, as typed; blank rows are left out.

    Keys: those of POSTED, among them item (id), typed (text of the item cell) and mark (gift,
    sample). Missing ones are "". The caller refuses more than MAX_LINES.
    """
    rows: dict[int, dict[str, str]] = {}
    for name, value in posted.items():
        if match := LINE_FIELD.fullmatch(name):
            rows.setdefault(int(match[1]), {})[match[2]] = value.strip()
    filled = (row for _, row in sorted(rows.items()) if _says_something(row))
    return [{name: row.get(name, "") for name in POSTED} for row in filled]


POSTED = (
    "item", "typed", "uom", "quantity", "price", "discount", "tax_rate", "unit_cost", "note",
    "source", "line", "batch_no", "mfg_date", "expiry_date", "bin_code", "to_bin_code",
    "stock_status", "to_status", "rejected", "reject_cause", "serials", "rejected_serials", "moq",
    "lead_time_days", "due_date", "mark", "place", "direction",
)  # fmt: skip
GOODS = (
    "place", "batch_no", "mfg_date", "expiry_date", "bin_code", "to_bin_code", "stock_status",
    "to_status", "rejected", "reject_cause", "serials", "rejected_serials", "moq",
    "lead_time_days",
)  # fmt: skip


def _says_something(row: Mapping[str, str]) -> bool:
    return any(row.get(name) for name in ("item", "typed", "quantity"))


def as_typed(line: Line, row: Mapping[str, str], error: Mapping[str, str]) -> Line:
    """The line with what the user typed put back, and what is wrong with it."""
    return replace(
        line,
        item_id=row["item"],
        name=row["typed"] or line.name,
        uom_id=row["uom"],
        quantity=row["quantity"],
        price=row["price"],
        discount=row["discount"],
        tax_rate=row["tax_rate"],
        unit_cost=row["unit_cost"],
        due_date=row["due_date"],
        note=row["note"],
        goods={name: row.get(name, "") for name in GOODS},
        source_id=row["source"],
        line_id=row["line"],
        mark=row["mark"],
        direction=row["direction"],
        error=dict(error),
    )
