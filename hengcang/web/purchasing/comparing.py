"""比价: who is asked, what they answer, and one press that orders what is chosen."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from hengcang.documents.attempts import action
from hengcang.documents.flow import Status
from hengcang.identity.access import demand
from hengcang.kernel.actor import Actor
from hengcang.kernel.errors import Refused, RefusedLines
from hengcang.kernel.numbers import shown, strict_quantity
from hengcang.kernel.refusals import HTTP_STATUS, sentence
from hengcang.purchasing.actions.awarding import Award, Choice, order_choices
from hengcang.purchasing.actions.rfqs import ask_suppliers
from hengcang.purchasing.actions.supplier_quotes import list_quoted_prices
from hengcang.purchasing.comparison import Answer, CompareLine, Comparison, comparison
from hengcang.purchasing.over_price import unit_price
from hengcang.web import clock, shell
from hengcang.web.documents.refusals import belongs_on_form
from hengcang.web.masters import forms
from hengcang.web.masters.reading import id_of
from hengcang.web.masters.words import quantity
from hengcang.web.reading import Problems, intent_of
from hengcang.web.requests import Request

CHOSEN = "quantity-"


@dataclass
class Offered:
    """A cell of the table. `net` is per base unit of the item, without tax."""

    supplier: str
    id: int = 0
    price: str = ""
    net: str = ""
    uom: str = ""
    terms: str = ""
    faults: str = ""
    is_best: bool = False
    why: str = ""
    quantity: str = ""


@dataclass
class Compared:
    """A row of the table."""

    name: str
    code: str
    asked: str
    ordered: str
    cells: list[Offered]


@dataclass
class ComparePage:
    """Context `page` of web/compare.html."""

    title: str
    url: str
    document_url: str
    ask_url: str
    suppliers_url: str
    intent: str
    suppliers: list[Any]
    rows: list[Compared]
    may_ask: bool
    may_order: bool
    may_list: bool
    answer_url: str
    lists: bool = False
    errors: list[str] = field(default_factory=list)


@require_http_methods(["GET", "POST"])
def compare(request: Request, rfq_id: int) -> HttpResponse:
    """The table; POST orders what is chosen and opens the draft, or the list of drafts."""
    found = comparison(request.actor, rfq_id, on=clock.today())
    if request.method == "GET":
        return _shown(request, _page(request, found, {}))
    demand(request.actor, "purchase_order.save")
    posted = request.POST.dict()
    try:
        orders = _ordered(_read(posted, rfq_id), bool(posted.get("list_prices")), request.actor)
    except Refused as refusal:
        if not belongs_on_form(refusal):
            raise
        parts = refusal.refusals if isinstance(refusal, RefusedLines) else [refusal]
        page = _page(request, found, posted)
        page.errors = list(dict.fromkeys(sentence(part) for part in parts))
        return _shown(request, page, HTTP_STATUS[refusal.code])
    return forms.done(request, _where(orders), _said(orders))


@action
def _ordered(award: Award, lists: bool, actor: Actor) -> list[Any]:  # noqa: FBT001 - a ticked box
    """The orders, and the prices in the suppliers' lists where that was ticked; or neither."""
    orders = order_choices(award, actor=actor)
    if lists:
        quotes = {line.quote_line.document_id for order in orders for line in _lines(order)}
        for quote_id in sorted(quotes):
            list_quoted_prices(quote_id, actor=actor)
    return orders


def _lines(order: Any) -> Any:
    return order.lines.select_related("quote_line").filter(quote_line__isnull=False)


def _read(posted: Mapping[str, str], rfq_id: int) -> Award:
    """Raises Refused, or RefusedLines with all that cannot be read."""
    problems = Problems()
    typed = {
        found: text.strip()
        for name, text in posted.items()
        if name.startswith(CHOSEN) and text.strip()
        if (found := id_of(name.removeprefix(CHOSEN)))
    }
    choices = tuple(
        Choice(pk, problems.read(lambda text=text: strict_quantity(text), Decimal(1)))  # type: ignore[misc]
        for pk, text in typed.items()
    )
    problems.refuse()
    return Award(intent_of(posted.get("intent", "")), rfq_id, clock.today(), choices)


def _where(orders: list[Any]) -> str:
    if len(orders) == 1:
        return reverse("document", args=["purchase-orders", orders[0].pk])
    return reverse("document-list", args=["purchase-orders"]) + "?status=draft"


