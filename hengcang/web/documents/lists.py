"""List pages of documents: tabs by status, filters in the address, fifty rows a page."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from hengcang.documents.flow import STATUS_LABELS, Flow, Status
from hengcang.identity.queries import colleagues
from hengcang.kernel.actor import Actor
from hengcang.kernel.errors import Refused
from hengcang.kernel.refusals import sentence
from hengcang.pages.forms import Field, Option
from hengcang.pages.tables import Cell, Column, ListPage, Row, Sum, Tab
from hengcang.partners import queries as partners
from hengcang.places.queries import warehouses
from hengcang.register import lists as register
from hengcang.register.kinds import Kind
from hengcang.register.lists import DocumentFilter
from hengcang.sales.queries import channels
from hengcang.web.documents.imports import import_url
from hengcang.web.documents.layouts import LAYOUTS, PARTNERS, Layout, sees_prices
from hengcang.web.masters import lists, words
from hengcang.web.masters.links import PILLS
from hengcang.web.reading import day_of, id_of
from hengcang.web.requests import Request

FILTERS = ("q", "warehouse", "partner", "channel", "salesperson", "from", "to")
ENDED = frozenset({Status.VOIDED, Status.REVERSED, Status.LAPSED})


@dataclass
class Asked:
    """The filters of an address, and what could not be read of them."""

    wanted: DocumentFilter
    errors: dict[str, str] = field(default_factory=dict)


@require_GET
def documents(request: Request, kind: Kind) -> HttpResponse:
    """The list, or for htmx its rows."""
    actor, asked = request.actor, _asked(request, kind)
    found = register.listed(actor, kind, asked.wanted)
    shown, next_url = lists.cut(request, found, lambda each: f"{each.dated}.{each.pk}")
    may_write = actor.may(f"{kind.code}.save")
    page = ListPage(
        key=kind.plural,
        title=kind.label,
        url=reverse("document-list", args=[kind.plural]),
        columns=_columns(actor, kind),
        rows=_rows(actor, kind, list(shown)),
        tabs=_tabs(request, kind.flow),
        filters=_filters(request, kind, asked),
        kept=lists.kept(request, "status"),
        next_url=next_url,
        first_url=lists.first_url(request),
        clear_url=lists.clear_url(request, *FILTERS, "status"),
        new_url=reverse("document-new", args=[kind.plural]) if may_write else "",
        new_label=f"新建{kind.label}",
        import_url=import_url(kind) if may_write else "",
        empty=_empty(request, kind),
        **_totals(actor, kind, asked.wanted),
    )
    return lists.answer(request, page)


def _asked(request: Request, kind: Kind) -> Asked:
    get, asked = request.GET, Asked(DocumentFilter())
    status = get.get("status", "")
    asked.wanted = DocumentFilter(
        status=status if status in STATUS_LABELS else "",
        partner_id=id_of(get.get("partner", "")) if kind.role else None,
        warehouse_id=id_of(get.get("warehouse", "")),
        dated_from=_day(get, "from", asked),
        dated_to=_day(get, "to", asked),
        channel_id=id_of(get.get("channel", "")),
        salesperson_id=id_of(get.get("salesperson", "")),
        words=get.get("q", "").replace("\x00", "")[:80],
        after=_after(get.get("after", "")),
        limit=lists.PAGE + 1,
    )
    return asked


def _day(get: Mapping[str, str], name: str, asked: Asked) -> date | None:
    text = get.get(name, "")
    if not text.strip():
        return None
    try:
        return day_of(text, name)
    except Refused as refusal:
        asked.errors[name] = sentence(refusal)
        return None


def _after(text: str) -> tuple[date, int] | None:
    """The keyset position; a broken one is the first page."""
    dated, _, last = text.partition(".")
    try:
        found = id_of(last)
        return (day_of(dated, "after"), found) if found else None
    except Refused:
        return None


def _columns(actor: Actor, kind: Kind) -> list[Column]:
    layout = LAYOUTS[kind.code]
    columns = [Column("number", "单号")]
    if kind.role:
        columns.append(Column("partner", PARTNERS[kind.role]))
    columns.append(Column("dated", "日期"))
    days = {"due_date": layout.due_label, "valid_until": layout.valid_label}
    columns += [Column(name, label) for name, label in days.items() if label]
    columns += _places(layout)
    if layout.why_label and not kind.role:
        columns.append(Column("reason", layout.why_label))
    if kind.role:
        columns.append(Column("external_no", layout.external_label, hidden=True))
    if kind.role == "customer":
        columns.append(Column("channel", "销售渠道", hidden=True))
        columns.append(Column("salesperson", "业务员", hidden=True))
    columns.append(Column("created_by", "制单人"))
    if kind.role and sees_prices(actor, kind):
        columns.append(Column("amount", "金额（元）", numeric=True))
    columns.append(Column("status", "状态"))
    if "complete" in kind.flow.steps and (layout.due_label or layout.valid_label):
        columns.append(Column("progress", "执行进度"))
    return columns


def _places(layout: Layout) -> list[Column]:
    """Where it is, and on transfers where it goes or what became of it."""
    found = [Column("warehouse", layout.place_label)]
    if layout.product_label:
        found = [
            Column("product", layout.product_label),
            Column("product_quantity", "数量", numeric=True),
            *found,
        ]
    if layout.to_label:
        found.append(Column("to_warehouse", layout.to_label))
    if layout.outcomes:
        found.append(Column("outcome", "结果"))
    return found


def _rows(actor: Actor, kind: Kind, found: list[Any]) -> list[Row]:
    keys = [column.key for column in _columns(actor, kind)]
    done = register.progress(actor, kind, found) if "progress" in keys and found else {}
    return [
        Row(
            [_cell(key, each, done) for key in keys],
            url=reverse("document", args=[kind.plural, each.pk]),
            muted=each.status in ENDED,
        )
        for each in found
    ]


def _cell(key: str, each: Any, done: Mapping[int, int]) -> Cell:
    if key == "number":
        return Cell(each.number or f"草稿 {each.pk}", note="红冲" if _is_reversal(each) else "")
    if key == "status":
        return Cell(STATUS_LABELS[Status(each.status)], pill=PILLS[each.status])
    if key == "progress":
        percent = done.get(each.pk, 0)
        return Cell(f"{percent}%", percent=percent)
    return Cell(TEXTS[key](each))


TEXTS: dict[str, Any] = {
    "partner": lambda each: each.partner.name,
    "dated": lambda each: each.dated.isoformat(),
    "due_date": lambda each: each.due_date.isoformat() if each.due_date else "",
    "valid_until": lambda each: each.valid_until.isoformat(),
    "warehouse": lambda each: each.warehouse.name,
    "to_warehouse": lambda each: each.to_warehouse.name,
    "outcome": lambda each: each.get_outcome_display(),
    "product": lambda each: each.product.name,
    "product_quantity": lambda each: words.quantity(each.product_quantity),
    "reason": lambda each: each.reason,
    "channel": lambda each: each.channel.name if each.channel else "",
    "salesperson": lambda each: each.salesperson.name if each.salesperson else "",
    "external_no": lambda each: each.external_no,
    "created_by": lambda each: each.created_by_name,
    "amount": lambda each: words.money(each.amount_incl_tax),
}


def _is_reversal(each: Any) -> bool:
    return bool(getattr(each, "reversal_of_id", None))


def _totals(actor: Actor, kind: Kind, wanted: DocumentFilter) -> dict[str, Any]:
    totals = register.listed_totals(actor, kind, wanted)
    sums = []
    if totals.amount is not None and sees_prices(actor, kind):
        sums.append(Sum("金额合计", words.money(totals.amount)))
    more = "+" if totals.is_more else ""
    return {"count": f"{totals.count:,}{more} 张", "sums": sums}


def _tabs(request: Request, flow: Flow) -> list[Tab]:
    chosen = request.GET.get("status", "")
    reachable = {Status.DRAFT} | {step.target for step in flow.steps.values()}
    tabs = [Tab("全部", lists.with_query(request, status="", after=""), chosen == "")]
    return tabs + [
        Tab(label, lists.with_query(request, status=status.value, after=""), chosen == status)
        for status, label in STATUS_LABELS.items()
        if status in reachable
    ]


def _filters(request: Request, kind: Kind, asked: Asked) -> list[Field]:
    get = request.GET
    places = [Option("", "全部仓库")] + [
        Option(str(place.pk), place.name) for place in warehouses(request.actor)
    ]
    words_hint = f"单号、{PARTNERS[kind.role]}名或拼音首字母" if kind.role else "单号"
    filters = [
        Field("q", "搜索", "search", get.get("q", ""), placeholder=words_hint),
        Field("warehouse", "仓库", "select", get.get("warehouse", ""), options=places),
    ]
    if kind.role:
        filters.append(_partner_filter(request, kind, asked.wanted.partner_id))
    if kind.role == "customer":
        filters += _credit_filters(request)
    filters.append(
        Field("from", "起始日期", "date", get.get("from", ""), error=asked.errors.get("from", ""))
    )
    filters.append(
        Field("to", "截止日期", "date", get.get("to", ""), error=asked.errors.get("to", ""))
    )
    return filters


def _credit_filters(request: Request) -> list[Field]:
    ways = [Option("", "全部渠道")] + [
        Option(str(way.pk), way.name) for way in channels(request.actor)
    ]
    people = [Option("", "全部业务员")] + [
        Option(str(user_id), name) for user_id, name in colleagues(request.actor)
    ]
    get = request.GET
    return [
        Field("channel", "销售渠道", "select", get.get("channel", ""), options=ways),
        Field("salesperson", "业务员", "select", get.get("salesperson", ""), options=people),
    ]


def _partner_filter(request: Request, kind: Kind, partner_id: int | None) -> Field:
    name = partners.partner(request.actor, partner_id).name if partner_id else ""
    return Field(
        "partner",
        PARTNERS[kind.role],
        "pick",
        str(partner_id or ""),
        shown=name,
        url=f"{reverse('suggest-partners')}?role={kind.role}",
        placeholder=PARTNERS[kind.role],
    )


def _empty(request: Request, kind: Kind) -> str:
    if any(request.GET.get(name) for name in (*FILTERS, "status", "after")):
        return "没有符合条件的单据，试试清空筛选。"
    return f"还没有{kind.label}。"
