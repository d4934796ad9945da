"""What a customer calls our items: own codes and remembered wordings, seen and deleted."""

from collections.abc import Mapping

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from hengcang.catalog import queries as catalog
from hengcang.kernel.errors import Refused
from hengcang.kernel.refusals import HTTP_STATUS, sentence
from hengcang.pages.forms import Field
from hengcang.partners import queries as partners
from hengcang.sales import wordings as queries
from hengcang.sales.actions import wordings
from hengcang.web import shell
from hengcang.web.masters import forms
from hengcang.web.reading import id_of
from hengcang.web.requests import Request

ENDING = (403, 404)


@require_http_methods(["GET", "POST"])
def customer_wordings(request: Request, partner_id: int) -> HttpResponse:
    """The customer's codes and wordings; a code is added, either is deleted."""
    posted = request.POST.dict()
    if request.method == "GET":
        return _shown(request, partner_id, posted, "", 200)
    try:
        said = _done(request, partner_id, posted)
    except Refused as refusal:
        if HTTP_STATUS[refusal.code] in ENDING:
            raise
        return _shown(request, partner_id, posted, sentence(refusal), 422)
    return forms.done(request, request.path, said)


def _done(request: Request, partner_id: int, posted: Mapping[str, str]) -> str:
    verb, _, given = posted.get("verb", "").partition("-")
    key = id_of(given) or 0
    if verb == "forget":
        wordings.forget_alias(partner_id, key, actor=request.actor)
        return "已删除这个说法。"
    if verb == "remove":
        wordings.remove_item_code(partner_id, key, actor=request.actor)
        return "已删除这个客户货号。"
    item_id = id_of(posted.get("item", ""))
    if item_id is None:
        raise Refused("field_missing", "item", what="商品")
    uom_id = _uom(request, item_id, posted.get("unit", "").strip())
    code = posted.get("code", "")
    wordings.save_item_code(partner_id, code, item_id, uom_id, actor=request.actor)
    return "已保存客户货号。"


def _uom(request: Request, item_id: int, name: str) -> int | None:
    """None: the code names the item alone."""
    own = catalog.units_of(request.actor, {item_id}).get(item_id, [])
    found = next((unit.pk for unit in own if unit.uom.name == name), None)
    if name and own and found is None:
        raise Refused("uom_unknown", "unit", item_name=own[0].item.name)
    return found


def _shown(
    request: Request, partner_id: int, posted: Mapping[str, str], error: str, status: int
) -> HttpResponse:
    actor = request.actor
    partner = partners.partner(actor, partner_id)
    title = f"{partner.name}的货号与说法"
    context = shell.page(request, title, partner.name, "货号与说法") | {
        "partner": partner,
        "heading": title,
        "error": error,
        "back": reverse("customer-card", args=[partner_id]),
        "codes": list(queries.item_codes(actor, partner_id)),
        "aliases": list(queries.aliases(actor, partner_id)),
        "may_change": actor.may("sales_order.save"),
        "fields": _fields(posted if error else {}),
    }
    return render(request, "web/wordings.html", context, status=status)


def _fields(posted: Mapping[str, str]) -> list[Field]:
    return [
        Field("code", "客户货号", value=posted.get("code", ""), required=True),
        Field(
            "item",
            "商品",
            "pick",
            value=posted.get("item", ""),
            shown=posted.get("item_typed", ""),
            url=reverse("item-options"),
            required=True,
        ),
        Field("unit", "单位", value=posted.get("unit", ""), help="可不填：由客户每次写明"),
    ]
