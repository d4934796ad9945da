"""The card of an item: what it is, what is there, what happened last."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from hengcang.catalog import queries
from hengcang.compliance.queries import timeline
from hengcang.kernel.actor import Actor, FieldClass
from hengcang.ledger import queries as books
from hengcang.ledger import recent
from hengcang.ledger.apart import KeptApart, kept_apart
from hengcang.ledger.entries import STATUS_LABELS, StockStatus
from hengcang.ledger.queries import StockFilter, StockRow
from hengcang.pages.cards import Card, Kpi
from hengcang.pages.editor import Fact, Link
from hengcang.pages.tables import Cell, Column, Row, Table
from hengcang.web import shell
from hengcang.web.masters import links, trail
from hengcang.web.masters.whereabouts import whereabouts_url
from hengcang.web.masters.words import DASH, money, plain, price, quantity
from hengcang.web.requests import Request

LAST_MOVES = 10
WAREHOUSES = 200


@require_GET
def item_card(request: Request, item_id: int) -> HttpResponse:
    """An item with its stock by warehouse and its last movements."""
    actor = request.actor
    item = queries.item(actor, item_id)
    stock = _stock(actor, item_id)
    apart = kept_apart(actor, item_id, limit=WAREHOUSES) if _sum(stock, "apart") else []
    tables = [_units(actor, item)]
    if actor.may("stock.view"):
        tables = [
            _by_warehouse(actor, item, stock),
            *_not_for_sale(item, apart),
            *tables,
            _last_moves(actor, item),
        ]
    card = Card(
        title=item.name,
        subtitle=f"{item.code} {item.spec}".strip(),
        pill="done" if item.is_active else "void",
        pill_label="启用" if item.is_active else "停用",
        actions=_links(actor, item),
        edit_url=reverse("item-change", args=[item_id]) if actor.may("item.save") else "",
        kpis=_kpis(actor, item, stock),
        facts=_facts(actor, item),
        tables=tables,
        timeline=trail.events(timeline(actor, "item", item_id)),
    )
    context = shell.page(request, item.name, item.name) | {"card": card}
    return render(request, "pages/card.html", context)


def _stock(actor: Actor, item_id: int) -> list[StockRow]:
    if not actor.may("stock.view"):
        return []
    wanted = StockFilter(item_ids=(item_id,), nonzero=False, limit=WAREHOUSES)
    return books.on_hand(actor, wanted)


def _links(actor: Actor, item: Any) -> list[Link]:
    found = [Link("替代品", "", reverse("item-substitutes", args=[item.pk]))]
    if actor.may("stock.view"):
        ledger = f"{reverse('item-ledger')}?{urlencode({'item': item.pk})}"
        found.append(Link("库存台账", "scroll-text", ledger))
        found.append(Link("批次与库位", "boxes", whereabouts_url(item.pk)))
    if actor.may("item.save"):
        copy = f"{reverse('item-new')}?{urlencode({'copy': item.pk})}"
        found.append(Link("复制新建", "copy", copy))
        verb, label = ("item-disable", "停用") if item.is_active else ("item-enable", "启用")
        found.append(Link(label, "", reverse(verb, args=[item.pk])))
    return found


def _kpis(actor: Actor, item: Any, stock: Sequence[StockRow]) -> list[Kpi]:
    if not actor.may("stock.view"):
        return []
    unit = item.base_uom.name
    on_hand, available = _sum(stock, "on_hand"), _sum(stock, "available")
    kpis = [
        Kpi("实存", quantity(on_hand, unit)),
        Kpi("占用", quantity(_sum(stock, "reserved"), unit)),
        Kpi("可用", quantity(available, unit), tone="out" if available <= 0 else ""),
        Kpi("在途", quantity(_sum(stock, "on_order"), unit), "已订未到"),
    ]
    unsold = _sum(stock, "apart")
    if unsold:
        kpis.append(Kpi("不可销售", quantity(unsold, unit), "待检、不良、冻结"))
    if not actor.sees(FieldClass.COST):
        return kpis
    value, held = _sum(stock, "value"), on_hand + unsold
    unit_cost = price((value / held).quantize(Decimal("0.0001"))) if held > 0 else DASH
    return [*kpis, Kpi("成本单价", unit_cost, f"每{unit}"), Kpi("库存金额", f"¥{money(value)}")]


def _sum(rows: Sequence[StockRow], column: str) -> Decimal:
    return sum((getattr(row, column) or Decimal(0) for row in rows), start=Decimal(0))


def _facts(actor: Actor, item: Any) -> list[Fact]:
    values = [f"{v.attribute.name} {v.name}" for v in item.attribute_values.all()]
    facts = [
        Fact("规格型号", item.spec),
        Fact("类别", item.category.path if item.category else ""),
        Fact("品牌", item.brand.name if item.brand else ""),
        Fact("条码", "，".join(code.code for code in item.barcodes.all())),
        Fact("售价", price(item.sale_price)),
        Fact("最低售价", price(item.floor_price)),
        Fact("批次", _batches(item)),
        Fact("质检", "需质检，采购入库先待检" if item.needs_inspection else "不需质检"),
        Fact("序列号", "每件一个" if item.tracks_serials else "没有"),
        Fact("税率", f"{plain(item.tax_rate)}%"),
        Fact("超收容差", f"{plain(item.over_receipt_rate)}%"),
        Fact("助记码", item.mnemonic),
    ]
    if actor.sees(FieldClass.COST):
        facts.append(Fact("进价", price(item.purchase_price)))
    if item.family:
        facts += [Fact("所属款", item.family.name), Fact("属性", "，".join(values))]
    return facts


def _units(actor: Actor, item: Any) -> Table:
    sees = actor.sees(FieldClass.COST)
    columns = [
        Column("uom", "单位"),
        Column("ratio", "换算", numeric=True),
        Column("sale", "售价", numeric=True),
        *([Column("purchase", "进价", numeric=True)] if sees else []),
        Column("barcodes", "条码"),
    ]
    return Table("单位与条码", columns, [_unit(item, uom, sees=sees) for uom in item.uoms.all()])


def _batches(item: Any) -> str:
    if not item.tracks_batch:
        return "不分批次"
    days = item.shelf_life_days
    return f"按批次，保质期 {days} 天" if days else "按批次"


def _unit(item: Any, uom: Any, *, sees: bool) -> Row:
    base = uom.uom_id == item.base_uom_id
    ratio = str(uom.ratio_num) if uom.ratio_den == 1 else f"{uom.ratio_num}/{uom.ratio_den}"
    cells = [
        Cell(uom.uom.name, note="基本单位" if base else ""),
        Cell("" if base else f"= {ratio} {item.base_uom.name}"),
        Cell(price(item.sale_price if base else uom.sale_price)),
    ]
    if sees:
        cells.append(Cell(price(item.purchase_price if base else uom.purchase_price)))
    return Row([*cells, Cell("，".join(code.code for code in uom.barcodes.all()))])


def _not_for_sale(item: Any, apart: Sequence[KeptApart]) -> list[Table]:
    """What is 待检, 不良 or 冻结, where there is any."""
    columns = [
        Column("warehouse", "仓库"),
        Column("status", "状态"),
        Column("batch", "批号"),
        Column("bin", "库位"),
        Column("quantity", "数量", numeric=True),
    ]
    rows = [
        Row(
            [
                Cell(row.warehouse),
                Cell(STATUS_LABELS[StockStatus(row.status)]),
                Cell(row.batch_no),
                Cell(row.bin_code),
                Cell(quantity(row.quantity, item.base_uom.name)),
            ]
        )
        for row in apart
    ]
    return [Table("不可销售的库存", columns, rows)] if rows else []


def _by_warehouse(actor: Actor, item: Any, stock: Sequence[StockRow]) -> Table:
    sees = actor.sees(FieldClass.COST)
    columns = [
        Column("warehouse", "仓库"),
        *(Column(key, label, numeric=True) for key, label in STOCK_COLUMNS),
        *([Column("value", "金额", numeric=True)] if sees else []),
    ]
    rows = [_warehouse(item, row, sees=sees) for row in stock]
    return Table("各仓库存", columns, rows, empty="还没有出入库。")


STOCK_COLUMNS = (
    ("on_hand", "实存"),
    ("reserved", "占用"),
    ("available", "可用"),
    ("on_order", "在途"),
)


def _warehouse(item: Any, row: StockRow, *, sees: bool) -> Row:
    query = urlencode({"item": item.pk, "warehouse": row.warehouse_id})
    cells = [Cell(row.warehouse)]
    cells += [Cell(quantity(getattr(row, column))) for column, _ in STOCK_COLUMNS]
    if sees:
        cells.append(Cell(money(row.value)))
    return Row(cells, url=f"{reverse('item-ledger')}?{query}")


def _last_moves(actor: Actor, item: Any) -> Table:
    moves = recent.last_moves(actor, item.pk, limit=LAST_MOVES)
    named = links.documents(actor, [(move.kind, move.source_id) for move in moves])
    columns = [
        Column("number", "单号"),
        Column("kind", "单据"),
        Column("dated", "日期"),
        Column("partner", "往来单位"),
        Column("warehouse", "仓库"),
        Column("quantity", "数量", numeric=True),
    ]
    rows = []
    for move in moves:
        document = named[move.kind, move.source_id]
        sign = "+" if move.quantity > 0 else ""
        rows.append(
            Row(
                [
                    Cell(document.number),
                    Cell(document.label),
                    Cell(move.dated.isoformat()),
                    Cell(document.partner),
                    Cell(move.warehouse),
                    Cell(f"{sign}{quantity(move.quantity, item.base_uom.name)}"),
                ],
                url=document.url,
            )
        )
    more = f"{reverse('item-ledger')}?{urlencode({'item': item.pk})}"
    return Table("最近出入库", columns, rows, more, "库存台账", wide=True)