def _said(orders: list[Any]) -> str:
    names = "、".join(order.partner.name for order in orders)
    return f"已生成 {len(orders)} 张采购订单草稿：{names}。"


def _shown(request: Request, page: ComparePage, status: int = 200) -> HttpResponse:
    if request.htmx and request.method == "POST":
        return render(request, "web/_compare.html", {"page": page}, status=status)
    context = shell.page(request, page.title, page.title) | {"page": page}
    return render(request, "web/compare.html", context, status=status)


def _page(request: Request, found: Comparison, posted: Mapping[str, str]) -> ComparePage:
    actor, rfq = request.actor, found.rfq
    is_open = rfq.status == Status.APPROVED
    answer_url = reverse("document-new", args=["supplier-quotes"])
    return ComparePage(
        title=f"比价 {rfq.number or '草稿'}",
        url=request.path,
        document_url=reverse("document", args=["rfqs", rfq.pk]),
        ask_url=reverse("rfq-ask", args=[rfq.pk]),
        suppliers_url=f"{reverse('suggest-partners')}?role=supplier",
        intent=posted.get("intent", "") or str(uuid4()),
        suppliers=found.suppliers,
        rows=[_row(line, found, posted, proposes=is_open) for line in found.lines],
        may_ask=rfq.status != Status.CLOSED and actor.may("rfq.save"),
        may_order=is_open and actor.may("purchase_order.save"),
        may_list=actor.may("supplier_price.save"),
        answer_url=f"{answer_url}?from={rfq.pk}"
        if is_open and actor.may("supplier_quote.save")
        else "",
        lists=bool(posted.get("list_prices")),
    )


def _row(
    line: CompareLine, found: Comparison, posted: Mapping[str, str], *, proposes: bool
) -> Compared:
    item, uom = line.line.item, line.line.item.base_uom.name
    return Compared(
        name=item.name,
        code=item.code,
        asked=quantity(line.line.quantity, uom),
        ordered=quantity(line.ordered, uom) if line.ordered else "",
        cells=[
            replace(
                _cell(line, line.answers.get(asked.partner_id), posted, proposes=proposes),
                supplier=asked.name,
            )
            for asked in found.suppliers
        ],
    )


def _cell(
    line: CompareLine, answer: Answer | None, posted: Mapping[str, str], *, proposes: bool
) -> Offered:
    if answer is None:
        return Offered("")
    row, offer = answer.line, answer.offer
    best = line.best if line.best and line.best.offer is offer else None
    typed = posted.get(f"{CHOSEN}{row.pk}")
    proposal = _proposal(line, answer) if best and proposes and not posted else ""
    return Offered(
        "",
        id=row.pk,
        price=shown(row.price),
        net=unit_price(offer.net),
        uom=row.item_uom.uom.name,
        terms="，".join(_terms(answer)),
        faults="，".join(answer.faults),
        is_best=best is not None,
        why=best.why if best else "",
        quantity=proposal if typed is None else typed,
    )


def _proposal(line: CompareLine, answer: Answer) -> str:
    """All that is left, or the MOQ, in the offer's unit; nothing where it does not come out."""
    unit = answer.line.item_uom
    if not line.left:
        return ""
    wanted = answer.offer.taken(line.left) * unit.ratio_den / unit.ratio_num
    return shown(wanted.quantize(Decimal("0.000001")))


def _terms(answer: Answer) -> list[str]:
    row, uom = answer.line, answer.line.item_uom.uom.name
    found = [f"起订 {shown(row.moq)} {uom}"] if row.moq else []
    if row.lead_time_days is not None:
        found.append(f"{row.lead_time_days} 天到货")
    return [*found, f"有效至 {row.document.valid_until}"]


@require_POST
def ask(request: Request, rfq_id: int) -> HttpResponse:
    """One more supplier is asked."""
    here = reverse("rfq-compare", args=[rfq_id])
    chosen = id_of(request.POST.get("partner", ""))
    if chosen is None:
        refusal = Refused("field_missing", "partner", what="供应商")
    else:
        try:
            ask_suppliers(rfq_id, [chosen], on=clock.today(), actor=request.actor)
        except Refused as problem:
            if not belongs_on_form(problem):
                raise
            refusal = problem
        else:
            return forms.done(request, here, "已加入询价供应商。")
    page = _page(request, comparison(request.actor, rfq_id, on=clock.today()), {})
    page.url, page.errors = here, [sentence(refusal)]
    return _shown(request, page, HTTP_STATUS[refusal.code])
