"""配货: what the shops ask of a warehouse, what it has, a share for each, and one press for all."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from hengcang.identity.access import demand
from hengcang.kernel.actor import Actor
from hengcang.kernel.errors import Refused, RefusedLines
from hengcang.kernel.numbers import shown, strict_quantity
from hengcang.kernel.refusals import HTTP_STATUS, sentence
from hengcang.pages.forms import Field, Option
from hengcang.places import queries as places
from hengcang.stock.actions.allocating import Allocation, AllocationLine, allocate_requests
from hengcang.stock.allocation import MOST, DeskFilter, DeskLine, desk
from hengcang.web import clock, shell
from hengcang.web.documents.refusals import belongs_on_form
from hengcang.web.masters import forms
from hengcang.web.masters.reading import id_of, text_of
from hengcang.web.reading import Problems, intent_of
from hengcang.web.requests import Request

CELL = re.compile(r"lines\.(\d+)(?:\.[a-z_]+)?", re.ASCII)
NOTHING = frozenset({"", "0"})


@dataclass
class AllocationRow:
    """One open line as the page shows it, in `uom`; `uom_id` "" means the item's base unit."""

    id: int
    first: bool
    code: str
    name: str
    spec: str
    base_uom: str
    free: str
    planned: str
    asked: str
    short: bool
    shop: str
    number: str
    url: str
    note: str
    due: str
    late: bool
    open: str
    uom: str
    uom_id: str
    there: str
    coming: str
    quantity: str
    why: str
    error: str = ""


@dataclass
class AllocationPage:
    """Context `page` of web/allocation.html."""

    url: str
    intent: str
    warehouse: str
    rows: list[AllocationRow]
    filters: list[Field]
    may_allocate: bool
    errors: list[str] = field(default_factory=list)
    more: bool = False


@require_http_methods(["GET", "POST"])
def allocation(request: Request) -> HttpResponse:
    """The open lines; POST makes the transfers and opens the draft, or the list of drafts."""
    demand(request.actor, "shop_request.allocate")
    if request.method == "GET":
        return _shown(request, _page(request, str(uuid4())))
    posted = request.POST.dict()
    ids = _given(posted)
    try:
        made = allocate_requests(_read(posted, ids, request), actor=request.actor)
    except Refused as refusal:
        if not belongs_on_form(refusal):
            raise
        return _refused(request, posted, ids, refusal)
    return forms.done(request, _where(made), _said(made))


def _where(made: Sequence[Any]) -> str:
    if len(made) == 1:
        return reverse("document", args=["stock-transfers", made[0].pk])
    return reverse("document-list", args=["stock-transfers"]) + "?status=draft"


def _said(made: Sequence[Any]) -> str:
    names = "、".join(transfer.to_warehouse.name for transfer in made[:5])
    return f"已生成 {len(made)} 张调拨单草稿：{names}{'等' if len(made) > 5 else ''}。"


def _given(posted: Mapping[str, str]) -> list[int]:
    """Ids of the lines that are to get something, in the order of the page."""
    names = [name for name, text in posted.items() if text.strip() not in NOTHING]
    wanted = (n.removeprefix("quantity-") for n in names if n.startswith("quantity-"))
    return [found for name in wanted if (found := id_of(name))]


def _read(posted: Mapping[str, str], ids: list[int], request: Request) -> Allocation:
    """Raises Refused, or RefusedLines with all that cannot be read."""
    place = id_of(posted.get("warehouse", ""))
    if place is None:
        raise Refused("field_missing", "warehouse", what="供货仓库")
    problems = Problems()
    lines = tuple(_line(posted, pk, n, problems) for n, pk in enumerate(ids, start=1))
    problems.refuse()
    return Allocation(intent_of(posted.get("intent", "")), clock.today(), place, lines)


def _line(posted: Mapping[str, str], pk: int, number: int, problems: Problems) -> AllocationLine:
    text, at = posted[f"quantity-{pk}"].strip(), f"lines.{number}.quantity"
    quantity = problems.read(lambda: strict_quantity(text, field=at), Decimal(1))
    return AllocationLine(pk, quantity, id_of(posted.get(f"uom-{pk}", "")))


