"""评分与合作历史: all there has been with a supplier, on one page."""

from decimal import Decimal

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from hengcang.identity.access import demand
from hengcang.pages.cards import Card, Kpi
from hengcang.pages.editor import Fact, Link
from hengcang.pages.tables import Cell, Column, Row, Table
from hengcang.partners import queries as partners
from hengcang.purchasing.rules import Score
from hengcang.purchasing.scorecard import PricePoint, price_trend, score
from hengcang.web import clock, shell
from hengcang.web.masters import links
from hengcang.web.masters.papers import papers_of
from hengcang.web.masters.words import price, quantity
from hengcang.web.requests import Request

KINDS = ("purchase_order", "purchase_receipt", "purchase_return")


@require_GET
def supplier_history(request: Request, partner_id: int) -> HttpResponse:
    """Grade, score and why, orders, receipts, returns and prices of a supplier."""
    actor = request.actor
    demand(actor, "purchase_order.view")
    partner = partners.partner(actor, partner_id)
    found = score(actor, partner_id, on=clock.today())
    profile = getattr(partner, "supplier", None)
    tables = [_parts(found)]
    tables += [papers_of(actor, kind, partner_id) for kind in KINDS if actor.may(f"{kind}.view")]
    if actor.may("purchase_receipt.view") and (points := price_trend(actor, partner_id)):
        tables.append(_prices(points))
    card = Card(
        title=partner.name,
        subtitle=partner.code,
        actions=[Link("供应商资料", "handshake", reverse("supplier-card", args=[partner_id]))],
        kpis=_kpis(found),
        facts=[Fact("信用等级", profile.get_credit_grade_display() if profile else "")],
        tables=tables,
    )
    title = f"{partner.name} 合作历史"
    return render(request, "pages/card.html", shell.page(request, title, title) | {"card": card})


def _kpis(found: Score) -> list[Kpi]:
    points = found.points
    if points is None:
        return [Kpi("综合评分", "还没有", "有了到货日期、入库才能评")]
    return [Kpi("综合评分", f"{points:f}", f"相当于信用等级 {found.grade}")] + [
        Kpi(part.name, f"{part.points:.1f}", f"权重 {part.weight}") for part in found.parts
    ]


def _parts(found: Score) -> Table:
    columns = [
        Column("name", "评分项"),
        Column("points", "得分", numeric=True),
        Column("weight", "权重", numeric=True),
        Column("reason", "依据"),
    ]
    rows = [
        Row([Cell(p.name), Cell(f"{p.points:.1f}"), Cell(str(p.weight)), Cell(p.reason)])
        for p in found.parts
    ]
    return Table("评分依据", columns, rows, empty="还没有可以评分的单据。")


def _prices(points: list[PricePoint]) -> Table:
    columns = [
        Column("item", "商品"),
        Column("dated", "日期"),
        Column("number", "入库单"),
        Column("quantity", "数量", numeric=True),
        Column("price", "含税进价", numeric=True),
        Column("change", "较上次", numeric=True),
    ]
    rows = [
        Row(
            [
                Cell(point.name, note=point.code),
                Cell(point.dated.isoformat()),
                Cell(point.number),
                Cell(quantity(point.quantity), note=point.uom),
                Cell(price(point.price)),
                _change(point),
            ],
            url=links.document_url("purchase_receipt", point.receipt_id),
        )
        for point in points
    ]
    return Table("进价走势（按基本单位）", columns, rows, wide=True)


def _change(point: PricePoint) -> Cell:
    if not point.before:
        return Cell("")
    change: Decimal = (point.price / point.before - 1) * 100
    return Cell(f"{change:+.1f}%", tone="up" if change > 0 else "down" if change < 0 else "")
