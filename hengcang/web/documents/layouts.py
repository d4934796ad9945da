"""What each kind of document asks and shows: fields of its head, columns of its lines."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from hengcang.catalog.queries import ItemHit
from hengcang.documents.drafts import OUTCOME_LABELS
from hengcang.documents.lines import purchase_price, sale_price
from hengcang.kernel.actor import Actor, FieldClass
from hengcang.kernel.rounding import ZERO
from hengcang.pages.editor import Columns
from hengcang.register.kinds import Kind
from hengcang.web.documents.goods_cells import GOODS, goods_columns
from hengcang.web.documents.rows import Row
from hengcang.web.reading import Wanted

PARTNERS = {"customer": "客户", "supplier": "供应商", "": ""}


@dataclass(frozen=True, slots=True)
class Layout:
    """The words and columns of one kind. `due_label` and `why_label` empty: no such field."""

    columns: Columns
    due_label: str = ""
    valid_label: str = ""
    why_label: str = ""
    why_required: bool = False
    external_label: str = "外部单号"
    amount_label: str = "应收"
    margin: bool = False
    partner_label: str = ""  # a partner that may be named, of a kind that is nobody's
    place_label: str = "仓库"
    to_label: str = ""
    product_label: str = ""  # what is made or taken apart
    extra_label: str = ""  # an amount on top of its parts
    outcomes: tuple[tuple[str, str], ...] = ()
    travels: bool = False  # it says who carries the goods


SALES = Columns(last_price=True, price_why=True, mark=True, tax=True)
PURCHASE = Columns(available=True, last_price=True, tax=True, price_label="进价")
LAYOUTS: dict[str, Layout] = {
    "sales_quote": Layout(
        SALES, valid_label="有效期至", external_label="客户询价号", amount_label="报价合计"
    ),
    "sales_order": Layout(
        replace(SALES, open_label="未下单", due_label="交货日期"),
        due_label="交货日期",
        external_label="客户单号",
    ),
    "sales_delivery": Layout(
        replace(SALES, open_label="未出库"), external_label="客户单号", margin=True
    ),
    "sales_return": Layout(
        replace(
            SALES,
            available=False,
            last_price=False,
            price_why=False,
            open_label="可退",
            quantity_label="退货数量",
            unit_cost_label="成本单价",
        ),
        why_label="退货原因",
        external_label="客户单号",
        amount_label="应退",
        margin=True,
    ),
    "sales_exchange": Layout(
        replace(SALES, direction=True, open_label="可退", unit_cost_label="退回成本单价"),
        why_label="换货原因",
        external_label="客户单号",
        amount_label="应收差额",
        margin=True,
    ),
    "purchase_requisition": Layout(
        Columns(price=False, discount=False, quantity_label="请购数量"),
        due_label="需用日期",
        why_label="请购原因",
        external_label="外部单号",
        partner_label="建议供应商",
    ),
    "rfq": Layout(
        Columns(price=False, discount=False, quantity_label="询价数量"), due_label="需用日期"
    ),
    "supplier_quote": Layout(
        replace(PURCHASE, available=False, quantity_label="报价数量"),
        valid_label="有效期至",
        external_label="供应商报价号",
        amount_label="报价合计",
    ),
    "purchase_order": Layout(
        replace(PURCHASE, due_label="到货日期"),
        due_label="到货日期",
        external_label="供应商单号",
        amount_label="应付",
    ),
    "arrival_notice": Layout(
        Columns(
            price=False,
            discount=False,
            available=False,
            open_label="订单未到",
            quantity_label="通知数量",
        ),
        due_label="预计到货",
        external_label="送货单号",
        amount_label="预计金额",
        travels=True,
    ),
    "purchase_receipt": Layout(
        replace(PURCHASE, available=False, open_label="未入库", quantity_label="实收数量"),
        external_label="送货单号",
        amount_label="应付",
    ),
    "quality_inspection": Layout(
        Columns(
            price=False,
            discount=False,
            available=False,
            open_label="待检",
            quantity_label="检验数量",
        ),
        external_label="检验报告号",
    ),
    "purchase_return": Layout(
        replace(PURCHASE, last_price=False, open_label="可退", quantity_label="退货数量"),
        why_label="退货原因",
        external_label="供应商单号",
        amount_label="应退",
    ),
    "other_receipt": Layout(
        Columns(discount=False, price_label="成本单价"),
        why_label="入库原因",
        why_required=True,
        amount_label="成本合计",
    ),
    "other_issue": Layout(
        Columns(price=False, discount=False), why_label="出库原因", why_required=True
    ),
    "scrap": Layout(Columns(price=False, discount=False), why_label="报损原因", why_required=True),
    "overage": Layout(
        Columns(discount=False, price_label="成本单价"),
        why_label="报溢原因",
        why_required=True,
        amount_label="成本合计",
    ),
    "status_change": Layout(
        Columns(price=False, discount=False), why_label="调整原因", why_required=True
    ),
    "bin_move": Layout(Columns(price=False, discount=False, available=False)),
    "shop_request": Layout(
        Columns(price=False, discount=False, quantity_label="要货数量", due_label="需用日期"),
        due_label="需用日期",
        why_label="要货原因",
        place_label="要货门店",
        to_label="供货仓库",
    ),
    "stock_transfer": Layout(
        Columns(price=False, discount=False, open_label="要货未配"),
        place_label="调出仓库",
        to_label="调入仓库",
    ),
    "transfer_receipt": Layout(
        Columns(
            price=False,
            discount=False,
            available=False,
            open_label="在途",
            quantity_label="实收数量",
        ),
        why_label="损耗或退回原因",
        outcomes=tuple((each.value, label) for each, label in OUTCOME_LABELS.items()),
    ),
    "assembly": Layout(
        Columns(price=False, discount=False, quantity_label="用量"),
        product_label="成品",
        extra_label="加工费用",
    ),
    "disassembly": Layout(
        Columns(discount=False, available=False, price_label="分摊单价", quantity_label="拆得数量"),
        product_label="成品",
        amount_label="分摊基数合计",
    ),
    "stock_count": Layout(Columns(price=False, discount=False)),
}
DONE_LABELS = {"purchase_order": "已入库", "arrival_notice": "已入库", "shop_request": "已发"}
"""How far the lines of a kind are, on a document that is read."""
STATES_COST = frozenset({"other_receipt", "overage", "disassembly"})
"""Kinds whose price cell says what goods that come in are worth."""
DISCOUNTED = frozenset(
    {"sales_quote", "sales_order", "sales_delivery", "purchase_order", "purchase_receipt"}
)
"""Kinds that may take an amount off the whole; returns give back what their source took off."""
BOUGHT = {"purchase_order", "purchase_receipt", "purchase_return", "supplier_quote"} | {
    "arrival_notice"
}
COSTLY = STATES_COST | BOUGHT
"""Kinds whose prices are costs: hidden from those without FieldClass.COST."""


def sees_prices(actor: Actor, kind: Kind) -> bool:
    """Whether prices and amounts of this kind may be on the actor's page."""
    return kind.code not in COSTLY or actor.sees(FieldClass.COST)


