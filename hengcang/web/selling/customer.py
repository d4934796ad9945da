"""客户往来: all there has been with a customer, and how it stands, on one page."""

from datetime import date, timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from hengcang.identity.access import demand
from hengcang.kernel.actor import Actor
from hengcang.pages.cards import Card, Kpi
from hengcang.pages.editor import Fact, Link
from hengcang.pages.tables import Cell, Column, Row, Table
from hengcang.partners import queries as partners
from hengcang.sales.customers import Bought, bought, open_orders, trade
from hengcang.settlement.credit import credit_of
from hengcang.web import clock, shell
from hengcang.web.masters import links
from hengcang.web.masters.papers import papers_of
from hengcang.web.masters.words import money, price, quantity
from hengcang.web.requests import Request

KINDS = ("sales_order", "sales_delivery", "sales_return", "sales_exchange", "sales_quote")
YEAR = timedelta(days=365)


@require_GET
def customer_history(request: Request, partner_id: int) -> HttpResponse:
    """Profile, credit, what was bought how often at what price, orders under way, returns."""
    actor, today = request.actor, clock.today()
    demand(actor, "sales_delivery.view")
    partner = partners.partner(actor, partner_id)
    tables = [_bought(bought(actor, partner_id))]
    if actor.may("sales_order.view"):
        tables.insert(0, _open(actor, partner_id, today))
    tables += [papers_of(actor, kind, partner_id) for kind in KINDS if actor.may(f"{kind}.view")]
    card = Card(
        title=partner.name,
        subtitle=partner.code,
        actions=_links(actor, partner),
        kpis=_kpis(actor, partner_id, today),
        facts=_facts(partner),
        tables=tables,
    )
    title = f"{partner.name} 客户往来"
    return render(request, "pages/card.html", shell.page(request, title, title) | {"card": card})


def _links(actor: Actor, partner: Any) -> list[Link]:
    found = [Link("客户资料", "users", reverse("customer-card", args=[partner.pk]))]
    if actor.may("sales_order.save"):
        new = reverse("document-new", args=["sales-orders"])
        found.append(Link("开销售订单", "plus", f"{new}?partner={partner.pk}"))
    return found


def _kpis(actor: Actor, partner_id: int, today: date) -> list[Kpi]:
    year = trade(actor, partner_id, since=today - YEAR)
    rate = year.return_rate
    last = year.last_on.isoformat() if year.last_on else "没有"
    kpis = [
        Kpi("近一年销售", f"¥{money(year.delivered)}", f"{year.deliveries} 张出库单，最近 {last}"),
        Kpi(
            "退货率",
            "还没有" if rate is None else f"{rate}%",
            f"近一年退货 ¥{money(year.returned)}",
        ),
    ]
    if not actor.may("money.view"):
        return kpis
    credit = credit_of(actor, partner_id, on=today)
    standing, url = credit.standing, reverse("partner-money", args=[partner_id])
    kpis.append(Kpi("应收余额", f"¥{money(standing.receivable)}", url=url))
    if (left := standing.credit_left) is None:
        kpis.append(Kpi("剩余信用", "不限"))
    else:
        limit = f"额度 ¥{money(standing.credit_limit)}"
        kpis.append(Kpi("剩余信用", f"¥{money(left)}", limit, tone="out" if left < 0 else ""))
    note = f"最早一笔逾期 {credit.overdue_days} 天" if credit.overdue else "没有逾期"
    overdue = f"¥{money(credit.overdue)}"
    kpis.append(Kpi("逾期", overdue, note, tone="out" if credit.overdue else ""))
    return kpis


def _facts(partner: Any) -> list[Fact]:
    customer = getattr(partner, "customer", None)
    tier = customer.price_tier if customer else None
    return [
        Fact("类别", partner.category.name if partner.category else ""),
        Fact("业务员", partner.salesperson.name if partner.salesperson else ""),
        Fact("账期", f"{customer.credit_days} 天" if customer else ""),
        Fact("价格等级", tier.name if tier else ""),
        Fact("地址", partner.address),
    ]


def _open(actor: Actor, partner_id: int, today: date) -> Table:
    columns = [
        Column("number", "单号"),
        Column("dated", "日期"),
        Column("due", "交货日期"),
        Column("amount", "未出库金额", numeric=True),
    ]
    rows = [
        Row(
            [
                Cell(order.number),
                Cell(order.dated.isoformat()),
                Cell(
                    order.due_date.isoformat() if order.due_date else "",
                    tone="out" if order.due_date and order.due_date < today else "",
                ),
                Cell(money(order.open_amount)),
            ],
            url=links.document_url("sales_order", order.order_id),
        )
        for order in open_orders(actor, partner_id)
    ]
    return Table("未完成的订单", columns, rows, empty="没有未出库的订单。")


def _bought(items: list[Bought]) -> Table:
    columns = [
        Column("item", "商品"),
        Column("times", "次数", numeric=True),
        Column("every", "间隔", numeric=True),
        Column("quantity", "数量", numeric=True),
        Column("returned", "退回", numeric=True),
        Column("amount", "金额", numeric=True),
        Column("price", "上次价", numeric=True),
        Column("last", "上次购买"),
    ]
    rows = [
        Row(
            [
                Cell(item.name, note=f"{item.code} {item.spec}".strip()),
                Cell(str(item.times)),
                Cell("" if item.every_days is None else f"{item.every_days} 天"),
                Cell(quantity(item.quantity, item.uom)),
                Cell(quantity(item.returned) if item.returned else ""),
                Cell(money(item.amount)),
                Cell(price(item.last.price) if item.last else ""),
                Cell(item.last_on.isoformat()),
            ]
        )
        for item in items
    ]
    return Table("买过的商品（最近的在前）", columns, rows, wide=True, empty="还没有买过。")
