"""粘贴下单: a customer's text becomes a draft order, every line of it seen by a person."""

from collections.abc import Mapping, Sequence
from uuid import uuid4

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from hengcang.catalog import queries as catalog
from hengcang.documents.drafts import Draft, LineDraft
from hengcang.identity.access import demand
from hengcang.integration.spreadsheets.orders import order_text
from hengcang.kernel.actor import Actor
from hengcang.kernel.errors import Refused, RefusedLines
from hengcang.kernel.refusals import HTTP_STATUS, sentence
from hengcang.pages.forms import Field, Option
from hengcang.partners import queries as partners
from hengcang.places.queries import active_warehouses
from hengcang.sales.actions import orders, wordings
from hengcang.sales.readings import reading
from hengcang.web import clock, shell
from hengcang.web.masters import forms
from hengcang.web.pasting import sheet
from hengcang.web.pasting.sheet import PastePage, Wish
from hengcang.web.reading import id_of, intent_of
from hengcang.web.requests import Request

TITLE = "粘贴下单"
FORM_REFUSALS = (403, 404)  # these end the page; every other refusal is shown on it


@require_http_methods(["GET", "POST"])
def paste_order(request: Request) -> HttpResponse:
    """The empty page; what was read of a text; or the order, made and opened."""
    demand(request.actor, "sales_order.save")
    posted = request.POST.dict()
    page = _page(request, posted)
    if request.method == "GET":
        return _shown(request, page)
    try:
        if posted.get("verb") == "file":
            page.text = _of_file(request)
        return _answer(request, page, posted)
    except Refused as refusal:
        if HTTP_STATUS[refusal.code] in FORM_REFUSALS:
            raise
        page.errors.append(sentence(refusal))
        return _shown(request, page, 422)


def _of_file(request: Request) -> str:
    """The text of the uploaded file. Raises Refused: file_missing, and those of order_text."""
    file = request.FILES.get("file")
    if file is None:
        raise Refused("file_missing", "file")
    return order_text(file.read(), file.name or "")


def _answer(request: Request, page: PastePage, posted: Mapping[str, str]) -> HttpResponse:
    partner_id = id_of(posted.get("partner", ""))
    if partner_id is None:
        raise Refused("field_missing", "partner", what="客户")
    lines = reading(request.actor, partner_id, page.text)
    page.was_read = True
    page.rows = sheet.rows_of(lines, reverse("item-options"))
    page.ignored = sheet.ignored_of(lines)
    if posted.get("verb") != "make":
        return _shown(request, page)
    if _plain(posted.get("read_text", "")) != _plain(page.text):
        page.errors.append("文字在读取之后改动过，已重新读取，请核对后再生成订单。")
        return _shown(request, page, 422)
    wanted, page.rows = sheet.wishes(sheet.typed(page.rows, posted))
    if any(row.error for row in page.rows):
        page.errors.append("有几行需要修正，请看红色提示。")
        return _shown(request, page, 422)
    return _made(request, page, posted, wanted, partner_id)


def _made(
    request: Request,
    page: PastePage,
    posted: Mapping[str, str],
    wanted: Sequence[Wish],
    partner_id: int,
) -> HttpResponse:
    try:
        draft = _draft(request.actor, posted, wanted, partner_id)
        order = orders.save_order(draft, actor=request.actor)
    except Refused as refusal:
        if HTTP_STATUS[refusal.code] in FORM_REFUSALS:
            raise
        errors = sheet.errors_by_row(refusal, wanted)
        page.rows = sheet.marked(page.rows, errors)
        page.errors.append(errors.get(0) or sentence(refusal))
        return _shown(request, page, 422)
    wordings.remember_choices(partner_id, _choices(wanted), actor=request.actor)
    url = reverse("document", args=["sales-orders", order.pk])
    return forms.done(request, url, f"已生成销售订单草稿，共 {len(wanted)} 行，请核对后提交。")


def _choices(wanted: Sequence[Wish]) -> dict[str, int]:
    """Wordings a person matched himself, or matched otherwise than was read."""
    return {
        wish.row.phrase.replace(" ", ""): wish.item_id
        for wish in wanted
        if wish.row.phrase
        and (str(wish.item_id) != wish.row.read_item or not wish.row.options[0].value)
    }


def _draft(
    actor: Actor, posted: Mapping[str, str], wanted: Sequence[Wish], partner_id: int
) -> Draft:
    """Raises Refused: field_missing, field_invalid, RefusedLines with item_unknown, uom_unknown."""
    warehouse_id = id_of(posted.get("warehouse", ""))
    if warehouse_id is None:
        raise Refused("field_missing", "warehouse", what="仓库")
    units = catalog.units_of(actor, {wish.item_id for wish in wanted})
    lines: list[LineDraft] = []
    refusals: list[Refused] = []
    for position, wish in enumerate(wanted, start=1):
        own = units.get(wish.item_id, [])
        uom = next((unit for unit in own if unit.uom.name == wish.unit), None)
        if uom is not None:
            lines.append(LineDraft(wish.item_id, wish.quantity, uom.pk))
        elif own:
            names = "、".join(unit.uom.name for unit in own)
            what = f"单位（商品「{own[0].item.name}」可用：{names}）"
            refusals.append(Refused("field_missing", f"lines.{position}.uom", what=what))
        else:
            refusals.append(Refused("item_unknown", f"lines.{position}.item"))
    if refusals:
        raise RefusedLines(refusals)
    return Draft(
        client_uuid=intent_of(posted.get("intent", "")),
        dated=clock.today(),
        warehouse_id=warehouse_id,
        lines=tuple(lines),
        partner_id=partner_id,
    )


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


def _page(request: Request, posted: Mapping[str, str]) -> PastePage:
    return PastePage(
        request.path,
        posted.get("intent", "") or str(uuid4()),
        _fields(request, posted),
        text=posted.get("text", ""),
    )


def _fields(request: Request, posted: Mapping[str, str]) -> list[Field]:
    partner, shown = posted.get("partner", ""), posted.get("partner_typed", "")
    if not posted and (partner_id := id_of(request.GET.get("partner", ""))):
        partner, shown = str(partner_id), partners.partner(request.actor, partner_id).name
    places = [Option(str(place.pk), place.name) for place in active_warehouses(request.actor)]
    first = places[0].value if places else ""
    return [
        Field(
            "partner",
            "客户",
            "pick",
            value=partner,
            shown=shown,
            url=f"{reverse('suggest-partners')}?role=customer",
            required=True,
        ),
        Field(
            "warehouse",
            "仓库",
            "select",
            value=posted.get("warehouse", first),
            options=places,
            required=True,
        ),
    ]


def _shown(request: Request, page: PastePage, status: int = 200) -> HttpResponse:
    if request.htmx and request.method == "POST":
        return render(request, "web/_paste.html", {"paste": page}, status=status)
    context = shell.page(request, TITLE) | {"paste": page}
    return render(request, "web/paste.html", context, status=status)
