"""Customers and suppliers: the lists and the form. A partner may be both."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from hengcang.identity.access import demand
from hengcang.kernel.actor import Actor
from hengcang.kernel.errors import Refused
from hengcang.pages.forms import Field, FormPage
from hengcang.pages.tables import Cell, Column, ListPage, Row, Tab
from hengcang.partners import actions, queries
from hengcang.partners.queries import PartnerFilter, Role
from hengcang.settlement import queries as settlement
from hengcang.web.masters import forms, lists, partner_forms
from hengcang.web.masters.reading import Reader, id_of, text_of
from hengcang.web.masters.words import money
from hengcang.web.requests import Request

STATES = (("", "启用", True), ("disabled", "停用", False), ("all", "全部", None))
SIDES = {
    Role.CUSTOMER: ("customer", "客户", "应收"),
    Role.SUPPLIER: ("supplier", "供应商", "应付"),
}


def partner_url(role: Role, partner_id: int) -> str:
    """The card, inside the menu entry of the side."""
    return reverse(f"{role.value}-card", args=[partner_id])


def side_of(partner: Any) -> Role:
    """Where a partner belongs when no side was asked for."""
    return Role.CUSTOMER if getattr(partner, "customer", None) else Role.SUPPLIER


@require_GET
def partner_list(request: Request, role: Role) -> HttpResponse:
    """Partners of one side by code, 50 a page, with what is owed where the actor may know."""
    _, label, _ = SIDES[role]
    wanted = _wanted(request, role)
    rows = queries.partners(request.actor, wanted)
    shown, next_url = lists.cut(request, rows, lambda partner: partner.code)
    page = ListPage(
        key=f"{role.value}s",
        title=label,
        url=reverse(f"{role.value}-list"),
        columns=_columns(request.actor, role),
        rows=_rows(request.actor, role, shown),
        count=f"{queries.partner_count(request.actor, wanted):,} 家",
        tabs=_tabs(request, role),
        filters=_filters(request),
        kept=lists.kept(request, "state"),
        next_url=next_url,
        first_url=lists.first_url(request),
        clear_url=lists.clear_url(request, "q", "category"),
        new_url=_new_url(role) if request.actor.may("partner.save") else "",
        new_label=f"新建{label}",
        empty=f"没有符合条件的{label}，试试清空筛选，或新建一个。",
    )
    return lists.answer(request, page)


def _new_url(role: Role) -> str:
    return reverse(f"{role.value}-new")


def _wanted(request: Request, role: Role) -> PartnerFilter:
    state = request.GET.get("state", "")
    return PartnerFilter(
        words=text_of(request.GET, "q"),
        role=role,
        category_id=id_of(request.GET.get("category", "")),
        is_active=next((flag for code, _, flag in STATES if code == state), True),
        after=text_of(request.GET, "after"),
        limit=lists.PAGE + 1,
    )


def _filters(request: Request) -> list[Field]:
    categories = [(c.pk, c.name) for c in queries.categories(request.actor)]
    return [
        Field(
            "q",
            "搜索",
            "search",
            value=text_of(request.GET, "q"),
            placeholder="编码、名称、电话或拼音",
        ),
        Field(
            "category",
            "类别",
            "select",
            value=text_of(request.GET, "category"),
            options=forms.options(categories, "全部类别"),
        ),
    ]


def _tabs(request: Request, role: Role) -> list[Tab]:
    """The two sides, then the states of this one."""
    state = request.GET.get("state", "")
    tabs = []
    for code, label, _ in STATES:
        url = reverse(f"{role.value}-list")
        address = f"{url}?{urlencode({'state': code})}" if code else url
        tabs.append(Tab(f"{SIDES[role][1]}：{label}", address, current=code == state))
    other = Role.SUPPLIER if role is Role.CUSTOMER else Role.CUSTOMER
    return [*tabs, Tab(SIDES[other][1], reverse(f"{other.value}-list"))]


def _columns(actor: Actor, role: Role) -> list[Column]:
    terms = Column("terms", "信用额度" if role is Role.CUSTOMER else "信用等级", numeric=True)
    columns = [
        Column("code", "编码"),
        Column("name", "名称"),
        Column("category", "类别"),
        Column("contact", "联系人"),
        Column("phone", "电话"),
        Column("salesperson", "业务员"),
        terms,
        Column("days", "账期", numeric=True),
    ]
    if _sees_owed(actor, role):
        columns.append(Column("owed", SIDES[role][2], numeric=True))
    return columns


def _sees_owed(actor: Actor, role: Role) -> bool:
    return (role is Role.CUSTOMER and actor.may("money.view")) or settlement.sees_payable(actor)


def _rows(actor: Actor, role: Role, partners: Sequence[Any]) -> list[Row]:
    ids = [partner.pk for partner in partners]
    owed = settlement.owed_by(actor, ids) if ids and _sees_owed(actor, role) else {}
    return [_row(actor, role, partner, owed) for partner in partners]


def _row(actor: Actor, role: Role, partner: Any, owed: dict[int, Any]) -> Row:
    url = partner_url(role, partner.pk)
    contact = next(iter(partner.contacts.all()), None)
    terms, days = _terms(role, partner)
    cells = [
        Cell(partner.code),
        Cell(partner.name, url=url),
        Cell(partner.category.name if partner.category else ""),
        Cell(contact.name if contact else ""),
        Cell(contact.phone if contact else ""),
        Cell(partner.salesperson.name if partner.salesperson else ""),
        Cell(terms),
        Cell(f"{days} 天" if days else "现结"),
    ]
    if _sees_owed(actor, role):
        balance = owed.get(partner.pk)
        amount = getattr(balance, "receivable" if role is Role.CUSTOMER else "payable", None)
        cells.append(Cell(money(amount) if amount else ""))
    return Row(cells, url=url, muted=not partner.is_active)


def _terms(role: Role, partner: Any) -> tuple[str, int]:
    profile = getattr(partner, role.value)
    if role is Role.SUPPLIER:
        return profile.credit_grade, profile.credit_days
    limit = profile.credit_limit
    return ("不限" if limit is None else money(limit)), profile.credit_days


@require_GET
def partner_options(request: Request) -> HttpResponse:
    """At most 12 partners in scope for a pick-box."""
    text = text_of(request.GET, "q")
    role = {"customer": Role.CUSTOMER, "supplier": Role.SUPPLIER}.get(request.GET.get("role", ""))
    found = [
        lists.choice(partner.pk, partner.name, partner.code)
        for partner in queries.suggest_partners(request.actor, text, role)
    ]
    return render(request, "pages/_options.html", {"options": found, "query": text})


@require_http_methods(["GET", "POST"])
def partner_new(request: Request, role: Role) -> HttpResponse:
    """A new partner, or the form again with what is wrong."""
    demand(request.actor, "partner.save")
    if request.method == "GET":
        values = {f"is_{role.value}": "1", "credit_grade": "B"}
        return forms.show(request, _page(request, role, values, None))
    posted = request.POST.dict()
    reader = Reader(posted)
    draft = partner_forms.draft(reader)
    if not reader.errors:
        try:
            partner = actions.save_partner(draft, actor=request.actor)
        except Refused as refusal:
            reader.refuse(refusal, partner_forms.field_of(refusal, posted))
        else:
            url = partner_url(role if draft_has(draft, role) else side_of(partner), partner.pk)
            return forms.done(request, url, f"已新建{partner.name}，编码 {partner.code}。")
    return forms.refused(request, _page(request, role, posted, None), reader.errors)


def draft_has(draft: Any, role: Role) -> bool:
    return getattr(draft, role.value) is not None


@require_http_methods(["GET", "POST"])
def partner_change(request: Request, role: Role, partner_id: int) -> HttpResponse:
    """The partner as filled in, or the form again with what is wrong."""
    demand(request.actor, "partner.save")
    partner = queries.partner(request.actor, partner_id)
    if request.method == "GET":
        return forms.show(request, _page(request, role, partner_forms.values_of(partner), partner))
    posted = request.POST.dict()
    reader = Reader(posted)
    draft = partner_forms.draft(reader)
    version = reader.whole("version") or 0
    if not reader.errors:
        try:
            actions.change_partner(partner_id, version, draft, actor=request.actor)
        except Refused as refusal:
            if refusal.code == forms.STALE:
                return forms.conflict(request, _page(request, role, posted, partner), refusal)
            reader.refuse(refusal, partner_forms.field_of(refusal, posted))
        else:
            return forms.done(request, partner_url(role, partner_id), "已保存。")
    return forms.refused(request, _page(request, role, posted, partner), reader.errors)


def _page(request: Request, role: Role, values: partner_forms.Values, partner: Any) -> FormPage:
    cancel = partner_url(role, partner.pk) if partner else reverse(f"{role.value}-list")
    return partner_forms.page(
        request.actor, values, save_url=request.path, cancel_url=cancel, partner=partner
    )


@require_http_methods(["GET", "POST"])
def partner_disable(request: Request, role: Role, partner_id: int) -> HttpResponse:
    """Asks first; then new documents can no longer name the partner."""
    demand(request.actor, "partner.save")
    partner = queries.partner(request.actor, partner_id)
    url = partner_url(role, partner_id)
    if request.method == "POST":
        actions.disable_partner(partner_id, actor=request.actor)
        return forms.done(request, url, f"已停用{partner.name}。")
    question = forms.Question(
        f"停用 {partner.name}",
        "停用后新单据不能再选这个单位；已有单据和往来账都保留，随时可以重新启用。",
        request.path,
        url,
        "停用",
    )
    return forms.show(request, question.form())


@require_http_methods(["GET", "POST"])
def partner_enable(request: Request, role: Role, partner_id: int) -> HttpResponse:
    """Asks first; then new documents may name the partner again."""
    demand(request.actor, "partner.save")
    partner = queries.partner(request.actor, partner_id)
    url = partner_url(role, partner_id)
    if request.method == "POST":
        actions.enable_partner(partner_id, actor=request.actor)
        return forms.done(request, url, f"已启用{partner.name}。")
    question = forms.Question(
        f"启用 {partner.name}", "启用后新单据可以再选这个单位。", request.path, url, "启用"
    )
    return forms.show(request, question.form())
