"""Price lists: the list, the card, the form with rows pasted from Excel; and price tiers."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from hengcang.compliance.queries import timeline
from hengcang.identity.access import demand
from hengcang.kernel.errors import Refused, RefusedLines
from hengcang.pages.cards import Card
from hengcang.pages.editor import Fact, Link
from hengcang.pages.forms import Field, FormPage, Section
from hengcang.pages.tables import Cell, Column, ListPage, Row, Tab, Table
from hengcang.partners import queries as partners
from hengcang.pricing import actions, queries
from hengcang.pricing.drafts import PriceListDraft
from hengcang.web import clock, shell
from hengcang.web.masters import forms, lists, price_sheets, trail, words
from hengcang.web.masters.price_sheets import Sheet
from hengcang.web.masters.reading import Reader
from hengcang.web.requests import Request

SHOWN = 200  # lines on the card
COLUMNS = (
    Column("name", "价格本"),
    Column("valid_from", "有效期起"),
    Column("valid_to", "有效期止"),
    Column("lines", "价格数", numeric=True),
    Column("note", "备注"),
    Column("state", "状态"),
)
FIELDS = (
    Field("name", "价格本名称", required=True),
    Field("valid_from", "有效期起", "date", required=True),
    Field("valid_to", "有效期止", "date", help="空着为长期有效"),
    Field("note", "备注", span=2),
    Field("is_active", "启用", "check", help="停用后不再用来定价"),
)
PASTED = Field(
    "lines",
    "价格",
    "textarea",
    required=True,
    span=3,
    help="每行：编码、单位、等级、单价，可从 Excel 粘贴；单位空着为基本单位，等级空着为所有客户",
)


@require_GET
def price_list_list(request: Request) -> HttpResponse:
    """All price lists, the newest validity first."""
    found = list(queries.price_lists(request.actor))
    saves = request.actor.may("price.save")
    page = ListPage(
        key="price-lists",
        title="价格本",
        url=reverse("price-list-list"),
        columns=COLUMNS,
        rows=[_row(price_list) for price_list in found],
        count=f"{len(found)} 个",
        tabs=_tabs("price-list-list"),
        new_url=reverse("price-list-new") if saves else "",
        new_label="新建价格本",
        empty="还没有价格本。等级价和限时价写在价格本里；某个客户的协议价写在客户卡片上。",
    )
    return lists.answer(request, page)


def _tabs(current: str) -> list[Tab]:
    named = (("价格本", "price-list-list"), ("价格等级", "price-tier-list"))
    return [Tab(label, reverse(name), current=name == current) for label, name in named]


def _row(price_list: Any) -> Row:
    cells = [
        Cell(price_list.name),
        Cell(price_list.valid_from.isoformat()),
        Cell(price_list.valid_to.isoformat() if price_list.valid_to else "长期"),
        Cell(f"{price_list.line_count:,}"),
        Cell(price_list.note),
        lists.active_cell(price_list.is_active),
    ]
    return Row(cells, url=_url(price_list.pk), muted=not price_list.is_active)


def _url(list_id: int) -> str:
    return reverse("price-list", args=[list_id])


@require_GET
def price_list(request: Request, list_id: int) -> HttpResponse:
    """The card of a price list."""
    found = queries.price_list(request.actor, list_id)
    lines = list(queries.list_lines(request.actor, list_id)[:SHOWN])
    columns = [
        Column("code", "编码"),
        Column("name", "商品"),
        Column("tier", "等级"),
        Column("price", "单价", numeric=True),
    ]
    rows = [
        Row(
            [
                Cell(line.item.code),
                Cell(line.item.name, note=line.item.spec),
                Cell(line.tier.name if line.tier else "所有客户"),
                Cell(words.price(line.price), note=f"/{line.item_uom.uom.name}"),
            ]
        )
        for line in lines
    ]
    more = f"（前 {SHOWN} 行，共 {found.line_count:,} 行）" if found.line_count > SHOWN else ""
    saves = request.actor.may("price.save")
    adjust = Link("调价", "", reverse("price-list-adjust", args=[list_id]))
    card = Card(
        title=found.name,
        pill="done" if found.is_active else "void",
        pill_label="启用" if found.is_active else "停用",
        actions=[adjust] if saves else [],
        edit_url=reverse("price-list-change", args=[list_id]) if saves else "",
        facts=[
            Fact("有效期起", found.valid_from.isoformat()),
            Fact("有效期止", found.valid_to.isoformat() if found.valid_to else "长期"),
            Fact("备注", found.note),
        ],
        tables=[Table(f"价格{more}", columns, rows, wide=True)],
        timeline=trail.events(timeline(request.actor, "price_list", list_id)),
    )
    context = shell.page(request, found.name, found.name) | {"card": card}
    return render(request, "pages/card.html", context)


@require_http_methods(["GET", "POST"])
def price_list_new(request: Request) -> HttpResponse:
    """A new price list, or the form again with what is wrong."""
    demand(request.actor, "price.save")
    if request.method == "GET":
        values = {"valid_from": clock.today().isoformat(), "is_active": "1"}
        return forms.show(request, _page(request, values, None))
    reader = Reader(request.POST.dict())
    draft, sheet = _draft(request, reader)
    if not reader.errors:
        try:
            made = actions.save_list(draft, actor=request.actor)
        except Refused as refusal:
            _refuse(reader, sheet, refusal)
        else:
            return forms.done(request, _url(made.pk), f"已新建价格本「{made.name}」。")
    return forms.refused(request, _page(request, reader.posted, None), reader.errors)


@require_http_methods(["GET", "POST"])
def price_list_change(request: Request, list_id: int) -> HttpResponse:
    """The price list as filled in, or the form again with what is wrong."""
    demand(request.actor, "price.save")
    found = queries.price_list(request.actor, list_id)
    if request.method == "GET":
        stored = price_sheets.list_text(queries.list_lines(request.actor, list_id))
        values = {
            "name": found.name,
            "valid_from": found.valid_from.isoformat(),
            "valid_to": found.valid_to.isoformat() if found.valid_to else "",
            "note": found.note,
            "is_active": "1" if found.is_active else "",
            "lines": stored,
        }
        return forms.show(request, _page(request, values, found))
    reader = Reader(request.POST.dict())
    draft, sheet = _draft(request, reader)
    version = reader.whole("version") or 0
    if not reader.errors:
        try:
            actions.change_list(list_id, version, draft, actor=request.actor)
        except Refused as refusal:
            if refusal.code == forms.STALE:
                return forms.conflict(request, _page(request, reader.posted, found), refusal)
            _refuse(reader, sheet, refusal)
        else:
            return forms.done(request, _url(list_id), "已保存。")
    return forms.refused(request, _page(request, reader.posted, found), reader.errors)


def _draft(request: Request, reader: Reader) -> tuple[PriceListDraft, Sheet]:
    tiers = {tier.name: tier.pk for tier in partners.price_tiers(request.actor)}
    sheet = price_sheets.list_sheet(request.actor, reader.text("lines"), tiers)
    if sheet.wrong:
        reader.errors["lines"] = sheet.sentence()
    reader.required("valid_from", "有效期起")
    draft = PriceListDraft(
        name=reader.required("name", "价格本名称"),
        valid_from=reader.day("valid_from") or clock.today(),
        valid_to=reader.day("valid_to"),
        note=reader.text("note"),
        is_active=reader.checked("is_active"),
        lines=tuple(sheet.drafts),
    )
    return draft, sheet


def _refuse(reader: Reader, sheet: Sheet, refusal: Refused) -> None:
    if isinstance(refusal, RefusedLines):
        sheet.refuse_all(refusal)
        reader.errors["lines"] = sheet.sentence()
    else:
        reader.refuse(refusal)


def _page(request: Request, values: Any, found: Any) -> FormPage:
    return FormPage(
        title="修改价格本" if found else "新建价格本",
        save_url=request.path,
        sections=[
            Section("", forms.filled(FIELDS, values, {})),
            Section("价格", forms.filled([PASTED], values, {})),
        ],
        cancel_url=_url(found.pk) if found else reverse("price-list-list"),
        version=str(values.get("version") or (found.version if found else "")),
    )


@require_GET
def price_tier_list(request: Request) -> HttpResponse:
    """The tiers customers may be in."""
    demand(request.actor, "price.view")
    found = list(partners.price_tiers(request.actor))
    page = ListPage(
        key="price-tiers",
        title="价格等级",
        url=reverse("price-tier-list"),
        columns=(Column("name", "等级"),),
        rows=[Row([Cell(tier.name)]) for tier in found],
        count=f"{len(found)} 个",
        tabs=_tabs("price-tier-list"),
        new_url=reverse("price-tier-new") if request.actor.may("price.save") else "",
        new_label="新建等级",
        empty="还没有价格等级，例如 零售、批发、VIP。",
    )
    return lists.answer(request, page)


@require_http_methods(["GET", "POST"])
def price_tier_new(request: Request) -> HttpResponse:
    """A new tier, or the form again with what is wrong."""
    demand(request.actor, "price.save")
    reader = Reader(request.POST.dict())
    fields = forms.filled([Field("name", "等级名称", required=True)], reader.posted, {})
    form = FormPage(
        "新建价格等级",
        request.path,
        [Section("", fields, note="客户的等级在客户资料里选择。")],
        cancel_url=reverse("price-tier-list"),
    )
    if request.method == "GET":
        return forms.show(request, form)
    try:
        tier = actions.add_tier(reader.text("name"), actor=request.actor)
    except Refused as refusal:
        reader.refuse(refusal)
        return forms.refused(request, form, reader.errors)
    return forms.done(request, reverse("price-tier-list"), f"已新建价格等级「{tier.name}」。")
