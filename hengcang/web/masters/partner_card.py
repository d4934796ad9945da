"""The card of a partner: who it is, what is owed, what happened last."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from hengcang.compliance.queries import timeline
from hengcang.kernel.actor import Actor
from hengcang.pages.cards import Card, Kpi
from hengcang.pages.editor import Fact, Link
from hengcang.pages.tables import Cell, Column, Row, Table
from hengcang.partners import queries
from hengcang.partners.queries import Role
from hengcang.purchasing.scorecard import score
from hengcang.register import queries as register
from hengcang.register.kinds import BY_CODE, KINDS, status_label
from hengcang.settlement import queries as settlement
from hengcang.web import clock, shell
from hengcang.web.masters import agreed_prices, links, trail
from hengcang.web.masters.words import money, plain
from hengcang.web.requests import Request

LAST_DOCUMENTS = 10


@require_GET
def partner_card(request: Request, role: Role, partner_id: int) -> HttpResponse:
    """A partner with contacts, balances and last documents."""
    actor = request.actor
    partner = queries.partner(actor, partner_id)
    tables = [_last_documents(actor, partner)]
    if hasattr(partner, "customer") and actor.may("price.view"):
        tables.append(agreed_prices.table(actor, partner_id))
    if contacts := list(partner.contacts.all()):
        tables.append(_contacts(contacts))
    card = Card(
        title=partner.name,
        subtitle=partner.code,
        pill="done" if partner.is_active else "void",
        pill_label="启用" if partner.is_active else "停用",
        actions=_links(actor, role, partner),
        edit_url=_address(role, "change", partner) if actor.may("partner.save") else "",
        kpis=_kpis(actor, partner) + _score(actor, partner),
        facts=_facts(partner),
        tables=tables,
        timeline=trail.events(timeline(actor, "partner", partner_id)),
    )
    context = shell.page(request, partner.name, partner.name) | {"card": card}
    return render(request, "pages/card.html", context)


def _address(role: Role, page: str, partner: Any) -> str:
    return reverse(f"{role.value}-{page}", args=[partner.pk])


def _links(actor: Actor, role: Role, partner: Any) -> list[Link]:
    found = []
    if getattr(partner, "supplier", None) and actor.may("purchase_order.view"):
        history = reverse("supplier-history", args=[partner.pk])
        found.append(Link("评分与合作历史", "scroll-text", history))
    if getattr(partner, "customer", None) and actor.may("sales_delivery.view"):
        history = reverse("customer-history", args=[partner.pk])
        found.append(Link("客户往来", "scroll-text", history))
    if actor.may("money.view"):
        found.append(Link("往来账", "wallet", reverse("partner-money", args=[partner.pk])))
    if actor.may("partner.save"):
        verb, label = ("disable", "停用") if partner.is_active else ("enable", "启用")
        found.append(Link(label, "", _address(role, verb, partner)))
    if role is Role.CUSTOMER and actor.may("sales_order.view"):
        found.append(Link("货号与说法", "", reverse("customer-wordings", args=[partner.pk])))
    if partner.is_active:
        found += [_new_document(kind, partner) for kind in _orders(actor, partner)]
    return found


def _orders(actor: Actor, partner: Any) -> list[Any]:
    """The orders that start a trade with this partner."""
    return [
        kind
        for kind in KINDS
        if kind.role and not kind.source and getattr(partner, kind.role, None)
        if actor.may(f"{kind.code}.save")
    ]


def _new_document(kind: Any, partner: Any) -> Link:
    query = urlencode({"partner": partner.pk})
    return Link(f"开{kind.label}", "plus", f"{reverse('document-new', args=[kind.plural])}?{query}")


def _kpis(actor: Actor, partner: Any) -> list[Kpi]:
    if not actor.may("money.view"):
        return []
    balance = settlement.standing_of(actor, partner.pk)
    url = reverse("partner-money", args=[partner.pk])
    kpis = []
    customer = getattr(partner, "customer", None)
    if customer:
        kpis.append(Kpi("应收余额", f"¥{money(balance.receivable)}", url=url))
        if customer.credit_limit is None:
            kpis.append(Kpi("剩余信用", "不限"))
        else:
            left = customer.credit_limit - balance.receivable
            note = f"额度 ¥{money(customer.credit_limit)}"
            kpis.append(Kpi("剩余信用", f"¥{money(left)}", note, tone="out" if left < 0 else ""))
    if getattr(partner, "supplier", None) and settlement.sees_payable(actor):
        kpis.append(Kpi("应付余额", f"¥{money(balance.payable)}", url=url))
    return kpis


def _score(actor: Actor, partner: Any) -> list[Kpi]:
    """How the supplier does; the reasons are a click away."""
    if not getattr(partner, "supplier", None) or not actor.may("purchase_order.view"):
        return []
    found = score(actor, partner.pk, on=clock.today())
    if found.points is None:
        return []
    url = reverse("supplier-history", args=[partner.pk])
    note = "，".join(f"{part.name} {part.points:.0f}" for part in found.parts)
    return [Kpi("综合评分", f"{found.points:f}", note, url=url)]


def _facts(partner: Any) -> list[Fact]:
    customer, supplier = getattr(partner, "customer", None), getattr(partner, "supplier", None)
    roles = [label for label, side in (("客户", customer), ("供应商", supplier)) if side]
    facts = [
        Fact("身份", "、".join(roles)),
        Fact("类别", partner.category.name if partner.category else ""),
        Fact("业务员", partner.salesperson.name if partner.salesperson else ""),
    ]
    if customer:
        facts.append(Fact("客户账期", _days(customer.credit_days)))
        facts.append(Fact("价格等级", customer.price_tier.name if customer.price_tier else ""))
    if supplier:
        lead, over = supplier.lead_time_days, supplier.over_receipt_rate
        facts += [
            Fact("供应商账期", _days(supplier.credit_days)),
            Fact("信用等级", supplier.get_credit_grade_display()),
            Fact("到货周期", "" if lead is None else f"{lead} 天"),
            Fact("超收容差", "按商品" if over is None else f"{plain(over)}%"),
        ]
    return [
        *facts,
        Fact("地址", partner.address),
        Fact("税号", partner.tax_no),
        Fact("开户行", partner.bank_name),
        Fact("银行账号", partner.bank_account),
        Fact("备注", partner.note),
    ]


def _days(days: int) -> str:
    return f"月结 {days} 天" if days else "现款现货"


def _contacts(contacts: list[Any]) -> Table:
    columns = [
        Column("name", "联系人"),
        Column("title", "职务"),
        Column("phone", "电话"),
        Column("email", "邮箱"),
    ]
    rows = [Row([Cell(c.name), Cell(c.title), Cell(c.phone), Cell(c.email)]) for c in contacts]
    return Table("联系人", columns, rows)


def _last_documents(actor: Actor, partner: Any) -> Table:
    """Amounts of purchases are left out for those who may not see costs."""
    columns = [
        Column("number", "单号"),
        Column("kind", "单据"),
        Column("dated", "日期"),
        Column("warehouse", "仓库"),
        Column("amount", "金额", numeric=True),
        Column("status", "状态"),
    ]
    rows = []
    for row in register.documents(actor).filter(partner_id=partner.pk)[:LAST_DOCUMENTS]:
        amount = money(row.amount) if links.may_see_amount(actor, row.kind) else ""
        rows.append(
            Row(
                [
                    Cell(row.number or "草稿"),
                    Cell(BY_CODE[row.kind].label),
                    Cell(row.dated.isoformat()),
                    Cell(row.warehouse.name),
                    Cell(amount),
                    Cell(status_label(row.status), pill=links.PILLS[row.status]),
                ],
                url=links.document_url(row.kind, row.document_id),
            )
        )
    return Table("最近单据", columns, rows, empty="还没有单据。")
