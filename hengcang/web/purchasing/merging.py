"""合并采购: open requisition lines, a supplier for each, one press, one order per supplier."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from hengcang.identity.access import demand
from hengcang.kernel.actor import Actor, FieldClass
from hengcang.kernel.errors import Refused, RefusedLines
from hengcang.kernel.numbers import shown, strict_price, strict_quantity
from hengcang.kernel.refusals import HTTP_STATUS, sentence
from hengcang.pages.forms import Field, Option
from hengcang.places.queries import warehouses
from hengcang.purchasing.actions.merging import Merge, MergeLine, merge_requisitions
from hengcang.purchasing.prices import Ask, prices_of_many
from hengcang.purchasing.wanted import (
    MOST,
    WantedFilter,
    open_requisition_lines,
    proposed_suppliers,
)
from hengcang.web import clock, shell
from hengcang.web.documents.refusals import belongs_on_form
from hengcang.web.masters import forms
from hengcang.web.masters.reading import id_of, text_of
from hengcang.web.reading import Problems, intent_of
from hengcang.web.requests import Request

CELL = re.compile(r"lines\.(\d+)(?:\.([a-z_]+))?", re.ASCII)
MICRO = Decimal("0.000001")


@dataclass
class MergeRow:
    """One open line as the page shows it; texts as proposed or as typed."""

    id: int
    number: str
    url: str
    code: str
    name: str
    spec: str
    warehouse: str
    due: str
    late: bool
    open: str
    uom: str
    chosen: bool
    quantity: str
    supplier_id: str = ""
    supplier: str = ""
    why: str = ""
    price: str = ""
    price_why: str = ""
    warning: str = ""
    error: dict[str, str] = field(default_factory=dict)


@dataclass
class MergePage:
    """Context `page` of web/merge.html."""

    url: str
    intent: str
    rows: list[MergeRow]
    filters: list[Field]
    prices: bool
    may_order: bool
    suppliers_url: str
    errors: list[str] = field(default_factory=list)
    more: bool = False


@require_http_methods(["GET", "POST"])
def merge(request: Request) -> HttpResponse:
    """The open lines; POST orders the chosen ones and opens the draft, or the list of drafts."""
    if request.method == "GET":
        demand(request.actor, "purchase_requisition.view")
        return _shown(request, _page(request, str(uuid4())))
    demand(request.actor, "purchase_order.save")
    posted = request.POST.dict()
    ids = _chosen(posted)
    try:
        orders = merge_requisitions(_read(posted, ids, request.actor), actor=request.actor)
    except Refused as refusal:
        if not belongs_on_form(refusal):
            raise
        return _refused(request, posted, ids, refusal)
    return forms.done(request, _where(orders), _said(orders))


def _where(orders: list[Any]) -> str:
    if len(orders) == 1:
        return reverse("document", args=["purchase-orders", orders[0].pk])
    return reverse("document-list", args=["purchase-orders"]) + "?status=draft"


def _said(orders: list[Any]) -> str:
    names = "、".join(order.partner.name for order in orders[:5])
    return f"已生成 {len(orders)} 张采购订单草稿：{names}{'等' if len(orders) > 5 else ''}。"


def _chosen(posted: Mapping[str, str]) -> list[int]:
    """Ids of the ticked lines, in the order of the page."""
    names = (name.removeprefix("pick-") for name in posted if name.startswith("pick-"))
    return [found for name in names if (found := id_of(name))]


def _read(posted: Mapping[str, str], ids: list[int], actor: Actor) -> Merge:
    """Raises Refused, or RefusedLines with all that cannot be read."""
    problems = Problems()
    lines = tuple(_line(posted, pk, n, problems, actor) for n, pk in enumerate(ids, start=1))
    problems.refuse()
    return Merge(intent_of(posted.get("intent", "")), clock.today(), lines)


def _line(
    posted: Mapping[str, str], pk: int, number: int, problems: Problems, actor: Actor
) -> MergeLine:
    at = f"lines.{number}"
    price = posted.get(f"price-{pk}", "").strip() if actor.sees(FieldClass.COST) else ""
    return MergeLine(
        pk,
        problems.read(lambda: _supplier(posted, pk, at), 0),
        problems.read(lambda: _quantity(posted.get(f"quantity-{pk}", ""), at), Decimal(1)),
        problems.read(lambda: strict_price(price, field=f"{at}.price") if price else None, None),
    )


def _supplier(posted: Mapping[str, str], pk: int, at: str) -> int:
    found = id_of(posted.get(f"supplier-{pk}", ""))
    if found is None:
        typed = posted.get(f"supplier-{pk}_typed", "").strip()
        raise Refused("not_found" if typed else "field_missing", f"{at}.partner", what="供应商")
    return found


def _quantity(text: str, at: str) -> Decimal:
    if not text.strip():
        raise Refused("field_missing", f"{at}.quantity", what="数量")
    return strict_quantity(text.strip(), field=f"{at}.quantity")


def _refused(
    request: Request, posted: Mapping[str, str], ids: list[int], refusal: Refused
) -> HttpResponse:
    """The page as typed, each sentence at its row; what no row claims stands above."""
    page = _page(request, posted.get("intent", "") or str(uuid4()))
    rows = {row.id: row for row in page.rows}
    for row in page.rows:
        row.chosen = row.id in ids
        row.quantity = posted.get(f"quantity-{row.id}", row.quantity)
        row.supplier_id = posted.get(f"supplier-{row.id}", row.supplier_id)
        row.supplier = posted.get(f"supplier-{row.id}_typed", row.supplier)
        row.price = posted.get(f"price-{row.id}", row.price)
    for part in refusal.refusals if isinstance(refusal, RefusedLines) else [refusal]:
        match = CELL.fullmatch(part.field or "")
        at = int(match[1]) - 1 if match else -1
        if match and at < len(ids) and ids[at] in rows:
            rows[ids[at]].error.setdefault(match[2] or "quantity", sentence(part))
        else:
            page.errors.append(sentence(part))
    return _shown(request, page, HTTP_STATUS[refusal.code])


def _shown(request: Request, page: MergePage, status: int = 200) -> HttpResponse:
    if request.htmx and request.method == "POST":
        return render(request, "web/_merge.html", {"page": page}, status=status)
    context = shell.page(request, "合并采购") | {"page": page}
    return render(request, "web/merge.html", context, status=status)


def _page(request: Request, intent: str) -> MergePage:
    actor, query = request.actor, request.GET
    wanted = WantedFilter(text_of(query, "q"), id_of(query.get("warehouse", "")))
    lines = open_requisition_lines(actor, wanted)
    proposals = proposed_suppliers(actor, lines)
    rows = [_row(line, proposals.get(line.pk)) for line in lines]
    _price(actor, lines, rows)
    places = [Option("", "全部仓库")] + [Option(str(p.pk), p.name) for p in warehouses(actor)]
    return MergePage(
        url=request.get_full_path(),
        intent=intent,
        rows=rows,
        filters=[
            Field("q", "搜索", "search", wanted.words, placeholder="商品、编码或请购单号"),
            Field("warehouse", "仓库", "select", query.get("warehouse", ""), options=places),
        ],
        prices=actor.sees(FieldClass.COST),
        may_order=actor.may("purchase_order.save"),
        suppliers_url=f"{reverse('suggest-partners')}?role=supplier",
        more=len(lines) == MOST,
    )


def _row(line: Any, proposal: Any) -> MergeRow:
    due = line.due_date or line.document.due_date
    uom = line.item_uom
    left = (line.quantity - line.qty_fulfilled) * uom.ratio_den / uom.ratio_num
    quantity = shown(left.quantize(MICRO))
    return MergeRow(
        id=line.pk,
        number=line.document.number or "",
        url=reverse("document", args=["purchase-requisitions", line.document_id]),
        code=line.item.code,
        name=line.item.name,
        spec=line.item.spec,
        warehouse=line.document.warehouse.name,
        due=due.isoformat() if due else "",
        late=bool(due and due < clock.today()),
        open=quantity,
        uom=uom.uom.name,
        chosen=proposal is not None,
        quantity=quantity,
        supplier_id=str(proposal.partner_id) if proposal else "",
        supplier=proposal.name if proposal else "",
        why=proposal.why if proposal else "",
    )


def _price(actor: Actor, lines: list[Any], rows: list[MergeRow]) -> None:
    """Each row with a supplier says what that one asks, and why."""
    known = [(line, row) for line, row in zip(lines, rows, strict=True) if row.supplier_id]
    asks = [
        (int(row.supplier_id), Ask(line.item_id, line.item_uom_id, Decimal(row.quantity)))
        for line, row in known
    ]
    found = prices_of_many(actor, asks, on=clock.today())
    for (_, row), offer in zip(known, found, strict=True):
        if offer is not None:
            row.price, row.price_why = shown(offer.price), offer.why
            row.warning = offer.warning
