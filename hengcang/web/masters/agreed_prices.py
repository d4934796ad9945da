"""The agreed prices of a customer: on the card, and the form with rows pasted from Excel."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from hengcang.identity.access import demand
from hengcang.kernel.actor import Actor
from hengcang.kernel.errors import Refused, RefusedLines
from hengcang.pages.forms import Field, FormPage, Section
from hengcang.pages.tables import Cell, Column, Row, Table
from hengcang.partners import queries as partners
from hengcang.pricing import actions, queries
from hengcang.web import clock
from hengcang.web.masters import forms, price_sheets, words
from hengcang.web.masters.reading import Reader
from hengcang.web.requests import Request

SHOWN = 20
PASTED = Field(
    "lines",
    "协议价",
    "textarea",
    span=3,
    help="每行：编码、单位、单价、起、止，可直接从 Excel 粘贴；起空着为今天，止空着为长期",
)


def table(actor: Actor, partner_id: int) -> Table:
    """The first agreed prices, for the customer's card."""
    found = list(queries.customer_prices(actor, partner_id)[: SHOWN + 1])
    today = clock.today()
    rows = [
        Row(
            [
                Cell(price.item.code),
                Cell(price.item.name, note=price.item.spec),
                Cell(words.price(price.price), note=f"/{price.item_uom.uom.name}"),
                Cell(price.valid_from.isoformat()),
                Cell(price.valid_to.isoformat() if price.valid_to else "长期"),
            ],
            muted=price.valid_to is not None and price.valid_to < today,
        )
        for price in found[:SHOWN]
    ]
    columns = [
        Column("code", "编码"),
        Column("name", "商品"),
        Column("price", "协议价", numeric=True),
        Column("valid_from", "起"),
        Column("valid_to", "止"),
    ]
    title = f"协议价（前 {SHOWN} 个）" if len(found) > SHOWN else "协议价"
    url = reverse("customer-prices", args=[partner_id]) if actor.may("price.save") else ""
    return Table(title, columns, rows, more_url=url, more_label="维护", empty="没有协议价。")


@require_http_methods(["GET", "POST"])
def customer_prices(request: Request, partner_id: int) -> HttpResponse:
    """The customer's agreed prices as rows, or the form again with what is wrong."""
    demand(request.actor, "price.save")
    partner = partners.partner(request.actor, partner_id)
    if request.method == "GET":
        stored = price_sheets.agreed_text(queries.customer_prices(request.actor, partner_id))
        return forms.show(request, _page(request, {"lines": stored}, partner))
    reader = Reader(request.POST.dict())
    sheet = price_sheets.agreed_sheet(request.actor, reader.text("lines"), clock.today())
    version = reader.whole("version") or 0
    if not sheet.wrong:
        try:
            actions.agree_prices(partner_id, version, sheet.drafts, actor=request.actor)
        except RefusedLines as refusal:
            sheet.refuse_all(refusal)
        except Refused as refusal:
            if refusal.code == forms.STALE:
                return forms.conflict(request, _page(request, reader.posted, partner), refusal)
            reader.refuse(refusal)
        else:
            url = reverse("customer-card", args=[partner_id])
            return forms.done(request, url, f"已保存 {len(sheet.drafts)} 个协议价。")
    if sheet.wrong:
        reader.errors["lines"] = sheet.sentence()
    return forms.refused(request, _page(request, reader.posted, partner), reader.errors)


def _page(request: Request, values: Any, partner: Any) -> FormPage:
    note = "协议价先于等级价、价格本和商品售价；过期的留着不碍事，删掉一行就不再生效。"
    return FormPage(
        title=f"{partner.name}的协议价",
        save_url=request.path,
        sections=[Section("", forms.filled([PASTED], values, {}), note=note)],
        cancel_url=reverse("customer-card", args=[partner.pk]),
        version=str(values.get("version") or partner.version),
    )