def _refused(
    request: Request, posted: Mapping[str, str], ids: list[int], refusal: Refused
) -> HttpResponse:
    """The page as typed, each sentence at its row; what no row claims stands above."""
    page = _page(request, posted.get("intent", "") or str(uuid4()))
    rows = {row.id: row for row in page.rows}
    for row in page.rows:
        if posted.get(f"uom-{row.id}", "") == row.uom_id:
            row.quantity = posted.get(f"quantity-{row.id}", row.quantity)
    for part in refusal.refusals if isinstance(refusal, RefusedLines) else [refusal]:
        match = CELL.fullmatch(part.field or "")
        at = int(match[1]) - 1 if match else -1
        if match and at < len(ids) and ids[at] in rows:
            row = rows[ids[at]]
            row.error = row.error or sentence(part)
        else:
            page.errors.append(sentence(part))
    return _shown(request, page, HTTP_STATUS[refusal.code])


def _shown(request: Request, page: AllocationPage, status: int = 200) -> HttpResponse:
    if request.htmx and request.method == "POST":
        return render(request, "web/_allocation.html", {"page": page}, status=status)
    context = shell.page(request, "配货") | {"page": page}
    return render(request, "web/allocation.html", context, status=status)


def _page(request: Request, intent: str) -> AllocationPage:
    actor, query = request.actor, request.GET
    mine = list(places.active_warehouses(actor))
    place = id_of(query.get("warehouse", "")) or (mine[0].pk if mine else 0)
    words = text_of(query, "q")
    found: list[DeskLine] = []
    if place:
        found = desk(actor, DeskFilter(place, id_of(query.get("shop", "")), words))
    return AllocationPage(
        url=request.get_full_path(),
        intent=intent,
        warehouse=str(place or ""),
        rows=_rows(found),
        filters=_filters(actor, query, str(place), mine),
        may_allocate=actor.may("stock_transfer.save"),
        more=len(found) >= MOST,
    )


def _filters(
    actor: Actor, query: Mapping[str, str], place: str, mine: Sequence[Any]
) -> list[Field]:
    options = [Option(str(each.pk), each.name) for each in mine]
    shops = [Option("", "全部门店")]
    if actor.may("stock_transfer.save") or actor.may("stock_transfer.view"):
        shops += [Option(str(each.pk), each.name) for each in places.destinations(actor)]
    hint = "商品、编码或要货单号"
    return [
        Field("warehouse", "供货仓库", "select", place, options=options),
        Field("shop", "要货门店", "select", query.get("shop", ""), options=shops),
        Field("q", "搜索", "search", text_of(query, "q"), placeholder=hint),
    ]


def _rows(found: Sequence[DeskLine]) -> list[AllocationRow]:
    before = [0, *(each.line.item_id for each in found)]
    return [
        _row(each, first=each.line.item_id != last)
        for each, last in zip(found, before, strict=False)
    ]


def _row(each: DeskLine, *, first: bool) -> AllocationRow:
    line, item = each.line, each.line.item
    due = line.due_date or line.document.due_date
    opened, uom, uom_id = _unit(each, each.open)
    quantity = _unit(each, each.share.quantity)[0]
    return AllocationRow(
        id=line.pk,
        first=first,
        code=item.code,
        name=item.name,
        spec=item.spec,
        base_uom=item.base_uom.name,
        free=shown(each.supply.free),
        planned=shown(each.supply.planned) if each.supply.planned else "",
        asked=shown(each.asked),
        short=each.asked > each.supply.free,
        shop=line.document.warehouse.name,
        number=line.document.number or "",
        url=reverse("document", args=["shop-requests", line.document_id]),
        note=line.note,
        due=due.isoformat() if due else "",
        late=bool(due and due < clock.today()),
        open=opened,
        uom=uom,
        uom_id=uom_id,
        there=shown(each.shop.on_hand),
        coming=shown(each.shop.on_order) if each.shop.on_order else "",
        quantity=quantity,
        why=each.share.why,
    )


def _unit(each: DeskLine, quantity: Decimal) -> tuple[str, str, str]:
    """Base units as typed: in the line's unit where a whole number of it is open."""
    uom = each.line.item_uom
    if each.is_in_units:
        in_unit = quantity * uom.ratio_den / uom.ratio_num
        return shown(in_unit), uom.uom.name, str(uom.pk)
    return shown(quantity), each.line.item.base_uom.name, ""
