"""Goods of the demo company that are looked at when they come, and goods that are of no use."""

from decimal import Decimal
from typing import Any

from hengcang.catalog.actions import import_items
from hengcang.cli.demo.desk import target_of
from hengcang.cli.demo.errands import Errands, some_partners
from hengcang.cli.demo.rare_goods import CUP, LAMP, RARE_GOODS
from hengcang.documents.drafts import LineDraft
from hengcang.kernel.actor import SYSTEM
from hengcang.partners.queries import Role
from hengcang.purchasing import queries as purchases
from hengcang.purchasing.actions import inspections, receipts
from hengcang.stock.actions import overages, scraps, status_changes

GOODS_OF_REJECTS = 3


def rare_ids() -> dict[str, int]:
    """The goods that ask for more than counting exist; their ids by code."""
    return import_items(RARE_GOODS, actor=SYSTEM).ids


def received(errands: Errands, name: str, lines: tuple[LineDraft, ...]) -> Any:
    """They came from a supplier without an order, into the main warehouse."""
    [vendor] = some_partners(Role.SUPPLIER, 1)
    draft = errands.paper(f"received:{name}", errands.places[0], lines, partner_id=vendor.pk)
    lead = errands.staff["caigou"]
    return receipts.post_receipt(target_of(receipts.save_receipt(draft, actor=lead)), actor=lead)


def inspect(errands: Errands) -> None:
    """Cups and lamps came; some were looked at, some were no good, some still wait."""
    ids = rare_ids()
    cup, lamp = ids[CUP.code], ids[LAMP.code]
    came = (
        LineDraft(cup, Decimal(60), price=CUP.purchase_price),
        LineDraft(lamp, Decimal(36), price=LAMP.purchase_price),
    )
    receipt = received(errands, "to inspect", came)
    lines = purchases.receipt_lines(SYSTEM).filter(document=receipt)
    sources = {line.item_id: line.pk for line in lines}

    def seen(item: int, looked_at: int, rejected: int = 0, cause: str = "") -> LineDraft:
        return LineDraft(
            item,
            Decimal(looked_at),
            source_line_id=sources[item],
            rejected=Decimal(rejected),
            reject_cause=cause,
        )

    _judge(errands, (seen(cup, 30, GOODS_OF_REJECTS, "杯口漆面划伤"), seen(lamp, 20)), "post")
    _judge(errands, (seen(lamp, 6, 2, "开关按键失灵"),), "post")
    _judge(errands, (seen(cup, 5, 1, "密封圈缺失"),), "reverse")
    _judge(errands, (seen(cup, 10), seen(lamp, 4)), "draft")


def _judge(errands: Errands, lines: tuple[LineDraft, ...], until: str) -> None:
    keeper = errands.staff["cangguan"]
    name = f"inspection:{lines[0].item_id}:{lines[0].quantity}"
    draft = errands.paper(name, errands.places[0], lines, note="到货抽检")
    made = inspections.save_inspection(draft, actor=keeper)
    if until == "draft":
        return
    made = inspections.post_inspection(target_of(made), actor=keeper)
    if until == "reverse":
        undo = errands.undo(f"undo {name}", "抽检批次录错")
        inspections.reverse_inspection(target_of(made), undo, actor=errands.staff["caiwu"])


def adjust(errands: Errands) -> None:
    """Goods were thrown away, turned up, and were set apart; each also as a draft."""
    shelf = errands.shelf(errands.places[0], 10)
    _scraps(errands, [row.item_id for row in shelf[:3]])
    _overages(errands, [row.item_id for row in shelf[3:6]])
    _status_changes(errands, [row.item_id for row in shelf[6:]])


def _scraps(errands: Errands, goods: list[int]) -> None:
    """The rejected cups are gone, a second was undone, one waits."""
    keeper, accountant = errands.staff["cangguan"], errands.staff["caiwu"]
    rejects = LineDraft(
        rare_ids()[CUP.code], Decimal(GOODS_OF_REJECTS), stock_status="defect", note="质检不合格"
    )
    losses = [(rejects, "质检不合格，厂家不退")]
    reasons = ("搬运摔坏", "包装受潮", "货架倒塌压坏")
    losses += [(LineDraft(pk, Decimal(2)), why) for pk, why in zip(goods, reasons, strict=True)]
    for at, (line, reason) in enumerate(losses):
        draft = errands.paper(f"scrapped:{at}", errands.places[0], (line,), reason=reason)
        scrap = scraps.save_scrap(draft, actor=keeper)
        if at == len(losses) - 1:
            continue
        scrap = scraps.post_scrap(target_of(scrap), actor=accountant)
        if at == 1:
            undo = errands.undo("undo scrap", "检查后仍可销售")
            scraps.reverse_scrap(target_of(scrap), undo, actor=accountant)


def _overages(errands: Errands, goods: list[int]) -> None:
    keeper, accountant = errands.staff["cangguan"], errands.staff["caiwu"]
    reasons = ("理货发现多出", "供应商多送未计", "拆箱多出")
    for at, (pk, reason) in enumerate(zip(goods, reasons, strict=True)):
        lines = (LineDraft(pk, Decimal(at + 1)),)
        draft = errands.paper(f"overage:{at}", errands.places[0], lines, reason=reason)
        overage = overages.save_overage(draft, actor=keeper)
        if at < len(goods) - 1:
            overages.post_overage(target_of(overage), actor=accountant)


def _status_changes(errands: Errands, goods: list[int]) -> None:
    keeper, accountant = errands.staff["cangguan"], errands.staff["caiwu"]
    kinds = (
        ("defect", "外包装破损"),
        ("frozen", "厂家通知暂停销售"),
        ("frozen", "质量投诉待查"),
        ("defect", "客户反映掉色"),
    )
    for at, (pk, (status, reason)) in enumerate(zip(goods, kinds, strict=True)):
        lines = (LineDraft(pk, Decimal(3), to_status=status),)
        draft = errands.paper(f"status:{at}", errands.places[0], lines, reason=reason)
        change = status_changes.save_status_change(draft, actor=keeper)
        if at == len(goods) - 1:
            continue
        change = status_changes.post_status_change(target_of(change), actor=keeper)
        if at == 2:
            undo = errands.undo("undo status", "复查合格，恢复销售")
            status_changes.reverse_status_change(target_of(change), undo, actor=accountant)