def columns_of(actor: Actor, kind: Kind, *, typed_by_actor: bool = False) -> Columns:
    """The columns of an editable document.

    What a person states as the cost of goods that come in is no secret from that person:
    `typed_by_actor` keeps those cells for a new document and for a draft of one's own.
    """
    columns = _columns_of(actor, kind, typed_by_actor=typed_by_actor)
    return replace(columns, goods=goods_columns(actor, kind))


def _columns_of(actor: Actor, kind: Kind, *, typed_by_actor: bool) -> Columns:
    columns = LAYOUTS[kind.code].columns
    states_cost = kind.code in STATES_COST and typed_by_actor
    if not sees_prices(actor, kind) and not states_cost:
        columns = replace(columns, price=False)
    if columns.unit_cost_label and not (actor.sees(FieldClass.COST) or typed_by_actor):
        columns = replace(columns, unit_cost_label="")
    if not actor.may("stock.view"):
        columns = replace(columns, available=False)
    return columns


def hidden_costs(actor: Actor, kind: Kind) -> tuple[str, ...]:
    """The cells of somebody else's lines that must not reach the actor's copy of them."""
    if actor.sees(FieldClass.COST):
        return ()
    return ("unit_cost",) if sees_prices(actor, kind) else ("unit_cost", "price")


def posted_columns(actor: Actor, kind: Kind, rows: Sequence[Row]) -> Columns:
    """The columns of a document that is only read; which goods is told where a line says it."""
    columns = replace(
        _columns_of(actor, kind, typed_by_actor=False),
        goods=tuple(c for c in GOODS if any(row.get(c.name) for row in rows)),
        available=False,
        last_price=False,
        price_why=False,
        open_label="",
        unit_cost_label="",
    )
    sees = actor.sees(FieldClass.COST) and "reverse" in kind.flow.steps
    done = DONE_LABELS.get(kind.code, "")
    return replace(columns, done_label=done, cost=sees, margin=sees and LAYOUTS[kind.code].margin)


def wanted_of(kind: Kind, columns: Columns) -> Wanted:
    """What the reader of the form expects."""
    layout = LAYOUTS[kind.code]
    return Wanted(
        partner=PARTNERS[kind.role],
        due_date=bool(layout.due_label),
        valid_until=bool(layout.valid_label),
        credited=kind.role == "customer",
        price=columns.price,
        product=layout.product_label,
        extra=layout.extra_label,
        unit_cost=bool(columns.unit_cost_label),
        partner_wish=layout.partner_label,
        to_warehouse=layout.to_label,
        outcome=bool(layout.outcomes),
        line_due=bool(columns.due_label),
        mark=columns.mark,
        direction=columns.direction,
        discount=columns.price and kind.code in DISCOUNTED,
    )


def usual_price(kind: Kind) -> Callable[[ItemHit], str]:
    """How a price is proposed for an item in a unit on this kind of document."""
    if not LAYOUTS[kind.code].columns.price:
        return lambda _: ""
    price_of = sale_price if kind.role == "customer" else purchase_price

    def proposed(hit: ItemHit) -> str:
        price = price_of(hit.item, hit.uom)
        return "" if price is None else f"{price.normalize() + ZERO:f}"

    return proposed
