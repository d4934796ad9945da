"""今日到货: what comes today, what is late and what comes within a week; one click receives it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hengcang.documents.flow import Status
from hengcang.identity.access import demand
from hengcang.kernel.actor import Actor
from hengcang.kernel.errors import Refused, RefusedLines
from hengcang.kernel.refusals import sentence
from hengcang.pages.forms import Field, Option
from hengcang.pages.tables import BulkVerb, Cell, Column, ListPage, Row
from hengcang.places.queries import warehouses
from hengcang.purchasing.actions.arrivals import receive_notice
from hengcang.purchasing.arrivals import Arriving, ArrivingFilter, arriving
from hengcang.register import lists as register
from hengcang.register.kinds import BY_CODE
from hengcang.register.lists import DocumentFilter
from hengcang.web import clock, shell
from hengcang.web.buying.progress import days_words
from hengcang.web.masters import lists
from hengcang.web.masters.reading import id_of
from hengcang.web.masters.words import quantity
from hengcang.web.reading import intent_of
from hengcang.web.requests import Request

GROUPS = (("逾期未到", "late"), ("今天到货", "today"), ("未来 7 天", "soon"))


@dataclass(frozen=True, slots=True)
class Parcel:
    """One notice on the page; texts ready to show. `intent` of the one click that receives it."""

    id: int
    number: str
    url: str
    partner: str
    warehouse: str
    days: str
    due: str
    sent: str
    lines: Sequence[tuple[str, str, str]]
    receive_url: str
    partly_url: str
    intent: str


@dataclass(frozen=True, slots=True)
class Group:
    """The parcels of one part of the page."""

    title: str
    key: str
    parcels: Sequence[Parcel]


@require_GET
def arrivals(request: Request) -> HttpResponse:
    """Approved notices until a week from now, of one warehouse or all in scope."""
    actor, today = request.actor, clock.today()
    place = id_of(request.GET.get("warehouse", ""))
    found = arriving(actor, ArrivingFilter(today, place))
    receives = actor.may("purchase_receipt.save") and actor.may("purchase_receipt.post")
    parcels = [(each.days_left(today), _parcel(each, today)) for each in found]
    groups = [
        Group(title, key, [parcel for left, parcel in parcels if _part(left) == key])
        for title, key in GROUPS
    ]
    context = {
        "groups": groups,
        "field": _place_field(actor, place),
        "receives": receives,
        "from_orders": reverse("arrival-orders") if actor.may("arrival_notice.save") else "",
    }
    return render(request, "web/arrivals.html", shell.page(request, "今日到货") | context)


def _part(left: int) -> str:
    if left < 0:
        return "late"
    return "today" if left == 0 else "soon"


def _place_field(actor: Actor, chosen: int | None) -> Field:
    places = [Option("", "全部仓库")]
    places += [Option(str(place.pk), place.name) for place in warehouses(actor)]
    return Field("warehouse", "仓库", "select", str(chosen or ""), options=places)


def _parcel(each: Arriving, today: date) -> Parcel:
    notice = each.notice
    return Parcel(
        id=notice.pk,
        number=notice.number or "",
        url=reverse("document", args=["arrival-notices", notice.pk]),
        partner=notice.partner.name,
        warehouse=notice.warehouse.name,
        days=days_words(each.days_left(today)),
        due=notice.due_date.isoformat(),
        sent=f"{notice.carrier} {notice.tracking_no}".strip(),
        lines=[
            (
                f"{line.code} {line.name} {line.spec}".strip(),
                quantity(line.open, line.uom),
                f"批号 {line.batch_no}" if line.batch_no else "",
            )
            for line in each.lines
        ],
        receive_url=reverse("arrival-receive", args=[notice.pk]),
        partly_url=f"{reverse('document-new', args=['purchase-receipts'])}?notice={notice.pk}",
        intent=str(uuid4()),
    )


@require_POST
def receive(request: Request, notice_id: int) -> HttpResponse:
    """All that has not come of the notice is received today; or the desk again, with why not."""
    try:
        intent = intent_of(request.POST.get("intent", ""))
        made = receive_notice(
            notice_id, {}, on=clock.today(), client_uuid=intent, actor=request.actor
        )
    except Refused as refusal:
        if refusal.code in {"forbidden", "not_found"}:
            raise
        for part in refusal.refusals if isinstance(refusal, RefusedLines) else [refusal]:
            messages.error(request, sentence(part))
        return redirect(reverse("arrivals"))
    messages.success(request, f"已收货，采购入库单 {made.number}。")
    return redirect(reverse("document", args=["purchase-receipts", made.pk]))


COLUMNS = (
    Column("number", "采购订单"),
    Column("partner", "供应商"),
    Column("warehouse", "仓库"),
    Column("dated", "日期"),
    Column("due", "到货日期"),
)


@require_http_methods(["GET", "POST"])
def from_orders(request: Request) -> HttpResponse:
    """Approved orders; the ticked ones of one supplier open a new notice of all that is open."""
    demand(request.actor, "arrival_notice.save")
    if request.method == "POST":
        chosen = [str(found) for text in request.POST.getlist("id") if (found := id_of(text))]
        new = reverse("document-new", args=["arrival-notices"])
        if not chosen:
            return redirect(reverse("arrival-orders"))
        return redirect(f"{new}?{'&'.join(f'from={pk}' for pk in chosen)}")
    wanted = DocumentFilter(
        status=Status.APPROVED,
        partner_id=id_of(request.GET.get("partner", "")),
        warehouse_id=id_of(request.GET.get("warehouse", "")),
        limit=lists.PAGE,
    )
    rows = register.listed(request.actor, BY_CODE["purchase_order"], wanted)
    page = ListPage(
        key="arrival-orders",
        title="从采购订单通知到货",
        subtitle="勾选同一供应商、同一仓库的采购订单，生成一张到货通知",
        url=reverse("arrival-orders"),
        columns=COLUMNS,
        rows=[_order_row(row) for row in rows],
        filters=[
            _partner_field(wanted.partner_id),
            _place_field(request.actor, wanted.warehouse_id),
        ],
        clear_url=lists.clear_url(request, "partner", "warehouse"),
        bulk_url=reverse("arrival-orders"),
        bulk=[BulkVerb("announce", "生成到货通知")],
        empty="没有等待到货的采购订单。",
    )
    return lists.answer(request, page)


def _partner_field(chosen: int | None) -> Field:
    return Field(
        "partner",
        "供应商",
        "pick",
        value=str(chosen or ""),
        url=f"{reverse('partner-options')}?role=supplier",
        placeholder="编码、名称或拼音首字母",
    )


def _order_row(row: Any) -> Row:
    return Row(
        [
            Cell(row.number or ""),
            Cell(row.partner.name),
            Cell(row.warehouse.name),
            Cell(row.dated.isoformat()),
            Cell(row.due_date.isoformat() if row.due_date else "未定"),
        ],
        id=str(row.pk),
        url=reverse("document", args=["purchase-orders", row.pk]),
    )
